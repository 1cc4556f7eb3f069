"""Sent reports: who may open one, how one is kept, and whether it is still what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet

from kentongan.complaints import access, frozen, letters
from kentongan.complaints.frozen import Changed as Changed
from kentongan.complaints.models import LetterCounter, LetterNumber, ReportNotice, SentReport, ShutOut
from kentongan.jobs import engine
from kentongan.lib import clock, tokens
from kentongan.village import leave
from kentongan.village.models import LetterRule, Membership, User, Village
from kentongan.village.roles import Role

PAPERS = ("A4", "F4")
TELL = "kentongan.channels.report_notices.tell"


class AlreadySent(Exception):
    """The period's report was sent: it is there to be opened, and stays as it is."""


class NumberCancelled(Exception):
    """Its number was cancelled while it was printed: what bears it must not be sent."""


@dataclass(frozen=True)
class Finished:
    """A report ready to be kept: its data, its papers by size, the complaints it counts."""

    period: str
    name: str
    number: str
    data: dict[str, Any]
    papers: Mapping[str, bytes]
    complaints: Iterable[int]
    by_itself: bool = False


def reports_for(user: Any) -> QuerySet[SentReport]:
    """The sent reports the desk may open: those of whose complaints this person may see every one, as things stand today."""
    where = access.standing(user)
    if where is None or not where.is_(*access.WHOLE_BOOK):
        return SentReport.objects.none()
    return frozen.wholly_seen(SentReport.objects.filter(village=where.village_id), user)


def take_number(village: Village, period: str, by: User) -> str:
    """The number of the covering note. Raises ``AlreadySent`` when this person may open one of the period."""
    with transaction.atomic():
        number = letters.next_number(village, "report", clock.now(), by=by, period=period)
        _refuse_second(period, by)
        return number


def keep(finished: Finished, village: Village, by: User) -> SentReport:
    """Keep the report for good. Raises ``AlreadySent`` when somebody was faster, ``NumberCancelled``."""
    now = clock.now()
    digests = {paper: frozen.digest(finished.papers[paper]) for paper in PAPERS}
    with transaction.atomic():
        list(
            LetterCounter.objects.select_for_update().filter(
                village=village, kind=letters.series(LetterRule.of(village, "report"))
            )
        )  # one after the other
        _refuse_second(finished.period, by)
        its_number = LetterNumber.objects.filter(village=village, kind="report", number=finished.number)
        if any(row.cancelled_at for row in its_number.select_for_update(of=("self",))):  # kept so until this is over
            raise NumberCancelled(finished.period)
        report = SentReport(village=village, period=finished.period, name=finished.name, number=finished.number, at=now)
        report.by_itself = finished.by_itself
        report.data, report.by, report.by_label = finished.data, by, by.standing.label
        report.a4_digest, report.f4_digest = digests["A4"], digests["F4"]
        report.a4.save(f"{tokens.new_token()}.pdf", ContentFile(finished.papers["A4"]), save=False)
        report.f4.save(f"{tokens.new_token()}.pdf", ContentFile(finished.papers["F4"]), save=False)
        report.save()
        report.complaints.add(*finished.complaints)
        tell(ReportNotice.objects.create(village=village, period=report.period, name=report.name, report=report, at=now))
    return report


def claim(village: Village, period: str, name: str) -> ReportNotice | None:
    """Claim that the report of a period is due; ``None`` when it was claimed before, by whomever."""
    values = {"name": name, "at": clock.now()}
    notice, new = ReportNotice.objects.get_or_create(village=village, period=period, report=None, defaults=values)
    return notice if new else None


def tell(notice: ReportNotice) -> None:
    """Have those concerned told, by the worker, with the caller's transaction."""
    engine.put(TELL, [notice.pk], unique_key=f"report:{notice.pk}")


def notices_for(user: Any) -> QuerySet[ReportNotice]:
    """What this person may be told of reports: that one is ready, being of the desk, and that one was sent that he may open."""
    where = access.standing(user)
    if where is None or not where.is_(*access.WHOLE_BOOK):
        return ReportNotice.objects.none()
    return ReportNotice.objects.filter(Q(report=None) | Q(report__in=reports_for(user)), village=where.village_id)


def holders(village: Village, *roles: Role) -> list[User]:
    """Who holds the first of ``roles`` that anybody holds today, those who are away last."""
    members = Membership.current().filter(village=village, role__in=roles).select_related("user").order_by("id")
    away = {user for user, _stand_in in leave.today(village.pk)}
    for role in roles:
        found = {member.user_id: member.user for member in members if member.role == role}
        if found:
            return sorted(found.values(), key=lambda user: user.pk in away)
    return []


def _refuse_second(period: str, by: User) -> None:
    if reports_for(by).filter(period=period).exists():
        raise AlreadySent(period)


def kept_from_some(report: SentReport) -> set[int]:
    """The complaints it counts that somebody is shut out of today."""
    return set(ShutOut.objects.filter(complaint__in=report.complaints.values("pk")).values_list("complaint_id", flat=True))


def content(report: SentReport, paper: str) -> bytes:
    """The paper as it was sent. Raises ``KeyError`` for another size, ``Changed`` when the file is not what it was or not there."""
    file, digest = {"A4": (report.a4, report.a4_digest), "F4": (report.f4, report.f4_digest)}[paper]
    return frozen.content(file, digest)
