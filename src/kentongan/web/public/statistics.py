"""Public statistics: counts only, one dimension at a time, small cells withheld."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from kentongan.channels import registry
from kentongan.complaints.models import Complaint, Tally
from kentongan.lib.text import whole
from kentongan.reports import spreadsheet
from kentongan.reports.statistics import PublicFigures
from kentongan.reports.statistics import public as public_figures
from kentongan.village.models import Kind, Village
from kentongan.web.public import survey
from kentongan.web.public.here import village_of

SECONDS_KEPT = 300
Row = tuple[str, int | None]  # a label and its count; None: too small to show


@dataclass(frozen=True)
class Year:
    """A year of the book for everybody. ``answered``, ``rated`` and ``satisfied`` (3 or 4 of 4) are of the complaints received in it;
    ``months``: (month, received, ended in that month)."""

    counts: PublicFigures
    answered: int
    rated: int
    satisfied: int
    months: list[tuple[date, int, int]]

    @property
    def on_time_share(self) -> int | None:
        return self.counts.share.percent if self.counts.share else None

    @property
    def satisfied_share(self) -> int | None:
        return round(100 * self.satisfied / self.rated) if self.rated else None

    @property
    def categories(self) -> list[Row]:
        names = self.counts.names["category"]
        return [(names.get(pk) or gettext("Not yet classified"), n) for pk, n in self.counts.by_category.items()]

    @property
    def kinds(self) -> list[Row]:
        return _labelled(self.counts.by_kind, dict(Kind.choices))

    @property
    def channels(self) -> list[Row]:
        return [(str(registry.label(key)), n) for key, n in self.counts.by_channel.items()]


def _labelled(counts: Mapping[str, int | None], labels: Mapping[str, Any]) -> list[Row]:
    return [(str(labels.get(key, key)), n) for key, n in counts.items()]


@gzip_page
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    village = village_of(request)
    years = years_of(village)
    year = whole(request.GET.get("tahun", ""))
    year = year if year in years else years[0]
    figures = figures_of(village, year)
    charts = [
        (gettext("What they are about"), gettext("Category"), figures.categories),
        (gettext("Of what kind"), gettext("Kind"), figures.kinds),
        (gettext("How they came in"), gettext("Channel"), figures.channels),
    ]
    context = {
        "surveys": survey.lines_of(village),
        "years": years,
        "figures": figures,
        "month_head": [gettext("Month"), gettext("Received"), gettext("Ended")],
        "charts": [(title, head, rows, [row for row in rows if row[1] is not None]) for title, head, rows in charts],
    }
    return render(request, "public/statistics.html", context)


def years_of(village: Village) -> list[int]:
    """This year and every year of the book, newest first."""
    months = Tally.objects.filter(village=village, n__gt=0).order_by().values_list("month", flat=True).distinct()
    return sorted({timezone.localdate().year, *(month.year for month in months)}, reverse=True)


def figures_of(village: Village, year: int) -> Year:
    """The year's counts, at most five minutes old."""
    key = f"year:{village.pk}:{year}"
    figures: Year | None = cache.get(key)
    if figures is None:
        figures = _count(village, year)
        cache.set(key, figures, SECONDS_KEPT)
    return figures


def _count(village: Village, year: int) -> Year:
    zone = ZoneInfo(village.zone)
    begins, ends = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    book = Complaint.for_system("public counts of a year").filter(village=village).order_by()
    totals = book.filter(received_at__gte=begins, received_at__lt=ends).aggregate(
        answered=Count("responded_at"), rated=Count("rating"), satisfied=Count("id", filter=Q(rating__gte=3))
    )
    received = dict(
        Tally.objects.filter(village=village, month__year=year).order_by().values_list("month").annotate(sum=Sum("n"))
    )
    ended_rows = book.filter(ended_at__gte=begins, ended_at__lt=ends).annotate(month=TruncMonth("ended_at", tzinfo=zone))
    by_month = {moment.month: n for moment, n in ended_rows.values_list("month").annotate(n=Count("id"))}
    firsts = [date(year, month, 1) for month in range(1, 13)]
    months = [(first, received.get(first, 0), by_month.get(first.month, 0)) for first in firsts]
    return Year(counts=public_figures(village, year), months=months, **totals)


@require_safe
def table(request: HttpRequest, year: int) -> HttpResponse:
    """The same figures as CSV."""
    village = village_of(request)
    if year not in years_of(village):
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statistik-pengaduan-{village.pk}-{year}.csv"'
    head = (gettext("What"), gettext("Which"), gettext("Count"))
    response.writelines(spreadsheet.lines([head, *_lines(figures_of(village, year))]))
    return response


def _lines(figures: Year) -> Iterable[tuple[str, str, str]]:
    everything = gettext("All")
    yield gettext("Received"), everything, str(figures.counts.received)
    yield gettext("Answered"), everything, str(figures.answered)
    if figures.counts.share:
        yield gettext("Answered on time"), everything, str(figures.counts.share.on_time)
    yield gettext("Rated"), everything, str(figures.rated)
    yield gettext("Satisfied"), everything, str(figures.satisfied)
    for month, received, ended in figures.months:
        yield gettext("Received"), date_format(month, "Y-m"), str(received)
        yield gettext("Ended"), date_format(month, "Y-m"), str(ended)
    groups = ((gettext("Category"), figures.categories), (gettext("Kind"), figures.kinds), (gettext("Channel"), figures.channels))
    for what, rows in groups:
        for label, n in rows:
            yield what, label, gettext("few") if n is None else str(n)
