"""Whether the book is whole: no number missing, no number twice, counters that agree with the rows, files that are there."""

from collections import Counter
from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Max, Min

from kentongan.complaints import closed_books, published_reports, sent_reports, surveys
from kentongan.complaints.models import (
    Attachment,
    Complaint,
    Event,
    LetterCounter,
    LetterNumber,
    Measure,
    PublishedReport,
    Register,
    SentReport,
    Survey,
    Tally,
)
from kentongan.complaints.rollup import measures, tally_key


def faults() -> Iterator[str]:
    """Everything that is not as it must be, a sentence each; nothing when the book is whole. Reads the whole book."""
    yield from _numbers()
    yield from _tallies()
    yield from _events()
    yield from _words()
    yield from _files()
    yield from _reports()
    yield from closed_books.faults()
    yield from _surveys()
    yield from _letters()


def _numbers() -> Iterator[str]:
    books = Complaint.for_system("verify").order_by().values("village", "year")
    last = {(register.village_id, register.year): register.last for register in Register.objects.all()}
    for book in books.annotate(n=Count("id"), first=Min("serial"), highest=Max("serial")):
        where = f"{book['village']} {book['year']}"
        if book["first"] != 1 or book["n"] != book["highest"]:
            yield f"{where}: the numbers have a gap ({book['n']} entries from {book['first']} to {book['highest']})"
        if last.pop((book["village"], book["year"]), None) != book["highest"]:
            yield f"{where}: the counter does not stand at the last number {book['highest']}"
    for (village, year), number in last.items():
        if number:
            yield f"{village} {year}: the counter stands at {number} and the book is empty"


def _tallies() -> Iterator[str]:
    counted: Counter[tuple[object, ...]] = Counter()
    measured: Counter[tuple[object, ...]] = Counter()
    for complaint in Complaint.for_system("verify").select_related("village").iterator():
        counted[tally_key(complaint)] += 1
        measured.update(measures(complaint))
    kept: dict[tuple[object, ...], int] = {
        (row.village_id, row.month, row.category_id, row.channel, row.kind, row.state): row.n
        for row in Tally.objects.exclude(n=0).iterator()
    }
    for key in counted.keys() | kept.keys():
        if counted[key] != kept.get(key, 0):
            yield f"{key[0]} {key[1]}: the statistics count {kept.get(key, 0)} where the book has {counted[key]} ({key[5]})"
    kept = {(row.village_id, row.month, row.what, row.key): row.n for row in Measure.objects.exclude(n=0).iterator()}
    for key in measured.keys() | kept.keys():
        if measured[key] != kept.get(key, 0):
            yield f"{key[0]} {key[1]}: the statistics count {kept.get(key, 0)} where the book has {measured[key]} ({key[2]} {key[3]})"


def _events() -> Iterator[str]:
    silent = (
        Complaint.for_system("verify")
        .exclude(pk__in=Event.objects.filter(kind="received").values("complaint"))
        .values_list("number", flat=True)
    )
    for number in silent[:20]:
        yield f"{number}: no event says that it was received"


def _words() -> Iterator[str]:
    with connection.cursor() as cursor:
        column = "rowid" if connection.vendor == "sqlite" else "complaint_id"
        cursor.execute(f"SELECT count(*) FROM complaints_complaint WHERE id NOT IN (SELECT {column} FROM complaints_words)")  # noqa: S608 - no input
        missing = cursor.fetchone()[0]
    if missing:
        yield f"{missing} entries cannot be found by searching"


def _files() -> Iterator[str]:
    for attachment in Attachment.objects.iterator():
        if not attachment.file.storage.exists(str(attachment.file.name)):
            yield f"attachment {attachment.pk}: the file is missing"


def _reports() -> Iterator[str]:
    for report in SentReport.objects.defer("data").iterator():
        for paper in sent_reports.PAPERS:
            try:
                sent_reports.content(report, paper)
            except sent_reports.Changed:
                yield f"report {report.number} ({report.period}): the file on {paper} is not the one that was sent"
    for publication in PublishedReport.objects.select_related("report").defer("data", "report__data").iterator():
        try:
            published_reports.content(publication)
        except sent_reports.Changed:
            yield f"published report {publication.report.number} ({publication.report.period}): the file is not the one that was published"


def _surveys() -> Iterator[str]:
    for survey in Survey.objects.exclude(a4_digest="").defer("data").iterator():
        for paper in surveys.PAPERS:
            try:
                surveys.content(survey, paper)
            except surveys.Changed:
                yield f"survey {survey}: the file on {paper} is not the one that was kept when it closed"


def _letters() -> Iterator[str]:
    """Numbers the counter never came to; used ones without a row were given before there was a register."""
    last = {(row.village_id, row.kind, row.year): row.last for row in LetterCounter.objects.all()}
    series = LetterNumber.objects.exclude(serial=None).order_by().values("village", "series", "year")
    for group in series.annotate(highest=Max("serial")):
        if group["highest"] > last.get((group["village"], group["series"], group["year"]), 0):
            yield f"{group['village']} {group['year']}: letter number {group['highest']} ({group['series']}) was never counted"
