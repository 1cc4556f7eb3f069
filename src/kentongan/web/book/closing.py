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
from kentongan.reports import closing
from kentongan.web.book import long_books
from kentongan.web.book.reports import for_the_desk
from kentongan.web.desk.guard import OfficialRequest, entry_takers
from kentongan.web.papers import paper

SHOWN = 5  # years that wait to be closed, the sums of each


@for_the_desk
def index(request: OfficialRequest) -> HttpResponseBase:
    """The closed books this person may open, and the years that wait to be closed, with what they would close with."""
    books = closed_books.books_for(request.user).defer("data")
    may_close = closed_books.may_close(request.user)
    years = closed_books.years_over(request.village)[:SHOWN] if may_close else []
    making = {year for year in years if closing.is_being_closed(request.village, year)}
    waiting = [(year, _sums(request, year)) for year in years if year not in making]
    context = {"books": books, "waiting": waiting, "making": sorted(making), "may_close": may_close}
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
    if year not in closed_books.years_over(request.village):
        messages.error(request, gettext("Only a year that is over can be closed."))
        return redirect("book:closing")
    if closing.is_long(request.village, year):
        closing.close_later(request.user, request.village, year)
        return redirect("book:closing")
    try:
        closing.close(request.user, request.village, year)
    except closed_books.AlreadyClosed:
        messages.info(request, _closed_already(year))
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
