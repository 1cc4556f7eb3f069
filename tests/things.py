"""One thing of each kind that an address of the access table opens: a sent report, a closed book, a letter, a job given up."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from kentongan.channels.email import store
from kentongan.channels.models import Conversation, IncomingMessage, OutgoingMessage
from kentongan.complaints import closed_books, sent_reports
from kentongan.complaints.models import Complaint, MadeBook, Publicity
from kentongan.jobs import engine
from kentongan.jobs.models import Job
from kentongan.jobs.models import State as JobState
from kentongan.reports.report import book, paper, public
from kentongan.reports.report.period import Period
from kentongan.village.models import Leave, User
from tests import letters
from tests.cast import Cast


def report_of(cast: Cast, complaint: Complaint) -> int:
    """A report that was sent before the head was named in a complaint it counts."""
    papers = {"A4": b"%PDF-1.7", "F4": b"%PDF-1.7"}
    said = paper.data(book.read(cast.sari, cast.village, Period.of("2024"), timezone.now()), number="145/001")
    finished = sent_reports.Finished("2024", "Tahun 2024", "145/001", said, papers, [complaint.pk])
    report = sent_reports.keep(finished, cast.village, cast.sari)
    public.publish(report, cast.sari, advice=False, today=timezone.localdate())
    return report.pk


def closed_book_of(cast: Cast, complaint: Complaint) -> int:
    """The year of a book that was closed before the head was named in a complaint it shows."""
    papers = {"A4": b"%PDF-1.7", "F4": b"%PDF-1.7"}
    finished = closed_books.Finished(2024, {"book": {}}, papers, [complaint.pk])
    return closed_books.keep(finished, cast.village, cast.sari).year


def long_book_of(cast: Cast) -> int:
    """A long book the officer had made."""
    day = timezone.localdate()
    made = MadeBook.objects.get_or_create(
        village=cast.village,
        by=cast.sari,
        start=day,
        end=day,
        paper="A4",
        state="READY",
        token="t",
        file="books/access-table.pdf",
    )[0]
    if not default_storage.exists(made.file):
        default_storage.save(made.file, ContentFile(b"%PDF-1.7"))
    return made.pk


def publicity_of(cast: Cast) -> int:
    """One act of publicity, with a photo."""
    row = Publicity(village=cast.village, on=timezone.localdate(), place="Balai", what="Poster", by_label="Sari")
    row.photo.save("foto.jpg", ContentFile(b"\xff\xd8\xff\xe0"), save=False)
    row.save()
    return row.pk


def leave_of(cast: Cast) -> int:
    """A leave of Joko's that is still to come: it lends nothing yet."""
    day = timezone.localdate() + timedelta(days=30)
    row = Leave.objects.get_or_create(village=cast.village, user=cast.joko, since=day, until=day, stand_in=cast.wati)[0]
    return row.pk


def letter_of(complaint: Complaint) -> int:
    """A letter to the complainant that failed."""
    event = complaint.events.first()
    assert event is not None
    made = OutgoingMessage.objects.create(
        village_id=complaint.village_id, complaint=complaint, event=event, channel="email", kind="received",
        address="karto@example.com", subject="Pengaduan", text="Isi.", message_id="<kentongan.x@y>", state="FAILED", reason="refused",
    )  # fmt: skip
    return made.pk


def letter_to(complaint: Complaint) -> int:
    """A letter of the complainant."""
    message = store.keep(complaint.village_id, letters.written(), source="pipe", arrived=timezone.now())
    assert message is not None
    IncomingMessage.objects.filter(pk=message.pk).update(state="JOINED", complaint=complaint)
    return message.pk


def chat_of(cast: Cast) -> int:
    """A conversation that belongs to no complaint."""
    row = {"village": cast.village, "channel": "instagram", "outside_id": "1027384650912345"}
    return Conversation.objects.get_or_create(**row, defaults={"last_at": timezone.now()})[0].pk


def dead_job() -> str:
    """A job that was given up."""
    job = engine.put("kentongan.jobs.tasks.delete_finished")
    Job.objects.filter(pk=job.pk).update(state=JobState.DEAD)
    return str(job.pk)


def notice(person: User) -> int:
    """A notice of the table's complaint to that very person, as if the wall had failed when it was written."""
    event = Complaint.for_system("test").get().events.first()
    assert event is not None
    own = {"village_id": event.village_id, "event": event, "complaint_id": event.complaint_id, "channel": "desk", "to": person}
    return OutgoingMessage.objects.get_or_create(**own, defaults={"state": OutgoingMessage.State.SENT})[0].pk
