"""What a chat message can be, said in words; and the facts both channels are read into."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.lib import text as texts

KINDS: dict[str, Promise | str] = {
    "text": "",
    "image": _("A picture"),
    "video": _("A video"),
    "audio": _("A voice message"),
    "file": _("A file"),
    "sticker": _("A sticker"),
    "location": _("A place on the map"),
    "contact": _("A telephone contact"),
    "story": _("An answer to a story, or a mention in one"),
    "post": _("A shared post"),
    "button": _("A pressed button"),
    "order": _("An order"),
    "comment": _("A comment under a post"),
    "unsupported": _("Something that cannot be shown here; it can be seen in the app"),
}
LONGEST = 20_000


@dataclass(frozen=True)
class Said:
    """One message. ``person``: the other side's id, also where ``ours``. ``media``: what must be fetched."""

    person: str
    id: str
    kind: str
    at: datetime
    text: str = ""
    ours: bool = False
    name: str = ""
    handle: str = ""
    answers: str = ""
    media: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class Marked:
    """What happened to a message: "unsent", "reaction" (``value``: the sign, empty when taken back), or a delivery state in ``value``."""

    person: str
    id: str
    what: str
    at: datetime
    value: str = ""
    ours: bool = False
    reason: str = ""


@dataclass(frozen=True)
class ReadUpTo:
    """The other side has read everything that was sent until ``at``."""

    person: str
    at: datetime


Fact = Said | Marked | ReadUpTo


@dataclass
class Facts:
    """What one call told. ``foreign``: it speaks of another account; ``strange``: parts that nobody understands."""

    found: list[Fact] = field(default_factory=list)
    foreign: int = 0
    strange: int = 0


def words(value: Any, longest: int = LONGEST) -> str:
    """``value`` as a text fit to be kept; empty when it is none."""
    text = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return texts.clean(text.encode("utf-8", "replace").decode())[:longest]


def mark(value: Any) -> str:
    """An id of Meta's; empty when it cannot be one."""
    text = words(value)
    return text if 0 < len(text) <= 200 else ""


def at(value: Any, scale: int, otherwise: datetime) -> datetime:
    """Meta's time: a number or digits, ``scale`` of them a second. What cannot be one, or lies ahead, is ``otherwise``."""
    try:
        moment = datetime.fromtimestamp(int(value) / scale, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return otherwise
    return moment if moment.year > 2010 and moment <= otherwise else otherwise


def items(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, whatever else lies in it."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def inside(value: Any, *names: str) -> Any:
    """``value[name][name]…``; ``None`` where it ends before."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
