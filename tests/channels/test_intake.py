"""The one door in: once each, in the book or in sight, never dropped."""

import threading
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from kentongan.channels import intake
from kentongan.channels.base import Contact
from kentongan.channels.models import IncomingMessage
from kentongan.complaints import actions, ledger
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Attachment, Complainant, Complaint, Event, Register
from kentongan.lib.files import Clean
from tests import make
from tests.cast import Cast, build
from tests.hard_cases import texts

PHOTO = actions.NewFile("lubang.jpg", Clean(b"\xff\xd8\xff", "image/jpeg", "jpg"))


def accept(cast: Cast, text: str = make.TEXT, **how: Any) -> intake.Accepted:
    by, robot = how.pop("by", None), how.pop("robot", False)
    return intake.accept(make.incoming(cast, text, **how), village=cast.village, by=by, robot=robot)


# --- once each ----------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_complaint_with_the_same_number(cast: Cast) -> None:
    first = accept(cast, token="satu")
    second = accept(cast, "Teks yang lain sama sekali, jalan rusak.", token="satu")
    assert (first.again, second.again) == (False, True)
    assert second.complaint == first.complaint
    assert Complaint.for_system("test").count() == 1
    assert Event.for_system("test").count() == 1


def test_the_same_mark_by_another_door_or_in_another_village_is_another_message(cast: Cast) -> None:
    accept(cast, token="satu")
    accept(cast, token="satu", channel="phone", by=cast.sari)
    elsewhere = intake.accept(make.incoming(cast, token="satu"), village=cast.neighbour)
    assert Complaint.for_system("test").count() == 3
    assert elsewhere.complaint is not None
    assert elsewhere.complaint.serial == 1


def test_what_was_set_aside_is_set_aside_once(cast: Cast) -> None:
    accept(cast, "test", token="satu")
    assert accept(cast, "test", token="satu").again
    assert IncomingMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_clicks_at_once_are_one_complaint_and_leave_no_gap() -> None:
    cast = build()
    incoming = make.incoming(cast, token="delapan")
    results: list[intake.Accepted] = []
    failures: list[Exception] = []
    start = threading.Barrier(8)

    def click() -> None:
        start.wait(20)
        try:
            results.append(intake.accept(incoming, village=cast.village))
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert len({result.complaint for result in results}) == 1
    assert sum(not result.again for result in results) == 1
    assert make.received(cast).serial == 2, "the seven that lost used up no number"
    assert list(ledger.faults()) == []


@pytest.mark.django_db(transaction=True)
def test_eight_residents_at_once_get_eight_numbers_in_a_row() -> None:
    cast = build()
    failures: list[Exception] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait(20)
        try:
            intake.accept(make.incoming(cast), village=cast.village)
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sorted(Complaint.for_system("test").values_list("serial", flat=True)) == list(range(1, 9))
    assert list(ledger.faults()) == []


@pytest.mark.parametrize(
    ("module", "function"),
    [
        ("kentongan.channels.intake", "_row"),
        ("kentongan.complaints.search", "index"),
        ("kentongan.complaints.actions.receive", "write_event"),
        ("kentongan.complaints.actions.receive", "adopt"),
    ],
)
def test_what_fails_on_its_way_leaves_no_gap_and_no_half(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, module: str, function: str
) -> None:
    make.received(cast)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(import_module(module), function, fail)
        with pytest.raises(RuntimeError):
            accept(cast, token="gagal")
    assert Complaint.for_system("test").count() == 1
    assert Register.objects.get().last == 1
    assert Complainant.objects.count() == 1
    again = accept(cast, token="gagal")
    assert again.complaint is not None
    assert (again.again, again.complaint.serial) == (False, 2)
    assert list(ledger.faults()) == []


# --- what is kept for the officer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "robot", "reason"),
    [
        ("test", False, "NO_OBJECT"),
        ("p", False, "NO_OBJECT"),
        ("assalamualaikum", False, "NO_OBJECT"),
        ("🙏🙏", False, "NO_OBJECT"),
        ("", False, "NO_OBJECT"),
        (texts.SPAM, False, "SPAM"),
        (make.TEXT, True, "ROBOT"),
    ],
)
def test_what_says_nothing_waits_in_sight_and_takes_no_number(cast: Cast, text: str, robot: bool, reason: str) -> None:
    kept = accept(cast, text, robot=robot)
    assert kept.complaint is None
    assert (kept.message.state, kept.message.reason, kept.message.text) == ("QUARANTINED", reason, text)
    assert kept.message.sender["name"] == "Karto Wiryo"
    assert Complaint.for_system("test").count() == 0
    assert not Register.objects.exists()


@pytest.mark.parametrize("text", ["test", texts.SPAM, "lampu"])
def test_what_the_officer_enters_himself_is_never_doubted(cast: Cast, text: str) -> None:
    assert accept(cast, text, channel="walk_in", by=cast.sari).complaint is not None


def test_a_complaint_keeps_no_second_copy_of_itself_in_the_message(cast: Cast) -> None:
    accepted = accept(cast)
    message = IncomingMessage.objects.get()
    assert message.complaint == accepted.complaint
    assert (message.text, message.sender, message.details) == ("", {}, {})


def test_released_it_gets_its_number_with_the_time_it_came_and_all_it_brought(cast: Cast) -> None:
    waiting = accept(cast, "lampu", place="Pertigaan", named=(cast.lastri.pk,), identity_hidden=True).message
    came = timezone.now() - timedelta(days=2)
    IncomingMessage.objects.filter(pk=waiting.pk).update(received_at=came)
    made = intake.release(waiting, by=cast.sari)
    waiting.refresh_from_db()
    assert (made.received_at, made.place, made.identity_hidden) == (came, "Pertigaan", True)
    assert made.complainant is not None
    assert made.complainant.phone == "+6285141182163"
    assert [row.user for row in made.shut_out.all()] == [cast.lastri]
    assert (waiting.state, waiting.text, waiting.sender) == ("ACCEPTED", "", {})
    assert waiting.handled_by == "Sari Wulandari — Petugas Pengelola Pengaduan"
    assert intake.release(waiting, by=cast.sari) == made, "a second press finds the same complaint"


def test_photos_sent_without_words_wait_with_the_message_and_come_along(cast: Cast) -> None:
    incoming = make.incoming(cast, "", token="foto")
    waiting = intake.accept(replace(incoming, attachments=(PHOTO,)), village=cast.village).message
    assert Attachment.objects.get().complaint is None
    made = intake.release(waiting, by=cast.sari)
    assert Attachment.objects.get().complaint == made


def test_discarded_it_is_kept_and_can_still_be_released(cast: Cast) -> None:
    waiting = accept(cast, texts.SPAM).message
    intake.discard(waiting, by=cast.sari)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.text) == ("DISCARDED", texts.SPAM)
    assert intake.release(waiting, by=cast.sari).state == State.RECEIVED


def test_what_is_in_the_book_cannot_be_discarded(cast: Cast) -> None:
    accepted = accept(cast)
    intake.discard(accepted.message, by=cast.sari)
    accepted.message.refresh_from_db()
    assert accepted.message.state == "ACCEPTED"


def test_a_message_is_entered_in_the_village_it_came_to(cast: Cast) -> None:
    waiting = accept(cast, "lampu").message
    with pytest.raises(IncomingMessage.DoesNotExist):
        intake.release(waiting, by=cast.rini)
    with pytest.raises(IncomingMessage.DoesNotExist):
        intake.discard(waiting, by=cast.rini)
    assert Complaint.for_system("test").count() == 0


# --- who speaks ---------------------------------------------------------------------------------------------------------


def test_a_complainant_the_officer_recognised_is_not_entered_twice(cast: Cast) -> None:
    first = accept(cast).complaint
    assert first is not None
    second = accept(cast, sender=Contact(name="Karto", known=first.complainant_id), by=cast.sari, channel="phone").complaint
    assert second is not None
    assert second.complainant == first.complainant
    assert Complainant.objects.count() == 1


def test_a_complainant_of_another_village_is_not_recognised(cast: Cast) -> None:
    theirs = Complainant.objects.create(village=cast.neighbour, name="Orang Sebelah")
    made = accept(cast, sender=Contact(name="Karto", known=theirs.pk)).complaint
    assert made is not None
    assert made.complainant != theirs
    assert made.complainant is not None
    assert made.complainant.village == cast.village


def test_without_name_and_phone_nobody_is_entered(cast: Cast) -> None:
    made = accept(cast, sender=Contact(address="RT 2")).complaint
    assert made is not None
    assert made.is_anonymous
    assert Complainant.objects.count() == 0


def test_a_telephone_alone_is_somebody(cast: Cast) -> None:
    made = accept(cast, sender=Contact(phone="+6285141182163")).complaint
    assert made is not None
    assert made.complainant is not None
    assert not made.complainant.is_complete


# --- what is said -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        texts.EMOJI,
        texts.SLANG,
        "Jalan rusak\n\n  di depan  rumah\tsaya",
        "<script>alert(1)</script> jalan rusak",
        "'; DROP TABLE x; -- jalan rusak",
    ],
)
def test_the_text_stays_as_it_was_written(cast: Cast, text: str) -> None:
    made = accept(cast, text).complaint
    assert made is not None
    made.refresh_from_db()
    assert made.text.encode() == text.encode()


def test_control_characters_go_and_do_not_stop_it(cast: Cast) -> None:
    made = accept(cast, "Jalan\x00 rusak\x07 di depan\r\nrumah").complaint
    assert made is not None
    assert made.text == "Jalan rusak di depan\nrumah"


def test_a_message_from_tomorrow_is_received_now(cast: Cast) -> None:
    ahead = replace(make.incoming(cast), received_at=timezone.now() + timedelta(days=3))
    made = intake.accept(ahead, village=cast.village).complaint
    assert made is not None
    assert made.received_at <= timezone.now()


def test_entering_one_complaint_takes_a_short_row_of_statements(cast: Cast, django_assert_max_num_queries: Any) -> None:
    make.received(cast)
    incoming = make.incoming(cast)
    with django_assert_max_num_queries(20):
        intake.accept(incoming, village=cast.village)
