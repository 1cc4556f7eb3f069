"""The village's mailbox: its settings, tried on request."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from kentongan.channels.email import doctor
from kentongan.channels.email.troubles import TROUBLES
from kentongan.channels.models import Mailbox
from kentongan.lib import sealed
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office.guard import changed, may_change, office

_SETTINGS = """
active address sender_name auth user imap_host imap_port imap_security imap_folder smtp_host smtp_port smtp_security smtp_login
plus intake receiver
""".split()
_HOST = re.compile(r"[A-Za-z0-9.:_-]+")
_ANOTHER_MAILBOX = {"address", "user", "imap_host", "imap_folder"}  # what was fetched there says nothing of here
_ANOTHER_READER = {"imap_host", "smtp_host"}  # who would be told the password
_TLS_PORTS = {"imap": 993, "smtp": 465}


@dataclass(frozen=True)
class Provider:
    """What a well-known provider tells its customers about its servers."""

    name: Promise | str
    domains: tuple[str, ...]
    incoming: str
    outgoing: str
    note: Promise | str


PROVIDERS = (
    Provider(
        "Gmail",
        ("gmail.com", "googlemail.com"),
        "imap.gmail.com, 993, TLS",
        "smtp.gmail.com, 587, STARTTLS",
        gettext_lazy("Switch on two-step verification in the Google account, make an app password there, and type it below."),
    ),
    Provider(
        "Yahoo",
        ("yahoo.com", "yahoo.co.id", "ymail.com"),
        "imap.mail.yahoo.com, 993, TLS",
        "smtp.mail.yahoo.com, 587, STARTTLS",
        gettext_lazy("Make an app password in the account's security settings, and type it below."),
    ),
    Provider(
        "Outlook",
        ("outlook.com", "outlook.co.id", "hotmail.com", "live.com"),
        "outlook.office365.com, 993, TLS",
        "smtp-mail.outlook.com, 587, STARTTLS",
        gettext_lazy("Takes an OAuth2 access token only, which must be renewed again and again. Another provider is easier."),
    ),
    Provider(
        gettext_lazy("desa.id and other own domains"),
        ("desa.id",),
        "mail.….desa.id, 993, TLS",
        "mail.….desa.id, 465, TLS",
        gettext_lazy("Ask whoever looks after the village's web site for the exact names."),
    ),
)


def _provider(domain: str) -> Provider | None:
    for provider in PROVIDERS:
        if any(domain == known or domain.endswith(f".{known}") for known in provider.domains):
            return provider
    return None


class Depends(forms.CharField):
    """May be empty or not as the rest of the form says, so it is not marked as one that may."""

    def validate(self, value: Any) -> None:
        """Left to the form."""


class MailboxForm(forms.ModelForm[Mailbox]):
    use_required_attribute = False
    password = Depends(
        label=gettext_lazy("Password or token"),
        max_length=6000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    imap_host = Depends(
        label=gettext_lazy("Server for incoming letters (IMAP)"),
        max_length=120,
        help_text=gettext_lazy("Empty only where the village's own mail server hands the letters over."),
    )

    class Meta:
        model = Mailbox
        fields = _SETTINGS
        widgets = {"auth": forms.RadioSelect, "intake": forms.RadioSelect}
        help_texts = {
            "active": gettext_lazy("Letters are fetched and sent only then."),
            "sender_name": gettext_lazy("As residents see it. Empty: Desk Pengaduan Desa and the name of the village."),
            "smtp_login": gettext_lazy("Almost always. Only a server inside the office may do without."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.had_password = bool(self.instance.secret)
        self.fields["password"].help_text = (
            _("A password is kept and never shown. Leave this empty to keep it.")
            if self.had_password
            else _("Kept under lock and key, and never shown again.")
        )
        self.fields["smtp_host"].required = True
        for name in ("imap_port", "smtp_port"):
            self.fields[name].validators += [MinValueValidator(1), MaxValueValidator(65535)]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name, typed in list(told.items()):
            if isinstance(typed, str) and not typed.isprintable():
                self.add_error(name, _("Write this in one line, without line breaks."))
        for name in ("imap_host", "smtp_host"):
            if told.get(name) and not _HOST.fullmatch(told[name]):
                self.add_error(name, _("Write the name of the server only, like imap.gmail.com."))
        for kind, port in _TLS_PORTS.items():
            if told.get(f"{kind}_port") == port and told.get(f"{kind}_security") != Mailbox.Security.TLS:
                self.add_error(f"{kind}_security", _("The port %(port)s wants TLS from the beginning.") % {"port": port})
        if not told.get("password") and "password" not in self.errors:
            self._without_password(told)
        return told

    def _without_password(self, told: dict[str, Any]) -> None:
        """A kept password is not told to another server, nor over an open line."""
        if not self.had_password:
            if told.get("imap_host") or told.get("smtp_login"):
                self.add_error("password", _("Without it nobody can log in to the mail server."))
        elif any(name in self.changed_data and told.get(name) for name in _ANOTHER_READER) or self._unlocked(told):
            self.add_error("password", _("Type the password again: it was kept for another server or an encrypted line."))

    def _unlocked(self, told: dict[str, Any]) -> bool:
        names = ("imap_security", "smtp_security")
        return any(name in self.changed_data and told.get(name) == Mailbox.Security.NONE for name in names)

    @sensitive_variables()
    def keep(self) -> Mailbox:
        """Save what the form knows, and nothing the worker writes meanwhile; another mailbox is fetched from afresh."""
        mailbox, names = self.instance, [*_SETTINGS, "secret", "trouble"]
        mailbox.trouble = ""
        if self.cleaned_data["password"]:
            mailbox.password = self.cleaned_data["password"]
        if _ANOTHER_MAILBOX.intersection(self.changed_data):
            mailbox.uidvalidity, mailbox.last_uid = None, 0
            names += ["uidvalidity", "last_uid"]
        mailbox.save(update_fields=names if mailbox.pk else None)
        return mailbox


@office
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def mail(request: OfficialRequest) -> HttpResponse:
    """The mailbox's settings; on request they are tried, and what is wrong is said in words."""
    kept = Mailbox.objects.filter(village=request.village).first()
    fresh = Mailbox(village=request.village, address=request.village.email)
    form = MailboxForm(request.POST or None, instance=kept or fresh)
    findings = None
    if form.is_valid():
        mailbox = form.keep()
        changed()
        if "test" not in request.POST:
            messages.success(request, _("The e-mail settings are saved."))
            return redirect("office:mail")
        findings = doctor.examine(mailbox)
        kept = Mailbox.objects.get(pk=mailbox.pk)
        form = MailboxForm(instance=kept)
    return render(request, "office/mail.html", _context(request, form, kept, findings))


def _context(
    request: OfficialRequest, form: MailboxForm, kept: Mailbox | None, findings: list[doctor.Finding] | None
) -> dict[str, Any]:
    unreadable = False
    if kept is not None and form.is_bound:
        kept = Mailbox.objects.get(pk=kept.pk)  # the form has written into the other one
    if kept is not None:
        try:
            kept.password  # noqa: B018 - whether it opens
        except sealed.CannotOpen:
            unreadable = True
    return {
        "form": form,
        "mailbox": kept,
        "tried": findings is not None,
        "faults": [finding for finding in findings or [] if not finding.well],
        "sound": [finding for finding in findings or [] if finding.well],
        "trouble": TROUBLES.get("secret_unreadable" if unreadable else kept.trouble if kept and kept.active else ""),
        "providers": PROVIDERS,
        "provider": _provider(str(form["address"].value() or "").rpartition("@")[2].lower()),
        "editable": may_change(request),
    }
