"""``/meja/kotak/``: the suggestion box is opened; several slips are entered in one go, each a complaint of its own."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.channels import intake
from kentongan.channels.base import Contact, Details, Incoming
from kentongan.complaints import actions
from kentongan.complaints.models import Complaint
from kentongan.lib.text import LIMIT, whole
from kentongan.lib.tokens import new_token
from kentongan.village.models import Village
from kentongan.web import uploads
from kentongan.web.desk import entered
from kentongan.web.desk.guard import OfficialRequest, desk_only
from kentongan.web.desk.steps.base import line, photos
from kentongan.web.public import choices as public
from kentongan.web.public.fields import Phone, Words
from kentongan.web.public.forms import pick, place_choices
from kentongan.web.templatetags.kentongan import day

COUNTS = (3, 5, 10, 20)


class OpeningForm(forms.Form):
    """When the box was opened, and before whom."""

    use_required_attribute = False

    opened = forms.DateField(
        label=_("Day the box was opened"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Write the day.")},
    )
    witnesses = line(_("Witnesses"), 200, help_text=_("Names of those who were there."))
    token = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_opened(self) -> date:
        opened: date = self.cleaned_data["opened"]
        if opened > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return opened


class SlipForm(forms.Form):
    """One slip; an empty one is passed over."""

    use_required_attribute = False

    text = Words(label=_("What stands on the slip"), longest=LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    name = line(_("Name"), 100)
    phone = Phone(label=_("Telephone"), required=False)
    home = forms.ChoiceField(label=_("Hamlet, RT and RW"), required=False)
    files = photos(_("Photo or scan"))

    def __init__(self, n: int, lists: public.Lists, data: QueryDict | None = None, sent: uploads.Uploads | None = None) -> None:
        super().__init__(data, prefix=f"slip{n}")
        self.n, self.lists, self.sent = n, lists, sent or uploads.Uploads()
        pick(self.fields["home"], [("", gettext("Not known")), *place_choices(lists)])

    @property
    def is_empty(self) -> bool:
        typed = self.cleaned_data if self.is_valid() else {}
        return not (self.errors or self.sent.files or any(typed.values()))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for sentence in self.sent.refused:
            self.add_error("files", sentence)
        if not typed.get("text") and "text" not in self.errors and (self.sent.files or any(typed.values())):
            self.add_error("text", _("Write down what stands on this slip, even if it is short."))
        return typed

    def incoming(self, token: str, opened: date) -> Incoming:
        typed = self.cleaned_data
        home = self.lists.place(typed["home"])
        moment = min(timezone.now(), timezone.make_aware(datetime.combine(opened, time(12))))
        sender = Contact(typed["name"], typed["phone"], hamlet_id=home.hamlet_id, rw=home.rw, rt=home.rt)
        details = Details(hamlet_id=home.hamlet_id, rw=home.rw, rt=home.rt)
        return Incoming("box", f"{token}-{self.n}", sender, typed["text"], moment, details, attachments=self.sent.files)


@desk_only
def slips(request: OfficialRequest) -> HttpResponseBase:
    lists = public.of(request.village)
    if request.method != "POST":
        count = request.GET.get("lembar", "")
        rows = [SlipForm(n, lists) for n in range(1, (int(count) if count in map(str, COUNTS) else 3) + 1)]
        opening = OpeningForm(initial={"opened": timezone.localdate(), "token": new_token()})
        return _show(request, opening, rows)
    opening = OpeningForm(request.POST)
    numbers = range(1, min(whole(request.POST.get("count", "")) or 3, max(COUNTS)) + 1)
    rows = [SlipForm(n, lists, request.POST, uploads.read(request, f"slip{n}-files", most=3)) for n in numbers]
    filled = [row for row in rows if not row.is_empty]
    if not filled:
        opening.add_error(None, gettext("Write down at least one slip."))
    if not opening.is_valid() or not all(row.is_valid() for row in filled):
        return _show(request, opening, rows, status=422)
    token = opening.cleaned_data["token"] or new_token()
    complaints = [_enter(request, row.incoming(token, opening.cleaned_data["opened"]), opening.cleaned_data) for row in filled]
    return entered.onward(request, complaints)


def _show(request: OfficialRequest, opening: OpeningForm, rows: list[SlipForm], status: int = 200) -> HttpResponseBase:
    context = {
        "opening": opening,
        "rows": rows,
        "counts": COUNTS,
        "count": len(rows),
        "had_files": any(row.sent.files for row in rows),
    }
    return render(request, "desk/slips.html", context, status=status)


def _enter(request: OfficialRequest, incoming: Incoming, opening: dict[str, Any]) -> Complaint:
    """One slip, one transaction: the complaint, and a note of who opened the box when."""
    village: Village = request.village
    with transaction.atomic():
        accepted = intake.accept(incoming, village=village, by=request.user)
        complaint = accepted.complaint
        if complaint is None:
            raise ValueError("what an officer enters is never doubted")
        if not accepted.again and Complaint.visible_to(request.user).filter(pk=complaint.pk).exists():
            words = gettext("Suggestion box opened on %(day)s. Witnesses: %(who)s")
            actions.note(
                complaint, text=words % {"day": day(opening["opened"]), "who": opening["witnesses"] or "–"}, by=request.user
            )
    return complaint
