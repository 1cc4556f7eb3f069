"""The doors, as a literal: a new channel is a folder and a line here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.channels.base import Channel

DOORS = (
    Channel("walk_in", _("Face to face"), "person", by_officer=True),
    Channel("phone", _("Telephone"), "phone", by_officer=True),
    Channel("letter", _("Letter"), "letter", by_officer=True),
    Channel("box", _("Suggestion box"), "box", by_officer=True),
    Channel("web", _("Web form"), "globe"),
    Channel("email", _("E-mail"), "mail"),
    Channel("instagram", "Instagram", "instagram"),
    Channel("whatsapp", "WhatsApp", "message"),
)
CHANNELS = {door.key: door for door in DOORS}
# How an answer may have reached somebody besides the doors themselves.
OTHER_WAYS: dict[str, Promise | str] = {"courier": _("Courier"), "board": _("Notice board")}
SLIPS: dict[str, Promise | str] = {"paper": _("Paper slip")}  # how a judgement may have come in besides


def label(key: str) -> Promise | str:
    """The name of a door for people; the key itself when a book of the past knows another."""
    return CHANNELS[key].label if key in CHANNELS else (OTHER_WAYS | SLIPS).get(key, key)
