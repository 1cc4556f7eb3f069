"""One letter in the morning: what is new, unread and still for his eyes; once a day, whoever writes it and however often."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from kentongan.channels.email import officials, outbox
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage
from kentongan.complaints import actions
from kentongan.village.models import User
from tests import letters, make
from tests.cast import Cast
from tests.channels.email.official import MORNING, body, got, morning, report, wants, work
from tests.channels.test_notify import tell
from tests.mailserver import Smtp

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_morning_brings_what_is_new_and_unread_and_nothing_else(
    reader: Cast, smtp: Smtp, noon: time_machine.Traveller
) -> None:
    first, second, third, about_sari = (make.received(reader) for _ in range(4))
    tell()
    OutgoingMessage.objects.filter(to=reader.sari, complaint=second).update(read_at=timezone.now())
    actions.name(about_sari, officials=[reader.sari], by=reader.sari)
    noon.move_to(MORNING)
    morning()
    [made] = got(smtp, reader.sari)
    said = body(made)
    assert [first.number in said, second.number in said, third.number in said] == [True, False, True]
    assert about_sari.number not in said
    for secret in ("Karto", "mushola", first.code, first.subject, "Melati"):
        assert secret not in smtp.letters[-1].decode() + said + str(made["Subject"])


def test_nothing_new_is_no_letter(reader: Cast, smtp: Smtp, noon: time_machine.Traveller) -> None:
    noon.move_to(MORNING)
    morning()
    assert (smtp.letters, OutgoingMessage.objects.count()) == ([], 0)


def test_a_long_list_is_cut_and_says_so(reader: Cast, smtp: Smtp, noon: time_machine.Traveller) -> None:
    for _ in range(officials.MOST_LINES + 3):
        make.received(reader)
    noon.move_to(MORNING)
    tell()
    noon.move_to(MORNING + timedelta(minutes=1))
    morning()
    lines = [line for line in body(got(smtp, reader.sari)[0]).splitlines() if line.startswith("- ")]
    assert (len(lines), lines[-1]) == (officials.MOST_LINES + 1, "- dan 3 lainnya")


def test_who_is_shut_out_after_the_list_was_written_reads_nothing_of_it(
    reader: Cast, smtp: Smtp, noon: time_machine.Traveller
) -> None:
    first, second = make.received(reader), make.received(reader)
    tell()
    noon.move_to(MORNING - timedelta(hours=1))  # in the quiet hours: it is written, and waits
    morning()
    [waiting] = OutgoingMessage.objects.filter(kind="digest")
    assert second.number in waiting.text
    actions.name(second, officials=[reader.sari], by=reader.sari)
    noon.move_to(MORNING)
    work()
    [made] = got(smtp, reader.sari)
    assert first.number in body(made)
    assert second.number not in body(made) + smtp.letters[0].decode()
    assert second.number not in OutgoingMessage.objects.get(pk=waiting.pk).text


def test_a_list_of_which_nothing_is_left_does_not_go(reader: Cast, smtp: Smtp, noon: time_machine.Traveller) -> None:
    row = make.received(reader)
    tell()
    noon.move_to(MORNING - timedelta(hours=1))
    morning()
    actions.name(row, officials=[reader.sari], by=reader.sari)
    noon.move_to(MORNING)
    work()
    assert smtp.letters == []
    assert not OutgoingMessage.objects.filter(kind="digest").exists()


def test_a_list_does_not_reach_a_mailbox_shared_with_one_who_is_shut_out(
    reader: Cast, smtp: Smtp, noon: time_machine.Traveller
) -> None:
    desk_mate = reader.harun
    User.objects.filter(pk=desk_mate.pk).update(email="SARI@example.com")
    row = make.received(reader, named=(desk_mate.pk,))
    other = make.received(reader)
    noon.move_to(MORNING)
    morning()
    [made] = got(smtp, reader.sari)
    assert other.number in body(made)
    assert row.number not in body(made)


def test_the_duty_done_twice_writes_once_and_the_next_morning_only_what_came_since(
    reader: Cast, smtp: Smtp, noon: time_machine.Traveller
) -> None:
    first = make.received(reader)
    tell()
    noon.move_to(MORNING)
    morning()
    noon.move_to(MORNING + timedelta(minutes=5))
    second = make.received(reader)
    tell()
    morning()
    assert len(got(smtp, reader.sari)) == 1
    noon.move_to(MORNING + timedelta(days=1))
    morning()
    said = body(got(smtp, reader.sari)[1])
    assert second.number in said
    assert first.number not in said


def test_a_morning_without_a_worker_is_made_good(reader: Cast, smtp: Smtp, noon: time_machine.Traveller) -> None:
    make.received(reader)
    tell()
    noon.move_to(MORNING)
    morning()
    noon.move_to(MORNING + timedelta(hours=1))
    row = make.received(reader)
    tell()
    noon.move_to(MORNING + timedelta(days=3))
    morning()
    assert row.number in body(got(smtp, reader.sari)[1])


def test_killed_in_the_middle_it_is_written_once(
    reader: Cast, smtp: Smtp, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(reader.lastri, digest=True)
    make.received(reader)
    make.received(reader, named=(reader.sari.pk,))
    tell()
    noon.move_to(MORNING)
    real, calls = outbox.post, []

    def killed(letter: OutgoingMessage) -> None:
        calls.append(letter)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(letter)

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            morning()
    assert len(calls) == 2
    assert not OutgoingMessage.objects.filter(kind="digest").exists(), "neither is half written"
    work()
    assert (len(got(smtp, reader.sari)), len(got(smtp, reader.lastri))) == (1, 1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_workers_write_it_once(reader: Cast, box: Mailbox) -> None:
    import threading

    make.received(reader)
    tell()
    failures: list[Exception] = []
    start = threading.Barrier(4)

    def write() -> None:
        start.wait(20)
        try:
            officials.write_digests.call(box.pk)
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert OutgoingMessage.objects.filter(kind="digest").count() == 1


def test_one_who_left_and_one_of_another_village_get_no_list(reader: Cast, smtp: Smtp, noon: time_machine.Traveller) -> None:
    wants(reader.rini, digest=True)
    make.received(reader)
    tell()
    reader.sari.memberships.update(until=timezone.localdate() - timedelta(days=1))
    noon.move_to(MORNING)
    morning()
    assert smtp.letters == []


@pytest.mark.parametrize("machine", ["bounce", "vacation"])
def test_anothers_list_that_comes_back_is_not_shown_to_the_officer(
    reader: Cast, smtp: Smtp, noon: time_machine.Traveller, client_of: Callable[[User | None], Client], machine: str
) -> None:
    wants(reader.lastri, digest=True)
    row = make.received(reader, named=(reader.sari.pk,))
    noon.move_to(MORNING)
    morning()
    [sent] = OutgoingMessage.objects.filter(kind="digest", to=reader.lastri)
    assert row.number in sent.text
    raw = (
        report(sent)
        if machine == "bounce"
        else letters.written("Saya cuti.", sender=sent.address, answers=sent, Auto_Submitted="auto-replied")
    )
    message = letters.arrives(reader.village, raw)
    assert (message.state, message.text, message.complaint) == (IncomingMessage.State.DISCARDED, "", None)
    page = client_of(reader.sari)
    assert row.number not in page.get("/meja/pesan/?otomatis").content.decode()
    assert page.get(f"/meja/pesan/{message.pk}/asli.eml").status_code == 404
