"""The first look: complete, ours, what is it, whom does it concern; and everything that sorts the book."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complainant, Complaint, DeclineReason, Urgency
from kentongan.village.models import Agency, Category, Kind, User
from kentongan.web.desk import choices
from kentongan.web.desk.steps.base import Setting, StepForm, choose, choose_some, fill, line, long_text, photos
from kentongan.web.public import choices as public
from kentongan.web.public.fields import Phone
from kentongan.web.public.forms import place_choices


class Ask(StepForm):
    verb = "ask"
    label = _("Ask for what is missing")
    submit = _("Ask, and stop the clock")
    done = _("Asked. The clock stands still until the complainant answers.")
    intro = _("One question, in plain words. The complainant reads it on the tracking page; tell those who have none.")
    shape = "pause"
    text = long_text(_("What is missing"))

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.ask(complaint, text=self.cleaned_data["text"], by=by)


class Complete(StepForm):
    verb = "complete"
    label = _("The complainant completed it")
    submit = _("Enter what was added")
    done = _("Entered. Please verify it now.")
    shape = "check"
    text = long_text(_("What the complainant told or brought"))
    name = line(_("Name"), 100)
    phone = Phone(label=_("Telephone"), required=False)
    address = line(_("Address"), 200)
    home = forms.ChoiceField(label=_("Hamlet, RT and RW"), required=False)
    files = photos()

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        known = setting.complaint.complainant
        if known is None or not setting.sees_identity:
            return {}
        home = public.value_of(known.hamlet_id, known.rw, known.rt)
        return {"name": known.name, "phone": known.phone_shown, "address": known.address, "home": home}

    def prepare(self, setting: Setting) -> None:
        fill(self, "home", place_choices(public.of(setting.village)), nothing=_("Not known"))
        if not setting.sees_identity:
            for name in ("name", "phone", "address", "home"):
                del self.fields[name]

    def _identity(self, complaint: Complaint) -> Complainant | None:
        """The identity as it was typed, when it differs from the one in the book."""
        values = self.cleaned_data
        if "name" not in self.fields or not (values["name"] or values["phone"]) or not self.changed_data:
            return None
        if not {"name", "phone", "address", "home"} & set(self.changed_data):
            return None
        place, known = public.of(self.setting.village).place(values["home"]), complaint.complainant
        return Complainant(
            village_id=complaint.village_id, name=values["name"], phone=values["phone"], address=values["address"],
            hamlet_id=place.hamlet_id, rw=place.rw, rt=place.rt,
            email=known.email if known else "", only_answers=known.only_answers if known else False,
        )  # fmt: skip

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.complete(
            complaint,
            text=self.cleaned_data["text"],
            by=by,
            files=self.setting.files,
            identity=self._identity(complaint),
            via="walk_in",
        )


class _Classes(StepForm):
    """Category, kind and urgency, for the first time or anew."""

    category = choose(_("Category"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices)
    inspection = forms.BooleanField(
        label=_("Needs an inspection"), required=False, help_text=_("Levies, village funds, abuse of office: the longer clock.")
    )

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        row = setting.complaint
        return {
            "category": row.category_id, "kind": row.kind, "urgency": row.urgency, "inspection": row.inspection,
            "subject": row.subject, "confidential": row.confidential, "concerned": [shut.user_id for shut in setting.circle.shut_out],
        }  # fmt: skip

    def prepare(self, setting: Setting) -> None:
        fill(self, "category", choices.categories(setting.village), nothing=_("Choose…"))

    def picked(self) -> Category:
        return Category.objects.get(pk=self.cleaned_data["category"], village=self.setting.village)


class Verify(_Classes):
    verb = "verify"
    label = _("Verify")
    submit = _("Complete and ours: verify")
    done = _("Verified. Now pass it on.")
    intro = _("Is it clear what, where and since when? Is it the village's to decide? If not, ask or decline below.")
    shape = "check"
    subject = line(_("Subject, one line"), 140)
    confidential = forms.BooleanField(label=_("Content hidden from the public"), required=False)
    concerned = choose_some(
        _("Officials it complains about"),
        required=False,
        help_text=_("They stay shut out. Those the text only mentions may see it once you verify: take their tick away."),
    )
    field_order = ("subject", "category", "kind", "urgency", "inspection", "confidential", "concerned")

    def prepare(self, setting: Setting) -> None:
        super().prepare(setting)
        people = [
            (shut.user_id, f"{shut.user.name} ({shut.get_why_display()})")
            for shut in setting.circle.shut_out
            if shut.why != "RECUSED"
        ]
        fill(self, "concerned", people)
        if not people:
            del self.fields["concerned"]

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        return actions.verify(
            complaint,
            category=self.picked(),
            kind=values["kind"],
            urgency=values["urgency"],
            inspection=values["inspection"],
            subject=values["subject"],
            confidential=values["confidential"],
            concerned=User.objects.filter(pk__in=values.get("concerned", [])),
            by=by,
        )


class Reclassify(_Classes):
    verb = "reclassify"
    label = _("Correct kind or category")
    shape = "edit"

    def take(self, complaint: Complaint, by: User) -> Complaint:
        values = self.cleaned_data
        return actions.reclassify(
            complaint,
            category=self.picked(),
            kind=values["kind"],
            urgency=values["urgency"],
            inspection=values["inspection"],
            by=by,
        )


class Decline(StepForm):
    verb = "decline"
    label = _("Cannot be processed")
    submit = _("Decline with this answer")
    done = _("Declined. Tell the complainant and record the delivery.")
    shape = "ban"
    danger = True
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose…")), *DeclineReason.choices])
    text = long_text(_("What the complainant will read"), help_text=_("Say why, and where it can be brought instead."))
    agency = choose(_("The right address"), required=False)

    def prepare(self, setting: Setting) -> None:
        fill(self, "agency", choices.agencies(setting.village), nothing=_("None"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("reason") == DeclineReason.OUT_OF_SCOPE and not values.get("agency") and len(values.get("text", "")) < 20:
            self.add_error("agency", _("Not ours: choose the agency, or write in the answer where it can be brought."))
        return values

    def take(self, complaint: Complaint, by: User) -> Complaint:
        agency = Agency.objects.filter(pk=self.cleaned_data["agency"], village=self.setting.village).first()
        return actions.decline(
            complaint, reason=self.cleaned_data["reason"], text=self.cleaned_data["text"], agency=agency, by=by
        )


class Merge(StepForm):
    verb = "merge"
    label = _("Join with another on the same matter")
    submit = _("Join")
    done = _("Joined. It keeps its number and gets its own answer.")
    shape = "merge"
    number = line(_("Number of the other complaint"), 20, required=True, help_text=_("For example 2026-0012."))

    def clean_number(self) -> Complaint:
        other = Complaint.visible_to(self.setting.user).filter(number=self.cleaned_data["number"].strip()).first()
        if other is None or other.pk == self.setting.complaint.pk:
            raise forms.ValidationError(_("There is no other complaint with this number. Look it up in the list."))
        if other.state == State.MERGED:
            raise forms.ValidationError(_("That one is itself joined with another. Use the number of that other one."))
        return other

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.merge(complaint, master=self.cleaned_data["number"], by=by)


class Split(StepForm):
    verb = "split"
    label = _("Give another matter in it its own number")
    submit = _("Make a second complaint")
    done = _("The other matter has its own number now.")
    shape = "copy"
    subject = line(_("Subject, one line"), 140)
    text = long_text(_("The other matter, in the complainant's words"))

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.split(complaint, text=self.cleaned_data["text"], subject=self.cleaned_data["subject"], by=by)


class Name(StepForm):
    verb = "name"
    label = _("It concerns an official")
    submit = _("Only these are concerned")
    done = _("Those with a tick see nothing of it; their stand-ins take over.")
    shape = "hidden"
    officials = choose_some(
        _("Officials it complains about"),
        required=False,
        help_text=_("Whoever is complained about sees nothing of it, not even a count. Those without a tick may see it."),
    )

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        return {"officials": [shut.user_id for shut in setting.mentioned]}

    def prepare(self, setting: Setting) -> None:
        mentioned = [(shut.user_id, f"{shut.user.name} ({shut.get_why_display()})") for shut in setting.mentioned]
        fill(self, "officials", mentioned + [(pk, f"{row.user} — {row.post}") for pk, row in setting.circle.members.items()])
        self.fields["officials"].required = not mentioned

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.name(complaint, officials=User.objects.filter(pk__in=self.cleaned_data["officials"]), by=by)


class Recuse(StepForm):
    verb = "recuse"
    label = _("Step aside")
    submit = _("Step aside")
    done = _("You stepped aside. Others take it from here.")
    intro = _("If it concerns your family, a friend or yourself. You will not see this complaint again.")
    shape = "door"
    danger = True

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.recuse(complaint, by=by)


class ExtendDeadline(StepForm):
    verb = "extend_deadline"
    label = _("Promise a later day")
    submit = _("Extend, and tell the complainant")
    done = _("Extended. The complainant reads the reason.")
    shape = "calendar"
    days = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=60, initial=5)
    text = long_text(_("Why more time is needed"), rows=3)

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        if not actions.may_extend(self.setting.complaint, days):
            most = self.setting.complaint.category.extension_days if self.setting.complaint.category else 0
            words = _("Matters of this category may be extended once, by at most %(days)s working days.")
            raise forms.ValidationError(words % {"days": most})
        return days

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.extend_deadline(complaint, days=self.cleaned_data["days"], text=self.cleaned_data["text"], by=by)


class Withdraw(StepForm):
    verb = "withdraw"
    label = _("The complainant takes it back")
    submit = _("Enter the withdrawal")
    done = _("Withdrawn. The reason stays in the book.")
    shape = "undo"
    danger = True
    text = long_text(_("Why, in the complainant's words"), rows=3)
    pressed = forms.BooleanField(
        label=_("There are signs that somebody pressed the complainant"),
        required=False,
        help_text=_("Only officials see this mark."),
    )

    @property
    def to_print(self) -> tuple[str, Promise | str, str] | None:
        """The statement to sign, where there is a name to sign with."""
        if self.setting.complaint.is_anonymous:
            return None
        which = [self.setting.complaint.number, "surat-pencabutan"]
        return reverse("desk:sheet", args=which), _("Statement to sign (PDF)"), reverse("desk:sheet_docx", args=which)

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.withdraw(
            complaint, text=self.cleaned_data["text"], pressed=self.cleaned_data["pressed"], by=by, via="walk_in"
        )
