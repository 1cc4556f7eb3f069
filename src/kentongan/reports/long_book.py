"""Books too long for one request, printed by the worker: one volume (*jilid*) a job, so that letters and reminders wait seconds, not minutes.

Typst lays out a whole document at once: 500 rows take 350 MB and two seconds, 2,000 take 1.3 GB. So a long book is volumes of 500 rows (some
eighty pages, what an office can bind), each with its own page numbers and the row sums carried on, in one ZIP; no library that joins PDFs is needed.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from typing import IO

from django.core.files.storage import default_storage
from django.db import Error

from kentongan.complaints import access, made_books
from kentongan.complaints.models import Complaint, MadeBook
from kentongan.jobs import JobError, task
from kentongan.lib import clock
from kentongan.reports import register_book
from kentongan.village.models import User, Village

VOLUME = 500  # rows
MOST = 20_000  # rows of one order: forty volumes, some three minutes of work
_EPOCH = (1980, 1, 1, 0, 0, 0)


class TooLong(ValueError):
    """The period holds more complaints than one order takes (``MOST``)."""


def order(user: User, village: Village, values: dict[str, object]) -> MadeBook:
    """Have a book made; ordered twice while it is being made, it is the same. ``values``: start, end, paper, masked. Raises ``TooLong``."""
    start, end = values["start"], values["end"]
    if register_book.of_period(user, village, start, end)[: MOST + 1].count() > MOST:  # type: ignore[arg-type]
        raise TooLong
    book = made_books.order(user, village, start, end, paper=str(values["paper"]), masked=bool(values["masked"]))  # type: ignore[arg-type]
    put(book)
    return book


def put(book: MadeBook) -> None:
    make.using(unique_key=made_books.job_key(book.pk)).enqueue(book.pk)


@task(atomic=False, max_attempts=5, priority=-10)
def make(pk: int) -> None:
    """Print the next volume, or put the volumes together; then once more until it is ready. A volume half done is printed again, not twice."""
    book = MadeBook.objects.select_related("by", "village").filter(pk=pk).exclude(state=MadeBook.State.READY).first()
    if book is None:
        return
    try:
        if _step(book):
            put(book)
    except Error:
        raise  # the database: this attempt is made again
    except Exception as error:
        made_books.advance(book, state=MadeBook.State.FAILED)
        raise JobError(f"book {pk}: {type(error).__name__}", permanent=True) from error


def _step(book: MadeBook) -> bool:
    """One part of the work; True while there is more."""
    if access.standing(book.by) is None:
        raise PermissionError
    found = register_book.of_period(book.by, book.village, book.start, book.end)
    if book.state != MadeBook.State.MAKING and not book.parts:
        made_books.begin(book, found)
        return True
    if book.state != MadeBook.State.MAKING:
        made_books.advance(book, state=MadeBook.State.MAKING)  # begun again after it had failed
    if book.done < book.total or not book.parts:
        _volume(book)
        return True
    _bind(book)
    return False


def _volume(book: MadeBook) -> None:
    volumes = max(1, -(-book.total // VOLUME))
    shown = Complaint.visible_to(book.by).filter(pk__in=_keys(book))
    volume = register_book.Volume(len(book.parts) + 1, volumes, book.printed, book.total)
    content, printed = register_book.volume_pdf(
        shown.order_by("year", "serial"),
        book.by,
        book.village,
        volume,
        start=book.start,
        end=book.end,
        today=book.village.local(clock.now()).date(),
        paper=book.paper,
        masked=book.masked,
    )
    name = made_books.part_name(book, len(book.parts))
    made_books.put(name, io.BytesIO(content))
    done = min(book.done + VOLUME, book.total)
    made_books.advance(book, parts=[*book.parts, name], done=done, printed=book.printed + printed)


def _keys(book: MadeBook) -> list[int]:
    """The complaints of the next volume."""
    ordered = book.complaints.order_by("year", "serial").values_list("pk", flat=True)
    return list(ordered[book.done : book.done + VOLUME])


def _bind(book: MadeBook) -> None:
    """One volume is the book; several go into a ZIP, whose bytes pass through a file nobody else can open."""
    if len(book.parts) == 1:
        made_books.finish(book, book.parts[0])
        return
    name = f"books/{book.token}.zip"
    with tempfile.TemporaryFile() as file:
        _zip(file, book)
        file.seek(0)
        made_books.put(name, file)
    made_books.finish(book, name)


def _zip(file: IO[bytes], book: MadeBook) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
        for n, part in enumerate(book.parts, start=1):
            name = f"buku-pengaduan-jilid-{n:02d}.pdf"
            with default_storage.open(part, "rb") as source, pack.open(zipfile.ZipInfo(name, _EPOCH), "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


@task(atomic=False)
def delete_old() -> None:
    """Remove books that were made more than a week ago."""
    while made_books.delete_old():
        continue
