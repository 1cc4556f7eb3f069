"""The sheet that goes with a complaint to those who are to answer it (lembar disposisi)."""

from __future__ import annotations

from typing import Any

from kentongan.complaints import access, clocks
from kentongan.complaints.models import Assignment, Complaint
from kentongan.lib.text import one_line
from kentongan.reports import pdf as paper_maker
from kentongan.reports import words
from kentongan.reports.book_rows import place_line
from kentongan.village.models import User, Village

PAPERS = ("A4", "A5")


def pdf(complaint: Complaint, village: Village, user: User, *, paper: str = "A4") -> bytes:
    """The sheet of a complaint this person may see, one page. A hidden identity is not on it, whoever prints it.

    Raises ``Complaint.DoesNotExist`` (the wall), ``ValueError`` for another paper, ``pdf.CannotPrint``.
    """
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    seen = Complaint.visible_to(user).select_related("category__parent", "complainant", "hamlet").get(pk=complaint.pk)
    return paper_maker.render("assignment", {"paper": paper, **_data(seen, village, user)})


def _data(complaint: Complaint, village: Village, user: User) -> dict[str, Any]:
    given = list(complaint.assignments.filter(ended_at__isnull=True))
    received = words.local(complaint.received_at, village)
    moment = f"{words.weekday_date(received.date())}, {words.clock_time(complaint.received_at, village)}"
    promised = words.local(clocks.promised(complaint, clocks.calendar_of(village)), village).date()
    return {
        "title": "Lembar Disposisi Pengaduan",
        "kop": paper_maker.letterhead(village),
        "facts": [
            ("Nomor register", complaint.printed_number(village)),
            ("Diterima", f"{moment} · {words.way(complaint.channel)}"),
            ("Dari", _from_whom(complaint, user)),
            ("Perihal", complaint.subject),
            (
                "Lokasi",
                place_line(complaint.place, complaint.rt, complaint.rw, complaint.hamlet.name if complaint.hamlet else ""),
            ),
            ("Klasifikasi", _classification(complaint)),
            ("Sifat", words.URGENCIES.get(complaint.urgency, complaint.urgency)),
            ("Jawaban paling lambat", words.weekday_date(promised)),
        ],
        "summary": one_line(complaint.text, 900),
        "to": [row.responder_label for row in given],
        "instructions": list(dict.fromkeys(one_line(row.instruction, 900) for row in given if row.instruction)),
        "sign": _signature(given, village),
    }


def _from_whom(complaint: Complaint, user: User) -> str:
    if complaint.complainant is None:
        return words.ANONYMOUS
    if complaint.identity_hidden or not access.may_see_identity(user, complaint):
        return words.HIDDEN
    return complaint.complainant.name


def _classification(complaint: Complaint) -> str:
    kind = words.KINDS.get(complaint.kind, complaint.kind)
    return f"{kind} · {complaint.category.full_name}" if complaint.category else kind


def _signature(given: list[Assignment], village: Village) -> dict[str, str]:
    """Who distributed it, by the name and post of that day; a line to fill in when nobody has yet."""
    if not given:
        return {"above": f"{village.name}, ....................", "post": "Yang mendisposisikan", "name": paper_maker.NO_NAME}
    first = min(given, key=lambda row: row.at)
    name, _, post = first.by_label.partition(" — ")
    day = words.local(first.at, village).date()
    return {"above": f"{village.name}, {words.long_date(day)}", "post": post, "name": name or paper_maker.NO_NAME}
