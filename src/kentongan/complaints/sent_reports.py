"""Sent reports: who may open one, how one is kept, and whether it is still what was sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from kentongan.complaints import access, letters
from kentongan.complaints.models import Complaint, LetterCounter, SentReport
from kentongan.lib import clock, tokens
from kentongan.village.models import User, Village

PAPERS = ("A4", "F4")


class AlreadySent(Exception):
    """The period's report was sent: it is there to be opened, and stays as it is."""


class Changed(Exception):
    """The file kept is not the one that was sent."""


@dataclass(frozen=True)
class Finished:
    """A report ready to be kept: its data, its papers by size, the complaints it counts."""

    period: str
    name: str
    number: str
    data: dict[str, Any]
    papers: Mapping[str, bytes]
    complaints: Iterable[int]


def reports_for(user: Any) -> QuerySet[SentReport]:
    """The sent reports the desk may open: those of whose complaints this person may see every one, as things stand today."""
    where = access.standing(user)
    if where is None or not where.is_(*access.WHOLE_BOOK):
        return SentReport.objects.none()
    counts = SentReport.complaints.through.objects.filter(sentreport=OuterRef(OuterRef("pk"))).values("complaint")
    hidden = Complaint.objects.filter(~access.wall(user), pk__in=counts)
    return SentReport.objects.filter(~Exists(hidden), village=where.village_id)


def take_number(village: Village, period: str, by: User) -> str:
    """The number of the covering note. Raises ``AlreadySent`` when this person may open one of the period."""
    with transaction.atomic():
        number = letters.next_number(village, "report", clock.now(), by=by, period=period)
        _refuse_second(period, by)
        return number


def keep(finished: Finished, village: Village, by: User) -> SentReport:
    """Keep the report for good. Raises ``AlreadySent`` when somebody was faster."""
    now = clock.now()
    digests = {paper: hashlib.sha256(finished.papers[paper]).hexdigest() for paper in PAPERS}
    with transaction.atomic():
        list(LetterCounter.objects.select_for_update().filter(village=village, kind="report"))  # one after the other
        _refuse_second(finished.period, by)
        report = SentReport(village=village, period=finished.period, name=finished.name, number=finished.number, at=now)
        report.data, report.by, report.by_label = finished.data, by, by.standing.label
        report.a4_digest, report.f4_digest = digests["A4"], digests["F4"]
        report.a4.save(f"{tokens.new_token()}.pdf", ContentFile(finished.papers["A4"]), save=False)
        report.f4.save(f"{tokens.new_token()}.pdf", ContentFile(finished.papers["F4"]), save=False)
        report.save()
        report.complaints.add(*finished.complaints)
    return report


def _refuse_second(period: str, by: User) -> None:
    if reports_for(by).filter(period=period).exists():
        raise AlreadySent(period)


def content(report: SentReport, paper: str) -> bytes:
    """The paper as it was sent. Raises ``KeyError`` for another size, ``Changed`` when the file is not what it was or not there."""
    file, digest = {"A4": (report.a4, report.a4_digest), "F4": (report.f4, report.f4_digest)}[paper]
    try:
        with file.open("rb") as kept:
            found = kept.read()
    except OSError as error:
        raise Changed(report.pk) from error
    if hashlib.sha256(found).hexdigest() != digest:
        raise Changed(report.pk)
    return bytes(found)
