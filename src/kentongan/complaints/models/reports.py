"""Papers that were signed and are kept as they were: reports to the village head, and the book of each year."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.complaints.models.book import Complaint
from kentongan.village.models import OfVillage, User


class NeverChanged(models.QuerySet[Any]):
    """What was signed is neither changed nor deleted."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("what was signed is never changed")

    def delete(self) -> NoReturn:
        raise TypeError("what was signed is never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("what was signed is never changed")


class Signed(OfVillage):
    """A paper in both sizes with its digests, and what it was made of. ``complaints``: all whose content stands in it."""

    data = models.JSONField()
    a4 = models.FileField(upload_to="reports")
    a4_digest = models.CharField(max_length=64)
    f4 = models.FileField(upload_to="reports")
    f4_digest = models.CharField(max_length=64)
    complaints = models.ManyToManyField(Complaint, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=200)

    objects = NeverChanged.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("what was signed is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("what was signed is never deleted")


class SentReport(Signed):
    """What the head was told of a period: kept byte for byte, whatever happens to its complaints later.

    ``complaints``: all it counts; only who may see every one of them may open it (``sent_reports.reports_for``).
    """

    period = models.CharField(_("Period"), max_length=7)  # ``2026-11``, ``2026-Q4``, ``2026-S2`` or ``2026``
    name = models.CharField(max_length=40)  # the period as the paper says it
    number = models.CharField(_("Number"), max_length=60)  # of the covering note, as printed
    by_itself = models.BooleanField(default=False)  # on its day, when nobody had sent it; ``by``: who signs

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["village", "-id"], name="report_newest")]


class ReportNotice(OfVillage):
    """That people are told of a period's report: that it is ready to be signed (``report`` is empty), or that it was sent. Each once."""

    period = models.CharField(max_length=7)  # as ``SentReport.period``
    name = models.CharField(max_length=40)
    report = models.OneToOneField(SentReport, on_delete=models.PROTECT, null=True, blank=True, related_name="notice")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["village", "period"], name="report_due_once", condition=Q(report=None))]


class ClosedBook(Signed):
    """The complaint book of a year, closed: whatever happens to its complaints later, this is what was signed.

    ``complaints`` are those it shows; of the others it holds the number alone (``closed_books``).
    ``digest``: SHA-256 of ``data["book"]`` in its one way of writing; it is printed on the closing page.
    """

    year = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["village", "year"], name="book_closed_once")]


class MadeBook(OfVillage):
    """A long stretch of the complaint book that the worker prints for one person, volume by volume; kept for a week (``made_books``).

    ``complaints``: those it shows, by number as the wall let him see them when it was begun. ``parts``: stored volumes, in order.
    """

    class State(models.TextChoices):
        WAITING = "WAITING"
        MAKING = "MAKING"
        READY = "READY"
        FAILED = "FAILED"

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()  # included
    paper = models.CharField(max_length=2)
    masked = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)  # rows
    done = models.PositiveIntegerField(default=0)  # of them, looked at
    printed = models.PositiveIntegerField(default=0)  # of them, printed: fewer where the wall closed meanwhile
    parts = models.JSONField(default=list)
    file = models.CharField(max_length=100, blank=True)  # in the storage, once it is ready
    token = models.CharField(max_length=60)  # random; the files are called by it
    complaints = models.ManyToManyField(Complaint, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "start", "end", "paper", "masked"],
                name="book_made_once_at_a_time",
                condition=models.Q(state__in=["WAITING", "MAKING"]),
            )
        ]

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class PublishedReport(OfVillage):
    """A sent report's version for everybody: what it says, who published it, and who took it back. Nothing else of it is ever changed."""

    report = models.ForeignKey(SentReport, on_delete=models.PROTECT, related_name="publications")
    data = models.JSONField()
    file = models.FileField(upload_to="reports")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=200)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.CharField(max_length=200, blank=True)  # name and post, as they were then

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["village", "-id"], name="publication_newest")]
        constraints = [models.UniqueConstraint(fields=["report"], name="published_once", condition=Q(taken_back_at=None))]
