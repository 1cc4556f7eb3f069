"""``/buku/laporan/``: the periodic report to the village head: its periods, a look at one, sending it, and what was sent."""

from __future__ import annotations

import io
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kentongan.complaints import access, published_reports, sent_reports
from kentongan.complaints.models import Complaint, SentReport
from kentongan.reports import charts, docx, spreadsheet
from kentongan.reports.report import analysis, book, corrections, drawings, files, paper, sending
from kentongan.reports.report.period import Period, of_year
from kentongan.web.book.period import first_year
from kentongan.web.desk.guard import OfficialRequest, P, PlainView, View, desk_only, entry_takers, official, takes_entries
from kentongan.web.papers import paper as pdf_answer
from kentongan.web.papers import to_keep

MOST_LINES, LONGEST_LINE = 12, 400
YEARS = 5  # shown; older periods are opened by their address


def for_the_desk(view: View[P]) -> PlainView[P]:
    """Only for the officer, the secretary and the head."""

    @wraps(view)
    def guarded(request: OfficialRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        where = access.standing(request.user)
        if where is None or not where.is_(*access.WHOLE_BOOK):
            return render(request, "desk/not_yours.html", {"holders": entry_takers(request.village)}, status=403)
        return view(request, *args, **kwargs)

    return official(cast(View[P], guarded))


class AdviceForm(forms.Form):
    """What is proposed to the head, a line each."""

    advice = forms.CharField(
        label=_("Recommendations"),
        help_text=_("One recommendation on each line. Change the proposed words as you wish."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    paper = forms.ChoiceField(label=_("Paper"), required=False, choices=[(size, size) for size in paper.PAPERS])

    def clean_advice(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["advice"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(gettext("Write at most %(most)s recommendations.") % {"most": MOST_LINES})
        if any(len(line) > LONGEST_LINE for line in lines):
            words = gettext("One recommendation is longer than %(most)s letters. Shorten it or break it in two.")
            raise forms.ValidationError(words % {"most": LONGEST_LINE})
        return lines


def _period(key: str) -> Period:
    """The period of an address. Raises ``Http404`` for one that has not begun."""
    try:
        period = Period.of(key)
    except ValueError:
        raise Http404("no such period") from None
    if period.start > timezone.localdate():
        raise Http404("not yet begun")
    return period


@for_the_desk
def index(request: OfficialRequest) -> HttpResponseBase:
    """What was sent, and the periods to write of."""
    today = timezone.localdate()
    since = max(first_year(request.user, request.village), today.year - YEARS + 1)
    sent = list(sent_reports.reports_for(request.user).defer("data").order_by("-id"))
    done = {report.period for report in sent}
    years = [(year, _groups(year, done)) for year in range(today.year, since - 1, -1)]
    context = {
        "sent": sent,
        "years": years,
        "may_send": takes_entries(request.user),
        "may_publish": published_reports.may_publish(request.user),
        "published": set(published_reports.of(request.village).values_list("report", flat=True)),
    }
    return render(request, "book/reports.html", context)


def _groups(year: int, done: set[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Months, quarters, half-years and the year, newest first, each with whether it is over and sent."""
    today = timezone.localdate()
    labels = {1: gettext("Months"), 3: gettext("Quarters"), 6: gettext("Half-years"), 12: gettext("Year")}
    periods = [
        {"key": one.key, "name": one.short, "length": one.length, "over": one.end < today, "sent": one.key in done}
        for one in of_year(year, today)
    ]
    return [(label, [one for one in reversed(periods) if one["length"] == length]) for length, label in labels.items()]


@for_the_desk
def preview(request: OfficialRequest, key: str) -> HttpResponseBase:
    """The report of a period as it stands now, with recommendations to change and the button that sends it."""
    return _preview(request, _period(key))


def _preview(request: OfficialRequest, period: Period, form: AdviceForm | None = None, status: int = 200) -> HttpResponse:
    made = book.read(request.user, request.village, period, timezone.now())
    sent = sent_reports.reports_for(request.user).defer("data").filter(period=period.key)
    said = paper.data(made, corrected=corrections.of(request.user, made))
    context = {
        "period": period,
        "said": said,
        "tables": [(table, _drawn(said, table["key"])) for table in said["tables"]],
        "form": form or AdviceForm({"advice": "\n".join(analysis.recommendations(made))}),
        "fresh": form is None,
        "over": made.is_over,
        "sent": list(sent),
        "may_send": takes_entries(request.user),
        "left_out": _left_out(request, made),
    }
    return render(request, "book/report.html", context, status=status)


def _drawn(said: dict[str, Any], key: str) -> list[tuple[str, SafeString]]:
    """The charts beside a table, with their titles."""
    look = charts.page()
    return [(one["title"], SafeString(drawings.svg(one, look))) for one in said["charts"] if one["table"] == key]


def _left_out(request: OfficialRequest, made: book.Book) -> int:
    """How many that came in the period this person sees and another who signs does not: they are in no report."""
    mine = Complaint.visible_to(request.user).filter(village=request.village)
    return mine.filter(received_at__gte=made.begin, received_at__lt=made.over).count() - len(made.received)


@for_the_desk
def draft(request: OfficialRequest, key: str, kind: str = "pdf") -> HttpResponseBase:
    """The report as it would be, as a file; posted, with the recommendations as they are typed."""
    period = _period(key)
    typed = request.POST if request.method == "POST" else request.GET
    form = AdviceForm(typed)
    made = book.read(request.user, request.village, period, timezone.now())
    if "advice" in typed and not form.is_valid():
        return _preview(request, period, form, status=400)
    size = typed.get("paper", "")
    advice = form.cleaned_data["advice"] if "advice" in typed else None
    said = paper.data(made, advice=advice, corrected=corrections.of(request.user, made))
    name = f"laporan-{period.key}-konsep"
    if kind == "pdf":
        return pdf_answer(paper.pdf(said, size if size in paper.PAPERS else paper.PAPERS[0]), f"{name}.pdf")
    return _file(said, kind, name)


def _file(said: dict[str, Any], kind: str, name: str) -> HttpResponseBase:
    """A report to work with. Raises ``Http404`` for another kind."""
    if kind == "xlsx":
        return to_keep(files.xlsx(said), spreadsheet.MIME_XLSX, f"{name}.xlsx")
    if kind == "docx":
        return to_keep(io.BytesIO(files.document(said, "A4")), docx.TYPE, f"{name}.docx")
    raise Http404("no such kind of file")


@require_POST
@desk_only
def send(request: OfficialRequest, key: str) -> HttpResponseBase:
    """Send it to the head: from then on it never changes. Back with words when it cannot be, nothing typed lost."""
    period = _period(key)
    form = AdviceForm(request.POST)
    if not form.is_valid():
        return _preview(request, period, form, status=400)
    try:
        report = sending.send(
            request.user,
            request.village,
            period,
            advice=form.cleaned_data["advice"],
            now=timezone.now(),
            base=request.build_absolute_uri("/"),
        )
    except sending.NotOver:
        form.add_error(None, gettext("The period is still running. Send the report when it is over."))
        return _preview(request, period, form, status=409)
    except sent_reports.AlreadySent:
        form.add_error(None, gettext("The report of this period has been sent already. What was sent is never changed."))
        return _preview(request, period, form, status=409)
    except sent_reports.NumberCancelled:
        form.add_error(None, gettext("Its number was cancelled while it was printed. Send it once more: it gets another one."))
        return _preview(request, period, form, status=409)
    words = gettext("Sent to the village head with number %(number)s. It will not change any more.")
    messages.success(request, words % {"number": report.number})
    return redirect("book:reports")


@for_the_desk
def sent_paper(request: OfficialRequest, pk: int, size: str) -> HttpResponseBase:
    """A report as it was sent, byte for byte; as if it were not there for who is shut out of one of its complaints."""
    try:
        report = sent_reports.reports_for(request.user).get(pk=pk)
        content = sent_reports.content(report, size)
    except (SentReport.DoesNotExist, KeyError):
        raise Http404("no such report here") from None
    except sent_reports.Changed:
        messages.error(request, gettext("The file kept is not the one that was sent. Please tell the administrator."))
        return redirect("book:reports")
    return pdf_answer(content, f"laporan-{report.period}-{size}.pdf")


@for_the_desk
def sent_file(request: OfficialRequest, pk: int, kind: str) -> HttpResponseBase:
    """A report that was sent, to work with: made of what was kept with it, never of today's book."""
    report = get_object_or_404(sent_reports.reports_for(request.user), pk=pk)
    return _file(report.data, kind, f"laporan-{report.period}")
