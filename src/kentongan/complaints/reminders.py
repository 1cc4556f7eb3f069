"""Reminding before the deadline, on the day, and step by step upwards after it; and of agencies that do not answer. Each reason once.

One pass over all that is open, and one over all that waits for an agency: three statements each for a thousand rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from kentongan.complaints import clocks, deadlines, referrals
from kentongan.complaints.actions import _act
from kentongan.complaints.deadlines import Calendar
from kentongan.complaints.lifecycle import OPEN, State
from kentongan.complaints.models import Complaint
from kentongan.village.models import Village
from kentongan.village.roles import Role

CHUNK = 1000
HORIZON = timedelta(days=21)  # two working days are never further away, whatever the holidays
RUNGS = {"late_liaison": Role.LIAISON, "late_secretary": Role.SECRETARY, "late_head": Role.HEAD}


@dataclass(frozen=True)
class Reason:
    """Why somebody is reminded of a complaint: ``reason`` is claimed, and the event written by the one who claimed it."""

    complaint: int
    village: str
    state: str
    reason: str
    kind: str
    data: dict[str, Any]

    def event(self, at: datetime) -> _act.PlainEvent:
        return _act.PlainEvent(self.village, self.complaint, self.kind, at, self.state, self.data)


def sweep(now: datetime | None = None) -> int:
    """Write down every reminder that is due by now; returns how many. Safe to run twice at once, and to be killed in the middle.

    A clock that stands still reminds nobody.
    """
    moment = now or timezone.now()
    villages = {village.pk: village for village in Village.objects.all()}
    written = 0
    for chunk in chain(_of_clocks(villages, moment), _of_agencies(villages, moment)):
        if chunk:
            with transaction.atomic():
                written += _write(chunk, moment)
    return written


# --- clocks that run --------------------------------------------------------------------------------------------------------


def _of_clocks(villages: dict[str, Village], now: datetime) -> Iterator[list[Reason]]:
    """What the clocks of open complaints call for by now, in chunks by id."""
    calendars = {pk: clocks.calendar_of(village) for pk, village in villages.items()}
    running = Complaint.for_system("reminders").filter(state__in=OPEN, paused_at=None, due_at__lt=now + HORIZON)
    for rows in _chunks(running.exclude(state=State.AWAITING_COMPLAINANT), "village_id", "state", "due_at"):
        yield [reason for pk, place, *row in rows for reason in _steps(pk, villages[place], calendars[place], now, *row)]


def _steps(pk: int, village: Village, calendar: Calendar, now: datetime, state: str, due_at: datetime) -> Iterator[Reason]:
    rungs = {rung: village.clock(rung) for rung in RUNGS}
    for reason in deadlines.steps_up(calendar.days_left(due_at, now), calendar.local(due_at).date(), rungs):
        what = reason.partition(":")[0]
        if what in RUNGS:
            yield Reason(pk, village.pk, state, reason, "escalated", {"to": str(RUNGS[what])})
        else:
            yield Reason(pk, village.pk, state, reason, "reminded", {"when": what})


# --- agencies that do not answer ---------------------------------------------------------------------------------------------


def _of_agencies(villages: dict[str, Village], now: datetime) -> Iterator[list[Reason]]:
    """Referrals whose day is over in their village, in chunks by id; one that was given a later day is a new reason."""
    today = {pk: village.local(now).date() for pk, village in villages.items()}
    waiting = referrals.latest().filter(answered_at=None, due_on__lt=max(today.values(), default=date.min))
    waiting = waiting.filter(complaint__state=State.REFERRED)
    for rows in _chunks(waiting, "village_id", "complaint_id", "due_on", "agency__name"):
        yield [_late(*row) for row in rows if row[3] < today[row[1]]]


def _late(pk: int, village: str, complaint: int, due_on: date, agency: str) -> Reason:
    data = {"referral": pk, "agency": agency, "due_on": due_on.isoformat()}
    return Reason(complaint, village, State.REFERRED, f"referral:{pk}:{due_on.isoformat()}", "agency_late", data)


# --- both --------------------------------------------------------------------------------------------------------------------


def _chunks(rows: QuerySet[Any], *columns: str) -> Iterator[list[Any]]:
    """Id and ``columns`` of the rows, a thousand at a time."""
    last, more = 0, True
    while more:
        found = list(rows.order_by("pk").filter(pk__gt=last).values_list("pk", *columns)[: CHUNK + 1])
        more, found = len(found) > CHUNK, found[:CHUNK]  # the one beyond tells whether there is more
        yield found
        last = found[-1][0] if found else last


def _write(reasons: list[Reason], now: datetime) -> int:
    """Claim each reason, and write the events of those that nobody had claimed."""
    values = ", ".join(["(%s, %s, %s, %s)"] * len(reasons))
    at = connection.ops.adapt_datetimefield_value(now)
    parameters = [part for one in reasons for part in (one.village, one.complaint, one.reason, at)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO complaints_reminder (village_id, complaint_id, reason, at) VALUES {values}"  # noqa: S608 - no input
            " ON CONFLICT (complaint_id, reason) DO NOTHING RETURNING complaint_id, reason",
            parameters,
        )
        new = set(cursor.fetchall())
    events = [one.event(now) for one in reasons if (one.complaint, one.reason) in new]
    _act.write_events(events)
    return len(events)
