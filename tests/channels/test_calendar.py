"""Invitations by mail: calendar files that two programs which know nothing of us read back, sent by a real mail server, to each invited person alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar
import pytest
import vobject
from django.utils import timezone

from kentongan.channels import calendar
from kentongan.channels.email import invitations, tasks, words
from kentongan.channels.models import Mailbox, OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.actions import meetings as deeds
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Meeting
from kentongan.web.desk.meetings.seat import seat_of
from kentongan.web.desk.meetings.seat import told as told_how
from tests import letters, make, meet
from tests.cast import Cast
from tests.channels.test_notify import told
from tests.mailserver import Smtp

pytestmark = pytest.mark.django_db(transaction=True)
OFFSETS = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with Smtp() as running:
        yield running


@pytest.fixture
def box(cast: Cast, smtp: Smtp) -> Mailbox:
    return letters.mailbox(cast.village, smtp_port=smtp.port, smtp_security="NONE", smtp_login=False, plus=True)


def appointment(zone: str = "Asia/Jakarta") -> calendar.Appointment:
    return calendar.Appointment(
        uid="5f0c-uid",
        sequence=3,
        starts=datetime(2026, 12, 1, 2, tzinfo=UTC),
        ends=datetime(2026, 12, 1, 4, tzinfo=UTC),
        zone=zone,
        place="Balai desa; ruang A, lantai 2\nJalan Melati",
        summary="Mediasi pengaduan nomor 2026-0012",
        stamp=datetime(2026, 11, 25, 1, 2, 3, 4, tzinfo=UTC),
    )


@pytest.mark.parametrize("zone", OFFSETS)
def test_two_independent_programs_read_the_same_meeting(zone: str) -> None:
    content = calendar.written(
        appointment(zone),
        method="REQUEST",
        organizer="desa@kuripan.example",
        name="Desa Kuripan; Kidul",
        attendee="a@example.com",
    )
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))

    whole = icalendar.Calendar.from_ical(content)
    event = whole.walk("VEVENT")[0]
    assert (whole["METHOD"], event["UID"], event["SEQUENCE"]) == ("REQUEST", "5f0c-uid", 3)
    assert event["DTSTART"].params["TZID"] == zone
    assert event["DTSTART"].dt == datetime(2026, 12, 1, 2, tzinfo=UTC)
    assert event["DTSTAMP"].dt == datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC)
    assert [str(zone["TZID"]) for zone in whole.walk("VTIMEZONE")] == [zone]

    other = vobject.readOne(content.decode())
    read = other.vevent
    assert other.method.value == "REQUEST"
    assert read.dtstart.value.astimezone(UTC) == datetime(2026, 12, 1, 2, tzinfo=UTC)
    assert read.dtstart.value.utcoffset() == timedelta(hours=OFFSETS[zone])
    assert read.dtend.value - read.dtstart.value == timedelta(hours=2)
    assert read.location.value == "Balai desa; ruang A, lantai 2\nJalan Melati"
    assert (read.uid.value, read.sequence.value, read.status.value) == ("5f0c-uid", "3", "CONFIRMED")
    assert (read.organizer.value, read.attendee.value) == ("mailto:desa@kuripan.example", "mailto:a@example.com")


def test_without_a_mailbox_and_without_a_guest() -> None:
    content = calendar.written(appointment(), method="PUBLISH", organizer="", name="Desa Kuripan")
    event = icalendar.Calendar.from_ical(content).walk("VEVENT")[0]
    assert str(event["ORGANIZER"]) == "invalid:nomail"
    assert "ATTENDEE" not in event


def going_out(cast: Cast) -> list[OutgoingMessage]:
    return [letter for letter in letters.goes_out(cast.village) if letter.kind in words.TO_INVITED]


def sent(smtp: Smtp, letter: OutgoingMessage) -> tuple[EmailMessage, icalendar.Calendar | None]:
    """The letter as the mail server took it, and the calendar file in it."""
    tasks.send.call(letter.pk)
    made = message_from_bytes(smtp.letters[-1], policy=policy.default)
    assert isinstance(made, EmailMessage)
    found = [part for part in made.walk() if part.get_content_type() == "text/calendar"]
    assert len(found) <= 1
    if not found:
        return made, None
    whole = icalendar.Calendar.from_ical(found[0].get_content())
    assert found[0].get_param("method") == str(whole["METHOD"])
    copy = next(part for part in made.iter_attachments() if part.get_filename() == "rapat.ics")
    assert icalendar.Calendar.from_ical(copy.get_content()) == whole
    assert vobject.readOne(found[0].get_content()).vevent.uid.value == str(whole.walk("VEVENT")[0]["UID"])
    return made, whole


def test_invited_moved_and_called_off_as_calendars_understand_it(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    first, second = make.complaint(cast, State.VERIFIED), make.complaint(cast, State.VERIFIED)
    meeting = meet.called(cast, first, second, with_complainants=True)
    (letter,) = going_out(cast)
    made, whole = sent(smtp, letter)
    assert whole is not None
    event = whole.walk("VEVENT")[0]
    assert (letter.kind, letter.address, whole["METHOD"], event["SEQUENCE"]) == ("invitation", "bayu@example.com", "REQUEST", 0)
    assert str(event["UID"]) == meeting.uid
    assert event["SUMMARY"] == f"Rapat pembahasan pengaduan nomor {first.number}, {second.number}"
    assert str(event["ATTENDEE"]) == "mailto:bayu@example.com"
    assert str(event["ORGANIZER"]) == f"mailto:{letters.DESK}"
    assert "Aipda Bayu Pratama" in letter.text
    assert "pukul 09.00–11.00 WIB" in letter.text
    assert made["Reply-To"] is None
    for secret in ("Karto", "mushola", first.code, "Ketua RT", "Joko"):
        assert secret not in smtp.letters[-1].decode() + str(whole.to_ical()) + letter.text

    later = meet.today(cast.village, 13)
    meeting = deeds.change(
        meeting,
        starts_at=later,
        ends_at=later + timedelta(hours=1),
        place="Rumah RT",
        agenda="",
        reason="Balai dipakai.",
        by=cast.sari,
    )
    moved = going_out(cast)[-1]
    _made, whole = sent(smtp, moved)
    assert whole is not None
    event = whole.walk("VEVENT")[0]
    assert (moved.kind, event["SEQUENCE"], event["LOCATION"], str(event["UID"])) == (
        "invitation_changed",
        1,
        "Rumah RT",
        meeting.uid,
    )
    assert "Balai dipakai." in moved.text

    deeds.cancel(meeting, reason="Sudah rukun.", by=cast.sari)
    _made, whole = sent(smtp, going_out(cast)[-1])
    assert whole is not None
    event = whole.walk("VEVENT")[0]
    assert (whole["METHOD"], event["STATUS"], event["SEQUENCE"], str(event["UID"])) == ("CANCEL", "CANCELLED", 2, meeting.uid)
    assert len(going_out(cast)) == 3, "one letter each, however many complaints are treated"


def test_a_letter_says_what_was_true_when_it_was_written(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    meeting = meet.called(cast, make.complaint(cast, State.VERIFIED))
    (letter,) = going_out(cast)
    deeds.cancel(meeting, reason="Batal.", by=cast.sari)
    _made, whole = sent(smtp, letter)
    assert whole is not None
    assert (whole["METHOD"], whole.walk("VEVENT")[0]["SEQUENCE"]) == ("REQUEST", 0)


def test_proposed_days_are_asked_about_without_a_calendar_file(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    days = [meet.today(cast.village, 9, days=n) for n in (1, 2)]
    meeting = meet.called(cast, make.complaint(cast, State.VERIFIED), plan=meet.plan(cast.village, *days))
    (letter,) = going_out(cast)
    _made, whole = sent(smtp, letter)
    assert whole is None
    assert letter.text.count("pukul 09.00 WIB") == 2
    deeds.fix_date(meeting, starts_at=days[0], ends_at=days[0] + timedelta(hours=2), by=cast.sari)
    assert going_out(cast)[-1].kind == "invitation"


def test_each_by_his_own_address_once_and_nobody_who_was_shut_out(cast: Cast, box: Mailbox) -> None:
    for user, address in ((cast.joko, "joko@example.com"), (cast.harun, "harun@example.com")):
        user.email = address
        user.save()
    complaint = make.complaint(cast, State.IN_PROGRESS)
    complaint.complainant.email = "karto@example.com"
    complaint.complainant.save()
    guests = (
        actions.Guest("Joko", user=cast.joko),
        actions.Guest("Harun", user=cast.harun),
        actions.Guest("Joko lagi", email="JOKO@example.com"),
    )
    meeting = meet.called(cast, complaint, guests=guests, with_complainants=True)
    assert sorted(letter.address for letter in going_out(cast)) == ["harun@example.com", "joko@example.com", "karto@example.com"]
    assert told(complaint, "convened") == {"joko", "harun"}
    actions.name(complaint, officials=[cast.harun], by=cast.sari)
    deeds.cancel(Meeting.objects.get(pk=meeting.pk), reason="Batal.", by=cast.sari)
    assert sorted(letter.address for letter in going_out(cast)[3:]) == ["joko@example.com", "karto@example.com"]
    assert told(complaint, "meeting_changed") == {"joko"}


def test_who_has_left_the_office_is_written_to_no_more(cast: Cast, box: Mailbox) -> None:
    cast.joko.email = "joko@example.com"
    cast.joko.save()
    meeting = meet.called(cast, make.complaint(cast, State.IN_PROGRESS))
    before = going_out(cast)
    waiting = next(letter for letter in before if letter.address == "joko@example.com")
    cast.joko.memberships.update(until=timezone.localdate() - timedelta(days=1))
    assert not invitations.still_asked(waiting), "not even what was written before"
    deeds.cancel(Meeting.objects.get(pk=meeting.pk), reason="Batal.", by=cast.sari)
    assert [letter.address for letter in going_out(cast)[len(before) :]] == ["bayu@example.com"]


def test_in_the_east_the_letter_says_the_clock_of_the_east(cast: Cast, box: Mailbox) -> None:
    cast.village.zone = "Asia/Jayapura"
    cast.village.save()
    meeting = meet.called(cast, make.complaint(cast, State.VERIFIED))
    assert "pukul 09.00–11.00 WIT" in going_out(cast)[0].text
    event = icalendar.Calendar.from_ical(invitations.published(meeting, cast.village)).walk("VEVENT")[0]
    assert event["DTSTART"].to_ical().decode().endswith("T090000")
    assert event["DTSTART"].params["TZID"] == "Asia/Jayapura"


def test_a_village_without_a_mailbox_writes_nobody_and_still_has_the_file(cast: Cast) -> None:
    meeting = meet.called(cast, make.complaint(cast, State.VERIFIED))
    assert going_out(cast) == []
    whole = icalendar.Calendar.from_ical(invitations.published(meeting, cast.village))
    assert (whole["METHOD"], str(whole.walk("VEVENT")[0]["ORGANIZER"])) == ("PUBLISH", "mailto:desa@sukamaju.example")


def test_a_mailbox_shared_with_somebody_shut_out_gets_no_letter(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    """Whoever reads at one address reads all of it: asked when the letter is written, and when it goes."""
    for user in (cast.joko, cast.lastri):
        user.email = "Kantor@example.com"
        user.save()
    one, two = make.complaint(cast, State.IN_PROGRESS), make.complaint(cast, State.VERIFIED)
    meeting = meet.called(cast, one, two, guests=(actions.Guest("Joko", user=cast.joko),))
    (letter,) = going_out(cast)
    seat = seat_of(meeting.pk, cast.sari, cast.village)
    assert [how for _row, how in told_how(seat)] == ["mail"]
    actions.recuse(two, by=cast.lastri)
    assert [how for _row, how in told_how(seat)] == [""], "the page says that he must be told otherwise"
    tasks.send.call(letter.pk)
    assert smtp.letters == []
    deeds.cancel(Meeting.objects.get(pk=meeting.pk), reason="Batal.", by=cast.sari)
    assert not [row for row in going_out(cast) if row.kind == "invitation_cancelled"]


def test_a_guest_at_the_address_of_somebody_shut_out_gets_no_letter(cast: Cast, box: Mailbox) -> None:
    cast.harun.email = "harun@example.com"
    cast.harun.save()
    complaint = make.received(cast, named=(cast.harun.pk,))
    meet.called(cast, complaint, guests=(actions.Guest("Pak Lurah", email="HARUN@example.com"),))
    assert going_out(cast) == []
