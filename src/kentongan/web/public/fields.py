"""Form fields that lose nothing of what was typed, and say in words what to put right."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.lib import phones
from kentongan.lib.text import clean
from kentongan.web.uploads import ACCEPT


class Words(forms.CharField):
    """Words of a person, cleaned of what no one types; too many of them are refused in words and given back whole."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        self.longest = longest
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        text = clean(str(value or ""))
        return text if isinstance(self.widget, forms.Textarea) else " ".join(text.split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.longest:
            words = gettext(
                "This has %(n)s characters; at most %(most)s fit. Shorten it, or send a long letter as photos or PDF."
            )
            raise ValidationError(
                words
                % {"n": number_format(len(value), force_grouping=True), "most": number_format(self.longest, force_grouping=True)}
            )


class Phone(forms.CharField):
    """One Indonesian telephone number; cleans to E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        typed = clean(str(value or ""))
        if not typed:
            self.validate(typed)
            return ""
        try:
            return phones.normalise(typed)
        except phones.NotAPhone as error:
            raise ValidationError(phone_sentence(error.reason, typed)) from error


class EMail(forms.EmailField):
    """An e-mail address in lower case, or nothing."""

    def __init__(self, **options: Any) -> None:
        wrong = {"invalid": _("This is not an e-mail address. Example: nama@contoh.id. Leave it empty if you have none.")}
        super().__init__(
            max_length=254, error_messages=wrong, widget=forms.EmailInput(attrs={"autocomplete": "email"}), **options
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


def phone_sentence(reason: str, typed: str) -> str:
    """What is wrong with a telephone number and what one looks like. ``reason`` as in ``phones.NotAPhone``."""
    if reason == "short":
        missing = max(1, 10 - len([c for c in typed if c.isdigit()]))
        if missing == 1:
            return gettext("The phone number is one digit short. Example: 0812-3456-7890.")
        return gettext("The phone number is %(n)d digits short. Example: 0812-3456-7890.") % {"n": missing}
    words = {
        "long": gettext("The phone number has too many digits. Example: 0812-3456-7890."),
        "two": gettext("These are two phone numbers. Write one; the other can stand in the text."),
        "unknown": gettext("This is not a phone number we know. Write it like this: 0812-3456-7890."),
    }
    return words[reason]


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class Files(forms.Field):
    """Where photos and papers are chosen; ``web.uploads`` reads and cleans them."""

    widget = ManyFiles(attrs={"multiple": True, "accept": ACCEPT, "data-max": 10})

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, label=options.pop("label", _("Photos or papers")), **options)


class Known(forms.MultipleChoiceField):
    """Some of a list; a value that has meanwhile left the list is passed over, not refused."""

    def validate(self, value: list[str]) -> None:
        """Nothing to refuse."""

    def clean(self, value: Any) -> list[str]:
        return [chosen for chosen in self.to_python(value) if self.valid_value(chosen)]


def with_help(field: forms.Field, lines: Mapping[str, Promise | str], icons: Mapping[str, str] | None = None) -> None:
    """One more line, and a drawing, for each choice of a field shown as cards."""
    field.choice_help = lines  # type: ignore[attr-defined]
    field.choice_icons = icons or {}  # type: ignore[attr-defined]
