"""Reminders: before, on the day, and up the ladder; each reason once, and never to whom the complaint is about."""

import os
import secrets
import subprocess
import sys
import threading
import time
from copy import copy as copy_of
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions, clocks, ledger, reminders
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Event, Reminder
from tests import make
from tests.cast import Cast, build
from tests.channels.test_notify import tell, told


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
    assert reminders.sweep((row.due_at or timezone.now()) + timedelta(days=400)) == 0


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
    assert len(asked) == 2 + 3 * rounds, "villages and days off are read once"
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
            time.sleep(0.002)
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
