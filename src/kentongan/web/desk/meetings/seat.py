"""Where the later steps of a meeting are taken: the meeting, what it treats, who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404
from django.utils import timezone

from kentongan.channels.email import invitations
from kentongan.channels.models import Mailbox
from kentongan.complaints import meetings
from kentongan.complaints.access import Circle
from kentongan.complaints.models import Complaint, Invitee, Meeting
from kentongan.village.models import User, Village

LATER = "record_minutes"  # the verb under which a meeting is moved, called off and minuted
OPEN = (Meeting.State.PROPOSED, Meeting.State.FIXED)


@dataclass
class Seat:
    """One meeting before one person. The circles of its complaints are read once."""

    meeting: Meeting
    user: User
    village: Village
    complaints: list[Complaint]

    @cached_property
    def circles(self) -> list[Circle]:
        return [Circle(complaint) for complaint in self.complaints]

    @cached_property
    def may_lead(self) -> bool:
        """Whether this person may move it, call it off and write its minutes."""
        return all(circle.may(self.user, LATER) for circle in self.circles)

    @property
    def leaders(self) -> list[str]:
        """Names and posts of those who may."""
        may = [{user.pk for user in circle.holders(LATER)} for circle in self.circles]
        return [label for pk, label in self.people if all(pk in there for there in may)]

    @cached_property
    def people(self) -> list[tuple[int, str]]:
        """The officials none of its complaints shuts out: (id, ``Joko Santosa — Kasi Kesejahteraan``)."""
        return [(pk, f"{member.user} — {member.post}") for pk, member in meetings.everywhere(self.circles).items()]

    @cached_property
    def invited(self) -> list[Invitee]:
        return meetings.invited(self.meeting)

    @property
    def is_open(self) -> bool:
        return self.meeting.state in OPEN

    @property
    def day(self) -> date | None:
        return self.village.local(self.meeting.starts_at).date() if self.meeting.starts_at else None

    @property
    def still_to_come(self) -> bool:
        """Its day is not over, or not chosen yet."""
        return self.is_open and (self.day is None or self.day >= timezone.localdate())

    @property
    def may_be_minuted(self) -> bool:
        return self.meeting.state == Meeting.State.FIXED and self.day is not None and self.day <= timezone.localdate()

    @property
    def proposals(self) -> list[str]:
        return [str(moment) for moment in self.meeting.proposals]

    @cached_property
    def lasts(self) -> int:
        """How many minutes it is to take; as it was called, while its day is not chosen."""
        if self.meeting.starts_at and self.meeting.ends_at:
            return int((self.meeting.ends_at - self.meeting.starts_at).total_seconds()) // 60
        return int(self._said("convened").get("lasts") or 120)

    @property
    def why_called_off(self) -> str:
        return str(self._said("meeting_changed").get("text") or "") if self.meeting.state == Meeting.State.CANCELLED else ""

    def _said(self, kind: str) -> dict[str, Any]:
        """What the last event of this kind says of the meeting."""
        events = self.complaints[0].events.filter(kind=kind).order_by("-id")
        return next((event.data for event in events if event.data.get("meeting") == self.meeting.pk), {})


def seat_of(pk: int, user: User, village: Village) -> Seat:
    """The meeting if the wall lets the person know of it. Raises ``Http404``."""
    meeting = meetings.meetings_for(user).filter(pk=pk).first()
    if meeting is None:
        raise Http404("no such meeting here")
    return Seat(meeting, user, village, list(meeting.complaints.order_by("pk")))


def told(seat: Seat) -> list[tuple[Invitee, str]]:
    """Those invited, each with how he hears of it: "mail", "desk" (a notice), or "" when he must be told otherwise."""
    by_mail = Mailbox.objects.filter(village=seat.village, active=True).exists()
    kept = meetings.kept_from(seat.meeting)
    return [(row, _how(row, seat.meeting, by_mail=by_mail and invitations.address_of(row) not in kept)) for row in seat.invited]


def _how(row: Invitee, meeting: Meeting, *, by_mail: bool) -> str:
    if by_mail and invitations.address_of(row):
        return "mail"
    return "desk" if row.user and meetings.sees_all(row.user, meeting) else ""
