"""The statement a complainant signs when he takes his complaint back (surat pernyataan pencabutan): freely, and knowing what follows."""

from __future__ import annotations

from typing import Any

from kentongan.complaints.access import Circle
from kentongan.complaints.lifecycle import STEPS, State
from kentongan.complaints.models import Complaint
from kentongan.lib.text import one_line
from kentongan.reports import editable, wording, words
from kentongan.reports import pdf as paper_maker
from kentongan.village.models import User, Village
from kentongan.village.roles import Role

PAPERS = ("A4", "F4")
LONGEST = 1500  # letters of the reason; the whole stands in the book


def may_be_written(complaint: Complaint) -> bool:
    """Whether there is something to take back, or it was taken back, by somebody who can sign with a name."""
    states = STEPS["withdraw"].sources | {State.WITHDRAWN}
    return complaint.complainant_id is not None and complaint.state in states


def pdf(complaint: Complaint, village: Village, user: User, *, paper: str = "A4", file: str = "pdf") -> bytes:
    """The form to sign; the name is filled in for who may know it, else left to be written by hand. ``file``: "pdf" or "docx".

    Raises ``Complaint.DoesNotExist`` (the wall), ``ValueError`` for another paper or when there is nothing to take back, ``pdf.CannotPrint``.
    """
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    seen = Complaint.visible_to(user).select_related("complainant__hamlet").get(pk=complaint.pk)
    if not may_be_written(seen):
        raise ValueError("nothing to take back")
    return editable.made(file, "withdrawal", {"paper": paper, **_data(seen, Circle(seen), village, user)})


def _data(complaint: Complaint, circle: Circle, village: Village, user: User) -> dict[str, Any]:
    known = complaint.complainant if circle.may_see_identity(user) else None
    said = wording.of(village, "withdrawal")
    received = words.long_date(words.local(complaint.received_at, village).date())
    withdrawn = complaint.events.filter(kind="withdrawn").last() if complaint.state == State.WITHDRAWN else None
    return {
        "title": "Surat Pernyataan Pencabutan Pengaduan",
        "kop": paper_maker.letterhead(village),
        "opening": "Yang bertanda tangan di bawah ini:",
        "who": [
            ("Nama", known.name if known else ""),
            ("Alamat", known.address_line if known else ""),
            ("Nomor telepon", known.phone_shown if known else ""),
        ],
        "states": said.say("states", desa=village.name),
        "what": [
            ("Nomor Register", complaint.printed_number(village)),
            ("Tanggal diterima", received),
            ("Perihal", one_line(complaint.subject, 140)),
        ],
        "reason": one_line(str(withdrawn.data.get("text") or ""), LONGEST) if withdrawn else "",
        "knows": said.lines("knows"),
        "sign": {"left": _receiver(circle), "right": _complainant(village, known.name if known else "")},
    }


def _receiver(circle: Circle) -> dict[str, str]:
    """The complaint officer, or who stands in for him here."""
    here = [circle.members[user.pk] for user in circle.acting(Role.OFFICER) if user.pk in circle.members]
    if not here:
        return {"above": "Yang menerima", "post": "Petugas Pengelola Pengaduan", "name": paper_maker.NO_NAME}
    return {"above": "Yang menerima", "post": here[0].title, "name": str(here[0].user)}


def _complainant(village: Village, name: str) -> dict[str, str]:
    return {
        "above": f"{village.name}, ....................",
        "post": "Yang membuat pernyataan",
        "name": name or paper_maker.NO_NAME,
    }
