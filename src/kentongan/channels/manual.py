"""The doors a person opens: counter, phone, letter, suggestion box, and the village's own web form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.channels.base import CannotSend, Incoming

if TYPE_CHECKING:
    from kentongan.channels.models import OutgoingMessage


@dataclass(frozen=True)
class Manual:
    """A door where a person writes down what another said; going out, a person must speak, call or hand over a letter."""

    key: str
    label: Promise | str
    icon: str
    by_officer: bool = True

    def fetch(self) -> Iterable[Incoming]:
        return ()

    def send(self, message: "OutgoingMessage") -> str:
        raise CannotSend("spoken or on paper", permanent=True)


@dataclass(frozen=True)
class Page:
    """The web form; what is said to the complainant stands on his tracking page, and officials read theirs on the desk."""

    key: str
    label: Promise | str
    icon: str
    by_officer: bool = False

    def fetch(self) -> Iterable[Incoming]:
        return ()

    def send(self, message: "OutgoingMessage") -> str:
        return f"page-{message.pk}"


WALK_IN = Manual("walk_in", _("Face to face"), "person")
PHONE = Manual("phone", _("Telephone"), "phone")
LETTER = Manual("letter", _("Letter"), "letter")
BOX = Manual("box", _("Suggestion box"), "box")
WEB = Page("web", _("Web form"), "globe")
