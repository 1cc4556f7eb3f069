"""What a complainant may do on his tracking page: each a form, the verb it leads to, and what is said afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import actions
from kentongan.complaints.actions import NewFile
from kentongan.complaints.lifecycle import STEPS, State
from kentongan.complaints.models import Complainant, Complaint
from kentongan.lib.text import LIMIT
from kentongan.web.public import choices
from kentongan.web.public.fields import Files, Phone, Words, with_help
from kentongan.web.public.forms import contact, pick, place_choices
from kentongan.web.public.timeline import SCORES

_NOTHING = _("Write something, or choose a photo.")


class Deed(forms.Form):
    """A form on the tracking page. ``sent``: how many files came with it."""

    use_required_attribute = False
    auto_id = "id_%s"

    def __init__(self, complaint: Complaint, data: QueryDict | None = None, *, sent: int = 0) -> None:
        super().__init__(data, auto_id=f"{self.key()}_%s")
        self.complaint = complaint
        self.sent = sent

    @classmethod
    def key(cls) -> str:
        return cls.__name__.lower()

    def do(self, files: tuple[NewFile, ...]) -> None:
        """Take the step. Raises ``NotAllowed`` when the complaint has moved on."""
        raise NotImplementedError


class Add(Deed):
    text = Words(label=_("What do you want to add?"), longest=LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    photos = Files()

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if not self.errors and not typed.get("text") and not self.sent:
            self.add_error("text", _NOTHING)
        return typed

    def do(self, files: tuple[NewFile, ...]) -> None:
        text = self.cleaned_data["text"]
        last = self.complaint.events.order_by("-id").first()
        if last and last.kind == "added" and last.data.get("text") == text and not files:
            return  # the button was pressed twice
        actions.add(self.complaint, text=text, by=None, files=files)


class Complete(Deed):
    """The answer to what was asked; asks for those parts of the identity that are missing."""

    text = Words(label=_("Your answer"), longest=LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    name = Words(label=_("Full name"), longest=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = Phone(label=_("Phone number"), required=False)
    lives = forms.ChoiceField(label=_("Where do you live?"), required=False)
    address = Words(label=_("Street, house or landmark"), longest=200, required=False)
    photos = Files()

    def __init__(self, complaint: Complaint, data: QueryDict | None = None, *, sent: int = 0) -> None:
        super().__init__(complaint, data, sent=sent)
        self.lists = choices.of(complaint.village)
        pick(self.fields["lives"], [("", gettext("Choose a place")), *place_choices(self.lists)])
        known = complaint.complainant
        if known:
            for field, value in (
                ("name", known.name),
                ("phone", known.phone),
                ("lives", known.hamlet_id or known.address),
                ("address", known.address_line),
            ):
                if value:
                    del self.fields[field]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.sent and not any(typed.values()):
            self.add_error("text", _NOTHING)
        return typed

    def _identity(self) -> Complainant | None:
        """A new row with what was known and what came now, or nothing when nothing came."""
        typed = {"name": "", "phone": "", "lives": "", "address": "", **self.cleaned_data}
        if not (typed["name"] or typed["phone"] or typed["lives"] or typed["address"]):
            return None
        now, known = contact(typed, self.lists), self.complaint.complainant or Complainant()
        moved = now.hamlet_id is not None
        return Complainant(
            village_id=self.complaint.village_id,
            name=now.name or known.name,
            phone=now.phone or known.phone,
            address=now.address or known.address,
            hamlet_id=now.hamlet_id or known.hamlet_id,
            rw=now.rw if moved else known.rw,
            rt=now.rt if moved else known.rt,
            email=known.email,
            only_answers=known.only_answers,
        )

    def do(self, files: tuple[NewFile, ...]) -> None:
        actions.complete(self.complaint, text=self.cleaned_data["text"], by=None, files=files, identity=self._identity())


class Withdraw(Deed):
    text = Words(
        label=_("Why do you withdraw it?"),
        longest=LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why you withdraw it, even in a few words.")},
    )
    pressed = forms.BooleanField(
        label=_("Somebody asked or pressed me to withdraw"), required=False, help_text=_("Only the complaint desk reads this.")
    )

    def do(self, files: tuple[NewFile, ...]) -> None:
        actions.withdraw(self.complaint, text=self.cleaned_data["text"], by=None, pressed=self.cleaned_data["pressed"])


class Rate(Deed):
    score = forms.TypedChoiceField(
        label=_("How satisfied are you with the answer?"),
        coerce=int,
        choices=list(SCORES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the four faces.")},
    )
    text = Words(label=_("A word on it"), longest=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, complaint: Complaint, data: QueryDict | None = None, *, sent: int = 0, chosen: str = "") -> None:
        """``chosen``: the face a link of our letter came with; it is only marked, and given by the button."""
        super().__init__(complaint, data, sent=sent)
        self.before = last_rating(complaint)
        self.initial = {"score": chosen} if chosen in {str(score) for score in SCORES} else dict(self.before or {})
        with_help(self.fields["score"], {}, {str(score): f"face-{score}" for score in SCORES})

    @property
    def said(self) -> str:
        """What he said before, in words."""
        return str(SCORES.get(self.before["score"], "")) if self.before else ""

    @property
    def shape(self) -> str:
        """The face that goes with it."""
        return f"face-{self.before['score']}" if self.before else "face-4"

    def do(self, files: tuple[NewFile, ...]) -> None:
        now = {"score": self.cleaned_data["score"], "text": self.cleaned_data["text"]}
        if now != self.before:  # else the button was pressed twice
            actions.rate(self.complaint, by=None, **now)


class Appeal(Deed):
    text = Words(
        label=_("What is not yet right?"),
        longest=LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what is not yet right, so that we can look at it again.")},
    )
    photos = Files()

    def do(self, files: tuple[NewFile, ...]) -> None:
        actions.appeal(self.complaint, text=self.cleaned_data["text"], by=None, files=files)


@dataclass(frozen=True)
class Way:
    """One deed: the last part of its address, its verb, its form, what is said when it is done."""

    slug: str
    verb: str
    form: type[Deed]
    done: Promise | str
    open_to: Callable[[Complaint], bool] = lambda complaint: True


def _within_reply_window(complaint: Complaint) -> bool:
    return complaint.due_at is None or complaint.due_at >= timezone.now()


def last_rating(complaint: Complaint) -> dict[str, Any] | None:
    """Score and words given for the latest answer; after an objection the next answer is asked about anew."""
    last = complaint.events.filter(kind__in=("responded", "rated")).order_by("-id").first()
    return {"score": last.data["score"], "text": last.data.get("text", "")} if last and last.kind == "rated" else None


def _may_rate(complaint: Complaint) -> bool:
    """A word on the latest answer may come at any time; one given may be changed as long as he could also object."""
    return last_rating(complaint) is None or (complaint.state == State.RESPONDED and _within_reply_window(complaint))


WAYS = {
    way.slug: way
    for way in (
        Way("lengkapi", "complete", Complete, _("Thank you. The officer looks at it again.")),
        Way("nilai", "rate", Rate, _("Thank you for your judgement."), _may_rate),
        Way(
            "keberatan",
            "appeal",
            Appeal,
            _("Your complaint is open again. It gets a new date for the answer."),
            _within_reply_window,
        ),
        Way("tambah", "add", Add, _("Added to your complaint.")),
        Way("cabut", "withdraw", Withdraw, _("Your complaint is withdrawn. Your reason stands in the book.")),
    )
}


def open_ways(complaint: Complaint) -> list[Way]:
    """What he may do now, the likeliest first. Who is asked to complete it is not also offered to add."""
    state = State(complaint.state)
    ways = [way for way in WAYS.values() if state in STEPS[way.verb].sources and way.open_to(complaint)]
    asked = state == State.AWAITING_COMPLAINANT
    return [way for way in ways if not (asked and way.verb == "add")]
