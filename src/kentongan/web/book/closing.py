"""``/buku/penutupan/``: the closed book of each year, and closing the year that is over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from kentongan.complaints import closed_books, frozen
from kentongan.complaints.models import ClosedBook
from kentongan.reports import closing, pdf
from kentongan.web.book import long_books
from kentongan.web.book.reports import for_the_desk
from kentongan.web.desk.guard import OfficialRequest, entry_takers
from kentongan.web.papers import paper


@for_the_desk
def index(request: OfficialRequest) -> HttpResponseBase:
    """The closed books this person may open, and the year that is to be closed next, with what it would close with."""
    books = closed_books.books_for(request.user).defer("data")
    may_close = closed_books.may_close(request.user)
    year, *later = (closed_books.years_over(request.village) if may_close else []) or [0]
    making = bool(year) and closing.is_being_closed(request.village, year)
    context = {
        "books": books,
        "year": year,
        "later": later,
        "making": making,
        "sums": _sums(request, year) if year and not making else None,
        "may_close": may_close,
    }
    response = render(request, "book/closing.html", context)
    if making:
        response["Refresh"] = long_books.REFRESH
    return response


def _sums(request: OfficialRequest, year: int) -> dict[str, Any] | None:
    """What a year would close with now; ``None`` when a number is missing."""
    try:
        sums = closing.Closing(request.user, request.village, year).sums
    except closing.Gap:
        return None
    return {
        "facts": [
            (gettext("Carried over from the book before"), sums.carried),
            (gettext("Received"), sums.received),
            *([(gettext("Kept apart (the number alone stands in the book)"), sums.apart)] if sums.apart else []),
            *((state.label, n) for state, n in sums.ended.items() if n),
            (gettext("Not ended, carried over into the next book"), sums.open),
        ],
        "empty": not sums.received,
    }


@require_POST
@for_the_desk
def close(request: OfficialRequest, year: int) -> HttpResponseBase:
    """Close the year's book; who comes second is told that it is closed."""
    if not closed_books.may_close(request.user):
        return render(request, "desk/not_yours.html", {"holders": entry_takers(request.village)}, status=403)
    if closed_books.is_closed(request.village, year):
        messages.info(request, _closed_already(year))
        return redirect("book:closing")
    waiting = closed_books.years_over(request.village)
    if year not in waiting:
        messages.error(request, gettext("Only a year that is over can be closed."))
        return redirect("book:closing")
    if year != waiting[0]:
        messages.error(request, gettext("Books are closed in their order. First close that of %(year)s.") % {"year": waiting[0]})
        return redirect("book:closing")
    if closing.is_long(request.village, year):
        closing.close_later(request.user, request.village, year)
        return redirect("book:closing")
    try:
        closing.close(request.user, request.village, year)
    except closed_books.AlreadyClosed:
        messages.info(request, _closed_already(year))
    except pdf.CannotPrint:
        messages.error(request, gettext("The book could not be printed; nothing was closed. Try again in a while."))
    except closing.Gap:
        messages.error(request, gettext("A number is missing in this book. Please tell the administrator; nothing was closed."))
    else:
        words = gettext("The book of %(year)s is closed. Print it, have it signed and bind it; it will not change any more.")
        messages.success(request, words % {"year": year})
    return redirect("book:closing")


def _closed_already(year: int) -> str:
    return gettext("The book of %(year)s is closed already. What was closed is never changed.") % {"year": year}


@for_the_desk
def closed_paper(request: OfficialRequest, year: int, size: str) -> HttpResponseBase:
    """A book as it was closed, byte for byte; as if it were not there for who is shut out of one of the complaints it shows."""
    try:
        book = closed_books.books_for(request.user).defer("data").get(year=year)
        content = closed_books.content(book, size)
    except (ClosedBook.DoesNotExist, KeyError):
        raise Http404("no such book here") from None
    except frozen.Changed:
        messages.error(request, gettext("The file kept is not the one that was closed. Please tell the administrator."))
        return redirect("book:closing")
    return paper(content, f"buku-{book.year}-{size}.pdf")
