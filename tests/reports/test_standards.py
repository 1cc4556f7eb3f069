"""Papers claim the standards they meet: PDF/UA-1 all of them, PDF/A-2b those that are kept; none where our fonts cannot write the words."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from kentongan.complaints import closed_books, surveys
from kentongan.complaints.lifecycle import State
from kentongan.lib import clock
from kentongan.reports import closing, cover_letter, receipt, withdrawal
from kentongan.reports import pdf as paper_maker
from kentongan.reports import survey as surveying_papers
from tests import make, surveying
from tests.cast import Cast

KEPT = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
LETTER: dict[str, Any] = {
    "title": "Pemberitahuan",
    "kop": {"regency": "PEMERINTAH", "district": "KECAMATAN", "village": "DESA", "address": "", "contacts": ""},
    "day": "Sukamaju, 25 November 2026",
    "number": "",
    "to": ["Sdr. Karto"],
    "paragraphs": ["Lampu jalan menyala 😀."],
    "sign": {"above": "", "post": "Kepala Desa", "name": "Harun"},
}


def claims(content: bytes) -> tuple[str, str, str]:
    """PDF/A part and conformance, and PDF/UA part, as the XMP metadata states them; "" where it states none."""
    xmp = PdfReader(io.BytesIO(content)).xmp_metadata
    assert xmp is not None
    spaces = {"pdfaid": "http://www.aiim.org/pdfa/ns/id/", "pdfuaid": "http://www.aiim.org/pdfua/ns/id/"}
    wanted = (("pdfaid", "part"), ("pdfaid", "conformance"), ("pdfuaid", "part"))
    return tuple(_value(xmp, spaces[space], name) for space, name in wanted)  # type: ignore[return-value]


def _value(xmp: Any, space: str, name: str) -> str:
    for found in xmp.get_element("", space, name):
        return str(getattr(found, "value", "") or "".join(child.data for child in found.childNodes))
    return ""


def test_a_paper_that_is_kept_is_archival_and_dated_and_the_same_bytes() -> None:
    kept = paper_maker.render("letter", LETTER, kept_at=KEPT)
    assert claims(kept) == ("2", "B", "1")
    assert PdfReader(io.BytesIO(kept)).metadata.creation_date == KEPT  # type: ignore[union-attr]
    assert kept == paper_maker.render("letter", LETTER, kept_at=KEPT)


def test_another_paper_is_accessible_and_says_no_day() -> None:
    made = paper_maker.render("letter", LETTER)
    assert claims(made) == ("", "", "1")
    assert PdfReader(io.BytesIO(made)).metadata.creation_date is None  # type: ignore[union-attr]
    assert claims(paper_maker.render("letter", LETTER, tagged=False)) == ("", "", "")


@pytest.mark.parametrize("kept_at", [None, KEPT])
def test_words_our_fonts_cannot_write_are_printed_and_nothing_false_is_claimed(kept_at: datetime | None) -> None:
    made = paper_maker.render("letter", {**LETTER, "paragraphs": ["中文"]}, kept_at=kept_at)
    assert claims(made) == ("", "", "")
    assert "Pemberitahuan" in PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_letters_slips_and_forms_meet_it(cast: Cast) -> None:
    row = make.complaint(cast, State.REFERRED)
    made = [
        cover_letter.pdf(row.referrals.get(), cast.village, cast.sari, base="https://desa.example"),
        receipt.pdf(row, cast.village, "a6", "https://desa.example"),
        withdrawal.pdf(row, cast.village, cast.sari),
    ]
    assert [claims(content) for content in made] == [("", "", "1")] * 3


def test_what_is_kept_for_good_is_archival(cast: Cast) -> None:
    with clock.at(KEPT.replace(year=2025)):
        make.received(cast)
    book = closing.close(cast.sari, cast.village, 2025)
    survey = surveying.survey(cast)
    surveying.answered(survey)
    kept = surveying_papers.close(survey, cast.village, by=cast.sari, now=KEPT)
    for content in (closed_books.content(book, "A4"), surveys.content(kept, "F4")):
        assert claims(content) == ("2", "B", "1")
