"""What a report counts, complaint by complaint, as JSON: kept with a sent report so that others can be made of it without today's book.

No words and no names of people: register number, months, keys and ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from kentongan.reports.report import tables
from kentongan.reports.report.book import Book, Row


class Counted(NamedTuple):
    """A complaint as it was counted. ``came``, ``ended``: months of the period (``2026-10``), else empty; ``way``: of leaving the book in it."""

    pk: int
    number: str
    came: str
    ended: str
    way: str
    channel: str
    category: int  # the upper one
    hamlet: int
    kind: str
    on_time: bool | None
    silent: bool  # over without an answer
    rating: int
    agencies: list[str]


def rows_of(said: Mapping[str, Any]) -> list[Counted]:
    """What was kept with a report; nothing with one of before it was kept."""
    return [Counted(*row) for row in said.get("rows", ())]


def data(book: Book) -> dict[str, Any]:
    """``rows``: the fields of ``Counted`` for each complaint that was open at the beginning or came in the period; ``names`` by id."""
    upper = tables.top_category(book)
    sent = _referred(book)
    rows = [[*_row(book, row, upper.get(row.category, 0)), sent.get(row.pk, [])] for row in book.rows if _counts(book, row)]
    names = {
        "category": {str(category.pk): category.name for category in book.categories if category.parent_id is None},
        "hamlet": {str(hamlet.pk): hamlet.name for hamlet in book.hamlets},
    }
    return {"rows": rows, "names": names}


def _referred(book: Book) -> dict[int, list[str]]:
    """The agencies each complaint was sent to in the period."""
    agencies: dict[int, list[str]] = {}
    for sent in book.referrals:
        if sent.at >= book.begin:
            agencies.setdefault(sent.complaint, []).append(sent.agency)
    return agencies


def _counts(book: Book, row: Row) -> bool:
    return row.received >= book.begin or row.ended is None or row.ended >= book.begin


def _row(book: Book, row: Row, category: int) -> list[Any]:
    ended = row.ended is not None and row.ended < book.over
    return [
        row.pk,
        book.number(row),
        f"{row.received:%Y-%m}" if row.received >= book.begin else "",
        f"{row.ended:%Y-%m}" if row.ended and ended else "",
        tables.way_out(row) if ended else "",
        row.channel,
        category,
        row.hamlet,
        row.kind,
        row.on_time,
        row.on_time is None and row.ended is not None,
        row.rating or 0,
    ]
