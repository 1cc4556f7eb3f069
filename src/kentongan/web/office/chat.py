"""The village's accounts at Instagram and WhatsApp: their settings. What is secret is never shown again."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from kentongan.channels.meta import hook
from kentongan.channels.meta.models import BASES, NAMES
from kentongan.channels.meta.troubles import TROUBLES
from kentongan.channels.models import ChatAccount
from kentongan.lib import sealed
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office.guard import changed, may_change, office

SECRETS = ("app_secret", "verify_token", "access_token")
_SETTINGS = ["active", "account_id", "human_agent", "version", "base_url"]
_WORDS = {
    "instagram": (
        gettext_lazy("Instagram account ID (IGID)"),
        gettext_lazy("The secret of the Instagram app, which is not that of the Facebook app around it."),
    ),
    "whatsapp": (
        gettext_lazy("Phone number ID"),
        gettext_lazy("App settings, Basic, in the Meta app. Not the access token."),
    ),
}


def _secret(label: Any, longest: int) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget)


class ChatForm(forms.ModelForm[ChatAccount]):
    """What may stay empty depends on the rest of the form: an account in use needs everything, a draft nothing."""

    use_required_attribute = False
    narrows = True  # nothing is marked as optional
    app_secret = _secret(gettext_lazy("App secret"), 200)
    verify_token = _secret(gettext_lazy("Verify token"), 200)
    access_token = _secret(gettext_lazy("Access token"), 1000)

    class Meta:
        model = ChatAccount
        fields = _SETTINGS
        help_texts = {
            "active": gettext_lazy("Messages are let in only then. What Meta could not deliver it repeats for a day and a half."),
            "base_url": gettext_lazy("Another one only for practice with the simulator."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channel = self.instance.channel
        label, about_secret = _WORDS[channel]
        self.fields["account_id"].label = label
        self.fields["base_url"].required = False
        if channel != "instagram":
            del self.fields["human_agent"]
        helps = {
            "app_secret": about_secret,
            "verify_token": _("A word you make up; type the same one at Meta."),
            "access_token": "",
        }
        self.had = {name for name in SECRETS if getattr(self.instance, f"{name}_sealed")}
        for name in SECRETS:
            kept = _("Kept, and never shown. Leave this empty to keep it.") if name in self.had else ""
            self.fields[name].help_text = f"{helps[name]} {kept}".strip()

    def clean_base_url(self) -> str:
        """https, or http to this very computer: a token never travels in the open."""
        typed = str(self.cleaned_data["base_url"]).strip().rstrip("/") or BASES[self.instance.channel]
        try:
            parts = urlsplit(typed)
            fine = parts.hostname and parts.port != 0 and not (parts.query or parts.fragment or parts.username)
        except ValueError:
            fine = False
        if (
            not fine
            or not typed.isprintable()
            or not (parts.scheme == "https" or (parts.scheme == "http" and _here(parts.hostname)))
        ):
            raise forms.ValidationError(_("Write an address that begins with https://, or http://127.0.0.1 for the simulator."))
        return typed

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in SECRETS:
            if not str(told.get(name) or "").isprintable() or not str(told.get(name) or "").isascii():
                self.add_error(name, _("Only letters, digits and signs of one line, as Meta shows them."))
        if "base_url" in self.changed_data and "access_token" in self.had and not told.get("access_token"):
            before = ChatAccount.objects.values_list("base_url", flat=True).get(pk=self.instance.pk)
            if told.get("base_url", before) != before:
                self.add_error("access_token", _("Type the token again: it was kept for another address."))
        if told.get("active"):
            for name in ("account_id", *SECRETS):
                if name not in self.errors and not told.get(name) and name not in self.had:
                    self.add_error(name, _("Without it no message can come or go."))
        return told

    @sensitive_variables()
    def keep(self) -> ChatAccount:
        """Save what the form knows, and nothing the worker writes meanwhile."""
        account = self.instance
        names = [name for name in _SETTINGS if name in self.fields] + ["trouble"]
        account.trouble = ""
        for name in SECRETS:
            if self.cleaned_data[name]:
                setattr(account, name, self.cleaned_data[name])
                names.append(f"{name}_sealed")
        if self.cleaned_data["access_token"]:
            account.token_at = timezone.now()
            names.append("token_at")
        account.save(update_fields=names if account.pk else None)
        hook.again(account)
        return account


def _here(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


@office
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters(*SECRETS)
def chat(request: OfficialRequest, channel: str) -> HttpResponse:
    """The account's settings, and what to type at Meta."""
    kept = ChatAccount.objects.filter(village=request.village, channel=channel).first()
    fresh = ChatAccount(village=request.village, channel=channel, base_url=BASES[channel])
    form = ChatForm(request.POST or None, instance=kept or fresh)
    if form.is_valid():
        form.keep()
        changed()
        messages.success(request, _("The settings are saved."))
        return redirect(f"office:{channel}")
    context = {
        "form": form,
        "name": NAMES[channel],
        "channel": channel,
        "address": reverse(f"office:{channel}"),
        "callback": f"{request.village.site or f'https://{request.get_host()}'}{reverse(f'hook_{channel}')}",
        "fields_at_meta": "messages, messaging_seen, message_reactions, comments" if channel == "instagram" else "messages",
        "unreadable": kept is not None and not _readable(ChatAccount.objects.get(pk=kept.pk)),
        "trouble": TROUBLES.get(kept.trouble) if kept and kept.active else None,
        "editable": may_change(request),
    }
    return render(request, "office/chat.html", context)


def _readable(account: ChatAccount) -> bool:
    try:
        return all(getattr(account, name) is not None for name in SECRETS)
    except sealed.CannotOpen:
        return False
