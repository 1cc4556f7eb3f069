"""Meetings as calendar files (RFC 5545), asked for, called off and answered as calendars understand it (RFC 5546)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText
from icalendar.parser import Contentlines

PRODUCT = "-//Kentongan//Meja Pengaduan Desa//ID"
MOST_BYTES = 64 * 1024  # of an answer that is read: programs write two or three thousand
ANSWERS = frozenset({"ACCEPTED", "DECLINED", "TENTATIVE"})
_EVENT = ["VCALENDAR", "VEVENT"]
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


@dataclass(frozen=True)
class Reply:
    """What a calendar program answers (§3.2.3): who comes to what. ``attendee``: lower case; ``answer``: one of ``ANSWERS``.

    Without a ``uid`` it is an answer that cannot be read, or one that the rules do not know.
    """

    uid: str = ""
    sequence: int = 0
    attendee: str = ""
    answer: str = ""


def reply(content: bytes) -> Reply:
    """The answer in a file that says it is one; never raises. One meeting, one person: all else is nobody's answer.

    Read line by line and no further: what time zones and repetitions a stranger sends along is not worked out.
    """
    if len(content) > MOST_BYTES:
        return Reply()
    try:
        said = _of_the_event(content)
        (uid, _none), (attendee, more) = _only(said["UID"]), _only(said["ATTENDEE"])
        found = Reply(
            uid=uid,
            sequence=int(_only(said.get("SEQUENCE", [("0", {})]))[0]),
            attendee=attendee.lower().removeprefix("mailto:").strip(),
            answer=str(more.get("PARTSTAT", "")).upper(),
        )
    except Exception:  # noqa: BLE001 - a stranger wrote it, and a library reads it
        return Reply()
    return found if found.answer in ANSWERS and found.uid.isprintable() else Reply()


def _only(lines: list[tuple[str, Any]]) -> tuple[str, Any]:
    """The one value with its parameters. Raises ``ValueError`` when there are several."""
    (one,) = lines
    return one


def _of_the_event(content: bytes) -> dict[str, list[tuple[str, Any]]]:
    """What stands in the one event itself, by name. Raises ``ValueError`` when there is none, or more than one, or no end."""
    said: dict[str, list[tuple[str, Any]]] = {}
    inside: list[str] = []
    events = 0
    for line in Contentlines.from_ical(content):  # type: ignore[no-untyped-call]
        name, more, value = line.parts() if line else ("", {}, "")
        if name.upper() == "BEGIN":
            inside.append(value.upper())
            events += inside == _EVENT
        elif name.upper() == "END":
            inside.pop()
        elif inside == _EVENT:
            said.setdefault(name.upper(), []).append((value, more))
    if events != 1 or inside:
        raise ValueError("not one event")
    return said


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
    made.params["rsvp"] = vText("TRUE")
    return made
