"""Letters about meetings: to each of those invited who has an address, with the calendar file his program understands."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, translation

from kentongan.channels import calendar
from kentongan.channels.email import outbox, words
from kentongan.channels.models import Mailbox, OutgoingMessage
from kentongan.complaints import actions, meetings
from kentongan.complaints.models import Event, Invitee, Meeting
from kentongan.village.models import Village

METHODS = {"invitation": "REQUEST", "invitation_changed": "REQUEST", "invitation_cancelled": "CANCEL"}  # of ``words.TO_INVITED``


@dataclass(frozen=True)
class File:
    """A calendar file and the method it must be announced with."""

    method: str
    content: bytes


def for_event(event: Event) -> list[OutgoingMessage]:
    """The letters an event of a meeting leads to, not yet saved: one to each address, however many complaints are treated.

    An event that bears ``invitees`` concerns them alone; the others have their letters already.
    """
    kind = str(event.data.get("letter") or "")
    mailbox = Mailbox.objects.filter(village=event.village_id, active=True).first() if kind in words.TO_INVITED else None
    if mailbox is None:
        return []
    meeting = Meeting.objects.get(pk=event.data["meeting"])
    concerned = [row for row in meetings.written_to(meeting) if row.pk in event.data.get("invitees", [row.pk])]
    known = {address_of(invitee): invitee for invitee in reversed(concerned)}
    told = sorted(known.keys() - {""} - meetings.kept_from(meeting))
    return [_letter(event, kind, mailbox, meeting, address, known[address]) for address in told]


def address_of(invitee: Invitee) -> str:
    """Where he reads letters; "" when he must be told otherwise."""
    return (invitee.email or (invitee.user.email if invitee.user else "")).lower()


def still_asked(letter: OutgoingMessage) -> bool:
    """Whether the reader of a written letter is still among those written to: who was shut out or left the office meanwhile is told nothing more."""
    return reader(letter) is not None


def reader(letter: OutgoingMessage) -> Invitee | None:
    """Whom a letter about a meeting is for, as things stand today."""
    meeting = Meeting.objects.filter(pk=letter.event.data["meeting"]).first() if letter.event else None
    if meeting is None or letter.address in meetings.kept_from(meeting):
        return None
    guests = meetings.written_to(meeting)
    return next((invitee for invitee in guests if address_of(invitee) == letter.address), None)


def answered(reply: calendar.Reply, sender: str, village: Village) -> Meeting | None:
    """Write down what somebody invited answers: the meeting; ``None`` when there is none, or the sender was not invited to it."""
    meeting = Meeting.objects.filter(village=village, uid=reply.uid).first() if reply.uid else None
    if meeting is None or not sender:
        return None
    his = [invitee for invitee in meetings.invited(meeting) if address_of(invitee) == sender]
    if his and reply.attendee == sender:
        actions.answer_invitation(meeting, his, answer=reply.answer, sequence=reply.sequence)
    return meeting if his else None


def _letter(event: Event, kind: str, mailbox: Mailbox, meeting: Meeting, address: str, invitee: Invitee) -> OutgoingMessage:
    village = event.complaint.village
    values = outbox.of_village(village) | {
        "nama": invitee.name,
        "nomor": ", ".join(complaint.printed_number(village) for complaint in meeting.complaints.order_by("pk")),
        "waktu": moments(event, village),
        "tempat": str(event.data["place"]),
        "acara": meeting.agenda or meeting.get_kind_display(),
        "isi": str(event.data["text"]),
    }
    letter = outbox.letter_to(mailbox, address, kind, village, values)
    letter.event, letter.complaint = event, event.complaint
    return letter


def moments(event: Event, village: Village) -> str:
    """``Rabu, 25 November 2026, pukul 09.00–11.00 WIB``; one line for each moment that is only proposed."""
    starts, ends = event.data["starts"], event.data["ends"]
    if starts:
        until = village.local(datetime.fromisoformat(ends))
        return f"{_moment(starts, village)}–{until:%H.%M} {village.zone_label}"
    return "\n".join(f"– {_moment(moment, village)} {village.zone_label}" for moment in event.data["proposals"])


def _moment(written: str, village: Village) -> str:
    local = village.local(datetime.fromisoformat(written))
    with translation.override("id"):
        return f"{formats.date_format(local.date(), 'l, j F Y')}, pukul {local:%H.%M}"


def file_with(letter: OutgoingMessage, mailbox: Mailbox) -> File | None:
    """The calendar file that goes with a letter, made from what its event says; ``None`` for others, and before there is a date."""
    event = letter.event
    if event is None or letter.kind not in METHODS or not event.data["starts"]:
        return None
    meeting = Meeting.objects.get(pk=event.data["meeting"])
    appointment = calendar.Appointment(
        uid=meeting.uid,
        sequence=event.data["sequence"],
        starts=datetime.fromisoformat(event.data["starts"]),
        ends=datetime.fromisoformat(event.data["ends"]),
        zone=mailbox.village.zone,
        place=event.data["place"],
        summary=meeting.title,
        stamp=event.at,
    )
    method = METHODS[letter.kind]
    organizer = {"organizer": mailbox.address, "name": f"Desa {mailbox.village.name}"}
    return File(method, calendar.written(appointment, method=method, attendee=letter.address, **organizer))


def published(meeting: Meeting, village: Village) -> bytes:
    """The meeting as a file to put into one's own calendar. Raises ``ValueError`` before there is a date."""
    if meeting.starts_at is None or meeting.ends_at is None:
        raise ValueError("a meeting without a date")
    appointment = calendar.Appointment(
        uid=meeting.uid,
        sequence=meeting.sequence,
        starts=meeting.starts_at,
        ends=meeting.ends_at,
        zone=village.zone,
        place=meeting.place,
        summary=meeting.title,
        stamp=meeting.minuted_at or meeting.at,
    )
    called_off = meeting.state == Meeting.State.CANCELLED
    mailbox = Mailbox.objects.filter(village=village, active=True).first()
    organizer = mailbox.address if mailbox else village.email
    method = "CANCEL" if called_off else "PUBLISH"
    return calendar.written(appointment, method=method, organizer=organizer, name=f"Desa {village.name}")
