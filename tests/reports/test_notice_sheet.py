"""The sheet for the notice board: number and answer, and nothing that tells who complained or about whom."""

import io
import re

import pytest
from pypdf import PdfReader

from kentongan.channels.base import Contact
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.reports import notice_sheet
from kentongan.village.models import User
from tests import make
from tests.cast import Cast
from tests.reports.test_complaint_letters import ODD, answered

NOBODY = Contact()


def pages(cast: Cast, row: Complaint, text: str, user: User | None = None, paper: str = "A4") -> list[str]:
    content = notice_sheet.pdf(row, cast.village, user or cast.sari, text=text, paper=paper)
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def anonymous(cast: Cast, state: str = State.RESPONDED, **how: object) -> Complaint:
    return make.complaint(cast, state, sender=NOBODY, **how)


@pytest.mark.parametrize("paper", notice_sheet.PAPERS)
def test_it_says_the_number_the_answer_and_what_one_may_do(cast: Cast, paper: str) -> None:
    row = anonymous(cast)
    (text,) = pages(cast, row, "Lubang sudah ditambal.", paper=paper)
    for said in (
        "PENGUMUMAN", row.printed_number(cast.village), "Lubang sudah ditambal.", "keberatan paling lambat", "Kepala Desa", "Harun Pranoto",
        "Ditempel tanggal",
    ):  # fmt: skip
        assert said in text, said
    assert "mushola" not in text, "neither what was said nor its subject"
    assert row.subject not in text


def test_it_bears_the_words_the_officer_approved(cast: Cast) -> None:
    text = " ".join(pages(cast, anonymous(cast), "Sudah ditangani."))
    assert "Sudah ditangani." in text
    assert "ditambal" not in text


def test_what_leads_to_somebody_is_taken_out_before_the_officer_reads_it(cast: Cast) -> None:
    row = anonymous(cast, State.IN_PROGRESS)
    answered(cast, row, "Hubungi 0851-4118-2163 atau 3301022001900001.")
    letter = notice_sheet.answer_for_board(row)
    assert letter
    said = notice_sheet.proposed(letter, cast.village)
    assert "0851" not in said
    assert "3301022001900001" not in said


def test_anonymous_ones_joined_with_it_find_their_number_too(cast: Cast) -> None:
    master = anonymous(cast, State.VERIFIED)
    joined, named = anonymous(cast, State.VERIFIED), make.complaint(cast, State.VERIFIED)
    for row in (joined, named):
        actions.merge(row, master=master, by=cast.sari)
    actions.assign(master, to=[cast.joko], instruction="Cek.", by=cast.sari)
    text = " ".join(pages(cast, answered(cast, master, "Sudah."), "Sudah."))
    assert joined.printed_number(cast.village) in text
    assert named.printed_number(cast.village) not in text


def test_only_what_is_anonymous_public_and_answered_is_posted(cast: Cast) -> None:
    for row in (make.complaint(cast, State.RESPONDED), anonymous(cast, State.IN_PROGRESS), anonymous(cast, confidential=True)):
        with pytest.raises(ValueError, match="nothing to be posted"):
            pages(cast, row, "Sudah.")
    assert pages(cast, anonymous(cast, State.DECLINED), "Bukan kewenangan desa.")


def test_whom_it_is_about_neither_sees_nor_signs_it(cast: Cast) -> None:
    row = anonymous(cast, State.DECLINED, named=(cast.harun.pk,))
    assert "Harun" not in " ".join(pages(cast, row, "Tidak jelas."))
    with pytest.raises(Complaint.DoesNotExist):
        pages(cast, row, "Tidak jelas.", cast.harun)


@pytest.mark.parametrize("odd", ODD)
def test_what_is_written_stays_text(cast: Cast, odd: str) -> None:
    read = pages(cast, anonymous(cast), f"{odd}\n" * 60)
    assert "Harun Pranoto" in read[-1]
