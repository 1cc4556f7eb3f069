"""The durable job engine: what must happen, but not inside a request, is a row that survives a crash (docs/jobs.md)."""

from kentongan.jobs.backend import DurableTask, task
from kentongan.jobs.errors import JobError
from kentongan.jobs.wakeup import wake, wake_soon

__all__ = ["DurableTask", "JobError", "task", "wake", "wake_soon"]
