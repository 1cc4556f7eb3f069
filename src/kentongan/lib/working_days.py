"""Working days: pure arithmetic over a set of days off."""

from collections.abc import Collection
from datetime import date, timedelta

Days = Collection[date]
MONDAY_TO_FRIDAY = frozenset(range(5))
_FAR = 4000  # days without one working day: the calendar is wrong, not the world


def is_working_day(day: date, off: Days, week: Collection[int] = MONDAY_TO_FRIDAY) -> bool:
    return day.weekday() in week and day not in off


def next_working_day(day: date, off: Days, week: Collection[int] = MONDAY_TO_FRIDAY) -> date:
    """``day`` itself when it is one, else the first after it. Raises ``ValueError`` when the calendar has none."""
    for _ in range(_FAR):
        if is_working_day(day, off, week):
            return day
        day += timedelta(days=1)
    raise ValueError("the calendar has no working day")


def add_working_days(start: date, days: int, off: Days, week: Collection[int] = MONDAY_TO_FRIDAY) -> date:
    """The ``days``-th working day after ``start``; ``start`` is not counted. Raises ``ValueError`` when the calendar has none."""
    day = start
    for _ in range(days):
        day = next_working_day(day + timedelta(days=1), off, week)
    return day


def working_days_between(start: date, end: date, off: Days, week: Collection[int] = MONDAY_TO_FRIDAY) -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` lies before ``start``."""
    if end < start:
        return -working_days_between(end, start, off, week)
    weeks, rest = divmod((end - start).days, 7)
    days = weeks * len(frozenset(week)) + sum((start.weekday() + n) % 7 in week for n in range(1, rest + 1))
    return days - sum(start < day <= end and day.weekday() in week for day in frozenset(off))
