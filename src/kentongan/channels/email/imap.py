"""Fetching letters by IMAP (RFC 3501), whoever the provider is. The mailbox itself is left as it was: nothing is marked, moved or deleted.

What has been fetched is known by UIDVALIDITY and the last UID, written in the transaction that stores the letters. When the
server counts anew, everything since the mailbox was set up is looked at again, and what is here already is not stored twice.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kentongan.channels.email import connect, store
from kentongan.channels.email.troubles import CannotConnect
from kentongan.channels.models import Mailbox

BATCH_LETTERS = 40
BATCH_BYTES = 6 * 1024 * 1024  # memory stays flat however full the mailbox is
_META = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def fetch(mailbox: Mailbox) -> int:
    """Store every letter that is new: how many. Raises ``CannotConnect``; what was stored until then stays."""
    with connect.imap(mailbox) as box:
        connect.select(box, mailbox)
        validity = _validity(box.client)
        if mailbox.uidvalidity != validity:
            mailbox.uidvalidity, mailbox.last_uid = validity, 0
        new = 0
        for batch in _batches(box.client, mailbox):
            new += _store(box.client, mailbox, batch)
        return new


def _validity(client: Any) -> int:
    """The number under which the UIDs of the selected folder hold (RFC 3501 §2.3.1.1); 0 for a server that says none."""
    _kind, said = client.response("UIDVALIDITY")
    return int(said[0]) if said and said[0] and bytes(said[0]).isdigit() else 0


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    """What came with OK. Raises ``CannotConnect``."""
    if answer[0] != "OK":
        raise CannotConnect("busy")
    return answer[1]


def _batches(client: Any, mailbox: Mailbox) -> Iterator[list[tuple[int, int, datetime]]]:
    """The new letters as (UID, bytes, arrived), so many at a time as may be held in memory."""
    batch: list[tuple[int, int, datetime]] = []
    for found in _new(client, mailbox):
        if batch and (len(batch) == BATCH_LETTERS or sum(size for _, size, _ in batch) + found[1] > BATCH_BYTES):
            yield batch
            batch = []
        batch.append(found)
    if batch:
        yield batch


def _new(client: Any, mailbox: Mailbox) -> Iterator[tuple[int, int, datetime]]:
    day = mailbox.since - timedelta(days=1)  # servers count days in zones of their own
    since = f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}"
    answer = _said(client.uid("SEARCH", None, f"UID {mailbox.last_uid + 1}:* SINCE {since}"))
    uids = sorted(uid for uid in map(int, b" ".join(part for part in answer if part).split()) if uid > mailbox.last_uid)
    for at in range(0, len(uids), 500):
        lines = _said(client.uid("FETCH", _set(uids[at : at + 500]), "(UID RFC822.SIZE INTERNALDATE)"))
        facts = sorted(filter(None, map(_facts, lines)))
        begin = mailbox.since.replace(microsecond=0)  # servers count in whole seconds
        yield from (fact for fact in facts if fact[2] >= begin and fact[0] > mailbox.last_uid)


def _facts(line: Any) -> tuple[int, int, datetime] | None:
    text = line if isinstance(line, bytes) else b""
    uid, size, date = _META.search(text), _SIZE.search(text), _DATE.search(text)
    if not (uid and size):
        return None
    return int(uid[1]), int(size[1]), _moment(date[1].decode("ascii", "replace") if date else "")


def _moment(said: str) -> datetime:
    """When the letter arrived, as its server says; now when that cannot be, so that a wrong clock leaves no letter out."""
    try:
        moment = parsedate_to_datetime(said.strip().replace("-", " ", 2))
    except (ValueError, TypeError, IndexError):
        return timezone.now()
    return min(moment, timezone.now()) if moment.tzinfo else timezone.now()


def _set(uids: list[int]) -> str:
    return ",".join(map(str, uids))


def _store(client: Any, mailbox: Mailbox, batch: list[tuple[int, int, datetime]]) -> int:
    """Store one batch and the place reached, together."""
    small = [uid for uid, size, _ in batch if size <= store.MAX_BYTES]
    contents = _contents(client, small, "BODY.PEEK[]") | _contents(
        client, [uid for uid, _, _ in batch if uid not in small], "BODY.PEEK[HEADER]"
    )
    missing = [uid for uid, _, _ in batch if uid not in contents]
    lost = [uid for uid in missing if _refused(client, uid)]
    new = 0
    with transaction.atomic():
        for uid, _size, arrived in batch:
            if uid in contents:
                keep = store.keep if uid in small else store.keep_head
                new += keep(mailbox.village_id, contents[uid], source="imap", arrived=arrived) is not None
            elif uid in lost:
                new += store.keep_stub(mailbox.village_id, f"imap:{mailbox.uidvalidity}:{uid}", arrived)
        mailbox.last_uid = batch[-1][0]
        places = ("imap_host", "imap_folder", "user", "address")  # set anew meanwhile, it begins from the start
        same = Mailbox.objects.filter(pk=mailbox.pk, **{name: getattr(mailbox, name) for name in places})
        same.update(uidvalidity=mailbox.uidvalidity, last_uid=mailbox.last_uid)
    return new


def _refused(client: Any, uid: int) -> bool:
    """Whether the letter is there and the server will not give it; one that was deleted is not."""
    kind, lines = client.uid("FETCH", str(uid), "(UID)")
    return kind == "OK" and any(isinstance(line, bytes) and _META.search(line) for line in lines)


def _contents(client: Any, uids: list[int], what: str) -> dict[int, bytes]:
    """The bytes of each letter; one that was deleted meanwhile is not among them."""
    if not uids:
        return {}
    found: dict[int, bytes] = {}
    kind, answer = client.uid("FETCH", _set(uids), f"(UID {what})")
    if kind != "OK" and len(uids) > 1:  # one it cannot give spoils the whole answer: each by itself
        return {uid: content for one in uids for uid, content in _contents(client, [one], what).items()}
    for at, part in enumerate(answer):
        if isinstance(part, tuple):
            after = answer[at + 1] if at + 1 < len(answer) and isinstance(answer[at + 1], bytes) else b""
            uid = _META.search(part[0]) or _META.search(after)
            if uid:
                found[int(uid[1])] = part[1]
    return found
