"""The day of the report, as durable jobs: it is asked for, or sent by itself; ``worker.DUTIES`` says when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from kentongan.complaints import sent_reports
from kentongan.complaints.models import Complaint, ReportNotice
from kentongan.jobs import engine
from kentongan.jobs.backend import task
from kentongan.reports.report import sending
from kentongan.reports.report.period import Period
from kentongan.village.models import User, Village
from kentongan.village.roles import Role

SEND = "kentongan.reports.report.duties.send_by_itself"
LENGTHS = (1, 3, 6, 12)
CATCH_UP = 12  # months of an office that was shut


@task()
def reports_due() -> None:
    """Claim every report whose day has come, and have the desk told, or have it sent where the village wishes so."""
    for village in Village.objects.order_by("pk"):
        for period in due(village, village.local(timezone.now()).date()):
            _claim(village, period)


def due(village: Village, today: date) -> list[Period]:
    """The periods whose reports fell due since the last one that was claimed, oldest first; at the beginning only the latest."""
    claimed = set(ReportNotice.objects.filter(village=village, report=None).values_list("period", flat=True))
    found: list[Period] = []
    for first in _months_back(today, village.report_day):
        ended = [period for period in _ending_before(first) if period.key not in claimed and _has_book(village, period)]
        found = [*ended, *found]
        if not claimed or not ended:
            break
    return found


def _months_back(today: date, day: int) -> Iterator[date]:
    """The first day of each month in which a report fell due by ``today``, newest first."""
    first = today.replace(day=1)
    if today.day < day:
        first = (first - timedelta(days=1)).replace(day=1)
    for _n in range(CATCH_UP):
        yield first
        first = (first - timedelta(days=1)).replace(day=1)


def _ending_before(first: date) -> list[Period]:
    """The month that ended the day before ``first``, and the quarter, half-year and year that ended with it."""
    last = first - timedelta(days=1)
    return [Period(last.year, last.month - length + 1, length) for length in LENGTHS if last.month % length == 0]


def _has_book(village: Village, period: Period) -> bool:
    """Whether the village had begun its book by then: nobody is asked for a report of what was before."""
    over = period.moments(village)[1]
    return Complaint.for_system("whether the book had begun").filter(village=village, received_at__lt=over).exists()


def _claim(village: Village, period: Period) -> None:
    with transaction.atomic():
        notice = sent_reports.claim(village, period.key, period.name)
        if notice is None:
            return  # another worker was faster
        if village.report_by_itself and _sender(village):
            engine.put(SEND, [notice.pk], unique_key=f"send-report:{notice.pk}")
        else:
            sent_reports.tell(notice)


def _sender(village: Village) -> User | None:
    """Whose desk signs: the complaint officer, or the secretary where the village has none. The head does not write to himself."""
    return next(iter(sent_reports.holders(village, Role.OFFICER, Role.SECRETARY)), None)


@task(atomic=False, max_attempts=3)
def send_by_itself(notice: int) -> None:
    """Send the report of a period that nobody has sent; the desk is asked instead where nobody is left to sign it."""
    row = ReportNotice.objects.select_related("village").get(pk=notice)
    village, period, now = row.village, Period.of(row.period), timezone.now()
    sender = _sender(village)
    if sender is None:
        sent_reports.tell(row)
        return
    try:
        sending.send(sender, village, period, now=now, by_itself=True, base=village.site)
    except sent_reports.AlreadySent:
        return  # somebody was faster, or an earlier attempt was
