"""``/survei/``: the satisfaction survey for everybody: no account, no name; each question may be left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from kentongan.complaints import skm, surveys
from kentongan.complaints.models import Survey, SurveyAnswer
from kentongan.lib.tokens import new_token
from kentongan.village.models import Village
from kentongan.web import limits
from kentongan.web.public.fields import Words
from kentongan.web.public.here import village_of

SECONDS_KEPT = 60
MOST_SHOWN = 3
_signer = Signer(salt="survey-form")
_ABOUT: tuple[tuple[str, Any, Any], ...] = (
    ("age", _("Age"), SurveyAnswer.Age.choices),
    ("sex", _("Sex"), SurveyAnswer.Sex.choices),
    ("education", _("Highest education"), SurveyAnswer.Education.choices),
    ("occupation", _("Occupation"), SurveyAnswer.Occupation.choices),
)


class SurveyForm(forms.Form):
    """The questions of one survey, as they were written down with it."""

    use_required_attribute = False

    def __init__(self, survey: Survey, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.survey = survey
        for n, element in enumerate(survey.elements, start=1):
            choices = [(str(score), words) for score, words in zip(skm.SCORES, element["answers"], strict=True)]
            label = f"{n}. {element['question']}"
            self.fields[element["key"]] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Choose one.")},
            )
        for name, label, choices in _ABOUT:
            self.fields[name] = forms.ChoiceField(label=label, choices=[("", _("I do not say")), *choices], required=False)
        self.fields["suggestion"] = Words(
            label=_("What should be better?"),
            longest=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Please write no names and no telephone numbers. Only the complaint desk reads this."),
        )
        self.fields["note_2"] = forms.CharField(required=False, label=_("Leave this empty"))

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[key] for key in self.survey.keys]

    @property
    def about(self) -> list[forms.BoundField]:
        return [self[name] for name, _label, _choices in _ABOUT]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not any(values.get(key) for key in self.survey.keys):
            raise forms.ValidationError(_("Answer at least one question. What you have not met with may stay empty."))
        return values

    def given(self, token: str, via: str = SurveyAnswer.Via.WEB) -> surveys.Given:
        values = self.cleaned_data
        said = {name: values[name] for name in ("age", "sex", "education", "occupation", "suggestion")}
        return surveys.Given({key: int(values[key]) for key in self.survey.keys if values.get(key)}, token, via, **said)


@require_safe
def surveys_page(request: HttpRequest) -> HttpResponse:
    """The survey that is open; a choice where there are several; what came out of the last ones where there is none."""
    village = village_of(request)
    now_open = list(surveys.current(village, timezone.localdate()))
    if len(now_open) == 1:
        return redirect("public:survey", pk=now_open[0].pk)
    return render(
        request,
        "public/surveys.html",
        {"open": now_open, "published": [published_line(row) for row in surveys.published(village)[:MOST_SHOWN]]},
    )


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions; POST takes the answers and thanks. A closed one says so and loses nothing that was written."""
    row = get_object_or_404(Survey, pk=pk, village=village_of(request))
    if request.method != "POST":
        if not row.is_open(timezone.localdate()):
            return redirect("public:surveys")
        return _page(request, row, SurveyForm(row), new_token())
    form, token = SurveyForm(row, request.POST), _token(request.POST)
    if not limits.may_answer(request):
        return _page(request, row, form, token, status=429, too_many=True)
    if not form.is_valid():
        return _page(request, row, form, token, status=422)
    if not form.cleaned_data["note_2"]:  # a robot is thanked like everybody
        try:
            surveys.answer(row, form.given(token), timezone.localdate())
        except surveys.NotOpen:
            return _page(request, row, form, token, status=409, closed=True)
        limits.answered(request)
    response = redirect("public:survey_thanks")
    response.status_code = 303
    return response


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "public/survey_thanks.html")


def _page(request: HttpRequest, row: Survey, form: SurveyForm, token: str, *, status: int = 200, **more: bool) -> HttpResponse:
    return render(
        request, "public/survey.html", {"survey": row, "form": form, "token": _signer.sign(token), **more}, status=status
    )


def _token(typed: QueryDict) -> str:
    """The mark of the form that was sent; a new one when it bears none of ours."""
    try:
        return _signer.unsign(typed.get("token", ""))
    except BadSignature:
        return new_token()


def lines_of(village: Village) -> dict[str, Any]:
    """What other pages say of surveys, at most a minute old: those open today, and the newest results."""
    key = f"surveys:{village.pk}:{timezone.localdate()}"
    kept: dict[str, Any] | None = cache.get(key)
    if kept is None:
        now_open = [(row.pk, row.service, row.closes_on) for row in surveys.current(village, timezone.localdate())]
        rows = surveys.published(village).defer("data", "elements", "follow_up")
        newest = rows[0].year if rows else 0
        kept = {"open": now_open, "published": [published_line(row) for row in rows if row.year == newest][:MOST_SHOWN]}
        cache.set(key, kept, SECONDS_KEPT)
    return kept


def published_line(row: Survey) -> dict[str, Any]:
    """``IKM 2026: 84,25 (B)`` in its parts; ``service`` "" for the one every village has."""
    band = row.band
    return {
        "year": row.year,
        "service": "" if row.service == skm.SERVICE else row.service,
        "index": skm.written(row.index),
        "letter": band.letter if band else "",
        "band": band.words if band else "",  # as the regulation says it
        "n": row.respondents,
        "small": row.respondents < skm.FEW,
    }
