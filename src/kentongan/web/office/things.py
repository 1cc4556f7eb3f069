"""Lists that are all kept the same way: units, categories, agencies."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kentongan.complaints import surveys
from kentongan.complaints.models import SurveyElement
from kentongan.village.models import Agency, Category, Unit, Village
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office.guard import changed, may_change, office


class ThingForm(forms.ModelForm[Any]):
    """Something of the village with a name that stands in its list once."""

    def __init__(self, *args: Any, village: Village, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.village = village
        self.instance.village = village

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        same = type(self.instance).objects.filter(
            village=self.village, name__iexact=cleaned.get("name", ""), **self.beside(cleaned)
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", ValidationError(_("This name stands in the list already.")))
        return cleaned

    def beside(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Among which others the name must be the only one."""
        return {}


class UnitForm(ThingForm):
    class Meta:
        model = Unit
        fields = ["name", "order"]
        help_texts = {"order": gettext_lazy("Small numbers come first.")}


class AgencyForm(ThingForm):
    class Meta:
        model = Agency
        fields = ["name", "handles", "address", "phone", "above"]


class CategoryForm(ThingForm):
    class Meta:
        model = Category
        fields = ["parent", "name", "unit", "kind", "inspection", "clock_days", "extension_days", "order", "active"]
        labels = {
            "parent": gettext_lazy("Belongs to"),
            "unit": gettext_lazy("Unit that usually answers"),
            "kind": gettext_lazy("Usual kind"),
        }
        help_texts = {
            "parent": gettext_lazy("Leave it empty for an upper category."),
            "order": gettext_lazy("Small numbers come first."),
            "active": gettext_lazy("What is no longer in use stays with old complaints, and is not offered for new ones."),
        }

    def __init__(self, *args: Any, village: Village, **kwargs: Any) -> None:
        super().__init__(*args, village=village, **kwargs)
        upper = Category.objects.filter(village=village, parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"] = forms.ModelChoiceField(
            upper, label=self.fields["parent"].label, help_text=self.fields["parent"].help_text, required=False, empty_label="–"
        )
        self.fields["unit"] = forms.ModelChoiceField(
            Unit.objects.filter(village=village), label=self.fields["unit"].label, required=False, empty_label="–"
        )

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and self.instance.children.exists():
            raise ValidationError(_("This category has others below it, so it stays an upper one."))
        return parent

    def beside(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {"parent": cleaned.get("parent")}


class ElementForm(ThingForm):
    class Meta:
        model = SurveyElement
        fields = ["name", "question", "answer_1", "answer_2", "answer_3", "answer_4", "order"]
        widgets = {"question": forms.Textarea(attrs={"rows": 2, "lang": "id"})}
        help_texts = {
            "order": gettext_lazy("Small numbers come first."),
            "question": gettext_lazy("As residents read it. A survey that has begun keeps the words it began with."),
        }

    def clean_question(self) -> str:
        """On one line, however it was typed: it is one on paper."""
        return " ".join(str(self.cleaned_data["question"]).split())


@dataclass(frozen=True)
class Things:
    """One such list: its rows, its form, its words."""

    model: type[Model]
    form: type[ThingForm]
    title: Promise
    about: Promise
    add: Promise
    empty: Promise
    removable: bool = True

    def rows(self, village: Village) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.filter(village=village)
        if self.model is SurveyElement:
            surveys.elements_of(village)  # the ministry's, where nothing was ever written
        if self.model is Category:
            rows = rows.select_related("parent", "unit").order_by("parent__order", "parent__name", "order", "name")
        return rows


LISTS: dict[str, Things] = {
    "units": Things(
        Unit,
        UnitForm,
        gettext_lazy("Units"),
        gettext_lazy("The sections of the village office. Officials belong to one, categories go to one."),
        gettext_lazy("Add a unit"),
        gettext_lazy("No unit yet"),
    ),
    "categories": Things(
        Category,
        CategoryForm,
        gettext_lazy("Categories"),
        gettext_lazy("What complaints are about, in two levels. The lower one says which unit usually answers."),
        gettext_lazy("Add a category"),
        gettext_lazy("No category yet"),
        removable=False,
    ),
    "agencies": Things(
        Agency,
        AgencyForm,
        gettext_lazy("Agencies"),
        gettext_lazy("Offices above and outside the village, for what is not the village's to decide."),
        gettext_lazy("Add an agency"),
        gettext_lazy("No agency yet"),
    ),
    "elements": Things(
        SurveyElement,
        ElementForm,
        gettext_lazy("Survey questions"),
        gettext_lazy(
            "What the yearly satisfaction survey asks about: the ministry's nine elements, in your order and your words."
        ),
        gettext_lazy("Add an element"),
        gettext_lazy("No element yet"),
    ),
}


@office
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: OfficialRequest, key: str) -> HttpResponse:
    """The list, and a form for one more."""
    things = LISTS[key]
    form = things.form(request.POST or None, village=request.village)
    if form.is_valid():
        added = form.save()
        changed()
        messages.success(request, _("“%(name)s” is added.") % {"name": added.name})
        return redirect(f"office:{key}")
    rows = list(things.rows(request.village))
    if key == "categories":
        rows = _two_levels(rows)
    context = {"things": things, "key": key, "rows": rows, "form": form, "editable": may_change(request)}
    return render(request, f"office/{key}.html", context)


def _two_levels(rows: list[Category]) -> list[Any]:
    """(upper category, those below it), in order."""
    upper = sorted((row for row in rows if row.parent_id is None), key=lambda row: (row.order, row.name))
    return [(top, [row for row in rows if row.parent_id == top.pk]) for top in upper]


@office
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: OfficialRequest, key: str, pk: int) -> HttpResponse:
    """One of the list, to change or to remove."""
    things = LISTS[key]
    row = get_object_or_404(things.model._default_manager.filter(village=request.village), pk=pk)
    if request.method == "POST" and things.removable and "remove" in request.POST:
        return _remove(request, key, row)
    form = things.form(request.POST or None, instance=row, village=request.village)
    if form.is_valid():
        form.save()
        changed()
        messages.success(request, _("“%(name)s” is saved.") % {"name": row})
        return redirect(f"office:{key}")
    return render(
        request, "office/thing.html", {"things": things, "key": key, "row": row, "form": form, "editable": may_change(request)}
    )


def _remove(request: OfficialRequest, key: str, row: Any) -> HttpResponse:
    name = str(row)
    try:
        row.delete()
    except ProtectedError:
        messages.error(
            request, _("“%(name)s” stays: people or complaints belong to it. You may give it another name.") % {"name": name}
        )
        return redirect(f"office:{key}_one", pk=row.pk)
    changed()
    messages.success(request, _("“%(name)s” is removed.") % {"name": name})
    return redirect(f"office:{key}")
