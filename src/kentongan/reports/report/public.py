"""A sent report for everybody: counts along one dimension at a time, made of what was kept with the report, never of today's book.

Nobody is named, listed or recognised: numbers below ``SMALL`` are withheld, with as many others as a sum would give them away by. What any
official is shut out of is in no number of it, the totals among them: he could take his own figures from these, and read what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from kentongan.complaints import published_reports, sent_reports
from kentongan.complaints.models import PublishedReport, SentReport
from kentongan.reports import charts, statistics, words
from kentongan.reports import pdf as paper_maker
from kentongan.reports.report import counted, drawings, tables
from kentongan.reports.report.counted import Counted
from kentongan.reports.report.period import Period
from kentongan.reports.statistics import SMALL
from kentongan.reports.table import FEW, Table
from kentongan.village.models import User

FEW_WORD = "sedikit"  # what stands for a number too small to show
TITLE = "Laporan Pengelolaan Pengaduan"
NOTE = f"“{FEW_WORD.capitalize()}”: kurang dari {SMALL}, atau tidak ditulis karena dapat dipakai menghitung angka yang kecil."


class CannotPublish(ValueError):
    """The report was kept before what is counted was kept with it: no version for everybody can be made."""


def data(report: SentReport, *, advice: bool, today: date) -> dict[str, Any]:
    """All the public version says, as JSON. ``advice``: whether the recommendations are in it. Raises ``CannotPublish``.

    Published again, it has the numbers of the first time.
    """
    said = report.data
    chosen = {"day": f"Diterbitkan {words.long_date(today)}", "advice": said["advice"] if advice else []}
    first = published_reports.earlier(report)
    if first:
        return {**first.data, **chosen}
    if "rows" not in said:
        raise CannotPublish(report.period)
    hidden = sent_reports.kept_from_some(report)
    rows = [row for row in counted.rows_of(said) if row.pk not in hidden]
    made = _tables(rows, said["names"])
    return {
        "title": TITLE,
        "period": report.name,
        "edition": "Versi untuk umum",
        "months": [f"{month:%Y-%m}" for month in Period.of(report.period).months],
        "kop": said["kop"],
        "foot": said["foot"],
        "basis": _basis(report, len([row for row in rows if row.came])),
        "tables": [asdict(table) for table in made],
        "charts": _charts(made),
        **chosen,
    }


def publish(report: SentReport, user: User, *, advice: bool, today: date) -> PublishedReport:
    """Put it before everybody. Raises ``CannotPublish``, ``published_reports.Overlaps``, ``pdf.CannotPrint``."""
    said = data(report, advice=advice, today=today)
    return published_reports.publish(report, said, pdf(said, "A4"), user)


def pdf(said: Mapping[str, Any], size: str) -> bytes:
    """``data`` on paper. Same data, same bytes. Raises ``pdf.CannotPrint``."""
    look = charts.paper()
    drawn = [{**one, "svg": drawings.svg(one, look), "alt": drawings.alt(one)} for one in said["charts"]]
    return paper_maker.render("report_public", {**said, "paper": size, "charts": drawn})


def _basis(report: SentReport, received: int) -> list[str]:
    few = f"Karena yang masuk kurang dari {FEW} pengaduan, rinciannya tidak ditulis agar tidak ada orang yang dapat dikenali."
    return [
        f"Laporan ini dibuat dari {TITLE} yang disampaikan kepada Kepala Desa dengan nomor {report.number}. Angkanya menurut "
        "keadaan saat laporan itu dikirim.",
        "Nama, alamat, isi pengaduan, dan daftar pengaduan tidak dimuat. Pengaduan yang menyangkut perangkat desa tidak dihitung di sini.",
        *([few] if received < FEW else []),
    ]


# --- the tables ------------------------------------------------------------------------------------------------------


def _tables(rows: list[Counted], names: Mapping[str, Mapping[str, str]]) -> list[Table]:
    came = [row for row in rows if row.came]
    category = _name(names["category"], "Belum digolongkan")
    hamlet = _name(names["hamlet"], "Tempat tidak disebut")
    ratings = [row for row in came if row.rating]
    made = [
        _counts("T2", "Pengaduan menurut media", "Media", Counter(words.way(row.channel) for row in came)),
        _counts("T3", "Pengaduan menurut kategori", "Kategori", Counter(category(row.category) for row in came)),
        _counts("T4", "Pengaduan menurut dusun", "Dusun", Counter(hamlet(row.hamlet) for row in came)),
        _counts("T5a", "Pengaduan menurut jenis", "Jenis", Counter(words.KINDS.get(row.kind, row.kind) for row in came)),
        _counts("T5b", "Ketepatan waktu jawaban", "Jawaban", Counter(map(_timeliness, came))),
        _counts("T8", "Rujukan ke instansi", "Instansi", Counter(agency for row in rows for agency in row.agencies)),
        _counts("T9", "Kepuasan pengadu atas jawaban", "Penilaian", Counter(tables.SCORES[row.rating] for row in ratings)),
    ]
    return [_flow(rows), *(table for table in made if table)]


def _name(names: Mapping[str, str], none: str) -> Callable[[int], str]:
    return lambda pk: names.get(str(pk), none)


def _timeliness(row: Counted) -> str:
    if row.on_time is not None:
        return "Tepat waktu" if row.on_time else "Terlambat"
    return "Berakhir tanpa jawaban" if row.silent else "Belum dijawab"


def _flow(rows: list[Counted]) -> Table:
    """The balance: totals alone, which tell of nobody."""
    opening, came = sum(not row.came for row in rows), sum(bool(row.came) for row in rows)
    ended = sum(bool(row.ended) for row in rows)
    lines = [
        ["Belum selesai di awal", opening],
        ["Masuk", came],
        ["Berakhir", ended],
        ["Belum selesai di akhir", opening + came - ended],
    ]
    return Table("T1", "Keadaan pengaduan", ["Keadaan", "Pengaduan"], lines, ratio=[40, 12])


def _counts(key: str, title: str, what: str, found: Counter[str]) -> Table | None:
    """``None`` where there are too few, or none of the numbers may be shown."""
    shown = withheld(found) if found.total() >= FEW else None
    if not shown or not any(shown.values()):
        return None
    ordered = sorted(shown.items(), key=lambda row: (row[1] is None, -(row[1] or 0), row[0]))
    lines = [[label, FEW_WORD if n is None else n] for label, n in ordered]
    note = NOTE if None in shown.values() else ""
    return Table(key, title, [what, "Jumlah"], lines, ["Jumlah", found.total()], note, ratio=[40, 12])


def withheld(counts: Mapping[str, int]) -> dict[str, int | None] | None:
    """``statistics.withheld`` of rows that hold at least one each; ``None`` where the sum gives the small ones away all the same."""
    shown = statistics.withheld(counts)
    return None if statistics.given_away(counts[key] for key, n in shown.items() if n is None) else shown


def _charts(made: list[Table]) -> list[dict[str, Any]]:
    """Bars of the numbers that are shown."""
    drawn = [table for table in made if table.key in {"T2", "T3"}]
    parts = {table.key: [(row[0], row[1]) for row in table.rows if isinstance(row[1], int)] for table in drawn}
    found = [
        {"table": table.key, "kind": "bars", "title": table.title, "parts": parts[table.key][: drawings.MOST_BARS]}
        for table in drawn
    ]
    return [one for one in found if one["parts"]]
