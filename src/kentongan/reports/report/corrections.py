"""What has changed since the report before: its numbers made again today, beside those it was sent with, and which complaints make the difference.

What was sent never changes; the next report of the same length says what it would say now. Only counts and register numbers.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from kentongan.complaints import sent_reports
from kentongan.complaints.models import Event, SentReport
from kentongan.reports import words
from kentongan.reports.report import book as books
from kentongan.reports.report import counted
from kentongan.reports.report.book import Book
from kentongan.village.models import User

MOST = 5  # complaints named beside one number
OUT = {"closed": "selesai", "referred": "dirujuk", "declined": "tidak diproses", "withdrawn": "dicabut", "merged": "digabung"}


def of(user: User, book: Book) -> dict[str, Any]:
    """``title`` and ``lines`` of the corrections to the ``report`` before this one (its id); empty where there is none, or nothing has changed."""
    before = _report_before(user, book)
    if before is None or "rows" not in before.data:
        return {}
    now = counted.data(books.read(user, book.village, book.period.before, book.now))
    lines = _Changes(before.data, now, _recorded_later(before, book)).lines()
    if not lines:
        return {}
    return {
        "title": f"Koreksi atas laporan {book.period.before.spoken} (nomor {before.number})",
        "lines": lines,
        "report": before.pk,
    }


def _report_before(user: User, book: Book) -> SentReport | None:
    """The newest sent report of the period before that everybody who signs may open: to others the difference would tell what is kept from them."""
    found = SentReport.objects.filter(village=book.village, period=book.period.before.key)
    for reader in {user, *books.signers(book.village)}:
        found = found.filter(pk__in=sent_reports.reports_for(reader).values("pk"))
    return found.order_by("-pk").first()


def _recorded_later(before: SentReport, book: Book) -> set[int]:
    """Those written into the book after it was sent; of which of them anything is said, the wall has decided before."""
    written = Event.for_system("corrections of a report").filter(village=book.village, kind="received", at__gt=before.at)
    return set(written.values_list("complaint_id", flat=True))


class _Changes:
    """The differences between what was counted then and what is counted now."""

    def __init__(self, then: dict[str, Any], now: dict[str, Any], later: set[int]) -> None:
        self.then = {row.pk: row for row in counted.rows_of(then)}
        self.now = {row.pk: row for row in counted.rows_of(now)}
        self.names = then["names"]["category"] | now["names"]["category"]
        self.later = later

    def lines(self) -> list[str]:
        found = [
            self._line("saldo awal", lambda row: not row.came),
            self._line("masuk", lambda row: bool(row.came)),
            *(self._line(label, lambda row, way=way: row.way == way) for way, label in OUT.items()),
            self._line("saldo akhir", lambda row: not row.way),
            *(
                self._line(f"media {words.way(key)}", lambda row, key=key: row.came and row.channel == key)
                for key in self._all("channel")
            ),
            *(
                self._line(
                    f"kategori {self.names.get(str(key), 'Belum digolongkan')}",
                    lambda row, key=key: row.came and row.category == key,
                )
                for key in self._all("category")
            ),
        ]
        return [line for line in found if line]

    def _all(self, what: str) -> list[Any]:
        counted_keys: Counter[Any] = Counter(getattr(row, what) for row in [*self.then.values(), *self.now.values()])
        return sorted(counted_keys, key=str)

    def _line(self, label: str, holds: Any) -> str:
        """``masuk 12 → 13 (045/PGD/2026 dicatat susulan)``; nothing where the number is the same."""
        then = {pk for pk, row in self.then.items() if holds(row)}
        now = {pk for pk, row in self.now.items() if holds(row)}
        if len(then) == len(now):
            return ""
        changed = sorted(then ^ now)
        named = [f"{(self.now.get(pk) or self.then[pk]).number} {self._why(pk)}" for pk in changed[:MOST]]
        more = [f"dan {len(changed) - MOST} lainnya"] if len(changed) > MOST else []
        return f"{label} {len(then)} → {len(now)} ({'; '.join([*named, *more])})"

    def _why(self, pk: int) -> str:
        then, now = self.then.get(pk), self.now.get(pk)
        if then is None:
            return "dicatat susulan" if pk in self.later else "baru terhitung"
        if now is None:
            return "tidak lagi terhitung"
        if then.way and not now.way:
            return "dibuka kembali"
        if now.way and then.way != now.way:
            return OUT.get(now.way, now.way)
        if then.came != now.came:
            return "tanggal diterima berubah"
        return "media berubah" if then.channel != now.channel else "digolongkan kembali"
