"""Periodic duties: a literal table (``worker.DUTIES``), each instant put into the queue once, however many workers run."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from kentongan.jobs import engine
from kentongan.jobs.models import CRON_PREFIX, OPEN, DutyMark, Job

log = logging.getLogger(__name__)


class Schedule(Protocol):
    def latest(self, now: datetime) -> datetime:
        """The last instant not after ``now`` (aware, local time of the installation)."""


@dataclass(frozen=True)
class Every:
    """Each so many minutes, counted from the epoch: the same instants on every machine."""

    minutes: int

    def latest(self, now: datetime) -> datetime:
        step = self.minutes * 60
        return datetime.fromtimestamp(int(now.timestamp()) // step * step, tz=timezone.get_current_timezone())


@dataclass(frozen=True)
class Daily:
    """Each day at that local time."""

    hour: int
    minute: int = 0

    def latest(self, now: datetime) -> datetime:
        local = timezone.localtime(now)
        today = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return today if today <= local else today - timedelta(days=1)


@dataclass(frozen=True)
class Monthly:
    """Each month on that day (1 to 28) at that local time."""

    day: int
    hour: int
    minute: int = 0

    def latest(self, now: datetime) -> datetime:
        local = timezone.localtime(now)
        this = local.replace(day=self.day, hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return this if this <= local else (this.replace(day=1) - timedelta(days=1)).replace(day=self.day)


@dataclass(frozen=True)
class Duty:
    name: str
    task: str  # dotted path of a task without arguments
    schedule: Schedule


class Ticker:
    """One worker's view of the table: asks the database only when an instant has passed."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._duties = duties
        self._seen: dict[str, datetime] = {}

    def tick(self, now: datetime | None = None) -> int:
        """Put every duty whose instant has come into the queue: their number."""
        moment = now or timezone.now()
        return sum(self._try(duty, duty.schedule.latest(moment)) for duty in self._duties)

    def _try(self, duty: Duty, instant: datetime) -> bool:
        if self._seen.get(duty.name) == instant:
            return False
        fired, settled = fire(duty, instant)
        if settled:
            self._seen[duty.name] = instant
        return fired


def fire(duty: Duty, instant: datetime) -> tuple[bool, bool]:
    """(put into the queue now, nothing left to do for this instant).

    A duty never seen before only starts to count. Instants missed during a stop come once, as the latest of them; while
    an earlier job of the duty is unfinished the instant waits, so that a duty that fails does not pile up.
    """
    mark, created = DutyMark.objects.get_or_create(name=duty.name, defaults={"instant": instant})
    if created or mark.instant >= instant:
        return False, True
    prefix = f"{CRON_PREFIX}{duty.name}:"
    if Job.objects.filter(state__in=OPEN, unique_key__startswith=prefix).exists():
        return False, False
    with transaction.atomic():
        if not DutyMark.objects.filter(name=duty.name, instant__lt=instant).update(instant=instant):
            return False, True
        engine.put(duty.task, unique_key=f"{prefix}{instant.timestamp():.0f}")
    return True, True
