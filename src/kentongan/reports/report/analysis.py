"""What the tables say, in plain Indonesian: sentences of numbers, always the same for the same numbers, and no judgement of anybody."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable

from kentongan.reports.report import tables
from kentongan.reports.report.book import Book, Row
from kentongan.reports.table import FEW, decimal, share

REPEATED = 3  # complaints of one category in one hamlet that are called a repetition
MOST = 5  # places or people named in one sentence


def sentences(book: Book) -> list[str]:
    """The analysis, one paragraph each."""
    if not book.received and not book.rows:
        return [f"Tidak ada pengaduan pada {book.period.spoken} (NIHIL)."]
    every = [_volume(book), _largest(book), _timely(book), _late(book), _repeated(book), _elsewhere(book), _planned(book)]
    return [sentence for sentence in [*every, _satisfied(book)] if sentence]


def recommendations(book: Book) -> list[str]:
    """What may be proposed to the head; the officer changes the words before he sends them."""
    proposed = []
    if late := late_with(book):
        names = _listed(f"{who} ({n} pengaduan)" for who, n in late)
        proposed.append(f"Menyelesaikan pengaduan yang lewat batas waktu, pada: {names}.")
    if overdue := _overdue_agencies(book):
        proposed.append(f"Mengingatkan instansi yang belum menjawab rujukan: {_listed(overdue)}.")
    if repeats := repeated(book):
        places = _listed(f"{what} di {where} ({n} pengaduan)" for what, where, n in repeats)
        proposed.append(f"Membahas dalam musyawarah desa sebagai calon usulan RKPDes {book.period.end.year + 1}: {places}.")
    unsorted = sum(not row.category for row in book.received)
    if unsorted:
        proposed.append(f"Menetapkan kategori bagi {unsorted} pengaduan yang belum digolongkan.")
    return proposed or ["Mempertahankan pelayanan pengaduan yang sudah berjalan."]


# --- numbers that several sentences need -----------------------------------------------------------------------------


def _listed(parts: Iterable[str]) -> str:
    named = list(parts)
    more = f"; dan {len(named) - MOST} lainnya" if len(named) > MOST else ""
    return "; ".join(named[:MOST]) + more


def _ranked(counted: Counter[str]) -> list[tuple[str, int]]:
    """Largest first, equal ones by name: the same for the same numbers."""
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _by_category(book: Book, rows: list[Row]) -> Counter[str]:
    names = {category.pk: category.full_name for category in book.categories}
    return Counter(names[row.category] for row in rows if row.category in names)


def late_with(book: Book) -> list[tuple[str, int]]:
    """With whom the late ones are, and how many."""
    late = [row for row in tables.open_at_the_end(book) if book.is_late(row)]
    return _ranked(Counter(tables.holder(book, row) for row in late))


def repeated(book: Book) -> list[tuple[str, str, int]]:
    """Category and hamlet that came again and again in the period."""
    categories = {category.pk: category.full_name for category in book.categories}
    hamlets = {hamlet.pk: hamlet.name for hamlet in book.hamlets}
    pairs = Counter((row.category, row.hamlet) for row in book.received if row.category in categories and row.hamlet in hamlets)
    found = [(categories[what], hamlets[where], n) for (what, where), n in pairs.items() if n >= REPEATED]
    return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))


def _overdue_agencies(book: Book) -> list[str]:
    overdue = [sent for sent in tables.waiting_elsewhere(book) if tables.is_overdue(book, sent)]
    return [f"{agency} ({n} rujukan)" for agency, n in _ranked(Counter(sent.agency for sent in overdue))]


# --- the sentences ---------------------------------------------------------------------------------------------------


def _change(now: int, then: int) -> str:
    if now == then:
        return f"sama dengan masa sebelumnya ({then})"
    way = "naik" if now > then else "turun"
    percent = f" atau {share(abs(now - then), then)}" if then >= FEW else ""
    return f"{way} {abs(now - then)}{percent} dari masa sebelumnya ({then})"


def _volume(book: Book) -> str:
    balance = tables.whole(book)
    return (
        f"Pada {book.period.spoken} masuk {balance.received} pengaduan, {_change(balance.received, len(book.before))}. "
        f"Berakhir {balance.out.total()} pengaduan; belum selesai pada akhir masa laporan {balance.closing}, "
        f"pada awalnya {balance.opening}."
    )


def _largest(book: Book) -> str:
    ranked = _ranked(_by_category(book, book.received))
    if not ranked:
        return ""
    most = ranked[0][1]
    names = [name for name, n in ranked if n == most]
    if most == 1 and len(names) > 1:
        return f"Tidak ada kategori yang menonjol: {len(names)} pengaduan, masing-masing dari kategori lain."
    if len(names) > MOST:
        return f"Tidak ada kategori yang menonjol: {len(names)} kategori masing-masing {most} pengaduan."
    before = _by_category(book, book.before)
    part = f", {share(most, len(book.received))} dari yang masuk" if len(names) == 1 and len(book.received) >= FEW else ""
    each = "masing-masing " if len(names) > 1 else ""
    then = _listed(f"{name}: {before[name]}" for name in names) if len(names) > 1 else f"{before[names[0]]}"
    return f"Kategori terbanyak: {_listed(names)} ({each}{most} pengaduan{part}); pada masa sebelumnya {then}."


def _timely(book: Book) -> str:
    received = book.received
    answered = sum(map(tables.is_answered, received))
    if not answered:
        return f"Belum ada jawaban atas {len(received)} pengaduan yang masuk." if received else ""
    on_time = sum(row.on_time is True for row in received)
    part = f" ({share(on_time, answered)})" if answered >= FEW else ""
    days = tables.days_to_answer(book, received)
    median = f" Separuhnya dijawab dalam {decimal(statistics.median(days))} hari kerja." if len(days) >= FEW else ""
    return (
        f"Dari {len(received)} pengaduan yang masuk, {answered} sudah dijawab: {on_time} tepat waktu{part}, "
        f"{answered - on_time} terlambat.{median}"
    )


def _late(book: Book) -> str:
    late = late_with(book)
    if not late:
        return "Tidak ada pengaduan yang lewat batas waktu pada tanggal laporan ini." if book.rows else ""
    total = sum(n for _who, n in late)
    return f"Lewat batas waktu dan belum dijawab: {total} pengaduan, pada {_listed(f'{who} ({n})' for who, n in late)}."


def _repeated(book: Book) -> str:
    pairs = repeated(book)
    return (
        f"Berulang pada masa ini: {_listed(f'{what} di {where} ({n} pengaduan)' for what, where, n in pairs)}." if pairs else ""
    )


def _elsewhere(book: Book) -> str:
    waiting = tables.waiting_elsewhere(book)
    if not waiting:
        return ""
    named = _listed(f"{agency} ({n})" for agency, n in _ranked(Counter(sent.agency for sent in waiting)))
    overdue = sum(tables.is_overdue(book, sent) for sent in waiting)
    return f"Rujukan yang belum dijawab instansi: {len(waiting)}, di antaranya {overdue} lewat batas. Pada: {named}."


def _planned(book: Book) -> str:
    """What was answered with a plan, as candidates for the village's work plan."""
    planned = Counter(book.plans.get(row.pk) or "belum ditentukan" for row in book.received if row.outcome == "PLANNED")
    wishes = sum(row.kind == "ASPIRATION" for row in book.received)
    parts = [f"{planned.total()} pengaduan dijawab dengan rencana ({_listed(f'{when}: {n}' for when, n in _ranked(planned))})"]
    parts = parts if planned else []
    if wishes:
        parts.append(f"{wishes} aspirasi warga masuk")
    return f"Calon usulan RKPDes: {'; '.join(parts)}." if parts else ""


def _satisfied(book: Book) -> str:
    given = tables.ratings(book)
    if not given:
        return "Belum ada penilaian kepuasan dari pengadu." if book.received else ""
    if len(given) < FEW:
        return f"Kepuasan dinilai oleh {len(given)} pengadu, terlalu sedikit untuk dirata-rata."
    mean = decimal(statistics.mean(given))
    return f"Kepuasan rata-rata {mean} dari 4, dinilai oleh {len(given)} pengadu."
