"""The queue's rows. All times come from the database's clock, so workers whose clocks differ still agree on leases."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

CRON_PREFIX = "cron:"


class State(models.TextChoices):
    READY = "READY"  # waits for its time and a worker
    RUNNING = "RUNNING"  # a worker holds its lease
    DONE = "DONE"
    DEAD = "DEAD"  # a dead letter: tried often enough, waits for a person


OPEN = (State.READY, State.RUNNING)


class Job(models.Model):
    """One call of one task. ``engine`` alone changes it."""

    task = models.CharField(max_length=200)  # dotted path
    # Text and not a JSON column: a row nobody can decode must fail as its own job, not break the claim for all.
    arguments = models.TextField()  # {"args": [...], "kwargs": {...}}
    state = models.CharField(max_length=7, choices=State.choices, default=State.READY)
    priority = models.SmallIntegerField(default=0)  # -100 … 100, higher first
    run_after = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField()
    unique_key = models.CharField(max_length=200, blank=True, default="")
    again = models.BooleanField(default=False)  # asked for once more while it was running
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveBigIntegerField(default=0)  # raised at each claim: an older claim can no longer write
    worker = models.CharField(max_length=100, blank=True, default="")
    last_error = models.CharField(max_length=300, blank=True, default="")  # class and place, never personal data
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state"),
            models.UniqueConstraint(fields=["unique_key"], condition=~Q(unique_key=""), name="job_unique_key"),
        ]
        indexes = [
            models.Index(models.F("priority").desc(), "run_after", "id", name="job_ready", condition=Q(state=State.READY)),
            models.Index(fields=["lease_until"], name="job_running", condition=Q(state=State.RUNNING)),
            models.Index(fields=["finished_at"], name="job_done", condition=Q(state=State.DONE)),
            models.Index(fields=["finished_at"], name="job_dead", condition=Q(state=State.DEAD)),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.task} {self.state}"

    @classmethod
    def dead(cls) -> models.QuerySet[Job]:
        """The dead letters, newest first."""
        return cls.objects.filter(state=State.DEAD).order_by("-finished_at", "-pk")

    def call_arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """Positional and keyword arguments of the call. Raises ValueError or KeyError for a row that is not ours."""
        decoded = json.loads(self.arguments)
        return decoded["args"], decoded["kwargs"]


class Heartbeat(models.Model):
    """One row per worker that runs now, or did not stop cleanly."""

    worker = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.worker} {self.at}"


class DutyMark(models.Model):
    """The last instant of a periodic duty that was put into the queue."""

    name = models.CharField(max_length=100, primary_key=True)
    instant = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.instant}"
