"""What a call of WhatsApp's tells. Times are digits, in seconds.

Shapes: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks
"""

from datetime import datetime
from typing import Any

from kentongan.channels.meta.kinds import Facts, Marked, Said, at, inside, items, mark, words

_KINDS = {
    "text": "text",
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "audio",
    "document": "file",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
    "button": "button",
    "interactive": "button",
    "order": "order",
}
_FETCHED = frozenset({"image", "video", "audio", "voice", "document"})
_STATES = {"sent": "SENT", "delivered": "DELIVERED", "read": "READ", "played": "READ", "failed": "FAILED"}


def facts(call: Any, account_id: str, now: datetime) -> Facts:
    """Everything in it that concerns the account."""
    told = Facts()
    for entry in items(inside(call, "entry")):
        for change in items(entry.get("changes")):
            value = change.get("value")
            if change.get("field") != "messages" or not isinstance(value, dict):
                told.strange += 1
            elif words(inside(value, "metadata", "phone_number_id"), 64) != account_id:
                told.foreign += 1
            else:
                _value(value, now, told)
    return told


def _value(value: dict[str, Any], now: datetime, told: Facts) -> None:
    names = {mark(one.get("wa_id")): words(inside(one, "profile", "name"), 100) for one in items(value.get("contacts"))}
    for message in items(value.get("messages")):
        _message(message, names, now, told)
    for status in items(value.get("statuses")):
        person, key, state = mark(status.get("recipient_id")), mark(status.get("id")), _STATES.get(words(status.get("status")))
        if not person or not key or state is None:
            told.strange += 1
            continue
        codes = [words(error.get("code"), 10) for error in items(status.get("errors"))]
        when = at(status.get("timestamp"), 1, now)
        told.found.append(Marked(person[:64], key, "state", when, state, ours=True, reason=codes[0] if codes else ""))


def _message(message: dict[str, Any], names: dict[str, str], now: datetime, told: Facts) -> None:
    person, key, name = mark(message.get("from"))[:64], mark(message.get("id")), words(message.get("type"), 30)
    when = at(message.get("timestamp"), 1, now)
    part = message.get(name)
    if not person or not key:
        told.strange += 1
    elif name == "reaction" and mark(inside(part, "message_id")):
        told.found.append(
            Marked(person, mark(inside(part, "message_id")), "reaction", when, words(inside(part, "emoji"), 16), ours=True)
        )
    elif name == "system":  # a number has changed, and the like: it says nothing
        told.strange += 1
    else:
        kind = _KINDS.get(name, "unsupported")
        media = ({"kind": kind, "id": mark(inside(part, "id"))},) if name in _FETCHED and mark(inside(part, "id")) else ()
        answers = mark(inside(message, "context", "id"))
        told.found.append(
            Said(person, key, kind, when, _text(name, part), name=names.get(person, ""), answers=answers, media=media)
        )


def _text(name: str, part: Any) -> str:
    """What a message says, whatever it is."""
    if name == "text":
        return words(inside(part, "body"))
    if name == "button":
        return words(inside(part, "text"))
    if name == "interactive":
        return words(inside(part, "button_reply", "title") or inside(part, "list_reply", "title"))
    if name == "location":
        place = [words(inside(part, key), 300) for key in ("name", "address")]
        point = ", ".join(words(inside(part, key), 20) for key in ("latitude", "longitude"))
        return "\n".join(line for line in (*place, point) if line.strip(", "))
    if name == "contacts":
        return "\n".join(words(inside(one, "name", "formatted_name"), 100) for one in items(part))
    if name == "document":
        return "\n".join(line for line in (words(inside(part, "caption")), words(inside(part, "filename"), 200)) if line)
    return words(inside(part, "caption"))
