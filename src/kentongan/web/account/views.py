"""Logging in and out, one's own password, the reader's language."""

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kentongan.village.models import User
from kentongan.village.roles import Role
from kentongan.web.account import throttle
from kentongan.web.account.forms import LoginForm, PasswordForm

A_YEAR = 365 * 24 * 60 * 60


def local(request: HttpRequest, otherwise: str) -> str:
    """``next`` when it is a path that leads to this site, else ``otherwise``."""
    wished = request.POST.get("next") or request.GET.get("next") or ""
    if wished.startswith("/") and url_has_allowed_host_and_scheme(
        wished, {request.get_host()}, require_https=request.is_secure()
    ):
        return wished
    return otherwise


def home_of(user: User) -> str:
    """Where a person begins: the administrator in the office, everybody else at the desk."""
    return resolve_url("office:index" if user.standing.roles == {Role.ADMIN} else settings.LOGIN_REDIRECT_URL)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Let an official in. Too many wrong passwords for one name from one address: a sentence that says when to try again."""
    if isinstance(request.user, User) and request.method != "POST":
        return redirect(local(request, home_of(request.user)))
    blocked = throttle.blocked_until(request, request.POST.get("username", "")) if request.method == "POST" else None
    form = LoginForm(request, None if blocked else request.POST or None)
    if not blocked and form.is_valid() and form.user:
        throttle.succeeded(request, form.cleaned_data["username"])
        auth.login(request, form.user)  # the session gets a new key
        goal = local(request, home_of(form.user))
        return redirect("web:password") if form.user.must_change_password else redirect(goal)
    if form.has_error("__all__", "wrong"):
        throttle.failed(request, form.cleaned_data["username"])
        blocked = throttle.blocked_until(request, form.cleaned_data["username"])
    status = 429 if blocked else 200
    return render(request, "account/login.html", {"form": form, "blocked": blocked, "next": local(request, "")}, status=status)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters("password", "new_password1", "new_password2")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """One's own password; other sessions of the same person end."""
    user = request.user
    if not isinstance(user, User):
        return redirect(f"{resolve_url('web:login')}?next={resolve_url('web:password')}")
    form = PasswordForm(user, request.POST or None)
    if form.is_valid():
        user.set_password(form.cleaned_data["new_password1"])
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        auth.update_session_auth_hash(request, user)
        messages.success(request, _("Your new password is set. Use it from now on."))
        return redirect(home_of(user))
    return render(request, "account/password.html", {"form": form})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language for a year, and go back where he was."""
    response = redirect(local(request, "/"))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=A_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
        )
    return response
