"""A plain official paper of sections: sentences, points, tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from kentongan.reports import pdf as paper_maker
from kentongan.reports import words
from kentongan.village.models import Village


@dataclass(frozen=True)
class Section:
    """One section, in this order: sentences, points, a table, a note on it (``ratio``: widths of its columns; ``code``: its last column is a code)."""

    title: str = ""
    sentences: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    ratio: list[int] = field(default_factory=list)
    code: bool = False
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """The paper; ``signed``: with room for the head's own hand, without his name."""

    title: str
    sections: list[Section]
    lead: list[str] = field(default_factory=list)
    signed: bool = False


def pdf(sheet: Sheet, village: Village, today: date, *, paper: str = "A4") -> bytes:
    """The paper as a PDF, A4 or F4. Raises ``pdf.CannotPrint``."""
    data: dict[str, Any] = asdict(sheet)
    return paper_maker.render(
        "evidence",
        {
            **data,
            "paper": paper,
            "kop": paper_maker.letterhead(village),
            "foot": f"{sheet.title} · Desa {village.name}",
            "day": f"{village.name}, {words.long_date(today)}",
            "sign": {"above": "", "post": "Kepala Desa", "name": paper_maker.NO_NAME},
        },
    )
