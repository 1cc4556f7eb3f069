"""The doors, as a literal: a new channel is a class and a line here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.channels import manual
from kentongan.channels.base import Channel

CHANNELS: dict[str, Channel] = {door.key: door for door in (manual.WALK_IN, manual.PHONE, manual.LETTER, manual.BOX, manual.WEB)}
# How an answer may have reached somebody besides the doors themselves.
OTHER_WAYS: dict[str, Promise | str] = {"courier": _("Courier"), "board": _("Notice board")}


def label(key: str) -> Promise | str:
    """The name of a door for people; the key itself when a book of the past knows another."""
    return CHANNELS[key].label if key in CHANNELS else OTHER_WAYS.get(key, key)
