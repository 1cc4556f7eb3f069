"""Reminding before the deadline, on the day, and step by step upwards after it: one pass over all that is open, each reason once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from kentongan.complaints import clocks, deadlines
from kentongan.complaints.actions import _act
from kentongan.complaints.deadlines import Calendar
from kentongan.complaints.lifecycle import OPEN, State
from kentongan.complaints.models import Complaint
from kentongan.village.models import Village
from kentongan.village.roles import Role

CHUNK = 1000
HORIZON = timedelta(days=21)  # two working days are never further away, whatever the holidays
RUNGS = {"late_liaison": Role.LIAISON, "late_secretary": Role.SECRETARY, "late_head": Role.HEAD}
Row = tuple[int, str, str, datetime]  # complaint, village, state, due


def sweep(now: datetime | None = None) -> int:
    """Write down every reminder that is due by now; returns how many. Three statements for a thousand complaints; safe to run twice at once.

    A clock that stands still reminds nobody.
    """
    moment = now or timezone.now()
    villages = {village.pk: village for village in Village.objects.all()}
    calendars = {pk: clocks.calendar_of(village) for pk, village in villages.items()}
    written = 0
    for chunk in _running(moment + HORIZON):
        reasons = [reason for row in chunk for reason in _reasons(row, villages[row[1]], calendars[row[1]], moment)]
        if reasons:
            with transaction.atomic():
                written += _write(reasons, moment)
    return written


def _running(until: datetime) -> Iterator[list[Row]]:
    """Open complaints whose clocks run and end before ``until``, in chunks by id."""
    running = Complaint.for_system("reminders").filter(state__in=OPEN, paused_at=None, due_at__lt=until).order_by("pk")
    running = running.exclude(state=State.AWAITING_COMPLAINANT)
    last = 0
    columns = ("pk", "village_id", "state", "due_at")
    more = True
    while more:
        found = list(running.filter(pk__gt=last).values_list(*columns)[: CHUNK + 1])  # one more tells whether there is more
        more, found = len(found) > CHUNK, found[:CHUNK]
        yield [(pk, village, state, due) for pk, village, state, due in found if due]
        last = found[-1][0] if found else last


def _reasons(row: Row, village: Village, calendar: Calendar, now: datetime) -> Iterator[tuple[Row, str]]:
    due = calendar.local(row[3]).date()
    rungs = {rung: village.clock(rung) for rung in RUNGS}
    for reason in deadlines.steps_up(calendar.days_left(row[3], now), due, rungs):
        yield row, reason


def _write(reasons: list[tuple[Row, str]], now: datetime) -> int:
    """Claim each reason, and write the events of those that nobody had claimed."""
    values = ", ".join(["(%s, %s, %s, %s)"] * len(reasons))
    at = connection.ops.adapt_datetimefield_value(now)
    parameters = [part for row, reason in reasons for part in (row[1], row[0], reason, at)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO complaints_reminder (village_id, complaint_id, reason, at) VALUES {values}"  # noqa: S608 - no input
            " ON CONFLICT (complaint_id, reason) DO NOTHING RETURNING complaint_id, reason",
            parameters,
        )
        new = set(cursor.fetchall())
    events = [_event(row, reason, now) for row, reason in reasons if (row[0], reason) in new]
    _act.write_events(events)
    return len(events)


def _event(row: Row, reason: str, now: datetime) -> _act.PlainEvent:
    what = reason.partition(":")[0]
    if what in RUNGS:
        return _act.PlainEvent(row[1], row[0], "escalated", now, row[2], {"to": str(RUNGS[what])})
    return _act.PlainEvent(row[1], row[0], "reminded", now, row[2], {"when": what})
