"""The work: distribute, begin, write down what was done, talk with the complainant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import actions
from kentongan.complaints.models import Complaint
from kentongan.lib.text import whole
from kentongan.village.models import User
from kentongan.village.roles import Role
from kentongan.web.desk.steps.base import Setting, StepForm, a_day, choose_some, fill, line, long_text, photos


class Assign(StepForm):
    verb = "assign"
    label = _("Pass on to")
    submit = _("Pass on")
    done = _("Passed on. They see it on their desk.")
    shape = "people"
    to = choose_some(_("Who answers"))
    instruction = long_text(_("Instruction"), required=False, rows=3)

    def prepare(self, setting: Setting) -> None:
        people = {user.pk for user in actions.answering(setting.circle)}
        rows = [row for pk, row in setting.circle.members.items() if pk in people]
        unit = setting.complaint.category.unit_id if setting.complaint.category else None
        rows.sort(key=lambda row: (row.unit_id != unit or unit is None, row.role not in (Role.RESPONDER, Role.LIAISON)))
        self.names = {row.user_id: f"{row.user} — {row.post}" for row in rows}
        fill(self, "to", list(self.names.items()))
        has = {row.responder_id: row for row in setting.current}
        for place, pk in enumerate(self.names, start=1):
            row = has.get(pk)
            self.fields[f"part_{pk}"] = line(_("Which part"), 300, initial=row.part if row else "")
            self.fields[f"order_{pk}"] = forms.IntegerField(
                label=_("Order"), min_value=1, max_value=99, required=False, initial=row.order if row else place
            )
            self.fields[f"due_{pk}"] = a_day(_("Answer by"), initial=row.due_on if row else None)

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        """Those who have it; before that, those of the category's unit."""
        current = [row.responder_id for row in setting.current]
        unit = setting.complaint.category.unit_id if setting.complaint.category else None
        usual = [
            pk
            for pk, row in setting.circle.members.items()
            if unit and row.unit_id == unit and row.role in (Role.RESPONDER, Role.LIAISON)
        ]
        return {"to": current or usual[:1]}

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self["to"], self["instruction"]]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The folded rows: what each answers, in which order, by which day."""
        return [
            {"pk": pk, "name": name, "what": self[f"part_{pk}"], "order": self[f"order_{pk}"], "due": self[f"due_{pk}"]}
            for pk, name in self.names.items()
        ]

    @property
    def parts_open(self) -> bool:
        """Whether something stands in the fold that must not be overlooked."""
        if self.is_bound:
            return any(name.partition("_")[0] in {"part", "order", "due"} for name in self.errors)
        return any(row.part or row.due_on for row in self.setting.current)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for pk, name in self.names.items():
            written = (values.get(f"part_{pk}") and f"part_{pk}" in self.changed_data) or (
                values.get(f"due_{pk}") and f"due_{pk}" in self.changed_data
            )
            if written and pk not in values.get("to", []):
                self.add_error(f"part_{pk}", _("%(name)s has no tick above: tick the name, or empty this.") % {"name": name})
        return values

    def people(self) -> list[User]:
        """The chosen ones in the order of the list."""
        users = User.objects.in_bulk(self.cleaned_data["to"])
        return [users[pk] for pk in self.cleaned_data["to"]]

    def shares(self) -> dict[int, actions.Part]:
        """What each of the chosen ones answers."""
        values = self.cleaned_data
        return {
            pk: actions.Part(values[f"part_{pk}"], values[f"order_{pk}"] or place, values[f"due_{pk}"])
            for place, pk in enumerate(values["to"], start=1)
        }

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        return actions.assign(complaint, to=self.people(), instruction=values["instruction"], parts=self.shares(), by=by)


class Reassign(Assign):
    verb = "reassign"
    label = _("Change who answers")
    submit = _("Change")
    done = _("Changed. Those without a tick are released.")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        return {**super().start_values(setting), "seen": " ".join(str(row.responder_id) for row in setting.current)}

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        seen = [pk for pk in map(whole, values["seen"].split()) if pk is not None] if "seen" in self.data else None
        return actions.reassign(
            complaint, to=self.people(), instruction=values["instruction"], parts=self.shares(), seen=seen, by=by
        )


class Start(StepForm):
    verb = "start"
    label = _("Begin the work")
    submit = _("Begin")
    done = _("Begun. Write down what you do, with photos.")
    shape = "drum-work"
    text = long_text(_("What will be done first"), required=False, rows=2)

    @classmethod
    def offered(cls, setting: Setting) -> bool:
        """To those it was given to; to the desk too, which may have to begin for them."""
        return setting.given_to_me or setting.has_role(Role.OFFICER)

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.start(complaint, text=self.cleaned_data["text"], by=by)


class FollowUp(StepForm):
    verb = "follow_up"
    label = _("Write down what was done")
    done = _("Written down. The complainant can read it.")
    intro = _("The complainant reads this.")
    shape = "camera"
    text = long_text(_("What was done"))
    files = photos()

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.follow_up(complaint, text=self.cleaned_data["text"], files=self.setting.files, by=by)


class Note(StepForm):
    verb = "note"
    label = _("Internal note")
    submit = _("Keep the note")
    done = _("Note kept.")
    intro = _("Among officials; the complainant never reads it.")
    shape = "lock"
    text = long_text(_("Note"))
    files = photos()

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.note(complaint, text=self.cleaned_data["text"], files=self.setting.files, by=by)


class Attach(StepForm):
    verb = "attach"
    label = _("Add files")
    submit = _("Add")
    done = _("Files added.")
    shape = "clip"
    files = photos()

    def clean(self) -> dict[str, Any]:
        if not self.setting.files:
            self.add_error("files", _("Choose at least one photo or document."))
        return super().clean() or {}

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.attach(complaint, files=self.setting.files, by=by)


class Message(StepForm):
    verb = "message"
    label = _("Write to the complainant")
    submit = _("Send")
    done = _("It stands on the tracking page. Call those who have no telephone of their own, or tell them at the counter.")
    shape = "message"
    text = long_text(_("Message"))

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.message(complaint, text=self.cleaned_data["text"], by=by)


class Add(StepForm):
    verb = "add"
    label = _("The complainant adds something")
    submit = _("Enter")
    done = _("Entered.")
    shape = "plus"
    text = long_text(_("What the complainant told or brought"))
    files = photos()

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.add(complaint, text=self.cleaned_data["text"], files=self.setting.files, by=by, via="walk_in")
