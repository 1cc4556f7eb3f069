"""Mailboxes whose server tells of new letters by itself (IDLE, RFC 2177): beside the worker, a thread each that only calls for the fetching job."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.db import Error, connections
from imap_tools import BaseMailBox

from kentongan.channels.email import connect, tasks
from kentongan.channels.email.troubles import CannotConnect
from kentongan.channels.models import Mailbox

log = logging.getLogger(__name__)

MOST = 50  # mailboxes watched; the others are looked after by the clock
WITHOUT_IDLE = 3600.0  # s until a server that cannot tell by itself is asked whether it can now
LOOK_EVERY = 10.0  # s between looks for mailboxes that came, went or were set anew
PAUSE, LONGEST_PAUSE = 60.0, 900.0  # s before a mailbox that failed is tried again; a provider locks out who knocks too often
HEARTBEAT = 60.0  # s of one IDLE, and until changed settings are noticed; servers hang up after half an hour of silence
SLICE = 2.0  # s; how soon a watcher sees that it must stop


class Watch:
    """``start`` and ``join`` beside the worker's loop, which sets ``stop``."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._keeper = threading.Thread(target=self._keep, name="mailboxes", daemon=True)
        self._watchers: dict[int, threading.Thread] = {}
        self._failed: dict[int, tuple[float, float]] = {}  # mailbox → (not before, last pause)

    def start(self) -> None:
        self._keeper.start()

    def join(self) -> None:
        for thread in (self._keeper, *self._watchers.values()):
            thread.join(SLICE * 2)

    def _keep(self) -> None:
        """See that every mailbox in use has its watcher."""
        while not self._stop.is_set():
            for pk in self._mailboxes():
                watched = pk in self._watchers and self._watchers[pk].is_alive()
                if not watched and time.monotonic() >= self._failed.get(pk, (0.0, 0.0))[0]:
                    self._watchers[pk] = threading.Thread(target=self._one, args=(pk,), daemon=True)
                    self._watchers[pk].start()
            self._stop.wait(LOOK_EVERY)

    def _mailboxes(self) -> list[int]:
        try:
            return list(Mailbox.objects.filter(active=True).exclude(imap_host="").values_list("pk", flat=True)[:MOST])
        except Error as error:
            log.warning("The mailboxes could not be read (%s); tried again", type(error).__name__)
            return []
        finally:
            connections.close_all()

    def _one(self, pk: int) -> None:
        """Watch one mailbox until it fails, changes or goes; the keeper starts anew."""
        try:
            self._idle(pk)
        except CannotConnect as error:
            pause = min(2 * self._failed.get(pk, (0.0, PAUSE / 2))[1], LONGEST_PAUSE)
            self._failed[pk] = (time.monotonic() + pause, pause)
            log.info("Mailbox %s cannot be watched (%s); tried again in %d s", pk, error.key, pause)
        except Exception as error:  # noqa: BLE001 - one mailbox must not end the watch over the others
            self._failed[pk] = (time.monotonic() + PAUSE, PAUSE)
            log.warning("Mailbox %s: the watch failed (%s)", pk, type(error).__name__)
        finally:
            connections.close_all()

    def _idle(self, pk: int) -> None:
        mailbox = Mailbox.objects.filter(pk=pk, active=True).first()
        connections.close_all()
        if mailbox is None:
            return
        with connect.imap(mailbox) as box:
            connect.select(box, mailbox)
            self._failed.pop(pk, None)
            if "IDLE" not in box.client.capabilities:
                self._failed[pk] = (time.monotonic() + WITHOUT_IDLE, PAUSE)  # the clock looks after it
                return
            self._call(pk)
            while not self._stop.is_set() and _same(mailbox):
                connections.close_all()
                if self._told(box):
                    self._call(pk)

    def _told(self, box: BaseMailBox) -> bool:
        """Whether the server tells of something new within one heartbeat."""
        until = time.monotonic() + HEARTBEAT
        idle: Any = box.idle
        idle.start()
        told = False
        while not told and not self._stop.is_set() and time.monotonic() < until:
            told = any(b"EXISTS" in line for line in idle.poll(timeout=SLICE))
        idle.stop()
        return told

    def _call(self, pk: int) -> None:
        tasks.ask_for(pk)
        connections.close_all()


def _same(mailbox: Mailbox) -> bool:
    """Whether the mailbox is still in use, with the settings the watcher came with."""
    fields = ("imap_host", "imap_port", "imap_security", "imap_folder", "user", "address", "auth", "secret")
    wanted = {name: getattr(mailbox, name) for name in fields}
    return Mailbox.objects.filter(pk=mailbox.pk, active=True, **wanted).exists()
