"""Tracking: the code opens the page for two hours. A wrong code is always answered alike; a right one is never held up."""

import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from PIL import Image

from kentongan.complaints.lifecycle import NotAllowed, State
from kentongan.complaints.models import Complaint
from kentongan.lib.text import clean
from kentongan.web import limits, uploads
from kentongan.web.public import here, timeline
from kentongan.web.public.deeds import WAYS, Deed, Rate, open_ways

THUMBNAIL = 320  # pixels a side


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """The field for the code."""
    if request.method != "POST":
        opened = here.complaint_of(request, here.TRACK)
        return render(request, "public/track.html", {"open": opened, "chosen": _chosen(request.GET)})
    typed = request.POST.get("code", "")
    complaint = Complaint.by_code(typed)
    if complaint is None or complaint.village_id != here.village_of(request).pk:
        return _unknown(request, typed)
    return _open(complaint, _chosen(request.POST))


def _chosen(given: QueryDict) -> str:
    """The face that a link of our letter came with, "1" to "4"; "" for anything else."""
    chosen = given.get("nilai", "")
    return chosen if chosen in {"1", "2", "3", "4"} else ""


def _open(complaint: Complaint, chosen: str = "") -> HttpResponse:
    response = redirect(reverse("public:complaint") + (f"?nilai={chosen}#nilai" if chosen else ""))
    response.status_code = 303
    here.let_in(response, here.TRACK, str(complaint.pk))
    return response


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    too_often = not limits.may_guess(request)
    limits.guessed(request)
    context = {"typed": clean(typed)[:40], "too_often": too_often, "unknown": not too_often, "chosen": _chosen(request.POST)}
    response = render(request, "public/track.html", context, status=429 if too_often else 422)
    if too_often:
        response["Retry-After"] = str(limits.TEN_MINUTES)
    return response


@require_safe
def complaint(request: HttpRequest) -> HttpResponse:
    """Where it stands, what happened, and what the complainant may do."""
    row = here.complaint_of(request, here.TRACK)
    if row is None:
        return redirect("public:track")
    return _page(request, row)


def _page(
    request: HttpRequest, row: Complaint, *, bound: Deed | None = None, unsent: str = "", status: int = 200
) -> HttpResponse:
    village = here.village_of(request)
    stands, following = timeline.where_it_stands(row)
    forms = [(way, bound if bound is not None and isinstance(bound, way.form) else way.form(row)) for way in open_ways(row)]
    if bound is None and _chosen(request.GET):
        forms = [(way, Rate(row, chosen=_chosen(request.GET)) if way.form is Rate else form) for way, form in forms]
    entries = timeline.entries(row)
    context: dict[str, Any] = {
        "complaint": row,
        "number": row.printed_number(village),
        "stands": stands,
        "next": following,
        "entries": entries,
        "answer": next((entry for entry in entries if entry.kind == "responded"), None) if row.state == State.RESPONDED else None,
        "asked": next((entry.text for entry in entries if entry.kind == "asked"), ""),
        "ways": {way.slug: form for way, form in forms},
        "bound": bound,
        "chosen": _chosen(request.GET),
        "unsent": unsent,
    }
    response = render(request, "public/complaint.html", context, status=status)
    here.let_in(response, here.TRACK, str(row.pk))  # two hours from the last page
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def deed(request: HttpRequest, slug: str) -> HttpResponse:
    """One deed of the complainant: add, complete, withdraw, rate, object. Who only opens its address is led to the page."""
    if slug not in WAYS:
        raise Http404
    if request.method != "POST":
        return redirect("public:complaint")
    way = WAYS[slug]
    row = here.complaint_of(request, here.TRACK)
    typed = clean(request.POST.get("text", ""))
    if row is None:
        return render(request, "public/track.html", {"closed": True, "unsent": typed}, status=403)
    sent = uploads.read(request, "photos")
    form = way.form(row, request.POST, sent=len(sent.files))
    if not limits.may_send(request):
        return _page(request, row, bound=form, unsent=typed, status=429)
    if not form.is_valid():
        again = [gettext("Choose the photos again.")] if sent.files else []
        for sentence in [*sent.refused, *again]:
            form.add_error("photos" if "photos" in form.fields else None, sentence)
        return _page(request, row, bound=form, status=422)
    try:
        form.do(sent.files)
    except NotAllowed:
        row.refresh_from_db()
        return _page(request, row, unsent=typed, status=409)
    limits.sent(request)
    messages.success(request, str(way.done))
    for sentence in sent.refused:
        messages.warning(request, sentence)
    return _open(row)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the tracking page and the receipt on this device."""
    response = redirect("public:home")
    response.status_code = 303
    here.let_out(response, here.TRACK)
    here.let_out(response, here.RECEIPT)
    return response


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of the complaint the reader's pass opens; ``?kecil`` a small picture of it, for slow lines."""
    row = here.complaint_of(request, here.TRACK)
    attachment = timeline.files_of(row).filter(pk=pk).first() if row else None
    if attachment is None:
        raise Http404
    if "kecil" not in request.GET or not attachment.is_picture:
        return uploads.download(attachment)
    with attachment.file.open("rb") as content, Image.open(content) as picture:
        picture.draft("RGB", (THUMBNAIL, THUMBNAIL))
        picture.thumbnail((THUMBNAIL, THUMBNAIL))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=60)
    return HttpResponse(out.getvalue(), content_type="image/jpeg")
