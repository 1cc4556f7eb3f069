"""Figures: they always balance, they equal a count by hand, and the wall stands before them."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import ENDED, State
from kentongan.complaints.models import Complaint
from kentongan.lib import clock
from kentongan.reports import statistics
from kentongan.reports.statistics import _Counted, _figures, _Light, _Span, _withheld
from kentongan.village.models import User, Village
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


@pytest.mark.parametrize("who", ["sari", "harun", "lastri", "joko", "nining", "tono"])
@pytest.mark.parametrize("year", [2025, 2026])
def test_figures_equal_a_count_by_hand(cast: Cast, book: Book, who: str, year: int) -> None:
    user = getattr(cast, who)
    figures = statistics.year(cast.village, user, year, today=TODAY)
    hand = by_hand(user, cast.village, year)
    for name in ("by_channel", "by_category", "by_kind", "by_hamlet", "by_state"):
        assert Counter(getattr(figures, name)) == hand[name], name
    assert figures.share.answered == hand["answered"]
    for month in figures.months:
        after = (month.start + timedelta(days=32)).replace(day=1)
        assert month.opening == still_open(hand["rows"], month.start)
        assert month.closing == still_open(hand["rows"], after)
    assert figures.total.closing == still_open(hand["rows"], date(year + 1, 1, 1))


def test_one_month_of_a_year(cast: Cast, book: Book) -> None:
    whole = statistics.year(cast.village, cast.sari, 2026, today=TODAY)
    parts = [statistics.year(cast.village, cast.sari, 2026, today=TODAY, month=n) for n in range(1, 13)]
    assert sum((Counter(part.by_state) for part in parts), Counter()) == Counter(whole.by_state)
    assert sum((Counter(part.by_hamlet) for part in parts), Counter()) == Counter(whole.by_hamlet)
    for month, part in zip(whole.months, parts, strict=False):
        assert part.total == month


def test_month_category_state_reads_the_rollup_alone(cast: Cast, book: Book) -> None:
    with CaptureQueriesContext(connection) as queries:
        table = statistics.matrix(cast.village, cast.harun, 2026)
    assert table == by_hand(cast.harun, cast.village, 2026)["cube"]
    whole_book = [q["sql"] for q in queries if "complaints_complaint" in q["sql"] and "complaints_shutout" not in q["sql"]]
    assert (len(queries), whole_book) == (2, [])


def test_who_is_named_is_not_told_by_a_number(cast: Cast) -> None:
    before = statistics.year(cast.village, cast.harun, timezone.localdate().year, today=timezone.localdate())
    make.received(cast, named=(cast.harun.pk,))
    after = statistics.year(cast.village, cast.harun, timezone.localdate().year, today=timezone.localdate())
    assert before == after
    assert statistics.year(cast.village, cast.sari, timezone.localdate().year, today=timezone.localdate()).received == 1


def test_another_villages_officer_counts_nothing_here(cast: Cast, book: Book) -> None:
    figures = statistics.year(cast.village, cast.rini, 2026, today=TODAY)
    assert (figures.received, figures.total.opening, figures.by_state) == (0, 0, {})


def test_an_answer_counts_on_time(cast: Cast) -> None:
    make.complaint(cast, State.RESPONDED)
    figures = statistics.year(cast.village, cast.sari, timezone.localdate().year, today=timezone.localdate())
    assert (figures.share.on_time, figures.share.answered, figures.share.percent) == (1, 1, 100)


def test_no_answers_no_percentage(cast: Cast) -> None:
    figures = statistics.year(cast.village, cast.sari, 2026, today=TODAY)
    assert figures.share.percent is None


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@st.composite
def entries(draw: st.DrawFn) -> _Light:
    """Any complaint: received on some day; open, or ended on a later one; opened again is simply not ended."""
    received = draw(days)
    ended = draw(st.one_of(st.none(), st.dates(received, date(2027, 12, 31))))
    state = draw(st.sampled_from(sorted(ENDED) if ended else ["RECEIVED", "VERIFIED", "RESPONDED"]))
    over = ended.replace(day=1) if ended else None
    category, hamlet = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    return _Light(
        received.replace(day=1), over, category, draw(st.sampled_from(["web", "box"])), "COMPLAINT", state, hamlet, None
    )


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(rows=st.lists(entries(), max_size=40), year=st.integers(2023, 2028))
def test_opening_and_received_are_ended_and_closing_always(rows: list[_Light], year: int) -> None:
    village = Village(code="33.01.02.2099", name="Sukamaju")
    span = _Span(village, year)
    figures = _figures(village, span, date(year, 12, 31), _Counted.of_rows(rows, span))
    assert len(figures.months) == 12
    for balance in (*figures.months, figures.total):
        assert balance.opening + balance.received == balance.ended + balance.closing
    assert figures.months[0].opening == figures.total.opening
    assert figures.months[-1].closing == figures.total.closing
    assert all(earlier.closing == later.opening for earlier, later in zip(figures.months, figures.months[1:], strict=False))
    assert sum(month.received for month in figures.months) == figures.received
    for month in figures.months:
        after = (month.start + timedelta(days=32)).replace(day=1)
        assert month.closing == sum(row.month < after and (row.ended is None or row.ended >= after) for row in rows)


# --- for the public --------------------------------------------------------------------------------------------------


def test_the_public_sees_no_small_numbers(cast: Cast, book: Book) -> None:
    figures = statistics.public(cast.village, 2026)
    hand = by_hand(cast.sari, cast.village, 2026)
    assert figures.received == sum(hand["by_state"].values())
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


@given(st.dictionaries(st.integers(), st.integers(0, 30), max_size=8))
def test_a_withheld_number_cannot_be_had_back_from_the_sum(counts: dict[int, int]) -> None:
    shown = _withheld(counts)
    hidden = [key for key, n in shown.items() if n is None]
    others = [n for key, n in counts.items() if n and key not in hidden]
    assert all(n == 0 or n >= statistics.SMALL for n in shown.values() if n is not None)
    assert len(hidden) != 1 or not others
