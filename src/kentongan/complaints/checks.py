"""What anybody may check of a paper with the code on it: that the village gave it out, when, and which printed version it is.

A letter may change after it got its number: the complainant's address, the rungs above, who signs. Every version that is printed is kept
as a digest, so that each paper in somebody's hands is known, and a paper printed again unchanged is the same version. Content is never kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from kentongan.complaints.models import Complaint, LetterNumber, Meeting, PaperCheck, PrintedVersion
from kentongan.lib import tokens
from kentongan.village.models import Village

CODE_LENGTH = 16  # 80 bits
DIGITS = 16  # of the digest, hexadecimal: 64 bits


@dataclass(frozen=True)
class Seal:
    """What stands on the paper: the code of the check page, and the digest of what this version says."""

    code: str
    digest: str


def digest_of(code: str, said: Mapping[str, Any]) -> str:
    """The first digits of SHA-256 over the code and the paper's data as canonical JSON; the random code keeps anybody from guessing content."""
    canonical = json.dumps({"code": code, "said": said}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()[:DIGITS]


def seal_letter(letter: LetterNumber, said: Mapping[str, Any]) -> Seal:
    """The seal of a numbered letter that says this; the version is kept when it is a new one."""
    return _seal(said, village=letter.village, letter=letter)


def seal_receipt(complaint: Complaint, said: Mapping[str, Any]) -> Seal:
    """The seal of a complaint's receipt. Its code is not the one that opens the complaint, and leads nowhere near it."""
    return _seal(said, village=complaint.village, receipt=complaint)


def _seal(said: Mapping[str, Any], *, village: Village, **paper: Any) -> Seal:
    check = PaperCheck.objects.filter(**paper).first() or _first(village, paper)
    digest = digest_of(check.code, said)
    if not check.versions.filter(digest=digest).exists():
        PrintedVersion.objects.get_or_create(check_code=check, digest=digest, defaults={"village": village})
    return Seal(check.code, digest)


def _first(village: Village, paper: dict[str, Any]) -> PaperCheck:
    """A new code, unless somebody prints it for the first time in the same moment."""
    try:
        with transaction.atomic():
            return PaperCheck.objects.create(village=village, code=tokens.new_code(CODE_LENGTH), **paper)
    except IntegrityError:
        return PaperCheck.objects.get(**paper)


def find(typed: str) -> PaperCheck | None:
    """The paper that bears the code, however it was typed; of whichever village here, for who asks may work at another."""
    code = tokens.clean_code(typed, CODE_LENGTH)
    rows = PaperCheck.objects.select_related("village", "letter", "receipt")
    return rows.filter(code=code).first() if code else None


def number_of_complaint(complaint: Complaint, number: str) -> LetterNumber | None:
    """The row of a number that a letter of this complaint bears now."""
    return _valid(number, complaint=complaint)


def number_of_meeting(meeting: Meeting, number: str) -> LetterNumber | None:
    return _valid(number, meeting=meeting)


def number_of_report(village: Village, period: str, number: str) -> LetterNumber | None:
    return _valid(number, village=village, period=period, kind="report")


def _valid(number: str, **of: Any) -> LetterNumber | None:
    if not number:
        return None
    return LetterNumber.objects.filter(number=number, cancelled_at=None, **of).select_related("village").first()
