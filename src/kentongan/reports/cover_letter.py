"""The letter that goes with a complaint to an agency (surat rujukan): what we ask, and no more of the complainant than he agreed to."""

from __future__ import annotations

from typing import Any

from kentongan.complaints import checks, referrals
from kentongan.complaints.access import Circle
from kentongan.complaints.models import Complaint, Referral
from kentongan.lib import tokens
from kentongan.lib.text import one_line
from kentongan.reports import editable, seal, wording, words
from kentongan.reports import pdf as paper_maker
from kentongan.reports.signing import copies, signature
from kentongan.reports.wording import Wording
from kentongan.village.models import LetterRule, User, Village

PAPERS = ("A4", "F4")
LONGEST = 1500  # letters of what was said; the whole stands behind the link


def pdf(
    referral: Referral, village: Village, user: User, *, paper: str = "A4", address: str = "", base: str = "", file: str = "pdf"
) -> bytes:
    """The cover letter of one referral of a complaint this person may see.

    ``address``: of the page where the agency answers; empty, the letter bears no code to answer by. ``base``: our own, by which
    it can be checked; ``file``: "pdf" or "docx".

    Raises ``Complaint.DoesNotExist`` (the wall), ``ValueError`` for another paper, ``pdf.CannotPrint``.
    """
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    complaint = Complaint.visible_to(user).select_related("complainant__hamlet", "hamlet").get(pk=referral.complaint_id)
    referral.complaint = complaint
    made = {"paper": paper, **_data(referral, village, address)}
    given = checks.number_of_complaint(complaint, referral.letter_number)
    return editable.made(file, "cover_letter", {**made, "check": seal.of_letter(given, made, base)})


def _data(referral: Referral, village: Village, address: str) -> dict[str, Any]:
    complaint = referral.complaint
    day = words.local(referral.at, village).date()
    files = referrals.files_for(referral).count()
    said = wording.of(village, "referral")
    circle, rule = Circle(complaint), LetterRule.of(village, "referral")
    return {
        "title": "Penerusan Pengaduan Masyarakat",
        "kop": paper_maker.letterhead(village),
        "day": f"{village.name}, {words.long_date(day)}",
        "heading": [
            ("Nomor", referral.letter_number or "–"),
            ("Sifat", _nature(complaint)),
            ("Lampiran", f"{files} berkas" if files else "–"),
            ("Hal", "Penerusan pengaduan masyarakat"),
        ],
        "to": [line for line in (referral.agency.name, referral.agency.address) if line],
        "opening": _opening(complaint, village, said),
        "facts": _facts(referral),
        "said": one_line(referrals.text_for(referral), LONGEST),
        "asked": referral.note,
        "closing": _closing(referral, said),
        "link": _link(referral, address),
        "files": [f"Lampiran {n} ({_kind(row.mime)})" for n, row in enumerate(referrals.files_for(referral), start=1)],
        "sign": signature(circle, rule=rule),
        "copies": _copies(referral, village, copies(circle, rule)),
    }


def _nature(complaint: Complaint) -> str:
    if complaint.identity_hidden or complaint.confidential or complaint.inspection:
        return "Rahasia"
    return "Segera" if complaint.urgency in {"EMERGENCY", "HIGH"} else "Biasa"


def _opening(complaint: Complaint, village: Village, said: Wording) -> list[str]:
    """The first sentence in three: before the register number, the number, which no line may break, and after it."""
    received = words.long_date(words.local(complaint.received_at, village).date())
    return said.around("opening", "nomor", nomor=complaint.printed_number(village), tanggal=received)


def _facts(referral: Referral) -> list[tuple[str, str]]:
    facts = [
        ("Perihal", referrals.subject_for(referral)),
        ("Lokasi", referrals.place_for(referral)),
        ("Waktu kejadian", referrals.when_for(referral)),
        ("Pengadu", referrals.who(referral).removeprefix("Pengadu: ")),
    ]
    return [(label, value) for label, value in facts if value]


def _closing(referral: Referral, said: Wording) -> str:
    until = f"paling lambat {words.weekday_date(referral.due_on)}" if referral.due_on else ""
    return said.say("closing", batas=until)


def _link(referral: Referral, address: str) -> dict[str, str]:
    """Where the agency may answer by itself; empty when the link is closed."""
    if not address or not referrals.is_open(referral):
        return {}
    return {"address": address.partition("://")[2], "code": tokens.spaced(referrals.code_of(referral))}


def _kind(mime: str) -> str:
    return "foto" if mime.startswith("image/") else "dokumen"


def _copies(referral: Referral, village: Village, own: list[str]) -> list[str]:
    camat = f"Camat {village.district_name}"
    to_the_district = "camat" in referral.agency.name.lower()
    usual = [*([] if to_the_district else [camat]), "Pengadu (melalui petugas pengelola pengaduan)"]
    return list(dict.fromkeys([*usual, *own, "Arsip"]))
