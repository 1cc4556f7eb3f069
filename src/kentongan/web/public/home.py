"""The first page: the sentence, the button, the field; below them the doors, the way, and this month in three numbers."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from kentongan.complaints.models import Complaint, ShutOut
from kentongan.village.models import Village
from kentongan.web.public import survey
from kentongan.web.public.here import village_of

SECONDS_KEPT = 60


@dataclass(frozen=True)
class Month:
    """Of the complaints received this month: how many there are, how many are answered, how many of those on time.

    As in all public figures, what an official is shut out of is not counted: he could take his own figures from these.
    """

    received: int
    answered: int
    on_time: int


@gzip_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    village = village_of(request)
    days = {
        f"{name}_days": village.clock(clock)
        for name, clock in (("verify", "verify"), ("answer", "complaint"), ("reply", "reply"))
    }
    return render(request, "public/home.html", {"month": this_month(village), "surveys": survey.lines_of(village), **days})


def this_month(village: Village) -> Month:
    """The three numbers, at most a minute old."""
    key = f"month:{village.pk}"
    month: Month | None = cache.get(key)
    if month is None:
        begins = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        rows = Complaint.for_system("public counts of the month").filter(
            ~Exists(ShutOut.objects.filter(complaint=OuterRef("pk"))), village=village, received_at__gte=begins
        )
        month = Month(
            **rows.order_by().aggregate(
                received=Count("id"), answered=Count("responded_at"), on_time=Count("id", filter=Q(on_time=True))
            )
        )
        cache.set(key, month, SECONDS_KEPT)
    return month
