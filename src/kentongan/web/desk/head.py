"""The head's week on one screen: what is late and with whom, what waits for approval, this month against the last."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kentongan.complaints import plans, sent_reports
from kentongan.complaints.models import Complaint, Outcome, SentReport
from kentongan.web.desk import filters, queues, rows
from kentongan.web.desk.guard import OfficialRequest

FEW = 8
MANY = 50
NEW = timedelta(days=14)  # a report is shown as news for so long


@dataclass(frozen=True)
class Month:
    """What was received in a month, and how it stands."""

    first: date
    received: int
    answered: int
    on_time: int
    rating: float | None
    rated: int


def week(request: OfficialRequest) -> HttpResponse:
    mine = Complaint.visible_to(request.user)
    with_holders = rows.with_holders(mine)
    late = with_holders.filter(queues.late()).order_by("due_at", "id")[: FEW + 1]
    rule = queues.condition("approve", request.user) or Q(pk__in=[])
    approve = mine.filter(rule).select_related("hamlet", "complainant").order_by("due_at", "id")[: FEW + 1]
    planned = mine.filter(planned_on__isnull=False, outcome=Outcome.PLANNED, state__in=plans.STAND).order_by("planned_on", "id")
    late_rows, approve_rows = rows.lines(late, request.user), rows.lines(approve, request.user)
    context = {
        "queues": queues.waiting(request.user, request.village),
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


def _months(complaints: Any) -> tuple[Month, Month]:
    """This month and the one before, of what the reader may see, in one query."""
    today = timezone.localdate()
    first = today.replace(day=1)
    spans = [_span(first), _span((first - timedelta(days=1)).replace(day=1))]
    sums: dict[str, Any] = {}
    for index, (begin, end) in enumerate(spans):
        here = Q(received_at__gte=begin, received_at__lt=end)
        sums |= {
            f"received{index}": Count("pk", filter=here),
            f"answered{index}": Count("pk", filter=here & Q(responded_at__isnull=False)),
            f"on_time{index}": Count("pk", filter=here & Q(on_time=True)),
            f"rating{index}": Avg("rating", filter=here),
            f"rated{index}": Count("rating", filter=here),
        }
    n = complaints.order_by().filter(received_at__gte=spans[1][0]).aggregate(**sums)
    months = [
        Month(timezone.localdate(begin), n[f"received{i}"], n[f"answered{i}"], n[f"on_time{i}"], n[f"rating{i}"], n[f"rated{i}"])
        for i, (begin, _end) in enumerate(spans)
    ]
    return months[0], months[1]


def _span(first: date) -> tuple[datetime, datetime]:
    span = filters.month_span(f"{first:%Y-%m}")
    if span is None:
        raise ValueError(first)
    return span


def _repeats(complaints: Any) -> list[dict[str, Any]]:
    """Categories that came more than once in one hamlet within 90 days."""
    since = timezone.now() - timedelta(days=90)
    groups = (
        complaints.filter(received_at__gte=since, category__isnull=False)
        .order_by()
        .values("category", "category__name", "hamlet", "hamlet__name")
    )
    return list(groups.annotate(n=Count("pk")).filter(n__gt=1).order_by("-n")[:5])
