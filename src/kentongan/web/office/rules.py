"""How a kind of letter is signed and copied: the part of ``/kantor/kertas/`` that is no wording."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kentongan.lib.text import clean
from kentongan.village.models import LetterRule, Membership

SIGNED = ("signs", "post")
COPIED = (*SIGNED, "copies")
# paper → what may be set for it
RULED: dict[str, tuple[str, ...]] = {
    "completion": COPIED,
    "invitation": COPIED,
    "minutes": SIGNED,
    "answer": COPIED,
    "referral": COPIED,
    "notice": SIGNED,
}
MOST_COPIES, LONGEST_COPY = 8, 120


class RuleForm(forms.ModelForm[LetterRule]):
    """The rule of one kind of letter, as far as it has one."""

    class Meta:
        model = LetterRule
        fields = COPIED
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
        if "signs" in self.fields:
            self.fields["signs"].choices = LetterRule.Signs.choices  # type: ignore[attr-defined]

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
        return cleaned

    def keep(self) -> None:
        """Write it down; a rule that says nothing is none."""
        usual = LetterRule()
        if any(getattr(self.instance, name) != getattr(usual, name) for name in RULED[self.instance.kind]):
            self.save()
        elif self.instance.pk:
            self.instance.delete()
