"""Who is told: everyone concerned, once, and nobody the wall shuts out."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from kentongan.channels import notify
from kentongan.channels.models import Dispatch, OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.events import KINDS
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Event
from kentongan.lib import clock
from tests import make
from tests.cast import Cast, build


def told(made: Complaint, kind: str) -> set[str]:
    rows = OutgoingMessage.objects.filter(complaint=made, event__kind=kind)
    return {row.to.username for row in rows if row.to}


def tell() -> int:
    n = 0
    while step := notify.dispatch_pending():
        n += step
    return n


def test_the_table_names_only_events_there_are() -> None:
    assert notify.TABLE.keys() <= KINDS.keys()
    assert all(notify.TABLE.values())


def test_each_step_is_told_to_those_it_concerns(cast: Cast) -> None:
    made = make.complaint(cast, State.RESPONDED)
    actions.appeal(made, text="Belum beres.", by=None)
    tell()
    assert told(made, "received") == {"sari"}
    assert told(made, "assigned") == {"joko"}
    assert told(made, "appealed") == {"sari", "joko", "harun"}
    assert told(made, "verified") == set()


def test_an_answer_is_told_to_who_must_approve_it_next_and_then_to_the_officer(cast: Cast) -> None:
    made = make.complaint(cast, State.IN_PROGRESS)
    actions.draft_response(made, text="Sudah.", by=cast.joko)
    tell()
    assert told(made, "response_drafted") == {"lastri"}
    actions.approve_response(made, by=cast.lastri)
    tell()
    assert told(made, "response_approved") == {"harun"}
    actions.approve_response(made, by=cast.harun)
    tell()
    assert told(made, "response_approved") == {"harun", "sari"}


def test_who_did_it_is_not_told_of_it(cast: Cast) -> None:
    made = make.received(cast, by=cast.sari, channel="walk_in")
    tell()
    assert told(made, "received") == set()


def test_nobody_the_wall_shuts_out_is_told(cast: Cast) -> None:
    made = make.received(cast, named=(cast.sari.pk,))
    tell()
    assert told(made, "received") == {"lastri"}


def test_who_was_named_between_the_event_and_the_telling_is_not_told(cast: Cast) -> None:
    made = make.complaint(cast, State.ASSIGNED)
    actions.name(made, officials=[cast.joko], by=cast.sari)
    tell()
    assert told(made, "assigned") == set()
    assert not OutgoingMessage.objects.filter(complaint=made, to=cast.joko).exists()


def test_about_the_head_an_objection_goes_to_the_council(cast: Cast) -> None:
    made = make.complaint(cast, State.RESPONDED)
    actions.appeal(made, text="Belum.", by=None)
    actions.name(made, officials=[cast.harun], by=cast.sari)
    tell()
    assert told(made, "appealed") == {"sari", "joko", "nining"}


def test_nothing_is_told_twice(cast: Cast) -> None:
    make.complaint(cast, State.CLOSED)
    events = Event.for_system("test").count()
    assert tell() == events
    before = OutgoingMessage.objects.count()
    assert tell() == 0
    assert (OutgoingMessage.objects.count(), Dispatch.objects.count()) == (before, events)


def test_a_crash_in_the_middle_tells_nobody_and_the_next_turn_tells_each_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.complaint(cast, State.CLOSED)
    real, calls = notify._notice, []

    def crash(event: Event, user: Any) -> OutgoingMessage:
        calls.append(event)
        if len(calls) == 3:
            raise RuntimeError("power cut")
        return real(event, user)

    with monkeypatch.context() as patched:
        patched.setattr(notify, "_notice", crash)
        with pytest.raises(RuntimeError):
            notify.dispatch_pending()
    assert (OutgoingMessage.objects.count(), Dispatch.objects.count()) == (0, 0)
    tell()
    pairs = list(OutgoingMessage.objects.values_list("event", "to"))
    assert len(pairs) == len(set(pairs)) >= 3
    assert Dispatch.objects.count() == Event.for_system("test").count()


def test_a_crash_after_the_messages_were_written_tells_nobody_either(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make.received(cast)

    def crash(*args: object, **kwargs: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(OutgoingMessage.objects, "bulk_create", crash)
        with pytest.raises(RuntimeError):
            notify.dispatch_pending()
    assert Dispatch.objects.count() == 0
    assert tell() == 1
    assert OutgoingMessage.objects.count() == 1


def test_a_few_at_a_time_are_all_told_in_the_end(cast: Cast) -> None:
    make.complaint(cast, State.CLOSED)
    turns = []
    while step := notify.dispatch_pending(limit=2):
        turns.append(step)
    assert max(turns) == 2
    assert sum(turns) == Event.for_system("test").count()


def test_a_book_of_the_past_tells_nobody(cast: Cast) -> None:
    with clock.at(timezone.now() - timedelta(days=60)):
        make.complaint(cast, State.CLOSED)
    fresh = make.received(cast)
    assert tell() == 1
    assert set(OutgoingMessage.objects.values_list("complaint", flat=True)) == {fresh.pk}


def test_what_was_settled_long_ago_is_not_looked_at_again_and_new_events_are(cast: Cast) -> None:
    with clock.at(timezone.now() - timedelta(hours=1)):
        old = make.received(cast)
    assert tell() == 1
    assert notify._settled["id"] == old.events.get().pk
    fresh = make.received(cast)
    assert tell() == 1
    assert told(fresh, "received") == {"sari"}


def test_a_notice_bears_its_village_and_is_unread(cast: Cast) -> None:
    made = make.received(cast)
    tell()
    row = OutgoingMessage.objects.get()
    assert (row.village, row.complaint, row.channel, row.read_at) == (cast.village, made, "desk", None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_workers_tell_each_event_once() -> None:
    cast = build()
    for _ in range(6):
        make.complaint(cast, State.CLOSED)
    failures: list[Exception] = []
    start = threading.Barrier(2)

    def work() -> None:
        start.wait(20)
        try:
            while notify.dispatch_pending(limit=3):
                pass
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    tell()
    assert failures == []
    assert Dispatch.objects.count() == Event.for_system("test").count()
    pairs = list(OutgoingMessage.objects.values_list("event", "to", "channel"))
    assert len(pairs) == len(set(pairs))
