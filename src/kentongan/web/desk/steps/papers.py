"""Letters to the complainant: the number each is given."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import actions, papers
from kentongan.complaints.lifecycle import NotAllowed, NotYours
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from kentongan.web.desk.steps.base import Setting, StepForm
from kentongan.web.desk.timeline import NUMBERABLE


class NumberLetter(StepForm):
    verb = "number_letter"
    label = _("Number a letter")
    submit = _("Give it a number")
    done = _("Numbered. The letter can be printed.")
    shape = "printer"
    letter = forms.ChoiceField(
        label=_("Which letter"), choices=list(NUMBERABLE.items()), error_messages={"required": _("Choose one.")}
    )

    @classmethod
    def offered(cls, setting: Setting) -> bool:
        """Each letter on the page has its own button."""
        return False

    def refusal(self, error: NotYours | NotAllowed) -> str:
        """What stands in the way: there is nothing to write, or the letter has its number."""
        if isinstance(error, NotYours):
            return ""
        letter = papers.letter_of(self.setting.complaint, self.cleaned_data["letter"])
        if letter is None:
            return gettext("There is no such letter to write as the complaint stands now.")
        return gettext("This letter has its number: %(number)s. It is not numbered twice.") % {"number": letter.number}

    def take(self, complaint: Complaint, by: User) -> Complaint:
        return actions.number_letter(complaint, letter=self.cleaned_data["letter"], by=by)
