"""The complaint form: what happened, who are you, check and send."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.channels.base import Contact, Details, Incoming
from kentongan.complaints.actions import NewFile
from kentongan.lib.text import LIMIT
from kentongan.village.models import Village
from kentongan.web.public import choices
from kentongan.web.public.fields import EMail, Files, Known, Phone, Words, with_help

OPEN, HIDDEN, NONE = "open", "hidden", "none"
WHO = [
    (OPEN, _("Those who handle it may know my name")),
    (HIDDEN, _("Keep my identity hidden")),
    (NONE, _("I cannot give my name")),
]
WHO_HELP = {
    OPEN: _("They can call you when something is not clear. Your name is never shown to the public."),
    HIDDEN: _("Only the complaint officer knows who you are. Those who answer, and those your complaint speaks of, do not."),
    NONE: _(
        "Nobody knows who you are, not even the officer. But we cannot call you: the answer is found only with the tracking code, so keep it well."
    ),
}
WHO_ICONS = {OPEN: "person", HIDDEN: "hidden", NONE: "lock"}


class ComplaintForm(forms.Form):
    """``incoming()`` makes of it what every door builds."""

    use_required_attribute = False

    text = Words(
        label=_("Tell it here"),
        longest=LIMIT,
        widget=forms.Textarea(attrs={"rows": 7, "required": True}),
        help_text=_("Tell it in your own words. Javanese is fine too."),
        error_messages={"required": _("Write down what happened. A photo alone is not enough.")},
    )
    where = forms.ChoiceField(label=_("Where?"), required=False)
    place = Words(
        label=_("The exact spot"),
        longest=200,
        required=False,
        help_text=_("For example: in front of the prayer house, by the small bridge."),
    )
    happened = Words(label=_("Since when?"), longest=100, required=False, help_text=_("For example: two weeks ago."))
    who = Words(
        label=_("Who or what does it concern?"), longest=200, required=False, help_text=_("A person, an office, a group, a road.")
    )
    wish = Words(label=_("What do you hope for?"), longest=300, required=False)
    named = Known(label=_("Who at the village office?"), required=False, widget=forms.CheckboxSelectMultiple)
    photos = Files()

    identity = forms.ChoiceField(label=_("Who may know who you are?"), choices=WHO, widget=forms.RadioSelect, initial=OPEN)
    name = Words(
        label=_("Full name"),
        longest=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name, or choose “I cannot give my name”.")},
    )
    phone = Phone(
        label=_("Phone number"),
        help_text=_("A number where you can be reached, for example 0812-3456-7890."),
        error_messages={"required": _("Write a phone number where you can be reached. A relative's number is fine.")},
    )
    lives = forms.ChoiceField(label=_("Where do you live?"), error_messages={"required": _("Choose where you live.")})
    address = Words(
        label=_("Street, house or landmark"),
        longest=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    email = EMail(
        label=_("E-mail"),
        required=False,
        help_text=_("If you have one. The receipt and the answer are sent there too."),
    )
    confidential = forms.BooleanField(
        label=_("Confidential report"),
        required=False,
        help_text=_("What you wrote is shown to nobody outside the village office. It is only counted."),
    )
    note_2 = forms.CharField(required=False, label=_("Leave this empty"))

    def __init__(self, village: Village, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.lists = choices.of(village)
        places = place_choices(self.lists)
        pick(self.fields["where"], [("", gettext("Choose a place")), *places])
        outside = [(choices.OUTSIDE, gettext("Outside this village"))] if places else []
        pick(self.fields["lives"], [("", gettext("Choose a place")), *places, *outside])
        pick(self.fields["named"], [(str(user), post) for user, post, _name in self.lists.officials])
        with_help(self.fields["named"], {str(user): name for user, _post, name in self.lists.officials})
        with_help(self.fields["identity"], WHO_HELP, WHO_ICONS)
        if not choices.writes(village):
            del self.fields["email"]
        for field in ("name", "phone", "lives"):
            self.fields[field].required = not self.is_nameless
        if not places:
            self.fields["lives"].required = False
        self._say_before_sending(["name", "phone", *(["lives"] if places else [])])

    def _say_before_sending(self, named: list[str]) -> None:
        """What the script needs to ask for what is missing before a slow line carries it off; ``named``: needed with a name."""
        for field in ("text", *named):
            attributes = self.fields[field].widget.attrs
            attributes["data-missing"] = self.fields[field].error_messages["required"]
            if field in named:
                attributes["data-unless"] = f"identity={NONE}"

    @property
    def is_nameless(self) -> bool:
        return self.is_bound and self.data.get("identity") == NONE

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if self.is_nameless:
            for field in ("name", "phone", "lives", "address", "email"):  # what is not kept need not be right
                self.errors.pop(field, None)
        elif (
            typed.get("lives") in (choices.OUTSIDE, "")
            and not typed.get("address")
            and "lives" not in self.errors
            and "address" not in self.errors
        ):
            self.add_error("address", gettext("Write your address."))
        return typed

    def incoming(self, token: str, attachments: tuple[NewFile, ...]) -> Incoming:
        """The message, once the form is valid; ``token`` marks it: the same form twice is one message."""
        typed = self.cleaned_data
        where = self.lists.place(typed["where"])
        return Incoming(
            channel="web",
            external_id=token,
            sender=Contact() if self.is_nameless else contact(typed, self.lists),
            text=typed["text"],
            received_at=timezone.now(),
            details=Details(
                happened=typed["happened"],
                who=typed["who"],
                wish=typed["wish"],
                place=typed["place"],
                hamlet_id=where.hamlet_id,
                rw=where.rw,
                rt=where.rt,
                identity_hidden=typed["identity"] == HIDDEN,
                confidential=typed["confidential"],
                named=tuple(int(user) for user in typed["named"]),
            ),
            attachments=attachments,
        )


def contact(typed: dict[str, Any], lists: choices.Lists) -> Contact:
    """Who speaks, from the fields name, phone, lives, address and, where there is one, email."""
    home = lists.place(typed["lives"])
    return Contact(
        name=typed["name"],
        phone=typed["phone"],
        address=typed["address"],
        hamlet_id=home.hamlet_id,
        rw=home.rw,
        rt=home.rt,
        email=typed.get("email", ""),
    )


class Ordered(BaseChoiceIterator):
    """A list in the form fields want it; Django would walk through every row of a plain list to see whether it is."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)


def pick(field: forms.Field, rows: list[Any]) -> None:
    """Give a field of choices its list."""
    if isinstance(field, forms.ChoiceField):
        field.choices = Ordered(rows)


def place_choices(lists: choices.Lists) -> list[Any]:
    """The hamlets, each with its RT, as one list to pick from."""
    rows: list[Any] = []
    for pk, name, corners in lists.hamlets:
        whole = (choices.value_of(pk, "", ""), name)
        inside = [(choices.value_of(pk, rw, rt), f"RT {rt}/RW {rw}, {name}") for rw, rt in corners]
        rows.append((name, [(whole[0], gettext("%(hamlet)s, RT not known") % {"hamlet": name}), *inside]) if inside else whole)
    return rows
