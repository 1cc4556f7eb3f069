"""The papers of a meeting: invitation, attendance list, minutes (berita acara). A hidden identity is on none of them."""

from __future__ import annotations

from typing import Any

from kentongan.complaints import checks, meetings
from kentongan.complaints.models import Complaint, Invitee, LetterNumber, Meeting
from kentongan.lib.numerals import spelled
from kentongan.reports import editable, seal, wording, words
from kentongan.reports import pdf as paper_maker
from kentongan.reports.signing import below, drawn, own_copies
from kentongan.village.models import LetterRule, User, Village

PAPERS = ("A4", "F4")
KINDS = {"REVIEW": "Rapat Pembahasan", "MEDIATION": "Mediasi"}
LIST_ROWS = 14  # of the attendance list, for those too who come unasked
NOT_SAID = "(dirahasiakan)"
NO_NUMBER = "." * 30
AGREED = {True: "Para pihak mencapai kesepakatan.", False: "Para pihak belum mencapai kesepakatan."}


def invitation(meeting: Meeting, village: Village, user: User, *, paper: str = "A4", base: str = "", file: str = "pdf") -> bytes:
    """The letter that asks to come, to all who are invited; ``base``: our address, by which it can be checked; ``file``: "pdf" or "docx".

    Raises ``ValueError`` before there is a date, and what ``_read`` raises.
    """
    seen = _read(meeting, user, paper)
    if seen.starts_at is None:
        raise ValueError("an invitation without a date")
    written = words.local(seen.at, village).date()
    said = wording.of(village, "invitation")
    data = {
        "title": "Undangan",
        "day": f"{village.name}, {words.long_date(written)}",
        "heading": [("Nomor", seen.letter_number or NO_NUMBER), ("Sifat", "Penting"), ("Lampiran", "–"), ("Hal", "Undangan")],
        "to": [_who(row) for row in meetings.invited(seen)],
        "opening": said.say("opening", nomor=_numbers(seen, village), acara=KINDS[seen.kind].lower()),
        "facts": _facts(seen, village),
        "closing": said.say("closing"),
        "sign": _signature(seen, village, "invitation"),
        "copies": [] if meetings.kept_close(seen) else own_copies(LetterRule.of(village, "invitation")),
    }
    return _render(
        "invitation", village, {"paper": paper, **data}, checks.number_of_meeting(seen, seen.letter_number), base, file
    )


def attendance(meeting: Meeting, village: Village, user: User, *, paper: str = "A4", base: str = "", file: str = "pdf") -> bytes:
    """The list to sign, with empty lines for those who come unasked; it bears no number. Raises what ``_read`` raises."""
    seen = _read(meeting, user, paper)
    invited = [(row.name, row.capacity) for row in meetings.invited(seen)]
    empty = [("", "")] * max(4, LIST_ROWS - len(invited))
    data = {
        "title": "Daftar Hadir",
        "about": f"{KINDS[seen.kind]} Pengaduan Nomor Register {_numbers(seen, village)}",
        "facts": _facts(seen, village),
        "rows": [*invited, *empty],
        "sign": _signature(seen, village, "invitation"),
    }
    return _render("attendance", village, {"paper": paper, **data}, None, base, file)


def minutes(meeting: Meeting, village: Village, user: User, *, paper: str = "A4", base: str = "", file: str = "pdf") -> bytes:
    """The official record; before the minutes are written, a form to be filled in by hand.

    Raises ``ValueError`` before there is a date, and what ``_read`` raises.
    """
    seen = _read(meeting, user, paper)
    if seen.starts_at is None:
        raise ValueError("minutes without a date")
    held = seen.state == Meeting.State.HELD
    people = [row for row in meetings.invited(seen) if row.present or not held]
    data = {
        "title": f"Berita Acara {KINDS[seen.kind]} Pengaduan",
        "number": seen.minutes_number,
        "opening": _opening(seen, village),
        "basis": [_basis(row, village) for row in seen.complaints.order_by("pk")],
        "facts": [("Pemimpin rapat", seen.chair), ("Notulis", seen.clerk), ("Acara", seen.agenda or KINDS[seen.kind])],
        "course": [part for part in seen.course.split("\n") if part.strip()],
        "decisions": [
            (task.what, task.who_label, words.long_date(task.due_on) if task.due_on else "–") for task in seen.decisions.all()
        ],
        "held": held,
        "agreed": AGREED.get(seen.agreed, "") if seen.agreed is not None else "",
        "closing": wording.of(village, "minutes").say("closing"),
        "people": [(row.name, row.capacity) for row in people],
        "chair": _by(seen.chair, "Pemimpin rapat"),
        "clerk": _by(seen.clerk, "Notulis"),
        "sign": below("Mengetahui", _signature(seen, village, "minutes")),
    }
    return _render("minutes", village, {"paper": paper, **data}, checks.number_of_meeting(seen, seen.minutes_number), base, file)


def _read(meeting: Meeting, user: User, paper: str) -> Meeting:
    """The meeting as this person may see it. Raises ``Meeting.DoesNotExist`` (the wall), ``ValueError`` for another paper."""
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    return meetings.meetings_for(user).get(pk=meeting.pk)


def _render(template: str, village: Village, data: dict[str, Any], number: LetterNumber | None, base: str, file: str) -> bytes:
    said = {"kop": paper_maker.letterhead(village), **data}
    return editable.made(file, template, {**said, "check": seal.of_letter(number, said, base)})


def _numbers(meeting: Meeting, village: Village) -> str:
    return ", ".join(row.printed_number(village) for row in meeting.complaints.order_by("pk"))


def _facts(meeting: Meeting, village: Village) -> list[tuple[str, str]]:
    """Day, time, place and agenda; dots where the day is still to be chosen."""
    day, time = "." * 40, "." * 40
    if meeting.starts_at and meeting.ends_at:
        day = words.weekday_date(words.local(meeting.starts_at, village).date())
        time = f"{words.local(meeting.starts_at, village):%H.%M} – {words.clock_time(meeting.ends_at, village)}"
    return [("Hari, tanggal", day), ("Waktu", time), ("Tempat", meeting.place), ("Acara", meeting.agenda or KINDS[meeting.kind])]


def _who(row: Invitee) -> str:
    """``Joko Santosa — Kasi Kesejahteraan``; ``Pengadu 2026-0012`` for one without a name."""
    if not row.capacity or row.capacity.startswith(row.name):
        return row.capacity or row.name
    return f"{row.name} — {row.capacity}"


def _opening(meeting: Meeting, village: Village) -> str:
    """``Pada hari ini, Rabu tanggal dua puluh lima bulan November tahun dua ribu dua puluh enam (25-11-2026), …``."""
    if meeting.starts_at is None:
        raise ValueError("minutes without a date")
    day = words.local(meeting.starts_at, village).date()
    return (
        f"Pada hari ini, {words.DAYS[day.weekday()]} tanggal {spelled(day.day)} bulan {words.MONTHS[day.month - 1]} "
        f"tahun {spelled(day.year)} ({words.short_date(day)}), pukul {words.clock_time(meeting.starts_at, village)}, "
        f"bertempat di {meeting.place}, telah dilaksanakan {KINDS[meeting.kind].lower()} atas pengaduan masyarakat:"
    )


def _basis(complaint: Complaint, village: Village) -> tuple[str, str, str]:
    """Number, day of receipt and subject; the subject stays unsaid where it could tell who complains."""
    day = words.long_date(words.local(complaint.received_at, village).date())
    secret = complaint.identity_hidden or complaint.confidential
    return complaint.printed_number(village), day, NOT_SAID if secret else complaint.subject


def _by(label: str, usual: str) -> dict[str, str]:
    name, _, post = label.partition(" — ")
    return {"above": usual, "post": post, "name": name or paper_maker.NO_NAME}


def _signature(meeting: Meeting, village: Village, kind: str) -> dict[str, str]:
    """Who signs this kind of paper, and the next whom none of the complaints shuts out."""
    return drawn(meetings.signer(meeting, LetterRule.of(village, kind)))
