"""What a report is made of: the complaints of a period and of the one before, read once, with few columns.

It goes to the village head: complaints that the reader, or one of those who sign it, is shut out of are in no part of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from kentongan.complaints import access, clocks, deadlines
from kentongan.complaints.models import Assignment, Complaint, Event, Referral, Response
from kentongan.lib import letter_numbers
from kentongan.reports.report.period import Period
from kentongan.village.models import Category, Hamlet, Membership, User, Village
from kentongan.village.roles import Role

DESK = "Petugas pengelola pengaduan"  # who has what is with nobody else


class Row(NamedTuple):
    """A complaint as far as it is counted; moments are on the village's clock."""

    pk: int
    year: int
    serial: int
    received: datetime
    ended: datetime | None
    category: int
    hamlet: int
    channel: str
    kind: str
    state: str
    outcome: str
    on_time: bool | None
    answered: datetime | None
    rating: int | None
    due: datetime | None
    paused: bool
    clock_from: datetime | None = None
    clock_days: int = 0  # working days promised, and those the clock stood still


class Sent(NamedTuple):
    """A referral: to whom, when, and when it was over: answered by the agency, or its complaint ended."""

    complaint: int
    agency: str
    at: datetime
    due: date | None
    over: datetime | None


@dataclass(frozen=True)
class Book:
    """All that the tables and sentences of one report come from. ``begin``, ``over``: when its period begins and is over."""

    village: Village
    period: Period
    now: datetime
    begin: datetime
    over: datetime
    rows: list[Row]  # received or still open in the period or in the one before, by number
    calendar: deadlines.Calendar
    categories: list[Category]
    hamlets: list[Hamlet]
    holders: dict[int, str]
    answerers: dict[int, str]
    referrals: list[Sent]
    plans: dict[int, str]
    told_by: dict[int, str] = field(default_factory=dict)  # complaint → how its latest judgement came in

    @cached_property
    def received(self) -> list[Row]:
        return [row for row in self.rows if self.begin <= row.received]

    @cached_property
    def before(self) -> list[Row]:
        """Received in the period before this one."""
        since = self.period.before.moments(self.village)[0]
        return [row for row in self.rows if since <= row.received < self.begin]

    @cached_property
    def waiting_at(self) -> dict[int, str]:
        """The agencies each complaint waits for."""
        agencies: dict[int, list[str]] = {}
        for sent in self.referrals:
            if sent.over is None:
                agencies.setdefault(sent.complaint, []).append(sent.agency)
        return {complaint: "; ".join(dict.fromkeys(names)) for complaint, names in agencies.items()}

    def open_at(self, moment: datetime) -> list[Row]:
        """Received before ``moment`` and not ended before it; a complaint opened again counts as not ended."""
        return [row for row in self.rows if row.received < moment and (row.ended is None or row.ended >= moment)]

    @property
    def today(self) -> date:
        return self.village.local(self.now).date()

    @property
    def is_over(self) -> bool:
        return self.now >= self.over

    def number(self, row: Row) -> str:
        pattern, month = self.village.number_pattern, row.received.month
        return letter_numbers.printed(pattern, year=row.year, serial=row.serial, month=month, village=self.village.code)

    def days_left(self, row: Row) -> int | None:
        """Working days until it is due, negative when late; ``None`` while no clock of ours runs."""
        if row.state in _RUNNING and row.due and not row.paused:
            return self.calendar.days_left(row.due, self.now)
        return None

    def promised(self, row: Row) -> date | None:
        """The day promised for the answer, also where its clock runs no more."""
        return self.calendar.after(self.calendar.day_of_receipt(row.clock_from), row.clock_days) if row.clock_from else None

    def is_late(self, row: Row) -> bool:
        return row.state in _RUNNING and not row.paused and row.due is not None and row.due < self.now


_RUNNING = frozenset({"RECEIVED", "VERIFIED", "ASSIGNED", "IN_PROGRESS", "REFERRED"})
_COLUMNS = (
    "pk", "year", "serial", "received_at", "ended_at", "category_id", "hamlet_id", "channel", "kind", "state", "outcome",
    "on_time", "responded_at", "rating", "due_at", "paused_at", "clock_from", "promised",
)  # fmt: skip


def seen(user: User, village: Village) -> QuerySet[Complaint]:
    """What a report of this person to the village head may be about: what he sees, and all who sign it."""
    seen_by_all = Complaint.visible_to(user).filter(village=village)
    for signer in signers(village):
        if signer != user:
            seen_by_all = seen_by_all.filter(access.wall(signer))
    return seen_by_all


def signers(village: Village) -> list[User]:
    """The head, and the complaint officer or else the secretary."""
    people: dict[str, dict[int, User]] = {}
    for member in Membership.current().filter(village=village).select_related("user").order_by("id"):
        people.setdefault(member.role, {})[member.user_id] = member.user
    desk = people.get(Role.OFFICER) or people.get(Role.SECRETARY, {})
    return list((people.get(Role.HEAD, {}) | desk).values())


def read(user: User, village: Village, period: Period, now: datetime) -> Book:
    """The book of ``period`` as it stands ``now``, in a fixed number of statements."""
    begin, over = period.moments(village)
    since = period.before.moments(village)[0]
    of_interest = Q(received_at__gte=since) | Q(ended_at__isnull=True) | Q(ended_at__gte=since)
    found = seen(user, village).filter(of_interest, received_at__lt=over)
    return Book(
        village=village,
        period=period,
        now=now,
        begin=begin,
        over=over,
        rows=_rows(found, village.local),
        calendar=clocks.calendar_of(village),
        categories=list(Category.objects.filter(village=village).select_related("parent").order_by("order", "name", "pk")),
        hamlets=list(Hamlet.objects.filter(village=village).order_by("order", "name", "pk")),
        holders=_holders(found),
        answerers=_answerers(found),
        referrals=_referrals(found, over, village.local),
        plans=dict(_delivered(found).exclude(planned_for="").values_list("complaint_id", "planned_for")),
        told_by=_told_by(found),
    )


def _rows(found: QuerySet[Complaint], local: Callable[[datetime], datetime]) -> list[Row]:
    made = []
    with_promise = found.annotate(promised=F("clock_days") + F("paused_days"))
    for values in with_promise.order_by("year", "serial").values_list(*_COLUMNS):
        row: Any = Row(*values)
        made.append(
            row._replace(
                received=local(row.received),
                ended=row.ended and local(row.ended),
                category=row.category or 0,
                hamlet=row.hamlet or 0,
                answered=row.answered and local(row.answered),
                paused=row.paused is not None,
            )
        )
    return made


def _inside(found: QuerySet[Complaint]) -> QuerySet[Complaint, Any]:
    return found.order_by().values("pk")


def _holders(found: QuerySet[Complaint]) -> dict[int, str]:
    """Who has each complaint now, in the order they were given it."""
    given = Assignment.objects.filter(complaint__in=_inside(found), ended_at__isnull=True).order_by("order", "pk")
    holders: dict[int, str] = {}
    for complaint, label in given.values_list("complaint_id", "responder_label"):
        holders[complaint] = f"{holders[complaint]}; {label}" if complaint in holders else label
    return holders


def _delivered(found: QuerySet[Complaint]) -> QuerySet[Response]:
    return Response.objects.filter(complaint__in=_inside(found), stage=Response.Stage.DELIVERED).order_by("pk")


def _answerers(found: QuerySet[Complaint]) -> dict[int, str]:
    """Who wrote the last answer that was delivered."""
    return dict(_delivered(found).values_list("complaint_id", "drafted_by"))


def _told_by(found: QuerySet[Complaint]) -> dict[int, str]:
    rated = Event.for_system("of complaints the reader and all who sign may see").filter(
        complaint__in=_inside(found), kind="rated"
    )
    return dict(rated.order_by("pk").values_list("complaint_id", "via"))


def _referrals(found: QuerySet[Complaint], over: datetime, local: Callable[[datetime], datetime]) -> list[Sent]:
    rows = Referral.objects.filter(complaint__in=_inside(found), at__lt=over).order_by("agency__name", "pk")
    values = rows.values_list("complaint_id", "agency__name", "at", "due_on", Coalesce("answered_at", "complaint__ended_at"))
    return [Sent(pk, name, local(at), due, gone and local(gone)) for pk, name, at, due, gone in values]
