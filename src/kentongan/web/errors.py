"""Refusals in words: what happened, what to do next, and nothing typed is lost."""

from typing import Any

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


def _may_be_shown(key: str) -> bool:
    return key != "csrfmiddlewaretoken" and "password" not in key


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long. What was typed is given back in a fresh form that can be sent with one press."""
    typed: list[tuple[str, Any]] = [
        (key, value) for key in request.POST for value in request.POST.getlist(key) if _may_be_shown(key)
    ]
    return render(
        request,
        "errors/expired.html",
        {"typed": typed, "action": request.get_full_path(), "had_files": bool(request.FILES)},
        status=403,
    )
