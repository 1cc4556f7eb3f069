"""A letter as people meant it, from the bytes a mail server hands over. Whatever the bytes are, there is an answer.

``Letter`` says who wrote, what is new in it, what it carries, whether a machine wrote it and why it could not be read.
Nothing here knows the database, the network or the village.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from kentongan.channels.calendar import Reply
from kentongan.channels.email import addresses, answers, automatic, bounces, quoting, trust
from kentongan.channels.email.body import Body, File, collect
from kentongan.channels.email.bounces import Bounce
from kentongan.channels.email.mime import Part, split
from kentongan.channels.email.trust import Trust
from kentongan.lib.text import LIMIT, clean, has_object

__all__ = ["Bounce", "File", "Letter", "Trust", "read"]


@dataclass(frozen=True)
class Letter:
    """What is known of a letter; a field that cannot be known is empty.

    ``message_id`` and ``references`` are "<…>", the letter it answers first. ``recipients`` begin with those it was delivered
    for. ``text`` is what is new, ``folded`` what was taken out (quotes, signature, a letter attached): each at most ``LIMIT``
    characters of ``clean`` text. ``automatic``: "", "auto-submitted", "bulk", "list", "bounce", "out-of-office" or "calendar".
    ``reply``: what a calendar program answers to an invitation.
    ``quiet``: no machine may answer the sender. ``trouble``: "", "encrypted", "parts" (too many, too deep) or "broken".
    """

    message_id: str = ""
    sender: str = ""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    references: tuple[str, ...] = ()
    text: str = ""
    folded: str = ""
    files: tuple[File, ...] = ()
    automatic: str = ""
    quiet: bool = True
    bounce: Bounce | None = None
    reply: Reply | None = None
    trust: Trust = field(default_factory=Trust)
    trouble: str = ""


def read(raw: bytes, *, receiver: str = "", now: datetime | None = None) -> Letter:
    """The letter in ``raw``; never raises. ``receiver``: the name by which the receiving server signs what it found out (RFC 8601)."""
    letter = Letter(trouble="broken")
    try:
        whole, left_out = split(raw)
        letter = _envelope(whole, receiver, now or datetime.now(UTC))
        return _with_body(letter, whole, left_out)
    except Exception:  # noqa: BLE001 - a letter that cannot be read is still a letter, and others wait behind it
        return letter


def _envelope(whole: Part, receiver: str, now: datetime) -> Letter:
    """What the headers say; still marked as broken, until the body is read too."""
    headers = whole.headers
    sender, name = addresses.sender(headers)
    subject = addresses.line(headers.first("subject"), 200)
    machine = automatic.kind(whole, subject)
    return Letter(
        message_id=addresses.message_id(headers),
        sender=sender,
        sender_name=name,
        recipients=addresses.recipients(headers),
        subject=subject,
        date=addresses.date(headers, now),
        references=addresses.references(headers),
        automatic=machine,
        quiet=bool(machine) or automatic.unanswerable(headers, sender, subject),
        trust=trust.found(headers, receiver),
        trouble="broken",
    )


def _with_body(letter: Letter, whole: Part, left_out: bool) -> Letter:
    body = collect(whole)
    bounce = bounces.found(whole, letter.subject, letter.sender, body.text)
    reply = None if bounce else answers.found(whole)
    text, folded = _folded(body, letter.subject)
    return replace(
        letter,
        text=clean(text[:LIMIT]),
        folded=clean(f"{text[LIMIT:]}\n\n{folded}".strip()[:LIMIT]),
        files=tuple(body.files),
        bounce=bounce,
        reply=reply,
        automatic="bounce" if bounce else "calendar" if reply else letter.automatic,
        quiet=letter.quiet or bounce is not None or reply is not None,
        trouble=_trouble(letter, whole, body, text, left_out),
    )


def _folded(body: Body, subject: str) -> tuple[str, str]:
    """What is new and what is carried along; a letter attached is the text where the sender adds nothing to it."""
    new, old = quoting.split(body.text, subject)
    if body.letters and not has_object(new):
        return clean(f"{new}\n\n{body.forwarded}"), clean(old)
    return clean(new), clean(f"{old}\n\n{body.forwarded}")


def _trouble(letter: Letter, whole: Part, body: Body, text: str, left_out: bool) -> str:
    if left_out or body.left_out:
        return "parts"
    if body.locked and not has_object(text):
        return "encrypted"
    return "" if whole.headers.pairs or not body.unreadable or text else "broken"
