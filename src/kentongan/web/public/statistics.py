"""Public statistics: counts only, one dimension at a time, small cells withheld."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from kentongan.channels import registry
from kentongan.complaints.models import Tally
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
    """A year of the book for everybody, in the words of the screen."""

    counts: PublicFigures

    @property
    def on_time_share(self) -> int | None:
        return self.counts.share.percent if self.counts.share else None

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
    counts: PublicFigures | None = cache.get(key)
    if counts is None:
        counts = public_figures(village, year)
        cache.set(key, counts, SECONDS_KEPT)
    return Year(counts)


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
    yield gettext("Answered"), everything, str(figures.counts.answered)
    if figures.counts.share:
        yield gettext("Answered on time"), everything, str(figures.counts.share.part)
    yield gettext("Rated"), everything, str(figures.counts.satisfied.whole)
    yield gettext("Satisfied"), everything, str(figures.counts.satisfied.part)
    for month, received, ended in figures.counts.months:
        yield gettext("Received"), date_format(month, "Y-m"), str(received)
        yield gettext("Ended"), date_format(month, "Y-m"), str(ended)
    groups = ((gettext("Category"), figures.categories), (gettext("Kind"), figures.kinds), (gettext("Channel"), figures.channels))
    for what, rows in groups:
        for label, n in rows:
            yield what, label, gettext("few") if n is None else str(n)
