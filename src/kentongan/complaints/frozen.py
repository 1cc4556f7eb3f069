"""Papers kept byte for byte: what they were when they were signed, or nothing; and who may open what is made of many complaints."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet

from kentongan.complaints import access
from kentongan.complaints.models import Complaint

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


def wholly_seen(kept: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Those rows of whose ``complaints`` this person may see every one, as things stand today."""
    model = kept.model
    of_row = {str(model._meta.model_name): OuterRef(OuterRef("pk"))}
    counted = model.complaints.through.objects.filter(**of_row).values("complaint")
    return kept.exclude(Exists(Complaint.objects.filter(~access.wall(user), pk__in=counted)))
