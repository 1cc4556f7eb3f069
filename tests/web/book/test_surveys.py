"""The desk's side of the survey: begun, typed in from paper, planned for, closed; the papers say what the pages say."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pypdf import PdfReader

from kentongan.complaints import surveys
from kentongan.complaints.models import Survey
from kentongan.village.models import User
from tests import surveying
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]


def words(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_a_survey_from_its_beginning_to_its_report(cast: Cast, client_of: ClientOf) -> None:
    sari = client_of(cast.sari)
    today = date.today()
    typed = {
        "year": "2026",
        "service": "Pengelolaan pengaduan",
        "opens_on": f"{today}",
        "closes_on": f"{today:%d-%m-%Y}",
        "population": "71",
    }
    assert sari.post("/buku/survei/", typed).status_code == 302
    assert sari.post("/buku/survei/", typed).status_code == 422  # one a year and service
    row = Survey.objects.get()
    keys = {f"U{n}": "4" for n in range(1, 10)}
    for n in range(2):
        form = {**keys, "U3": str(1 + n), "token": f"paper-{n}", "sex": "L", "suggestion": "Loket dibuka lebih pagi."}
        assert sari.post(f"/buku/survei/{row.pk}/isi/", form).status_code == 302
    assert sari.post(f"/buku/survei/{row.pk}/isi/", {"U1": "7"}).status_code == 422
    assert sari.post(f"/buku/survei/{row.pk}/isi/", {}).status_code == 422
    page = sari.get(f"/buku/survei/{row.pk}/")
    assert page.context["wanted"] == 60
    assert page.context["suggestions"] == ["Loket dibuka lebih pagi."] * 2
    plan = {"U3_what": "Loket dibuka pukul 07.00", "U3_when": "Januari 2027", "U3_who": "Sekretaris Desa"}
    assert sari.post(f"/buku/survei/{row.pk}/rencana", plan).status_code == 302
    draft = words(sari.get(f"/buku/survei/{row.pk}/laporan.pdf").content)
    assert "belum ditutup" in draft
    assert client_of(cast.lastri).post(f"/buku/survei/{row.pk}/tutup").status_code == 302
    row.refresh_from_db()
    assert str(row.index) == "93.06"  # (8 × 4 + 1,5) / 9 × 25
    for size in surveys.PAPERS:
        said = words(sari.get(f"/buku/survei/{row.pk}/laporan.pdf?paper={size}").content)
        for part in (
            "BAB I.", "BAB II.", "BAB III.", "BAB IV.", "93,06", "A (Sangat Baik)", "n = 2", "hasil belum mewakili", "1,500",
            "Loket dibuka pukul 07.00", "Januari 2027", "60 dari 71", "Harun Pranoto", "kertas 2", "kurang dari 3",
        ):  # fmt: skip
            assert part in said, part
        assert "lebih pagi" not in said
    for what in ("ubah", "rencana", "tutup"):
        assert sari.post(f"/buku/survei/{row.pk}/{what}", plan | typed).status_code in {409, 422}
    assert sari.post(f"/buku/survei/{row.pk}/isi/", keys).status_code == 422


@pytest.mark.parametrize("paper", surveys.PAPERS)
def test_the_form_is_one_page_with_every_question_and_the_way_to_the_web(cast: Cast, client_of: ClientOf, paper: str) -> None:
    row = surveying.survey(cast)
    made = client_of(cast.harun).get(f"/buku/survei/{row.pk}/formulir.pdf?paper={paper}").content
    assert len(PdfReader(io.BytesIO(made)).pages) == 1
    said = words(made)
    for part in (
        "SURVEI KEPUASAN MASYARAKAT",
        "testserver/survei",
        "Tidak tamat SD",
        "Dikelola dengan baik",
        "persyaratan",
        "Tanpa nama",
    ):
        assert part in said, part


def test_nothing_can_be_closed_before_anybody_answered(cast: Cast, client_of: ClientOf) -> None:
    row = surveying.survey(cast)
    assert client_of(cast.sari).post(f"/buku/survei/{row.pk}/tutup").status_code == 409
    row.refresh_from_db()
    assert row.closed_at is None


def test_before_the_first_answer_the_questions_follow_the_office(cast: Cast, client_of: ClientOf) -> None:
    row, tono, sari = surveying.survey(cast), client_of(cast.tono), client_of(cast.sari)
    element = surveys.elements_of(cast.village)[0]
    words_ = {"name": "Syarat", "question": "Apakah syaratnya\r\njelas?", "order": "1"} | {
        f"answer_{n}": f"Jawab {n}" for n in range(1, 5)
    }
    assert tono.post(f"/kantor/survei/{element.pk}/", words_).status_code == 302
    days = {"year": row.year, "service": row.service, "opens_on": f"{row.opens_on}", "closes_on": f"{row.closes_on}"}
    sari.post(f"/buku/survei/{row.pk}/ubah", days)
    row.refresh_from_db()
    assert row.elements[0]["answers"] == ["Jawab 1", "Jawab 2", "Jawab 3", "Jawab 4"]
    surveying.answered(row)
    tono.post(f"/kantor/survei/{element.pk}/", words_ | {"question": "Lain?"})
    sari.post(f"/buku/survei/{row.pk}/ubah", days)
    row.refresh_from_db()
    assert row.elements[0]["question"] == "Apakah syaratnya jelas?"


@pytest.mark.parametrize("token", ["\x00", "a\x00b", "x" * 5000])
def test_a_torn_mark_of_the_form_loses_no_answer(cast: Cast, client_of: ClientOf, token: str) -> None:
    row = surveying.survey(cast)
    assert client_of(cast.sari).post(f"/buku/survei/{row.pk}/isi/", {"U1": "3", "token": token}).status_code == 302
    assert row.answers.count() == 1
