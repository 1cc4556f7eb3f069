"""``/buku/``: the complaint book of a period on the screen, and to take away as PDF, XLSX or CSV."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from kentongan.reports import register_book, spreadsheet
from kentongan.reports.book_rows import rows
from kentongan.web.book import long_books
from kentongan.web.book.period import PeriodForm
from kentongan.web.desk.guard import OfficialRequest, official

ROWS = 50  # a page of the preview


@official
def index(request: OfficialRequest) -> HttpResponseBase:
    """The period's entries, newest first, and the ways to take them away."""
    form = PeriodForm(request.GET, user=request.user, village=request.village)
    return render(request, "book/index.html", _preview(request, form))


def _preview(request: OfficialRequest, form: PeriodForm) -> dict[str, Any]:
    context: dict[str, Any] = {"form": form, "rows": [], "long_books": long_books.of(request.user)}
    if not form.is_valid():
        return context
    typed = request.GET.get("page", "")
    page = max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1
    values = form.cleaned_data
    book = register_book.of_period(request.user, request.village, values["start"], values["end"]).order_by("-year", "-serial")
    top = (page - 1) * ROWS
    found = list(rows(book[top : top + ROWS + 1], request.user, request.village, masked=values["masked"], first=top + 1))
    return context | {
        "rows": found[:ROWS],
        "title": form.title,
        "newer": page - 1,
        "older": page + 1 if len(found) > ROWS else 0,
    }


@official
def pdf(request: OfficialRequest) -> HttpResponseBase:
    """The ruled book for signing; back to the page, with words, when the period is not fit for one."""
    form = PeriodForm(request.GET, user=request.user, village=request.village)
    if not form.is_valid():
        return render(request, "book/index.html", _preview(request, form), status=400)
    values = form.cleaned_data
    try:
        made = register_book.pdf(
            request.user,
            request.village,
            start=values["start"],
            end=values["end"],
            today=form.today,
            paper=values["paper"] or register_book.PAPERS[0],
            masked=values["masked"],
        )
    except register_book.TooLong:
        return long_books.offer(request, form)
    return _named(HttpResponse(made, content_type="application/pdf"), form, "pdf", shown=True)


@official
def xlsx(request: OfficialRequest) -> HttpResponseBase:
    """The book as a sheet; text stays text, dates are dates."""
    form = PeriodForm(request.GET, user=request.user, village=request.village)
    if not form.is_valid():
        return render(request, "book/index.html", _preview(request, form), status=400)
    values = form.cleaned_data
    made = register_book.xlsx(request.user, request.village, values["start"], values["end"], masked=values["masked"])
    return _named(FileResponse(made, content_type=spreadsheet.MIME_XLSX), form, "xlsx")


@official
def csv(request: OfficialRequest) -> HttpResponseBase:
    """The book line by line, sent while it is read."""
    form = PeriodForm(request.GET, user=request.user, village=request.village)
    if not form.is_valid():
        return render(request, "book/index.html", _preview(request, form), status=400)
    values = form.cleaned_data
    lines = register_book.csv_lines(request.user, request.village, values["start"], values["end"], masked=values["masked"])
    return _named(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), form, "csv")


def _named(response: HttpResponseBase, form: PeriodForm, ending: str, *, shown: bool = False) -> HttpResponseBase:
    """With the name a saved file gets: ``buku-pengaduan-2026-11-01-2026-11-30.pdf``."""
    values = form.cleaned_data
    copy = "-salinan" if values["masked"] else ""
    name = f"buku-pengaduan-{values['start']}-{values['end']}{copy}.{ending}"
    response["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
