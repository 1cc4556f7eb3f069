"""The village's calendar and clocks as ``deadlines`` wants them."""

from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from kentongan.complaints import deadlines, rollup
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import Holiday, Village

_KEPT = 60  # seconds a calendar is kept in memory; recomputation reads it afresh


def calendar_of(village: Village, *, fresh: bool = False) -> deadlines.Calendar:
    """The village's calendar: zone, hours, days off."""
    key = f"calendar:{village.pk}"
    calendar: deadlines.Calendar | None = None if fresh else cache.get(key)
    if calendar is None:
        days = Holiday.objects.filter(village=village)
        if not village.joint_leave_counts_as_off:
            days = days.exclude(kind=Holiday.Kind.JOINT_LEAVE)
        calendar = deadlines.Calendar(village.zone, village.opening(), frozenset(days.values_list("day", flat=True)))
        cache.set(key, calendar, _KEPT)
    return calendar


def start(complaint: Complaint, village: Village, key: str, *, since: datetime | None = None) -> None:
    """Set the clock ``key`` of the village running, from ``since`` when it begins anew. Saves nothing."""
    complaint.clock_days = village.clock(key)
    complaint.clock_from = since or complaint.clock_from or complaint.received_at
    wind(complaint, village)


def start_answer(complaint: Complaint, village: Village, *, since: datetime | None = None) -> None:
    """Set the answer's clock running: the category's own days, else those of its kind. Saves nothing."""
    key = deadlines.clock_key(complaint.kind, complaint.inspection)
    start(complaint, village, key, since=since)
    if complaint.category and complaint.category.clock_days:
        complaint.clock_days = complaint.category.clock_days
        wind(complaint, village)


def legal(complaint: Complaint, village: Village) -> list[deadlines.LegalClock]:
    """The clocks of the law for one complaint, while it is open."""
    if not complaint.is_open:
        return []
    asked = complaint.paused_at if complaint.state == State.AWAITING_COMPLAINANT else None
    days = {key: village.clock(key) for key in ("law_answer", "law_complete", "law_settle")}
    return deadlines.legal(complaint.received_at, complaint.verified_at, asked, days, calendar_of(village))


def pause(complaint: Complaint, at: datetime) -> None:
    """Let the clock stand still from ``at``. Saves nothing."""
    complaint.paused_at = complaint.paused_at or at


def resume(complaint: Complaint, village: Village, at: datetime) -> None:
    """Let it run again, the days it stood still added at the end. Saves nothing."""
    if complaint.paused_at:
        complaint.paused_days += deadlines.paused_days(complaint.paused_at, at, calendar_of(village))
        complaint.paused_at = None


def promised(complaint: Complaint, calendar: deadlines.Calendar) -> datetime:
    """The end of the day the running clock promises."""
    return deadlines.due(complaint.clock_from, complaint.clock_days + complaint.paused_days, calendar)


def wind(complaint: Complaint, village: Village) -> datetime:
    """Set the due time anew after the promise or the paused days changed, and return it. Saves nothing."""
    complaint.due_at = promised(complaint, calendar_of(village))
    return complaint.due_at


def recompute(village: Village) -> int:
    """Set every running clock anew after the calendar changed; returns how many promises moved."""
    calendar = calendar_of(village, fresh=True)
    moved = 0
    running = [State.RECEIVED, State.VERIFIED, State.ASSIGNED, State.IN_PROGRESS, State.REFERRED]
    for complaint in (
        Complaint.for_system("clocks follow the calendar")
        .filter(village=village, state__in=running)
        .select_related("village")
        .iterator()
    ):
        due = promised(complaint, calendar)
        if due != complaint.due_at:
            moved += _promise_anew(complaint, due)
    return moved


def _promise_anew(complaint: Complaint, due: datetime) -> bool:
    """Move one promise, and where it is counted; not when somebody changed the complaint meanwhile: his step set the clock anew."""
    before = rollup.measures(complaint)
    with transaction.atomic():
        same = Complaint.for_system("clocks follow the calendar").filter(pk=complaint.pk, updated_at=complaint.updated_at)
        if not same.filter(due_at=complaint.due_at).update(due_at=due):
            return False
        complaint.due_at = due
        after = rollup.measures(complaint)
        rollup.move(after - before, before - after)
    return True


def days_taken(complaint: Complaint, village: Village, until: datetime) -> int:
    """Working days from the day of receipt to ``until``, the days it stood still included."""
    calendar = calendar_of(village)
    return max(0, calendar.between(calendar.day_of_receipt(complaint.received_at), calendar.local(until).date()))


def days_left(complaint: Complaint, village: Village) -> int | None:
    """Working days until the complaint is due: 0 today, negative when late, ``None`` without a clock."""
    if complaint.due_at is None:
        return None
    return calendar_of(village).days_left(complaint.due_at, timezone.now())
