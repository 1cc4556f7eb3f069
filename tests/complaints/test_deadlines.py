"""The clocks, without a database: the measured vectors, closing time, days off."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.complaints.deadlines import Calendar, clock_key, due, legal, paused_days, steps_up

WIB = ZoneInfo("Asia/Jakarta")
OFF = frozenset(holidays.country_holidays("ID", years=range(2025, 2028), categories=("public", "government")))
PLAIN = Calendar(off=OFF)
HOURS = {day: (time(7, 30), time(15, 30)) for day in range(4)} | {4: (time(7, 30), time(11, 30))}
OFFICE = Calendar(hours=HOURS, off=OFF)


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WIB)


VECTORS = [
    ((2026, 3, 13), 3, date(2026, 3, 25)),
    ((2026, 3, 13), 5, date(2026, 3, 27)),
    ((2026, 3, 13), 14, date(2026, 4, 10)),
    ((2026, 3, 13), 60, date(2026, 6, 24)),
    ((2026, 12, 21), 3, date(2026, 12, 28)),
    ((2026, 12, 21), 10, date(2027, 1, 8)),
    ((2026, 5, 11), 3, date(2026, 5, 18)),
    ((2026, 5, 11), 5, date(2026, 5, 20)),
    ((2026, 5, 11), 14, date(2026, 6, 5)),
]


@pytest.mark.parametrize(("received", "days", "expected"), VECTORS)
@pytest.mark.parametrize("calendar", [PLAIN, OFFICE], ids=["plain", "office"])
def test_the_measured_vectors_hold(received: tuple[int, int, int], days: int, expected: date, calendar: Calendar) -> None:
    promised = due(at(*received), days, calendar)
    assert promised.astimezone(WIB).date() == expected
    assert promised.astimezone(WIB).time() == time(23, 59, 59)


def test_joint_leave_makes_the_difference() -> None:
    without = Calendar(off=frozenset(holidays.country_holidays("ID", years=2026)))
    assert due(at(2026, 3, 13), 3, without) < due(at(2026, 3, 13), 3, PLAIN)


@pytest.mark.parametrize(
    ("moment", "counts_as"),
    [
        (at(2026, 11, 23, 9), date(2026, 11, 23)),
        (at(2026, 11, 23, 0, 5), date(2026, 11, 23)),  # before opening: the same day
        (at(2026, 11, 23, 15, 30), date(2026, 11, 23)),  # at closing time to the minute
        (at(2026, 11, 23, 15, 31), date(2026, 11, 24)),
        (at(2026, 11, 23, 22), date(2026, 11, 24)),
        (at(2026, 11, 27, 11, 0), date(2026, 11, 27)),  # Friday is half a day
        (at(2026, 11, 27, 11, 31), date(2026, 11, 30)),
        (at(2026, 11, 28, 9), date(2026, 11, 30)),  # Saturday
        (at(2026, 12, 25, 9), date(2026, 12, 28)),  # Christmas, a Friday
        (at(2026, 12, 23, 16), date(2026, 12, 28)),  # after closing, before joint leave, Christmas and a weekend
    ],
)
def test_after_hours_and_on_days_off_it_counts_from_the_next_working_day(moment: datetime, counts_as: date) -> None:
    assert OFFICE.day_of_receipt(moment) == counts_as


def test_a_message_at_night_is_promised_a_day_later_than_one_in_the_morning() -> None:
    assert due(at(2026, 11, 23, 9), 3, OFFICE).date() == date(2026, 11, 26)
    assert due(at(2026, 11, 23, 21), 3, OFFICE).date() == date(2026, 11, 27)


def test_the_day_is_the_villages_not_that_of_utc() -> None:
    late_in_jakarta = datetime(2026, 11, 22, 18, 0, tzinfo=ZoneInfo("UTC"))  # Monday 01.00 WIB
    assert PLAIN.day_of_receipt(late_in_jakarta) == date(2026, 11, 23)
    assert Calendar(zone="Asia/Jayapura").end_of(date(2026, 11, 23)) < Calendar().end_of(date(2026, 11, 23))


def test_a_six_day_week_promises_sooner() -> None:
    six = Calendar(hours=HOURS | {5: (time(7, 30), time(12, 0))}, off=OFF)
    assert due(at(2026, 11, 26), 2, six).date() == date(2026, 11, 28)
    assert due(at(2026, 11, 26), 2, OFFICE).date() == date(2026, 11, 30)


def test_the_days_a_clock_stood_still_are_working_days() -> None:
    assert paused_days(at(2026, 11, 26), at(2026, 11, 30), OFFICE) == 2  # Friday and Monday
    assert paused_days(at(2026, 11, 27, 8), at(2026, 11, 27, 10), OFFICE) == 0
    assert paused_days(at(2026, 11, 28), at(2026, 11, 29), OFFICE) == 0
    assert paused_days(at(2026, 11, 30), at(2026, 11, 26), OFFICE) == 0


def test_days_left_are_none_today_and_negative_when_late() -> None:
    promised = due(at(2026, 11, 23), 3, OFFICE)
    assert OFFICE.days_left(promised, at(2026, 11, 23)) == 3
    assert OFFICE.days_left(promised, at(2026, 11, 26, 20)) == 0
    assert OFFICE.days_left(promised, at(2026, 11, 27)) == -1
    assert OFFICE.days_left(promised, at(2026, 11, 30)) == -2


@pytest.mark.parametrize(
    ("kind", "inspection", "key"),
    [
        ("COMPLAINT", False, "complaint"),
        ("ASPIRATION", False, "aspiration"),
        ("INFORMATION", False, "information"),
        ("COMPLAINT", True, "inspection"),
        ("INFORMATION", True, "inspection"),
    ],
)
def test_an_inspection_has_its_own_clock_whatever_the_kind(kind: str, inspection: bool, key: str) -> None:
    assert clock_key(kind, inspection) == key


LAW = {"law_answer": 14, "law_complete": 30, "law_settle": 60}


def test_the_law_counts_days_off_too_and_not_the_day_itself() -> None:
    """Law 25/2009 art. 44 and 50, over Lebaran 2026: what the working-day clocks leave out, these count."""
    received = at(2026, 3, 13, 22)
    ends = {clock.key: clock.due.date() for clock in legal(received, at(2026, 3, 17), at(2026, 3, 14), LAW, OFFICE)}
    assert ends == {"law_answer": date(2026, 3, 27), "law_complete": date(2026, 4, 13), "law_settle": date(2026, 5, 16)}
    assert [clock.key for clock in legal(received, None, None, LAW, OFFICE)] == ["law_answer"]


def test_the_day_of_the_law_is_the_villages_too() -> None:
    jayapura = Calendar(zone="Asia/Jayapura")
    (answer,) = legal(datetime(2026, 3, 13, 23, 30, tzinfo=WIB), None, None, LAW, jayapura)
    assert answer.due.astimezone(ZoneInfo("Asia/Jayapura")).date() == date(2026, 3, 28), "it is the 14th there already"


@pytest.mark.parametrize(
    ("left", "reasons"),
    [
        (3, []),
        (2, ["before"]),
        (1, ["before"]),
        (0, ["today"]),
        (-1, ["late_liaison"]),
        (-3, ["late_liaison", "late_secretary"]),
        (-99, ["late_liaison", "late_secretary", "late_head"]),
    ],
)
def test_a_clock_calls_for_each_step_up_in_its_time(left: int, reasons: list[str]) -> None:
    rungs = {"late_liaison": 1, "late_secretary": 3, "late_head": 5}
    assert steps_up(left, date(2026, 11, 25), rungs) == [f"{reason}:2026-11-25" for reason in reasons]


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(WIB))


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(1, 60), st.integers(0, 48))
def test_who_comes_later_is_never_promised_earlier(moment: datetime, days: int, hours: int) -> None:
    assert due(moment, days, OFFICE) <= due(moment + timedelta(hours=hours), days, OFFICE)


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(1, 60))
def test_a_promise_ends_with_a_working_day_and_has_that_many_days_left(moment: datetime, days: int) -> None:
    promised = due(moment, days, OFFICE)
    day = promised.astimezone(WIB).date()
    assert day not in OFF
    assert day.weekday() < 5
    assert OFFICE.between(OFFICE.day_of_receipt(moment), day) == days
