"""Fetching from a real IMAP server, a Maildir and a pipe: each letter once, whatever happens on the way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kentongan.channels.email import imap, maildir, store, tasks, understand
from kentongan.channels.models import IncomingMessage, Mailbox, RawLetter
from kentongan.complaints.models import Complaint
from tests import command, letters
from tests.cast import Cast
from tests.mailserver import PASSWORD, USER, Dovecot

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with Dovecot(users={f"{USER}{n}": PASSWORD for n in range(9)} | {USER: PASSWORD}) as running:
        yield running


@pytest.fixture
def box(cast: Cast, server: Dovecot, request: pytest.FixtureRequest) -> Mailbox:
    """A mailbox of its own for each test."""
    n = sorted(item.name for item in request.session.items if item.fspath == request.node.fspath).index(request.node.name) % 9
    user = f"{USER}{n}"
    made = letters.mailbox(
        cast.village,
        user=user,
        password=PASSWORD,
        imap_port=server.port,
        imap_security="NONE",
        since=timezone.now() - timedelta(hours=1),
    )
    for path in (server.folder / "mail").rglob("*.tests*"):
        if f"/{user}/" in str(path):
            path.unlink()
    return made


def fetched(box: Mailbox) -> int:
    return imap.fetch(Mailbox.objects.get(pk=box.pk))


def test_new_letters_are_stored_once_and_the_mailbox_is_left_as_it_was(server: Dovecot, box: Mailbox) -> None:
    raws = [letters.written(f"Lampu nomor {n} di gang mati sejak Senin.") for n in range(3)]
    for raw in raws:
        server.deliver(box.user, raw)
    assert fetched(box) == 3
    assert fetched(box) == 0
    assert sorted(bytes(row.content).replace(b"\r\n", b"\n") for row in RawLetter.objects.all()) == sorted(raws)
    assert all(":2," not in name or not set(name.rpartition(":2,")[2]) & set("SRT") for name in server.names(box.user))


def test_what_had_arrived_before_the_mailbox_was_set_up_is_left_alone(server: Dovecot, box: Mailbox) -> None:
    server.deliver(box.user, letters.written(), at=timezone.now() - timedelta(days=40))
    server.deliver(box.user, letters.written("Sampah menumpuk di pinggir kali setiap malam."))
    assert fetched(box) == 1


def test_when_the_server_counts_anew_nothing_is_taken_twice(server: Dovecot, box: Mailbox) -> None:
    for n in range(3):
        server.deliver(box.user, letters.written(f"Lampu nomor {n} di gang mati sejak Senin."))
    assert fetched(box) == 3
    server.change_uidvalidity(box.user)
    server.deliver(box.user, letters.written("Sampah menumpuk di pinggir kali setiap malam."))
    assert fetched(box) == 1
    assert RawLetter.objects.count() == 4


def test_a_letter_in_two_folders_is_one(server: Dovecot, box: Mailbox) -> None:
    raw = letters.written()
    server.deliver(box.user, raw)
    assert fetched(box) == 1
    server.make_folder(box.user, "Arsip")
    server.deliver(box.user, raw, folder="Arsip")
    Mailbox.objects.filter(pk=box.pk).update(imap_folder="Arsip", uidvalidity=None, last_uid=0)
    assert fetched(box) == 0


def test_one_that_is_too_large_stays_in_the_mailbox_and_is_shown(
    server: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", 2000)
    server.deliver(box.user, letters.written("Jalan rusak. " * 400, subject="Foto jalan rusak"))
    server.deliver(box.user, letters.written("Lampu di gang mati sejak Senin."))
    assert fetched(box) == 2
    understand.pending()
    large = IncomingMessage.objects.get(reason=IncomingMessage.Reason.TOO_LARGE)
    assert large.state == IncomingMessage.State.QUARANTINED
    assert large.text == "Foto jalan rusak"
    assert large.sender["email"] == "karto@example.com"
    assert Complaint.for_system("test").count() == 1


def test_a_full_mailbox_comes_in_batches(server: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "BATCH_LETTERS", 4)
    for n in range(11):
        server.deliver(box.user, letters.written(f"Lampu nomor {n} di gang mati sejak Senin."))
    assert fetched(box) == 11


def test_the_job_understands_what_it_fetched_and_writes_down_what_is_wrong(server: Dovecot, box: Mailbox) -> None:
    server.deliver(box.user, letters.written(letters.COMPLETE))
    tasks.fetch.call(box.pk)
    assert Complaint.for_system("test").count() == 1
    assert Mailbox.objects.get(pk=box.pk).trouble == ""
    Mailbox.objects.filter(pk=box.pk).update(imap_port=1)
    tasks.fetch.call(box.pk)
    assert Mailbox.objects.get(pk=box.pk).trouble == "refused"


def test_a_maildir_is_emptied_into_the_desk(cast: Cast, tmp_path: Path) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    for n in range(3):
        (tmp_path / "new" / f"{n}.M1.host").write_bytes(letters.written(f"Lampu nomor {n} di gang mati sejak Senin."))
    assert maildir.take(tmp_path, cast.village.pk) == 3
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == ["0.M1.host:2,S", "1.M1.host:2,S", "2.M1.host:2,S"]
    (tmp_path / "cur" / "0.M1.host:2,S").rename(tmp_path / "new" / "0.M1.host")  # as after a power cut between storing and moving
    assert maildir.take(tmp_path, cast.village.pk) == 0
    assert RawLetter.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_hands_a_letter_over_by_a_pipe(cast: Cast) -> None:
    assert command.run("mail", "--pipe", "--village", cast.village.pk, given=letters.written()).returncode == 0
    assert RawLetter.objects.get().source == "pipe"
    refused = command.run("mail", "--pipe", "--village", "11.11.11.2000", given=letters.written())
    assert refused.returncode == 67, "sysexits.h: EX_NOUSER"
    assert b"11.11.11.2000" in refused.stderr
