"""Papers kept byte for byte: what they were when they were signed, or nothing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile


class Changed(Exception):
    """The file kept is not the one that was signed, or is not there."""


def digest(content: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def content(file: FieldFile, expected: str) -> bytes:
    """What ``file`` holds. Raises ``Changed`` when its digest is not ``expected``, or it cannot be read."""
    try:
        with file.open("rb") as kept:
            found = bytes(kept.read())
    except (OSError, ValueError) as error:  # ValueError: there is no file
        raise Changed from error
    if digest(found) != expected:
        raise Changed
    return found
