"""The complaint book as PDF, XLSX and CSV: its sixteen columns, its sums, and what must never stand in it."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from kentongan.channels.base import Contact
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.lib import clock
from kentongan.reports import book_rows, register_book
from kentongan.village.models import User
from tests import make
from tests.cast import Cast

SECRET = Contact("Bejo Rahasia", "+6285141189999", "Gang Tersembunyi 9", rw="001", rt="003")


def today() -> date:
    return timezone.localdate()


def book(cast: Cast, user: User, **how: Any) -> list[str]:
    """The text of each page of today's book."""
    made = register_book.pdf(user, cast.village, start=today(), end=today(), today=today(), **how)
    return [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def sheet(cast: Cast, user: User) -> Any:
    with register_book.xlsx(user, cast.village, today(), today()) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read())).active


def lines(cast: Cast, user: User, **how: Any) -> list[list[str]]:
    text = "".join(register_book.csv_lines(user, cast.village, today(), today(), **how))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_sixteen_columns_stand_in_the_order_of_village_registers(cast: Cast) -> None:
    make.received(cast)
    (page,) = book(cast, cast.sari)
    head = squeezed(page[: page.index("1\n")] if "1\n" in page else page)
    places = [squeezed(page).find(squeezed(title)) for title in register_book.COLUMNS]
    assert len(register_book.COLUMNS) == 16
    assert -1 not in places, head
    assert places == sorted(places)


def test_every_page_repeats_head_and_column_numbers_and_adds_up(cast: Cast) -> None:
    for n in range(30):
        make.received(cast, f"Jalan rusak di gang nomor {n}, sudah lama berlubang dan tergenang air setiap hujan turun.")
    pages = book(cast, cast.sari)
    assert len(pages) > 2
    carried = 0
    for n, page in enumerate(pages, start=1):
        assert f"Halaman {n} dari {len(pages)}" in page
        if "Jumlah" not in page:
            assert (n, "Mengetahui" in page) == (len(pages), True)
            continue
        here, before, upto = map(int, re.findall(r"(?:halaman ini|halaman lalu): (\d+)", page))
        assert before == carried
        assert upto == carried + here
        carried = upto
        assert squeezed("NomorRegister") in squeezed(page)
        assert re.search(r"\b1\s+2\s+3\s+4\s+5\s+6\s+7\s+8\s+9\s+10\s+11\s+12\s+13\s+14\s+15\s+16\b", page)
    assert carried == 30
    assert "ditutup dengan 30 pengaduan" in pages[-1]


def test_letterhead_and_two_signatures(cast: Cast) -> None:
    make.received(cast)
    text = "\n".join(book(cast, cast.sari))
    for words in (
        "PEMERINTAH KABUPATEN CILACAP",
        "KECAMATAN KESUGIHAN",
        "DESA SUKAMAJU",
        "Mengetahui",
        "Kepala Desa",
        "Harun Pranoto",
    ):
        assert words in text
    assert "Petugas Pengelola Pengaduan" in text
    assert "Sari Wulandari" in text
    assert f"Sukamaju, {today().day} " in text


def test_an_empty_period_says_nihil(cast: Cast) -> None:
    made = register_book.pdf(cast.sari, cast.village, start=date(2020, 2, 1), end=date(2020, 2, 29), today=today())
    (page,) = PdfReader(io.BytesIO(made)).pages
    assert "NIHIL" in page.extract_text()
    assert "Februari 2020" in page.extract_text()


@pytest.mark.parametrize(
    "typed",
    [
        "lampu mati lg 😡😡 udh 2mgg!!! 🙏🙏",
        "#sys.inputs *tebal* _miring_ $x$ `kode` @label <label> // komentar",
        "<script>alert(1)</script> '; DROP TABLE complaints_complaint; --",
        "=cmd|' /C calc'!A0 rusak jalannya",
    ],
)
def test_what_people_typed_is_text_everywhere(cast: Cast, typed: str) -> None:
    make.received(cast, typed)
    assert squeezed(typed) in squeezed(book(cast, cast.sari)[0])
    cell = sheet(cast, cast.sari).cell(row=7, column=9)
    assert (cell.value, cell.data_type) == (typed, "s")
    assert lines(cast, cast.sari)[1][8] == ("'" + typed if typed.startswith("=") else typed)


def test_a_word_of_two_hundred_letters_stays_inside_its_column(cast: Cast) -> None:
    make.received(cast, f"{'A' * 200} rusak", subject="W" * 120)
    made = register_book.pdf(cast.sari, cast.village, start=today(), end=today(), today=today())
    reader = PdfReader(io.BytesIO(made))
    longest = max(re.findall(r"[AW]{5,}", reader.pages[0].extract_text()), key=len)
    assert len(longest) < 40
    assert squeezed(reader.pages[0].extract_text()).count("A" * 200) == 1


def test_a_hidden_identity_stands_nowhere_whoever_prints(cast: Cast) -> None:
    make.received(cast, sender=SECRET, identity_hidden=True, represents="Keluarga Bejo")
    make.received(cast, sender=Contact(), channel="box")
    for user in (cast.sari, cast.lastri, cast.harun):
        cells = [str(cell.value) for row in sheet(cast, user).iter_rows() for cell in row]
        for text in ("\n".join(book(cast, user)), "\n".join(cells), "\n".join(map(str, lines(cast, user)))):
            assert "Bejo" not in text
            assert "1189999" not in text.replace("-", "")
            assert "Tersembunyi" not in text
            assert "Dirahasiakan" in text
            assert "Anonim" in text


def test_a_copy_masks_telephones_and_confidential_content(cast: Cast) -> None:
    make.received(cast, "Tetangga saya sakit jiwa dan dipasung keluarganya sendiri.", confidential=True)
    (page,) = book(cast, cast.sari, masked=True, paper="F4")
    assert "0851-****-**63" in page
    assert "4118-2163" not in page
    assert "dipasung" not in page
    assert "Laporan rahasia" in page
    assert "dipasung" in book(cast, cast.sari)[0]


def test_the_named_heads_book_lacks_it(cast: Cast) -> None:
    make.received(cast, "Jembatan bambu di sungai sudah lapuk dan berbahaya.")
    hidden = make.received(cast, "Uang bantuan dipotong oleh pejabat itu.", named=(cast.harun.pk,))
    for text in ("\n".join(book(cast, cast.harun)), str(lines(cast, cast.harun))):
        assert "lapuk" in text
        assert "dipotong" not in text
        assert hidden.printed_number(cast.village) not in squeezed(text)
        assert "Tidak ditampilkan" not in text
    assert "dipotong" in "\n".join(book(cast, cast.sari))


def test_a_merged_complaint_does_not_betray_a_master_behind_the_wall(cast: Cast) -> None:
    master = make.received(cast, "Uang bantuan dipotong oleh pejabat itu.", named=(cast.harun.pk,))
    other = make.complaint(cast, State.VERIFIED)
    actions.merge(other, master=master, by=cast.sari)
    assert f"Digabung ke {master.number}" in str(lines(cast, cast.sari))
    assert master.number not in str(lines(cast, cast.harun))


def test_the_administrators_book_is_empty(cast: Cast) -> None:
    make.received(cast)
    assert len(lines(cast, cast.tono)) == 1
    assert "NIHIL" in book(cast, cast.tono)[0]


def test_an_answered_complaint_tells_its_whole_way(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    actions.follow_up(row, text="Sudah ditinjau.", by=cast.joko)
    make._answer(cast, row)
    _, line = lines(cast, cast.sari)
    assert line[1] == row.printed_number(cast.village)
    assert line[3:8] == [
        "Formulir web", "Karto Wiryo", "Jalan Melati 4, RT 003/RW 001", "0851-4118-2163", row.subject,
    ]  # fmt: skip
    assert line[9] == "Pengaduan / Pembangunan / Jalan dan jembatan"
    assert line[10].startswith("Joko Santosa — Kasi Kesejahteraan (")
    assert line[12].endswith("Sudah ditinjau.")
    assert line[13].endswith(", Telepon")
    assert line[14:] == ["Dijawab", "Teratasi"]


def test_the_due_day_is_the_clocks_own(cast: Cast) -> None:
    row = make.complaint(cast, State.VERIFIED)
    (entry,) = book_rows.rows(Complaint.visible_to(cast.sari), cast.sari, cast.village)
    assert entry.due == timezone.localtime(row.due_at).date()  # type: ignore[arg-type]


def test_days_are_the_villages_days(cast: Cast) -> None:
    zone = ZoneInfo(cast.village.zone)
    for moment in (datetime(2026, 10, 31, 23, 59, tzinfo=zone), datetime(2026, 11, 1, 0, 0, tzinfo=zone)):
        with clock.at(moment):
            actions.receive(
                actions.Entry(text=f"Selokan mampet {moment:%d}.", channel="web", received_at=moment),
                village=cast.village,
                by=None,
            )
    found = register_book.of_period(cast.sari, cast.village, date(2026, 11, 1), date(2026, 11, 30))
    assert [row.text for row in found] == ["Selokan mampet 01."]


def test_xlsx_holds_real_dates_and_the_column_numbers(cast: Cast) -> None:
    row = make.received(cast)
    page = sheet(cast, cast.sari)
    assert [cell.value for cell in page[5]] == list(register_book.COLUMNS)
    assert [cell.value for cell in page[6]] == list(range(1, 17))
    assert abs(page.cell(row=7, column=3).value - timezone.localtime(row.received_at).replace(tzinfo=None)) < timedelta(seconds=1)
    assert isinstance(page.cell(row=7, column=12).value, datetime)


def _many(cast: Cast, n: int) -> Iterator[Complaint]:
    for _ in range(n):
        yield make.complaint(cast, State.RESPONDED)


def test_the_number_of_queries_does_not_grow_with_the_book(cast: Cast) -> None:
    counts = []
    for n in (1, 5):
        assert len(list(_many(cast, n))) == n
        with CaptureQueriesContext(connection) as queries:
            assert len(lines(cast, cast.sari)) > n
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_the_same_book_is_the_same_file(cast: Cast) -> None:
    make.received(cast)
    first, second = (register_book.pdf(cast.sari, cast.village, start=today(), end=today(), today=today()) for _ in range(2))
    assert first == second


def test_a_book_too_long_for_one_pdf_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_book, "LIMIT", 1)
    make.received(cast)
    make.received(cast, "Lampu jalan di gang kami mati semua.")
    with pytest.raises(register_book.TooLong):
        book(cast, cast.sari)


def test_another_paper_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="letter"):
        book(cast, cast.sari, paper="letter")


def test_a_sentence_before_a_place_or_another_sentence_keeps_one_full_stop(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS, "Lampu padam.", rt="003", rw="001")
    actions.follow_up(row, text="Sudah ditinjau.", by=cast.joko)
    actions.refer(row, agency=cast.agency, text="Mohon ditangani.", by=cast.sari)
    _, line = lines(cast, cast.sari)
    assert line[7].startswith("Lampu padam; RT 003/RW 001")
    assert "Sudah ditinjau. Dirujuk ke Dinas PUPR" in line[12]


def test_the_words_of_the_book_itself_break_in_no_column(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    actions.draft_response(row, text="Tidak ada dasarnya.", outcome="NOT_ACTIONABLE", by=cast.joko)
    actions.approve_response(row, by=cast.lastri)
    actions.approve_response(row, by=cast.harun)
    actions.respond(row, deliveries=[actions.Delivered("Pengadu", "board")], by=cast.sari)
    make.complaint(cast, State.IN_PROGRESS)
    (page,) = book(cast, cast.sari)
    for word in ("ditindaklanjuti", "Ditindaklanjuti", "pengumuman", "Kesejahteraan"):
        assert re.search(rf"\b{word}\b", page), word
