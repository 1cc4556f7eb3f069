"""Sending a report to the head: numbered, printed on both papers, and kept for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kentongan.complaints import checks, sent_reports
from kentongan.complaints.models import SentReport
from kentongan.reports import seal
from kentongan.reports.report import book, corrections, paper
from kentongan.reports.report.period import Period
from kentongan.village.models import User, Village


class NotOver(ValueError):
    """The period is still running: its figures are not yet what they will be."""


def send(
    user: User,
    village: Village,
    period: Period,
    *,
    advice: Iterable[str] | None = None,
    now: datetime,
    by_itself: bool = False,
    base: str = "",
) -> SentReport:
    """Freeze the report of a period that is over. Nothing is locked while it is printed.

    ``advice``: else what is proposed. ``base``: our address, by which it can be checked.

    Raises ``NotOver``, ``AlreadySent`` and ``NumberCancelled`` of ``sent_reports``, ``pdf.CannotPrint`` (then
    the number is used up: numbers are never given twice).
    """
    made = book.read(user, village, period, now)
    if not made.is_over:
        raise NotOver(period.key)
    number = sent_reports.take_number(village, period.key, user)
    said = paper.data(made, number=number, advice=advice, corrected=corrections.of(user, made))
    said["kept_at"] = now.isoformat()
    said["check"] = seal.of_letter(checks.number_of_report(village, period.key, number), said, base)
    finished = sent_reports.Finished(
        period=period.key,
        name=period.name,
        number=number,
        data=said,
        papers={size: paper.pdf(said, size) for size in paper.PAPERS},
        complaints={row.pk for row in made.rows} | _corrected(said),
        by_itself=by_itself,
    )
    return sent_reports.keep(finished, village, user)


def _corrected(said: dict[str, Any]) -> set[int]:
    """What the report before counted, where this one says what has changed in it: who is shut out of that may not open this."""
    counted = SentReport.complaints.through.objects.filter(sentreport=said["corrections"].get("report"))
    return set(counted.values_list("complaint", flat=True))
