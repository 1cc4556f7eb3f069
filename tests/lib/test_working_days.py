"""Working-day arithmetic, for every calendar hypothesis can think of."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.lib.working_days import (
    MONDAY_TO_FRIDAY,
    add_working_days,
    is_working_day,
    next_working_day,
    working_days_between,
)

days = st.dates(date(2025, 1, 1), date(2029, 12, 31))
some_days_off = st.frozensets(st.dates(date(2025, 1, 1), date(2031, 12, 31)), max_size=40)
weeks = st.frozensets(st.integers(0, 6), min_size=1)
modest = settings(max_examples=60, deadline=None)


@modest
@given(days, st.integers(0, 120), some_days_off, weeks)
def test_as_many_days_lie_between_as_were_added(start: date, n: int, off: frozenset[date], week: frozenset[int]) -> None:
    assert working_days_between(start, add_working_days(start, n, off, week), off, week) == n


@modest
@given(days, st.integers(1, 120), some_days_off, weeks)
def test_adding_never_lands_on_a_day_off(start: date, n: int, off: frozenset[date], week: frozenset[int]) -> None:
    end = add_working_days(start, n, off, week)
    assert is_working_day(end, off, week)
    assert end not in off
    assert end.weekday() in week
    assert end > start


@modest
@given(days, days, some_days_off, weeks)
def test_counting_back_is_counting_forth_with_a_minus(a: date, b: date, off: frozenset[date], week: frozenset[int]) -> None:
    assert working_days_between(a, b, off, week) == -working_days_between(b, a, off, week)


@modest
@given(days, days, days, some_days_off)
def test_two_spans_add_up_to_the_whole(a: date, b: date, c: date, off: frozenset[date]) -> None:
    first, middle, last = sorted((a, b, c))
    parts = working_days_between(first, middle, off) + working_days_between(middle, last, off)
    assert parts == working_days_between(first, last, off)


@modest
@given(days, st.integers(1, 30), some_days_off, days)
def test_one_more_day_off_never_brings_a_promise_forward(start: date, n: int, off: frozenset[date], extra: date) -> None:
    assert add_working_days(start, n, off | {extra}) >= add_working_days(start, n, off)


@modest
@given(days, some_days_off, weeks)
def test_the_next_working_day_skips_nothing_but_days_off(day: date, off: frozenset[date], week: frozenset[int]) -> None:
    found = next_working_day(day, off, week)
    skipped = [day + timedelta(days=n) for n in range((found - day).days)]
    assert is_working_day(found, off, week)
    assert not any(is_working_day(passed, off, week) for passed in skipped)


def test_the_day_itself_is_not_counted() -> None:
    monday = date(2026, 11, 23)
    assert add_working_days(monday, 0, ()) == monday
    assert add_working_days(monday, 1, ()) == date(2026, 11, 24)
    assert working_days_between(monday, monday, ()) == 0


def test_a_six_day_week_counts_its_saturday() -> None:
    friday = date(2026, 11, 27)
    assert add_working_days(friday, 1, (), range(6)) == date(2026, 11, 28)
    assert add_working_days(friday, 1, (), MONDAY_TO_FRIDAY) == date(2026, 11, 30)


def test_a_calendar_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no working day"):
        add_working_days(date(2026, 1, 1), 1, (), frozenset())
