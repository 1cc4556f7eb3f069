"""Meetings as calendar files (RFC 5545), asked for and called off as calendars understand it (RFC 5546)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Kentongan//Meja Pengaduan Desa//ID"
NOBODY = "invalid:nomail"  # what calendars write for an organizer without a mailbox


@dataclass(frozen=True)
class Appointment:
    """One meeting as a calendar keeps it. ``summary`` bears register numbers, never what was complained of or by whom."""

    uid: str
    sequence: int
    starts: datetime
    ends: datetime
    zone: str  # of the village: "Asia/Makassar"
    place: str
    summary: str
    stamp: datetime  # when it was written so


def written(appointment: Appointment, *, method: str, organizer: str, name: str, attendee: str = "") -> bytes:
    """The file: ``method`` REQUEST or CANCEL to one ``attendee``, PUBLISH to nobody in particular.

    Only the recipient himself stands in it: who else comes is not told to mail servers.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_event(appointment, method, organizer, name, attendee))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(appointment: Appointment, method: str, organizer: str, name: str, attendee: str) -> Event:
    zone = ZoneInfo(appointment.zone)
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", appointment.starts.astimezone(zone))
    event.add("dtend", appointment.ends.astimezone(zone))
    event.add("summary", appointment.summary)
    event.add("location", appointment.place)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event["organizer"] = _address(organizer, name)
    if attendee:
        event.add("attendee", _guest(attendee), encode=False)
    return event


def _address(address: str, name: str) -> vCalAddress:
    made = vCalAddress(f"mailto:{address}" if address else NOBODY)
    made.params["cn"] = vText(name)
    return made


def _guest(address: str) -> vCalAddress:
    made = vCalAddress(f"mailto:{address}")
    made.params["role"] = vText("REQ-PARTICIPANT")
    made.params["partstat"] = vText("NEEDS-ACTION")
    made.params["rsvp"] = vText("FALSE")
    return made
