"""How a sleeping worker learns that there is work: NOTIFY on PostgreSQL, SQLite's own change counter elsewhere."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections, transaction

log = logging.getLogger(__name__)

CHANNEL = "kentongan_jobs"
SLICE = 0.5  # s; how soon a waiting listener sees that it must stop
SHORTEST_POLL = 0.1  # s
LONGEST_POLL = 1.75  # s; keeps an idle worker under one query a second


def wake() -> None:
    """Tell the workers that there is something to do, as soon as the current transaction has committed.

    Called after the commit and not inside it: a NOTIFY in the transaction makes all commits of the database queue
    behind each other. A lost call costs time only; workers look by themselves too.
    """
    if connection.vendor == "postgresql":
        transaction.on_commit(_notify, robust=True)


_told = {"at": 0.0}  # when this process last called for an event


def wake_soon() -> None:
    """As ``wake``, at most once a second from one process: a call costs a round trip, and a burst of events needs one.

    What falls into that second is found at the worker's next look, after ``worker.LONGEST_SLEEP`` at the latest.
    """
    now = time.monotonic()
    if now - _told["at"] >= 1.0:
        _told["at"] = now
        wake()


def _notify() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


class Waiter(Protocol):
    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Sleep at most ``seconds``; True as soon as there may be work, False at the end or when ``stop`` is set."""

    def close(self) -> None: ...


def waiter() -> Waiter:
    return Listener() if connection.vendor == "postgresql" else Poller()


class Listener:
    """LISTEN on a connection of its own. Made before the first look for work, so nothing slips in between."""

    def __init__(self) -> None:
        self._wrapper: Any = None
        self._open()

    def _open(self) -> None:
        wrapper = connections.create_connection(DEFAULT_DB_ALIAS)
        with wrapper.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        self._wrapper = wrapper

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        end = time.monotonic() + seconds
        try:
            if self._wrapper is None:
                self._open()
                return True
            return self._listen(end, stop)
        except (Error, self._driver_error()) as error:
            log.warning("The connection for wake-ups was lost (%s); a new one is made", type(error).__name__)
            self.close()
            stop.wait(SLICE)
            return False

    def _listen(self, end: float, stop: threading.Event) -> bool:
        while not stop.is_set() and (left := end - time.monotonic()) > 0:
            notifies = self._wrapper.connection.notifies
            if list(notifies(timeout=min(left, SLICE), stop_after=1)):
                list(notifies(timeout=0))  # the rest of a burst says the same
                return True
        return False

    @staticmethod
    def _driver_error() -> type[Exception]:
        import psycopg

        return psycopg.Error

    def close(self) -> None:
        if self._wrapper is not None:
            self._wrapper.close()
            self._wrapper = None


class Poller:
    """Asks SQLite whether another connection has committed since: no table is read, no lock taken."""

    def __init__(self) -> None:
        self._version = self._read()
        self._pause = SHORTEST_POLL

    def _read(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version: int = cursor.fetchone()[0]
        return version

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not stop.wait(min(self._pause, left)):
            version, before = self._read(), self._version
            self._version = version
            if version != before:
                self._pause = SHORTEST_POLL
                return True
            self._pause = min(self._pause * 1.5, LONGEST_POLL)
        return False

    def close(self) -> None:
        """The connection is the worker's own; nothing to give back."""
