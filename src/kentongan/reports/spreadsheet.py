"""Tables to take away: CSV line by line, XLSX with a sheet for each. Text stays text and no cell is ever computed."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

from kentongan.lib import text
from kentongan.reports.table import Table

MIME_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = "\ufeff"  # spreadsheets then read the file as UTF-8
LONGEST_CELL = 32_767  # characters, the most that XLSX holds
_WIDEST = 60
_RISKY = frozenset("=+-@\t\r\n")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


def as_text(cell: Any) -> Any:
    """``cell`` so that no spreadsheet computes it: an apostrophe before ``= + - @``, tab or line break. Numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    first = cell[:1]
    if first == " ":
        first = cell.lstrip(" ")[:1]
    return f"'{cell}" if first in _RISKY else cell


# --- CSV -------------------------------------------------------------------------------------------------------------


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Rows as lines of a CSV file, for streaming; the first begins with the mark of UTF-8."""
    writer, before = csv.writer(_Echo()), MARK
    for row in rows:
        yield before + writer.writerow(map(as_text, row))
        before = ""


def csv_lines(tables: Sequence[Table]) -> Iterator[str]:
    """One table as head, rows and total; several below each other, each under its title."""
    return lines(_rows_of(tables))


def _rows_of(tables: Sequence[Table]) -> Iterator[Sequence[Any]]:
    for number, table in enumerate(tables):
        if number:
            yield []
        if len(tables) > 1:
            yield [table.title]
        yield table.head
        yield from table.rows
        if table.total:
            yield table.total


# --- XLSX ------------------------------------------------------------------------------------------------------------


def workbook(file: IO[bytes], title: str, subject: str = "") -> Any:
    """An xlsxwriter workbook that keeps text as text and its memory flat; to be closed by ``with``."""
    import xlsxwriter  # 20 MB that a process needs only when it exports

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": title, "subject": subject})
    return book


def xlsx(tables: Sequence[Table], titles: Sequence[str]) -> IO[bytes]:
    """The tables as an open temporary file, at its beginning, a sheet for each. ``titles``: lines above every table, such as the
    village and the period."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the caller sends it and closes it
    with workbook(file, tables[0].title if len(tables) == 1 else titles[0], titles[-1]) as book:
        names: set[str] = set()
        formats = _Formats(book)
        for table in tables:
            _write(book.add_worksheet(_name(table.title, names)), table, titles, formats)
    file.seek(0)
    return file


def _name(title: str, taken: set[str]) -> str:
    """A name that a sheet may have, and none has yet."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", text.clean(title)).split())[:31].strip() or "Tabel"
    name, number = plain, 2
    while name.casefold() in taken:
        name, number = f"{plain[:27]} {number}", number + 1
    taken.add(name.casefold())
    return name


class _Formats:
    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        self.words = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        self.number = book.add_format({"num_format": "#,##0", "valign": "top", "border": 1})
        self.decimal = book.add_format({"num_format": "#,##0.0", "valign": "top", "border": 1})
        self.day = book.add_format({"num_format": "dd-mm-yyyy", "valign": "top", "border": 1})
        self.note = book.add_format({"italic": True})


def _write(sheet: Any, table: Table, titles: Sequence[str], formats: _Formats) -> None:
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for column, width in enumerate(_widths(table)):
        sheet.set_column(column, column, width)
    above = [table.title, *titles]
    for line, title in enumerate(above):
        sheet.write_string(line, 0, title, formats.title)
    top = len(above) + 1
    for column, title in enumerate(table.head):
        sheet.write_string(top, column, title, formats.head)
    sheet.freeze_panes(top + 1, 1)
    rows = [*table.rows, *([table.total] if table.total else [])]
    for line, row in enumerate(rows, start=top + 1):
        for column, cell in enumerate(row):
            _write_cell(sheet, line, column, cell, formats)
    if table.note:
        sheet.write_string(top + len(rows) + 2, 0, table.note[:LONGEST_CELL], formats.note)


def _widths(table: Table) -> list[int]:
    columns = [[title, *(row[n] for row in table.rows if n < len(row))] for n, title in enumerate(table.head)]
    return [max(9, min(_WIDEST, 2 + max(len(str(cell)) for cell in column))) for column in columns]


def _write_cell(sheet: Any, line: int, column: int, cell: Any, formats: _Formats) -> None:
    if isinstance(cell, bool) or cell is None:
        sheet.write_string(line, column, "" if cell is None else str(cell), formats.words)
    elif isinstance(cell, int):
        sheet.write_number(line, column, cell, formats.number)
    elif isinstance(cell, float):
        sheet.write_number(line, column, cell, formats.decimal)
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, datetime(cell.year, cell.month, cell.day), formats.day)  # noqa: DTZ001 — a bare date
    else:
        sheet.write_string(line, column, str(cell)[:LONGEST_CELL], formats.words)
