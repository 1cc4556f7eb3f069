"""The clocks: pure functions of dates and a calendar. No model, no "now".

The day of receipt is not counted; what comes after closing time or on a day off counts as received on the next working
day. Paused days (waiting for the complainant or for an agency) are added at the end. Sources of the numbers: docs/clocks.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kentongan.lib import working_days

DAYS_AHEAD = 2  # working days before the deadline that those who have it are reminded


@dataclass(frozen=True)
class Calendar:
    """A village's zone, opening hours per weekday (0 = Monday) and days off."""

    zone: str = "Asia/Jakarta"
    hours: dict[int, tuple[time, time]] = field(default_factory=dict)
    off: frozenset[date] = frozenset()

    @property
    def week(self) -> frozenset[int]:
        return frozenset(self.hours) or working_days.MONDAY_TO_FRIDAY

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))

    def day_of_receipt(self, received: datetime) -> date:
        """The working day a complaint counts as received on."""
        moment = self.local(received)
        day = moment.date()
        open_today = working_days.is_working_day(day, self.off, self.week)
        hours = self.hours.get(day.weekday())
        if open_today and hours and moment.time() > hours[1]:
            return self.after(day, 1)
        return working_days.next_working_day(day, self.off, self.week)

    def after(self, day: date, days: int) -> date:
        return working_days.add_working_days(day, days, self.off, self.week)

    def between(self, start: date, end: date) -> int:
        return working_days.working_days_between(start, end, self.off, self.week)

    def end_of(self, day: date) -> datetime:
        """The last second of ``day`` in the village: a promise for a day holds until that day is over."""
        return datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(self.zone))

    def days_left(self, due: datetime, now: datetime) -> int:
        """Working days until ``due``: 0 today, negative when late."""
        return self.between(self.local(now).date(), self.local(due).date())


def due(received: datetime, days: int, calendar: Calendar) -> datetime:
    """The end of the ``days``-th working day after the day of receipt."""
    return calendar.end_of(calendar.after(calendar.day_of_receipt(received), days))


def paused_days(since: datetime, until: datetime, calendar: Calendar) -> int:
    """Working days that passed while a clock stood still."""
    return max(0, calendar.between(calendar.local(since).date(), calendar.local(until).date()))


@dataclass(frozen=True)
class LegalClock:
    """A clock of the law, in calendar days. ``key`` names its length among the village's clocks; ``source``: the article."""

    key: str
    due: datetime
    source: str


def legal(
    received: datetime, complete: datetime | None, asked: datetime | None, days: Mapping[str, int], calendar: Calendar
) -> list[LegalClock]:
    """The clocks of Law 25/2009 beside the working-day ones: never mixed, never paused.

    ``complete``: since when the file is complete; ``asked``: since when the complainant is asked to complete it. The day itself
    is not counted. ``days``: ``law_answer`` from receipt and ``law_complete`` from the question (art. 44), ``law_settle`` from
    completeness (art. 50).
    """

    def end(since: datetime, key: str, source: str) -> LegalClock:
        last = calendar.local(since).date() + timedelta(days=days[key])
        return LegalClock(key, calendar.end_of(last), source)

    clocks = [end(received, "law_answer", "UU 25/2009 pasal 44")]
    if asked:
        clocks.append(end(asked, "law_complete", "UU 25/2009 pasal 44"))
    if complete:
        clocks.append(end(complete, "law_settle", "UU 25/2009 pasal 50"))
    return clocks


def steps_up(days_left: int, due: date, rungs: Mapping[str, int]) -> list[str]:
    """What a running clock calls for by now, each as a reason that is given once: ``before:…``, ``today:…``, then the rungs, ``late_head:…``.

    ``days_left``: working days, 0 today, negative when late. ``rungs``: how many working days late each rung of the ladder is told.
    """
    day = due.isoformat()
    if days_left > 0:
        return [f"before:{day}"] if days_left <= DAYS_AHEAD else []
    if days_left == 0:
        return [f"today:{day}"]
    return [f"{rung}:{day}" for rung, after in rungs.items() if -days_left >= after]


def clock_key(kind: str, inspection: bool) -> str:
    """Which of the village's clocks an answer runs by."""
    if inspection:
        return "inspection"
    return kind.lower()
