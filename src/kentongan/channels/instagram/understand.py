"""What a call of Instagram's tells. Times are milliseconds.

Shapes: https://developers.facebook.com/docs/instagram-platform/webhooks/examples
"""

from datetime import datetime
from typing import Any

from kentongan.channels.meta.kinds import Facts, Marked, ReadUpTo, Said, at, inside, items, mark, words

_KINDS = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "file",
    "share": "post",
    "ig_post": "post",
    "ig_reel": "post",
    "reel": "post",
    "template": "unsupported",
    "story_mention": "story",
    "like_heart": "sticker",
}
_FETCHED = frozenset({"image", "video", "audio", "file", "story_mention"})
_OF_MESSAGES = frozenset({"messages", "messaging_postbacks", "messaging_seen", "message_reactions", "standby"})
TEST = "0"  # whose entry the test button of the dashboard sends


def facts(call: Any, account_id: str, now: datetime) -> Facts:
    """Everything in it that concerns the account."""
    told = Facts()
    for entry in items(inside(call, "entry")):
        owner = words(entry.get("id"), 64)
        if owner not in {account_id, TEST}:
            told.foreign += 1
            continue
        when = at(entry.get("time"), 1000, now)
        for event in [*items(entry.get("messaging")), *items(entry.get("standby"))]:
            _event(event, account_id, when, told)
        changes = items(entry.get("changes"))
        for change in [*changes, *([entry] if "field" in entry else [])]:
            _change(change, account_id, when, told)
    return told


def _change(change: dict[str, Any], account_id: str, when: datetime, told: Facts) -> None:
    value = change.get("value")
    if not isinstance(value, dict):
        told.strange += 1
    elif change.get("field") in {"comments", "live_comments", "mentions"}:
        _comment(value, account_id, when, told)
    elif change.get("field") in _OF_MESSAGES:
        _event(value, account_id, when, told)
    else:
        told.strange += 1


def _comment(value: dict[str, Any], account_id: str, when: datetime, told: Facts) -> None:
    person, key = mark(inside(value, "from", "id"))[:64], mark(value.get("id") or value.get("comment_id"))
    if person == account_id:
        return  # our own comment
    if not person or not key:
        told.strange += 1
        return
    handle = words(inside(value, "from", "username"), 60)
    told.found.append(Said(person, key, "comment", when, words(value.get("text")), handle=handle))


def _event(event: dict[str, Any], account_id: str, entered: datetime, told: Facts) -> None:
    """One entry of ``messaging``: a message, or something that happened to one."""
    sender, recipient = mark(inside(event, "sender", "id"))[:64], mark(inside(event, "recipient", "id"))[:64]
    ours = sender == account_id
    person = recipient if ours else sender
    when = at(event.get("timestamp"), 1000, entered)
    message, reaction = event.get("message"), event.get("reaction")
    if not person:
        told.strange += 1
    elif isinstance(message, dict):
        _message(message, person, ours or message.get("is_echo") is True, when, told)
    elif isinstance(reaction, dict) and mark(reaction.get("mid")):
        sign = words(reaction.get("emoji") or reaction.get("reaction") or "❤", 16) if reaction.get("action") == "react" else ""
        told.found.append(Marked(person, mark(reaction["mid"]), "reaction", when, sign, ours=not ours))
    elif isinstance(event.get("read"), dict):
        told.found.append(ReadUpTo(person, when))
    elif mark(inside(event, "postback", "mid")):
        pressed = event["postback"]
        said = words(pressed.get("title") or pressed.get("payload"))
        told.found.append(Said(person, mark(pressed["mid"]), "button", when, said, ours=ours))
    elif not isinstance(event.get("referral"), dict):  # somebody came by a link and said nothing
        told.strange += 1


def _message(message: dict[str, Any], person: str, ours: bool, when: datetime, told: Facts) -> None:
    key = mark(message.get("mid"))
    if not key:
        told.strange += 1
        return
    if message.get("is_deleted") is True:
        told.found.append(Marked(person, key, "unsent", when, ours=ours))
        return
    attached = items(message.get("attachments"))
    types = [words(one.get("type"), 30) for one in attached]
    text = words(message.get("text"))
    kind = _KINDS.get(types[0], "unsupported") if types else "text" if text else "unsupported"
    if kind in {"text", "unsupported"} and isinstance(inside(message, "reply_to", "story"), dict):
        kind = "story"
    titles = [words(inside(one, "payload", "title"), 300) for one in attached]
    media = tuple(
        {"kind": _KINDS[name], "url": words(inside(one, "payload", "url"), 4000)}
        for one, name in zip(attached, types, strict=True)
        if name in _FETCHED and inside(one, "payload", "url")
    )
    said = "\n".join(part for part in (text, *titles) if part)
    answers = mark(inside(message, "reply_to", "mid"))
    told.found.append(Said(person, key, kind, when, said, ours=ours, answers=answers, media=media[:10]))
