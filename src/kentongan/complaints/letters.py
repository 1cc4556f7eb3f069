"""Numbers of official letters: per village, kind and year, from a locked counter, never used twice, each with its row in the register."""

from datetime import datetime

from django.db import connection

from kentongan.complaints.models import Complaint, LetterNumber, Meeting
from kentongan.lib import letter_numbers
from kentongan.village.models import LetterRule, User, Village

# Classification codes of the older list (Permendagri 78/2012); that of Permendagri 83/2022 is in use too: a village may set its own.
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
    local, rule = village.local(at), LetterRule.of(village, kind)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO complaints_lettercounter (village_id, kind, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (village_id, kind, year) DO UPDATE SET last = complaints_lettercounter.last + 1 RETURNING last",
            [village.pk, series(rule), local.year],
        )
        serial = int(cursor.fetchone()[0])
    number = by_rule(village, rule, year=local.year, serial=serial, month=local.month)
    LetterNumber.objects.create(
        village=village,
        kind=kind,
        series=series(rule),
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


def code(rule: LetterRule) -> str:
    """The classification code of a kind of letter."""
    return rule.code or KINDS[rule.kind]


def series(rule: LetterRule) -> str:
    """The counter a kind is numbered by: kinds of one code share it for good, or two letters would print the same number."""
    return next((first for first, usual in KINDS.items() if usual == code(rule)), code(rule))


def by_rule(village: Village, rule: LetterRule, *, year: int, serial: int, month: int) -> str:
    """A number as this village prints it for a kind of letter. Raises ``ValueError`` for a pattern that makes none."""
    pattern = rule.pattern or village.letter_pattern
    return printed(pattern, code(rule), year=year, serial=serial, month=month, village=village.pk)


def printed(pattern: str, code: str, *, year: int, serial: int, month: int, village: str) -> str:
    """A number in the village's own form, which may also hold ``{kind}``, the code. Raises ``ValueError`` when it names something else."""
    own = pattern.replace("{kind}", code)
    return letter_numbers.printed(own, year=year, serial=serial, month=month, village=village)


def twin(village: Village, rule: LetterRule) -> str | None:
    """The kind of letter that would print the same numbers from another counter, if there is one."""
    for kind in KINDS.keys() - {rule.kind}:
        other = LetterRule.of(village, kind)
        first, second = (by_rule(village, which, year=2026, serial=7, month=3) for which in (rule, other))
        if first == second and series(rule) != series(other):
            return kind
    return None
