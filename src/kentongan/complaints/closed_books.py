"""Closed books: the complaint book of a year that is over, signed and kept.

Two duties pull at a closed book. It is the official register: no number may be missing from it. And it is signed by the village head
and kept by the secretary: it must hold nothing of what one of them is shut out of. So a number whose complaint the closer or anyone of
the desk (officer, secretary, head) is shut out of stands there as the number and "disimpan tersendiri" alone: no day, no door, no name, no
matter, not how it ended; it is counted among the received, which the last number tells anyhow, and in no other sum. That there *is* such a
number is no news: numbers have no gaps, so whoever misses one in his own book could always count. What it is about, whom else it concerns
and whether it still runs stays unknown. Where a month is part of the printed number, the plain one is printed instead. What was joined with
such a complaint does not name it.

Other ways were weighed. Leaving such numbers out breaks the register: a gap is the one thing an inspector looks for. Only hiding what the
signers are shut out of (as the periodic report does, ``reports/report/book.seen``) would leave the secretary, who keeps the books, unable
to open hers. A second, full book for some would be the paper that is left on a desk.

A complaint that came to concern somebody after the closing still stands in the frozen pages. For him the book is as if it were not there.
That a year *is* closed is no secret at the desk: closing it twice is refused to everybody with the same words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from kentongan.complaints import access, frozen
from kentongan.complaints.models import ClosedBook, Complaint, Register
from kentongan.lib import clock, tokens
from kentongan.village.models import Membership, User, Village
from kentongan.village.roles import Role

PAPERS = ("A4", "F4")


class AlreadyClosed(Exception):
    """The year's book is closed, and stays as it is."""


@dataclass(frozen=True)
class Finished:
    """A book ready to be kept: what stands in it, its papers by size, the complaints it shows."""

    year: int
    data: dict[str, Any]
    papers: Mapping[str, bytes]
    complaints: Iterable[int]


def may_close(user: User) -> bool:
    """Whether this person closes books: the officer or the secretary, or who stands in for them."""
    where = access.standing(user)
    return where is not None and where.is_(Role.OFFICER, Role.SECRETARY)


def years_over(village: Village) -> list[int]:
    """The years that wait to be closed, oldest first: over, not yet closed, since this desk began.

    They are closed in this order: what one carries over is what the next begins with.
    """
    this_year = village.local(clock.now()).year
    first_number = Register.objects.filter(village=village, last__gt=0).aggregate(first=Min("year"))["first"] or this_year
    accounts = User.objects.filter(pk__in=Membership.objects.filter(village=village).values("user"))
    first_account = accounts.aggregate(first=Min("date_joined"))["first"] or timezone.now()
    closed = set(ClosedBook.objects.filter(village=village).values_list("year", flat=True))
    since = min(first_number, village.local(first_account).year)
    return [year for year in range(since, this_year) if year not in closed]


def seen_by_the_desk(user: User, village: Village) -> QuerySet[Complaint]:
    """What may stand in a closed book with its content: what this person sees, and everybody of the desk today."""
    seen = Complaint.visible_to(user).filter(village=village)
    desk = Membership.current().filter(village=village, role__in=access.WHOLE_BOOK).select_related("user")
    for reader in {member.user_id: member.user for member in desk}.values():
        if reader != user:
            seen = seen.filter(access.wall(reader))
    return seen


def books_for(user: Any) -> QuerySet[ClosedBook]:
    """The closed books somebody of the desk may open: those of whose shown complaints he may see every one, as things stand today."""
    where = access.standing(user)
    if where is None or not where.is_(*access.WHOLE_BOOK):
        return ClosedBook.objects.none()
    return frozen.wholly_seen(ClosedBook.objects.filter(village=where.village_id), user)


def last_number(village: Village, year: int) -> int:
    """The last number given in ``year``; 0 for a year without complaints."""
    return Register.objects.filter(village=village, year=year).aggregate(last=Max("last"))["last"] or 0


def serials(village: Village, year: int) -> list[int]:
    """The numbers in the year's book, whoever may see what is behind them."""
    entries = Complaint.for_system("a closed book has no gaps").filter(village=village, year=year)
    return list(entries.order_by("serial").values_list("serial", flat=True))


def is_closed(village: Village, year: int) -> bool:
    return ClosedBook.objects.filter(village=village, year=year).exists()


def digest(book: Any) -> str:
    """SHA-256 of what stands in a book: JSON with sorted keys, no spaces, UTF-8."""
    return frozen.digest(json.dumps(book, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def keep(finished: Finished, village: Village, by: User) -> ClosedBook:
    """Keep the closed book for good. Raises ``AlreadyClosed`` when somebody was faster."""
    with transaction.atomic():
        Village.objects.select_for_update(no_key=True).get(
            pk=village.pk
        )  # one after the other; who files a complaint is not held up
        if is_closed(village, finished.year):
            raise AlreadyClosed(finished.year)
        book = ClosedBook(
            village=village, year=finished.year, data=finished.data, at=clock.now(), by=by, by_label=by.standing.label
        )
        book.digest = digest(finished.data["book"])
        book.a4_digest, book.f4_digest = (frozen.digest(finished.papers[paper]) for paper in PAPERS)
        book.a4.save(f"{tokens.new_token()}.pdf", ContentFile(finished.papers["A4"]), save=False)
        book.f4.save(f"{tokens.new_token()}.pdf", ContentFile(finished.papers["F4"]), save=False)
        book.save()
        book.complaints.add(*finished.complaints)
    return book


def content(book: ClosedBook, paper: str) -> bytes:
    """The paper as it was closed. Raises ``KeyError`` for another size, ``frozen.Changed`` when the file is not what it was or not there."""
    file, expected = {"A4": (book.a4, book.a4_digest), "F4": (book.f4, book.f4_digest)}[paper]
    return frozen.content(file, expected)


def faults() -> Iterator[str]:
    """What is not as it was when a book was closed, a sentence each."""
    for book in ClosedBook.objects.select_related("village").iterator(chunk_size=10):
        where = f"closed book {book.village_id} {book.year}"
        for paper in PAPERS:
            try:
                content(book, paper)
            except frozen.Changed:
                yield f"{where}: the file on {paper} is not the one that was closed"
        if digest(book.data.get("book")) != book.digest:
            yield f"{where}: what stands in it is not what was closed"
        entries = len(serials(book.village, book.year))
        if entries != book.data["book"]["received"]:
            yield f"{where}: closed with {book.data['book']['received']} entries, the book has {entries}"
