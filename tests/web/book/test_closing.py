"""``/buku/penutupan/``: a year is closed once, without a gap, shows nobody what he is shut out of, and never changes again."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kentongan import worker
from kentongan.complaints import actions, closed_books, ledger
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import ClosedBook, Complaint, Register
from kentongan.jobs import JobError
from kentongan.lib import clock
from kentongan.reports import closing, pdf, register_book
from kentongan.village.models import User
from tests.cast import Cast

Clients = Callable[[User | None], Client]
PAGE, CLOSE = reverse("book:closing"), reverse("book:close_year", args=[2025])
MATTERS = ("Jembatan bambu lapuk.", "Uang bantuan dipotong pejabat itu.", "Selokan mampet di pasar.", "Lampu jalan mati.")


def entered(cast: Cast, text: str, moment: datetime, **how: Any) -> Complaint:
    with clock.at(moment):
        return actions.receive(
            actions.Entry(text=text, channel="phone", received_at=moment, **how), village=cast.village, by=None
        )


@pytest.fixture
def year(cast: Cast) -> list[Complaint]:
    """Four complaints of 2025: the second names the head, the third was withdrawn; and one of 2024, whose book is closed, still open."""
    zone = ZoneInfo(cast.village.zone)
    entered(cast, "Tanggul jebol.", datetime(2024, 12, 30, 9, tzinfo=zone))
    rows = [entered(cast, text, datetime(2025, 3, n, 9, tzinfo=zone)) for n, text in enumerate(MATTERS, start=1)]
    actions.name(rows[1], officials=[cast.harun], by=cast.sari)
    actions.withdraw(rows[2], text="Sudah beres.", by=None)
    closing.close(cast.sari, cast.village, 2024)
    return rows


def closed() -> ClosedBook:
    return ClosedBook.objects.get(year=2025)


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def opened(client: Client, year: int = 2025, size: str = "A4") -> Any:
    return client.get(reverse("book:closed_paper", args=[year, size]))


def test_the_secretary_closes_the_year_and_everybody_of_the_desk_opens_it(
    cast: Cast, client_of: Clients, year: list[Complaint]
) -> None:
    lastri = client_of(cast.lastri)
    assert CLOSE in lastri.get(PAGE).content.decode()
    assert CLOSE not in client_of(cast.harun).get(PAGE).content.decode()
    assert lastri.post(CLOSE).status_code == 302
    book = closed()
    for user in (cast.sari, cast.lastri, cast.harun):
        for size in ("A4", "F4"):
            text = " ".join(text_of(opened(client_of(user), size=size).content).split())
            assert "berisi 4 (empat) pengaduan" in text
            assert f"nomor {year[0].printed_number(cast.village)} s.d. {year[3].printed_number(cast.village)}" in text
            assert "(disimpan tersendiri)" in text
            assert "dipotong" not in text
            assert "lapuk" in text
            assert " ".join(book.digest[n : n + 8] for n in range(0, 64, 8)) in text
    assert list(ledger.faults()) == []


def test_the_sums_balance_without_what_is_kept_apart(cast: Cast, year: list[Complaint]) -> None:
    for user in (cast.sari, cast.lastri):
        sums = closing.Closing(user, cast.village, 2025).sums
        assert (sums.carried, sums.received, sums.apart, sums.ended[State.WITHDRAWN], sums.open) == (1, 4, 1, 1, 3)
        assert sums.balances


def test_of_a_number_kept_apart_nothing_else_is_told(cast: Cast, year: list[Complaint]) -> None:
    cast.village.number_pattern = "{serial3}/PGD/{roman}/{year}"
    lines = list(closing.Closing(cast.sari, cast.village, 2025).lines())
    assert lines[1] == ["2", "2025-0002"]
    assert lines[0][1] == "001/PGD/III/2025"


def test_a_master_kept_apart_is_not_named_by_what_was_joined_with_it(cast: Cast, year: list[Complaint]) -> None:
    actions.merge(year[3], master=year[1], by=cast.sari)
    line = list(closing.Closing(cast.sari, cast.village, 2025).lines())[3]
    assert (line[14], line[15]) == ("Digabung", "")


def test_later_changes_leave_the_closed_book_and_stand_in_the_next(cast: Cast, client_of: Clients, year: list[Complaint]) -> None:
    sari = client_of(cast.sari)
    sari.post(CLOSE)
    before = opened(sari).content
    actions.withdraw(year[0], text="Sudah diperbaiki.", by=None)
    assert opened(sari).content == before
    with clock.at(datetime(2027, 1, 4, 9, tzinfo=ZoneInfo(cast.village.zone))):
        told = closing.data(closing.Closing(cast.sari, cast.village, 2026))
    assert "NIHIL" in told["closing"]
    assert [line[0] for line in told["closed"]["carried"]] == [
        row.printed_number(cast.village)
        for row in Complaint.for_system("test").filter(pk__in=[year[0].pk - 1, year[0].pk, year[3].pk])
    ][::-1]
    assert list(ledger.faults()) == []


def test_it_is_closed_once_and_never_the_running_year(cast: Cast, client_of: Clients, year: list[Complaint]) -> None:
    sari, lastri = client_of(cast.sari), client_of(cast.lastri)
    for client in (sari, lastri, sari):
        assert client.post(CLOSE).status_code == 302
    for typed in (2026, 1999, 99999, 2024):
        assert sari.post(reverse("book:close_year", args=[typed])).status_code == 302
    assert ClosedBook.objects.filter(year=2025).count() == 1
    with pytest.raises(closed_books.AlreadyClosed):
        closing.close(cast.lastri, cast.village, 2025)
    with pytest.raises(closing.NotOver):
        closing.close(cast.lastri, cast.village, 2026)


def test_of_two_at_the_same_time_one_is_refused(cast: Cast, year: list[Complaint], monkeypatch: pytest.MonkeyPatch) -> None:
    render = pdf.render

    def slow(*args: Any, **how: Any) -> bytes:
        monkeypatch.setattr(pdf, "render", render)
        closing.close(cast.lastri, cast.village, 2025)
        return b"%PDF"

    monkeypatch.setattr(pdf, "render", slow)
    with pytest.raises(closed_books.AlreadyClosed):
        closing.close(cast.sari, cast.village, 2025)
    assert closed().by == cast.lastri


def test_who_is_shut_out_later_finds_no_book_and_no_second_one(cast: Cast, client_of: Clients, year: list[Complaint]) -> None:
    client_of(cast.sari).post(CLOSE)
    actions.name(year[0], officials=[cast.lastri], by=cast.sari)
    lastri = client_of(cast.lastri)
    assert opened(lastri).status_code == 404
    assert opened(client_of(cast.harun)).status_code == 200
    assert reverse("book:closed_paper", args=[2025, "A4"]) not in lastri.get(PAGE).content.decode()
    lastri.post(CLOSE)
    assert ClosedBook.objects.filter(year=2025).count() == 1


def test_a_gap_is_not_signed(cast: Cast, client_of: Clients, year: list[Complaint]) -> None:
    Register.objects.filter(village=cast.village, year=2025).update(last=5)
    sari = client_of(cast.sari)
    assert sari.get(PAGE).status_code == 200
    sari.post(CLOSE)
    assert not ClosedBook.objects.filter(year=2025).exists()


def test_an_empty_year_closes_as_nihil(cast: Cast) -> None:
    User.objects.filter(pk=cast.sari.pk).update(date_joined=datetime(2024, 5, 1, tzinfo=ZoneInfo("UTC")))
    assert closed_books.years_over(cast.village) == [2024, 2025]
    book = closing.close(cast.sari, cast.village, 2025)
    text = text_of(closed_books.content(book, "F4"))
    assert "NIHIL" in text
    assert "berisi NIHIL" in " ".join(text.split())
    assert closed_books.years_over(cast.village) == [2024]


def test_verify_finds_a_changed_file_and_changed_words(cast: Cast, year: list[Complaint]) -> None:
    book = closing.close(cast.sari, cast.village, 2025)
    with open(book.a4.path, "ab") as file:
        file.write(b" ")
    assert list(ledger.faults()) == [f"closed book {cast.village.code} 2025: the file on A4 is not the one that was closed"]
    with pytest.raises(TypeError):
        book.save()
    with pytest.raises(TypeError):
        ClosedBook.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_a_long_year_is_closed_by_the_worker(
    cast: Cast, client_of: Clients, year: list[Complaint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_book, "LIMIT", 3)
    sari = client_of(cast.sari)
    for _ in range(2):
        assert sari.post(CLOSE).status_code == 302
    page = sari.get(PAGE)
    assert page["Refresh"]
    assert CLOSE not in page.content.decode()
    worker.run(once=True)
    assert "Refresh" not in sari.get(PAGE)
    assert opened(sari).status_code == 200
    assert closed().by == cast.sari


def test_books_are_closed_in_their_order(cast: Cast, client_of: Clients) -> None:
    for year in (2023, 2025):
        entered(cast, "Selokan mampet.", datetime(year, 5, 2, 9, tzinfo=ZoneInfo(cast.village.zone)))
    sari = client_of(cast.sari)
    for wanted, kept in ((2025, 0), (2024, 0), (2023, 1), (2025, 1), (2024, 2), (2025, 3)):
        sari.post(reverse("book:close_year", args=[wanted]))
        assert ClosedBook.objects.count() == kept
    sums = {book.year: dict(book.data["book"]["sums"]) for book in ClosedBook.objects.all()}
    carried, left = "Pindahan dari buku sebelumnya", "Saldo: belum berakhir, dipindahkan ke buku berikutnya"
    assert [(sums[year][carried], sums[year][left]) for year in (2023, 2024, 2025)] == [(0, 1), (1, 1), (1, 2)]


def test_when_it_cannot_be_printed_nothing_is_closed(
    cast: Cast, client_of: Clients, year: list[Complaint], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_how: Any) -> bytes:
        raise pdf.CannotPrint("no memory")

    monkeypatch.setattr(pdf, "render", broken)
    assert client_of(cast.sari).post(CLOSE).status_code == 302
    assert not ClosedBook.objects.filter(year=2025).exists()


def test_who_works_at_another_village_by_now_closes_nothing_here(cast: Cast, year: list[Complaint]) -> None:
    """His job waited; what he may see here by now is nothing, and a book of nothing would have been kept for good."""
    with pytest.raises(JobError):
        closing.close_long.func(cast.rini.pk, cast.village.pk, 2025)
    assert not closed_books.is_closed(cast.village, 2025)
