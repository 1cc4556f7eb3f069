"""Tasks the tests of the engine run. Their effect is a row of the queue's own smallest table."""

import time
from pathlib import Path
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskContext
from django_tasks import task as plain_task

from kentongan.jobs import JobError, task
from kentongan.jobs.models import DutyMark

SECRET = "Bu Sukinah, 0812-0000-0000"


def effects(tag: str = "") -> int:
    return DutyMark.objects.filter(name__startswith=f"effect {tag}").count()


def leave_effect(tag: str) -> None:
    DutyMark.objects.create(name=f"effect {tag} {uuid4()}", instant=timezone.now())


@task()
def effect(tag: str = "a") -> None:
    leave_effect(tag)


@task(max_attempts=2)
def raises(tag: str = "a") -> None:
    leave_effect(tag)
    raise ValueError(SECRET)


@task()
def gives_up() -> None:
    raise JobError("the number is not in use", permanent=True)


@task()
def leaves_the_process() -> None:
    leave_effect("a")
    raise SystemExit(3)


@task()
def interrupted() -> None:
    leave_effect("a")
    raise KeyboardInterrupt


@task(atomic=False)
def sends_then_fails() -> None:
    leave_effect("sent")
    raise ConnectionError


@task(atomic=False)
def sends() -> None:
    leave_effect("sent")


def _fail_after_commit() -> None:
    raise RuntimeError("too late to matter")


@task()
def fails_after_commit() -> None:
    leave_effect("a")
    transaction.on_commit(_fail_after_commit)


@plain_task(takes_context=True)
def knows_its_attempt(context: TaskContext) -> None:
    leave_effect(f"attempt {context.attempt}")


@task()
def slow_the_first_time(marker: str, seconds: float) -> None:
    """Tells by a file that it is in the middle, and stays there; quick when the file is there already."""
    leave_effect("slow")
    first = not Path(marker).exists()
    Path(marker).touch()
    if first:
        time.sleep(seconds)


not_a_task = 7
