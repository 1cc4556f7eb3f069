"""W9: papers. A receipt, a report, the whole book as CSV and XLSX in this process, and as PDF by the worker.

``python -m bench.papers`` prints one JSON line a measurement in a list. The CSV's floor is the bare SQL of as many columns, written by the same writer.
"""

import csv
import io
import json
import resource
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import django

from bench import load

MOST = 10_000  # rows of the long papers
BEGIN, END = date(1990, 1, 1), date(2100, 1, 1)
Found = list[dict[str, Any]]


def spent(work: Callable[[], Any]) -> float:
    """Seconds it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def median(work: Callable[[], Any], times: int) -> float:
    return load.median([spent(work) for _ in range(times)])


def megabytes(who: int = resource.RUSAGE_SELF) -> float:
    """The most this process, or one of its children, has held."""
    return resource.getrusage(who).ru_maxrss / 1024


def receipts(village: Any, row: Any) -> Found:
    """A receipt: the first, which starts a process; then warm; and in a process of its own."""
    from kentongan.reports import pdf, receipt, typesetter

    def make() -> bytes:
        return receipt.pdf(row, village, "a6", "http://localhost/")

    found = [{"name": "receipt, the first, ms", "product": 1000 * spent(make), "most": 1000}]
    found.append({"name": "receipt, warm, ms", "product": 1000 * median(make, 30), "most": 150})
    with typesetter._lock:  # busy: whoever comes gets a process of his own
        found.append({"name": "receipt, in a process of its own, ms", "product": 1000 * median(make, 10)})
    if not make().startswith(b"%PDF") or pdf.SECONDS < 1:
        raise SystemExit("no receipt")
    return found


def reports(village: Any, user: Any, year: int) -> Found:
    """The report of a year, read and printed, with as many pages as it has."""
    from django.utils import timezone
    from pypdf import PdfReader

    from kentongan.reports.report import book, paper
    from kentongan.reports.report.period import Period

    made = b""

    def make() -> None:
        nonlocal made
        made = paper.pdf(paper.data(book.read(user, village, Period.of(str(year)), timezone.now())), "A4")

    make()
    seconds = median(make, 5)
    pages = len(PdfReader(io.BytesIO(made)).pages)
    return [{"name": f"report of {pages} pages, warm, ms", "product": 1000 * seconds, "most": 1000}]


def lines(village: Any, user: Any) -> Found:
    """The CSV, µs a row, and its first line; beside a bare statement of sixteen columns."""
    from django.db import connection

    from kentongan.reports import register_book

    def bare() -> int:
        writer, n = csv.writer(io.StringIO()), 0
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.id, c.number, c.received_at, c.channel, p.name, p.address, p.phone, c.subject, c.text, c.kind, c.category_id,"
                " c.due_at, c.place, c.responded_at, c.state, c.outcome FROM complaints_complaint c LEFT JOIN complaints_complainant p"
                " ON p.id = c.complainant_id WHERE c.village_id = %s ORDER BY c.year, c.serial",
                [village.pk],
            )
            while chunk := cursor.fetchmany(1000):
                writer.writerows(chunk)
                n += len(chunk)
        return n

    def whole() -> int:
        return sum(1 for _ in register_book.csv_lines(user, village, BEGIN, END)) - 1

    n, floor = whole(), min(spent(bare) for _ in range(3))
    seconds = min(spent(whole) for _ in range(3))

    def first() -> None:
        told = register_book.csv_lines(user, village, BEGIN, END)
        next(told), next(told)

    per_row = {"floor": 1e6 * floor / n, "product": 1e6 * seconds / n, "ratio": 5}
    return [{"name": "CSV, µs a row", **per_row}, {"name": "CSV, first row, ms", "product": 1000 * spent(first), "most": 200}]


def sheet(village: Any, user: Any, n: int) -> Found:
    """The XLSX: seconds, and how much the process grew."""
    from kentongan.reports import register_book

    register_book.xlsx(user, village, END, END).close()  # the library itself is 20 MB
    before, begun = megabytes(), time.perf_counter()
    register_book.xlsx(user, village, BEGIN, END).close()
    seconds, grown = time.perf_counter() - begun, megabytes() - before
    return [
        {"name": f"XLSX of {n:,} rows, s", "product": seconds},
        {"name": "XLSX, memory grown, MB", "product": grown, "most": 20},
    ]


def long_book(village: Any, user: Any, n: int) -> Found:
    """The PDF of the whole book, made by the worker in this process: seconds, and the most memory of the worker and of typst."""
    from kentongan import worker
    from kentongan.complaints.models import MadeBook
    from kentongan.reports import long_book as printer

    book = printer.order(user, village, {"start": BEGIN, "end": END, "paper": "A4", "masked": False})
    seconds = spent(lambda: worker.run(once=True))
    book.refresh_from_db()
    if book.state != MadeBook.State.READY or book.printed != n:
        raise SystemExit(f"the long book is {book.state} with {book.printed} rows")
    return [
        {"name": f"PDF of {n:,} rows in {len(book.parts)} volumes, s", "product": seconds},
        {"name": "PDF, the worker's memory, MB", "product": megabytes()},
        {"name": "PDF, typst's memory, MB", "product": megabytes(resource.RUSAGE_CHILDREN), "most": 500},
    ]


def main() -> None:
    from django.utils import timezone

    from kentongan.complaints.models import Complaint
    from kentongan.village.models import User, Village

    village, user = Village.objects.get(), User.objects.get(username="petugas")
    known = Complaint.for_system("bench")
    row, n = known.latest("pk"), known.count()
    found = receipts(village, row) + reports(village, user, timezone.localdate().year - 1) + lines(village, user)
    if n <= MOST:
        found += sheet(village, user, n) + long_book(village, user, n)
    print(json.dumps([{"work": "W9", **one} for one in found]))


if __name__ == "__main__":
    django.setup()
    main()
