"""Numbers of official letters: per village, kind and year, from a locked counter, never used twice, each with its row in the register."""

from datetime import datetime

from django.db import connection

from kentongan.complaints.models import Complaint, LetterNumber, Meeting
from kentongan.lib import letter_numbers
from kentongan.village.models import User, Village

# Classification codes (Permendagri 83/2022 and the older 78/2012 lists are both in use; a village may write its own into the pattern).
KINDS = {"invitation": "005", "minutes": "140", "report": "145", "referral": "490", "answer": "490", "completion": "490"}


def next_number(
    village: Village,
    kind: str,
    at: datetime,
    *,
    by: User | None = None,
    complaint: Complaint | None = None,
    meeting: Meeting | None = None,
    period: str = "",
) -> str:
    """The next number of a kind of letter as the village prints it, entered in the register with what it is the letter of.

    The counter stays locked to the end of the caller's transaction.
    """
    local = village.local(at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO complaints_lettercounter (village_id, kind, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (village_id, kind, year) DO UPDATE SET last = complaints_lettercounter.last + 1 RETURNING last",
            [village.pk, series(kind), local.year],
        )
        serial = int(cursor.fetchone()[0])
    number = printed(village.letter_pattern, kind, year=local.year, serial=serial, month=local.month, village=village.code)
    LetterNumber.objects.create(
        village=village,
        kind=kind,
        series=series(kind),
        year=local.year,
        serial=serial,
        number=number,
        complaint=complaint,
        meeting=meeting,
        period=period,
        at=at,
        by=by,
        by_label=by.standing.label if by else "",
    )
    return number


def series(kind: str) -> str:
    """The counter a kind is numbered by: kinds of one code share it, or two letters would print the same number."""
    return next(first for first, code in KINDS.items() if code == KINDS[kind])


def printed(pattern: str, kind: str, *, year: int, serial: int, month: int, village: str) -> str:
    """A number in the village's own form, which may also hold ``{kind}``. Raises ``ValueError`` when it names something else."""
    own = pattern.replace("{kind}", KINDS[kind])
    return letter_numbers.printed(own, year=year, serial=serial, month=month, village=village)
