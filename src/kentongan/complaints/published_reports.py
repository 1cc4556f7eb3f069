"""Published reports: put before everybody, and taken back, by the desk alone; each step is written down with who took it."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from kentongan.complaints import access, frozen
from kentongan.complaints.models import PublishedReport, SentReport
from kentongan.lib import clock, tokens
from kentongan.village.models import User, Village
from kentongan.village.roles import Role


class Overlaps(Exception):
    """Another report of some of these months was published: two together would give away what each keeps back."""

    def __init__(self, other: PublishedReport) -> None:
        super().__init__(other.report.period)
        self.other = other


def may_publish(user: Any) -> bool:
    """The officer and the secretary, and who stands in for them."""
    where = access.standing(user)
    return where is not None and where.is_(Role.OFFICER, Role.SECRETARY)


def of(village: Village) -> QuerySet[PublishedReport]:
    """What stands before everybody, newest first."""
    return PublishedReport.objects.filter(village=village, taken_back_at=None).select_related("report")


def earlier(report: SentReport) -> PublishedReport | None:
    """The first publication of the same report: whoever publishes it again shows the same numbers, or the difference would tell something."""
    return PublishedReport.objects.filter(report=report).order_by("pk").first()


def overlapping(report: SentReport, months: set[str]) -> PublishedReport | None:
    """Another report's publication, also one taken back, that speaks of some of these months (``2026-10``)."""
    others = PublishedReport.objects.filter(village=report.village_id).exclude(report=report).select_related("report")
    return next((other for other in others.order_by("pk") if months & set(other.data["months"])), None)


def publish(report: SentReport, data: dict[str, Any], pdf: bytes, by: User) -> PublishedReport:
    """Put it before everybody; what stands there already stays. ``data["months"]``: the months it speaks of. Raises ``Overlaps``."""
    with transaction.atomic():
        Village.objects.select_for_update().get(pk=report.village_id)  # one at a time: each looks at what the others published
        standing = of(report.village).filter(report=report).first()
        if standing:
            return standing
        other = overlapping(report, set(data["months"]))
        if other:
            raise Overlaps(other)
        made = PublishedReport(
            village=report.village, report=report, data=data, at=clock.now(), by=by, by_label=by.standing.label
        )
        made.digest = frozen.digest(pdf)
        made.file.save(f"{tokens.new_token()}.pdf", ContentFile(pdf), save=False)
        made.save()
    return made


def take_back(report: SentReport, by: User) -> bool:
    """Take it from the public page; False when it does not stand there."""
    standing = PublishedReport.objects.filter(report=report, taken_back_at=None)
    return bool(standing.update(taken_back_at=clock.now(), taken_back_by=by.standing.label))


def content(publication: PublishedReport) -> bytes:
    """The paper as it was published. Raises ``frozen.Changed``."""
    return frozen.content(publication.file, publication.digest)
