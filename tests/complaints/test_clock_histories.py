"""Thousands of random lives of one clock, each counted again day by day by hand."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.complaints import clocks
from kentongan.complaints.deadlines import Calendar
from kentongan.complaints.models import Complaint
from kentongan.village.models import Village

pytestmark = pytest.mark.pure
HISTORIES = 5000
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
FIVE = {day: (time(7, 30), time(15, 30)) for day in range(5)}
SIX = {**FIVE, 4: (time(7, 0), time(11, 30)), 5: (time(7, 30), time(12))}
FIRST = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))


@dataclass(frozen=True)
class Life:
    """Received, then things that happen, each so many hours after the one before: asked, completed, more time, a decree."""

    zone: str
    hours: dict[int, tuple[time, time]]
    off: frozenset[int]
    received: int
    days: int
    steps: list[tuple[str, int]] = field(default_factory=list)


lives = st.builds(
    Life,
    st.sampled_from(ZONES),
    st.sampled_from((FIVE, SIX)),
    st.frozensets(st.integers(0, 200), max_size=25),
    st.integers(0, 24 * 120),
    st.integers(1, 60),
    st.lists(st.tuples(st.sampled_from(("pause", "resume", "extend", "decree")), st.integers(0, 400)), max_size=8),
)


def days_off(numbers: frozenset[int]) -> frozenset[date]:
    return frozenset(FIRST.date() + timedelta(days=number) for number in numbers)


class ByHand:
    """The same clock, counted with a pencil: one day after the other."""

    def __init__(self, life: Life) -> None:
        self.zone, self.hours, self.off = ZoneInfo(life.zone), life.hours, days_off(life.off)
        self.stood = 0
        self.since: date | None = None

    def works(self, day: date) -> bool:
        return day.weekday() in self.hours and day not in self.off

    def received_on(self, moment: datetime) -> date:
        local = moment.astimezone(self.zone)
        day = local.date()
        if self.works(day) and local.time() > self.hours[day.weekday()][1]:
            day += timedelta(days=1)
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def ends(self, received: datetime, days: int) -> date:
        day, left = self.received_on(received), days + self.stood
        while left:
            day += timedelta(days=1)
            left -= self.works(day)
        return day

    def pause(self, moment: datetime) -> None:
        self.since = self.since or moment.astimezone(self.zone).date()

    def resume(self, moment: datetime) -> None:
        if self.since is None:
            return
        day, until = self.since, moment.astimezone(self.zone).date()
        while day < until:
            day += timedelta(days=1)
            self.stood += self.works(day)
        self.since = None


def calendar_set(village: Village, life: Life, off: frozenset[date]) -> None:
    clocks.cache.set(f"calendar:{village.pk}", Calendar(life.zone, life.hours, off))


@settings(max_examples=HISTORIES, deadline=None)
@given(life=lives)
def test_whatever_happens_the_promise_is_what_a_pencil_says(life: Life) -> None:
    village = Village(code="33.01.02.2014", zone=life.zone, clocks={"verify": life.days})
    pencil = ByHand(life)
    calendar_set(village, life, pencil.off)
    now = FIRST + timedelta(hours=life.received)
    row = Complaint(village=village, received_at=now, paused_days=0)
    clocks.start(row, village, "verify")
    promised = life.days
    for what, hours in life.steps:
        now += timedelta(hours=hours)
        before = row.due_at
        if what == "pause":
            clocks.pause(row, now)
            pencil.pause(now)
        elif what == "resume":
            clocks.resume(row, village, now)
            pencil.resume(now)
            clocks.wind(row, village)
        elif what == "extend":
            row.clock_days += 5
            promised += 5
            clocks.wind(row, village)
        else:
            pencil.off |= {now.date() + timedelta(days=3)}
            calendar_set(village, life, pencil.off)
            clocks.wind(row, village)
        assert row.due_at
        assert before
        assert row.due_at >= before, "nothing that happens takes days away from anybody"
        here = row.due_at.astimezone(pencil.zone)
        assert here.time() == time(23, 59, 59), "a promise for a day holds until that day is over"
        if what != "pause":
            assert here.date() == pencil.ends(row.received_at, promised)
            assert pencil.works(here.date())
