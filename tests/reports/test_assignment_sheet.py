"""The sheet that goes to those who answer: to whom, with what instruction, until when; no hidden identity."""

import io
import re

import pytest
from pypdf import PdfReader

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.reports import assignment_sheet
from kentongan.village.models import User
from tests import make
from tests.cast import Cast


def text_of(cast: Cast, row: Complaint, user: User, paper: str = "A4") -> str:
    pages = PdfReader(io.BytesIO(assignment_sheet.pdf(row, cast.village, user, paper=paper))).pages
    assert len(pages) == 1
    return re.sub(r"\s+", " ", pages[0].extract_text())


@pytest.mark.parametrize("paper", assignment_sheet.PAPERS)
def test_who_is_to_do_what_until_when(cast: Cast, paper: str) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    text = text_of(cast, row, cast.joko, paper)
    for words in (
        "LEMBAR DISPOSISI PENGADUAN",
        row.printed_number(cast.village),
        "Karto Wiryo",
        "Joko Santosa — Kasi Kesejahteraan",
        "Mohon dicek dan ditangani.",
        "berlubang besar",
        "Pembangunan › Jalan dan jembatan",
        "Sari Wulandari",
        "Petugas Pengelola Pengaduan",
    ):
        assert words in text


def test_a_hidden_identity_is_not_on_it_not_even_for_the_officer(cast: Cast) -> None:
    row = make.complaint(cast, State.ASSIGNED, identity_hidden=True)
    for user in (cast.sari, cast.joko):
        text = text_of(cast, row, user)
        assert "Karto" not in text
        assert "Dirahasiakan" in text


def test_before_anybody_has_it_there_are_lines_to_fill_in(cast: Cast) -> None:
    text = text_of(cast, make.complaint(cast, State.VERIFIED), cast.sari)
    assert "Yang mendisposisikan" in text
    assert "......" in text


@pytest.mark.parametrize("paper", assignment_sheet.PAPERS)
def test_a_long_story_still_fits_one_page(cast: Cast, paper: str) -> None:
    row = make.complaint(cast, State.VERIFIED, "Jalan rusak parah sekali. " * 400)
    actions.assign(row, to=[cast.joko, cast.wati], instruction="Periksa lalu laporkan. " * 200, by=cast.sari)
    assert "Wati Suryani" in text_of(cast, row, cast.sari, paper)


def test_the_wall_stands_before_it(cast: Cast) -> None:
    row = make.received(cast, named=(cast.harun.pk,))
    with pytest.raises(Complaint.DoesNotExist):
        assignment_sheet.pdf(row, cast.village, cast.harun)
