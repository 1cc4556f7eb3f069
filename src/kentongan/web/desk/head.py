"""The head's week on one screen of a phone: what is late and by whom, what waits for approval, this month beside as much of
the last, what repeats. What is more stands below it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Avg, Count, FilteredRelation, Min, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kentongan.complaints import plans, sent_reports
from kentongan.complaints.models import Complaint, Outcome, SentReport
from kentongan.reports import table
from kentongan.reports.counting import Reader, Span
from kentongan.web.desk import queues, rows
from kentongan.web.desk.guard import OfficialRequest

FEW = 8
BRIEF = 3  # lines of each kind above the fold
MANY = 50
DAY = timedelta(days=1)
NEW = timedelta(days=14)  # a report is shown as news for so long


@dataclass(frozen=True)
class Month:
    """What was received from the first of a month to the same day in it, and how it stands. ``rating``: of too few there is none."""

    first: date
    last: date
    received: int
    answered: int
    on_time: int
    rating: float | None
    rated: int


@dataclass(frozen=True)
class Holder:
    """With whom late ones are (``pk`` and ``label`` empty: the complaint desk), how many, and since when the oldest."""

    pk: int | None
    label: str
    n: int
    since: datetime


def week(request: OfficialRequest) -> HttpResponse:
    mine = Complaint.visible_to(request.user)
    with_holders = rows.with_holders(mine)
    late = with_holders.filter(queues.late()).order_by("due_at", "id")[: FEW + 1]
    rule = queues.condition("approve", request.user) or Q(pk__in=[])
    approve = mine.filter(rule).select_related("hamlet", "complainant").order_by("due_at", "id")[: FEW + 1]
    planned = mine.filter(planned_on__isnull=False, outcome=Outcome.PLANNED, state__in=plans.STAND).order_by("planned_on", "id")
    late_rows, approve_rows = rows.lines(late, request.user), rows.lines(approve, request.user)
    waiting = queues.waiting(request.user, request.village)
    shown = {queue.key: queue.shown for queue in waiting}
    context = {
        "late_n": shown.get("late", "0"),
        "approve_n": shown.get("approve", "0"),
        "holders": _late_by_whom(mine),
        "brief": BRIEF,
        "trend": _trend(request),
        "queues": waiting,
        "late": late_rows[:FEW],
        "late_more": len(late_rows) > FEW,
        "approve": approve_rows[:FEW],
        "approve_more": len(approve_rows) > FEW,
        "planned": list(planned[:MANY]),
        "today": timezone.localdate(),
        "month_key": f"{timezone.localdate():%Y-%m}",
        "reports": _new_reports(request),
        "months": _months(mine),
        "repeats": _repeats(mine),
        "calendar": rows.calendar(request.village),
    }
    return render(request, "desk/head.html", context)


def _new_reports(request: OfficialRequest) -> list[SentReport]:
    """The reports that were sent to the head of late."""
    since = timezone.now() - NEW
    return list(sent_reports.reports_for(request.user).filter(at__gte=since).defer("data").order_by("-id")[:FEW])


def _late_by_whom(complaints: Any) -> list[Holder]:
    """Who has late ones now, most first; one that several have counts with each."""
    current = FilteredRelation("assignments", condition=Q(assignments__ended_at__isnull=True))
    late = complaints.filter(queues.late()).order_by().alias(now=current)
    groups = late.values_list("now__responder", "now__responder_label").annotate(n=Count("pk"), since=Min("due_at"))
    return [Holder(pk, rows.post_of(label or ""), n, since) for pk, label, n, since in groups.order_by("-n", "since")]


def _trend(request: OfficialRequest) -> list[tuple[date, int, int]]:
    """What came and what ended in each of the last twelve months, of what the reader may see."""
    today = timezone.localdate()
    year_ago = today.replace(day=1, year=today.year - 1)
    span = Span((year_ago + timedelta(days=32)).replace(day=1), (today.replace(day=1) + timedelta(days=32)).replace(day=1) - DAY)
    came, ended = Reader(request.village, request.user).flow(span)
    return [(month, came[month], ended[month]) for month in span.months]


def _months(complaints: Any) -> tuple[Month, Month]:
    """This month so far, and as many days of the one before, of what the reader may see, in one query."""
    today = timezone.localdate()
    first = today.replace(day=1)
    before = (first - DAY).replace(day=1)
    days = [(first, today), (before, min(before + (today - first), first - DAY))]
    sums: dict[str, Any] = {}
    for index, (begin, end) in enumerate(days):
        here = Q(received_at__gte=_midnight(begin), received_at__lt=_midnight(end + DAY))
        sums |= {
            f"received{index}": Count("pk", filter=here),
            f"answered{index}": Count("pk", filter=here & Q(responded_at__isnull=False)),
            f"on_time{index}": Count("pk", filter=here & Q(on_time=True)),
            f"rating{index}": Avg("rating", filter=here),
            f"rated{index}": Count("rating", filter=here),
        }
    n = complaints.order_by().filter(received_at__gte=_midnight(before)).aggregate(**sums)
    months = []
    for i, (begin, end) in enumerate(days):
        rating = n[f"rating{i}"] if n[f"rated{i}"] >= table.FEW else None
        months.append(Month(begin, end, n[f"received{i}"], n[f"answered{i}"], n[f"on_time{i}"], rating, n[f"rated{i}"]))
    return months[0], months[1]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _repeats(complaints: Any) -> list[dict[str, Any]]:
    """Categories that came more than once in one hamlet within 90 days."""
    since = timezone.now() - timedelta(days=90)
    groups = (
        complaints.filter(received_at__gte=since, category__isnull=False)
        .order_by()
        .values("category", "category__name", "hamlet", "hamlet__name")
    )
    return list(groups.annotate(n=Count("pk")).filter(n__gt=1).order_by("-n")[:5])
