"""Reminders: before, on the day, and up the ladder; each reason once, and never to whom the complaint is about."""

import os
import re
import secrets
import subprocess
import sys
import threading
import time as clock_time
from collections.abc import Callable
from copy import copy as copy_of
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions, clocks, ledger, reminders
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Event, Referral, Reminder
from kentongan.village.models import User
from tests import make
from tests.cast import Cast, build
from tests.channels.test_notify import tell, told

Clients = Callable[[User | None], Client]


def day(cast: Cast, row: Complaint, working_days: int) -> datetime:
    """Noon of the day so many working days from the deadline (negative: before it)."""
    calendar = clocks.calendar_of(cast.village)
    assert row.due_at is not None
    at = row.due_at.replace(hour=5)
    step = timedelta(days=1 if working_days > 0 else -1)
    while calendar.days_left(row.due_at, at) != -working_days:
        at += step
    return at


def kinds(row: Complaint) -> list[str]:
    events = Event.for_system("test").filter(complaint=row, kind__in=["reminded", "escalated"]).order_by("pk")
    return [f"{event.kind} {event.data.get('when') or event.data.get('to')}" for event in events]


@pytest.mark.django_db
def test_a_deadline_is_told_of_before_on_the_day_and_up_the_ladder_each_once(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    assert reminders.sweep(day(cast, row, -5)) == 0
    for working_days in (-2, -1, 0, 1, 1, 2, 3, 5, 9):
        reminders.sweep(day(cast, row, working_days))
    assert kinds(row) == ["reminded before", "reminded today", "escalated LIAISON", "escalated SECRETARY", "escalated HEAD"]
    tell()
    assert told(row, "reminded") == {"joko"}
    assert told(row, "escalated") >= {"lastri", "harun", "joko"}
    assert list(ledger.faults()) == []


@pytest.mark.django_db
def test_after_a_long_silence_everything_missed_is_told_in_one_sweep(cast: Cast) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    assert reminders.sweep(day(cast, row, 9)) == 3
    assert reminders.sweep(day(cast, row, 9)) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.AWAITING_COMPLAINANT, State.REFERRED, State.RESPONDED, State.CLOSED, State.DECLINED])
def test_a_clock_that_stands_still_or_is_over_reminds_nobody(cast: Cast, state: State) -> None:
    row = make.complaint(cast, state)
    reminders.sweep((row.due_at or timezone.now()) + timedelta(days=400))
    assert kinds(row) == []


@pytest.mark.django_db
def test_a_later_deadline_is_a_new_reason(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    assert reminders.sweep(day(cast, row, 0)) == 1
    row = actions.extend_deadline(row, days=5, text="Menunggu bahan.", by=cast.sari)
    assert reminders.sweep(day(cast, row, 0)) == 1


@pytest.mark.django_db
def test_a_late_complaint_about_an_official_climbs_to_the_head_and_never_touches_him(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    actions.name(row, officials=[cast.joko, cast.lastri], by=cast.sari)
    reminders.sweep(day(cast, Complaint.for_system("test").get(pk=row.pk), 9))
    tell()
    names = told(row, "escalated")
    assert "harun" in names
    assert not names & {"joko", "lastri"}


@pytest.mark.django_db
def test_a_late_complaint_about_the_head_climbs_to_the_council(cast: Cast) -> None:
    row = make.received(cast, "Pak Kades memotong bantuan beras kami sejak bulan lalu.")
    actions.name(row, officials=[cast.harun], by=cast.sari)
    reminders.sweep(day(cast, Complaint.for_system("test").get(pk=row.pk), 9))
    tell()
    names = told(row, "escalated")
    assert cast.nining.username in names
    assert "harun" not in names


def many(cast: Cast, n: int) -> list[int]:
    """So many complaints that are distributed, copied from one; their ids."""
    one = make.complaint(cast, State.ASSIGNED)
    copies = []
    for serial in range(one.serial + 1, one.serial + n):
        copy = copy_of(one)
        copy.pk, copy.serial, copy.number = None, serial, f"{one.year}-{serial:04d}"
        copy.code_digest = secrets.token_bytes(32)
        copies.append(copy)
    return [one.pk, *(row.pk for row in Complaint.objects.bulk_create(copies, batch_size=500))]


@pytest.mark.django_db
@pytest.mark.parametrize(("n", "rounds"), [(1000, 1), (2001, 3)])
def test_a_thousand_complaints_take_three_statements(cast: Cast, n: int, rounds: int) -> None:
    many(cast, n)
    late = timezone.now() + timedelta(days=60)
    clocks.calendar_of(cast.village, fresh=True)
    with CaptureQueriesContext(connection) as counted:
        assert reminders.sweep(late) == n * 3
    asked = [query["sql"] for query in counted if query["sql"].startswith(("SELECT", "INSERT")) and "jobs_" not in query["sql"]]
    assert len(asked) == 3 + 3 * rounds, "villages, days off and referrals are read once"
    with CaptureQueriesContext(connection) as counted:
        assert reminders.sweep(late) == 0
    assert sum("INSERT INTO complaints_event" in query["sql"] for query in counted) == 0


KILLED = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from django.conf import settings
settings.DATABASES["default"]["NAME"] = NAME
from kentongan.complaints import reminders
reminders.CHUNK = 20
reminders.sweep(timezone.now() + timedelta(days=60))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_twice_and_nothing_out() -> None:
    cast = build()
    n = 800
    many(cast, n)
    environment = os.environ | {"KENTONGAN_DATA": str(settings.DATA), "DJANGO_SETTINGS_MODULE": "kentongan.settings"}
    script = KILLED.replace("NAME\n", f"{str(connection.settings_dict['NAME'])!r}\n")
    with subprocess.Popen([sys.executable, "-c", script], env=environment) as child:
        while child.poll() is None and not Reminder.objects.exists():
            clock_time.sleep(0.002)
        child.kill()
    before = Reminder.objects.count()
    assert 0 < before < n * 3, "the cut was not in the middle"
    written = Event.for_system("test").filter(kind="escalated")
    assert written.count() == before, "a reason and its event come together"
    assert reminders.sweep(timezone.now() + timedelta(days=60)) == n * 3 - before
    assert written.values("complaint", "data").distinct().count() == written.count() == n * 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once() -> None:
    cast = build()
    rows = [make.complaint(cast, State.ASSIGNED) for _ in range(5)]
    late = timezone.now() + timedelta(days=60)
    found: list[int] = []

    def work() -> None:
        try:
            found.append(reminders.sweep(late))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == len(rows) * 3
    assert Event.for_system("test").filter(kind="escalated").count() == len(rows) * 3
    tell()
    assert OutgoingMessage.objects.filter(event__kind="escalated", to=cast.harun).count() == len(rows)


# --- agencies that do not answer -------------------------------------------------------------------------------------------


def waiting(cast: Cast) -> tuple[Complaint, Referral, datetime]:
    """A complaint with an agency, its referral, and noon of the day after the agency's day."""
    row = make.complaint(cast, State.REFERRED)
    referral = Referral.objects.select_related("agency").get(complaint=row)
    assert referral.due_on is not None
    return row, referral, timezone.make_aware(datetime.combine(referral.due_on + timedelta(days=1), time(12)))


def late_agencies(row: Complaint) -> list[str]:
    events = Event.for_system("test").filter(complaint=row, kind="agency_late").order_by("pk")
    return [event.data["due_on"] for event in events]


def test_an_agency_that_lets_its_day_pass_is_reminded_of_once_a_day_it_was_given(cast: Cast) -> None:
    row, referral, after = waiting(cast)
    assert reminders.sweep(after - timedelta(days=1)) == 0, "its own day is not over yet"
    assert [reminders.sweep(after), reminders.sweep(after + timedelta(days=9))] == [1, 0]
    with time_machine.travel(after, tick=False):
        tell()
        assert told(row, "agency_late") == {"sari"}
        actions.chase(row, text="Mohon jawaban.", by=cast.sari)
    referral.refresh_from_db()
    assert referral.due_on is not None
    assert referral.due_on > after.date(), "a day that is over moves on"
    assert reminders.sweep(after) == 0
    assert reminders.sweep(after + timedelta(days=90)) == 1
    assert len(set(late_agencies(row))) == 2
    assert list(ledger.faults()) == []


def test_an_agency_that_answered_or_is_no_longer_waited_for_reminds_nobody(cast: Cast) -> None:
    (answered, _one, _), (taken_up, _two, after) = waiting(cast), waiting(cast)
    actions.record_referral_answer(answered, text="Besok.", by=cast.sari)
    actions.start(taken_up, by=cast.sari)
    reminders.sweep(after + timedelta(days=90))
    assert late_agencies(answered) == late_agencies(taken_up) == []


def test_each_village_has_its_own_day(cast: Cast) -> None:
    row, referral, _after = waiting(cast)
    cast.village.zone = "Asia/Jayapura"
    cast.village.save()
    assert referral.due_on is not None
    midnight_there = datetime.combine(referral.due_on + timedelta(days=1), time(), tzinfo=ZoneInfo("Asia/Jayapura"))
    assert reminders.sweep(midnight_there - timedelta(minutes=1)) == 0
    assert reminders.sweep(midnight_there) == 1
    assert late_agencies(row) == [referral.due_on.isoformat()]


def test_a_liaison_hears_of_it_who_has_it_and_never_one_it_is_about(cast: Cast) -> None:
    (given, _one, _), (about_her, _two, after) = waiting(cast), waiting(cast)
    for row in (given, about_her):
        actions.reassign(row, to=[cast.wati], instruction="Mohon ditagih.", by=cast.sari)
    actions.name(about_her, officials=[cast.wati], by=cast.sari)
    reminders.sweep(after)
    tell()
    assert told(given, "agency_late") == {"sari", "wati"}
    assert told(about_her, "agency_late") == {"sari"}


def test_a_liaison_who_may_not_see_it_is_not_told_that_it_is_late_and_the_officer_is(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    reminders.sweep(day(cast, row, 1))
    tell()
    assert told(row, "escalated") == {"sari", "joko"}


def test_the_queue_of_late_agencies_is_theirs_who_ask_again_and_offers_it_first(cast: Cast, client_of: Clients) -> None:
    (row, _one, _), (about_sari, _two, after) = waiting(cast), waiting(cast)
    actions.name(about_sari, officials=[cast.sari], by=cast.sari)
    reminders.sweep(after)
    with time_machine.travel(after, tick=False):
        seen = {
            user: re.findall(r"/meja/(\d{4}-\d+)/", client_of(user).get("/meja/?queue=agency").content.decode())
            for user in (cast.sari, cast.lastri, cast.wati, cast.joko)
        }
        assert set(seen[cast.sari]) == {row.number}
        assert set(seen[cast.lastri]) >= {about_sari.number}, "who stands in for the officer asks again"
        assert seen[cast.wati] == seen[cast.joko] == []
        page = client_of(cast.sari).get(f"/meja/{row.number}/")
        assert page.context["steps"]["likely"][0]["verb"] == "chase"
        counts = {queue.key: queue.shown for queue in client_of(cast.sari).get("/meja/").context["queues"]}
        assert counts["agency"] == "1"
        actions.chase(row, text="Mohon jawaban.", by=cast.sari)
        assert client_of(cast.sari).get("/meja/?queue=agency").context["rows"] == []
    assert "agency" not in {queue.key for queue in client_of(cast.sari).get("/meja/").context["queues"]}


def test_late_agencies_take_the_same_statements_however_many_they_are(cast: Cast) -> None:
    reminders.sweep()  # the calendar is read once a minute
    counts = []
    for more in (1, 8):
        for _ in range(more):
            _row, _referral, after = waiting(cast)
        with CaptureQueriesContext(connection) as counted:
            assert reminders.sweep(after) == more
        counts.append(len([query for query in counted if query["sql"].startswith(("SELECT", "INSERT", "UPDATE"))]))
    assert counts[0] == counts[1]
    assert counts[0] <= 6, "villages, clocks, referrals; claim, events; the worker is woken"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_of_an_agency_once() -> None:
    cast = build()
    rows = [waiting(cast) for _ in range(5)]
    found: list[int] = []

    def work() -> None:
        try:
            found.append(reminders.sweep(rows[-1][2]))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == len(rows)
    assert [len(late_agencies(row)) for row, _referral, _after in rows] == [1] * len(rows)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_claim_and_event_leaves_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = build()
    row, _referral, after = waiting(cast)
    with monkeypatch.context() as killed:
        killed.setattr("kentongan.complaints.actions._act.write_events", lambda events: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reminders.sweep(after)
    assert not Reminder.objects.exists()
    assert reminders.sweep(after) == 1
    assert len(late_agencies(row)) == 1
