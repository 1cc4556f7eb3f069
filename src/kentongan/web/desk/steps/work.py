"""The work: distribute, begin, write down what was done, refer, talk with the complainant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import actions
from kentongan.complaints.models import Complaint
from kentongan.village.models import Agency, User
from kentongan.village.roles import Role
from kentongan.web.desk import choices
from kentongan.web.desk.steps.base import Setting, StepForm, choose, choose_some, fill, line, long_text, photos


class Assign(StepForm):
    verb = "assign"
    label = _("Pass on to")
    submit = _("Pass on")
    done = _("Passed on. They see it on their desk.")
    shape = "people"
    to = choose_some(_("Who answers"))
    instruction = long_text(_("Instruction"), required=False, rows=3)

    def prepare(self, setting: Setting) -> None:
        answering = {Role.OFFICER, Role.RESPONDER, Role.LIAISON, Role.SECRETARY}
        people = {user.pk for role in answering for user in setting.circle.by_role[role]}
        rows = [row for pk, row in setting.circle.members.items() if pk in people]
        unit = setting.complaint.category.unit_id if setting.complaint.category else None
        rows.sort(key=lambda row: (row.unit_id != unit or unit is None, row.role not in (Role.RESPONDER, Role.LIAISON)))
        fill(self, "to", [(row.user_id, f"{row.user} — {row.post}") for row in rows])

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

    def people(self) -> list[User]:
        """The chosen ones in the order of the list."""
        users = User.objects.in_bulk(self.cleaned_data["to"])
        return [users[pk] for pk in self.cleaned_data["to"]]

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.assign(complaint, to=self.people(), instruction=self.cleaned_data["instruction"], by=by)


class Reassign(Assign):
    verb = "reassign"
    label = _("Change who answers")
    submit = _("Change")
    done = _("Changed. Those without a tick are released.")

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.reassign(complaint, to=self.people(), instruction=self.cleaned_data["instruction"], by=by)


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


class Refer(StepForm):
    verb = "refer"
    label = _("Refer to an agency")
    submit = _("Refer")
    done = _("Referred. Our clock waits; ask them again when it takes long.")
    shape = "arrow-out"
    agency = choose(_("Agency"))
    text = long_text(_("What we ask of them"))
    with_identity = forms.BooleanField(
        label=_("The complainant agrees that name and telephone go along"),
        required=False,
        help_text=_("Ask first. Without consent, only the matter goes."),
    )

    def prepare(self, setting: Setting) -> None:
        fill(self, "agency", choices.agencies(setting.village), nothing=_("Choose…"))
        if setting.complaint.identity_hidden or setting.complaint.is_anonymous:
            del self.fields["with_identity"]

    def take(self, complaint: Complaint, by: User) -> Complaint:
        agency = Agency.objects.get(pk=self.cleaned_data["agency"], village=self.setting.village)
        return actions.refer(
            complaint,
            agency=agency,
            text=self.cleaned_data["text"],
            with_identity=self.cleaned_data.get("with_identity", False),
            by=by,
        )


class RecordReferralAnswer(StepForm):
    verb = "record_referral_answer"
    label = _("The agency answered")
    submit = _("Enter the answer")
    done = _("Entered. Take it up again, or draft the answer.")
    shape = "mail"
    text = long_text(_("What the agency answered"))
    outside_number = line(_("Their number"), 60)

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        return actions.record_referral_answer(complaint, text=values["text"], outside_number=values["outside_number"], by=by)
