"""The register of outgoing letters (*buku agenda surat keluar*): every number ever given, as one person may read it.

Who is shut out of a complaint sees no row of its letters: no number, no day, no subject, no count. What he would notice is that the
serial numbers he sees have a gap. The register closes it with a line that says no more than the gap itself: that the number was used.
Such lines are made from the serials the person sees, never from the hidden rows, so that a hidden letter at the end of the series, which
leaves no gap yet, leaves no line either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kentongan.complaints import access, letters, meetings, sent_reports
from kentongan.complaints.models import Complaint, LetterNumber, SentReport
from kentongan.village.roles import Role


@dataclass(frozen=True)
class Line:
    """A line of the register: a number that was given, or that a serial of the series is used (``row`` is ``None``)."""

    row: LetterNumber | None
    code: str  # classification code of the series
    serial: int | None


def numbers_for(user: Any) -> QuerySet[LetterNumber]:
    """The numbers the desk may read: of complaints, meetings and reports that this person may see every one, as things stand today.

    A number that was given to no report that was kept tells nothing of anybody.
    """
    where = access.standing(user)
    if where is None or not where.is_(*access.WHOLE_BOOK):
        return LetterNumber.objects.none()
    rows = LetterNumber.objects.filter(village=where.village_id)
    kept = SentReport.objects.filter(village=where.village_id, period=OuterRef("period"), number=OuterRef("number"))
    hidden = Exists(kept.exclude(pk__in=sent_reports.reports_for(user).values("pk")))
    of_complaint = Q(complaint__in=Complaint.objects.filter(access.wall(user)))
    of_meeting = Q(meeting__in=meetings.meetings_for(user))
    of_report = Q(complaint=None, meeting=None) & ~Q(hidden)
    return rows.filter(of_complaint | of_meeting | of_report)


def years_for(user: Any) -> list[int]:
    """The years in which this person sees a number, the newest first."""
    return list(numbers_for(user).order_by("-year").values_list("year", flat=True).distinct())


def lines(user: Any, year: int) -> list[Line]:
    """The register of one year, the newest first, gaps of each series closed."""
    made: list[Line] = []
    last: dict[str, int] = {}
    for row in numbers_for(user).filter(year=year).select_related("complaint", "meeting").order_by("id"):
        code = letters.KINDS.get(row.series, row.series)  # a code of the village's own is its own series
        if row.serial is not None:
            missing = range(last.get(row.series, row.serial) + 1, row.serial)
            made += [Line(None, code, serial) for serial in missing]
            last[row.series] = row.serial
        made.append(Line(row, code, row.serial))
    return made[::-1]


def may_cancel(user: Any, row: LetterNumber) -> bool:
    """Whether this person may cancel it now: who fills the officer's or secretary's place in all that it belongs to."""
    if row.cancelled_at:
        return False
    if row.complaint is None and row.meeting is None:
        where = access.standing(user)
        kept = SentReport.objects.filter(village=row.village_id, period=row.period, number=row.number)
        return where is not None and where.is_(Role.OFFICER, Role.SECRETARY) and not kept.exists()
    treated = row.meeting.complaints.all() if row.meeting else [row.complaint]
    return all(access.Circle(complaint).may(user, "cancel_number") for complaint in treated if complaint)
