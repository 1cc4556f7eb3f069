"""``/buku/statistik/``: a span of the book in figures, charts and tables, for officials, and every table to take away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.channels import registry
from kentongan.complaints.lifecycle import State
from kentongan.reports import spreadsheet, statistics
from kentongan.reports.counting import Choice, Span
from kentongan.reports.statistics import Balance, Figures, Pace, Share, Summary
from kentongan.reports.table import FEW, Table, percent
from kentongan.village.models import Category, Kind, Unit, User, Village
from kentongan.web.book.period import SpanForm
from kentongan.web.desk import choices
from kentongan.web.desk.guard import OfficialRequest, official
from kentongan.web.public.forms import pick

MOST_YEARS = 5
Rows = list[tuple[str, int]]


class StatisticsForm(SpanForm):
    """Which part of the book is counted. An address that names what is not there is told so."""

    channel = forms.ChoiceField(label=_("Channel"), required=False)
    category = forms.TypedChoiceField(label=_("Category"), required=False, coerce=int, empty_value=None)
    hamlet = forms.TypedChoiceField(label=_("Hamlet"), required=False, coerce=int, empty_value=None)
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, user: User, village: Village) -> None:
        super().__init__(data, user=user, village=village)
        self._rows = list(Category.objects.filter(village=village))
        lists = {
            "channel": (_("All channels"), [(key, door.label) for key, door in registry.CHANNELS.items()]),
            "category": (_("All categories"), self._categories()),
            "hamlet": (_("All hamlets"), choices.hamlets(village)),
            "unit": (_("All units"), list(Unit.objects.filter(village=village).values_list("pk", "name"))),
        }
        for name, (nothing, rows) in lists.items():
            pick(self.fields[name], [("", nothing), *rows])

    def _categories(self) -> choices.Choices:
        """Every upper category, then those below it; old ones too, for they stand in the book."""
        upper = [row for row in self._rows if row.parent_id is None]
        below = {row.pk: [(one.pk, f"– {one.name}") for one in self._rows if one.parent_id == row.pk] for row in upper}
        return [choice for row in upper for choice in [(row.pk, row.name), *below[row.pk]]]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        start, end = values.get("start"), values.get("end")
        if start and end and (end - start).days > MOST_YEARS * 366:
            words = gettext("Choose at most %(most)s years.") % {"most": MOST_YEARS}
            self.add_error("start", words)
        return values

    @property
    def span(self) -> Span:
        return Span(self.cleaned_data["start"], self.cleaned_data["end"])

    @property
    def choice(self) -> Choice:
        values = self.cleaned_data
        chosen = values["category"]
        with_those_below = frozenset(row.pk for row in self._rows if chosen and chosen in (row.pk, row.parent_id))
        return Choice(values["channel"], with_those_below, values["hamlet"], values["unit"])

    @property
    def narrowed(self) -> list[str]:
        """The words of every filter that is chosen."""
        names = ("channel", "category", "hamlet", "unit")
        chosen = [(self.fields[name], self.cleaned_data[name]) for name in names if self.cleaned_data[name]]
        return [str(dict(field.choices)[value]).removeprefix("– ") for field, value in chosen]  # type: ignore[attr-defined]


# --- the pages -------------------------------------------------------------------------------------------------------


@official
def page(request: OfficialRequest) -> HttpResponseBase:
    """Figures over what this person may see."""
    form = StatisticsForm(request.GET, user=request.user, village=request.village)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        figures = _figures(request, form)
        tables = tables_of(figures)
        context |= {
            "figures": figures,
            "title": form.title,
            "narrowed": form.narrowed,
            "running": figures.span.last >= form.today,
            "few": FEW,
            "summary": tables[0],
            "balance": tables[1],
            "month_rows": [(month.start, month.received, month.ended) for month in figures.months],
            "dimensions": tables[2:],
        }
    return render(request, "book/statistics.html", context, status=200 if form.is_valid() else 400)


@official
def as_csv(request: OfficialRequest) -> HttpResponseBase:
    """The tables, or the one of ``?table=``, as lines; the filters are kept."""
    return _taken(request, "csv")


@official
def as_xlsx(request: OfficialRequest) -> HttpResponseBase:
    """The same as sheets."""
    return _taken(request, "xlsx")


def _taken(request: OfficialRequest, ending: str) -> HttpResponseBase:
    form = StatisticsForm(request.GET, user=request.user, village=request.village)
    if not form.is_valid():
        return render(request, "book/statistics.html", {"form": form}, status=400)
    made = tables_of(_figures(request, form))
    wanted = request.GET.get("table", "")
    chosen = [table for table in made if table.key == wanted] or made
    response: HttpResponseBase
    if ending == "csv":
        response = StreamingHttpResponse(spreadsheet.csv_lines(chosen), content_type="text/csv; charset=utf-8")
    else:
        above = [request.village.name, form.title, *form.narrowed, gettext("Counted over what you may see.")]
        response = FileResponse(spreadsheet.xlsx(chosen, above), content_type=spreadsheet.MIME_XLSX)
    of = f"-{chosen[0].key}" if len(chosen) == 1 else ""
    name = f"statistik{of}-{form.span.first}-{form.span.last}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _figures(request: OfficialRequest, form: StatisticsForm) -> Figures:
    return statistics.figures(request.village, request.user, form.span, today=form.today, choice=form.choice)


# --- the tables ------------------------------------------------------------------------------------------------------


def tables_of(figures: Figures) -> list[Table]:
    """The summary, the balance, then a table for each dimension."""
    names = figures.names
    states = [(str(state.label), figures.by_state[state]) for state in State if figures.by_state.get(state)]
    kinds = [(str(Kind(key).label), n) for key, n in figures.by_kind.items()]
    channels = [(str(registry.label(key)), n) for key, n in figures.by_channel.items()]
    categories = _by_name(figures.by_category, names["category"], gettext("Not yet classified"))
    hamlets = _by_name(figures.by_hamlet, names["hamlet"], gettext("Place not given"))
    units = _by_name(figures.by_unit, names["unit"], gettext("Not distributed to a unit"))
    return [
        _summary(figures),
        _balance(figures),
        _counts("channel", gettext("By channel"), gettext("Channel"), channels),
        _counts("category", gettext("By category"), gettext("Category"), categories),
        _counts("hamlet", gettext("By hamlet"), gettext("Hamlet"), hamlets),
        _counts("unit", gettext("By unit"), gettext("Unit"), units),
        _counts("kind", gettext("By kind"), gettext("Kind"), kinds),
        _counts("state", gettext("By state"), gettext("State"), states),
    ]


def _by_name(counts: Mapping[int, int], names: Mapping[int, str], nameless: str) -> Rows:
    return [(names.get(key, nameless), n) for key, n in counts.items()]


def _counts(key: str, title: str, what: str, rows: Rows) -> Table:
    total = sum(n for _label, n in rows)
    lines: list[list[Any]] = [[label, n, percent(n, total)] for label, n in rows]
    head = [what, gettext("Count"), gettext("Share, %")]
    note = "" if total >= FEW else gettext("Of fewer than %(few)s no share is given.") % {"few": FEW}
    return Table(key, title, head, lines, [gettext("Total"), total, percent(total, total)], note, bars=1)


def _summary(figures: Figures) -> Table:
    """The span beside the one before and the year before."""
    beside: list[tuple[str, Summary | None]] = [(_days(figures.span), figures.now), (_days(figures.span.before), figures.before)]
    if figures.a_year_before:
        beside.append((_days(figures.span.a_year_before), figures.a_year_before))
    rows: list[list[Any]] = [list(row) for row in zip(*[_told(summary) for _label, summary in beside], strict=True)]
    named = [[name, *row] for name, row in zip(_names_of_rows(), rows, strict=True)]
    note = gettext(
        "Working days from receipt, waiting included; “9 in 10” is the 90th percentile. Of fewer than %(few)s there is none."
    )
    return Table("summary", gettext("Compared"), ["", *(label for label, _s in beside)], named, note=note % {"few": FEW})


def _days(span: Span) -> str:
    """``1 Jan 2026 – 31 Des 2026``, shorter where whole months allow."""
    if not span.is_whole_months:
        return f"{formats.date_format(span.first, 'j M Y')} – {formats.date_format(span.last, 'j M Y')}"
    if (span.first.month, len(span.months)) == (1, 12):
        return str(span.first.year)
    first, last = (formats.date_format(day, "M Y") for day in (span.first, span.last))
    return first if first == last else f"{first} – {last}"


def _names_of_rows() -> list[str]:
    days, share = gettext("working days"), gettext("Share, %")
    named = [gettext("Received"), gettext("Ended"), gettext("Of these still open"), gettext("Late")]
    for what in (gettext("First answer"), gettext("Solution")):
        named += [f"{what}, n", f"{what}, {gettext('median')}, {days}", f"{what}, {gettext('9 in 10 within')}, {days}"]
    for what in (gettext("Answered on time"), gettext("Satisfied")):
        named += [f"{what}, n", f"{what}, {gettext('of')}", f"{what}, {share}"]
    return named


def _told(summary: Summary | None) -> list[Any]:
    """The cells of a column in the order of their names."""
    if summary is None:
        return [0, 0, 0, 0, *[None] * 12]
    counts = [summary.received, summary.ended, summary.open, summary.late]
    return [*counts, *_pace(summary.answer), *_pace(summary.solution), *_share(summary.on_time), *_share(summary.satisfied)]


def _pace(pace: Pace) -> Iterable[Any]:
    return pace.n, pace.median, pace.p90


def _share(share: Share) -> Iterable[Any]:
    return share.part, share.whole, share.percent


def _balance(figures: Figures) -> Table:
    head = [gettext("Month"), gettext("Open at the beginning"), gettext("Received"), gettext("Ended"), gettext("Open at the end")]
    rows = [_cells(_month(month.start), month) for month in figures.months]
    note = gettext(
        "Open at the beginning and received make ended and open at the end. A complaint opened again counts as not ended."
    )
    return Table("balance", gettext("Balance of the book"), head, rows, _cells(gettext("Total"), figures.total), note)


def _month(start: date) -> str:
    return formats.date_format(start, "F Y")


def _cells(label: str, balance: Balance) -> list[Any]:
    return [label, balance.opening, balance.received, balance.ended, balance.closing]
