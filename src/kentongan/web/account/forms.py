"""Logging in, and one's own password."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kentongan.village.models import User


def password_field(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    """A password as typed, spaces and all."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=200, **more)


class LoginForm(forms.Form):
    """User name and password. One sentence for every wrong pair: it does not say which of the two was wrong."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = password_field(_("Password"), "current-password")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "username" in cleaned and "password" in cleaned:
            found = authenticate(self.request, username=cleaned["username"], password=cleaned["password"])
            if not isinstance(found, User):
                raise ValidationError(_("User name and password do not match. Check both, capital letters count."), code="wrong")
            self.user = found
        return cleaned


class PasswordForm(forms.Form):
    """A new password, for somebody who knows the old one."""

    password = password_field(_("Password until now"), "current-password")
    new_password1 = password_field(
        _("New password"), "new-password", help_text=_("At least 10 characters. Three words are easy to keep in mind.")
    )
    new_password2 = password_field(_("New password once more"), "new-password")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not self.user.check_password(typed):
            raise ValidationError(_("This is not your password until now."))
        return typed

    def clean_new_password2(self) -> str:
        first, second = self.cleaned_data.get("new_password1"), self.cleaned_data["new_password2"]
        if first is not None and first != second:
            raise ValidationError(_("The two new passwords are not the same."))
        return str(second)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        new = cleaned.get("new_password1")
        if new is None:
            return cleaned
        if new == cleaned.get("password"):
            self.add_error("new_password1", _("Choose another password than the one until now."))
        try:
            validate_password(new, self.user)
        except ValidationError as error:
            self.add_error("new_password1", error)
        return cleaned
