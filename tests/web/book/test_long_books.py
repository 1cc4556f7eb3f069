"""``/buku/pdf/``: a book too long for a request is made by the worker, in volumes, once, for one person, behind the wall."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from kentongan import worker
from kentongan.complaints import actions, made_books
from kentongan.complaints.models import Complaint, MadeBook
from kentongan.jobs import engine
from kentongan.jobs.models import Job
from kentongan.reports import long_book, pdf, register_book
from kentongan.village.models import User
from tests import make
from tests.cast import Cast

Clients = Callable[[User | None], Client]
ORDER = reverse("book:order_long_book")


@pytest.fixture
def five(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Complaint]]:
    """A book of five, where a request prints three and a volume holds two."""
    monkeypatch.setattr(register_book, "LIMIT", 3)
    monkeypatch.setattr(long_book, "VOLUME", 2)
    yield [make.received(cast, f"Jalan rusak di gang nomor {n}, sudah lama berlubang.") for n in range(1, 6)]
    MadeBook.objects.update(at=timezone.now() - timedelta(days=8))
    made_books.delete_old()


def work() -> None:
    """Do the books' jobs until none is left."""
    worker.run(once=True)


def ordered(client: Client, **how: str) -> MadeBook:
    assert client.post(ORDER, how).status_code == 302
    return MadeBook.objects.latest("pk")


def fetched(client: Client, book: MadeBook) -> Any:
    """The answer, read to its end."""
    response: Any = client.get(reverse("book:long_book_file", args=[book.pk]))
    response.body = b"".join(response)
    return response


def files_of(book: MadeBook) -> list[str]:
    return [name for name in default_storage.listdir("books")[1] if name.startswith(book.token)]


def volumes(response: Any) -> list[list[str]]:
    """The pages' texts of each volume."""
    with zipfile.ZipFile(io.BytesIO(response.body)) as pack:
        return [
            [page.extract_text() for page in PdfReader(io.BytesIO(pack.read(name))).pages] for name in sorted(pack.namelist())
        ]


@pytest.mark.django_db(transaction=True)
def test_it_is_offered_made_in_volumes_and_fetched(cast: Cast, client_of: Clients, five: list[Complaint]) -> None:
    sari = client_of(cast.sari)
    assert ORDER in sari.get(reverse("book:pdf")).content.decode()
    book = ordered(sari)
    assert ordered(sari).pk == book.pk
    page = sari.get(reverse("book:long_book", args=[book.pk]))
    assert page["Refresh"] == "4"
    work()
    page = sari.get(reverse("book:long_book", args=[book.pk]))
    assert "Refresh" not in page
    made = volumes(fetched(sari, book))
    assert len(made) == 3
    for n, (volume, before) in enumerate(zip(made, (0, 2, 4), strict=True), start=1):
        text = " ".join("\n".join(volume).split())
        assert f"Jilid {n} dari 3" in text
        assert re.findall(r"halaman lalu: (\d+)", text)[0] == str(before)
        assert f"Halaman 1 dari {len(volume)}" in text
    assert "ditutup dengan 5 pengaduan" in " ".join("\n".join(made[2]).split())
    assert re.fullmatch(r"books/[^/]{16,}\.zip", MadeBook.objects.get().file)
    assert files_of(book) == [f"{book.token}.zip"]


@pytest.mark.django_db(transaction=True)
def test_nobody_else_finds_it_nor_who_has_been_shut_out_since(cast: Cast, client_of: Clients, five: list[Complaint]) -> None:
    lastri = client_of(cast.lastri)
    book = ordered(lastri)
    work()
    assert fetched(lastri, book).status_code == 200
    for other in (cast.sari, cast.harun, cast.tono):
        assert fetched(client_of(other), book).status_code == 404
    actions.name(five[3], officials=[cast.lastri], by=cast.sari)
    assert fetched(lastri, book).status_code == 404
    assert lastri.get(reverse("book:long_book", args=[book.pk])).status_code == 404
    assert reverse("book:long_book_file", args=[book.pk]) not in lastri.get(reverse("book:index")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_complaint_shut_meanwhile_is_not_printed(cast: Cast, client_of: Clients, five: list[Complaint]) -> None:
    book = ordered(client_of(cast.lastri))
    for _ in range(2):
        job = engine.claim("test")
        assert job is not None
        engine.execute(job)
    actions.name(five[4], officials=[cast.lastri], by=cast.sari)
    work()
    book.refresh_from_db()
    with default_storage.open(book.file) as file, zipfile.ZipFile(file) as pack:
        last = PdfReader(io.BytesIO(pack.read("buku-pengaduan-jilid-03.pdf"))).pages
        assert "gang nomor 5" not in " ".join(page.extract_text() for page in last)


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_twice(
    cast: Cast, client_of: Clients, five: list[Complaint], monkeypatch: pytest.MonkeyPatch
) -> None:
    sari = client_of(cast.sari)
    book = ordered(sari)
    begin = engine.claim("killed")
    assert begin is not None
    engine.execute(begin)
    killed = engine.claim("killed")
    assert killed is not None
    advance = made_books.advance
    monkeypatch.setattr(made_books, "advance", lambda *_args, **_how: True)  # the volume is stored, then the plug is pulled
    long_book._volume(MadeBook.objects.get())
    monkeypatch.setattr(made_books, "advance", advance)
    Job.objects.filter(pk=killed.pk).update(lease_until=timezone.now() - timedelta(minutes=1))
    assert engine.reap() == 1
    work()
    made = volumes(fetched(sari, book))
    assert [len(re.findall(r"gang nomor \d", " ".join(" ".join(volume).split()))) for volume in made] == [4, 4, 2]
    assert files_of(book) == [f"{book.token}.zip"]


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_said_in_words_and_tried_again(
    cast: Cast, client_of: Clients, five: list[Complaint], monkeypatch: pytest.MonkeyPatch
) -> None:
    sari = client_of(cast.sari)
    book = ordered(sari)
    again, page = reverse("book:long_book_again", args=[book.pk]), reverse("book:long_book", args=[book.pk])
    render = pdf.render

    def broken(*_args: Any, **_how: Any) -> bytes:
        raise pdf.CannotPrint("no memory")

    monkeypatch.setattr(pdf, "render", broken)
    work()
    shown = sari.get(page)
    assert "Refresh" not in shown
    assert again in shown.content.decode()
    assert fetched(sari, book).status_code == 404
    monkeypatch.setattr(pdf, "render", render)
    sari.post(again)
    work()
    assert fetched(sari, book).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_after_a_week_it_is_gone_with_its_files(cast: Cast, client_of: Clients, five: list[Complaint]) -> None:
    book = ordered(client_of(cast.sari))
    work()
    book.refresh_from_db()
    MadeBook.objects.update(at=timezone.now() - timedelta(days=6))
    long_book.delete_old.call()
    assert default_storage.exists(book.file)
    MadeBook.objects.update(at=timezone.now() - timedelta(days=8))
    long_book.delete_old.call()
    assert not MadeBook.objects.exists()
    assert not default_storage.exists(book.file)


def test_more_than_one_order_takes_is_refused_in_words(
    cast: Cast, client_of: Clients, five: list[Complaint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_book, "MOST", 4)
    sari = client_of(cast.sari)
    assert ORDER not in sari.get(reverse("book:pdf")).content.decode()
    assert sari.post(ORDER).status_code == 400
    assert not MadeBook.objects.exists()
