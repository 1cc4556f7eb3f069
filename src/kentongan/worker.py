"""The one loop that does what need not happen in a request.

Each turn: pass new events on, put duties whose time has come into the queue, do one job. Then sleep until there is work.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType

from django.db import Error, connections
from django.utils import timezone

from kentongan.jobs import engine, heartbeat, wakeup
from kentongan.jobs.cron import Daily, Duty, Every, Ticker
from kentongan.jobs.models import Heartbeat

log = logging.getLogger(__name__)

DUTIES: tuple[Duty, ...] = (
    Duty("close after silence", "kentongan.complaints.duties.close_after_silence", Daily(0, 10)),
    Duty("look after mailboxes", "kentongan.channels.email.tasks.look_after_mailboxes", Every(2)),
    Duty("renew tokens", "kentongan.channels.meta.tasks.renew_tokens", Daily(3, 20)),
    Duty("morning digest", "kentongan.channels.email.officials.morning_digest", Daily(6, 15)),
    Duty("remind", "kentongan.complaints.duties.remind", Every(30)),
    Duty("reports due", "kentongan.reports.report.duties.reports_due", Daily(6, 8)),
    Duty("ask about plans", "kentongan.complaints.duties.ask_about_plans", Daily(6, 5)),
    Duty("drop staged files", "kentongan.channels.duties.drop_staged_files", Daily(2, 5)),
    Duty("delete made books", "kentongan.reports.long_book.delete_old", Daily(2, 25)),
    Duty("delete finished jobs", "kentongan.jobs.tasks.delete_finished", Daily(2, 15)),
)

LONGEST_SLEEP = 20.0  # s; also how late a clock duty or a lost wake-up may be
SHORTEST_SLEEP = 0.2  # s; so that clocks that differ do not make a busy loop
BEAT_IDLE = 20.0  # s
REAP_EVERY = 1.0  # s
GRACE = 8.0  # s a job may still take after SIGTERM
GATHER = 0.2  # s after events were passed on: a burst is told of in batches, and the database is free for those who write
LONGEST_REST = 30.0  # s between attempts to reach a database that is down


class Interrupted(BaseException):
    """The grace after SIGTERM is over: not an Exception, so that no task can catch it by accident."""


def run(stop: threading.Event | None = None, once: bool = False) -> None:
    """Work until ``stop`` is set or SIGTERM/SIGINT comes (in the main thread); with ``once``, until nothing is due.

    After a signal the current job is finished; one that takes longer than the grace is rolled back and waits again.
    """
    leave = stop or threading.Event()
    with _signals(leave):
        try:
            _Loop(leave, once).run()
        except Interrupted:
            log.warning("Worker left in the middle of a job; the job waits again")


def alive() -> datetime | None:
    """The last sign of life of any worker that has not stopped cleanly."""
    return heartbeat.last()


def is_alive() -> bool:
    """Whether a worker was heard of within the last 60 seconds."""
    return heartbeat.any_alive()


def _dispatch() -> int:
    from kentongan.channels.notify import dispatch_pending

    return dispatch_pending()


class _Loop:
    def __init__(self, stop: threading.Event, once: bool) -> None:
        self._stop = stop
        self._once = once
        self._name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._pulse = heartbeat.Pulse(self._name)
        self._ticker = Ticker(DUTIES)
        self._last_beat = self._last_reap = float("-inf")

    def run(self) -> None:
        if self._once:
            with self._pulse:
                self._drain()
            return
        from kentongan.channels.email.watch import Watch

        log.info("Worker %s starts", self._name)
        watch = Watch(self._stop)
        watch.start()
        with self._pulse:
            try:
                self._forever()
            finally:
                self._sign_off()
                watch.join()

    def _sign_off(self) -> None:
        try:
            Heartbeat.objects.filter(pk=self._name).delete()
        except Error as error:
            log.warning("Worker %s could not sign off (%s)", self._name, type(error).__name__)
        log.info("Worker %s has stopped", self._name)

    def _drain(self) -> None:
        while not self._stop.is_set() and self._turn():
            continue

    def _forever(self) -> None:
        waiter: wakeup.Waiter | None = None
        failures = 0
        while not self._stop.is_set():
            try:
                waiter = waiter or wakeup.waiter()
                self._beat()
                if not self._turn():
                    self._sleep(waiter)
                failures = 0
            except Exception:
                failures += 1
                log.exception("A turn of the worker failed; trying again")
                connections.close_all()
                self._stop.wait(min(2.0**failures, LONGEST_REST))
        if waiter is not None:
            waiter.close()

    def _turn(self) -> bool:
        """One round; True when something was done, so that there may be more."""
        busy = self._pass_events_on() > 0
        if busy and not self._once:
            self._stop.wait(GATHER)
        self._ticker.tick()
        self._reap()
        job = engine.claim(self._name)
        if job is None:
            return busy
        with self._pulse.doing(job):
            engine.execute(job)
        return True

    def _pass_events_on(self) -> int:
        try:
            return _dispatch()
        except Error:
            raise
        except Exception:
            if self._once:
                raise
            log.exception("Events could not be passed on; jobs go on, events are tried again next turn")
            return 0

    def _reap(self) -> None:
        if time.monotonic() - self._last_reap >= REAP_EVERY:
            engine.reap()
            self._last_reap = time.monotonic()

    def _beat(self) -> None:
        if time.monotonic() - self._last_beat >= BEAT_IDLE:
            heartbeat.beat(self._name)
            self._last_beat = time.monotonic()

    def _sleep(self, waiter: wakeup.Waiter) -> None:
        due = engine.next_due()
        left = LONGEST_SLEEP if due is None else (due - timezone.now()).total_seconds()
        waiter.wait(min(max(left, SHORTEST_SLEEP), LONGEST_SLEEP), self._stop)


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(_number: int, _frame: FrameType | None) -> None:
        if not stop.is_set():
            stop.set()
            signal.setitimer(signal.ITIMER_REAL, GRACE)

    def hurry(_number: int, _frame: FrameType | None) -> None:
        raise Interrupted

    wanted = {signal.SIGTERM: leave, signal.SIGINT: leave, signal.SIGALRM: hurry}
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
