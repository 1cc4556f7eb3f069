"""``/buku/statistik/``: the year, or one month of it, in figures, charts and tables, for officials."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext

from kentongan.channels import registry
from kentongan.complaints.lifecycle import OPEN, State
from kentongan.reports import statistics
from kentongan.reports.spreadsheet import as_text
from kentongan.reports.statistics import Balance, Figures
from kentongan.village.models import Kind
from kentongan.web.book.period import first_year
from kentongan.web.desk.guard import OfficialRequest, official
from kentongan.web.templatetags.kentongan import number

Rows = list[tuple[str, int]]


@official
def page(request: OfficialRequest) -> HttpResponseBase:
    """Figures over what this person may see; ``?year=2026&month=11``."""
    today = timezone.localdate()
    figures = _figures(request, today)
    context = {
        "figures": figures,
        "title": _title(figures),
        "years": range(today.year, first_year(request.user, request.village) - 1, -1),
        "months": [(n, formats.date_format(date(2000, n, 1), "F")) for n in range(1, 13)],
        "open": sum(n for state, n in figures.by_state.items() if state in OPEN),
        "answered": figures.share.answered,
        "month_rows": [(month.start, month.received, month.ended) for month in figures.months],
        "tables": tables(figures),
        "balance_head": balance_head(),
        "balance_rows": [_balance_cells(formats.date_format(month.start, "F"), month) for month in figures.months],
        "balance_total": _balance_cells(str(figures.year), _whole_year(figures)),
        "table_head": [gettext("What"), gettext("Count")],
        "month_head": [gettext("Month"), gettext("Received"), gettext("Ended")],
    }
    return render(request, "book/statistics.html", context)


@official
def as_csv(request: OfficialRequest) -> HttpResponseBase:
    """The same figures as lines: table, row, number."""
    figures = _figures(request, timezone.localdate())
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([gettext("Table"), *balance_head()])
    for month in figures.months:
        writer.writerow([gettext("Balance"), f"{month.start:%Y-%m}", *_numbers(month)])
    writer.writerow([gettext("Balance"), figures.year, *_numbers(_whole_year(figures))])
    writer.writerow([])
    writer.writerow([gettext("Table"), gettext("What"), gettext("Count")])
    for title, rows in tables(figures):
        writer.writerows([title, as_text(label), n] for label, n in rows)
    writer.writerow([gettext("Answered on time"), f"{figures.share.on_time}/{figures.share.answered}"])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    chosen = f"-{figures.month:02d}" if figures.month else ""
    response["Content-Disposition"] = f'attachment; filename="statistik-{figures.year}{chosen}.csv"'
    return response


def _figures(request: OfficialRequest, today: date) -> Figures:
    year = _within(request.GET.get("year", ""), 1900, 9998) or today.year
    month = _within(request.GET.get("month", ""), 1, 12)
    return statistics.year(request.village, request.user, year, today=today, month=month)


def _within(typed: str, least: int, most: int) -> int | None:
    if not typed.isascii() or not typed.isdigit() or len(typed) > 4:
        return None
    return int(typed) if least <= int(typed) <= most else None


def _title(figures: Figures) -> str:
    if figures.month is None:
        return str(figures.year)
    return formats.date_format(date(figures.year, figures.month, 1), "F Y")


def tables(figures: Figures) -> list[tuple[str, Rows]]:
    """Each dimension with its rows in words, largest first; states in the order of the life cycle."""
    states = [(str(state.label), figures.by_state[state]) for state in State if figures.by_state.get(state)]
    return [
        (gettext("By channel"), [(str(registry.label(key)), n) for key, n in figures.by_channel.items()]),
        (gettext("By category"), _by_name(figures.by_category, figures.names["category"], gettext("Not yet classified"))),
        (gettext("By kind"), [(str(Kind(key).label), n) for key, n in figures.by_kind.items()]),
        (gettext("By hamlet"), _by_name(figures.by_hamlet, figures.names["hamlet"], gettext("Place not given"))),
        (gettext("By state"), states),
    ]


def _by_name(counts: Mapping[int, int], names: Mapping[int, str], nameless: str) -> Rows:
    return [(names.get(key, nameless), n) for key, n in counts.items()]


def balance_head() -> list[str]:
    return [gettext("Month"), gettext("Open at the beginning"), gettext("Received"), gettext("Ended"), gettext("Open at the end")]


def _whole_year(figures: Figures) -> Balance:
    """The year's balance, whatever month was chosen."""
    opening = figures.months[0].opening if figures.months else figures.total.opening
    received = sum(month.received for month in figures.months)
    return Balance(date(figures.year, 1, 1), opening, received, sum(month.ended for month in figures.months))


def _numbers(balance: Balance) -> Iterable[int]:
    return balance.opening, balance.received, balance.ended, balance.closing


def _balance_cells(label: str, balance: Balance) -> list[Any]:
    return [label, *map(number, _numbers(balance))]
