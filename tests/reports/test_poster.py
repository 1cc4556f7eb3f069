"""The poster: the village's own doors and clocks, the square to the form, one page on every paper."""

import io
import re

import pytest
from pypdf import PdfReader

from kentongan.reports import poster
from tests.cast import Cast

FORM = "https://sukamaju.example/adukan/"


def text_of(cast: Cast, paper: str = "A4", address: str = FORM) -> str:
    pages = PdfReader(io.BytesIO(poster.pdf(cast.village, address, paper=paper))).pages
    assert len(pages) == 1
    return re.sub(r"\s+", " ", pages[0].extract_text())


@pytest.mark.parametrize("paper", poster.PAPERS)
def test_it_says_how_to_complain_and_how_soon_it_is_answered(cast: Cast, paper: str) -> None:
    village = cast.village
    village.clocks = village.clocks | {"verify": 2, "complaint": 11, "inspection": 47, "reply": 9}
    village.whatsapp, village.instagram = "+6285141182163", "desa.sukamaju"
    text = text_of(cast, paper)
    for said in (
        "Mengadu itu hak Anda", "DESA SUKAMAJU", "sukamaju.example/adukan", "Jalan Balai Desa 1", "Senin–Kamis 07.30–15.30 WIB",
        "Jumat 07.30–11.30 WIB", "(0282) 5550100", "0851-4118-2163", "@desa.sukamaju", "2 hari kerja", "11 hari kerja",
        "47 hari kerja", "9 hari kerja", "Boleh tanpa nama", "Camat", "SP4N-LAPOR!", "Ombudsman RI",
    ):  # fmt: skip
        assert said in text, said


def test_a_door_the_village_does_not_have_is_not_on_it(cast: Cast) -> None:
    village = cast.village
    village.phone = village.email = village.address = ""
    village.hours = {}
    text = text_of(cast)
    for absent in ("Telepon", "WhatsApp", "Email", "Instagram"):
        assert absent not in text
    assert "pada jam kerja" in text


@pytest.mark.parametrize("paper", poster.PAPERS)
def test_the_longest_of_everything_still_fits(cast: Cast, paper: str) -> None:
    village = cast.village
    village.name, village.address, village.website = "W" * 80, "Jalan " * 33, "w" * 120
    village.email, village.instagram = f"{'e' * 60}@{'d' * 60}.example", "i" * 60
    village.hours = {str(day): f"0{day + 1}:00-1{day}:30" for day in range(7)}
    assert "Ombudsman RI" in text_of(cast, paper, f"https://{'a' * 200}.example/adukan/")


def test_another_paper_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="unknown paper"):
        poster.pdf(cast.village, FORM, paper="A0")
