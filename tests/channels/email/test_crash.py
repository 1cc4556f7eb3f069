"""Killed between every pair of steps: afterwards each letter was taken in exactly once, and each of ours went out at most once."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from kentongan.channels.email import tasks
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage, RawLetter
from kentongan.complaints import ledger
from kentongan.complaints.models import Complaint
from tests import letters
from tests.cast import Cast
from tests.channels.email.cut import Cutting
from tests.mailserver import PASSWORD, USER, Dovecot, Smtp

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
NEVER = 100_000


class Worker:
    def __init__(self, mailbox: Mailbox) -> None:
        command = [sys.executable, "-m", "tests.channels.email.crash", str(connection.settings_dict["NAME"]), str(mailbox.pk)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._said() == "ready"

    def _said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def dies_at(self, step: int) -> bool:
        """Whether it came so far as to be killed there; else it did all there was to do."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{step}\n")
        self.process.stdin.flush()
        said = self._said()
        assert said in {"killed", "done"}
        return said == "killed"


@contextmanager
def working(mailbox: Mailbox) -> Iterator[Worker]:
    worker = Worker(mailbox)
    try:
        yield worker
    finally:
        worker.process.kill()
        worker.process.wait()
        for pipe in (worker.process.stdin, worker.process.stdout):
            if pipe:
                pipe.close()


def test_each_letter_is_taken_in_once_and_answered_at_most_once_wherever_the_worker_dies(cast: Cast) -> None:
    with Dovecot() as imap, Smtp() as smtp:
        box = letters.mailbox(
            cast.village,
            user=USER,
            password=PASSWORD,
            imap_port=imap.port,
            imap_security="NONE",
            smtp_port=smtp.port,
            smtp_security="NONE",
            smtp_login=False,
            since=timezone.now() - timedelta(hours=1),
        )
        with working(box) as worker:
            step, written, rounds = 0, 0, 0
            while True:
                step += 1
                rounds += 1
                imap.deliver(
                    USER,
                    letters.written(f"Lampu nomor {rounds} di gang mati sejak Senin malam.", sender=f"w{rounds}@example.com"),
                )
                written += 1
                if not worker.dies_at(step):
                    break
                if step > 12:
                    step += 2  # every step of the first dozen, then every third: each round also takes up what the last one left
            assert rounds > 15, "it was hardly ever killed"
            assert not worker.dies_at(NEVER)
        taken = Counter(RawLetter.objects.values_list("message__external_id", flat=True))
        assert len(taken) == written
        assert set(IncomingMessage.objects.values_list("state", flat=True)) == {IncomingMessage.State.ACCEPTED}
        assert Complaint.for_system("test").count() == written
        assert list(ledger.faults()) == []
        out = Counter(str(message_from_bytes(raw)["Message-ID"]) for raw in smtp.letters)
        assert max(out.values()) == 1, "a letter went out twice by itself"
        rows = OutgoingMessage.objects.filter(channel="email")
        assert rows.count() == written
        states = OutgoingMessage.State
        assert set(rows.values_list("state", flat=True)) <= {states.SENT, states.UNSURE}
        unsure = set(rows.filter(state=states.UNSURE).values_list("message_id", flat=True))
        assert {letter.message_id for letter in rows if letter.message_id not in out} <= unsure, (
            "one that did not go out must be seen"
        )


@pytest.mark.parametrize("step", range(1, 9))
def test_the_line_to_the_mail_server_is_cut_at_every_step(cast: Cast, step: int) -> None:
    """The server goes away in the middle: nothing is lost, nothing is taken twice, and it is written down what was wrong."""
    with Dovecot() as imap, Cutting(imap.port, after=step) as line:
        for n in range(3):
            imap.deliver(USER, letters.written(f"Lampu nomor {n} di gang mati sejak Senin malam."))
        box = letters.mailbox(
            cast.village,
            user=USER,
            password=PASSWORD,
            imap_port=line.port,
            imap_security="NONE",
            since=timezone.now() - timedelta(hours=1),
        )
        tasks.fetch.call(box.pk)
        assert line.was_cut
        assert Mailbox.objects.get(pk=box.pk).trouble or RawLetter.objects.count() == 3
        Mailbox.objects.update(imap_port=imap.port)
        tasks.fetch.call(box.pk)
        assert RawLetter.objects.count() == 3
        assert Complaint.for_system("test").count() == 3
        assert Mailbox.objects.get(pk=box.pk).trouble == ""
