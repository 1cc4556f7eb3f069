"""``/meja/penilaian/``: judgements that came on paper, several in one go: the number of the strip, what was ringed, a few words."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import NotAllowed, NotYours
from kentongan.complaints.models import Complaint
from kentongan.village.models import User, Village
from kentongan.web.desk.guard import OfficialRequest, desk_only
from kentongan.web.desk.steps.base import line
from kentongan.web.public.timeline import SCORES

ROWS = 8


class RatingForm(forms.Form):
    """One strip; an empty one is passed over."""

    use_required_attribute = False
    number = line(_("Register number"), 60)
    score = forms.TypedChoiceField(
        label=_("What is ringed"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", "–"), *((score, f"{score} {words}") for score, words in SCORES.items())],
    )
    text = line(_("Suggestion"), 1000)

    @property
    def is_empty(self) -> bool:
        return not any(self[name].value() for name in self.fields)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.is_empty and not self.errors:
            if not values.get("number"):
                self.add_error("number", _("Write the number that stands on the strip."))
            elif values.get("score") is None:
                self.add_error("score", _("Choose what is ringed; where nothing is, leave the whole row empty."))
        return values


def find(user: User, village: Village, typed: str) -> Complaint | None:
    """The complaint whose number somebody wrote: ``2026-0012``, as it is printed, or its serial number of this year alone.

    ``None`` where there is none, where it might be several, and where the wall does not let this person see it.
    """
    numbers = [int(digits) for digits in re.findall(r"\d{1,6}", typed, re.ASCII)]
    years = [number for number in numbers if 2000 <= number <= 2100]  # a village's code may end like one, and so may a serial
    serials = [number for number in numbers if number not in years]
    this_year = timezone.localdate().year
    alone = Q(year=this_year, serial=numbers[0]) if len(numbers) == 1 else Q()
    asked = Q(year__in=years or [this_year], serial__in=numbers) | alone
    rows = list(Complaint.visible_to(user).filter(asked, village=village))
    exact = [row for row in rows if typed in (row.number, row.printed_number(village))]
    several = len(serials) > 1
    found = exact or [row for row in rows if not several and (len(numbers) == 1 or row.serial not in years)]
    return found[0] if len(found) == 1 else None


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def slips(request: OfficialRequest) -> HttpResponseBase:
    """Rows to fill in; what can be entered is, the rest comes back with what is wrong."""
    if request.method != "POST":
        return render(request, "desk/ratings.html", {"rows": _rows(None)})
    rows = _rows(request.POST)
    kept = [row for row in rows if not row.is_empty]
    wrong = [row for row in kept if not row.is_valid() or not _enter(request, row)]
    done = len(kept) - len(wrong)
    if done:
        said = ngettext("%(n)d judgement is entered.", "%(n)d judgements are entered.", done) % {"n": done}
        messages.success(request, said)
    if not wrong:
        return redirect("desk:ratings")
    return render(request, "desk/ratings.html", {"rows": wrong, "wrong": True}, status=422)


def _rows(data: QueryDict | None) -> list[RatingForm]:
    return [RatingForm(data, prefix=str(n)) for n in range(1, ROWS + 1)]


def _enter(request: OfficialRequest, row: RatingForm) -> bool:
    """Whether the judgement could be written down; else the row says why not."""
    values = row.cleaned_data
    complaint = find(request.user, request.village, values["number"])
    nowhere = gettext("There is no complaint with this number here. Write it as it stands on the strip.")
    if complaint is None:
        row.add_error("number", nowhere)
        return False
    try:
        actions.rate(complaint, score=values["score"], text=values["text"], by=request.user, via="paper")
    except NotAllowed:
        row.add_error("number", gettext("This complaint has no answer that could be judged."))
        return False
    except (NotYours, Complaint.DoesNotExist):
        row.add_error("number", nowhere)  # the wall: the same words as for a number nobody was given
        return False
    return True
