"""The time actions write down: now, or the moment a book of the past is being entered for (import, demo)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    return _moment.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything done inside is written down as having happened at ``moment`` (aware)."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
