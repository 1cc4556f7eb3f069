"""The page of the way upward: whom else to turn to, when, and what to bring."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kentongan.complaints.ladder import rungs
from kentongan.complaints.lifecycle import State
from kentongan.web.public import here


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The ladder; for the reader's own complaint when his pass is here."""
    village = here.village_of(request)
    row = here.complaint_of(request, here.TRACK)
    context: dict[str, Any] = {
        "complaint": row,
        "number": row.printed_number(village) if row else "",
        "rungs": rungs(village, row),
        "early": row is not None and row.state in {State.RECEIVED, State.AWAITING_COMPLAINANT} and not row.is_overdue,
    }
    return render(request, "public/ladder.html", context)
