"""Letters of villages with a mail server of their own: a Maildir that is looked into, or one letter handed over by the server."""

import os
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from kentongan.channels.email import store

BATCH = 50


def take(folder: Path, village_id: str) -> int:
    """Store every letter in ``new/``, then move it to ``cur/``: how many. Killed in between, a letter is met again and known.

    Raises ``FileNotFoundError`` when the folder is no Maildir.
    """
    waiting = sorted((folder / "new").iterdir())
    (folder / "cur").mkdir(exist_ok=True)
    stored = 0
    for at in range(0, len(waiting), BATCH):
        batch = waiting[at : at + BATCH]
        with transaction.atomic():
            stored += sum(_keep(path, village_id) for path in batch)
        for path in batch:
            os.replace(path, folder / "cur" / f"{path.name.partition(':')[0]}:2,S")
    return stored


def _keep(path: Path, village_id: str) -> bool:
    facts = path.stat()
    arrived = min(datetime.fromtimestamp(facts.st_mtime, tz=UTC), timezone.now())
    with path.open("rb") as file:
        content = file.read(store.MAX_BYTES + 1)
    return hand_over(content, village_id, source="maildir", arrived=arrived)


def hand_over(content: bytes, village_id: str, *, source: str = "pipe", arrived: datetime | None = None) -> bool:
    """Store one letter, or the headers of one that is too large; False when it was here before."""
    keep = store.keep
    if len(content) > store.MAX_BYTES:
        keep, content = store.keep_head, store.head(content)
    return keep(village_id, content, source=source, arrived=arrived or timezone.now()) is not None
