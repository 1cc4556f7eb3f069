"""Public statistics: counts only, one dimension at a time, small cells covered."""

import csv
from collections.abc import Iterable
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
from django.views.decorators.http import require_safe

from kentongan.channels import registry
from kentongan.complaints.models import Complaint, Tally
from kentongan.village.models import Category, Kind, Village
from kentongan.web.public.here import village_of

SECONDS_KEPT = 300
SMALL = 3  # a category with fewer is shown as "<3"


@dataclass(frozen=True)
class Year:
    """A year's counts, of the complaints received in it; ``months``: (month, received, ended in that month).

    ``satisfied``: those who rated 3 or 4, of ``rated``.
    """

    year: int
    received: int
    answered: int
    on_time: int
    rated: int
    satisfied: int
    months: list[tuple[date, int, int]]
    categories: list[tuple[str, int]]
    kinds: list[tuple[str, int]]
    channels: list[tuple[str, int]]


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    village = village_of(request)
    years = years_of(village)
    typed = request.GET.get("tahun", "")
    year = int(typed) if typed.isdecimal() and int(typed) in years else years[0]
    figures = figures_of(village, year)
    context = {
        "years": years,
        "figures": figures,
        "on_time_share": share(figures.on_time, figures.answered),
        "satisfied_share": share(figures.satisfied, figures.rated),
        "categories": covered(named(figures.categories)),
        "category_bars": [(label, n) for label, n in named(figures.categories) if n >= SMALL],
        "month_head": [gettext("Month"), gettext("Received"), gettext("Ended")],
        "kind_head": [gettext("Kind"), gettext("Count")],
        "channel_head": [gettext("Channel"), gettext("Count")],
        "kinds": labelled(figures.kinds, dict(Kind.choices)),
        "channels": [(str(registry.label(key)), n) for key, n in figures.channels],
    }
    return render(request, "public/statistics.html", context)


def share(part: int, whole: int) -> int | None:
    """Per cent, or nothing when there is nothing to share."""
    return round(100 * part / whole) if whole else None


def covered(rows: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    """Small counts as "<3". When one alone is small, the total would give it away: the next smallest is then shown as "≥3"."""
    counted = sorted(rows, key=lambda row: -row[1])
    small = [n for _, n in counted if n < SMALL]
    last_big = len(counted) - len(small) - 1
    cells = []
    for place, (label, n) in enumerate(counted):
        shown = f"<{SMALL}" if n < SMALL else f"≥{SMALL}" if len(small) == 1 and place == last_big else str(n)
        cells.append((label, shown))
    return cells


def named(rows: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Categories with a name for those that have none yet."""
    return [(label or gettext("Not yet classified"), n) for label, n in rows]


def labelled(rows: Iterable[tuple[str, int]], labels: dict[str, Any]) -> list[tuple[str, int]]:
    return [(str(labels.get(key, key)), n) for key, n in rows]


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
    span = (datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone))
    book = Complaint.for_system("public counts of a year").filter(village=village).order_by()
    totals = book.filter(received_at__gte=span[0], received_at__lt=span[1]).aggregate(
        answered=Count("responded_at"), on_time=Count("id", filter=Q(on_time=True)), rated=Count("rating"), satisfied=Count("id", filter=Q(rating__gte=3))
    )
    tally = Tally.objects.filter(village=village, month__year=year).order_by()
    received = dict(tally.values_list("month").annotate(sum=Sum("n")))
    ended_rows = book.filter(ended_at__gte=span[0], ended_at__lt=span[1]).annotate(month=TruncMonth("ended_at")).values_list("month").annotate(n=Count("id"))
    ended = {moment.month: n for moment, n in ended_rows}
    months = [(date(year, month, 1), received.get(date(year, month, 1), 0), ended.get(month, 0)) for month in range(1, 13)]
    return Year(
        year=year,
        received=sum(received.values()),
        **totals,
        months=months,
        categories=_by_category(village, tally),
        kinds=_by(tally, "kind"),
        channels=_by(tally, "channel"),
    )


def _by(tally: Any, key: str) -> list[tuple[str, int]]:
    rows = tally.values_list(key).annotate(sum=Sum("n"))
    return sorted(((value, n) for value, n in rows if n > 0), key=lambda row: -row[1])


def _by_category(village: Village, tally: Any) -> list[tuple[str, int]]:
    """By the lower level's full name; what is not yet classified under its own name."""
    names = {row.pk: row.full_name for row in Category.objects.filter(village=village).select_related("parent")}
    return [(names.get(pk, ""), n) for pk, n in _by(tally, "category_id")]


@require_safe
def table(request: HttpRequest, year: int) -> HttpResponse:
    """The same figures as CSV."""
    village = village_of(request)
    if year not in years_of(village):
        raise Http404
    figures = figures_of(village, year)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statistik-pengaduan-{village.pk}-{year}.csv"'
    response.write("\ufeff")  # spreadsheets then read it as UTF-8
    writer = csv.writer(response)
    writer.writerow([gettext("What"), gettext("Which"), gettext("Count")])
    writer.writerows([safe(cell) for cell in row] for row in _lines(figures))
    return response


def _lines(figures: Year) -> Iterable[tuple[str, str, str]]:
    everything = gettext("All")
    yield gettext("Received"), everything, str(figures.received)
    yield gettext("Answered"), everything, str(figures.answered)
    yield gettext("Answered on time"), everything, str(figures.on_time)
    yield gettext("Rated"), everything, str(figures.rated)
    yield gettext("Satisfied"), everything, str(figures.satisfied)
    for month, received, ended in figures.months:
        yield gettext("Received"), date_format(month, "Y-m"), str(received)
        yield gettext("Ended"), date_format(month, "Y-m"), str(ended)
    for label, shown in covered(named(figures.categories)):
        yield gettext("Category"), label, shown
    for label, n in labelled(figures.kinds, dict(Kind.choices)):
        yield gettext("Kind"), label, str(n)
    for key, n in figures.channels:
        yield gettext("Channel"), str(registry.label(key)), str(n)


def safe(cell: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell[:1] else cell
