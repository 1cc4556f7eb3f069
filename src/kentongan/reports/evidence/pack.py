"""The evidence for indicator 3.1 of a year as one ZIP: papers, a poster, the masked register, and a list with a checksum of each file.

No person stands in it: no name, no number, no words of a complaint. It is handed out, so what any official is shut out of is in no number
and no row of it, as in all that is public.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import IO

from kentongan.complaints import frozen, ratings, skm, surveys
from kentongan.complaints.models import Publicity, ShutOut, Survey
from kentongan.lib import masking
from kentongan.reports import poster, spreadsheet, words
from kentongan.reports.evidence import procedure
from kentongan.reports.evidence import sheet as sheets
from kentongan.reports.evidence.sheet import Section, Sheet
from kentongan.reports.report import book as books
from kentongan.reports.report import tables
from kentongan.reports.report.book import Book, Row
from kentongan.reports.report.period import Period
from kentongan.reports.table import NONE
from kentongan.village.models import Membership, User, Village

COLUMNS = (
    "No.", "Nomor Register", "Tanggal Diterima", "Media", "Jenis", "Kategori", "Status", "Tanggal Dijawab", "Tepat Waktu", "Penilaian",
)  # fmt: skip
MOST_PHOTOS = 24
PAGES = (
    ("/", "Beranda: cara mengadu"),
    ("/adukan/", "Formulir pengaduan"),
    ("/lacak/", "Lacak pengaduan"),
    ("/statistik/", "Statistik"),
)


@dataclass(frozen=True)
class Part:
    """One file: of which indicator it is evidence, its name, what it is, and how its bytes are made."""

    indicator: str
    name: str
    about: str
    content: Callable[[], bytes]


@dataclass(frozen=True)
class Order:
    """Whose evidence, of which year, for whom; ``site``: the address of the residents' pages, without a slash at its end."""

    village: Village
    year: int
    user: User
    site: str
    now: datetime

    @property
    def today(self) -> date:
        return self.village.local(self.now).date()


def build(order: Order) -> IO[bytes]:
    """The ZIP as an open temporary file, at its beginning; the caller sends it and closes it. Raises ``pdf.CannotPrint``."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the caller sends it and closes it
    stamp = order.village.local(order.now).timetuple()[:6]
    listed: list[list[str]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for part in parts(order):
            content = part.content()
            pack.writestr(zipfile.ZipInfo(part.name, stamp), content, zipfile.ZIP_DEFLATED)
            listed.append([part.indicator, part.name, part.about, frozen.digest(content)])
        pack.writestr(zipfile.ZipInfo("0-daftar-bukti.pdf", stamp), _print(order, _index(order, listed)), zipfile.ZIP_DEFLATED)
    file.seek(0)
    return file


def parts(order: Order) -> Iterator[Part]:
    """The files in the order of the indicators."""
    year, village = order.year, order.village
    book = _open_to_all(books.read(order.user, village, Period(year, 1, 12), order.now))
    yield Part("3.1.1", "3.1.1-prosedur.pdf", "Prosedur tertulis", lambda: _print(order, procedure.sheet(village)))
    yield Part("3.1.2", "3.1.2-kanal.pdf", "Daftar kanal pengaduan", lambda: _print(order, _channels(order)))
    acts = list(Publicity.objects.filter(village=village, on__year=year).order_by("on", "id"))
    yield Part("3.1.3", "3.1.3-sosialisasi.pdf", "Catatan sosialisasi", lambda: _print(order, _publicity(order, acts)))
    for number, act in enumerate([act for act in acts if act.photo][:MOST_PHOTOS], start=1):
        about = f"Foto sosialisasi {words.long_date(act.on)}"
        yield Part("3.1.3", f"3.1.3-foto/foto-{number:02d}.jpg", about, partial(_photo, act))
    yield Part("3.1.4", "3.1.4-poster.pdf", "Poster", lambda: poster.pdf(village, f"{order.site}/adukan/"))
    yield Part("3.1", f"3.1-rekapitulasi-{year}.pdf", "Rekapitulasi pengaduan", lambda: _print(order, _counts(order, book)))
    yield Part("3.1", f"3.1-register-{year}.csv", "Kutipan buku register, tanpa orang", lambda: _register(book))
    for survey in surveys.published(village).filter(year=year):
        name = f"3.2-survei-{year}-{survey.pk}.pdf"
        yield Part("3.2", name, "Hasil survei kepuasan", partial(_print, order, _survey(order, survey)))


def _open_to_all(book: Book) -> Book:
    """Without what somebody is shut out of today: he may get to read the file."""
    kept_from_some = set(ShutOut.objects.filter(village=book.village).values_list("complaint_id", flat=True))
    return replace(book, rows=[row for row in book.rows if row.pk not in kept_from_some])


def _print(order: Order, sheet: Sheet) -> bytes:
    return sheets.pdf(sheet, order.village, order.today)


def _photo(act: Publicity) -> bytes:
    with act.photo.open("rb") as kept:
        return bytes(kept.read())


def _nobody(order: Order, text: str) -> str:
    """Words of the desk without names of officials and without numbers that lead to somebody."""
    names = Membership.objects.filter(village=order.village).values_list("user__name", flat=True).distinct()
    return masking.masked(text, names=names, kept=[order.village.name])


def _channels(order: Order) -> Sheet:
    village = order.village
    rows = [["Formulir web", f"{order.site}/adukan/", "setiap saat"]]
    for name, where in poster.doors(village):
        digital = name in {"Email", "Instagram", "WhatsApp"}
        rows.append([name, where, "setiap saat" if digital and name != "WhatsApp" else "jam kerja"])
    return Sheet(
        title="Kanal Pengaduan Masyarakat",
        lead=[f"Warga Desa {village.name} dapat mengadu melalui kanal berikut. Semua pengaduan masuk ke satu buku register."],
        sections=[
            Section("1. Kanal", head=["Kanal", "Alamat", "Waktu"], rows=rows, ratio=[24, 54, 22]),
            Section("2. Jam pelayanan", points=poster.hours(village)),
            Section("3. Apabila belum puas", points=[f"{name}: {where}" for name, where in poster.above(village)]),
        ],
    )


def _publicity(order: Order, acts: list[Publicity]) -> Sheet:
    rows = [
        [
            str(number),
            words.long_date(act.on),
            _nobody(order, act.place),
            _nobody(order, act.what),
            str(act.people) if act.people else NONE,
            "ada" if act.photo else NONE,
        ]
        for number, act in enumerate(acts, start=1)
    ]
    head = ["No.", "Tanggal", "Tempat", "Kegiatan", "Peserta", "Foto"]
    return Sheet(
        title=f"Sosialisasi Kanal dan Prosedur Pengaduan Tahun {order.year}",
        sections=[
            Section("1. Kegiatan", head=head, rows=rows, ratio=[6, 18, 22, 36, 10, 8]),
            Section("2. Publikasi di halaman web", points=[f"{about}: {order.site}{path}" for path, about in PAGES]),
            Section("3. Media informasi", points=["Poster (berkas 3.1.4) di kantor desa dan papan pengumuman RT/RW."]),
        ],
    )


def _counts(order: Order, book: Book) -> Sheet:
    """The tables of the yearly report in which no person and no single complaint stands."""
    made = [make(book) for make in (tables.flow, tables.channels, tables.categories, tables.timeliness, tables.satisfaction)]
    return Sheet(
        title=f"Rekapitulasi Pengaduan Tahun {order.year}",
        lead=[
            *([] if book.is_over else [f"Tahun berjalan: keadaan sampai {words.long_date(book.today)}."]),
            "Pengaduan yang menyangkut perangkat desa tidak dihitung di sini.",
        ],
        sections=[
            Section(
                table.title,
                head=table.head,
                rows=[[str(cell) for cell in row] for row in [*table.rows, *([table.total] if table.total else [])]],
                ratio=table.ratio,
                note=table.note,
            )
            for table in made
        ],
    )


def _register(book: Book) -> bytes:
    """The register of the year without anything said in it or known of anybody."""
    categories = {category.pk: (category.parent or category).name for category in book.categories}
    rows = [_line(book, row, number, categories) for number, row in enumerate(book.received, start=1)]
    return "".join(spreadsheet.lines([COLUMNS, *rows])).encode()


def _line(book: Book, row: Row, number: int, categories: dict[int, str]) -> list[str]:
    in_time = {True: "ya", False: "tidak", None: ""}
    return [
        str(number),
        book.number(row),
        words.short_date(row.received.date()),
        words.way(row.channel),
        words.KINDS.get(row.kind, ""),
        categories.get(row.category, "Belum digolongkan"),
        words.STATES[row.state],
        words.short_date(row.answered.date()) if row.answered else "",
        in_time[row.on_time],
        ratings.WORDS.get(row.rating or 0, ""),
    ]


def _survey(order: Order, survey: Survey) -> Sheet:
    """The result as it was closed, without who signed and who plans."""
    rows = [[row["key"], row["name"], str(row["n"]), row["mean"], row["index"], row["band"]] for row in survey.data["elements"]]
    plan = [f"{name}: {_nobody(order, what)}" for name, what, _when, _who in survey.data["plan"] if what.strip(".")]
    small = [str(survey.data["small"])] if survey.data["small"] else []
    band = survey.band
    result = (
        f"IKM {skm.written(survey.index)}, mutu pelayanan {band.letter} ({band.words}), n = {survey.respondents}." if band else ""
    )
    return Sheet(
        title=f"Survei Kepuasan Masyarakat Tahun {survey.year}",
        lead=[f"Layanan: {survey.service}. {result}", *small],
        sections=[
            Section(
                "1. Hasil tiap unsur",
                head=["Unsur", "Nama unsur", "n", "NRR", "Nilai", "Mutu"],
                rows=rows,
                ratio=[10, 46, 8, 12, 14, 10],
            ),
            Section("2. Rencana tindak lanjut", points=plan or ["Belum ditulis."]),
        ],
    )


def _index(order: Order, listed: list[list[str]]) -> Sheet:
    head = ["Indikator", "Berkas", "Isi", "SHA-256"]
    return Sheet(
        title=f"Daftar Bukti Indikator 3.1 Tahun {order.year}",
        lead=[
            "Desa Antikorupsi, komponen 3 (Penguatan Kualitas Pelayanan Publik): keberadaan layanan pengaduan bagi masyarakat (3.1) "
            "dan survei kepuasan (3.2). Berkas dibuat dari pengaturan dan buku register yang berlaku; tidak memuat data pribadi.",
        ],
        sections=[Section(head=head, rows=listed, ratio=[10, 26, 24, 40], code=True)],
        signed=True,
    )
