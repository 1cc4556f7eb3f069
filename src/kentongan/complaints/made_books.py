"""Long books printed by the worker: who ordered one, how far it is, who may open it, and when it goes.

It is one person's: nobody else finds it. The wall stands twice, when each volume is printed and whenever the file is opened: who may no longer
see one of the complaints it shows finds nothing. Files have random names that are known before they are written, so a worker that is killed
and starts again writes over what it left.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from kentongan.complaints import access, frozen
from kentongan.complaints.models import Complaint, MadeBook
from kentongan.jobs.models import OPEN, Job
from kentongan.lib import tokens
from kentongan.village.models import User, Village

KEPT = timedelta(days=7)
BATCH = 1000
RUNNING = (MadeBook.State.WAITING, MadeBook.State.MAKING)


def job_key(pk: int) -> str:
    return f"book:{pk}"


def order(user: User, village: Village, start: date, end: date, *, paper: str, masked: bool) -> MadeBook:
    """The book this person wants made: a new one, or the same that is being made already. Its job is the caller's to put."""
    asked: dict[str, Any] = {"by": user, "start": start, "end": end, "paper": paper, "masked": masked}
    running = MadeBook.objects.filter(**asked, state__in=RUNNING)
    try:
        with transaction.atomic():
            return running.first() or MadeBook.objects.create(village=village, token=tokens.new_token(), **asked)
    except IntegrityError:  # a second click was faster
        return running.get()


def books_of(user: Any) -> QuerySet[MadeBook]:
    """The books this person had made, as far as he may see every complaint they show, as things stand today."""
    where = access.standing(user)
    if where is None:
        return MadeBook.objects.none()
    return frozen.wholly_seen(MadeBook.objects.filter(by=user, village=where.village_id), user)


def is_stuck(book: MadeBook) -> bool:
    """Whether nobody makes it any more: it failed, or its job was given up."""
    if book.state == MadeBook.State.FAILED:
        return True
    return book.state in RUNNING and not Job.objects.filter(unique_key=job_key(book.pk), state__in=OPEN).exists()


def again(book: MadeBook) -> None:
    """Begin once more where it stopped. Its job is the caller's to put."""
    MadeBook.objects.filter(pk=book.pk).exclude(state=MadeBook.State.READY).update(state=MadeBook.State.WAITING)


def begin(book: MadeBook, complaints: QuerySet[Complaint]) -> None:
    """Fix which complaints the book shows; begun twice, the second list counts."""
    through = MadeBook.complaints.through
    keys = list(complaints.order_by().values_list("pk", flat=True))
    with transaction.atomic():
        through.objects.filter(madebook=book).delete()
        through.objects.bulk_create([through(madebook_id=book.pk, complaint_id=pk) for pk in keys], batch_size=BATCH)
        book.state, book.total, book.done, book.printed, book.parts = MadeBook.State.MAKING, len(keys), 0, 0, []
        book.save()


def part_name(book: MadeBook, n: int) -> str:
    return f"books/{book.token}-{n}.pdf"


def put(name: str, content: IO[bytes]) -> None:
    """Store under exactly this name, over what a killed worker left there."""
    default_storage.delete(name)
    stored = default_storage.save(name, File(content))
    if stored != name:
        raise FileExistsError(stored)


def advance(book: MadeBook, **changed: Any) -> bool:
    """Write how far it is; False when it was deleted meanwhile."""
    for key, value in changed.items():
        setattr(book, key, value)
    return bool(MadeBook.objects.filter(pk=book.pk).update(**changed))


def finish(book: MadeBook, name: str) -> None:
    """The whole is stored: the volumes may go."""
    advance(book, state=MadeBook.State.READY, file=name)
    for part in book.parts:
        if part != name:
            default_storage.delete(part)


def delete_old() -> int:
    """Remove the books of more than seven days ago with their files: their number."""
    old = list(MadeBook.objects.filter(at__lt=timezone.now() - KEPT)[:100])
    for book in old:
        names: list[str] = [*book.parts, book.file, part_name(book, len(book.parts)), f"books/{book.token}.zip"]
        for name in filter(None, names):
            default_storage.delete(name)
        book.complaints.clear()
        book.delete()
    return len(old)
