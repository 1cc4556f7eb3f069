"""The answer: drafted, approved, delivered; what the complainant says to it, and the end."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.channels import registry
from kentongan.channels.registry import CHANNELS, OTHER_WAYS
from kentongan.complaints import actions, plans, ratings
from kentongan.complaints.lifecycle import NotAllowed
from kentongan.complaints.models import Complaint, Outcome, Response
from kentongan.village.models import User
from kentongan.village.roles import Role
from kentongan.web.desk.steps.base import Setting, StepForm, fill, line, long_text, photos
from kentongan.web.public import choices as public
from kentongan.web.public.timeline import SCORES

DELIVERIES = 3  # rows offered at once; more through "Record a delivery"
YEARS = 6  # of plans that may be chosen: a village plans for six (RPJMDes)
PLANS = [("", _("Choose…")), *((kind, kind) for kind in plans.KINDS)]
OUTCOMES = [("", _("Choose…")), *Outcome.choices]


class DraftResponse(StepForm):
    verb = "draft_response"
    label = _("Draft the answer")
    submit = _("Hand in the draft")
    done = _("Handed in. It goes to those who approve it.")
    shape = "edit"
    text = long_text(_("Answer to the complainant"), rows=8, help_text=_("What was found, what was done, what follows and when."))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, required=False)
    plan = forms.ChoiceField(
        label=_("Planned in"),
        choices=PLANS,
        required=False,
        help_text=_("Only for the outcome “Planned”. The complainant reads it."),
    )
    plan_month = forms.TypedChoiceField(label=_("Month"), coerce=int, empty_value=None, required=False)
    plan_year = forms.TypedChoiceField(label=_("Year"), coerce=int, empty_value=None, required=False)
    files = photos()

    @classmethod
    def offered(cls, setting: Setting) -> bool:
        """To those it was given to, and to the desk; not to who has only a task in it."""
        return setting.given_to_me or setting.has_role(Role.OFFICER) or setting.has_role(Role.SECRETARY)

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        draft = setting.response
        if draft is None:
            return {"text": "\n\n".join(part.answer.strip() for part in setting.answered)}
        plan, year, month = plans.parts(draft.planned_for) or ("", 0, 0)
        return {"text": draft.text, "outcome": draft.outcome, "plan": plan, "plan_year": year, "plan_month": month}

    def prepare(self, setting: Setting) -> None:
        self.fields["text"].help_text = _about_parts(setting) or self.fields["text"].help_text
        this_year = timezone.localdate().year
        fill(self, "plan_month", list(enumerate(plans.months(), start=1)), nothing=_("Choose…"))
        fill(self, "plan_year", [(year, str(year)) for year in range(this_year, this_year + YEARS)], nothing=_("Choose…"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        planned = typed.get("outcome") == Outcome.PLANNED
        if planned and not (typed.get("plan") and typed.get("plan_month") and typed.get("plan_year")):
            self.add_error("plan", _("Say in which plan, which month and which year; we ask again then."))
        return typed

    def _planned_for(self) -> str:
        values = self.cleaned_data
        planned = values["outcome"] == Outcome.PLANNED
        return plans.written(values["plan"], values["plan_year"], values["plan_month"]) if planned else ""

    @property
    def summary(self) -> Any:
        return _("Change the draft") if self.setting.response else self.label

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        return actions.draft_response(
            complaint,
            text=values["text"],
            outcome=values["outcome"],
            planned_for=self._planned_for(),
            files=self.setting.files,
            by=by,
        )


def _about_parts(setting: Setting) -> str:
    """Whose parts the draft begins with, and whose are missing; "" where nobody wrote a part, or a draft is there already."""
    if setting.response or not setting.answered:
        return ""
    written = "; ".join(part.responder_label for part in setting.answered)
    missing = "; ".join(part.responder_label for part in setting.current if not part.answered_at)
    words = [
        gettext("The parts stand here in their order, written by %(people)s. Make one answer of them.") % {"people": written}
    ]
    if missing:
        words.append(gettext("Not written yet: %(people)s.") % {"people": missing})
    return " ".join(words)


def stamp(response: Response | None) -> str:
    """Marks the words of a draft, so that nobody approves others than he read."""
    return f"{response.pk}-{response.drafted_at.timestamp():.6f}-{len(response.approvals)}" if response else ""


class _OnDraft(StepForm):
    """A decision about the draft as it was read."""

    read = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def offered(cls, setting: Setting) -> bool:
        draft = setting.response
        return draft is not None and draft.stage == Response.Stage.WAITING and setting.has_role(Role(draft.waiting_for))

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        return {"read": stamp(setting.response), "text": setting.response.text if setting.response else ""}

    def check_read(self) -> None:
        """Raises ``NotAllowed`` when the draft was written anew, or approved, since it was read."""
        if self.cleaned_data["read"] and self.cleaned_data["read"] != stamp(self.setting.response):
            raise NotAllowed(self.verb, self.setting.state)


class ApproveResponse(_OnDraft):
    verb = "approve_response"
    label = _("Approve the answer")
    submit = _("Approve")
    done = _("Approved.")
    shape = "check-circle"
    text = long_text(_("Answer to the complainant"), rows=8, help_text=_("You may correct the words before you approve."))

    def take(self, complaint: Complaint, by: User) -> Complaint:
        self.check_read()
        text = self.cleaned_data["text"]
        changed = self.setting.response is not None and text != self.setting.response.text.strip().replace("\r\n", "\n")
        return actions.approve_response(complaint, text=text if changed else None, by=by)


class ReturnResponse(_OnDraft):
    verb = "return_response"
    label = _("Send the draft back")
    submit = _("Send back")
    done = _("Sent back with your reason.")
    shape = "undo"
    text = long_text(_("What must change"), rows=3)

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        return {"read": stamp(setting.response)}

    def take(self, complaint: Complaint, by: User) -> Complaint:
        self.check_read()
        return actions.return_response(complaint, text=self.cleaned_data["text"], by=by)


def _ways() -> list[tuple[str, Any]]:
    return [("", _("How?")), *((key, door.label) for key, door in CHANNELS.items() if key != "box"), *OTHER_WAYS.items()]


class _Deliveries(StepForm):
    """Rows of deliveries: to whom, how, whether it reached, a note."""

    rows: int
    template = "desk/deliveries.html"

    def prepare(self, setting: Setting) -> None:
        for n in range(1, self.rows + 1):
            self.fields[f"to_{n}"] = line(_("To whom"), 120, required=n == 1)
            self.fields[f"how_{n}"] = forms.ChoiceField(label=_("How"), choices=_ways(), required=n == 1)
            self.fields[f"reached_{n}"] = forms.BooleanField(label=_("Reached"), required=False, initial=True)
            self.fields[f"note_{n}"] = line(_("Note"), 300)

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        row = setting.complaint
        if row.complainant is None:
            return {"to_1": str(_("The public")), "how_1": "web" if row.channel == "web" else "board"}
        name = row.complainant.name if setting.sees_identity and row.complainant.name else str(_("The complainant"))
        usual = "phone" if row.complainant.phone else "walk_in"
        how = {"letter": "letter", "phone": "phone", "web": "web"}.get(row.channel, usual)
        if row.complainant.email and public.writes(setting.village):
            how = "email"
        return {"to_1": name, "how_1": how}

    @property
    def grouped(self) -> list[dict[str, Any]]:
        """The rows as the template draws them."""
        return [
            {"n": n, "to": self[f"to_{n}"], "how": self[f"how_{n}"], "reached": self[f"reached_{n}"], "note": self[f"note_{n}"]}
            for n in range(1, self.rows + 1)
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for n in range(2, self.rows + 1):
            if values.get(f"to_{n}") and not values.get(f"how_{n}"):
                self.add_error(f"how_{n}", _("Say how."))
        return values

    def delivered(self) -> list[actions.Delivered]:
        values = self.cleaned_data
        return [
            actions.Delivered(values[f"to_{n}"], values[f"how_{n}"], reached=values[f"reached_{n}"], note=values[f"note_{n}"])
            for n in range(1, self.rows + 1)
            if values.get(f"to_{n}") and values.get(f"how_{n}")
        ]


class Respond(_Deliveries):
    verb = "respond"
    rows = DELIVERIES
    label = _("Deliver the answer")
    submit = _("Record as delivered")
    done = _("Delivered. The complainant may object within the reply window.")
    intro = _("Tell it in person, by telephone, by letter or on the tracking page; then write down how.")
    shape = "send"

    @classmethod
    def offered(cls, setting: Setting) -> bool:
        return setting.response is not None and setting.response.stage == Response.Stage.READY

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not self.errors and not any(record.reached for record in self.delivered()):
            raise forms.ValidationError(_("Nobody was reached yet. Try another way, or put it on the notice board."))
        return values

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.respond(complaint, deliveries=self.delivered(), by=by)


class Deliver(_Deliveries):
    verb = "deliver"
    rows = 1
    label = _("Record a delivery")
    submit = _("Record")
    done = _("Recorded.")
    shape = "send"

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.deliver(complaint, delivered=self.delivered()[0], by=by)


class Close(StepForm):
    verb = "close"
    label = _("Close the complaint")
    submit = _("Close the complaint")
    done = _("Closed. It stands in the book with its outcome.")
    shape = "check-circle"
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, error_messages={"required": _("Choose one.")})
    text = long_text(_("Closing remark"), required=False, rows=2)

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        return {"outcome": setting.complaint.outcome}

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.close(complaint, outcome=self.cleaned_data["outcome"], text=self.cleaned_data["text"], by=by)


class Reopen(StepForm):
    verb = "reopen"
    label = _("Open again")
    submit = _("Open again")
    done = _("Open again. The clock starts anew today.")
    shape = "undo"
    text = long_text(_("Why"), rows=3)

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.reopen(complaint, text=self.cleaned_data["text"], by=by)


class Appeal(StepForm):
    verb = "appeal"
    label = _("The complainant objects")
    submit = _("Enter the objection")
    done = _("Entered. It is open again, with its whole history.")
    shape = "alert"
    text = long_text(_("What is not right, in the complainant's words"))
    files = photos()

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.appeal(complaint, text=self.cleaned_data["text"], files=self.setting.files, by=by, via="walk_in")


class Rate(StepForm):
    verb = "rate"
    label = _("The complainant rates the answer")
    submit = _("Enter")
    done = _("Entered. Thank you for asking.")
    shape = "face-4"
    score = forms.TypedChoiceField(
        label=_("How satisfied?"),
        coerce=int,
        choices=sorted(SCORES.items(), reverse=True),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    via = forms.ChoiceField(
        label=_("How was it said?"),
        choices=[(via, registry.label(via)) for via in ratings.VIAS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    text = long_text(_("In the complainant's words"), required=False, rows=2)

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        return actions.rate(complaint, score=values["score"], text=values["text"], by=by, via=values["via"])
