"""What every door builds and every way out takes: ``Incoming`` and ``Channel``."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from django.utils.functional import Promise

from kentongan.complaints.actions import NewFile

if TYPE_CHECKING:
    from kentongan.channels.models import OutgoingMessage


@dataclass(frozen=True)
class Contact:
    """Who speaks, as far as he says so; every field may be empty. ``phone`` is E.164.

    ``known``: the id of a complainant of this village the officer recognised, instead of a new one.
    """

    name: str = ""
    phone: str = ""
    address: str = ""
    hamlet_id: int | None = None
    rw: str = ""
    rt: str = ""
    known: int | None = None


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


class CannotSend(Exception):
    """The message did not go out. ``permanent``: trying again is no use; a person must call, print or visit."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class Channel(Protocol):
    """A way in and out. ``key`` is stored with every complaint; ``icon`` names a picture of the sprite."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> Promise | str: ...

    @property
    def icon(self) -> str: ...

    @property
    def by_officer(self) -> bool:
        """Whether an officer enters it for somebody."""
        ...

    def fetch(self) -> Iterable[Incoming]:
        """What waits at a door that must be looked after; nothing for doors that are pushed to."""
        ...

    def send(self, message: "OutgoingMessage") -> str:
        """Send, and return the outside id. Raises ``CannotSend``."""
        ...
