"""The yearly closing of the complaint book: its rows, its sums and its closing page, as they stand at that moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from kentongan.complaints import closed_books
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import ClosedBook, Complaint
from kentongan.jobs import JobError, task
from kentongan.jobs.models import OPEN, Job
from kentongan.lib import clock, letter_numbers, numerals
from kentongan.lib.text import one_line
from kentongan.reports import pdf as paper_maker
from kentongan.reports import register_book, words
from kentongan.reports.book_rows import Row, rows
from kentongan.village.models import User, Village

PAPERS = closed_books.PAPERS
APART = "(disimpan tersendiri)"
ENDS = (State.CLOSED, State.DECLINED, State.WITHDRAWN, State.MERGED)


class NotOver(ValueError):
    """The year is still running."""


class Gap(ValueError):
    """A number of the year is missing, or the counter does not stand at the last: such a book must not be signed."""


@dataclass(frozen=True)
class Sums:
    """What a book closes with. ``apart``: received, but told of by their number alone; they are in no later sum."""

    year: int
    carried: int  # of earlier years, not ended when this book began, or opened again since
    received: int
    apart: int
    ended: dict[State, int]
    open: int

    @property
    def balances(self) -> bool:
        return self.carried + self.received - self.apart == sum(self.ended.values()) + self.open


class Closing:
    """A year as it would be closed by ``user`` at this moment."""

    def __init__(self, user: User, village: Village, year: int) -> None:
        self.user, self.village, self.year, self.now = user, village, year, clock.now()
        self.serials = closed_books.serials(village, year)
        if self.serials != list(range(1, closed_books.last_number(village, year) + 1)):
            raise Gap(year)
        self.desk = closed_books.seen_by_the_desk(user, village)

    @cached_property
    def shown(self) -> dict[int, tuple[int, Row]]:
        """Serial → key and row, read once: rows and sums of a signed book never disagree."""
        found = self.desk.filter(year=self.year).order_by("year", "serial")
        keys = list(found.values_list("serial", "pk"))
        entries = rows(found, self.user, self.village, known=self.desk)
        by_number = {row.number: row for row in entries}
        numbers = ((serial, pk, letter_numbers.register_number(self.year, serial)) for serial, pk in keys)
        return {serial: (pk, by_number[number]._replace(seq=serial)) for serial, pk, number in numbers if number in by_number}

    @cached_property
    def carried(self) -> list[Complaint]:
        """Of earlier years: not ended when the book before was closed (or, without one, when the year began), or since opened again."""
        before = ClosedBook.objects.filter(village=self.village, year=self.year - 1).values_list("at", flat=True).first()
        since = before or datetime(self.year, 1, 1, tzinfo=ZoneInfo(self.village.zone))
        earlier = self.desk.filter(year__lt=self.year)
        found = earlier.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=since)).order_by("year", "serial")
        return list(found.only("year", "serial", "received_at", "subject", "state"))

    @cached_property
    def sums(self) -> Sums:
        states = [row.state_key for _pk, row in self.shown.values()]
        earlier = [row.state for row in self.carried]
        counted = Counter(states + earlier)
        ended = {state: counted[state] for state in ENDS}
        still = len(states) + len(earlier) - sum(ended.values())
        apart = len(self.serials) - len(states)
        return Sums(self.year, len(earlier), len(self.serials), apart, ended, still)

    def bare(self, serial: int) -> str:
        """A number without its complaint, as the village prints it; the plain one where the month would be part of it."""
        pattern = self.village.number_pattern
        if "{month" in pattern or "{roman" in pattern:
            return letter_numbers.register_number(self.year, serial)
        return letter_numbers.printed(pattern, year=self.year, serial=serial, month=1, village=self.village.code)

    def lines(self) -> Iterator[list[str]]:
        """The book's rows as the ruled columns hold them, a number without its complaint as two cells."""
        for serial in self.serials:
            yield register_book.brief(self.shown[serial][1]) if serial in self.shown else [str(serial), self.bare(serial)]


def close(user: User, village: Village, year: int) -> ClosedBook:
    """Close the book of a year that is over. Nothing is locked while it is printed; of two who close at once one is refused.

    Raises ``NotOver``, ``Gap``, ``closed_books.AlreadyClosed``, ``pdf.CannotPrint``.
    """
    if village.local(clock.now()).year <= year:
        raise NotOver(year)
    if closed_books.is_closed(village, year):
        raise closed_books.AlreadyClosed(year)
    closing = Closing(user, village, year)
    shown = [*(pk for pk, _row in closing.shown.values()), *(row.pk for row in closing.carried)]
    said = data(closing)
    tagged = not is_long(village, year)
    papers = {size: paper_maker.render("book", {"paper": size, **said}, tagged=tagged, kept_at=closing.now) for size in PAPERS}
    return closed_books.keep(closed_books.Finished(year, said, papers, shown), village, user)


def is_long(village: Village, year: int) -> bool:
    """Whether its pages are more than a request should print: then the worker closes it."""
    return closed_books.last_number(village, year) > register_book.LIMIT


def job_key(village: Village, year: int) -> str:
    return f"closing:{village.pk}:{year}"


def close_later(user: User, village: Village, year: int) -> None:
    """Have the worker close it; asked twice, it happens once."""
    close_long.using(unique_key=job_key(village, year)).enqueue(user.pk, village.pk, year)


def is_being_closed(village: Village, year: int) -> bool:
    return Job.objects.filter(unique_key=job_key(village, year), state__in=OPEN).exists()


@task(atomic=False, max_attempts=3)
def close_long(user: int, village: str, year: int) -> None:
    """Close a year of many complaints; nothing when it has been closed meanwhile."""
    by = User.objects.get(pk=user)
    if not closed_books.may_close(by) or by.standing.village_id != village:
        raise JobError(f"closing {year}: no longer in the office", permanent=True)
    try:
        close(by, Village.objects.get(pk=village), year)
    except closed_books.AlreadyClosed:
        return
    except (NotOver, Gap) as error:
        raise JobError(f"closing {year}: {type(error).__name__}", permanent=True) from error


def data(closing: Closing) -> dict[str, Any]:
    """All the closed book says, as JSON; ``book`` is what its digest is of."""
    village, year, sums = closing.village, closing.year, closing.sums
    lines = list(closing.lines())
    book = {
        "village": village.code,
        "year": year,
        "received": sums.received,
        "columns": list(register_book.COLUMNS),
        "rows": lines,
        "carried": _earlier(closing),
        "sums": _sums(sums),
    }
    today = village.local(closing.now).date()
    title, period = register_book.TITLE, f"Tahun {year}"
    return {
        "book": book,
        "title": title,
        "period": period,
        "copy": False,
        "copy_words": "",
        "foot": f"{title} Desa {village.name} · {period} · buku yang ditutup",
        "kop": paper_maker.letterhead(village),
        "columns": book["columns"],
        "rows": lines,
        "closing": _sentence(closing, lines),
        "closed": {
            "title": f"Penutupan Buku Tahun {year}",
            "sums": book["sums"],
            "carried": book["carried"],
            "apart": _apart(sums),
            "digest": closed_books.digest(book),
        },
        "signatures": paper_maker.signatures(village, today),
    }


def _sentence(closing: Closing, lines: list[list[str]]) -> str:
    """``Pada hari ini, Senin, 5 Januari 2026, buku … ditutup, berisi 12 (dua belas) pengaduan, nomor … s.d. …``."""
    village, n = closing.village, len(lines)
    day = words.weekday_date(village.local(closing.now).date())
    begin = f"Pada hari ini, {day}, {register_book.TITLE} Desa {village.name} Tahun {closing.year} ditutup,"
    if not n:
        return f"{begin} berisi NIHIL: tidak ada pengaduan yang diterima sepanjang tahun {closing.year}."
    spoken = f" ({numerals.spelled(n)})" if n <= 9999 else ""
    numbers = f"nomor {lines[0][1]}" if n == 1 else f"nomor {lines[0][1]} s.d. {lines[-1][1]}"
    return f"{begin} berisi {f'{n:,}'.replace(',', '.')}{spoken} pengaduan, {numbers}, tanpa nomor yang kosong, ganda, atau dibatalkan."


def _sums(sums: Sums) -> list[tuple[str, int]]:
    lines = [("Pindahan dari buku sebelumnya", sums.carried), (f"Diterima tahun {sums.year}", sums.received)]
    if sums.apart:
        lines.append(("di antaranya disimpan tersendiri", sums.apart))
    lines += [(f"Berakhir: {words.STATES[state]}", n) for state, n in sums.ended.items()]
    return [*lines, ("Saldo: belum berakhir, dipindahkan ke buku berikutnya", sums.open)]


def _apart(sums: Sums) -> str:
    if not sums.apart:
        return ""
    return f"Nomor bertanda {APART} berkasnya disimpan terpisah; selain dalam jumlah yang diterima tidak ikut dijumlahkan."


def _earlier(closing: Closing) -> list[list[str]]:
    """What was carried over from earlier years: number, day of receipt, subject, state at this closing."""
    village = closing.village
    return [
        [
            row.printed_number(village),
            words.short_date(village.local(row.received_at).date()),
            one_line(row.subject, 90),
            words.STATES[row.state],
        ]
        for row in closing.carried
    ]
