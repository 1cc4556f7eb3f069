"""The statement a complainant signs when he takes it back: what it says, and whose name is on it."""

import io
import re

import pytest
from pypdf import PdfReader

from kentongan.channels.base import Contact
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.reports import withdrawal
from kentongan.village.models import User
from tests import make
from tests.cast import Cast
from tests.reports.test_complaint_letters import ODD

NOBODY = Contact()


def text_of(cast: Cast, row: Complaint, user: User | None = None, paper: str = "A4") -> str:
    pages = PdfReader(io.BytesIO(withdrawal.pdf(row, cast.village, user or cast.sari, paper=paper))).pages
    assert len(pages) == 1
    return re.sub(r"\s+", " ", pages[0].extract_text())


@pytest.mark.parametrize("paper", withdrawal.PAPERS)
def test_what_is_signed(cast: Cast, paper: str) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    text = text_of(cast, row, paper=paper)
    for said in (
        "SURAT PERNYATAAN PENCABUTAN PENGADUAN", "Karto Wiryo", "Jalan Melati 4", "0851-4118-2163", "tanpa paksaan",
        row.printed_number(cast.village), "dengan alasan: ......", "tidak menutup hak saya", "Yang menerima", "Sari Wulandari",
        "Yang membuat pernyataan",
    ):  # fmt: skip
        assert said in text, said


def test_after_it_was_taken_back_the_reason_stands_in_it(cast: Cast) -> None:
    assert "dengan alasan: Sudah selesai sendiri." in text_of(cast, make.complaint(cast, State.WITHDRAWN))


def test_a_hidden_name_is_left_to_be_written_by_hand(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS, identity_hidden=True)
    assert "Karto Wiryo" in text_of(cast, row)
    for user in (cast.lastri, cast.joko):
        text = text_of(cast, row, user)
        assert "Karto" not in text
        assert "0851" not in text
        assert "Nama : ......" in text


def test_where_there_is_nothing_to_take_back_there_is_no_form(cast: Cast) -> None:
    for row in (make.complaint(cast, State.CLOSED), make.complaint(cast, State.DECLINED), make.received(cast, sender=NOBODY)):
        with pytest.raises(ValueError, match="nothing to take back"):
            text_of(cast, row)


def test_whom_it_is_about_neither_sees_nor_receives_it(cast: Cast) -> None:
    row = make.complaint(cast, State.RECEIVED, named=(cast.sari.pk,))
    text = text_of(cast, row, cast.lastri)
    assert "Sari" not in text
    assert "Lastri Handayani" in text
    with pytest.raises(Complaint.DoesNotExist):
        text_of(cast, row, cast.sari)


@pytest.mark.parametrize("odd", ODD)
def test_any_reason_fits_on_the_page(cast: Cast, odd: str) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    actions.withdraw(row, text=f"{odd} " * 100, by=None)
    assert "Yang membuat pernyataan" in text_of(cast, row)
