"""The days off: seeded a year at a time, added and removed one by one. After each change every deadline is set anew."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models.functions import ExtractYear
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kentongan.lib.text import whole
from kentongan.village import seed
from kentongan.village.models import Holiday, Village
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office.fields import day_field
from kentongan.web.office.guard import changed, may_change, office
from kentongan.web.office.settings import moved_sentence


class HolidayForm(forms.Form):
    day = day_field(gettext_lazy("Day"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Holiday.Kind.choices, initial=Holiday.Kind.LOCAL)

    def __init__(self, *args: Any, village: Village, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.village = village

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if Holiday.objects.filter(village=self.village, day=day).exists():
            raise ValidationError(_("This day is in the list already."))
        return day


class YearForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2020, max_value=2099)


def _year_of(request: OfficialRequest) -> int:
    typed = request.GET.get("tahun", "")
    return (whole(typed) if len(typed) == 4 else None) or timezone.localdate().year


@office
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: OfficialRequest) -> HttpResponse:
    """The days off of one year, and a form for one more."""
    form = HolidayForm(request.POST or None, village=request.village)
    if form.is_valid():
        row = Holiday.objects.create(village=request.village, **form.cleaned_data)
        _tell(request, _("%(day)s is a day off now.") % {"day": formats.date_format(row.day, "l, j F Y")})
        return _to_year(row.day.year)
    year = _year_of(request)
    rows = Holiday.objects.filter(village=request.village)
    years = sorted({*rows.annotate(year=ExtractYear("day")).values_list("year", flat=True), year, year + 1})
    context = {
        "rows": rows.filter(day__year=year),
        "year": year,
        "years": years,
        "form": form,
        "fill_form": YearForm(initial={"year": year}),
        "editable": may_change(request),
    }
    return render(request, "office/holidays.html", context)


@office
@require_POST
def fill(request: OfficialRequest) -> HttpResponse:
    """Enter the known days of a year; what the office entered itself stays."""
    form = YearForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a year between 2020 and 2099."))
        return redirect("office:holidays")
    year: int = form.cleaned_data["year"]
    added = seed.add_holidays(request.village, year)
    said = ngettext("%(n)s day off of %(year)s is entered.", "%(n)s days off of %(year)s are entered.", added) % {
        "n": added,
        "year": year,
    }
    _tell(request, said)
    return _to_year(year)


@office
@require_POST
def remove(request: OfficialRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Holiday, village=request.village, pk=pk)
    row.delete()
    _tell(request, _("%(day)s is an ordinary day now.") % {"day": formats.date_format(row.day, "l, j F Y")})
    return _to_year(row.day.year)


def _tell(request: OfficialRequest, done: str) -> None:
    changed()
    messages.success(request, f"{done} {moved_sentence(request.village)}")


def _to_year(year: int) -> HttpResponse:
    return redirect(f"{resolve_url('office:holidays')}?tahun={year}")
