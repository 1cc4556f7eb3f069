"""The papers of a meeting: what stands on them, on both sizes of paper, and what never does."""

import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pypdf import PdfReader

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Meeting
from kentongan.reports import meeting as papers
from kentongan.village.models import User
from tests import make, meet
from tests.cast import Cast

WEDNESDAY = datetime(2026, 11, 25, 8, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
SIZES = {"A4": (210, 297), "F4": (215, 330)}
ALL = (papers.invitation, papers.attendance, papers.minutes)


@pytest.fixture(autouse=True)
def _on_a_wednesday() -> object:
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


def read(content: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def held(cast: Cast, *rows: Complaint, **other: object) -> Meeting:
    meeting = meet.called(cast, *rows, with_complainants=True, plan=meet.plan(cast.village, kind="MEDIATION"))
    decisions = (
        actions.Decision("Patok dipasang bersama di titik yang disepakati", date(2026, 12, 2), who=cast.joko),
        actions.Decision("Pagar dipindah", date(2026, 12, 9), outside="Kedua pihak"),
    )
    values = {"chair": "Harun Pranoto — Kepala Desa", "clerk": "Wati Suryani — Kasi Pelayanan", **other}
    return actions.record_minutes(meeting, record=meet.record(meeting, *decisions, **values), by=cast.sari)


def test_the_invitation_says_when_where_what_and_to_whom(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    text = read(papers.invitation(meet.called(cast, row, with_complainants=True), cast.village, cast.sari))
    for words in (
        "005/001/33.01.02.2099/XI/2026",
        "Undangan",
        "Joko Santosa — Kasi Kesejahteraan",
        "Ketua RT 003/RW 001",
        "Aipda Bayu Pratama — Bhabinkamtibmas",
        f"Karto Wiryo — Pengadu {row.number}",
        row.printed_number(cast.village),
        "Rabu, 25 November 2026",
        "09.00 – 11.00 WIB",
        "Balai desa",
        "Batas tanah",
        "Harun Pranoto",
    ):
        assert words in text


def test_the_list_has_names_and_empty_lines_to_sign(cast: Cast) -> None:
    text = read(papers.attendance(meet.called(cast, make.complaint(cast, State.VERIFIED)), cast.village, cast.sari))
    assert "DAFTAR HADIR" in text
    assert "Bhabinkamtibmas" in text
    assert "14." in text


def test_the_record_spells_its_day_and_numbers_its_decisions(cast: Cast) -> None:
    first, second = make.complaint(cast, State.IN_PROGRESS), make.complaint(cast, State.VERIFIED)
    text = read(papers.minutes(held(cast, first, second), cast.village, cast.sari))
    assert (
        "Pada hari ini, Rabu tanggal dua puluh lima bulan November tahun dua ribu dua puluh enam (25-11-2026), "
        "pukul 09.00 WIB, bertempat di Balai desa, telah dilaksanakan mediasi"
    ) in text
    for words in (
        "BERITA ACARA MEDIASI PENGADUAN",
        "140/001/33.01.02.2099/XI/2026",
        first.printed_number(cast.village),
        second.printed_number(cast.village),
        "Kedua pihak menerangkan batasnya.",
        "Para pihak mencapai kesepakatan.",
        "1 Patok dipasang bersama",
        "Joko Santosa — Kasi Kesejahteraan 2 Desember 2026",
        "2 Pagar dipindah",
        "9 Desember 2026",
        "Pemimpin rapat",
        "Wati Suryani",
    ):
        assert words in text, words


def test_before_it_is_held_the_record_is_a_form_to_fill_in(cast: Cast) -> None:
    text = read(papers.minutes(meet.called(cast, make.complaint(cast, State.VERIFIED)), cast.village, cast.sari))
    assert "Nomor: …" in text
    assert "Mengetahui" in text
    assert text.count("....") > 5


@pytest.mark.parametrize("paper", papers.PAPERS)
@pytest.mark.parametrize("made", ALL)
def test_they_fit_the_paper_they_are_printed_on(cast: Cast, made: Callable[..., bytes], paper: str) -> None:
    meeting = held(cast, make.complaint(cast, State.IN_PROGRESS))
    pages = PdfReader(io.BytesIO(made(meeting, cast.village, cast.sari, paper=paper))).pages
    for page in pages:
        size = tuple(round(float(side) * 25.4 / 72) for side in (page.mediabox.width, page.mediabox.height))
        assert size == SIZES[paper]
    assert len(pages) <= 2


LONG = "Raden Mas Haji Kusumodiningrat Wirasasmita Hadiprawira {}, S.Sos., M.Si."


@pytest.mark.parametrize("paper", papers.PAPERS)
@pytest.mark.parametrize("made", ALL)
def test_no_page_bears_a_signature_alone_however_many_come(cast: Cast, made: Callable[..., bytes], paper: str) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    for n in (6, 10, 12, 15, 22):
        guests = [actions.Guest(LONG.format(k), "Perwakilan tokoh masyarakat Dusun Karanganyar") for k in range(n)]
        meeting = meet.called(cast, row, guests=guests)
        pages = PdfReader(io.BytesIO(made(meeting, cast.village, cast.sari, paper=paper))).pages
        text = read(made(meeting, cast.village, cast.sari, paper=paper))
        assert all(f"{k}, S.Sos." in text for k in range(n))
        assert len(pages) <= 3
        assert len(pages[-1].extract_text().split()) > 12, f"{n} people on {paper}"


@pytest.mark.parametrize("made", ALL)
def test_a_hidden_name_is_on_no_paper_whoever_prints_it(cast: Cast, made: Callable[..., bytes]) -> None:
    row = make.complaint(cast, State.IN_PROGRESS, text="Karto Wiryo melaporkan batas tanah digeser orang.", identity_hidden=True)
    meeting = held(cast, row)
    for user in (cast.sari, cast.joko):
        text = read(made(meeting, cast.village, user))
        assert "Karto" not in text
        assert "Pengadu" in text


@pytest.mark.parametrize("made", ALL)
def test_the_wall_stands_before_them(cast: Cast, made: Callable[..., bytes]) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    meeting = held(cast, row)
    actions.name(row, officials=[cast.harun], by=cast.sari)
    for user in (cast.harun, cast.rini, cast.wati):
        with pytest.raises(Meeting.DoesNotExist):
            made(meeting, cast.village, user)
    text = read(made(meeting, cast.village, cast.lastri))
    assert "a.n. Kepala Desa" in text or made is papers.minutes
    assert "Lastri Handayani" in text
    with pytest.raises(ValueError, match="unknown paper"):
        made(meeting, cast.village, cast.sari, paper="A3")


@pytest.mark.parametrize("made", [papers.invitation, papers.minutes])
def test_without_a_date_there_is_nothing_to_print(cast: Cast, made: Callable[..., bytes]) -> None:
    days = [meet.today(cast.village) + timedelta(days=n) for n in (1, 2)]
    meeting = meet.called(cast, make.complaint(cast, State.VERIFIED), plan=meet.plan(cast.village, *days))
    with pytest.raises(ValueError, match="without a date"):
        made(meeting, cast.village, cast.sari)


def test_the_clock_is_the_villages(cast: Cast) -> None:
    cast.village.zone = "Asia/Makassar"
    cast.village.save()
    user: User = cast.sari
    text = read(papers.invitation(meet.called(cast, make.complaint(cast, State.VERIFIED)), cast.village, user))
    assert "09.00 – 11.00 WITA" in text
