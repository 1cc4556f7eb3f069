"""The answering team: take on a part, hand it over, give it back, answer it; tasks; a visit on the spot."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import NotAllowed, NotYours
from kentongan.complaints.models import Assignment, Complaint
from kentongan.village.models import User
from kentongan.village.roles import Role
from kentongan.web.desk.steps.base import GONE, Setting, StepForm, a_day, a_moment, choose, fill, line, long_text, photos


def own_part(setting: Setting) -> Assignment | None:
    """What is with this person, or with somebody for whom he stands in."""
    mine = [row for row in setting.current if row.responder_id in setting.user.standing.acts_for]
    return next((row for row in mine if row.responder_id == setting.user.pk), mine[0] if mine else None)


class _OnOwnPart(StepForm):
    """What only those do to whom it is distributed."""

    @classmethod
    def offered(cls, setting: Setting) -> bool:
        return setting.given_to_me


class Accept(_OnOwnPart):
    verb = "accept"
    label = _("Take it on")
    submit = _("I take it on")
    done = _("Taken on. The officer sees that it is in your hands.")
    intro = _("Say that you answer your part. If it is not yours to answer, hand it over or give it back.")
    shape = "check"

    @classmethod
    def offered(cls, setting: Setting) -> bool:
        part = own_part(setting)
        return part is not None and part.accepted_at is None

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.accept(complaint, by=by)


REFUSALS: dict[str, Promise | str] = {
    "holds": _("%(name)s answers a part of it already. Choose somebody else, or ask the officer to change the parts."),
    "reason": _("%(name)s had it before. Write the reason why it goes back."),
    "round": _("It went back to %(name)s %(n)d times already. Ask %(officer)s to decide who answers."),
}


def refusal_words(error: Exception, name: str, officers: list[User]) -> str:
    """Why a hand-over cannot be, and what to do; "" for any other refusal."""
    if not isinstance(error, actions.HandOverRefused):
        return ""
    asked = ", ".join(officer.standing.label for officer in officers)
    return str(REFUSALS[error.why]) % {"name": name, "n": actions.MOST_RETURNS, "officer": asked}


class HandOver(_OnOwnPart):
    verb = "hand_over"
    label = _("Hand over to")
    submit = _("Hand over")
    done = _("Handed over. It stands on the other's desk now.")
    shape = "share"
    to = choose(_("To whom"))
    text = long_text(_("Why"), required=False, rows=2, help_text=_("Needed when it goes back to somebody who had it before."))

    def prepare(self, setting: Setting) -> None:
        has = {row.responder_id for row in setting.current}
        people = {user.pk for user in actions.answering(setting.circle)} - has
        rows = [(pk, f"{row.user} — {row.post}") for pk, row in setting.circle.members.items() if pk in people]
        fill(self, "to", rows, nothing=_("Choose…"))

    def refusal(self, error: NotYours | NotAllowed) -> str:
        name = str(User.objects.get(pk=self.cleaned_data["to"]))
        return refusal_words(error, name, self.setting.circle.acting(Role.OFFICER))

    def take(self, complaint: Complaint, by: User) -> Complaint:
        to = User.objects.get(pk=self.cleaned_data["to"])
        return actions.hand_over(complaint, to=to, text=self.cleaned_data["text"], by=by)


class GiveBack(_OnOwnPart):
    verb = "give_back"
    label = _("Give it back")
    submit = _("Give it back to the officer")
    done = _("Given back. The officer distributes it anew.")
    shape = "undo"
    text = long_text(_("Why"), rows=2)

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.give_back(complaint, text=self.cleaned_data["text"], by=by)


class AnswerPart(_OnOwnPart):
    verb = "answer_part"
    label = _("Write my part of the answer")
    done = _("Kept. The draft of the answer begins with it.")
    shape = "note"
    text = long_text(_("My part of the answer"), rows=6)

    @classmethod
    def offered(cls, setting: Setting) -> bool:
        """Where several answer, or a part was named: who answers alone drafts the answer itself."""
        part = own_part(setting)
        return part is not None and bool(part.part or part.answer or len(setting.current) > 1)

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        part = own_part(setting)
        return {"text": part.answer if part else ""}

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.answer_part(complaint, text=self.cleaned_data["text"], by=by)


class AddTask(StepForm):
    verb = "add_task"
    label = _("Give a task")
    submit = _("Give")
    done = _("Given. It stands with the tasks of the complaint.")
    shape = "check-circle"
    what = long_text(_("What is to be done"), rows=3, help_text=_("One line for each task: several lines make a checklist."))
    who = choose(_("Who does it"), required=False)
    due_on = a_day(_("By which day"))

    def prepare(self, setting: Setting) -> None:
        people = [(pk, f"{row.user} — {row.post}") for pk, row in setting.circle.members.items()]
        fill(self, "who", people, nothing=_("Whoever comes to it first"))

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        who = User.objects.filter(pk=values["who"]).first()
        return actions.add_task(complaint, what=values["what"].split("\n"), who=who, due_on=values["due_on"], by=by)


class AnyTask(forms.TypedChoiceField):
    """One of the tasks; whether it is still open, and whose it is, the action judges."""

    def valid_value(self, value: Any) -> bool:
        return str(value).isdigit() and len(str(value)) < 19


class FinishTask(StepForm):
    verb = "finish_task"
    label = _("Tick a task off")
    submit = _("Done")
    done = _("Ticked off.")
    shape = "check"
    task = AnyTask(
        label=_("Which task"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": GONE},
    )

    @classmethod
    def offered(cls, setting: Setting) -> bool:
        """Each task on the page has its own button."""
        return False

    def prepare(self, setting: Setting) -> None:
        fill(self, "task", [(task.pk, task.what) for task in setting.tasks if setting.can_finish(task)])

    def refusal(self, error: NotYours | NotAllowed) -> str:
        task = next((row for row in self.setting.tasks if row.pk == self.cleaned_data["task"]), None)
        if task is None or not isinstance(error, actions.TaskOfAnother):
            return ""
        return gettext("This task was given to %(name)s, who ticks it off when it is done.") % {"name": task.who_label}

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.finish_task(complaint, task=self.cleaned_data["task"], by=by)


class Visit(StepForm):
    verb = "visit"
    label = _("Write down a visit")
    done = _("Written down. The complainant can read it.")
    intro = _("The complainant reads this.")
    shape = "pin"
    at = a_moment(_("When"))
    place = line(_("Where"), 200)
    text = long_text(_("What came of it"))
    before = photos(_("Photos before"))
    after = photos(_("Photos after"))

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        return {"at": timezone.localtime().replace(second=0, microsecond=0), "place": setting.complaint.place_line}

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > timezone.now():
            raise forms.ValidationError(_("This moment has not come yet. Write down the visit when it has been made."))
        return at

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values, sent = self.cleaned_data, self.setting.sent
        return actions.visit(
            complaint,
            at=values["at"],
            place=values["place"],
            text=values["text"],
            before=sent.get("before", ()),
            after=sent.get("after", ()),
            by=by,
        )
