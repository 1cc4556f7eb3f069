"""What statistics are read from, so that no page counts the book: kept in the transaction of each change, checked by ``kentongan verify``.

``Tally``: month × category × channel × kind × state. ``Measure``: one number of a month at a time. The working days to the first answer
and to the solution are kept as a histogram (how many took three days): a few dozen rows a month however large the book, and median and
percentile of any months are exact. The days are those the calendar gave when it happened; a holiday entered later changes no past answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.db import connection, transaction

from kentongan.complaints.lifecycle import OPEN, State
from kentongan.complaints.models import Complaint, Measure, Tally
from kentongan.village.models import Village

# What a measure counts, by month of receipt; ``ended`` by the month of the end. Key: see ``measures``.
HAMLET, UNIT, ON_TIME, ANSWER, SOLUTION, RATING, DUE, ENDED_IN = (
    "hamlet", "unit", "on_time", "answer", "solution", "rating", "due", "ended",
)  # fmt: skip
_TALLY: tuple[str, tuple[str, ...]] = ("complaints_tally", ("village_id", "month", "category_id", "channel", "kind", "state"))
_MEASURE: tuple[str, tuple[str, ...]] = ("complaints_measure", ("village_id", "month", "what", "key"))
_NOT_RUNNING = State.AWAITING_COMPLAINANT
Key = tuple[Any, ...]


class Countable(Protocol):
    """What is asked of a complaint, or of a row with the same columns, to count it."""

    @property
    def village(self) -> Village: ...
    @property
    def village_id(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def category_id(self) -> int | None: ...
    @property
    def channel(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def hamlet_id(self) -> int | None: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def on_time(self) -> bool | None: ...
    @property
    def answer_days(self) -> int | None: ...
    @property
    def solution_days(self) -> int | None: ...
    @property
    def rating(self) -> int | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def paused_at(self) -> datetime | None: ...


class Counted(NamedTuple):
    """Where a complaint is counted."""

    tally: Key
    measures: frozenset[Key]


def tally_key(complaint: Countable) -> Key:
    """Village, month of receipt, category, channel, kind, state."""
    month = complaint.village.local(complaint.received_at).date().replace(day=1)
    return (complaint.village_id, month, complaint.category_id or 0, complaint.channel, complaint.kind, str(complaint.state))


def measures(complaint: Countable) -> frozenset[Key]:
    """Village, month, what, key: the id of the hamlet or unit, 1 or 0 for on time or not, working days, the score, and for a
    running clock the ordinal of the day it is due, so that late ones are those before today's. What is unknown is not counted."""
    local = complaint.village.local
    month = local(complaint.received_at).date().replace(day=1)
    runs = complaint.state in OPEN and complaint.state != _NOT_RUNNING and complaint.paused_at is None and complaint.due_at
    known = {
        HAMLET: complaint.hamlet_id,
        UNIT: complaint.unit_id,
        ON_TIME: None if complaint.on_time is None else int(complaint.on_time),
        ANSWER: complaint.answer_days,
        SOLUTION: complaint.solution_days,
        RATING: complaint.rating,
        DUE: local(complaint.due_at).toordinal() if runs and complaint.due_at else None,
    }
    found = {(complaint.village_id, month, what, key) for what, key in known.items() if key is not None}
    if complaint.ended_at:
        found.add((complaint.village_id, local(complaint.ended_at).date().replace(day=1), ENDED_IN, 0))
    return frozenset(found)


def counted(complaint: Countable) -> Counted:
    return Counted(tally_key(complaint), measures(complaint))


def recount(complaint: Countable, before: Counted | None) -> None:
    """Move a complaint from where it was counted to where it is now, in the same transaction."""
    now = counted(complaint)
    if before is None or now.tally != before.tally:
        steps = [(now.tally, 1)] if before is None else [(before.tally, -1), (now.tally, 1)]
        _add(*_TALLY, steps)
    was = before.measures if before else frozenset()
    move(now.measures - was, was - now.measures)


def rebuild(village: Village) -> None:
    """Count the village's whole book anew: its clock has changed, by which months and days are told."""
    tallies: Counter[Key] = Counter()
    measured: Counter[Key] = Counter()
    with transaction.atomic():
        Tally.objects.filter(village=village).delete()
        Measure.objects.filter(village=village).delete()
        for complaint in Complaint.for_system("counted anew by another clock").filter(village=village).iterator():
            complaint.village = village
            tallies[tally_key(complaint)] += 1
            measured.update(measures(complaint))
        for kept, rows in ((_TALLY, list(tallies.items())), (_MEASURE, list(measured.items()))):
            for first in range(0, len(rows), 500):
                _add(*kept, rows[first : first + 500])


def move(more: Iterable[Key], less: Iterable[Key]) -> None:
    """Count measures up and down, each key as often as it stands there."""
    change = Counter(more)
    change.subtract(Counter(less))
    _add(*_MEASURE, [(key, n) for key, n in change.items() if n])


def _add(table: str, columns: tuple[str, ...], steps: Iterable[tuple[Key, int]]) -> None:
    """Add to counters in one statement, always in the same order: two who count at once never wait for each other in a ring."""
    rows = [[*key, n] for key, n in sorted(steps)]
    if not rows:
        return
    values = ", ".join([f"({', '.join(['%s'] * (len(columns) + 1))})"] * len(rows))
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}, n) VALUES {values}"  # noqa: S608 - no input
            f" ON CONFLICT ({names}) DO UPDATE SET n = {table}.n + excluded.n",
            [cell for row in rows for cell in row],
        )
