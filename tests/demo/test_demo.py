"""The demo year: loaded once for all tests of this file, and taken back."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone

from kentongan import setup_commands
from kentongan.channels.models import IncomingMessage, OutgoingMessage
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Attachment, Complaint, Delivery, Event, Response
from kentongan.demo import book, people
from kentongan.demo.load import Loaded, load
from kentongan.village.models import User

pytestmark = pytest.mark.django_db  # each test in a savepoint of the year that was loaded once
NOW = timezone.now()
WAITING = {"H12", "H22"}  # these say nothing that can be acted on


@pytest.fixture(scope="module")
def loaded(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Loaded]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(NOW)
        transaction.set_rollback(True)


def complaints() -> Any:
    return Complaint.for_system("test of the demo").order_by("id")


def seen_by(username: str) -> set[str]:
    return set(Complaint.visible_to(User.objects.get(username=username)).values_list("text", flat=True))


def example(key: str) -> str:
    return next(str(row["text"]) for row in book.examples() if row["id"] == key)


def test_every_example_stands_in_the_book_word_for_word(loaded: Loaded) -> None:
    texts = set(complaints().values_list("text", flat=True))
    assert {row["text"] for row in book.examples() if row["id"] not in WAITING} <= texts
    assert {str(n) for n in range(1, 63)} <= {row["id"] for row in book.examples()}
    waiting = IncomingMessage.objects.filter(state=IncomingMessage.State.QUARANTINED)
    assert set(waiting.values_list("text", flat=True)) == {example(key) for key in WAITING}


def test_numbers_run_with_time_and_without_gaps(loaded: Loaded) -> None:
    rows = list(complaints().values_list("year", "serial", "received_at"))
    whole = complaints().filter(split_from=None).values_list("received_at", flat=True)  # a part keeps its origin's time
    assert list(whole) == sorted(whole)
    for year, count in Counter(row[0] for row in rows).items():
        assert sorted(row[1] for row in rows if row[0] == year) == list(range(1, count + 1))


def test_nothing_happens_in_the_future_or_out_of_order(loaded: Loaded) -> None:
    moments = list(Event.for_system("test of the demo").order_by("id").values_list("at", flat=True))
    assert max(moments) <= NOW
    assert moments == sorted(moments)
    assert min(moments) > NOW - timedelta(days=400)


def test_every_state_but_none_more_than_half(loaded: Loaded) -> None:
    states = Counter(complaints().values_list("state", flat=True))
    assert set(states) == set(State)
    assert states[State.CLOSED] >= 30
    assert sum(1 for row in complaints() if row.is_overdue) >= 2
    assert complaints().filter(on_time=False).exists()
    assert complaints().filter(reopened__gt=0).count() >= 2
    assert complaints().filter(rating__isnull=False).count() >= 20
    assert complaints().filter(complainant=None).count() >= 5
    assert complaints().filter(identity_hidden=True).count() >= 5


def test_answers_wait_at_every_stage(loaded: Loaded) -> None:
    open_answers = Response.objects.exclude(stage=Response.Stage.DELIVERED)
    found = set(open_answers.values_list("stage", "waiting_for"))
    assert {("WAITING", "SECRETARY"), ("WAITING", "HEAD"), ("READY", ""), ("RETURNED", "")} <= found
    assert set(Delivery.objects.values_list("how", flat=True)) >= {"phone", "walk_in", "web", "board", "courier"}
    assert Attachment.objects.filter(mime="image/jpeg").count() >= 20


def test_who_is_concerned_sees_nothing(loaded: Loaded) -> None:
    assert example("H2") not in seen_by("kades")
    assert example("H2") in seen_by("bpd")
    assert example("H2") in seen_by("petugas")
    assert example("H3") not in seen_by("petugas")
    assert example("H3") in seen_by("sekdes")
    assert example("H9") in seen_by("kades"), "spoken to, not spoken of"
    assert example("44") not in seen_by("kadus.1")
    assert seen_by("admin") == set()


def test_only_the_last_days_lead_to_notices(loaded: Loaded) -> None:
    notices = OutgoingMessage.objects.all()
    assert notices.filter(to__username="petugas").exists()
    assert not notices.filter(event__at__lt=NOW - timedelta(days=31)).exists()


def test_the_accounts_are_printed_as_promised(loaded: Loaded) -> None:
    names = [row[0] for row in setup_commands.demo_accounts()]
    assert names == [row[0] for row in people.OFFICIALS]
    assert (
        names
        == "petugas sekdes kasi.pemerintahan kasi.kesejahteraan kasi.pelayanan kaur.umum kadus.1 staf.kasi kades bpd admin".split()
    )
    assert setup_commands.demo_password() == loaded.password
    assert User.objects.get(username="kades").check_password(loaded.password)


@pytest.mark.parametrize("hour", [0, 3, 8, 12, 23])
def test_whatever_the_hour_the_last_things_have_just_happened(loaded: Loaded, hour: int) -> None:
    """Loaded on a Saturday night or at three in the morning, the demo has no tomorrow."""
    saturday = datetime(2026, 11, 21, hour, 10, tzinfo=ZoneInfo("Asia/Jakarta"))
    player = book.Book(loaded.village, {}, saturday)
    steps = [step for life in player.lives.values() for step in player._steps(life)]
    assert max(step.at for step in steps) <= saturday
    for life in player.lives.values():
        told = [step for step in steps if step.life is life]
        assert [step.at for step in told] == sorted(step.at for step in told), life.row["id"]


def test_the_password_may_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_DEMO_PASSWORD", "padi-menguning-5")
    assert people.make_demo_password() == "padi-menguning-5"
    assert people.demo_password() == "padi-menguning-5"
    monkeypatch.delenv("KENTONGAN_DEMO_PASSWORD")
    made = people.make_demo_password()
    assert made != "padi-menguning-5"
    assert len(made) >= 12
