"""Refusals in words: what happened, what to do next, and nothing typed is lost."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return render(request, "400.html", {"too_much": too_much}, status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "400.html", {"too_much": True}, status=413)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Uses no database: it may be the database that failed."""
    return render(None, "500.html", status=500)


def no_paper(request: HttpRequest) -> HttpResponse:
    return render(request, "no_paper.html", status=503)


def _may_be_shown(key: str) -> bool:
    return key != "csrfmiddlewaretoken" and "password" not in key


def _from_here(request: HttpRequest) -> bool:
    """Whether the form was sent from one of our own pages, as far as the browser says: every browser of today does."""
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched:
        return fetched == "same-origin"
    came_from = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return not came_from or urlsplit(came_from).netloc in {request.get_host(), *_trusted_hosts()}


def _trusted_hosts() -> set[str]:
    return {urlsplit(origin).netloc for origin in settings.CSRF_TRUSTED_ORIGINS}


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long. What was typed is given back in a fresh form that can be sent with one press.

    Only to whom it was typed: a stranger's form handed back with our key would be his step under our reader's name.
    """
    typed: list[tuple[str, Any]] = [
        (key, value)
        for key in (request.POST if _from_here(request) else ())
        for value in request.POST.getlist(key)
        if _may_be_shown(key)
    ]
    return render(
        request,
        "errors/expired.html",
        {"typed": typed, "action": request.get_full_path(), "had_files": bool(request.FILES)},
        status=403,
    )
