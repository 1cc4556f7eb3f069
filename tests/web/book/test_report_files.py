"""A report to work with, as sheets and as a document: the same numbers as numbers, nothing computed, and of a sent one what was sent."""

import io
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import SentReport
from kentongan.lib import clock
from kentongan.reports.report import sending
from kentongan.reports.report.period import Period
from kentongan.village.models import User
from tests import make
from tests.cast import Cast

Clients = Callable[[User | None], Client]
KINDS = ("xlsx", "docx")


def content(client: Client, name: str, *args: Any, **typed: str) -> bytes:
    address = reverse(name, args=args)
    response = client.post(address, typed) if typed else client.get(address)
    assert response.status_code == 200
    return b"".join(response)


def this_month(cast: Cast) -> str:
    return f"{cast.village.local(timezone.now()):%Y-%m}"


def sheets(made: bytes) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(made))
    for sheet in book:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}, "nothing is computed"
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def words(made: bytes) -> str:
    document = docx.Document(io.BytesIO(made))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(part.text for part in document.paragraphs), *cells])


def test_the_sheets_hold_every_table_and_the_balance_as_numbers(cast: Cast, client_of: Clients) -> None:
    make.complaint(cast, State.CLOSED)
    make.received(cast)
    made = sheets(content(client_of(cast.sari), "book:report_file", this_month(cast), "xlsx"))
    assert [name.split()[0] for name in made] == ["Saldo", *(f"T{n}" for n in range(1, 10)), "Analisis", "Lampiran"]
    balance = {row[0]: row[1] for row in made["Saldo"] if len(row) > 1}
    assert (balance["Saldo awal"], balance["Masuk"], balance["Selesai"], balance["Saldo akhir"]) == (0, 2, 1, 1)
    assert "DESA SUKAMAJU" in made["Saldo"][1]


def test_what_looks_like_a_formula_stays_text(cast: Cast, client_of: Clients) -> None:
    formula = '=HYPERLINK("http://jahat.example","klik")'
    cast.hamlet.name = formula
    cast.hamlet.save()
    made = content(client_of(cast.sari), "book:report_file", this_month(cast), "xlsx")
    assert formula in [row[0] for rows in sheets(made).values() for row in rows]
    typed = content(client_of(cast.sari), "book:report_file", this_month(cast), "xlsx", advice="+1 tong sampah")
    assert "+1 tong sampah" in [cell for row in sheets(typed)["Analisis dan rekomendasi"] for cell in row]


def test_the_document_has_every_chapter_and_the_words_as_typed(cast: Cast, client_of: Clients) -> None:
    row = make.received(cast)
    said = words(content(client_of(cast.sari), "book:report_file", this_month(cast), "docx", advice="Menambal jalan."))
    for part in (
        "I. Dasar",
        "II. Rekap",
        "T1. ",
        "T9. ",
        "III. Perm",
        "Menambal jalan.",
        "V. Penutup",
        "Sari Wulandari",
        "Lampiran. ",
    ):
        assert part in said
    assert row.printed_number(cast.village) in said
    assert "Konsep, belum dikirim" in said
    for personal in ("Karto", "4118", "Melati", "mushola"):
        assert personal not in said


def test_an_empty_period_makes_both(cast: Cast, client_of: Clients) -> None:
    assert "NIHIL" in words(content(client_of(cast.sari), "book:report_file", "2020-02", "docx"))
    assert "Lampiran" not in " ".join(sheets(content(client_of(cast.sari), "book:report_file", "2020-02", "xlsx")))


def test_of_a_sent_one_they_are_what_was_sent(cast: Cast, client_of: Clients) -> None:
    with clock.at(timezone.now().replace(year=2025, month=6, day=3)):
        entry = actions.Entry(text="Jalan berlubang.", channel="phone", received_at=clock.now())
        row = actions.receive(entry, village=cast.village, by=None)
    report = sending.send(cast.sari, cast.village, Period.of("2025-06"), advice=["Menambal jalan."], now=timezone.now())
    harun = client_of(cast.harun)
    with time_machine.travel(timezone.now(), tick=False):
        before = {kind: content(harun, "book:sent_file", report.pk, kind) for kind in KINDS}
        actions.verify(row, category=cast.road, kind="ASPIRATION", urgency="HIGH", by=cast.sari)
        cast.village.name = "Lain"
        cast.village.save()
        assert {kind: content(harun, "book:sent_file", report.pk, kind) for kind in KINDS} == before
    assert "Konsep" not in words(before["docx"])
    assert report.number in words(before["docx"])


def test_other_kinds_are_not_there(cast: Cast, client_of: Clients) -> None:
    report = sending.send(cast.sari, cast.village, Period.of("2025-06"), advice=["Satu."], now=timezone.now())
    for address in (
        "/buku/laporan/2025-06/konsep.exe",
        f"/buku/laporan/terkirim/{report.pk}/laporan.pdf",
        "/buku/laporan/x/konsep.xlsx",
    ):
        assert client_of(cast.sari).get(address).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_kept_before_there_were_charts_and_appendix_makes_both(cast: Cast, client_of: Clients, kind: str) -> None:
    report = sending.send(cast.sari, cast.village, Period.of("2025-06"), advice=["Satu."], now=timezone.now())
    old = {key: value for key, value in report.data.items() if key not in {"charts", "corrections", "appendix", "rows", "names"}}
    SentReport.objects.bulk_create(
        [SentReport(village=cast.village, period="2025-05", name="Bulan Mei 2025", number="1", data=old, by=cast.sari)]
    )
    assert content(client_of(cast.sari), "book:sent_file", SentReport.objects.first().pk, kind)
