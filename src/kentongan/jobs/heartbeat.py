"""Signs of life: of a worker (for /healthz) and of the job it is doing (its lease)."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import Error, connections
from django.db.models import Max
from django.db.models.functions import Now

from kentongan.jobs import engine
from kentongan.jobs.models import Heartbeat, Job

log = logging.getLogger(__name__)

BEAT = 10.0  # s, a third of the lease
SILENCE = timedelta(seconds=60)  # after which a worker counts as gone
LONGEST_JOB = 15 * 60.0  # s; a job that hangs loses its lease, and /healthz says so
FORGET = timedelta(days=1)


def beat(worker: str) -> None:
    if not Heartbeat.objects.filter(pk=worker).update(at=Now()):
        Heartbeat.objects.create(pk=worker)
        Heartbeat.objects.filter(at__lt=Now() - FORGET).delete()


def last() -> datetime | None:
    moment: datetime | None = Heartbeat.objects.aggregate(last=Max("at"))["last"]
    return moment


def any_alive() -> bool:
    return Heartbeat.objects.filter(at__gte=Now() - SILENCE).exists()


class Pulse:
    """A thread of the worker that keeps the lease while the main thread is busy with a job."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._stop = threading.Event()
        self._now: tuple[Job, float] | None = None
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=2)

    @contextmanager
    def doing(self, job: Job) -> Iterator[None]:
        self._now = job, time.monotonic()
        try:
            yield
        finally:
            self._now = None

    def _run(self) -> None:
        try:
            while not self._stop.wait(BEAT):
                now = self._now
                if now is not None and time.monotonic() - now[1] < LONGEST_JOB:
                    self._keep(now[0])
        finally:
            connections.close_all()

    def _keep(self, job: Job) -> None:
        try:
            engine.extend(job)
            beat(self._worker)
        except Error as error:  # the next beat tries again; three missed ones lose the lease, which the fence makes safe
            log.warning("No heartbeat for job %s (%s)", job.pk, type(error).__name__)
            connections.close_all()
