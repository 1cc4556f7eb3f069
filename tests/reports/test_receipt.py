"""The slip: one page on three papers, the code as text and as QR, no name where identity is hidden."""

import io
import re
from typing import Any

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from kentongan.channels.base import Contact
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.lib import tokens
from kentongan.reports import receipt
from tests import make
from tests.cast import Cast

BASE = "https://aduan.sukamaju.example"


def text_of(cast: Cast, row: Complaint, size: str = "a6") -> str:
    pages = PdfReader(io.BytesIO(receipt.pdf(row, cast.village, size, BASE))).pages
    assert len(pages) == 1
    return re.sub(r"\s+", " ", pages[0].extract_text())


@pytest.mark.parametrize("size", receipt.SIZES)
def test_everything_that_matters_on_one_page(cast: Cast, size: str) -> None:
    row = make.received(cast, by=cast.sari, channel="walk_in")
    text = text_of(cast, row, size)
    assert tokens.spaced(row.code) in text
    for words in (
        "TANDA TERIMA PENGADUAN",
        row.printed_number(cast.village),
        "WIB",
        "Tatap muka",
        "Sari Wulandari",
        "Karto Wiryo",
        "Diperiksa kelengkapannya paling lambat",
        "Dijawab paling lambat",
        "Camat Kesugihan",
        "Bupati Cilacap",
        "LAPOR!",
        "Ombudsman",
        "tidak dipungut biaya",
    ):
        assert words in text


@pytest.mark.parametrize("size", receipt.SIZES)
def test_long_words_and_names_stay_on_one_page(cast: Cast, size: str) -> None:
    sender = Contact("Siti " * 19, "+6285141182163", "Jalan Melati 4")
    row = make.received(cast, subject="W" * 140, sender=sender)
    cast.village.name, cast.village.address = "Karangtengah Pasir Sari Wetan", "Jalan " + "Panjang " * 20
    assert tokens.spaced(row.code) in text_of(cast, row, size)


@pytest.mark.parametrize("size", receipt.SIZES)
def test_no_name_where_identity_is_hidden(cast: Cast, size: str) -> None:
    assert "Karto" not in text_of(cast, make.received(cast, identity_hidden=True), size)
    assert "Nama" not in text_of(cast, make.received(cast, sender=Contact(), channel="box"), size)


def test_a_confidential_report_shows_no_subject(cast: Cast) -> None:
    assert "Perihal" not in text_of(cast, make.received(cast, confidential=True))


def test_after_verification_the_promised_day_is_the_clocks(cast: Cast) -> None:
    text = text_of(cast, make.complaint(cast, State.VERIFIED))
    assert "Diperiksa kelengkapannya" not in text
    assert "Dijawab paling lambat" in text


def test_papers_have_their_sizes(cast: Cast) -> None:
    row = make.received(cast)
    widths = {}
    for size in receipt.SIZES:
        box = PdfReader(io.BytesIO(receipt.pdf(row, cast.village, size, BASE))).pages[0].mediabox
        widths[size] = round(float(box.width) / 72 * 25.4)
    assert widths == {"a6": 105, "a5": 148, "80mm": 80}


def test_another_size_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="a3"):
        receipt.pdf(make.received(cast), cast.village, "a3", BASE)


@pytest.mark.parametrize(("size", "width_mm"), [("a6", 28), ("a5", 42), ("80mm", 42)])
def test_the_printed_qr_is_the_tracking_address(cast: Cast, size: str, width_mm: int) -> None:
    row = make.received(cast)
    wanted = [[bool(cell) for cell in line] for line in segno.make(f"{BASE}/lacak/#{row.code}", error="m", micro=False).matrix]
    ppi = 300
    picture = Image.open(io.BytesIO(receipt.picture(row, cast.village, size, BASE, ppi))).convert("L")
    module = width_mm / 25.4 * ppi / (len(wanted) + 8)
    assert _stands_in(picture, wanted, module)


def _stands_in(picture: Image.Image, matrix: list[list[bool]], module: float) -> bool:
    """Whether the modules stand somewhere in the picture: tried at every dark pixel with light above and to the left."""
    pixels: Any = picture.load()
    side = int(len(matrix) * module)
    for y in range(1, picture.height - side):
        for x in range(1, picture.width - side):
            corner = pixels[x, y] < 128 and pixels[x - 1, y] >= 128 and pixels[x, y - 1] >= 128
            if corner and all(
                (pixels[int(x + (column + 0.5) * module), int(y + (line + 0.5) * module)] < 128) == dark
                for line, cells in enumerate(matrix)
                for column, dark in enumerate(cells)
            ):
                return True
    return False
