"""A letter is stored byte for byte before anything is made of it: from that commit on it cannot be lost."""

import hashlib
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from django.db import IntegrityError, transaction

from kentongan.channels import intake
from kentongan.channels.base import Contact, Incoming
from kentongan.channels.email.letter import read
from kentongan.channels.models import IncomingMessage, RawLetter
from kentongan.lib import rows
from kentongan.village.models import Village

MAX_BYTES = 25 * 1024 * 1024
_SAME = ("Message-ID", "Date", "From", "Subject")  # what servers and forwarding leave alone
_parser = BytesHeaderParser(policy=compat32)


def keep(village_id: str, content: bytes, *, source: str, arrived: datetime) -> IncomingMessage | None:
    """Store a letter once; ``None`` when it was here before, by whatever folder or way. Commits with the caller's transaction."""
    message = IncomingMessage(
        village_id=village_id,
        channel="email",
        external_id=mark(content),
        state=IncomingMessage.State.NEW,
        received_at=arrived,
    )
    try:
        with transaction.atomic():
            rows.insert(message)
            RawLetter.objects.create(village_id=village_id, message=message, content=content, source=source)
    except IntegrityError:
        return None
    return message


def mark(content: bytes) -> str:
    """What makes a letter this letter: sender's headers and body, not the traces servers add.

    Message-IDs are not trusted: two letters may bear the same. One without any is told apart by every byte it has.
    """
    head, gap, body = _split(content)
    try:
        headers: Message = _parser.parsebytes(head + gap)
        parts = [str(headers.get(name, "")) for name in _SAME]
    except (ValueError, IndexError, RecursionError):  # headers so broken that even reading them fails
        parts = [""]
    hashed = hashlib.sha256()
    if not parts[0].strip():
        hashed.update(content)
    for part in parts:
        hashed.update(part.encode("utf-8", "surrogateescape") + b"\0")
    hashed.update(body.replace(b"\r\n", b"\n").rstrip())
    return f"sha256:{hashed.hexdigest()}"


def _split(content: bytes) -> tuple[bytes, bytes, bytes]:
    """Headers, the empty line, body."""
    ends = [(content.find(gap), gap) for gap in (b"\r\n\r\n", b"\n\n")]
    found = min(((at, gap) for at, gap in ends if at >= 0), default=None)
    if found is None:
        return content, b"", b""
    at, gap = found
    return content[:at], gap, content[at + len(gap) :]


def keep_head(village_id: str, content: bytes, *, source: str, arrived: datetime) -> IncomingMessage | None:
    """Store the headers of a letter that is too large to fetch: it stays in its mailbox, and the officer is told of it."""
    message = keep(village_id, content, source=source, arrived=arrived)
    if message:
        letter = read(content)
        incoming = Incoming(
            channel="email",
            external_id=message.external_id,
            sender=Contact(name=letter.sender_name, email=letter.sender),
            text=letter.subject,
            received_at=arrived,
        )
        village = Village.objects.get(pk=village_id)
        intake.admit(message, incoming, village=village, doubt=IncomingMessage.Reason.TOO_LARGE)
    return message


def head(content: bytes) -> bytes:
    """The headers of a letter, at most a megabyte of them."""
    return _split(content)[0][:1_000_000] + b"\r\n\r\n"


def keep_stub(village_id: str, external_id: str, arrived: datetime) -> bool:
    """Write down that there is a letter its server will not give: the officer is told to look into the mailbox."""
    values = {"state": IncomingMessage.State.QUARANTINED, "reason": IncomingMessage.Reason.BROKEN, "received_at": arrived}
    key = {"village_id": village_id, "channel": "email", "external_id": external_id}
    return IncomingMessage.objects.get_or_create(**key, defaults=values)[1]
