"""A sent report stays what it was, in every format, whatever happens to the book; and the hard dates: empty, new, over the year, another zone."""

import io
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from kentongan.complaints import actions, published_reports
from kentongan.complaints.lifecycle import NotAllowed, NotYours
from kentongan.complaints.models import Complaint, PublishedReport, SentReport
from kentongan.lib import clock
from kentongan.reports.report import book, corrections, files, paper, public, sending, tables
from kentongan.reports.report.period import Period
from kentongan.village.models import Category, Hamlet, User
from tests import make
from tests.cast import Cast

NOW = datetime(2041, 7, 2, 3, tzinfo=UTC)
CHANGES = 500
CATEGORIES = ("road", "aid", "levy", "question")
STEPS: dict[str, Callable[[Cast, Complaint, random.Random], Any]] = {
    "verify": lambda cast, row, dice: actions.verify(
        row, category=getattr(cast, dice.choice(CATEGORIES)), kind="COMPLAINT", urgency="NORMAL", by=cast.sari
    ),
    "assign": lambda cast, row, _dice: actions.assign(row, to=[cast.joko], instruction="Mohon.", by=cast.sari),
    "reopen": lambda cast, row, _dice: actions.reopen(row, text="Belum.", by=cast.sari),
    "note": lambda cast, row, dice: actions.note(row, text=f"Catatan {dice.random()}", by=cast.sari),
    "name": lambda cast, row, _dice: actions.name(row, officials=[cast.joko], by=cast.sari),
    **{
        step: lambda cast, row, _dice, taken=step: make.STEPS[taken](cast, row)
        for step in ("ask", "start", "refer", "answer", "close", "decline", "withdraw")
    },
}


def entered(cast: Cast, at: datetime) -> Complaint:
    with clock.at(at):
        entry = actions.Entry(text="Jalan berlubang.", channel="phone", received_at=at, hamlet_id=cast.hamlet.pk)
        return actions.receive(entry, village=cast.village, by=None)


def step(cast: Cast, dice: random.Random, rows: list[Complaint], moment: datetime) -> bool:
    """One change of the book or of the village; False when what the dice chose is not allowed."""
    chosen = dice.choice([*STEPS, *STEPS, "enter", "category", "hamlet"])
    if chosen == "enter":
        rows.append(entered(cast, moment - timedelta(days=dice.randint(1, 60))))
    elif chosen in {"category", "hamlet"}:
        place: Any = {"category": Category, "hamlet": Hamlet}[chosen]
        thing = dice.choice(list(place.objects.filter(village=cast.village)))
        thing.name = f"{chosen} {dice.random()}"
        thing.save()
    else:
        row = Complaint.for_system("test").get(pk=dice.choice(rows).pk)
        try:
            STEPS[chosen](cast, row, dice)
        except (NotAllowed, NotYours, Complaint.DoesNotExist, ValueError):
            return False
    return True


def every_format(report: SentReport, client: Client) -> Iterator[bytes]:
    for size in paper.PAPERS:
        yield client.get(reverse("book:sent_report", args=[report.pk, size])).content
    for kind in ("xlsx", "docx"):
        yield b"".join(client.get(reverse("book:sent_file", args=[report.pk, kind])))
    yield published_reports.content(PublishedReport.objects.get(report=report))
    page = client.get(reverse("public:report", args=[report.period])).content
    yield page[page.index(b"<main") : page.index(b"</main>")]  # around it stand the village's name and hours of today


def test_after_five_hundred_changes_it_is_the_same_in_every_format(
    cast: Cast, client_of: Callable[[User | None], Client]
) -> None:
    dice = random.Random(20411)
    with time_machine.travel(NOW, tick=False) as traveller:
        harun = client_of(cast.harun)
        rows = [entered(cast, datetime(2041, 6, 1 + n, 3, tzinfo=UTC)) for n in range(12)]
        for row in rows[:6]:
            make.STEPS["verify"](cast, row)
        report = sending.send(cast.sari, cast.village, Period.of("2041-06"), advice=["Menambal jalan."], now=NOW)
        public.publish(report, cast.sari, advice=True, today=NOW.date())
        before = list(every_format(report, harun))
        assert all(before)
        done = 0
        while done < CHANGES:
            done += step(cast, dice, rows, timezone.now())
            traveller.shift(timedelta(minutes=dice.randint(1, 30)))
        traveller.move_to(NOW)
        assert list(every_format(SentReport.objects.get(), harun)) == before
    later = NOW + timedelta(days=40)
    july = book.read(cast.sari, cast.village, Period.of("2041-07"), later)
    said = paper.data(july, corrected=corrections.of(cast.sari, july))
    assert said["corrections"]["lines"], "and the next one says what has changed"
    balanced(july)


def balanced(made: book.Book) -> tables.Flow:
    whole = tables.whole(made)
    assert whole.opening + whole.received == whole.out.total() + whole.closing
    assert whole.closing == len(tables.open_at_the_end(made))
    return whole


def printed(made: book.Book) -> str:
    said = paper.data(made)
    assert files.document(said, "A4")
    with files.xlsx(said) as sheets:
        assert sheets.read()
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.pdf(said, "F4"))).pages)


def read(cast: Cast, key: str, now: datetime) -> book.Book:
    return book.read(cast.sari, cast.village, Period.of(key), now)


@pytest.mark.parametrize("key", ["2041-06", "2041-Q2", "2041-S1", "2040"])
def test_a_period_without_complaints_prints_and_balances(cast: Cast, key: str) -> None:
    made = read(cast, key, NOW)
    assert balanced(made).closing == 0
    assert "NIHIL" in printed(made)


def test_a_village_one_day_old_prints_and_balances(cast: Cast) -> None:
    entered(cast, NOW - timedelta(hours=5))
    running = read(cast, "2041-07", NOW)
    assert (balanced(running).received, balanced(running).closing) == (1, 1)
    assert "Masa laporan belum berakhir" in printed(running)
    assert balanced(read(cast, "2041-06", NOW)).received == 0


def test_over_the_change_of_the_year_nothing_is_lost(cast: Cast) -> None:
    zone = ZoneInfo(cast.village.zone)
    last, first = datetime(2040, 12, 31, 23, 59, tzinfo=zone), datetime(2041, 1, 1, 0, 0, tzinfo=zone)
    old, _new = entered(cast, last), entered(cast, first)
    with clock.at(first):
        actions.decline(old, reason="OUT_OF_SCOPE", text="Hubungi PLN 123.", by=cast.sari)
    for before, after in (("2040-12", "2041-01"), ("2040-Q4", "2041-Q1"), ("2040-S2", "2041-S1"), ("2040", "2041")):
        ended, begun = balanced(read(cast, before, NOW)), balanced(read(cast, after, NOW))
        assert (ended.received, ended.closing) == (1, 1)
        assert (begun.opening, begun.received, begun.out.total(), begun.closing) == (1, 1, 1, 1)
    assert "Desember" in printed(read(cast, "2040-12", NOW))


def test_another_time_zone_moves_what_came_at_midnight_and_what_was_sent_stays(
    cast: Cast, client_of: Callable[[User | None], Client]
) -> None:
    entered(cast, datetime(2041, 6, 30, 23, 30, tzinfo=ZoneInfo("Asia/Jakarta")))
    with time_machine.travel(NOW, tick=False):
        harun = client_of(cast.harun)
        report = sending.send(cast.sari, cast.village, Period.of("2041-06"), advice=["Satu."], now=NOW)
        public.publish(report, cast.sari, advice=True, today=NOW.date())
        before = list(every_format(report, harun))
        assert balanced(read(cast, "2041-06", NOW)).received == 1
        cast.village.zone = "Asia/Makassar"
        cast.village.save()
        assert all(before)
        assert list(every_format(report, harun)) == before
    june, july = read(cast, "2041-06", NOW), read(cast, "2041-07", NOW)
    assert (balanced(june).received, balanced(july).received) == (0, 1)
    assert printed(june)
    assert printed(july)
    said = corrections.of(cast.sari, july)
    assert said["lines"][0].startswith("masuk 1 → 0")
