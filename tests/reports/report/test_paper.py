"""The report on paper: its parts, its sizes, the same bytes for the same data, and nobody's name in it who complains."""

import io
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pypdf import PdfReader

from kentongan.complaints.lifecycle import State
from kentongan.reports.report import book, paper
from kentongan.reports.report.period import Period
from kentongan.village.models import User
from tests import make
from tests.cast import Cast
from tests.reports.test_statistics import Book as History

PARTS = ("NOTA PENGANTAR", "I. Dasar dan maksud", "II. Rekapitulasi", *(f"T{n}. " for n in range(1, 10)),
         "III. Permasalahan dan analisis", "IV. Rekomendasi", "V. Penutup", "Mengetahui")  # fmt: skip


def said(user: User, cast: Cast, key: str, now: datetime | None = None, **how: Any) -> dict[str, Any]:
    return paper.data(book.read(user, cast.village, Period.of(key), now or timezone.now()), **how)


def this_month(cast: Cast) -> str:
    return f"{cast.village.local(timezone.now()):%Y-%m}"


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize(("size", "millimetres"), [("A4", (210, 297)), ("F4", (215, 330))])
def test_it_has_all_its_parts_in_order_on_both_papers(cast: Cast, size: str, millimetres: tuple[int, int]) -> None:
    make.complaint(cast, State.RESPONDED)
    content = paper.pdf(said(cast.sari, cast, this_month(cast)), size)
    text = text_of(content)
    places = [text.find(part) for part in PARTS]
    assert -1 not in places
    assert places == sorted(places)
    pages = PdfReader(io.BytesIO(content)).pages
    box = pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == millimetres
    for n, page in enumerate(pages, start=1):
        assert f"Halaman {n} dari {len(pages)}" in page.extract_text()
    for name in ("Harun Pranoto", "Sari Wulandari", "Kepala Desa", "Petugas Pengelola Pengaduan", "DESA SUKAMAJU"):
        assert name in text


def test_an_empty_month_and_a_long_year_print(cast: Cast) -> None:
    empty = text_of(paper.pdf(said(cast.sari, cast, "2020-02"), "A4"))
    assert "NIHIL" in empty
    assert "Bulan Februari 2020" in empty
    History(cast).write()
    year = text_of(paper.pdf(said(cast.sari, cast, "2026", datetime(2026, 11, 24, tzinfo=ZoneInfo("Asia/Jakarta"))), "A4"))
    assert "Masa laporan belum berakhir; angka sementara sampai 24 November 2026." in year
    assert "Desember\n" not in year


def test_a_draft_says_so_and_a_numbered_one_does_not(cast: Cast) -> None:
    draft = text_of(paper.pdf(said(cast.sari, cast, "2020"), "A4"))
    sent = text_of(paper.pdf(said(cast.sari, cast, "2020", number="145/001/X", advice=["Menambah tong sampah."]), "A4"))
    assert "Konsep, belum dikirim" in draft
    assert "Konsep" not in sent
    assert "145/001/X" in sent
    assert "Menambah tong sampah." in sent


def test_the_same_data_gives_the_same_bytes(cast: Cast) -> None:
    make.received(cast)
    now = timezone.now()
    first, second = (paper.pdf(said(cast.sari, cast, this_month(cast), now), "A4") for _ in range(2))
    assert first == second


def test_nobody_who_complains_stands_in_it(cast: Cast) -> None:
    make.complaint(cast, State.IN_PROGRESS)
    text = re.sub(r"\s+", "", text_of(paper.pdf(said(cast.sari, cast, this_month(cast)), "A4")))
    for personal in ("KartoWiryo", "4118", "JalanMelati", "mushola"):
        assert personal not in text


def test_what_people_typed_stays_text(cast: Cast) -> None:
    cast.hamlet.name = "#sys.inputs *tebal* $x$ <label>"
    cast.hamlet.save()
    assert "#sys.inputs *tebal* $x$ <label>" in text_of(
        paper.pdf(said(cast.sari, cast, "2020", advice=["_miring_ #panic()"]), "A4")
    )


def test_another_paper_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="letter"):
        paper.pdf({}, "letter")
