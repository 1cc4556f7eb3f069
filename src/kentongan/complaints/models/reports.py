"""Periodic reports as they were sent to the village head."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.complaints.models.book import Complaint
from kentongan.village.models import OfVillage, User


class NeverChanged(models.QuerySet["SentReport"]):
    """A report that was sent is neither changed nor deleted."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("sent reports are never changed")

    def delete(self) -> NoReturn:
        raise TypeError("sent reports are never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("sent reports are never changed")


class SentReport(OfVillage):
    """What the head was told of a period: kept byte for byte, whatever happens to its complaints later.

    ``complaints``: all it counts; only who may see every one of them may open it (``sent_reports.reports_for``).
    """

    period = models.CharField(_("Period"), max_length=7)  # ``2026-11``, ``2026-Q4``, ``2026-S2`` or ``2026``
    name = models.CharField(max_length=40)  # the period as the paper says it
    number = models.CharField(_("Number"), max_length=60)  # of the covering note, as printed
    data = models.JSONField()
    a4 = models.FileField(upload_to="reports")
    a4_digest = models.CharField(max_length=64)
    f4 = models.FileField(upload_to="reports")
    f4_digest = models.CharField(max_length=64)
    complaints = models.ManyToManyField(Complaint, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by_itself = models.BooleanField(default=False)  # on its day, when nobody had sent it; ``by``: who signs
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=200)

    objects = NeverChanged.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["village", "-id"], name="report_newest")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("sent reports are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("sent reports are never deleted")


class ReportNotice(OfVillage):
    """That people are told of a period's report: that it is ready to be signed (``report`` is empty), or that it was sent. Each once."""

    period = models.CharField(max_length=7)  # as ``SentReport.period``
    name = models.CharField(max_length=40)
    report = models.OneToOneField(SentReport, on_delete=models.PROTECT, null=True, blank=True, related_name="notice")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["village", "period"], name="report_due_once", condition=Q(report=None))]
