"""Figures: they always balance, they equal a count by hand, and the wall stands before them."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kentongan.complaints import actions, ledger
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.lib import clock
from kentongan.reports import statistics
from kentongan.reports.counting import Choice, Counts, Span
from kentongan.reports.statistics import Pace, _balances, withheld
from kentongan.reports.table import percentile
from kentongan.village.models import Leave, User, Village
from tests import make
from tests.cast import Cast

TODAY = date(2026, 11, 24)
TEXTS = ("Jalan berlubang di gang itu.", "Lampu jalan mati semua di RT kami.", "Selokan mampet dan bau sekali.")


@dataclass
class Book:
    """A year's book written by the real actions at moments of the past, ended and opened again."""

    cast: Cast

    def write(self) -> None:
        months = [datetime(2025, 11, 3, 3, tzinfo=UTC) + timedelta(days=17 * n) for n in range(24)]
        for n, moment in enumerate(months):
            named = (self.cast.harun.pk,) if n % 6 == 0 else ()
            with clock.at(moment):
                row = make_at(self.cast, n, moment, named)
            with clock.at(moment + timedelta(days=9)):
                self._go_on(row, n)

    def _go_on(self, row: Complaint, n: int) -> None:
        if n % 4 == 0:
            return
        actions.verify(
            row, category=(self.cast.road, self.cast.aid)[n % 2], kind="COMPLAINT", urgency="NORMAL", by=self.cast.sari
        )
        if n % 4 == 1:
            actions.assign(row, to=[self.cast.joko], instruction="Mohon dicek.", by=self.cast.sari)
        if n % 4 == 2:
            actions.withdraw(row, text="Sudah beres.", by=None)
        if n % 4 == 3:
            actions.withdraw(row, text="Sudah beres.", by=None)
            actions.reopen(row, text="Ternyata belum.", by=self.cast.sari)


def make_at(cast: Cast, n: int, moment: datetime, named: tuple[int, ...]) -> Complaint:
    entry = actions.Entry(
        text=TEXTS[n % 3],
        channel=("web", "phone", "box")[n % 3],
        received_at=moment,
        hamlet_id=cast.hamlet.pk if n % 2 else None,
        named=named,
    )
    return actions.receive(entry, village=cast.village, by=None)


@pytest.fixture
def book(cast: Cast) -> Book:
    written = Book(cast)
    written.write()
    return written


def by_hand(user: User, village: Village, year: int) -> dict[str, Any]:
    """The same figures, one complaint after the other."""
    rows = list(Complaint.visible_to(user).filter(village=village))
    of_year = [row for row in rows if timezone.localtime(row.received_at).year == year]
    return {
        "by_channel": Counter(row.channel for row in of_year),
        "by_category": Counter(row.category_id or 0 for row in of_year),
        "by_kind": Counter(row.kind for row in of_year),
        "by_hamlet": Counter(row.hamlet_id or 0 for row in of_year),
        "by_state": Counter(row.state for row in of_year),
        "by_unit": Counter(row.unit_id or 0 for row in of_year),
        "late": sum(
            row.is_overdue and row.due_at is not None and timezone.localtime(row.due_at).date() < TODAY for row in of_year
        ),
        "closed": sum(row.state == State.CLOSED for row in of_year),
        "cube": Counter(
            (timezone.localtime(row.received_at).date().replace(day=1), row.category_id or 0, row.state) for row in of_year
        ),
        "answered": sum(row.on_time is not None for row in of_year),
        "rows": rows,
    }


def still_open(rows: list[Complaint], day: date) -> int:
    """Received before ``day`` and not ended before it."""
    received = [row for row in rows if timezone.localtime(row.received_at).date() < day]
    return sum(row.ended_at is None or timezone.localtime(row.ended_at).date() >= day for row in received)


def year_of(cast: Cast, user: User, year: int) -> statistics.Figures:
    return statistics.figures(cast.village, user, Span.of_year(year), today=TODAY)


@pytest.mark.parametrize("who", ["sari", "harun", "lastri", "joko", "nining", "tono"])
@pytest.mark.parametrize("year", [2025, 2026])
def test_figures_equal_a_count_by_hand(cast: Cast, book: Book, who: str, year: int) -> None:
    user = getattr(cast, who)
    figures = year_of(cast, user, year)
    hand = by_hand(user, cast.village, year)
    for name in ("by_channel", "by_category", "by_kind", "by_hamlet", "by_state", "by_unit"):
        assert Counter(getattr(figures, name)) == hand[name], name
    assert (figures.now.on_time.whole, figures.now.late) == (hand["answered"], hand["late"])
    assert figures.now.solution.n == hand["closed"]
    for month in figures.months:
        after = (month.start + timedelta(days=32)).replace(day=1)
        assert month.opening == still_open(hand["rows"], month.start)
        assert month.closing == still_open(hand["rows"], after)
    assert figures.total.closing == still_open(hand["rows"], date(year + 1, 1, 1))


@pytest.mark.parametrize("who", ["sari", "harun", "joko"])
def test_every_filter_and_any_days_equal_a_count_by_hand(cast: Cast, book: Book, who: str) -> None:
    user = getattr(cast, who)
    rows = list(Complaint.visible_to(user).filter(village=cast.village))
    choices: list[tuple[Choice, Any]] = [
        (Choice(channel="box"), lambda row: row.channel == "box"),
        (Choice(categories=frozenset({cast.road.pk})), lambda row: row.category_id == cast.road.pk),
        (Choice(hamlet=cast.hamlet.pk), lambda row: row.hamlet_id == cast.hamlet.pk),
        (Choice(unit=cast.joko.standing.memberships[0].unit_id), lambda row: row.unit_id is not None),
        (Choice(), lambda row: True),
    ]
    for span in (Span.of_year(2026), Span(date(2026, 2, 10), date(2026, 7, 3))):
        for choice, fits in choices:
            figures = statistics.figures(cast.village, user, span, today=TODAY, choice=choice)
            chosen = [row for row in rows if fits(row)]
            came = [row for row in chosen if span.first <= timezone.localtime(row.received_at).date() <= span.last]
            went = [row for row in chosen if row.ended_at and span.first <= timezone.localtime(row.ended_at).date() <= span.last]
            assert (figures.now.received, figures.now.ended) == (len(came), len(went))
            assert figures.total.opening == still_open(chosen, span.first)
            assert figures.total.closing == still_open(chosen, span.after)
            assert sum(figures.by_unit.values()) == sum(figures.by_hamlet.values()) == len(came)


def test_the_months_of_a_year_make_the_year(cast: Cast, book: Book) -> None:
    whole = year_of(cast, cast.sari, 2026)
    spans = [Span(month, (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)) for month in Span.of_year(2026).months]
    parts = [statistics.figures(cast.village, cast.sari, span, today=TODAY) for span in spans]
    assert sum((Counter(part.by_state) for part in parts), Counter()) == Counter(whole.by_state)
    assert sum((Counter(part.by_hamlet) for part in parts), Counter()) == Counter(whole.by_hamlet)
    for month, part in zip(whole.months, parts, strict=False):
        assert part.total == month


def test_periods_stand_beside_the_one_before_and_a_year_ago() -> None:
    november = Span(date(2026, 11, 1), date(2026, 11, 30))
    assert (november.before, november.a_year_before) == (
        Span(date(2026, 10, 1), date(2026, 10, 31)),
        Span(date(2025, 11, 1), date(2025, 11, 30)),
    )
    assert Span(date(2024, 2, 1), date(2024, 2, 29)).a_year_before == Span(date(2023, 2, 1), date(2023, 2, 28))
    assert Span(date(2026, 1, 1), date(2026, 3, 31)).before == Span(date(2025, 10, 1), date(2025, 12, 31))
    assert Span(date(2026, 3, 10), date(2026, 3, 19)).before == Span(date(2026, 2, 28), date(2026, 3, 9))
    assert Span.of_year(2026).before == Span.of_year(2026).a_year_before == Span.of_year(2025)


def test_before_and_a_year_ago_are_counted_as_themselves(cast: Cast, book: Book) -> None:
    figures = statistics.figures(cast.village, cast.sari, Span(date(2026, 11, 1), date(2026, 11, 30)), today=TODAY)
    for beside, span in ((figures.before, figures.span.before), (figures.a_year_before, figures.span.a_year_before)):
        assert beside == statistics.figures(cast.village, cast.sari, span, today=TODAY).now
    assert year_of(cast, cast.sari, 2025).before is None


@settings(deadline=None)
@given(st.lists(st.integers(0, 300), max_size=60))
def test_a_pace_is_the_median_and_percentile_of_its_days(days: list[int]) -> None:
    pace = Pace.of(Counter(days))
    assert pace.n == len(days)
    if len(days) < 5:
        assert (pace.median, pace.p90) == (None, None)
    else:
        assert (pace.median, pace.p90) == (median(days), percentile(days, 90))


def test_the_first_answer_stays_when_it_is_opened_again(cast: Cast) -> None:
    with clock.at(datetime(2026, 11, 2, 3, tzinfo=UTC)):
        row = make.received(cast)
    with clock.at(datetime(2026, 11, 5, 3, tzinfo=UTC)):
        for step in ("verify", "assign", "start", "answer", "close"):
            row = make.STEPS[step](cast, row)
    assert (row.answer_days, row.solution_days) == (3, 3)
    with clock.at(datetime(2026, 11, 9, 3, tzinfo=UTC)):
        row = actions.reopen(row, text="Ternyata belum.", by=cast.sari)
    assert (row.answer_days, row.solution_days) == (3, None)
    with clock.at(datetime(2026, 11, 11, 3, tzinfo=UTC)):
        row = make.STEPS["close"](cast, make.STEPS["answer"](cast, row))
    assert (row.answer_days, row.solution_days) == (3, 7)
    assert list(ledger.faults()) == []


def test_a_stand_in_counts_nothing_that_whom_he_stands_in_for_may_not_see(cast: Cast) -> None:
    """Who is away lends what he may see: the rollup of the whole book would tell his stand-in of the rest."""
    make.received(cast, named=(cast.lastri.pk,))
    make.received(cast, "Lampu jalan mati semua di RT kami.")
    today = timezone.localdate()
    Leave.objects.create(village=cast.village, user=cast.lastri, stand_in=cast.joko, since=today, until=today)
    joko = User.objects.get(pk=cast.joko.pk)
    seen = Complaint.visible_to(joko).count()
    assert seen == 1
    assert statistics.figures(cast.village, joko, Span.of_year(today.year), today=today).now.received == seen


def test_month_category_state_reads_the_rollup_alone(cast: Cast, book: Book) -> None:
    with CaptureQueriesContext(connection) as queries:
        table = statistics.matrix(cast.village, cast.harun, 2026)
    assert table == by_hand(cast.harun, cast.village, 2026)["cube"]
    whole_book = [q["sql"] for q in queries if "complaints_complaint" in q["sql"] and "complaints_shutout" not in q["sql"]]
    assert (len(queries), whole_book) == (2, [])


def test_who_is_named_is_not_told_by_a_number(cast: Cast) -> None:
    this_year = timezone.localdate().year
    before = year_of(cast, cast.harun, this_year)
    make.received(cast, named=(cast.harun.pk,))
    assert before == year_of(cast, cast.harun, this_year)
    assert year_of(cast, cast.sari, this_year).now.received == 1


def test_another_villages_officer_counts_nothing_here(cast: Cast, book: Book) -> None:
    figures = year_of(cast, cast.rini, 2026)
    assert (figures.now.received, figures.total.opening, figures.by_state) == (0, 0, {})


def test_an_answer_counts_on_time_and_one_is_no_percentage(cast: Cast) -> None:
    make.complaint(cast, State.RESPONDED)
    share = year_of(cast, cast.sari, timezone.localdate().year).now.on_time
    assert (share.part, share.whole, share.percent) == (1, 1, None)
    assert statistics.Share(4, 5).percent == 80


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@pytest.mark.pure
@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(st.tuples(days, st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=900)))), max_size=40),
    year=st.integers(2023, 2028),
)
def test_opening_and_received_are_ended_and_closing_always(rows: list[tuple[date, timedelta | None]], year: int) -> None:
    """Any complaints: received on some day; open, or ended on a later one; opened again is simply not ended."""
    span, counts = Span.of_year(year), Counts()
    ends = [received + after if after is not None else None for received, after in rows]
    counts.months.update(received.replace(day=1) for received, _ in rows if received.year == year)
    counts.ended.update(ended.replace(day=1) for ended in ends if ended and ended.year == year)
    opening = sum(received < span.first for received, _ in rows) - sum(ended is not None and ended < span.first for ended in ends)
    months = _balances(span, span.last, counts, opening)
    assert len(months) == 12
    for month in months:
        after = (month.start + timedelta(days=32)).replace(day=1)
        open_then = sum(r < after and (e is None or e >= after) for (r, _), e in zip(rows, ends, strict=True))
        assert month.opening + month.received == month.ended + month.closing
        assert month.closing == open_then
    assert all(earlier.closing == later.opening for earlier, later in pairwise(months))


# --- for the public --------------------------------------------------------------------------------------------------


def test_the_public_sees_no_small_numbers(cast: Cast, book: Book) -> None:
    figures = statistics.public(cast.village, 2026)
    hand = by_hand(cast.sari, cast.village, 2026)
    kept_from_some = sum(row.shut_out.exists() for row in hand["rows"] if timezone.localtime(row.received_at).year == 2026)
    assert kept_from_some
    assert figures.received == sum(hand["by_state"].values()) - kept_from_some
    for counts in (
        figures.by_month,
        figures.by_channel,
        figures.by_category,
        figures.by_kind,
        figures.by_hamlet,
        figures.by_state,
    ):
        assert all(n is None or n == 0 or n >= statistics.SMALL for n in counts.values())
    assert figures.share is None


@settings(deadline=None)
@example({1: 1, 2: 1, 3: 9})
@given(st.dictionaries(st.integers(), st.integers(0, 30), max_size=8))
def test_a_withheld_number_cannot_be_had_back_from_the_sum(counts: dict[int, int]) -> None:
    shown = withheld(counts)
    hidden = [key for key, n in shown.items() if n is None]
    others = [n for key, n in counts.items() if n and key not in hidden]
    assert all(n == 0 or n >= statistics.SMALL for n in shown.values() if n is not None)
    given_away = len(hidden) == 1 or (hidden and sum(counts[key] for key in hidden) == len(hidden))  # one way to fill them in
    assert not given_away or not others
