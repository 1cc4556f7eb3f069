"""What a report counts, complaint by complaint, as JSON: kept with a sent report so that others can be made of it without today's book.

No words and no names of people: register number, months, keys and ids.
"""

from __future__ import annotations

from typing import Any

from kentongan.reports.report import tables
from kentongan.reports.report.book import Book, Row


def data(book: Book) -> dict[str, Any]:
    """``rows``: a list for each complaint that was open at the beginning or came in the period, in the order of ``Counted``; ``names``."""
    upper = tables.top_category(book)
    rows = [_row(book, row, upper.get(row.category, 0)) for row in book.rows if _counts(book, row)]
    names = {
        "category": {str(category.pk): category.name for category in book.categories if category.parent_id is None},
        "hamlet": {str(hamlet.pk): hamlet.name for hamlet in book.hamlets},
    }
    return {"rows": rows, "names": names}


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
        row.rating or 0,
    ]
