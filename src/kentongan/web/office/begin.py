"""The first page of an installation: one form, and the village is there."""

from ipaddress import ip_address
from typing import Any

from django import forms
from django.contrib import auth, messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kentongan.complaints import standard_texts
from kentongan.settings import HTTPS
from kentongan.village import founding
from kentongan.village.models import OFFICE_HOURS, Village
from kentongan.web.account.forms import password_field
from kentongan.web.office.fields import HoursField, one_number
from kentongan.web.office.people_forms import check_username_is_free, username_field
from kentongan.web.office.places import HOW_TO_WRITE, HamletsField

PASSWORD_HELP = gettext_lazy("At least 10 characters. Three words are easy to keep in mind.")
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_X_FORWARDED_HOST")


class BeginForm(forms.ModelForm[Village]):
    """The village, its hamlets, and the first two people who may log in."""

    key = forms.CharField(
        label=gettext_lazy("Setup key"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "It is printed where the program was started, and stands in the file setup.key of its data folder."
        ),
    )
    hamlets = HamletsField(label=gettext_lazy("Hamlets"), required=False, help_text=HOW_TO_WRITE)
    hours = HoursField(label=gettext_lazy("Monday to Thursday"), initial=OFFICE_HOURS["0"])
    friday = HoursField(label=gettext_lazy("Friday"), initial=OFFICE_HOURS["4"])
    officer_name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    officer_username = username_field(gettext_lazy("User name"))
    officer_password = password_field(gettext_lazy("Password"), "new-password", help_text=PASSWORD_HELP)
    admin_name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    admin_username = username_field(gettext_lazy("User name"))
    admin_password = password_field(gettext_lazy("Password"), "new-password", help_text=PASSWORD_HELP)

    class Meta:
        model = Village
        fields = ["code", "name", "district_name", "regency_name", "province_name", "address", "phone"]
        help_texts = {"code": gettext_lazy("Thirteen characters with dots. Example: 33.01.02.2014")}

    def __init__(self, *args: Any, trusted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"officer_username": "petugas", "admin_username": "admin"}, **kwargs})
        if trusted:
            del self.fields["key"]

    def clean_key(self) -> str:
        typed: str = self.cleaned_data["key"]
        if not founding.is_setup_key(typed):
            raise ValidationError(_("This is not the setup key. Look where the program was started."))
        return typed

    def clean_phone(self) -> str:
        return one_number(self.cleaned_data["phone"])

    def clean_officer_username(self) -> str:
        return check_username_is_free(self.cleaned_data["officer_username"])

    def clean_admin_username(self) -> str:
        return check_username_is_free(self.cleaned_data["admin_username"])

    def clean_officer_password(self) -> str:
        validate_password(self.cleaned_data["officer_password"])
        return str(self.cleaned_data["officer_password"])

    def clean_admin_password(self) -> str:
        validate_password(self.cleaned_data["admin_password"])
        return str(self.cleaned_data["admin_password"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("admin_username") and cleaned.get("officer_username") == cleaned["admin_username"]:
            self.add_error("admin_username", _("Officer and administrator need two different user names."))
        if not (cleaned.get("hours") or cleaned.get("friday")) and not self.errors:
            self.add_error("hours", _("The office must be open on at least one day, otherwise no deadline ever comes."))
        return cleaned

    def found(self) -> Any:
        """Enter it all; returns the administrator."""
        told = self.cleaned_data
        village = self.save(commit=False)
        days = {**dict.fromkeys("0123", told["hours"]), "4": told["friday"]}
        village.hours = {day: span for day, span in days.items() if span}
        officer, administrator = (
            founding.Account(told[f"{who}_username"], told[f"{who}_name"], told[f"{who}_password"])
            for who in ("officer", "admin")
        )
        with transaction.atomic():
            _, first = founding.found_first(village, hamlets=told["hamlets"], officer=officer, administrator=administrator)
            standard_texts.add_first(village)
        return first


def from_this_computer(request: HttpRequest) -> bool:
    """Whether the page is read on the computer the program runs on: no proxy in between, addressed as this computer."""
    if HTTPS or any(request.META.get(header) for header in _FORWARDED):
        return False
    try:
        here = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    host = request.get_host()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return here and name in {"localhost", "127.0.0.1", "[::1]"}


@sensitive_post_parameters("officer_password", "admin_password", "key")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Set the installation up. Closed for good once there is a village."""
    if Village.objects.exists():
        return redirect("public:home")
    founding.setup_key()  # made now, so that it is there to be looked up
    form = BeginForm(request.POST or None, trusted=from_this_computer(request))
    if not form.is_valid():
        return render(request, "office/begin.html", {"form": form})
    try:
        administrator = form.found()
    except founding.AlreadyFounded:
        return redirect("public:home")
    auth.login(request, administrator)
    messages.success(request, _("The village is set up. Complaints can come in from now on. Next: add the people of the office."))
    return redirect("office:index")
