"""The village's letters to the complainant: the answer (surat jawaban), and what is still missing (permintaan kelengkapan)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone, translation

from kentongan.complaints import checks, clocks, deadlines, ladder, papers, plans, ratings
from kentongan.complaints.access import Circle
from kentongan.complaints.models import Complaint, Outcome, Referral
from kentongan.complaints.papers import Letter
from kentongan.lib import phones
from kentongan.lib.text import one_line
from kentongan.reports import editable, seal, wording, words
from kentongan.reports import pdf as paper_maker
from kentongan.reports.signing import copies, signature
from kentongan.reports.wording import Wording
from kentongan.village.models import Agency, LetterRule, User, Village

PAPERS = ("A4", "F4")
LONGEST = 600  # letters of what was said: he knows it, the letter only says which matter it is
NO_NUMBER = "." * 30
DECIDED = {Outcome.RESOLVED: "resolved", Outcome.EXPLAINED: "explained", Outcome.NOT_ACTIONABLE: "not_actionable"}
REFUSED = {
    "OUT_OF_SCOPE": "karena bukan kewenangan pemerintah desa",
    "NO_OBJECT": "karena hal yang diadukan belum jelas",
    "INCOMPLETE": "karena tidak dilengkapi sampai batas waktunya",
    "NOT_PUBLIC_SERVICE": "karena tidak menyangkut pelayanan publik",
    "NO_EVIDENCE": "karena tidak disertai fakta pendukung",
    "ALREADY_ANSWERED": "karena hal yang sama sudah pernah dijawab",
}


def answer(complaint: Complaint, village: Village, user: User, *, paper: str = "A4", base: str = "", file: str = "pdf") -> bytes:
    """The answer as a letter, before or after its delivery; also that a complaint cannot be processed. Raises what ``_letter`` raises.

    ``base``: our address, by which a numbered letter can be checked; ``file``: "pdf" or "docx".
    """
    seen, circle, letter = _letter(complaint, user, papers.ANSWER, paper)
    said = wording.of(village, papers.ANSWER)
    points = [
        ("Pokok pengaduan", [one_line(seen.text, LONGEST)]),
        ("Hasil verifikasi" if letter.declines else "Hasil verifikasi dan tindak lanjut", _paragraphs(letter.text)),
        ("Keputusan", _decision(seen, letter, village, said)),
        ("Apabila Saudara belum puas", _objection(letter, village, said)),
    ]
    data = {
        "title": "Jawaban atas pengaduan",
        "opening": _opening(seen, village, said),
        "points": [(title, parts) for title, parts in points if parts],
        "rungs": _rungs(seen, village),
        "closing": said.say("closing"),
        "copies": _copies(seen),
        "slip": None if letter.declines else rating_slip(seen.printed_number(village), village),
    }
    return _render(seen, circle, letter, village, {"paper": paper, **data}, base, file)


def completion(
    complaint: Complaint, village: Village, user: User, *, paper: str = "A4", base: str = "", file: str = "pdf"
) -> bytes:
    """What the complainant is asked to complete, how and by which day. Raises what ``_letter`` raises."""
    seen, circle, letter = _letter(complaint, user, papers.COMPLETION, paper)
    said = wording.of(village, papers.COMPLETION)
    until = words.weekday_date(village.local(seen.due_at).date()) if seen.due_at else ""
    by_then = [f"Mohon dilengkapi paling lambat {until}." if until else "Mohon segera dilengkapi."]
    by_then.append(said.say("how"))
    data = {
        "title": "Permintaan kelengkapan pengaduan",
        "opening": _opening(seen, village, said),
        "points": [
            ("Pokok pengaduan", [one_line(seen.text, LONGEST)]),
            ("Yang perlu dilengkapi", _paragraphs(letter.text)),
            ("Batas waktu dan cara melengkapi", by_then),
        ],
        "rungs": [],
        "closing": said.say("closing"),
        "copies": [],
    }
    return _render(seen, circle, letter, village, {"paper": paper, **data}, base, file)


def _letter(complaint: Complaint, user: User, kind: str, paper: str) -> tuple[Complaint, Circle, Letter]:
    """The complaint as this person may see it, and the letter. The letter bears the name: it is for who may see the identity.

    Raises ``Complaint.DoesNotExist`` (the wall), ``ValueError`` for another paper or when there is no such letter now, ``pdf.CannotPrint``.
    """
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    seen = Complaint.visible_to(user).select_related("complainant__hamlet", "hamlet").get(pk=complaint.pk)
    circle = Circle(seen)
    if not circle.may_see_identity(user):
        raise Complaint.DoesNotExist("who complains is not for this person")
    letter = papers.letter_of(seen, kind)
    if letter is None:
        raise ValueError(f"no {kind} letter to write now")
    return seen, circle, letter


def _render(
    complaint: Complaint, circle: Circle, letter: Letter, village: Village, data: dict[str, Any], base: str, file: str
) -> bytes:
    rule = LetterRule.of(village, letter.kind)
    own = copies(circle, rule)
    told = data["copies"] or (["Arsip"] if own else [])
    day = words.local(letter.numbered_at or timezone.now(), village).date()
    heading = [
        ("Nomor", letter.number or NO_NUMBER),
        ("Sifat", "Rahasia" if complaint.identity_hidden or complaint.confidential or complaint.inspection else "Biasa"),
        ("Lampiran", "–"),
        ("Hal", data["title"]),
    ]
    made = {
        **data,
        "kop": paper_maker.letterhead(village),
        "day": f"{village.name}, {words.long_date(day)}",
        "heading": heading,
        "to": _address(complaint, village),
        "sign": signature(circle, letter.signer, to_complainant=True, rule=rule),
        "copies": list(dict.fromkeys([*told[:-1], *own, *told[-1:]])),
    }
    given = checks.number_of_complaint(complaint, letter.number)
    return editable.made(file, "complaint_letter", {**made, "check": seal.of_letter(given, made, base)})


def rating_slip(number: str, village: Village) -> dict[str, Any]:
    """The strip below the answer that can be cut off, filled in and handed in: only the number says whose it is."""
    return {
        "number": number,
        "question": "Seberapa puas Saudara dengan jawaban ini? Lingkari satu:",
        "choices": [f"{score}  {word}" for score, word in ratings.WORDS.items()],
        "hand_in": f"Gunting dan serahkan ke kantor desa{f', atau telepon {phones.national(village.phone)}' if village.phone else ''}.",
    }


def _address(complaint: Complaint, village: Village) -> list[str]:
    person = complaint.complainant
    if person is None:
        raise ValueError("nobody knows who complains")
    name = f"Sdr. {person.name}" if person.name else f"Pengadu Nomor Register {complaint.printed_number(village)}"
    return [line for line in (name, person.address_line, f"Desa {village.name}") if line]


def _opening(complaint: Complaint, village: Village, said: Wording) -> list[str]:
    """The first sentence in three: before the register number, the number, which no line may break, and after it."""
    received = words.long_date(words.local(complaint.received_at, village).date())
    return said.around("opening", "nomor", nomor=complaint.printed_number(village), tanggal=received)


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n") if part.strip()]


def _decision(complaint: Complaint, letter: Letter, village: Village, said: Wording) -> list[str]:
    """How it ends, in words; nothing where the answer was written without an outcome."""
    if letter.declines:
        why = REFUSED.get(str(letter.data.get("reason")), "")
        lines = [f"Pengaduan Saudara tidak dapat kami proses {why}.".replace(" .", ".")]
        agency = str(letter.data.get("agency") or "")
        return lines + ([f"Alamat yang tepat: {_agency_line(agency, village)}."] if agency else [])
    outcome = str(letter.data.get("outcome") or "")
    if outcome == Outcome.PLANNED:
        return [_plan(str(letter.data.get("planned_for") or ""))]
    if outcome == Outcome.REFERRED:
        return _referral(complaint, village)
    return [said.say(DECIDED[Outcome(outcome)])] if outcome else []


def _agency_line(name: str, village: Village) -> str:
    """The agency with the address the village keeps of it."""
    agency = Agency.objects.filter(village=village, name=name).first()
    return ", ".join(part for part in (name, *((agency.address, agency.phone, agency.email) if agency else ())) if part)


def _plan(planned_for: str) -> str:
    read = plans.parts(planned_for)
    if read is None:
        return f"Penanganannya kami rencanakan{f': {planned_for}' if planned_for else ''}."
    kind, year, month = read
    return (
        f"Penanganannya kami rencanakan dalam {kind} Tahun {year}, bulan {words.MONTHS[month - 1]}. "
        "Pada waktu itu pelaksanaannya kami periksa kembali."
    )


def _referral(complaint: Complaint, village: Village) -> list[str]:
    """To whom it went, with which letter, and until when that agency is expected to answer."""
    sent = complaint.referrals.select_related("agency").last()
    if sent is None:
        return ["Pengaduan Saudara kami teruskan kepada instansi yang berwenang."]
    letter = f" dengan surat Nomor {sent.letter_number}" if sent.letter_number else ""
    on = words.long_date(words.local(sent.at, village).date())
    lines = [f"Pengaduan Saudara kami teruskan kepada {_agency_line(sent.agency.name, village)}{letter} tanggal {on}."]
    if sent.answered_at is None and sent.due_on:
        lines.append(f"Jawaban instansi tersebut kami harapkan paling lambat {words.weekday_date(sent.due_on)}.")
    return lines


def _objection(letter: Letter, village: Village, said: Wording) -> list[str]:
    """How to object and until when, by the village's own clock."""
    if letter.declines:
        return [said.say("declined")]
    days = village.clock("reply")
    until = f"dalam {days} hari kerja sejak jawaban ini Saudara terima"
    if letter.at:
        until = f"paling lambat {words.weekday_date(_last_day(letter, village))}"
    return [said.say("objection", batas=until)]


def _last_day(letter: Letter, village: Village) -> date:
    calendar = clocks.calendar_of(village)
    if letter.at is None:
        raise ValueError("not yet delivered")
    return calendar.local(deadlines.due(letter.at, village.clock("reply"), calendar)).date()


def _rungs(complaint: Complaint, village: Village) -> list[tuple[str, str]]:
    """Whom else to turn to, from the next rung up; papers are Indonesian whatever language the screen speaks."""
    with translation.override("id"):
        above = [rung for rung in ladder.rungs(village, complaint) if rung.key != "head"]
        return [(str(rung.name), ", ".join(str(line) for line in rung.lines)) for rung in above]


def _copies(complaint: Complaint) -> list[str]:
    """The agencies that were told who complains, and the file: the letter bears the name."""
    told = Referral.objects.filter(complaint=complaint, with_identity=True).values_list("agency__name", flat=True)
    named = [] if complaint.identity_hidden else list(dict.fromkeys(told))
    return [*named, "Arsip"]
