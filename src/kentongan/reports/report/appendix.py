"""The appendix: the register's rows of the period, as far as they may lie open in a file. No names of residents, no words of theirs."""

from __future__ import annotations

from kentongan.reports import words
from kentongan.reports.book_rows import place_line
from kentongan.reports.report import tables
from kentongan.reports.report.book import Book, Row
from kentongan.reports.table import NONE, Table

LONGEST = 400  # lines; about ten sheets


def table(book: Book) -> Table:
    """The complaints that came in the period, in the order of their numbers."""
    categories = {category.pk: category.full_name for category in book.categories}
    hamlets = {hamlet.pk: hamlet.name for hamlet in book.hamlets}
    lines = [
        [
            book.number(row),
            words.short_date(row.received.date()),
            words.way(row.channel),
            categories.get(row.category, "Belum digolongkan"),
            place_line("", "", "", hamlets.get(row.hamlet)) or NONE,
            book.holders.get(row.pk, NONE),
            _promised(book, row),
            _state(row),
        ]
        for row in book.received[:LONGEST]
    ]
    left = len(book.received) - len(lines)
    more = f" {left} pengaduan berikutnya tidak dimuat di sini dan ada di buku register." if left else ""
    return Table(
        "Lampiran",
        f"Salinan buku register pengaduan: {len(book.received)} pengaduan",
        ["Nomor register", "Diterima", "Media", "Kategori", "Tempat", "Diteruskan kepada", "Batas waktu", "Keadaan"],
        lines,
        note=f"{tables.STANDING} Identitas pengadu dan isi pengaduan tidak dimuat.{more}",
        ratio=[15, 11, 13, 27, 18, 30, 11, 24],
        words=list(range(8)),
    )


def _promised(book: Book, row: Row) -> str:
    day = book.promised(row)
    return words.short_date(day) if day else NONE


def _state(row: Row) -> str:
    """``Dijawab 12-10-2026, terlambat``; ``Selesai 20-10-2026``; else its state alone."""
    if row.answered and tables.is_answered(row):
        return f"Dijawab {words.short_date(row.answered.date())}{'' if row.on_time else ', terlambat'}"
    day = f" {words.short_date(row.ended.date())}" if row.ended else ""
    return words.STATES.get(row.state, row.state) + day
