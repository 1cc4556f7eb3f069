"""The ledger finds each kind of damage, and nothing in a whole book."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from kentongan.complaints import actions, ledger
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Attachment, Complaint, LetterCounter, Measure, Register, Tally
from kentongan.lib import clock
from kentongan.lib.files import Clean
from tests import make
from tests.cast import Cast


@pytest.fixture
def book(cast: Cast) -> Cast:
    for state in State:
        make.complaint(cast, state)
    photo = actions.NewFile("a.jpg", Clean(b"\xff\xd8\xff", "image/jpeg", "jpg"))
    actions.attach(make.received(cast), files=[photo], by=cast.sari)
    return cast


def test_a_whole_book_has_no_faults(book: Cast) -> None:
    assert list(ledger.faults()) == []


def test_an_empty_book_has_none_either(cast: Cast) -> None:
    assert list(ledger.faults()) == []


def sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def everything() -> "list[Complaint]":
    return list(Complaint.for_system("test").order_by("serial"))


def renumber() -> None:
    Complaint.for_system("test").filter(pk=everything()[-1].pk).update(serial=900, number="2026-0900")


def lose_the_first() -> None:
    Complaint.for_system("test").filter(pk=everything()[0].pk).update(serial=901, number="2026-0901")


def counter_behind() -> None:
    Register.objects.update(last=1)


def counter_of_an_empty_year() -> None:
    Register.objects.create(village_id=everything()[0].village_id, year=1999, last=3)


def counter_gone() -> None:
    Register.objects.all().delete()


def tally_changed() -> None:
    row = Tally.objects.exclude(n=0).first()
    assert row is not None
    Tally.objects.filter(pk=row.pk).update(n=row.n + 1)


def tally_of_nothing() -> None:
    Tally.objects.create(
        village_id=everything()[0].village_id, month=date(1999, 1, 1), channel="web", kind="COMPLAINT", state="CLOSED", n=2
    )


def measure_changed() -> None:
    row = Measure.objects.exclude(n=0).first()
    assert row is not None
    Measure.objects.filter(pk=row.pk).update(n=row.n + 1)


def answered_behind_its_back() -> None:
    Complaint.for_system("test").filter(pk=everything()[0].pk).update(answer_days=77)


def state_changed_behind_its_back() -> None:
    Complaint.for_system("test").filter(state=State.RECEIVED).update(state=State.VERIFIED)


def a_row_without_its_events() -> None:
    made = everything()[0]
    made.pk, made.serial, made.number, made.code_digest = None, Register.objects.get().last + 1, "2026-0999", b"x" * 32
    made._state.adding = True
    made.save()


def words_gone() -> None:
    column = "rowid" if connection.vendor == "sqlite" else "complaint_id"
    sql(f"DELETE FROM complaints_words WHERE {column} = %s", everything()[0].pk)


def file_gone() -> None:
    attachment = Attachment.objects.get()
    attachment.file.storage.delete(str(attachment.file.name))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (renumber, "the numbers have a gap"),
        (lose_the_first, "the numbers have a gap"),
        (counter_behind, "the counter does not stand at the last number"),
        (counter_gone, "the counter does not stand at the last number"),
        (counter_of_an_empty_year, "the counter stands at 3 and the book is empty"),
        (tally_changed, "the statistics count"),
        (tally_of_nothing, "the statistics count 2 where the book has 0"),
        (measure_changed, "the statistics count"),
        (answered_behind_its_back, "the statistics count 0 where the book has 1 (answer 77)"),
        (state_changed_behind_its_back, "the statistics count"),
        (a_row_without_its_events, "2026-0999: no event says that it was received"),
        (words_gone, "1 entries cannot be found by searching"),
        (file_gone, "the file is missing"),
    ],
)
def test_each_kind_of_damage_is_found(book: Cast, damage: Callable[[], None], sentence: str) -> None:
    damage()
    assert any(sentence in fault for fault in ledger.faults()), list(ledger.faults())


def test_numbers_begin_anew_each_year_and_each_village(book: Cast) -> None:
    with clock.at(datetime(2027, 1, 1, 1, 0, tzinfo=UTC)):
        next_year = make.received(book)
    entry = actions.Entry(text=make.TEXT, channel="web", received_at=next_year.received_at)
    next_door = actions.receive(entry, village=book.neighbour, by=None)
    assert (next_year.number, next_door.serial) == ("2027-0001", 1)
    assert list(ledger.faults()) == []


def test_new_year_begins_at_the_villages_midnight(cast: Cast) -> None:
    with clock.at(datetime(2026, 12, 31, 16, 59, tzinfo=UTC)):  # 23.59 WIB
        last = make.received(cast)
    with clock.at(datetime(2026, 12, 31, 17, 1, tzinfo=UTC)):  # 00.01 WIB
        first = make.received(cast)
    assert (last.number, first.number) == ("2026-0001", "2027-0001")


def test_a_letter_number_the_counter_never_came_to(book: Cast) -> None:
    LetterCounter.objects.filter(kind="referral").update(last=0)
    [fault] = ledger.faults()
    assert "(referral) was never counted" in fault
