"""Fields and checks the office's forms share."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kentongan.lib import phones

_SPAN = re.compile(r"(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})")


class DayInput(forms.DateInput):
    """The browser's own picker for a day."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **more)


def clock_field(label: Any, **more: Any) -> forms.TimeField:
    """A time of day, by the browser's own picker or as people write it: ``20.00``."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], **more)


class HoursInput(forms.TextInput):
    """May be sent empty."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class HoursField(forms.CharField):
    """Opening hours of one day as people write them, ``07.30-15.30``; empty: closed. Cleans to ``07:30-15:30``.

    Not marked as one that may be left empty: empty says something.
    """

    widget = HoursInput

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=20, **more)

    def validate(self, value: Any) -> None:
        """Empty is an answer."""

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value)).strip()
        if not typed:
            return ""
        match = _SPAN.fullmatch(typed)
        try:
            opens, closes = (
                (time(int(hour), int(minute)) for hour, minute in (match.groups()[:2], match.groups()[2:]))
                if match
                else (None, None)
            )
        except ValueError:
            opens = closes = None
        if opens is None or closes is None or opens >= closes:
            raise ValidationError(_("Write the hours like 07.30-15.30, or leave it empty when the office is closed."))
        return f"{opens:%H:%M}-{closes:%H:%M}"

    def prepare_value(self, value: Any) -> str:
        return str(value or "").replace(":", ".")


def one_number(typed: str) -> str:
    """E.164 of one telephone number; empty stays empty. Raises ``ValidationError`` in words."""
    if not typed:
        return ""
    try:
        return phones.normalise(typed)
    except phones.NotAPhone as error:
        raise ValidationError(PHONE_ERRORS[error.reason]) from error


def shown(initial: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The same beginnings of a form, with telephone numbers as people write them."""
    return {**initial, **{name: phones.national(initial[name]) for name in names if initial.get(name)}}


PHONE_ERRORS = {
    "short": _("The number is too short. Example: 0812-3456-7890."),
    "long": _("The number is too long. Example: 0812-3456-7890."),
    "two": _("Write one number only. Example: 0812-3456-7890."),
    "unknown": _("This is no Indonesian telephone number. Example: 0812-3456-7890."),
}
