"""Two hundred random books: whoever counts one, by the report, the statistics, the public page, a file or the book itself, counts the same.

Rows are written in bulk and counted by the very function every action counts with, first as received and then as they became; through
the wall of the officer, the secretary, the head, and a section head who is shut out of some of what he was given.
"""

import csv
import io
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kentongan.complaints import ledger, rollup
from kentongan.complaints.lifecycle import ENDED, OPEN, State
from kentongan.complaints.models import Assignment, Complaint, ShutOut
from kentongan.lib import clock, letter_numbers
from kentongan.reports import open_data, register_book, spreadsheet, statistics
from kentongan.reports.counting import Span
from kentongan.reports.report import book, tables
from kentongan.reports.report.period import Period
from kentongan.village.models import User
from kentongan.web.book.figures import tables_of
from tests.cast import Cast

BOOKS = 200 if connection.vendor == "sqlite" else 30
NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
PERIODS = ("2025", "2026", "2025-S2", "2026-S1", "2026-Q3", "2026-Q4", "2026-01", "2026-11")
DAYS = (NOW - datetime(2025, 3, 1, tzinfo=UTC)).days


@dataclass
class Page:
    """One random book: its rows as anybody may count them by hand."""

    cast: Cast
    chance: random.Random

    def write(self, n: int) -> None:
        received = sorted(NOW - timedelta(days=self.chance.uniform(0, DAYS)) for _ in range(n))
        serials: Counter[int] = Counter()
        rows = []
        for moment in received:
            year = timezone.localtime(moment).year
            serials[year] += 1
            rows.append(self._row(moment, year, serials[year]))
        Complaint.for_system("test").bulk_create(rows)
        rows = list(Complaint.for_system("test").select_related("village").order_by("id"))
        self._shut_out(rows)
        self._give(rows)
        for row in rows:
            rollup.recount(row, None)
        for row in rows:
            before = rollup.counted(row)
            self._go_on(row)
            rollup.recount(row, before)
        fields = (
            "state category outcome on_time responded_at ended_at answer_days solution_days rating due_at paused_at unit".split()
        )
        Complaint.for_system("test").bulk_update(rows, fields)

    def _row(self, received: datetime, year: int, serial: int) -> Complaint:
        cast, chance = self.cast, self.chance
        return Complaint(
            village=cast.village, year=year, serial=serial, number=letter_numbers.register_number(year, serial),
            code_salt=b"x", code_digest=chance.randbytes(32), channel=chance.choice(("web", "phone", "walk_in", "box")),
            kind=chance.choice(("COMPLAINT", "ASPIRATION", "INFORMATION")), subject="Jalan", text="Jalan berlubang.",
            hamlet=chance.choice((cast.hamlet, None)), received_at=received, updated_at=received, clock_from=received,
            due_at=received + timedelta(days=2),
        )  # fmt: skip

    def _go_on(self, row: Complaint) -> None:
        cast, chance = self.cast, self.chance
        row.state = chance.choice(list(State))
        row.category = None if row.state == State.RECEIVED else chance.choice((cast.road, cast.aid, cast.levy))
        row.unit_id = chance.choice((cast.unit.pk, None))
        later = min(row.received_at + timedelta(days=chance.uniform(0, 90)), NOW)
        answered = row.state in (State.RESPONDED, State.CLOSED) and chance.random() < 0.9
        row.responded_at, row.on_time = (later, chance.random() < 0.7) if answered else (None, None)
        row.answer_days = chance.randrange(40) if answered or chance.random() < 0.1 else None
        row.solution_days = chance.randrange(60) if row.state == State.CLOSED else None
        row.rating = chance.choice((None, 1, 2, 3, 4)) if answered else None
        row.outcome = chance.choice(("RESOLVED", "REFERRED")) if row.state == State.CLOSED else ""
        row.ended_at = later if row.state in ENDED else None
        row.due_at = (
            row.received_at.replace(hour=16, minute=59) + timedelta(days=chance.randrange(90)) if row.state in OPEN else None
        )
        row.paused_at = later if row.state == State.REFERRED else None

    def _shut_out(self, rows: list[Complaint]) -> None:
        people = (self.cast.sari, self.cast.lastri, self.cast.harun, self.cast.joko)
        pairs = [(row, user) for row in rows for user in people if self.chance.random() < 0.1]
        ShutOut.objects.bulk_create(
            ShutOut(village=self.cast.village, complaint=row, user=user, why="NAMED") for row, user in pairs
        )

    def _give(self, rows: list[Complaint]) -> None:
        Assignment.objects.bulk_create(
            Assignment(village=self.cast.village, complaint=row, responder=self.cast.joko, responder_label="Joko — Kasi", unit=self.cast.unit)
            for row in rows
            if self.chance.random() < 0.5
        )  # fmt: skip


def inside(moment: datetime | None, span: Span) -> bool:
    return moment is not None and span.first <= timezone.localtime(moment).date() <= span.last


def balance(rows: list[Complaint], span: Span) -> tuple[int, int, int, int]:
    """Opening, received, ended, closing, counted one by one."""

    def open_at(day: date) -> int:
        return sum(
            timezone.localtime(row.received_at).date() < day
            and (row.ended_at is None or timezone.localtime(row.ended_at).date() >= day)
            for row in rows
        )

    ended = sum(inside(row.ended_at, span) for row in rows)
    return open_at(span.first), sum(inside(row.received_at, span) for row in rows), ended, open_at(span.after)


def numbers(balance: statistics.Balance) -> tuple[int, int, int, int]:
    return balance.opening, balance.received, balance.ended, balance.closing


def the_statistics_agree(page: Page, user: User, period: Period) -> None:
    """Figures, tables and their file with each other and with a count by hand of what this person may see."""
    span = Span(period.start, period.end)
    mine = list(Complaint.visible_to(user))
    came = [row for row in mine if inside(row.received_at, span)]
    figures = statistics.figures(page.cast.village, user, span, today=TODAY)
    assert numbers(figures.total) == balance(mine, span)
    assert figures.now.received == len(came)
    assert figures.now.open == sum(row.state in OPEN for row in came)
    assert figures.now.late == sum(row.is_overdue and row.state != State.AWAITING_COMPLAINANT for row in came)
    assert (figures.now.on_time.part, figures.now.on_time.whole) == (
        sum(row.on_time is True for row in came),
        sum(row.on_time is not None for row in came),
    )
    days = [row.answer_days for row in came if row.answer_days is not None]
    assert figures.now.answer == statistics.Pace.of(Counter(days))
    by_key = {table.key: table for table in tables_of(figures)}
    for key in ("channel", "category", "hamlet", "unit", "kind", "state"):
        assert by_key[key].total[1] == sum(row[1] for row in by_key[key].rows) == len(came), key
    lines = list(csv.reader(io.StringIO("".join(spreadsheet.csv_lines([by_key["balance"]]))[1:])))
    assert tuple(map(int, lines[-1][1:])) == balance(mine, span)


def the_book_agrees(page: Page, user: User, period: Period) -> None:
    span = Span(period.start, period.end)
    came = [row.printed_number(page.cast.village) for row in Complaint.visible_to(user) if inside(row.received_at, span)]
    text = "".join(register_book.csv_lines(user, page.cast.village, span.first, span.last))
    assert sorted(row[1] for row in list(csv.reader(io.StringIO(text[1:])))[1:]) == sorted(came)


def the_report_agrees(page: Page, user: User, period: Period) -> None:
    """Less what one who signs it is shut out of: with the statistics of these complaints alone."""
    signers = (page.cast.harun, page.cast.sari)
    known = [set(Complaint.visible_to(one)) for one in (user, *signers)]
    common = list(set[Complaint]().union(*known).intersection(*known))
    read = book.read(user, page.cast.village, period, NOW)
    whole = tables.whole(read)
    assert (whole.opening, whole.received, whole.out.total(), whole.closing) == balance(common, Span(period.start, period.end))
    for make in (tables.channels, tables.categories, tables.hamlets):
        assert make(read).total[1] == whole.received


def the_public_agrees(page: Page, year: int) -> None:
    kept_from_nobody = [row for row in Complaint.for_system("test") if not row.shut_out.exists()]
    figures = statistics.public(page.cast.village, year)
    _opening, received, ended, _closing = balance(kept_from_nobody, Span.of_year(year))
    assert (figures.received, sum(month[1] for month in figures.months), sum(month[2] for month in figures.months)) == (
        received,
        received,
        ended,
    )
    told = [line for line in open_data.lines(page.cast.village, figures) if line.dimensi == "bulan_masuk"]
    assert sum(int(line.jumlah) for line in told) == received
    for counts in (figures.by_channel, figures.by_category, figures.by_kind, figures.by_hamlet):
        shown = [n for n in counts.values() if n is not None]
        hidden = len(counts) - len(shown)
        assert sum(shown) + hidden <= received <= sum(shown) + (hidden and received)


def the_page_agrees(client: Client, page: Page, user: User, period: Period) -> None:
    shown = client.get(reverse("book:statistics"), {"period": "days", "start": period.start, "end": period.end})
    span = Span(period.start, period.end)
    assert shown.context["figures"] == statistics.figures(page.cast.village, user, span, today=TODAY)


def test_whoever_counts_a_book_counts_the_same(cast: Cast, client_of: Callable[[User | None], Client], monkeypatch: Any) -> None:
    people = (cast.sari, cast.lastri, cast.harun, cast.joko)
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    unequal = 0
    for number in range(BOOKS):
        chance = random.Random(number)
        cache.clear()
        with clock.at(NOW), transaction.atomic():
            page = Page(cast, chance)
            page.write(chance.choice((0, 1, 4, 10, 20)))
            period = Period.of(chance.choice(PERIODS))
            counts = {Complaint.visible_to(user).count() for user in people}
            unequal += len(counts) > 1
            for user in people:
                the_statistics_agree(page, user, period)
            asked = people[number % 4]
            the_book_agrees(page, asked, period)
            the_report_agrees(page, asked, period)
            the_public_agrees(page, period.year)
            if number % 5 == 0:  # the page itself costs as much as all the rest
                the_page_agrees(client_of(asked), page, asked, period)
            assert not [fault for fault in ledger.faults() if "statistics" in fault]
            transaction.set_rollback(True)
    assert unequal > BOOKS / 4  # the wall did part them
