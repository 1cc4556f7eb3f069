"""Django's SQLite with one door to write: threads of a process queue for their turn instead of trying again and again.

SQLite lets one transaction write at a time, and whoever comes second sleeps ever longer between attempts: with several
threads that is where answers of half a second come from. A lock of our own wakes the next writer at once. Other processes
(the worker) are still kept out by SQLite itself.
"""

from __future__ import annotations

import threading

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_turns: dict[str, threading.Lock] = {}  # one a database file


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's; every transaction that may write waits for its turn first, at most the connection's ``timeout``."""

    _turn: threading.Lock | None = None

    def _start_transaction_under_autocommit(self) -> None:
        turn = _turns.setdefault(str(self.settings_dict["NAME"]), threading.Lock())
        if not turn.acquire(timeout=float(self.settings_dict["OPTIONS"].get("timeout", 5))):
            raise OperationalError("database is locked: another thread holds its transaction too long")
        self._turn = turn
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._pass_on()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._pass_on()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._pass_on()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        turn, self._turn = self._turn, None
        if turn:
            turn.release()
