"""``/cek/``: whether the village gave out a paper. The code on it leads to words about its number and day, never to what it says."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from kentongan.complaints import checks
from kentongan.complaints.models import PaperCheck
from kentongan.lib import tokens
from kentongan.lib.text import clean
from kentongan.web import limits
from kentongan.web.public.agency import unlisted

PAPERS: dict[str, Promise | str] = {
    "answer": _("Answer to a complaint"),
    "completion": _("Request for completion of a complaint"),
    "referral": _("Complaint passed on to an agency"),
    "invitation": _("Invitation to a meeting"),
    "minutes": _("Minutes of a meeting"),
    "report": _("Report to the village head"),
    "receipt": _("Receipt of a complaint"),
}


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The field for the code on the paper."""
    if request.method != "POST":
        return render(request, "public/check.html", {})
    typed = request.POST.get("code", "")
    found = checks.find(typed)
    if found is None:
        return _unknown(request, typed, 422)
    response = redirect("public:checked", found.code)
    response.status_code = 303
    return response


@unlisted
@require_safe
def checked(request: HttpRequest, code: str) -> HttpResponse:
    """What may be said of the paper with this code."""
    found = checks.find(code)
    if found is None:
        return _unknown(request, code, 404)
    with timezone.override(ZoneInfo(found.village.zone)):  # the days as they stand on the paper
        return render(request, "public/check.html", {"found": _told(found), "typed": tokens.spaced(found.code)})


def _unknown(request: HttpRequest, typed: str, status: int) -> HttpResponse:
    """A wrong code is always answered alike; a right one is never held up."""
    too_often = not limits.may_guess(request)
    limits.guessed(request)
    context = {"typed": clean(typed)[:40], "unknown": not too_often, "too_often": too_often}
    response = render(request, "public/check.html", context, status=429 if too_often else status)
    if too_often:
        response["Retry-After"] = str(limits.TEN_MINUTES)
    return response


def _told(found: PaperCheck) -> dict[str, Any]:
    letter = found.letter
    versions = [
        (" ".join(row.digest[at : at + 4] for at in range(0, len(row.digest), 4)), row.at) for row in found.versions.all()
    ]
    kind, day = (letter.kind, letter.at) if letter else ("receipt", found.receipt.received_at if found.receipt else found.at)
    return {
        "village": found.village.name,
        "kind": PAPERS[kind],
        "number": letter.number if letter else "",
        "day": day,
        "cancelled": letter.cancelled_at if letter else None,
        "versions": versions,
    }
