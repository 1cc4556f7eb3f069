"""The sheet for the notice board, where nobody knows who complains: the number and the answer, and nothing that tells who or what about whom."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kentongan.complaints import clocks, deadlines, papers
from kentongan.complaints.access import Circle
from kentongan.complaints.models import Complaint
from kentongan.complaints.papers import Letter
from kentongan.lib.masking import masked
from kentongan.reports import pdf as paper_maker
from kentongan.reports import wording, words
from kentongan.reports.signing import below, signature
from kentongan.reports.wording import Wording
from kentongan.village.models import LetterRule, User, Village

PAPERS = ("A4", "F4")


def answer_for_board(complaint: Complaint) -> Letter | None:
    """The answer to be posted: of an anonymous complaint whose content is not hidden from the public; else ``None``."""
    if complaint.complainant_id is not None or complaint.confidential:
        return None
    return papers.answer_of(complaint, complaint.events.all(), complaint.responses.last())


def proposed(letter: Letter, village: Village) -> str:
    """The answer without the numbers that lead to somebody, for the officer to read through before it is posted."""
    return masked(letter.text, kept=(village.name,))


def pdf(complaint: Complaint, village: Village, user: User, *, text: str, paper: str = "A4") -> bytes:
    """The sheet with the words the officer approved.

    Raises ``Complaint.DoesNotExist`` (the wall), ``ValueError`` for another paper or when nothing is to be posted, ``pdf.CannotPrint``.
    """
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    seen = Complaint.visible_to(user).get(pk=complaint.pk)
    letter = answer_for_board(seen)
    if letter is None:
        raise ValueError("nothing to be posted")
    return paper_maker.render("notice_sheet", {"paper": paper, **_data(seen, letter, village, user, text)})


def _data(complaint: Complaint, letter: Letter, village: Village, user: User, text: str) -> dict[str, Any]:
    said = wording.of(village, "notice")
    day = words.long_date(words.local(timezone.now(), village).date())
    return {
        "title": "Pengumuman",
        "about": "Jawaban atas pengaduan tanpa nama dengan Nomor Register",
        "kop": paper_maker.letterhead(village),
        "numbers": _numbers(complaint, village, user),
        "answer": [part.strip() for part in text.split("\n") if part.strip()],
        "next": [
            _objection(letter, village, said),
            said.say("free"),
        ],
        "sign": below(f"{village.name}, {day}", signature(Circle(complaint), rule=LetterRule.of(village, "notice"))),
    }


def _numbers(complaint: Complaint, village: Village, user: User) -> list[str]:
    """Its own, and those of anonymous complaints joined with it."""
    joined = Complaint.visible_to(user).filter(master=complaint, complainant=None, confidential=False).order_by("pk")
    return [row.printed_number(village) for row in (complaint, *joined)]


def _objection(letter: Letter, village: Village, said: Wording) -> str:
    if letter.declines:
        return said.say("declined")
    if letter.at is None:
        return said.say("objection", batas=f"dalam {village.clock('reply')} hari kerja sejak ditempel")
    calendar = clocks.calendar_of(village)
    last = calendar.local(deadlines.due(letter.at, village.clock("reply"), calendar)).date()
    return said.say("objection", batas=f"paling lambat {words.weekday_date(last)}")
