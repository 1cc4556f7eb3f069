"""The standard texts of the village: written once, offered to officials in the steps where they fit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kentongan.channels.email import words
from kentongan.complaints.models import StandardText
from kentongan.village.models import Category, Village
from kentongan.web.desk import texts
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.desk.steps import FORMS
from kentongan.web.office.guard import may_change, office
from kentongan.web.office.letters import sample


def step_choices() -> list[tuple[str, Any]]:
    """The steps a text can be for, by what their buttons say."""
    return [(verb, FORMS[verb].label) for verb in texts.STEPS]


class FullName(forms.ModelChoiceField[Category]):
    """Categories with the one above them."""

    def label_from_instance(self, obj: Category) -> str:
        return obj.full_name


class TextForm(forms.ModelForm[StandardText]):
    """One standard text."""

    step = forms.ChoiceField(label=gettext_lazy("For which step"))

    class Meta:
        model = StandardText
        fields = ["name", "step", "category", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 10})}
        labels = {"category": gettext_lazy("Only for this category")}

    def __init__(self, *args: Any, village: Village, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.village = self.instance.village = village
        self.fields["step"].choices = step_choices()  # type: ignore[attr-defined]
        usable = Q(active=True) | Q(pk=self.instance.category_id)  # one that went out of use stays with its text
        lower = Category.objects.filter(usable, village=village).select_related("parent").order_by("parent__order", "order")
        label = self.fields["category"].label
        self.fields["category"] = FullName(lower, label=label, required=False, empty_label=_("For every category"))

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"].replace("\r\n", "\n")
        wrong = words.unknown(body, texts.PLACEHOLDERS)
        if wrong:
            named = ", ".join(f"{{{word}}}" for word in dict.fromkeys(wrong))
            raise ValidationError(
                _("Nothing can be filled in for %(words)s. Use the words of the list below.") % {"words": named}
            )
        return body

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        same = StandardText.objects.filter(
            village=self.village, step=cleaned.get("step", ""), name__iexact=cleaned.get("name", "")
        ).exclude(pk=self.instance.pk)
        if same.exists():
            self.add_error("name", ValidationError(_("This step has a text with this title already. Give it another title.")))
        return cleaned


@office
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: OfficialRequest) -> HttpResponse:
    """All texts by step, and a form for one more."""
    return _one(request, StandardText(village=request.village))


@office
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: OfficialRequest, pk: int) -> HttpResponse:
    """One text, to read filled in, to change or to remove."""
    row = get_object_or_404(StandardText, village=request.village, pk=pk)
    if "remove" in request.POST:
        row.delete()
        messages.success(request, _("“%(name)s” is removed.") % {"name": row.name})
        return redirect("office:texts")
    return _one(request, row)


def _one(request: OfficialRequest, row: StandardText) -> HttpResponse:
    form = TextForm(request.POST or None, instance=row, village=request.village)
    valid = form.is_valid()
    if valid and "preview" not in request.POST:
        kept = form.save()
        messages.success(request, _("“%(name)s” is saved. It is offered from now on.") % {"name": kept.name})
        return redirect("office:texts")
    body = form.cleaned_data["body"] if valid else row.body
    context = {
        "form": form,
        "row": row if row.pk else None,
        "groups": []
        if row.pk
        else _groups(StandardText.objects.filter(village=request.village).select_related("category__parent")),
        "placeholders": {name: words.PLACEHOLDERS[name] for name in texts.PLACEHOLDERS},
        "preview": "" if form.errors else _filled(request, body),
        "unsaved": valid,
        "editable": may_change(request),
    }
    return render(request, "office/text.html" if row.pk else "office/texts.html", context)


def _groups(rows: QuerySet[StandardText]) -> list[tuple[Any, list[StandardText]]]:
    """(what the button of the step says, its texts), in the order of the steps; none without texts."""
    by_step: dict[str, list[StandardText]] = {}
    for row in rows:
        by_step.setdefault(row.step, []).append(row)
    return [(label, by_step[verb]) for verb, label in step_choices() if verb in by_step]


def _filled(request: OfficialRequest, body: str) -> str:
    return words.filled(body, sample(request.village, request.build_absolute_uri(reverse("public:track"))))
