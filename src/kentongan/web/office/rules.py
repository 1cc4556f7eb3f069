"""How a kind of letter is signed, copied and numbered: the part of ``/kantor/kertas/`` that is no wording."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kentongan.complaints import letters
from kentongan.lib.text import clean
from kentongan.village.models import LetterRule, Membership
from kentongan.web.office import numbers

SIGNED = ("signs", "post")
COPIED = (*SIGNED, "copies")
NUMBERED = ("code", "pattern")
# paper → what may be set for it
RULED: dict[str, tuple[str, ...]] = {
    "completion": (*COPIED, *NUMBERED),
    "invitation": (*COPIED, *NUMBERED),
    "minutes": (*SIGNED, *NUMBERED),
    "answer": (*COPIED, *NUMBERED),
    "referral": (*COPIED, *NUMBERED),
    "notice": SIGNED,
    "report": NUMBERED,
}
MOST_COPIES, LONGEST_COPY = 8, 120
CODE = RegexValidator(
    r"^[0-9][0-9A-Za-z.]{0,11}$", gettext_lazy("Digits, dots and letters, beginning with a digit. Example: 400.10.2")
)


class RuleForm(forms.ModelForm[LetterRule]):
    """The rule of one kind of letter, as far as it has one."""

    class Meta:
        model = LetterRule
        fields = (*COPIED, *NUMBERED)
        widgets = {"copies": forms.Textarea(attrs={"rows": 3, "lang": "id"}), "signs": forms.RadioSelect}
        help_texts = {
            "signs": gettext_lazy("Whom a complaint concerns never signs a paper about it: the next does."),
            "post": gettext_lazy("Below “u.b.”, in the place of the secretary. Where nobody holds it, the secretary signs."),
            "copies": gettext_lazy(
                "One a line, beside those that stand there by themselves. Left out where a name is hidden, the complaint is "
                "confidential, or it concerns an official."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(RULED.get(self.instance.kind, ())):
            del self.fields[name]
        if "post" in self.fields:
            current = Membership.current().filter(village=self.instance.village_id)
            posts = dict.fromkeys([*current.order_by("id").values_list("post", flat=True), self.instance.post])
            held = self.fields["post"]
            choices = [("", "–"), *((post, post) for post in posts if post)]
            self.fields["post"] = forms.ChoiceField(label=held.label, help_text=held.help_text, choices=choices, required=False)
        if "code" in self.fields:
            self._explain_number()
        if "signs" in self.fields:
            self.fields["signs"].choices = LetterRule.Signs.choices  # type: ignore[attr-defined]

    def _explain_number(self) -> None:
        rule = self.instance
        today = rule.village.local(timezone.now()).date()
        example = letters.by_rule(rule.village, rule, year=today.year, serial=7, month=today.month)
        usual = {"code": letters.KINDS[rule.kind], "pattern": rule.village.letter_pattern, "example": example}
        self.fields["code"].validators.append(CODE)
        self.fields["code"].help_text = _("Empty: %(code)s. The new list has codes like 400.10.2.") % usual
        self.fields["pattern"].help_text = (
            _("Empty: %(pattern)s, as for all letters. May hold {kind} {serial} {serial3} {month} {roman} {year} {village}.")
            % usual
            + " "
            + _("The next numbers look like %(example)s. Numbers already given stay.") % usual
        )

    def clean_copies(self) -> str:
        lines = [" ".join(line.split()) for line in clean(self.cleaned_data["copies"]).split("\n")]
        lines = list(dict.fromkeys(filter(None, lines)))
        if len(lines) > MOST_COPIES:
            raise ValidationError(_("At most %(n)d copies.") % {"n": MOST_COPIES})
        if any(len(line) > LONGEST_COPY for line in lines):
            raise ValidationError(_("A line is longer than %(n)d characters. Make it shorter.") % {"n": LONGEST_COPY})
        return "\n".join(lines)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("signs") == LetterRule.Signs.UNDER and not cleaned.get("post") and "post" not in self.errors:
            self.add_error("post", _("Choose the post that signs u.b."))
        if not self.errors and (cleaned.get("code") or cleaned.get("pattern")):
            self._check_number(cleaned)
        return cleaned

    def _check_number(self, cleaned: dict[str, Any]) -> None:
        village = self.instance.village
        rule = LetterRule(village=village, kind=self.instance.kind, code=cleaned["code"], pattern=cleaned["pattern"])
        try:
            numbers.check_letter(rule.pattern or village.letter_pattern, letters.code(rule), village)
        except ValidationError as wrong:
            self.add_error("pattern" if rule.pattern else "code", wrong)
            return
        if letters.twin(village, rule):
            self.add_error("pattern", _("Another kind of letter prints the same numbers. Change the pattern or the code."))

    def keep(self) -> None:
        """Write it down; a rule that says nothing is none."""
        usual = LetterRule()
        if any(getattr(self.instance, name) != getattr(usual, name) for name in RULED[self.instance.kind]):
            self.save()
        elif self.instance.pk:
            self.instance.delete()
