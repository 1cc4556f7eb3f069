"""Leave on the pages: what an official has entered, the form for another, ending it early."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kentongan.village import leave as leaves
from kentongan.village.models import Leave, User, Village
from kentongan.web.office.fields import day_field

PAST_SHOWN = 5


class LeaveForm(forms.Form):
    """From when, until when, and who stands in."""

    prefix = "leave"
    since = day_field(gettext_lazy("Away from"))
    until = day_field(gettext_lazy("Last day away"))
    stand_in = forms.TypedChoiceField(
        label=gettext_lazy("Stand-in"),
        coerce=int,
        help_text=gettext_lazy("May do what the one who is away does, except where the stand-in is shut out."),
    )

    def __init__(self, *args: Any, village: Village, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.village, self.user = village, user
        self.fields["stand_in"].choices = [("", "–"), *leaves.stand_ins(village, user)]  # type: ignore[attr-defined]

    def entered(self) -> Leave | None:
        """The leave, written down; ``None`` when it makes no sense, and the form then says why."""
        if not self.is_valid():
            return None
        told = self.cleaned_data
        stand_in = User.objects.get(pk=told["stand_in"])
        try:
            return leaves.enter(self.village, user=self.user, stand_in=stand_in, since=told["since"], until=told["until"])
        except leaves.CannotBeAway as error:
            self.add_error(error.field, str(error))
            return None


def of(village: Village, user: User) -> list[dict[str, Any]]:
    """The leave of an official as a page shows it: what comes and what is, then the last of what was."""
    today = timezone.localdate()
    rows = Leave.objects.filter(village=village, user=user).select_related("stand_in").order_by("-since")
    lasting = [row for row in rows if row.until >= today]
    past = [row for row in rows if row.until < today][:PAST_SHOWN]
    return [
        {
            "row": row,
            "now": row.since <= today <= row.until,
            "past": row.until < today,
            "alone": row.until >= today and not _stood_in(village, row, max(today, row.since)),
        }
        for row in [*reversed(lasting), *past]
    ]


def _stood_in(village: Village, row: Leave, since: date) -> bool:
    """Whether the stand-in still holds a post on all the days left: it may have been ended since."""
    return all(leaves.in_office(village, row.stand_in, day) for day in (since, row.until))


def card(village: Village, user: User, form: LeaveForm | None = None) -> dict[str, Any]:
    """What ``office/leave_card.html`` shows of an official; nothing of one who has nothing to lend."""
    lends = leaves.has_what_can_be_lent(village, user)
    return {"leaves": of(village, user), "leave_form": form or LeaveForm(village=village, user=user), "lends": lends}


def ended(request: HttpRequest, row: Leave) -> None:
    """End a leave, and say what became of it."""
    if leaves.end(row):
        words = _("The leave of %(name)s is ended. What the stand-in did stays in the book in the stand-in's own name.")
        messages.success(request, words % {"name": row.user})
    else:
        messages.success(request, _("The leave of %(name)s is removed.") % {"name": row.user})
