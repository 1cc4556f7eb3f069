"""Letters to officials, sent by the worker's own jobs to a real mail server: at once, never at night, never past the wall."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from kentongan.channels.email import officials, outbox
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Event
from kentongan.jobs.models import Job
from kentongan.village.models import Leave, User, Village
from tests import letters, make, meet
from tests.cast import Cast
from tests.channels.email.official import NOON, body, got, report, wants, work
from tests.channels.test_notify import tell, told
from tests.mailserver import Smtp

pytestmark = pytest.mark.django_db(transaction=True)


def away(cast: Cast, who: User, stand_in: User) -> Leave:
    day = timezone.localdate()
    return Leave.objects.create(village=cast.village, user=who, stand_in=stand_in, since=day, until=day)


# --- at once -----------------------------------------------------------------------------------------------------------


def test_a_notice_goes_out_at_once_and_says_nothing_but_the_number_and_what_happened(desk: Cast, smtp: Smtp) -> None:
    row = make.received(desk)
    work()
    [made] = got(smtp, desk.sari)
    assert str(made["Subject"]) == f"Meja pengaduan: {row.number}"
    assert f"{row.number}: Diterima dan dicatat" in body(made)
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["Reply-To"] is None
    wire = smtp.letters[-1].decode() + body(made)
    for secret in ("Karto", "mushola", "Melati", "5141182163", "5141-182163", row.code, row.subject):
        assert secret not in wire
    assert smtp.recipients == ["sari@example.com"]


def test_who_asked_for_none_or_for_one_in_the_morning_gets_none_at_once(desk: Cast, smtp: Smtp) -> None:
    wants(desk.joko, digest=True)
    desk.sari.by_mail = False
    desk.sari.save()
    row = make.complaint(desk, State.ASSIGNED)
    work()
    assert smtp.letters == []
    assert told(row, "assigned") == {"joko"}, "the desk tells them"


def test_letters_to_officials_are_no_unread_notices(desk: Cast) -> None:
    from kentongan.web.context import unread

    make.received(desk)
    work()
    assert unread(desk.sari) == 1
    assert OutgoingMessage.objects.filter(to=desk.sari).count() == 2


def test_people_who_share_a_mailbox_get_one_letter(desk: Cast, smtp: Smtp) -> None:
    for user in (desk.sari, desk.joko, desk.harun):
        wants(user, "Kantor@example.com")
    row = make.complaint(desk, State.RESPONDED)
    work()
    smtp.letters.clear()
    actions.appeal(row, text="Belum.", by=None)
    work()
    assert told(row, "appealed") == {"sari", "joko", "harun"}
    assert len(got(smtp, "kantor@example.com")) == len(smtp.letters) == 1


# --- past the wall nothing ---------------------------------------------------------------------------------------------


def test_who_is_shut_out_gets_nothing_and_who_takes_over_does(desk: Cast, smtp: Smtp) -> None:
    make.received(desk, named=(desk.sari.pk,))
    work()
    assert got(smtp, desk.sari) == []
    assert len(got(smtp, desk.lastri)) == 1


def test_nor_by_a_mailbox_he_shares_with_one_who_is_not(desk: Cast, smtp: Smtp) -> None:
    wants(desk.lastri, desk.sari.email)
    make.received(desk, named=(desk.sari.pk,))
    tell()
    assert not OutgoingMessage.objects.filter(kind="notice").exists(), "it is not even written"
    work()
    assert smtp.letters == []
    row = make.received(desk)
    tell()
    actions.name(row, officials=[desk.lastri], by=desk.sari)
    work()
    assert got(smtp, desk.sari) == []


def test_who_is_shut_out_after_the_event_gets_nothing_though_the_letter_was_written(desk: Cast, smtp: Smtp) -> None:
    row = make.complaint(desk, State.ASSIGNED)
    tell()
    assert OutgoingMessage.objects.filter(kind="notice", to=desk.joko).count() == 1
    actions.name(row, officials=[desk.joko], by=desk.sari)
    work()
    assert got(smtp, desk.joko) == []
    assert not OutgoingMessage.objects.filter(kind="notice", to=desk.joko).exists(), "and no trace that there was one"
    assert not Job.objects.filter(state__in=["READY", "DEAD"]).exists()


def test_an_invitation_does_not_go_to_an_official_shut_out_since(desk: Cast, smtp: Smtp) -> None:
    row = make.complaint(desk, State.IN_PROGRESS)
    meet.called(desk, row, plan=meet.plan(desk.village, meet.today(desk.village, 15)))
    tell()
    actions.name(row, officials=[desk.joko], by=desk.sari)
    work()
    assert [made for made in got(smtp, desk.joko) if "Undangan" in made["Subject"]] == []
    assert len(got(smtp, "bayu@example.com")) == 1


@pytest.mark.parametrize("change", ["off", "moved", "closed"])
def test_a_letter_that_waits_is_dropped_when_it_is_not_wanted_there_any_more(desk: Cast, smtp: Smtp, change: str) -> None:
    make.received(desk)
    tell()
    if change == "off":
        desk.sari.by_mail = False
    elif change == "moved":
        desk.sari.email = "baru@example.com"
    else:
        desk.sari.is_active = False
    desk.sari.save()
    work()
    assert smtp.letters == []


def test_the_stand_in_is_told_while_the_official_is_away_and_not_after(desk: Cast, smtp: Smtp) -> None:
    leave = away(desk, desk.joko, desk.wati)
    row = make.complaint(desk, State.ASSIGNED)
    work()
    assert told(row, "assigned") == {"joko", "wati"}
    assert [f"Meja pengaduan: {row.number}"] == [str(made["Subject"]) for made in got(smtp, desk.wati)]
    leave.delete()
    actions.add(row, text="Makin dalam lubangnya.", by=None, via="web")
    work()
    assert told(row, "added") == {"sari", "joko"}
    assert len(got(smtp, desk.wati)) == 1


def test_a_letter_to_a_stand_in_whose_time_ended_before_it_went_is_dropped(desk: Cast, smtp: Smtp) -> None:
    leave = away(desk, desk.joko, desk.wati)
    make.complaint(desk, State.ASSIGNED)
    tell()
    leave.delete()
    work()
    assert got(smtp, desk.wati) == []
    assert len(got(smtp, desk.joko)) == 1


# --- quiet hours -------------------------------------------------------------------------------------------------------

NIGHT, LUNCH, NONE = (time(20), time(6)), (time(12), time(13, 30)), (time(7), time(7))
WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"


@pytest.mark.parametrize(
    ("hours", "zone", "now", "goes"),
    [  # ``now`` and ``goes`` by the village's own clock; "": at once
        (NIGHT, WIB, "25 19:59:59", ""),
        (NIGHT, WIB, "25 20:00:00", "26 06:00"),
        (NIGHT, WIB, "25 23:59:59", "26 06:00"),
        (NIGHT, WIB, "26 00:00:00", "26 06:00"),
        (NIGHT, WIB, "26 05:59:59", "26 06:00"),
        (NIGHT, WIB, "26 06:00:00", ""),
        (NIGHT, WITA, "25 20:00:00", "26 06:00"),
        (NIGHT, WITA, "25 19:00:00", ""),
        (NIGHT, WIT, "26 05:30:00", "26 06:00"),
        (NIGHT, WIT, "26 06:00:00", ""),
        (LUNCH, WIB, "25 11:59:59", ""),
        (LUNCH, WIB, "25 12:00:00", "25 13:30"),
        (LUNCH, WIT, "25 13:29:59", "25 13:30"),
        (LUNCH, WIT, "25 13:30:00", ""),
        (NONE, WIB, "25 07:00:00", ""),
        (NONE, WIB, "25 03:00:00", ""),
        ((time(20), time(6, 0, 30)), WIB, "26 06:00:10", "26 06:00"),
    ],
)
def test_quiet_hours_hold_by_the_villages_own_clock(hours: tuple[time, time], zone: str, now: str, goes: str) -> None:
    from zoneinfo import ZoneInfo

    village = Village(zone=zone, quiet_from=hours[0], quiet_until=hours[1])
    here = datetime.strptime(f"2026-11-{now}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZoneInfo(zone))
    found = officials.awake(village, here.astimezone(UTC))
    assert (f"{village.local(found):%d %H:%M}" if found else "") == goes


def test_what_happens_at_night_is_told_when_the_night_is_over(desk: Cast, smtp: Smtp, noon: time_machine.Traveller) -> None:
    noon.move_to(NOON + timedelta(hours=10))  # 22.00
    make.received(desk)
    work()
    assert smtp.letters == []
    noon.move_to(NOON + timedelta(hours=17, minutes=59))
    work()
    assert smtp.letters == []
    noon.move_to(NOON + timedelta(hours=18))  # 06.00
    work()
    assert len(got(smtp, desk.sari)) == 1


def test_a_letter_held_up_into_the_night_waits_for_the_morning_and_the_wall_is_asked_again(
    desk: Cast, smtp: Smtp, noon: time_machine.Traveller
) -> None:
    first, second = make.received(desk), make.received(desk)
    tell()  # at noon, but the worker comes to it at night
    noon.move_to(NOON + timedelta(hours=11))
    work()
    assert smtp.letters == []
    actions.name(second, officials=[desk.sari], by=desk.sari)
    noon.move_to(NOON + timedelta(hours=18))
    work()
    assert [str(made["Subject"]) for made in got(smtp, desk.sari)] == [f"Meja pengaduan: {first.number}"]
    assert not Job.objects.filter(state__in=["READY", "DEAD"]).exists()


def test_the_night_is_for_officials_alone(desk: Cast, smtp: Smtp, noon: time_machine.Traveller) -> None:
    noon.move_to(NOON + timedelta(hours=10))
    letters.arrives(desk.village, letters.written(letters.COMPLETE))
    work()
    assert len(got(smtp, "karto@example.com")) == 1


# --- letters that come back --------------------------------------------------------------------------------------------


def test_a_notice_that_comes_back_is_no_letter_to_the_complainant_and_starts_no_endless_round(desk: Cast, smtp: Smtp) -> None:
    row = make.received(desk)
    work()
    [notice] = OutgoingMessage.objects.filter(kind="notice")
    letters.arrives(desk.village, report(notice))
    work()
    assert OutgoingMessage.objects.get(pk=notice.pk).state == OutgoingMessage.State.BOUNCED
    assert not Event.for_system("test").filter(complaint=row, kind="undelivered").exists()
    assert len(smtp.letters) == 1


def test_a_refused_address_of_an_official_is_nothing_that_happened_to_the_complaint(desk: Cast, smtp: Smtp) -> None:
    smtp.refused = {desk.sari.email}
    row = make.received(desk)
    work()
    assert [letter.state for letter in OutgoingMessage.objects.filter(kind="notice")] == ["FAILED"]
    assert not Event.for_system("test").filter(complaint=row, kind="undelivered").exists()


def test_a_flood_fills_no_officials_mailbox_and_holds_back_no_receipt(desk: Cast, smtp: Smtp) -> None:
    for _ in range(outbox.MOST_TO_OFFICIAL_AN_HOUR + 5):
        make.received(desk)
    work()
    assert len(got(smtp, desk.sari)) == outbox.MOST_TO_OFFICIAL_AN_HOUR
    assert OutgoingMessage.objects.filter(to=desk.sari, channel="desk").count() == outbox.MOST_TO_OFFICIAL_AN_HOUR + 5
    letters.arrives(desk.village, letters.written(letters.COMPLETE))
    work()
    assert len(got(smtp, "karto@example.com")) == 1
