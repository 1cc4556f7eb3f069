"""``/buku/pdf/…``: books too long to print while somebody waits: offered, made by the worker, fetched for a week."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from kentongan.complaints import made_books
from kentongan.complaints.models import MadeBook
from kentongan.reports import long_book, register_book
from kentongan.village.models import User
from kentongan.web.book.period import PeriodForm
from kentongan.web.desk.guard import OfficialRequest, official
from kentongan.web.templatetags.kentongan import number

REFRESH = "4"  # s between two looks at how far it is
SHOWN = 5


def offer(request: OfficialRequest, form: PeriodForm, status: int = 200) -> HttpResponseBase:
    """The book has more rows than one request prints: say so, and offer to have it made."""
    values = form.cleaned_data
    book = register_book.of_period(request.user, request.village, values["start"], values["end"])
    rows = book[: long_book.MOST + 1].count()
    context = {
        "form": form,
        "asked": [(name, request.GET.get(name) or request.POST.get(name, "")) for name in form.fields],
        "rows": rows,
        "volumes": -(-rows // long_book.VOLUME),
        "too_long": rows > long_book.MOST,
        "most": long_book.MOST,
        "by_row": long_book.VOLUME,
    }
    return render(request, "book/long_offer.html", context, status=status)


@require_POST
@official
def order(request: OfficialRequest) -> HttpResponseBase:
    """Have it made. Asked twice while it is being made, it is one book."""
    form = PeriodForm(request.POST, user=request.user, village=request.village)
    if not form.is_valid():
        return redirect("book:index")  # the hidden fields of a page of ours are never invalid
    values = form.cleaned_data | {"paper": form.cleaned_data["paper"] or register_book.PAPERS[0]}
    try:
        made = long_book.order(request.user, request.village, values)
    except long_book.TooLong:
        return offer(request, form, 400)
    return redirect("book:long_book", made.pk)


def _mine(request: OfficialRequest, pk: int) -> MadeBook:
    """One of this person's own, as if it were not there for who may no longer see all of it. Raises ``Http404``."""
    book = made_books.books_of(request.user).filter(pk=pk).first()
    if book is None:
        raise Http404("no such book here")
    return book


@official
def progress(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """How far it is; the page looks again by itself until the book is ready or has failed."""
    line = _line(_mine(request, pk))
    response = render(request, "book/long_book.html", {"line": line})
    if line["running"]:
        response["Refresh"] = REFRESH
    return response


@require_POST
@official
def again(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Try once more, from where it stopped."""
    book = _mine(request, pk)
    if made_books.is_stuck(book):
        made_books.again(book)
        long_book.put(book)
    return redirect("book:long_book", pk)


@official
def fetch(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """The file, to its one reader."""
    book = _mine(request, pk)
    if book.state != MadeBook.State.READY or not default_storage.exists(book.file):
        raise Http404("not ready")
    ending = book.file.rpartition(".")[2]
    response = FileResponse(default_storage.open(book.file, "rb"), content_type=f"application/{ending}")
    copy = "-salinan" if book.masked else ""
    response["Content-Disposition"] = f'attachment; filename="buku-pengaduan-{book.start}-{book.end}{copy}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def of(user: User) -> list[dict[str, Any]]:
    """This person's books of the last week, newest first."""
    return [_line(book) for book in made_books.books_of(user)[:SHOWN]]


def _line(book: MadeBook) -> dict[str, Any]:
    """A book as the pages show it."""
    stuck = made_books.is_stuck(book)
    return {
        "book": book,
        "title": " – ".join(formats.date_format(day, "j F Y") for day in (book.start, book.end)),
        "stuck": stuck,
        "running": book.state in made_books.RUNNING and not stuck,
        "ready": book.state == MadeBook.State.READY,
        "words": _words(book, stuck),
    }


def _words(book: MadeBook, stuck: bool) -> str:
    if stuck:
        return gettext("The book could not be made. Nothing is lost: try again, it goes on where it stopped.")
    if book.state == MadeBook.State.READY:
        return gettext("Ready. It is kept until %(day)s.") % {
            "day": formats.date_format(timezone.localtime(book.at + made_books.KEPT), "j F Y")
        }
    if book.state == MadeBook.State.WAITING or not book.total:
        return gettext("The book waits to be made. This page looks again by itself.")
    said = gettext("%(percent)s %%: %(done)s of %(total)s complaints. This page looks again by itself.")
    return said % {"percent": book.percent, "done": number(book.done), "total": number(book.total)}
