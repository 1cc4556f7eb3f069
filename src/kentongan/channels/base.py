"""What every door builds, and what a door is: ``Incoming`` and ``Channel``."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

from kentongan.complaints.actions import NewFile


@dataclass(frozen=True)
class Contact:
    """Who speaks, as far as he says so; every field may be empty. ``phone`` is E.164, ``email`` lower case.

    ``known``: the id of a complainant of this village the officer recognised, instead of a new one.
    """

    name: str = ""
    phone: str = ""
    address: str = ""
    hamlet_id: int | None = None
    rw: str = ""
    rt: str = ""
    known: int | None = None
    email: str = ""


@dataclass(frozen=True)
class Details:
    """What a form asks beyond the text; a message has none of it."""

    subject: str = ""
    happened: str = ""
    who: str = ""
    wish: str = ""
    place: str = ""
    hamlet_id: int | None = None
    rw: str = ""
    rt: str = ""
    identity_hidden: bool = False
    confidential: bool = False
    named: tuple[int, ...] = ()
    represents: str = ""
    outside_number: str = ""


@dataclass(frozen=True)
class Incoming:
    """One message by one door. ``external_id`` is the door's own mark of it (form token, Message-ID): the same twice is one message."""

    channel: str
    external_id: str
    sender: Contact
    text: str
    received_at: datetime
    details: Details = field(default_factory=Details)
    thread: str = ""
    attachments: tuple[NewFile, ...] = ()


@dataclass(frozen=True)
class Channel:
    """A door. ``key`` is stored with every complaint; ``icon`` names a picture of the sprite; ``by_officer``: he enters it for somebody.

    What comes in passes ``intake``, whoever brings it: a form, an officer, or a job that looks after a mailbox. What goes out
    by a door is a durable job in the door's own folder (docs/adr/0009).
    """

    key: str
    label: Promise | str
    icon: str
    by_officer: bool = False
