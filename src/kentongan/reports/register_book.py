"""The complaint book: its rows, and the book as paper (PDF), as a sheet (XLSX) and as lines (CSV).

A hidden identity never stands in it, whoever prints it: the book goes from desk to desk and is signed by the head.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kentongan.complaints.models import Complaint
from kentongan.lib.text import one_line
from kentongan.reports import pdf as paper_maker
from kentongan.reports import spreadsheet, words
from kentongan.reports.book_rows import Row, rows
from kentongan.village.models import User, Village

if TYPE_CHECKING:
    from django.db.models import QuerySet

TITLE = "Buku Register Pengaduan Masyarakat"
# The columns in the order of a village register of Permendagri 47/2016: a number under each, remarks last.
COLUMNS = (
    "No. Urut", "Nomor Register", "Tanggal & Jam Diterima", "Media", "Nama Pengadu", "Alamat (Dusun RT/RW)", "No. Telp/HP",
    "Obyek/Perihal", "Uraian Singkat", "Klasifikasi/Kategori", "Disposisi kepada & Tgl", "Batas Waktu", "Tindak Lanjut",
    "Tanggal & Cara Jawaban", "Status", "Ket.",
)  # fmt: skip
PAPERS = ("A4", "F4")
LIMIT = (
    300  # rows printed while somebody waits: fifty pages, two seconds, 220 MB while they are set; longer ones are ``long_book``'s
)
_COPY = "Salinan: nomor telepon disamarkan, isi laporan rahasia tidak dicantumkan"
_WIDTHS = (6, 15, 17, 13, 24, 32, 17, 32, 60, 26, 34, 12, 40, 24, 20, 34)


class TooLong(ValueError):
    """The period holds more complaints than are printed while somebody waits (``LIMIT``)."""


def of_period(user: User, village: Village, start: date, end: date) -> QuerySet[Complaint]:
    """What this person may see of the book from ``start`` to ``end`` (both included, the village's days), by number."""
    zone = ZoneInfo(village.zone)
    since = datetime(start.year, start.month, start.day, tzinfo=zone)
    day_after = end + timedelta(days=1)
    until = datetime(day_after.year, day_after.month, day_after.day, tzinfo=zone)
    period = Complaint.visible_to(user).filter(village=village, received_at__gte=since, received_at__lt=until)
    return period.order_by("year", "serial")


def cells(row: Row) -> list[str]:
    """The sixteen cells of a row as text."""
    return [
        str(row.seq),
        row.printed,
        f"{row.received:%d-%m-%Y %H.%M}",
        row.channel,
        row.name,
        row.address,
        row.phone,
        row.subject,
        row.text,
        row.classification,
        row.assigned,
        words.short_date(row.due) if row.due else "",
        row.follow_up,
        row.answered,
        row.state,
        row.remark,
    ]


def brief(row: Row) -> list[str]:
    """The cells as the ruled columns hold them: long texts cut at a word, the whole stands in the complaint's own file."""
    short = row._replace(
        name=one_line(row.name, 60),
        address=one_line(row.address, 90),
        subject=one_line(row.subject, 110),
        text=one_line(row.text, 280),
        assigned=one_line(row.assigned, 150),
        follow_up=one_line(row.follow_up, 180),
        remark=one_line(row.remark, 130),
    )
    return cells(short)


def pdf(user: User, village: Village, *, start: date, end: date, today: date, paper: str = "A4", masked: bool = False) -> bytes:
    """The ruled book of a period for signing, landscape. ``masked``: a copy to hand out.

    Raises ``TooLong``, ``ValueError`` for another paper, ``pdf.CannotPrint``.
    """
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    entries = [brief(row) for row in rows(of_period(user, village, start, end)[: LIMIT + 1], user, village, masked=masked)]
    if len(entries) > LIMIT:
        raise TooLong
    closing = f"Buku {words.period(start, end)} ditutup dengan {len(entries) or 'tidak satu pun'} pengaduan."
    return paper_maker.render("book", _data(village, entries, (start, end), today, paper, masked, closing))


@dataclass(frozen=True)
class Volume:
    """One volume of a long book: its number of so many, the rows in those before it, and in all."""

    number: int
    volumes: int
    before: int
    total: int

    def words(self) -> str:
        return f"Jilid {self.number} dari {self.volumes}"


def volume_pdf(
    complaints: QuerySet[Complaint],
    user: User,
    village: Village,
    volume: Volume,
    *,
    start: date,
    end: date,
    today: date,
    paper: str,
    masked: bool,
) -> tuple[bytes, int]:
    """A volume of a period's book with these complaints (behind the wall already), and its rows. Without structure tags. Raises ``pdf.CannotPrint``."""
    found = rows(complaints, user, village, masked=masked, first=volume.before + 1)
    entries = [brief(row) for row in found]
    closing = f"{volume.words()} memuat {len(entries)} pengaduan"
    if entries:
        closing += f", nomor urut {entries[0][0]} s.d. {entries[-1][0]}"
    if volume.number == volume.volumes:
        closing += f"; Buku {words.period(start, end)} ditutup dengan {volume.before + len(entries)} pengaduan"
    data = _data(village, entries, (start, end), today, paper, masked, f"{closing}.")
    if volume.volumes > 1:
        data |= {"volume": volume.words(), "foot": f"{data['foot']} · {volume.words()}"}
    return paper_maker.render("book", data | {"before": volume.before}, tagged=False), len(entries)


def _data(
    village: Village, entries: list[list[str]], span: tuple[date, date], today: date, paper: str, masked: bool, closing: str
) -> dict[str, Any]:
    """What the ruled pages say, as JSON."""
    period = words.period(*span)
    return {
        "paper": paper,
        "title": TITLE,
        "period": period,
        "copy": masked,
        "copy_words": _COPY,
        "foot": f"{TITLE} Desa {village.name} · {period}",
        "kop": paper_maker.letterhead(village),
        "columns": COLUMNS,
        "rows": entries,
        "closing": closing,
        "signatures": paper_maker.signatures(village, today),
    }


def csv_lines(user: User, village: Village, start: date, end: date, *, masked: bool = False) -> Iterator[str]:
    """The book line by line, for streaming; cells that a spreadsheet would take for a formula are made text."""
    entries = rows(of_period(user, village, start, end), user, village, masked=masked)
    return spreadsheet.lines(chain([COLUMNS], map(cells, entries)))


def xlsx(user: User, village: Village, start: date, end: date, *, masked: bool = False) -> IO[bytes]:
    """The book as an open temporary file (XLSX), at its beginning. Text is always text, dates are dates; memory stays flat."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the caller sends it and closes it
    entries = rows(of_period(user, village, start, end), user, village, masked=masked)
    _write_sheet(file, entries, [TITLE, f"Desa {village.name}", words.period(start, end)])
    file.seek(0)
    return file


def _write_sheet(file: IO[bytes], entries: Iterable[Row], titles: list[str]) -> None:
    with spreadsheet.workbook(file, TITLE, titles[-1]) as workbook:
        sheet = workbook.add_worksheet("Buku")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        first = _write_head(workbook, sheet, titles)
        body = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1})
        moment = workbook.add_format({"num_format": "dd-mm-yyyy hh.mm", "valign": "top", "border": 1})
        day = workbook.add_format({"num_format": "dd-mm-yyyy", "valign": "top", "border": 1})
        for line, row in enumerate(entries, start=first):
            _write_row(sheet, line, row, body, moment, day)


def _write_head(workbook: Any, sheet: Any, titles: list[str]) -> int:
    """Titles, column heads and column numbers; returns the first line for rows."""
    bold = workbook.add_format({"bold": True, "font_size": 13})
    head = workbook.add_format({"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1})
    numbers = workbook.add_format({"italic": True, "align": "center", "border": 1})
    for line, title in enumerate(titles):
        sheet.write_string(line, 0, title, bold)
    top = len(titles) + 1
    for column, title in enumerate(COLUMNS):
        sheet.write_string(top, column, title, head)
    for column in range(len(COLUMNS)):
        sheet.write_number(top + 1, column, column + 1, numbers)
    sheet.repeat_rows(top, top + 1)
    sheet.freeze_panes(top + 2, 2)
    return top + 2


def _write_row(sheet: Any, line: int, row: Row, body: Any, moment: Any, day: Any) -> None:
    for column, cell in enumerate(cells(row)):
        if column == 0:
            sheet.write_number(line, 0, row.seq, body)
        elif column == 2:
            sheet.write_datetime(line, 2, row.received.replace(tzinfo=None), moment)
        elif column == 11 and row.due:
            sheet.write_datetime(line, 11, datetime(row.due.year, row.due.month, row.due.day), day)  # noqa: DTZ001 — a bare date
        else:
            sheet.write_string(line, column, cell[: spreadsheet.LONGEST_CELL], body)
