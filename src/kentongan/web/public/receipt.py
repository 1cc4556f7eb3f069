"""What the resident gets at once: the number, the code, what happens next and by when, and a slip to print."""

from importlib import import_module
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kentongan.complaints import clocks, deadlines
from kentongan.complaints.models import Complaint
from kentongan.lib.tokens import spaced
from kentongan.web.public import here
from kentongan.web.public.file import WAITING

SIZES = ("a6", "a5", "80mm")


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The page after sending; open for two hours to the browser that sent, to nobody else."""
    if here.pass_of(request, here.RECEIPT) == WAITING:
        return render(request, "public/waiting.html")
    complaint = here.complaint_of(request, here.RECEIPT)
    if complaint is None:
        return redirect("public:track")
    village = here.village_of(request)
    calendar = clocks.calendar_of(village)
    code = spaced(complaint.code)
    address = request.build_absolute_uri(reverse("public:track"))
    context = {
        "complaint": complaint,
        "number": complaint.printed_number(village),
        "code": code,
        "address": address,
        "qr": segno.make(f"{address}#{code}", error="m").svg_data_uri(scale=4, border=2, light="white"),
        "answer_by": deadlines.due(complaint.received_at, village.clock("complaint"), calendar),
        "reply_days": village.clock("reply"),
    }
    return render(request, "public/receipt.html", context)


@require_safe
def slip(request: HttpRequest, size: str) -> HttpResponse:
    """The receipt as a PDF to print: A6, A5 or a roll of 80 mm."""
    complaint = _mine(request, size)
    content: bytes = _paper().pdf(complaint, here.village_of(request), size, _base(request))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="tanda-terima-{complaint.number}-{size}.pdf"'
    return response


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """The receipt as a picture, for who has no printer: it goes among the photos of the phone."""
    complaint = _mine(request, "a6")
    content: bytes = _paper().picture(complaint, here.village_of(request), "a6", _base(request))
    response = HttpResponse(content, content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="tanda-terima-{complaint.number}.png"'
    return response


def _mine(request: HttpRequest, size: str) -> Complaint:
    complaint = here.complaint_of(request, here.RECEIPT)
    if complaint is None or size not in SIZES:
        raise Http404
    return complaint


def _paper() -> Any:
    """The papers' module, late: the typesetter is heavy, and few print."""
    return import_module("kentongan.reports.receipt")


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
