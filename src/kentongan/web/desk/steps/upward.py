"""The way upward: refer to an agency, ask it again, enter what it answered."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import actions, referrals
from kentongan.complaints.models import Complaint
from kentongan.village.models import Agency, User
from kentongan.web.desk import choices
from kentongan.web.desk.steps.base import Setting, StepForm, choose, fill, line, long_text, photos


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class _ToAgency(StepForm):
    """What goes to an agency bears a day by which it should answer."""

    due_on: forms.DateField

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose a later one, or leave it empty."))
        return day

    def clean(self) -> dict[str, Any]:
        """Without consent the words to the agency must not say either who complains."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.consented() and referrals.tells_who(cleaned.get("text", ""), self.setting.complaint):
            self.add_error(
                "text",
                _("This tells who complains. Take the name or number out, or ask the complainant whether it may go along."),
            )
        return cleaned

    def consented(self) -> bool:
        """Whether the agency learns who complains."""
        raise NotImplementedError


class Refer(_ToAgency):
    verb = "refer"
    label = _("Refer to an agency")
    submit = _("Refer")
    done = _("Referred. The cover letter is ready to print; ask them again when no answer comes.")
    shape = "arrow-out"
    agency = choose(_("Agency"))
    text = long_text(_("What we ask of them"))
    due_on = _day(_("Answer of the agency expected by"), help_text=_("Empty: as many working days as this agency usually takes."))
    with_identity = forms.BooleanField(
        label=_("The complainant agrees that name and telephone go along"),
        required=False,
        help_text=_("Ask first. Without consent, only the matter goes."),
    )
    with_files = forms.BooleanField(
        label=_("The photos and papers go along"),
        required=False,
        help_text=_("Look at them first: without consent, nobody may be recognised by them."),
    )
    outside_number = line(
        _("Their number"), 60, help_text=_("If you entered it with them yourself, for example the LAPOR! ticket.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        agency = Agency.objects.filter(pk=cleaned.get("agency") or 0, village=self.setting.village).first()
        if agency and referrals.is_lapor(agency) and not cleaned.get("outside_number"):
            self.add_error(
                "outside_number",
                _(
                    "Enter it at lapor.go.id first, with the pack on the page of the complaint. Then write the ticket number here."
                ),
            )
        return cleaned

    def consented(self) -> bool:
        return bool(self.cleaned_data.get("with_identity", False))

    @property
    def preview(self) -> dict[str, str]:
        row = self.setting.complaint
        row.village = self.setting.village  # read already
        said = {"subject": row.subject, "text": row.text, "place": row.place_line, "happened": row.happened}
        return {name: referrals.withheld(words, row) for name, words in said.items()}

    def prepare(self, setting: Setting) -> None:
        fill(self, "agency", choices.agencies(setting.village), nothing=_("Choose…"))
        if not referrals.may_name(setting.complaint):
            del self.fields["with_identity"]

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        return actions.refer(
            complaint,
            agency=Agency.objects.get(pk=values["agency"], village=self.setting.village),
            text=values["text"],
            with_identity=values.get("with_identity", False),
            with_files=values["with_files"],
            due_on=values["due_on"],
            outside_number=values["outside_number"],
            by=by,
        )


class Chase(_ToAgency):
    verb = "chase"
    label = _("Ask the agency again")
    submit = _("Ask again")
    done = _("Written down. Agencies with an e-mail address get a letter; call the others.")
    shape = "clock"
    text = long_text(_("What we write or say to them"), rows=3)
    due_on = _day(
        _("Answer of the agency expected by"),
        help_text=_("Empty: the day stays; one that is over moves on by as many working days as this agency usually takes."),
    )
    outside_number = line(_("Their number"), 60, help_text=_("If they gave one."))
    new_link = forms.BooleanField(
        label=_("Give them a new link; the old one opens nothing any more"),
        required=False,
        help_text=_("When it fell into wrong hands. One that ran out is renewed anyway."),
    )

    def consented(self) -> bool:
        waiting = referrals.waiting_for(self.setting.complaint)
        return waiting is not None and waiting.with_identity

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        return {"text": _("We have no answer yet. Please tell us how far it is and when the complainant may expect an answer.")}

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        return actions.chase(
            complaint,
            text=values["text"],
            new_link=values["new_link"],
            due_on=values["due_on"],
            outside_number=values["outside_number"],
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
    files = photos()

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        return actions.record_referral_answer(
            complaint, text=values["text"], outside_number=values["outside_number"], files=self.setting.files, by=by
        )
