"""``/buku/survei/``: the yearly satisfaction survey for the desk: begun, typed in from paper, followed up, closed with its report."""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kentongan.complaints import access, skm, surveys
from kentongan.complaints.models import Survey, SurveyAnswer
from kentongan.lib.text import clean
from kentongan.lib.tokens import new_token
from kentongan.reports import survey as papers
from kentongan.village.models import User, Village
from kentongan.village.roles import Role
from kentongan.web.book.reports import for_the_desk
from kentongan.web.desk.guard import OfficialRequest, P, PlainView, View, entry_takers, official
from kentongan.web.desk.steps.base import line
from kentongan.web.office.guard import changed
from kentongan.web.papers import paper as pdf_answer
from kentongan.web.public.survey import SurveyForm

ACTS = frozenset({Role.OFFICER, Role.SECRETARY})
FIRST_YEAR, LAST_YEAR = 2000, 2100


def acts(user: User) -> bool:
    """Whether this person begins, fills and closes surveys."""
    where = access.standing(user)
    return where is not None and where.is_(*ACTS)


def for_those_who_act(view: View[P]) -> PlainView[P]:
    """Only for the officer and the secretary."""

    @wraps(view)
    def guarded(request: OfficialRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not acts(request.user):
            return render(request, "desk/not_yours.html", {"holders": entry_takers(request.village)}, status=403)
        return view(request, *args, **kwargs)

    return official(cast(View[P], guarded))


def day_field(label: Any) -> forms.DateField:
    """A day by the browser's picker, or as people write it."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        error_messages={"required": _("Write the day."), "invalid": _("Write the day like 25-11-2026.")},
    )


class SurveySettings(forms.ModelForm[Survey]):
    """Of which year and service, and when it is open."""

    opens_on, closes_on = day_field(_("Open from")), day_field(_("Open until"))

    class Meta:
        model = Survey
        fields = ["year", "service", "opens_on", "closes_on", "population"]
        help_texts = {
            "service": _("Usually the complaint desk itself; a village may ask about other services too, each on its own."),
            "population": _("Complainants of the year, or an estimate: then the page says how many answers are enough."),
        }

    def __init__(self, *args: Any, village: Village, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.village = village
        if self.instance.pk and self.instance.answers.exists():
            for name in ("year", "service"):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("year") is not None and not FIRST_YEAR <= values["year"] <= LAST_YEAR:
            self.add_error("year", _("Write the year with four digits, like 2026."))
        if values.get("opens_on") and values.get("closes_on") and values["closes_on"] < values["opens_on"]:
            self.add_error("closes_on", _("The last day lies before the first."))
        year, service = int(values.get("year") or 0), str(values.get("service") or "")
        same = Survey.objects.filter(village=self.instance.village, year=year, service__iexact=service)
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("service", _("This service has a survey in that year already."))
        return values


class FollowUp(forms.Form):
    """What is done about the three lowest elements, by whom and when."""

    def __init__(self, survey: Survey, found: skm.Result, data: Any = None) -> None:
        super().__init__(data)
        names = {element["key"]: element["name"] for element in survey.elements}
        self.rows = []
        for key in [element.key for element in found.lowest]:
            kept = survey.follow_up.get(key, {})
            for part, label, longest in (
                ("what", _("What will be done"), 300),
                ("when", _("When"), 60),
                ("who", _("Who (post)"), 80),
            ):
                self.fields[f"{key}_{part}"] = line(label, longest)
                self.initial[f"{key}_{part}"] = kept.get(part, "")
            self.rows.append((names[key], [self[f"{key}_{part}"] for part in ("what", "when", "who")]))

    def plan(self, before: dict[str, Any]) -> dict[str, Any]:
        """What is planned; plans for elements that are the lowest no more stay beside."""
        plans = dict(before)
        for name, value in self.cleaned_data.items():
            key, _between, part = name.partition("_")
            plans[key] = {**plans.get(key, {}), part: value}
        return plans


class PaperForm(SurveyForm):
    """The same questions, typed in from paper with the keys 1 to 4."""

    def __init__(self, survey: Survey, data: Any = None) -> None:
        super().__init__(survey, data)
        for key in survey.keys:
            old = cast(forms.ChoiceField, self.fields[key])
            self.fields[key] = forms.ChoiceField(
                label=old.label,
                choices=[(str(score), str(score)) for score in skm.SCORES],
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 1, "autocomplete": "off", "data-digit": ""}),
                error_messages={"invalid_choice": _("Write 1, 2, 3 or 4, or leave it empty.")},
            )


@for_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: OfficialRequest) -> HttpResponseBase:
    """Every survey, newest first; POST begins one."""
    today = timezone.localdate()
    if request.method == "POST" and not acts(request.user):
        return render(request, "desk/not_yours.html", {"holders": entry_takers(request.village)}, status=403)
    form = SurveySettings(
        request.POST if request.method == "POST" else None,
        village=request.village,
        initial={"year": today.year, "service": skm.SERVICE},
    )
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = surveys.begin(form.save(commit=False), by=request.user)
        except IntegrityError:
            form.add_error("service", gettext("This service has a survey in that year already."))
        else:
            changed()
            messages.success(request, gettext("The survey is ready. Hand out the form, or let people scan its square."))
            return redirect("book:survey", pk=made.pk)
    rows = [(row, row.is_open(today)) for row in Survey.objects.filter(village=request.village).defer("data", "elements")]
    context = {"rows": rows, "form": form, "acts": acts(request.user)}
    return render(request, "book/surveys.html", context, status=422 if form.errors else 200)


def _find(request: OfficialRequest, pk: int) -> Survey:
    return get_object_or_404(Survey, pk=pk, village=request.village)


@for_the_desk
@require_safe
def one(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Where it stands: the result so far or for good, what people suggested, the plan, the papers."""
    return _page(request, _find(request, pk))


def _page(request: OfficialRequest, row: Survey, *, status: int = 200, **forms_: Any) -> HttpResponse:
    today = timezone.localdate()
    found = surveys.result(row)
    said = papers.data(row, request.village, today)
    context = {
        "survey": row,
        "open": row.is_open(today),
        "found": found,
        "said": said,
        "band": found.band,
        "wanted": skm.sample_size(row.population) if row.population else 0,
        "suggestions": surveys.suggestions_for(row, request.user),
        "acts": acts(request.user),
        "address": _address(request),
        "settings": SurveySettings(instance=row, village=request.village),
        "follow_up": FollowUp(row, found),
        **forms_,
    }
    return render(request, "book/survey.html", context, status=status)


@require_POST
@for_those_who_act
def change(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Other days, another number of users; before the first answer the questions are read anew from the office's list."""
    row = _find(request, pk)
    if row.closed_at:
        return _closed(request, row)
    form = SurveySettings(request.POST, instance=row, village=request.village)
    if not form.is_valid():
        return _page(request, _find(request, pk), status=422, settings=form)
    changed_row = form.save(commit=False)
    if not row.answers.exists():
        changed_row.elements = surveys.asked(request.village)
    changed_row.save(update_fields=[*form.Meta.fields, "elements"])  # never that it is closed, which may happen meanwhile
    changed()
    messages.success(request, gettext("Saved."))
    return redirect("book:survey", pk=pk)


@require_POST
@for_those_who_act
def plan(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """What is done about the lowest elements; it goes into the report when the survey closes."""
    row = _find(request, pk)
    if row.closed_at:
        return _closed(request, row)
    form = FollowUp(row, surveys.result(row), request.POST)
    if not form.is_valid():
        return _page(request, row, status=422, follow_up=form)
    row.follow_up = form.plan(row.follow_up)
    row.save(update_fields=["follow_up"])
    messages.success(request, gettext("The plan is saved."))
    return redirect("book:survey", pk=pk)


def _closed(request: OfficialRequest, row: Survey) -> HttpResponse:
    messages.error(request, gettext("The survey is closed: its result and its report stay as they are."))
    return _page(request, row, status=409)


@for_those_who_act
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """A paper form typed in, and the next one at once."""
    row = _find(request, pk)
    form = PaperForm(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            token = clean(request.POST.get("token", ""))[:64] or new_token()
            surveys.answer(row, form.given(token, SurveyAnswer.Via.PAPER), timezone.localdate())
        except surveys.NotOpen:
            form.add_error(None, gettext("The survey takes no answers: it has not begun, or it is closed."))
        else:
            messages.success(request, gettext("Form number %(n)s is saved. The next one:") % {"n": row.answers.count()})
            return redirect("book:survey_enter", pk=pk)
    context = {"survey": row, "form": form, "token": request.POST.get("token", "") or new_token(), "n": row.answers.count()}
    return render(request, "book/survey_enter.html", context, status=422 if form.errors else 200)


@for_the_desk
@require_safe
def form_paper(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """The form to hand out; ``?paper=F4``."""
    row = _find(request, pk)
    return pdf_answer(
        papers.form(row, request.village, _address(request), paper=_size(request)), f"survei-{row.year}-formulir.pdf"
    )


@for_the_desk
@require_safe
def report_paper(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """The report: as it was kept, or as it would be today; ``?paper=F4``."""
    row, size = _find(request, pk), _size(request)
    if not row.is_kept:
        made = papers.report(papers.data(row, request.village, timezone.localdate()), size)
        return pdf_answer(made, f"survei-{row.year}-konsep.pdf")
    try:
        return pdf_answer(surveys.content(row, size), f"survei-{row.year}-laporan-{size}.pdf")
    except surveys.Changed:
        messages.error(request, gettext("The file kept is not the one that was sent. Please tell the administrator."))
        return redirect("book:survey", pk=pk)


@require_POST
@for_those_who_act
def close(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """End it: no more answers, the report kept for good, the index on the residents' pages."""
    row = _find(request, pk)
    if not row.answers.exists():
        messages.error(request, gettext("Nobody has answered yet: there is nothing to close."))
        return _page(request, row, status=409)
    try:
        papers.close(row, request.village, by=request.user, now=timezone.now())
    except surveys.AlreadyClosed:
        return _closed(request, row)
    changed()
    messages.success(request, gettext("The survey is closed. Its index stands on the residents' pages, its report below."))
    return redirect("book:survey", pk=pk)


def _size(request: HttpRequest) -> str:
    size = request.GET.get("paper", papers.PAPERS[0])
    if size not in papers.PAPERS:
        raise Http404("no such paper")
    return size


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("public:surveys"))
