"""Hamlets with their RT and RW."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from kentongan.village import seed
from kentongan.village.models import Hamlet, Neighbourhood
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office.guard import changed, may_change, office

HOW_TO_WRITE = gettext_lazy(
    "One hamlet a line. With RW and RT if you like: Karanganyar: 001/001-004, 002/001-003 means RW 001 with RT 001 to 004, and RW 002 with RT 001 to 003."
)


class HamletsField(forms.CharField):
    """Hamlets one a line; cleans to ``HamletPlan``s."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 5}), "max_length": 8000, "help_text": HOW_TO_WRITE, **more})

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return seed.read_hamlets(typed)
        except seed.BadHamlets as error:
            raise ValidationError(
                _("This line cannot be read: “%(line)s”. Example: Karanganyar: 001/001-004") % {"line": error.line}
            ) from error


class AddForm(forms.Form):
    hamlets = HamletsField(label=gettext_lazy("New hamlets"))


class HamletForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    order = forms.IntegerField(
        label=gettext_lazy("Order"), min_value=0, max_value=999, help_text=gettext_lazy("Small numbers come first.")
    )
    places = forms.CharField(
        label=gettext_lazy("RW and RT"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "Example: 001/001-004, 002/001-003 means RW 001 with RT 001 to 004, and RW 002 with RT 001 to 003."
        ),
    )

    def __init__(self, *args: Any, hamlet: Hamlet, **kwargs: Any) -> None:
        kept = {"name": hamlet.name, "order": hamlet.order, "places": written(hamlet.neighbourhoods.all())}
        super().__init__(*args, **{"initial": kept, **kwargs})
        self.hamlet = hamlet

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Hamlet.objects.filter(village=self.hamlet.village_id, name__iexact=name).exclude(pk=self.hamlet.pk).exists():
            raise ValidationError(_("This name stands in the list already."))
        return name

    def clean_places(self) -> tuple[tuple[str, str], ...]:
        try:
            plans = seed.read_hamlets(f"x: {self.cleaned_data['places']}")
        except seed.BadHamlets as error:
            raise ValidationError(_("Write RW/RT like 001/001-004, separated by commas.")) from error
        return plans[0].places

    @transaction.atomic
    def save(self) -> None:
        self.hamlet.name, self.hamlet.order = self.cleaned_data["name"], self.cleaned_data["order"]
        self.hamlet.save()
        wanted = set(self.cleaned_data["places"])
        for row in self.hamlet.neighbourhoods.all():
            if (row.rw, row.rt) not in wanted:
                row.delete()
        seed.add_hamlets(self.hamlet.village, [seed.HamletPlan(self.hamlet.name, tuple(sorted(wanted)))])


def written(rows: Iterable[Neighbourhood]) -> str:
    """RW and RT in the short form in which they are typed: ``001/001-004, 002/001``."""
    parts = []
    for rw, group in groupby(sorted(rows, key=lambda row: (row.rw, row.rt)), key=lambda row: row.rw):
        for first, last in _runs([row.rt for row in group]):
            parts.append(f"{rw}/{first}" if first == last else f"{rw}/{first}-{last}")
    return ", ".join(parts)


def _runs(numbers: list[str]) -> list[tuple[str, str]]:
    runs: list[tuple[str, str]] = []
    for number in numbers:
        if runs and int(number) == int(runs[-1][1]) + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


@office
@require_http_methods(["GET", "HEAD", "POST"])
def hamlets(request: OfficialRequest) -> HttpResponse:
    form = AddForm(request.POST or None)
    if form.is_valid():
        plans = form.cleaned_data["hamlets"]
        seed.add_hamlets(request.village, plans)
        changed()
        messages.success(
            request, ngettext("%(n)s hamlet is entered.", "%(n)s hamlets are entered.", len(plans)) % {"n": len(plans)}
        )
        return redirect("office:hamlets")
    kept = Hamlet.objects.filter(village=request.village).prefetch_related("neighbourhoods")
    rows = [(row, written(row.neighbourhoods.all())) for row in kept]
    return render(request, "office/hamlets.html", {"rows": rows, "form": form, "editable": may_change(request)})


@office
@require_http_methods(["GET", "HEAD", "POST"])
def hamlet(request: OfficialRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Hamlet, village=request.village, pk=pk)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, row)
    form = HamletForm(request.POST or None, hamlet=row)
    if form.is_valid():
        form.save()
        changed()
        messages.success(request, _("“%(name)s” is saved.") % {"name": row})
        return redirect("office:hamlets")
    return render(request, "office/hamlet.html", {"row": row, "form": form, "editable": may_change(request)})


def _remove(request: OfficialRequest, row: Hamlet) -> HttpResponse:
    try:
        row.delete()
    except ProtectedError:
        messages.error(
            request, _("“%(name)s” stays: people or complaints belong to it. You may give it another name.") % {"name": row}
        )
        return redirect("office:hamlet", pk=row.pk)
    changed()
    messages.success(request, _("“%(name)s” is removed.") % {"name": row})
    return redirect("office:hamlets")
