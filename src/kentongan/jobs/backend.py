"""The django-tasks backend: ``task.enqueue()`` writes one row, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

if TYPE_CHECKING:
    from kentongan.jobs.models import Job

T = TypeVar("T")
P = ParamSpec("P")

MAX_ATTEMPTS = 10  # about three quarters of an hour with the engine's pauses


@dataclass(frozen=True, kw_only=True)
class DurableTask(Task[P, T]):
    """A task with the two things django-tasks does not know: how it meets transactions, and how often it is tried."""

    atomic: bool = True
    """The body and "done" are one transaction: exactly once. False for what talks to the network: at least once."""

    max_attempts: int = MAX_ATTEMPTS
    """After so many attempts the job is a dead letter."""

    unique_key: str = ""
    """While a job with this key is not finished, enqueueing again makes no second one."""

    def using(
        self,
        *,
        priority: int | None = None,
        queue_name: str | None = None,
        run_after: datetime | None = None,
        backend: str | None = None,
        unique_key: str | None = None,
    ) -> Self:
        """A copy with other values, for one call: ``send.using(run_after=tomorrow, unique_key="…").enqueue(7)``."""
        changes: dict[str, Any] = {
            "priority": priority,
            "queue_name": queue_name,
            "run_after": run_after,
            "backend": backend,
            "unique_key": unique_key,
        }
        return replace(self, **{name: value for name, value in changes.items() if value is not None})


def task(
    *, atomic: bool = True, max_attempts: int = MAX_ATTEMPTS, priority: int = 0
) -> Callable[[Callable[P, T]], DurableTask[P, T]]:
    """Make a module-level function a task. Arguments of a call must be JSON: give keys, not rows and not names."""

    def wrap(function: Callable[P, T]) -> DurableTask[P, T]:
        return DurableTask(func=function, atomic=atomic, max_attempts=max_attempts, priority=priority)

    return wrap


class DatabaseBackend(BaseTaskBackend):
    """Jobs in our own database. Results hold the state; what a task returns is not kept."""

    task_class = DurableTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[..., T], args: Any, kwargs: Any) -> TaskResult[T]:
        """Write the job. Raises TypeError or ValueError, at once and to the caller, for arguments that are not JSON."""
        from kentongan.jobs import engine

        self.validate_task(task)
        job = engine.put(
            task.module_path,
            args,
            kwargs,
            priority=task.priority,
            run_after=task.run_after,
            max_attempts=getattr(task, "max_attempts", MAX_ATTEMPTS),
            unique_key=getattr(task, "unique_key", ""),
        )
        return result_of(job, task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Raises TaskResultDoesNotExist for an unknown number, and what ``engine.load`` raises for a task now gone."""
        from kentongan.jobs import engine
        from kentongan.jobs.models import Job

        job = Job.objects.filter(pk=int(result_id)).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(job, engine.load(job.task))


def result_of(job: Job, task: Task[..., T]) -> TaskResult[T]:
    """The job in the words of django-tasks."""
    from kentongan.jobs.models import State

    status = {
        State.READY: TaskResultStatus.READY,
        State.RUNNING: TaskResultStatus.RUNNING,
        State.DONE: TaskResultStatus.SUCCESSFUL,
        State.DEAD: TaskResultStatus.FAILED,
    }[State(job.state)]
    args, kwargs = job.call_arguments()
    return TaskResult(
        task=task,
        id=str(job.pk),
        status=status,
        enqueued_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.started_at,
        args=args,
        kwargs=kwargs,
        backend=task.backend,
        errors=[TaskError(exception_class_path=job.last_error.split(" ")[0], traceback="")] if job.last_error else [],
        worker_ids=[job.worker] * job.attempts,
    )
