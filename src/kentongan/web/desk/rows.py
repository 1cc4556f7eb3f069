"""Lines of complaints for lists, made ready in a fixed number of queries, whoever reads and however long the book."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from kentongan.complaints import access, clocks
from kentongan.complaints.deadlines import Calendar
from kentongan.complaints.models import Assignment, Complaint
from kentongan.village.models import User, Village


@dataclass(frozen=True)
class Row:
    """One complaint as these eyes may see it: ``who`` complains, ``holders`` who have it."""

    complaint: Complaint
    who: str
    holders: list[str] = field(default_factory=list)

    @property
    def holder(self) -> str:
        return ", ".join(self.holders)


def with_holders(complaints: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """The same rows with what a line of the list shows: place, complainant, and to whom they are distributed."""
    current = Prefetch("assignments", Assignment.objects.filter(ended_at__isnull=True), to_attr="current")
    return complaints.select_related("hamlet", "complainant").prefetch_related(current)


def lines(complaints: Iterable[Complaint], user: User) -> list[Row]:
    """The rows of a list; hidden identities stay hidden from everyone but the complaint officer."""
    return [
        Row(complaint, who(complaint, user), [post_of(a.responder_label) for a in getattr(complaint, "current", [])])
        for complaint in complaints
    ]


def who(complaint: Complaint, user: User) -> str:
    """The complainant in a list: the name, or the word that stands for it."""
    if complaint.complainant is None:
        return gettext("No name given")
    if complaint.identity_hidden and not access.knows_hidden(user, complaint):
        return gettext("Identity hidden")
    return complaint.complainant.name or complaint.complainant.phone_shown or complaint.complainant.email


def post_of(label: str) -> str:
    """``Kasi Kesejahteraan`` of ``Joko Santosa — Kasi Kesejahteraan``."""
    name, _, post = label.partition(" — ")
    return post or name


def calendar(village: Village) -> Calendar:
    return clocks.calendar_of(village)
