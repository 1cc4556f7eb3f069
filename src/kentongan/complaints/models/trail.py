"""The trail of a complaint: events, files, and the counts that follow it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone

from kentongan.complaints.lifecycle import State
from kentongan.complaints.models.book import Complaint
from kentongan.village.models import OfVillage, User


class AppendOnly(models.QuerySet["Event"]):
    """What happened, happened: neither changed nor deleted."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("events are never changed")

    def delete(self) -> NoReturn:
        raise TypeError("events are never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("events are never changed")


class Event(OfVillage):
    """The row that says it happened. ``data`` keys are declared in ``events.py``, with those that are personal."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by_label = models.CharField(max_length=200, blank=True)  # name and post on that day; empty for the public
    via = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=20, choices=State.choices)
    data = models.JSONField(default=dict)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["complaint", "id"], name="event_of_complaint"),
            models.Index(fields=["village", "at"], name="event_recent"),
        ]

    @classmethod
    def for_system(cls, reason: str) -> models.QuerySet[Event]:
        """All events, for code that acts for nobody. ``reason`` says why, for the reader."""
        if not reason:
            raise ValueError("say why the wall is passed")
        return cls.objects.all()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("events are never deleted")


class Attachment(OfVillage):
    """A photo, scan or document, cleaned on its way in. Kept under a random name; ``name`` is only shown."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    form_token = models.CharField(max_length=200, blank=True)  # while the form it was put into is not yet accepted
    file = models.FileField(upload_to="attachments")
    name = models.CharField(max_length=120)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    internal = models.BooleanField(default=False)  # not for the complainant's eyes
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["form_token"], name="attachment_staged", condition=Q(complaint__isnull=True))]

    @property
    def is_picture(self) -> bool:
        return self.mime.startswith("image/")


class Tally(OfVillage):
    """How many complaints received in a month stand where: kept in the same transaction as each change."""

    month = models.DateField()
    category_id = models.BigIntegerField(default=0)  # 0: not yet classified
    channel = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=20)
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["village", "month", "category_id", "channel", "kind", "state"], name="tally_once")
        ]


class Measure(OfVillage):
    """How many complaints of a month have one thing in common (``rollup.measures``): kept in the same transaction as each change."""

    month = models.DateField()
    what = models.CharField(max_length=8)
    key = models.BigIntegerField()
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "month", "what", "key"], name="measure_once")]
