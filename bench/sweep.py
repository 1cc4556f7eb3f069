"""W8: one pass of the reminders over a book whose complaints are all open and late, beside the bare statements that write as much.

``python -m bench.sweep`` prints one JSON line. Everything happens in a transaction that is taken back: the book stays as it was.
"""

import json
import resource
import time
from datetime import datetime, timedelta
from typing import Any

import django

LATE = timedelta(days=30)
REASONS = ("late_liaison", "late_secretary", "late_head")
CHUNK = 1000


def make_late(now: datetime) -> int:
    """Open every complaint of the book with its day long gone; returns how many there are."""
    from kentongan.complaints.models import Complaint

    everything = Complaint.for_system("bench")
    return everything.update(state="ASSIGNED", ended_at=None, paused_at=None, due_at=now - LATE)


def product(now: datetime) -> tuple[float, int, int]:
    """Seconds, reminders and statements about complaints of the product's pass; a second pass must find everything told."""
    from django.db import connection

    from kentongan.complaints import reminders

    asked = 0

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal asked
        asked += sql.startswith(("SELECT", "INSERT")) and "complaints_" in sql and 'FROM "complaints_referral"' not in sql
        return execute(sql, *rest)

    begun = time.perf_counter()
    with connection.execute_wrapper(count):
        written = reminders.sweep(now)
    seconds = time.perf_counter() - begun
    again = reminders.sweep(now)
    if again:
        raise SystemExit(f"{again} reminders were written twice")
    return seconds, written, asked


def floor(now: datetime) -> float:
    """Seconds to read the same rows and write as many, a statement for each thousand, without a thought."""
    from django.db import connection

    at = connection.ops.adapt_datetimefield_value(now)
    begun, last = time.perf_counter(), 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT id, village_id, state, due_at FROM complaints_complaint WHERE state = 'ASSIGNED' AND due_at < %s AND id > %s"
                f" ORDER BY id LIMIT {CHUNK}",
                [at, last],
            )
            rows = cursor.fetchall()
            if not rows:
                return time.perf_counter() - begun
            last = rows[-1][0]
            _insert(cursor, "complaints_reminder (village_id, complaint_id, reason, at)",
                    [(row[1], row[0], reason, at) for row in rows for reason in REASONS])  # fmt: skip
            _insert(cursor, "complaints_event (village_id, complaint_id, kind, at, by_label, via, state, data)",
                    [(row[1], row[0], "escalated", at, "", "", row[2], "{}") for row in rows for _ in REASONS])  # fmt: skip


def _insert(cursor: Any, where: str, rows: list[tuple[Any, ...]]) -> None:
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    cursor.execute(f"INSERT INTO {where} VALUES {', '.join([one] * len(rows))}", [part for row in rows for part in row])


def main() -> None:
    from django.db import transaction
    from django.utils import timezone

    now = timezone.now()
    with transaction.atomic():
        n = make_late(now)
        with transaction.atomic():
            bare = floor(now)
            transaction.set_rollback(True)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds, written, statements = product(now)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        transaction.set_rollback(True)
    if written != n * len(REASONS):
        raise SystemExit(f"{written} reminders for {n} complaints")
    told = {"work": "W8", "open": n, "floor": bare, "product": seconds, "written": written}
    print(json.dumps({**told, "statements": statements / max(1, -(-n // CHUNK)), "grown": grown / 1024}))


if __name__ == "__main__":
    django.setup()
    main()
