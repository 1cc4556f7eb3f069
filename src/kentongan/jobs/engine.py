"""What happens to a job: put → claim → execute → done, or back to waiting, or a dead letter.

Every write after a claim is guarded by the job's fence: whoever lost the job cannot change it any more.
"""

from __future__ import annotations

import json
import logging
import random
import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import Error, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from django_tasks.base import TaskContext
from django_tasks.utils import normalize_json

from kentongan.jobs.backend import MAX_ATTEMPTS, DurableTask, result_of
from kentongan.jobs.errors import JobError, LeaseLostError, NotATaskError
from kentongan.jobs.models import CRON_PREFIX, OPEN, Job, State
from kentongan.jobs.wakeup import wake

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # a worker not heard of for so long has lost its job
FIRST_PAUSE = timedelta(seconds=5)  # before the second attempt; doubles each time
LONGEST_PAUSE = timedelta(hours=1)
KEEP_DONE = timedelta(days=7)
PACKAGE = Path(__file__).resolve().parent.parent


def put(
    path: str,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    *,
    priority: int = 0,
    run_after: datetime | None = None,
    max_attempts: int = MAX_ATTEMPTS,
    unique_key: str = "",
) -> Job:
    """Write a job in the caller's transaction; with a ``unique_key`` in use, the unfinished job of that key instead.

    Raises TypeError or ValueError for arguments that are not JSON.
    """
    arguments = json.dumps({"args": normalize_json(list(args)), "kwargs": normalize_json(kwargs or {})}, allow_nan=False)
    values: dict[str, Any] = {"task": path, "arguments": arguments, "priority": priority, "max_attempts": max_attempts}
    if run_after is not None:
        values["run_after"] = run_after
    job = _put_once(unique_key, values) if unique_key else Job.objects.create(**values)
    wake()  # last: without a transaction around it the call goes out at once
    return job


def _put_once(unique_key: str, values: dict[str, Any]) -> Job:
    while True:
        job, created = Job.objects.get_or_create(unique_key=unique_key, defaults=values)
        if created or unique_key.startswith(CRON_PREFIX):
            return job
        # The write also locks the row: no worker takes a waiting job before the caller's own rows are committed, and one
        # that is running is done once more, because it may have read before them.
        mine = Job.objects.filter(pk=job.pk, unique_key=unique_key)
        if mine.filter(state=State.RUNNING).update(again=True) or mine.filter(state=State.READY).update(again=False):
            return job


def claim(worker: str) -> Job | None:
    """Take the next job that is due, or None. Two workers never get the same one."""
    if not connection.features.has_select_for_update_skip_locked and not _due().exists():
        return None  # where writers exclude each other, a look costs no lock
    with transaction.atomic():
        job = _due().select_for_update(skip_locked=True).first()
        if job is None:
            return None
        taken = Job.objects.filter(pk=job.pk, state=State.READY, fence=job.fence).update(
            state=State.RUNNING,
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            again=False,
            worker=worker,
            started_at=Now(),
            lease_until=Now() + LEASE,
        )
    job.state, job.worker, job.fence, job.attempts = State.RUNNING, worker, job.fence + 1, job.attempts + 1
    return job if taken else None


def _due() -> QuerySet[Job]:
    return Job.objects.filter(state=State.READY, run_after__lte=Now()).order_by("-priority", "run_after", "pk")


def next_due() -> datetime | None:
    """When there is something to do again: the earliest waiting job's time, or the end of the earliest lease."""
    waiting = Job.objects.filter(state=State.READY).order_by("run_after").values_list("run_after", flat=True)
    leased = Job.objects.filter(state=State.RUNNING).order_by("lease_until").values_list("lease_until", flat=True)
    return min((moment for moment in (waiting.first(), leased.first()) if moment), default=None)


def load(path: str) -> DurableTask[..., Any]:
    """The task of that dotted path. Raises ImportError when it is gone, NotATaskError when something else is there."""
    found = import_string(path)
    if not isinstance(found, DurableTask):
        raise NotATaskError(path)
    return found


def execute(job: Job) -> bool:
    """Do a claimed job: True when it is done and committed. What a task raises never leaves here; an interrupt does."""
    try:
        task = load(job.task)
        if task.atomic:
            with transaction.atomic(durable=True):
                _call(task, job)
                _done(job)
        else:
            _call(task, job)
            _done(job)
    except LeaseLostError:
        log.warning("Job %s %s was taken by another worker meanwhile", job.pk, job.task)
        return False
    except (Exception, SystemExit) as error:  # noqa: BLE001 - one bad job must not stop the others
        _failed(job, error)
        return False
    except BaseException:
        _give_back(job)
        raise
    return True


def _call(task: DurableTask[..., Any], job: Job) -> None:
    args, kwargs = job.call_arguments()
    if task.takes_context:
        args = [TaskContext(task_result=result_of(job, task)), *args]
    task.call(*args, **kwargs)


def _held(job: Job) -> QuerySet[Job]:
    """The job, as long as nobody has claimed it since."""
    return Job.objects.filter(pk=job.pk, fence=job.fence, state__in=OPEN)


def _done(job: Job) -> None:
    once = (
        _held(job)
        .filter(again=False)
        .update(state=State.DONE, finished_at=Now(), lease_until=None, last_error="", unique_key=_kept_key(job))
    )
    if once:
        return
    again = _held(job).filter(again=True)
    if not again.update(state=State.READY, again=False, attempts=0, run_after=Now(), lease_until=None, last_error=""):
        raise LeaseLostError


def _kept_key(job: Job) -> str:
    """An instant of the clock happens once for ever; any other key is free again when its job is finished."""
    return job.unique_key if job.unique_key.startswith(CRON_PREFIX) else ""


def _failed(job: Job, error: BaseException) -> None:
    expected = isinstance(
        error, JobError | Error
    )  # a JobError says itself what is wrong; a database quotes what was to be written
    why = f": {describe(error)}" if expected else ""
    log.error(
        "Job %s %s failed, attempt %s of %s%s",
        job.pk,
        job.task,
        job.attempts,
        job.max_attempts,
        why,
        exc_info=None if expected else error,
    )
    permanent = isinstance(error, JobError) and error.permanent
    if not _put_back(_held(job), job, describe(error), pause(job.attempts), give_up=permanent):
        log.warning("Job %s %s had been finished or taken before it failed", job.pk, job.task)


def _put_back(held: QuerySet[Job], job: Job, why: str, after: timedelta, *, give_up: bool = False) -> bool:
    if give_up or job.attempts >= job.max_attempts:
        log.error("Job %s %s is a dead letter now: %s", job.pk, job.task, why)
        return bool(held.update(state=State.DEAD, finished_at=Now(), lease_until=None, last_error=why, unique_key=_kept_key(job)))
    due = Now() + after if after else Now()
    return bool(held.update(state=State.READY, run_after=due, lease_until=None, last_error=why))


def _give_back(job: Job) -> None:
    """The worker must leave now: the job waits again and this attempt does not count."""
    try:
        _held(job).update(state=State.READY, run_after=Now(), lease_until=None, attempts=F("attempts") - 1)
    except Error as error:
        log.warning("Job %s could not be given back (%s); its lease will run out", job.pk, type(error).__name__)


def describe(error: BaseException) -> str:
    """Class and place of an error, 300 characters at most. The message of a stranger may name people: it is left out."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, JobError):
        return f"{name} {error}"[:300]
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE) and frame.filename != __file__]
    places = [f" at {Path(frame.filename).name}:{frame.lineno}" for frame in (ours or frames)[-1:]]
    return "".join([name, *places])[:300]


def pause(attempts: int) -> timedelta:
    """The wait after so many attempts: doubling, at most an hour, spread by a quarter so that jobs do not march in step."""
    whole = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return timedelta(seconds=whole.total_seconds() * random.uniform(0.75, 1.25))  # noqa: S311 - not a secret


def extend(job: Job) -> bool:
    """Keep the lease of a job being done; False when it is no longer held."""
    return bool(_held(job).filter(state=State.RUNNING).update(lease_until=Now() + LEASE))


def reap() -> int:
    """Return the jobs whose worker has not been heard of: their number."""
    expired = Job.objects.filter(state=State.RUNNING, lease_until__lt=Now())
    returned = 0
    for job in expired.order_by("lease_until")[:200]:
        log.warning("Job %s %s: worker %s is gone", job.pk, job.task, job.worker)
        held = _held(job).filter(state=State.RUNNING, lease_until__lt=Now())
        returned += _put_back(held, job, "The worker stopped in the middle", timedelta())
    return returned


def retry(job: Job) -> bool:
    """Let a dead letter try again from the start; False when it is not one (any more)."""
    revived = Job.objects.filter(pk=job.pk, state=State.DEAD).update(
        state=State.READY, attempts=0, run_after=Now(), finished_at=None
    )
    wake()
    return bool(revived)


def delete_finished() -> int:
    """Delete what was done more than seven days ago: the number of rows. Dead letters stay."""
    deleted = 0
    while True:
        old = Job.objects.filter(state=State.DONE, finished_at__lt=Now() - KEEP_DONE)
        gone, _ = Job.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:1000])).delete()
        if not gone:
            return deleted
        deleted += gone
