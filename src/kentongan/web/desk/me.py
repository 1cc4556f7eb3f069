"""``/meja/akun/``: one's own account: how I am told, my leave. Each official for himself, nobody for another."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kentongan.channels.email import threads
from kentongan.channels.email.troubles import TROUBLES
from kentongan.channels.models import Mailbox, OutgoingMessage
from kentongan.village.models import Leave, User
from kentongan.web.account import throttle
from kentongan.web.account.forms import password_field
from kentongan.web.desk.guard import OfficialRequest, official
from kentongan.web.office import leave
from kentongan.web.office.guard import changed
from kentongan.web.templatetags.kentongan import clock_time

states = OutgoingMessage.State


class MailForm(forms.Form):
    """Whether and where one is told by mail. Another address needs the password: letters would go to whoever sits at an open screen."""

    prefix = "email"
    by_mail = forms.BooleanField(label=gettext_lazy("Also tell me by e-mail"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("My e-mail address"),
        required=False,
        help_text=gettext_lazy("Only what waits is said there, with the register number: never who complained or about what."),
    )
    password = password_field(
        gettext_lazy("Your password"),
        "current-password",
        required=False,
        help_text=gettext_lazy("Needed only when you change the address."),
    )
    digest = forms.BooleanField(
        label=gettext_lazy("One e-mail in the morning instead of many"),
        required=False,
        help_text=gettext_lazy("It holds what is new and not yet read."),
    )

    def __init__(self, *args: Any, request: OfficialRequest, **kwargs: Any) -> None:
        self.request, self.user = request, request.user
        kept = {"by_mail": self.user.by_mail, "email": self.user.email, "digest": self.user.digest}
        super().__init__(*args, **{"initial": kept, **kwargs})

    def clean_email(self) -> str:
        typed = str(self.cleaned_data["email"]).lower()
        mailbox = Mailbox.objects.filter(village=self.request.village).first()
        if mailbox and typed and threads.unmarked(typed) == threads.unmarked(mailbox.address.lower()):
            raise ValidationError(_("This is the mailbox of the desk itself. Write your own address."))
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "email" not in cleaned:
            return cleaned
        if cleaned["by_mail"] and not cleaned["email"]:
            self.add_error("email", _("Write your address, or take away the tick above."))
        elif cleaned["email"] != self.user.email.lower():
            self._check_password(cleaned.get("password", ""))
        return cleaned

    def _check_password(self, typed: str) -> None:
        blocked = throttle.blocked_until(self.request, self.user.username)
        if blocked:
            words = _("Too many wrong passwords. Please try again after %(time)s.")
            self.add_error("password", words % {"time": clock_time(blocked)})
        elif not typed:
            self.add_error("password", _("Write your password too: the address changes."))
        elif not self.user.check_password(typed):
            throttle.failed(self.request, self.user.username)
            self.add_error("password", _("This is not your password."))

    def save(self) -> None:
        told = self.cleaned_data
        if told["email"] != self.user.email.lower():
            self.user.email = told["email"]
        self.user.by_mail, self.user.digest = told["by_mail"], told["digest"]
        self.user.save(update_fields=["email", "by_mail", "digest"])


@dataclass(frozen=True)
class Way:
    """A way in which officials are told. ``form``: what each sets for himself (``form(data, request=…)`` with ``save()``); None: always on."""

    key: str
    label: Promise | str
    about: Promise | str
    icon: str
    form: type[MailForm] | None = None


WAYS = (
    Way("desk", gettext_lazy("On the desk"), gettext_lazy("Always: under the bell at the top of each page."), "bell"),
    Way("email", gettext_lazy("By e-mail"), gettext_lazy("When you are not at the desk."), "mail", MailForm),
)


@official
@sensitive_post_parameters("email-password")
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: OfficialRequest) -> HttpResponseBase:
    """How I am told, a card a way; a POST names the ``way`` it changes."""
    forms_of = {way.key: way.form(request=request) for way in WAYS if way.form}
    changes = next((way for way in WAYS if way.form and way.key == request.POST.get("way")), None)
    if changes and changes.form:
        form = forms_of[changes.key] = changes.form(request.POST, request=request)
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved. From now on you are told this way."))
            return redirect("desk:me")
    return _page(request, forms_of)


def _page(
    request: OfficialRequest, forms_of: dict[str, MailForm] | None = None, leave_form: leave.LeaveForm | None = None
) -> HttpResponseBase:
    shown = {way.key: way.form(request=request) for way in WAYS if way.form} | (forms_of or {})
    mailbox = Mailbox.objects.filter(village=request.village, active=True).exists()
    context = {
        "ways": [(way, shown.get(way.key)) for way in WAYS],
        "mailbox": mailbox,
        "trouble": _trouble(request.user),
        "quiet": request.village.quiet_from != request.village.quiet_until,
        "editable": True,
    }
    return render(request, "desk/me.html", context | leave.card(request.village, request.user, leave_form))


def _trouble(user: User) -> Promise | str:
    """Why the last letter to this address did not arrive; "" when it did, as far as is known."""
    if not user.email:
        return ""
    gone = OutgoingMessage.objects.filter(to=user, channel="email", address=user.email.lower())
    last = gone.filter(state__in=[states.SENT, states.FAILED, states.BOUNCED]).order_by("-pk").first()
    if last is None or last.state == states.SENT:
        return ""
    trouble = TROUBLES.get(last.reason)
    return trouble.title if trouble else ""


@official
@require_POST
def enter_leave(request: OfficialRequest) -> HttpResponseBase:
    form = leave.LeaveForm(request.POST, village=request.village, user=request.user)
    if form.entered() is None:
        return _page(request, leave_form=form)
    changed()
    messages.success(request, _("Your leave is entered."))
    return redirect("desk:me")


@official
@require_POST
def end_leave(request: OfficialRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(Leave.objects.select_related("user"), pk=pk, village=request.village, user=request.user)
    leave.ended(request, row)
    changed()
    return redirect("desk:me")
