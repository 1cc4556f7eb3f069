"""The tables T1–T9 of a report. Small numbers stay honest: n stands beside every share, and no share is made of fewer than five."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kentongan.complaints.ratings import WORDS
from kentongan.reports import words
from kentongan.reports.report.book import DESK, Book, Row, Sent
from kentongan.reports.table import FEW, NONE, Table, decimal, percentile, share

LONGEST = 200  # lines of the list of open complaints
DOORS = ("walk_in", "phone", "letter", "box", "web", "email", "instagram", "whatsapp", "sms")
SCORES = dict(sorted(WORDS.items(), reverse=True))
WAYS_OUT = ("closed", "referred", "declined", "withdrawn", "merged")
STANDING = "Keadaan menurut buku pada tanggal laporan ini."


def all_of(book: Book) -> list[Table]:
    """T1–T9 in their order."""
    return [
        make(book) for make in (flow, channels, categories, hamlets, timeliness, officials, still_open, referrals, satisfaction)
    ]


# --- T1: the balance -------------------------------------------------------------------------------------------------


def way_out(row: Row) -> str:
    """How an ended complaint left the book."""
    if row.state == "CLOSED":
        return "referred" if row.outcome == "REFERRED" else "closed"
    return row.state.lower()


@dataclass(frozen=True)
class Flow:
    """A span of the book: open before, received, gone by each way; what is left follows."""

    label: str
    opening: int
    received: int
    out: Counter[str]

    @property
    def closing(self) -> int:
        return self.opening + self.received - self.out.total()

    @property
    def cells(self) -> list[Any]:
        return [self.label, self.opening, self.received, *(self.out[way] for way in WAYS_OUT), self.closing]


def flows(book: Book) -> list[Flow]:
    """One for each month of the period that has begun."""
    came = Counter((row.received.year, row.received.month) for row in book.rows)
    gone = Counter((row.ended.year, row.ended.month, way_out(row)) for row in book.rows if row.ended)
    opening, made = len(book.open_at(book.begin)), []
    for month in book.period.months:
        at = (month.year, month.month)
        out = Counter({way: gone[*at, way] for way in WAYS_OUT})
        if month > book.today and not came[at] and not out.total():
            break
        made.append(Flow(words.MONTHS[month.month - 1], opening, came[at], out))
        opening = made[-1].closing
    return made


def whole(book: Book) -> Flow:
    """The balance of the whole period."""
    months = flows(book)
    out: Counter[str] = Counter()
    for month in months:
        out.update(month.out)
    return Flow("Jumlah", len(book.open_at(book.begin)), sum(month.received for month in months), out)


def flow(book: Book) -> Table:
    months = flows(book)
    return Table(
        "T1",
        "Keadaan pengaduan per bulan",
        ["Bulan", "Saldo awal", "Masuk", "Selesai", "Dirujuk", "Tidak diproses", "Dicabut", "Digabung", "Saldo akhir"],
        [month.cells for month in months],
        whole(book).cells if months else [],
        "Saldo awal + masuk = selesai + dirujuk + tidak diproses + dicabut + digabung + saldo akhir. Dirujuk: ditutup karena "
        "diteruskan ke instansi. Yang dijawab tetapi masih dalam masa keberatan, dan yang dibuka kembali, terhitung belum selesai.",
        ratio=[16, 10, 10, 10, 10, 11, 10, 11, 12],
    )


# --- T2–T4: by channel, category and hamlet --------------------------------------------------------------------------


def channels(book: Book) -> Table:
    counted = Counter(row.channel for row in book.received)
    keys = [*DOORS, *sorted(counted.keys() - set(DOORS))]
    return _counts("T2", "Pengaduan menurut media", "Media", [(words.way(key), counted[key]) for key in keys])


def top_category(book: Book) -> Mapping[int, int]:
    """Each category's upper one; itself where there is none."""
    return {category.pk: category.parent_id or category.pk for category in book.categories}


def categories(book: Book) -> Table:
    upper = top_category(book)
    counted = Counter(upper.get(row.category, 0) for row in book.received)
    tops = [category for category in book.categories if category.parent_id is None and (category.active or counted[category.pk])]
    rows = [(category.name, counted[category.pk]) for category in tops]
    rows.sort(key=lambda row: -row[1])
    return _counts("T3", "Pengaduan menurut kategori", "Kategori", [*rows, ("Belum digolongkan", counted[0])])


def hamlets(book: Book) -> Table:
    counted = Counter(row.hamlet for row in book.received)
    rows = [(hamlet.name, counted[hamlet.pk]) for hamlet in book.hamlets]
    return _counts("T4", "Pengaduan menurut dusun", "Dusun", [*rows, ("Tempat tidak disebut", counted[0])])


def _counts(key: str, title: str, what: str, rows: Iterable[tuple[str, int]]) -> Table:
    lines = list(rows)
    total = sum(n for _label, n in lines)
    return Table(
        key,
        title,
        [what, "Jumlah", "Bagian"],
        [[label, n, share(n, total)] for label, n in lines],
        ["Jumlah", total, share(total, total)],
        "" if total >= FEW else f"Bagian tidak dihitung dari kurang dari {FEW} pengaduan.",
        bars=1,
        ratio=[40, 12, 12],
    )


# --- T5, T6: how fast, and who ---------------------------------------------------------------------------------------


def is_answered(row: Row) -> bool:
    return row.on_time is not None


def days_to_answer(book: Book, rows: Iterable[Row]) -> list[int]:
    """Working days from receipt to the answer, pauses included, of those answered."""
    calendar = book.calendar
    spans = [(row.received, row.answered) for row in rows if is_answered(row) and row.answered]
    return [max(0, calendar.between(calendar.day_of_receipt(received), answered.date())) for received, answered in spans]


def _timely(rows: list[Row]) -> list[int]:
    """On time, late, not yet answered, ended without an answer."""
    silent = [row for row in rows if not is_answered(row)]
    ended = sum(row.ended is not None for row in silent)
    on_time = sum(row.on_time is True for row in rows)
    return [on_time, len(rows) - len(silent) - on_time, len(silent) - ended, ended]


def timeliness(book: Book) -> Table:
    def line(label: str, rows: list[Row]) -> list[Any]:
        days = days_to_answer(book, rows)
        median = decimal(statistics.median(days)) if days else NONE
        return [label, len(rows), *_timely(rows), len(days), median, percentile(days, 90) if len(days) >= FEW else NONE]

    received = book.received
    return Table(
        "T5",
        "Jenis pengaduan dan ketepatan waktu jawaban",
        ["Jenis", "Masuk", "Tepat waktu", "Terlambat", "Belum dijawab", "Tanpa jawaban", "n", "Median", "Persentil 90"],
        [line(name, [row for row in received if row.kind == kind]) for kind, name in words.KINDS.items()],
        line("Jumlah", received),
        f"{STANDING} Median dan persentil 90: hari kerja dari penerimaan sampai jawaban, termasuk waktu menunggu, dari n yang "
        f"dijawab; persentil 90 mulai n = {FEW}. Tanpa jawaban: tidak diproses, dicabut, atau digabung.",
        ratio=[20, 9, 10, 12, 11, 11, 6, 10, 12],
    )


def officials(book: Book) -> Table:
    received = book.received
    by_person: dict[str, list[Row]] = {}
    for row in filter(is_answered, received):
        by_person.setdefault(book.answerers.get(row.pk) or DESK, []).append(row)
    rows: list[list[Any]] = [[name, len(done), *_timely(done)[:2]] for name, done in sorted(by_person.items())]
    on_time, late, waiting, silent = _timely(received)
    rows += [["Belum dijawab", waiting, NONE, NONE], ["Berakhir tanpa jawaban", silent, NONE, NONE]]
    return Table(
        "T6",
        "Pengaduan menurut penyusun jawaban",
        ["Penyusun jawaban", "Pengaduan", "Tepat waktu", "Terlambat"],
        rows,
        ["Jumlah", len(received), on_time, late],
        STANDING,
        ratio=[52, 14, 14, 14],
    )


# --- T7, T8: what is still open, here and elsewhere ------------------------------------------------------------------


def holder(book: Book, row: Row) -> str:
    """With whom a complaint is: those who have it, the agency, else the desk."""
    if row.state == "REFERRED" and row.pk in book.waiting_at:
        return book.waiting_at[row.pk]
    return book.holders.get(row.pk, DESK)


def clock_words(book: Book, row: Row) -> str:
    """How its clock stands: ``3 hari kerja lagi``, ``terlambat 2 hari kerja``, or why none runs."""
    if row.ended:
        return f"{words.STATES[row.state]} {words.short_date(row.ended.date())}"
    if row.state == "RESPONDED":
        return "Dijawab, menunggu tanggapan"
    if row.state == "AWAITING_COMPLAINANT":
        return "Menunggu kelengkapan"
    if row.paused:
        return "Menunggu instansi"
    left = book.days_left(row)
    if left is None:
        return NONE
    if book.is_late(row):
        return f"terlambat {-left} hari kerja"
    return f"{left} hari kerja lagi" if left else "hari ini"


def open_at_the_end(book: Book) -> list[Row]:
    return book.open_at(book.over)


def still_open(book: Book) -> Table:
    names = {category.pk: category.full_name for category in book.categories}
    rows = open_at_the_end(book)
    lines = [
        [
            book.number(row),
            words.short_date(row.received.date()),
            names.get(row.category, "Belum digolongkan"),
            clock_words(book, row),
            holder(book, row) if not row.ended else NONE,
        ]
        for row in rows[:LONGEST]
    ]
    more = f" {len(rows) - LONGEST} pengaduan lain ada di buku register." if len(rows) > LONGEST else ""
    return Table(
        "T7",
        f"Pengaduan yang belum selesai pada akhir masa laporan: {len(rows)}",
        ["Nomor register", "Diterima", "Kategori", "Batas waktu", "Pada"],
        lines,
        note=f"{STANDING}{more}",
        ratio=[16, 13, 27, 21, 30],
        words=[0, 1, 2, 3, 4],
    )


def referrals(book: Book) -> Table:
    agencies = sorted({sent.agency for sent in _of_interest(book)})
    rows = [_agency(book, agency) for agency in agencies]
    return Table(
        "T8",
        "Rujukan dan jawaban instansi",
        ["Instansi", "Menunggu di awal", "Dirujuk", "Dijawab", "Menunggu di akhir", "Lewat batas"],
        rows,
        ["Jumlah", *(sum(row[n] for row in rows) for n in range(1, 6))] if rows else [],
        "Menunggu di awal + dirujuk = dijawab + menunggu di akhir. Dijawab: oleh instansi, atau pengaduannya sudah selesai. "
        "Lewat batas: dari yang masih menunggu.",
        ratio=[40, 14, 10, 10, 14, 10],
    )


def _of_interest(book: Book) -> list[Sent]:
    """Referrals that waited at the beginning of the period, or were sent in it."""
    return [sent for sent in book.referrals if sent.over is None or sent.over >= book.begin]


def waiting_elsewhere(book: Book) -> list[Sent]:
    """Referrals that wait at the end of the period."""
    return [sent for sent in book.referrals if sent.over is None or sent.over >= book.over]


def is_overdue(book: Book, sent: Sent) -> bool:
    return sent.due is not None and sent.due < min(book.today, book.over.date())


def _agency(book: Book, agency: str) -> list[Any]:
    sent = [one for one in _of_interest(book) if one.agency == agency]
    new = sum(one.at >= book.begin for one in sent)
    waiting = [one for one in waiting_elsewhere(book) if one.agency == agency]
    late = sum(is_overdue(book, one) for one in waiting)
    return [agency, len(sent) - new, new, len(sent) - len(waiting), len(waiting), late]


# --- T9: what the complainants say -----------------------------------------------------------------------------------


def ratings(book: Book) -> list[int]:
    return [row.rating for row in book.received if row.rating]


def satisfaction(book: Book) -> Table:
    given = ratings(book)
    counted = Counter(given)
    mean = f"Rata-rata {decimal(statistics.mean(given))} dari 4 (n = {len(given)})." if len(given) >= FEW else ""
    few = f"n = {len(given)}; rata-rata dan bagian mulai n = {FEW}."
    told = Counter(words.way(book.told_by.get(row.pk, "")) for row in book.received if row.rating)
    how = "; ".join(f"{way} {n}" for way, n in told.most_common())
    return Table(
        "T9",
        "Kepuasan pengadu atas jawaban",
        ["Penilaian", "Jumlah", "Bagian"],
        [[f"{name} ({score})", counted[score], share(counted[score], len(given))] for score, name in SCORES.items()],
        ["Jumlah (n)", len(given), share(len(given), len(given))],
        f"{mean or few}{f' Disampaikan lewat: {how}.' if how else ''}",
        bars=1,
        ratio=[40, 12, 12],
    )
