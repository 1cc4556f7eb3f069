"""``/data/``: the public figures for programs and other pages: a long table for each year, and what its fields mean."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from kentongan.reports import open_data, spreadsheet
from kentongan.village.models import Village
from kentongan.web.public.here import village_of
from kentongan.web.public.statistics import SECONDS_KEPT, figures_of, years_of


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What there is, what it means and what one may do with it."""
    village = village_of(request)
    return render(request, "public/data.html", {"years": years_of(village), "said": open_data.dictionary(village)})


@require_safe
def year_csv(request: HttpRequest, year: int) -> HttpResponseBase:
    rows = _lines(village_of(request), year)
    return _open(request, "".join(spreadsheet.lines([open_data.Line._fields, *rows])), "text/csv; charset=utf-8")


@require_safe
def year_json(request: HttpRequest, year: int) -> HttpResponseBase:
    return _open_json(request, [row._asdict() for row in _lines(village_of(request), year)])


@require_safe
def dictionary(request: HttpRequest) -> HttpResponseBase:
    return _open_json(request, open_data.dictionary(village_of(request)))


def _lines(village: Village, year: int) -> list[open_data.Line]:
    if year not in years_of(village):
        raise Http404("no such year")
    return open_data.lines(village, figures_of(village, year).counts)


def _open_json(request: HttpRequest, said: Any) -> HttpResponseBase:
    return _open(request, json.dumps(said, ensure_ascii=False, indent=1), "application/json; charset=utf-8")


def _open(request: HttpRequest, body: str, kind: str) -> HttpResponseBase:
    """For every page and program to read: with its mark, so that who has it already is told so."""
    content = body.encode()
    response = HttpResponse(content, content_type=kind)
    response["ETag"] = f'"{sha256(content).hexdigest()[:32]}"'
    response["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Content-Type-Options"] = "nosniff"
    found = get_conditional_response(request, etag=response["ETag"], response=response) or response
    found["Access-Control-Allow-Origin"] = "*"
    return found
