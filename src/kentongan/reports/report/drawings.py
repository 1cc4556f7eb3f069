"""Which charts a report has, and beside which table. Kept as numbers, drawn for page or paper when they are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kentongan.complaints.lifecycle import State
from kentongan.reports import charts, words
from kentongan.reports.report import tables
from kentongan.reports.report.book import Book
from kentongan.reports.table import Table

MOST_BARS = 12


def data(book: Book, made: Sequence[Table]) -> list[dict[str, Any]]:
    """The charts as JSON: ``table`` (its key), ``kind``, ``title``; ``parts`` of (label, n), or ``labels`` and ``series`` by month."""
    by_key = {table.key: table for table in made}
    states = Counter(row.state for row in book.received)
    parts = [(words.STATES[state], states[state]) for state in State if states[state]]
    found = [
        *_months(book),
        {"table": "T1", "kind": "stack", "title": "Keadaan pengaduan yang masuk pada masa ini", "parts": parts},
        _bars(by_key["T2"]),
        _bars(by_key["T3"]),
    ]
    return [one for one in found if one["kind"] == "line" or one["parts"]]


def _months(book: Book) -> list[dict[str, Any]]:
    """A line needs two points: of one month there is none."""
    flows = tables.flows(book)
    if len(flows) < 2:
        return []
    labels = [(flow.label[:3], f"{flow.label} {book.period.year}") for flow in flows]
    series = [("Masuk", [flow.received for flow in flows]), ("Berakhir", [flow.out.total() for flow in flows])]
    title = "Pengaduan yang masuk dan berakhir, bulan demi bulan"
    return [{"table": "T1", "kind": "line", "title": title, "labels": labels, "series": series}]


def _bars(table: Table) -> dict[str, Any]:
    """The largest rows that are not nought."""
    rows = sorted(((row[0], row[1]) for row in table.rows if row[1]), key=lambda row: -row[1])
    return {"table": table.key, "kind": "bars", "title": table.title, "parts": rows[:MOST_BARS]}


def svg(one: Mapping[str, Any], look: charts.Look) -> str:
    if one["kind"] == "line":
        labels = [charts.Label(short, long) for short, long in one["labels"]]
        return charts.line(one["title"], labels, [charts.Series(name, values) for name, values in one["series"]], look)
    return {"bars": charts.bars, "stack": charts.stack}[one["kind"]](one["title"], one["parts"], look)


def alt(one: Mapping[str, Any]) -> str:
    """What a chart shows, for who cannot see it."""
    if one["kind"] != "line":
        said = "; ".join(f"{label}: {n}" for label, n in one["parts"])
    else:
        said = "; ".join(f"{name}: {', '.join(map(str, values))}" for name, values in one["series"])
    return f"{one['title']}. {said}."
