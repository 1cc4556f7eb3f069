"""The builder of documents to edit: what goes in is read back, whatever people typed."""

import io
import zipfile
from typing import Any

import docx as python_docx
import pytest
from docx.shared import Mm

from kentongan.reports.docx import Document
from kentongan.reports.qr import png

pytestmark = pytest.mark.pure
KOP = {
    "regency": "PEMERINTAH KABUPATEN CILACAP",
    "district": "KECAMATAN KESUGIHAN",
    "village": "DESA SUKAMAJU",
    "address": "Jalan Balai Desa 1",
    "contacts": "",
}
WHO = {"above": "a.n. Kepala Desa", "post": "Sekretaris Desa", "name": "Lastri Handayani"}
NASTY = '5 < 6 & "tanda" \x00\x0b\x1f\ufffe\ud800 <w:t>bukan</w:t> ௵ 😀 \u202eبالعربية'


def written(**how: Any) -> Document:
    made = Document("Jawaban", **how)
    made.kop(KOP)
    made.heading(0, "Berita acara")
    made.heading(2, "Hasil")
    made.paragraph(NASTY)
    made.letter_heading([("Nomor", "490/001"), ("Hal", "Jawaban")], "Sukamaju, 25 November 2026")
    made.facts([("Nama", ""), ("Tempat", "Balai desa")])
    made.numbered([("Pokok pengaduan", ["Jalan rusak.", "Sejak Mei."]), "Satu kalimat"])
    made.table(["No", "Bulan", "Masuk"], [[1, "Mei", 4], [2, "Juni", 5]], ["", "Jumlah", 9], [1, 4, 2])
    made.picture(png("https://sukamaju.example/cek/"), width=20, alt="Kode QR")
    made.signatures({"left": {**WHO, "name": "(......)"}, "right": WHO})
    made.copies(["Camat Kesugihan", "Arsip"])
    made.foot("Periksa surat ini")
    return made


def read(content: bytes) -> Any:
    return python_docx.Document(io.BytesIO(content))


def test_what_was_written_is_read_back_and_odd_characters_do_no_harm() -> None:
    file = read(written().content())
    paragraphs = [row.text for row in file.paragraphs]
    assert "DESA SUKAMAJU" in paragraphs
    assert "BERITA ACARA" in paragraphs
    assert '5 < 6 & "tanda"  <w:t>bukan</w:t> ௵ 😀 \u202eبالعربية' in paragraphs
    assert [cell.text for cell in file.tables[0].rows[0].cells] == ["Nomor", ": 490/001", "Sukamaju, 25 November 2026"]
    assert file.tables[1].rows[0].cells[1].text.startswith(": ....")
    assert [cell.text for cell in file.tables[2].rows[-1].cells] == ["", "Jumlah", "9"]
    assert file.tables[2].rows[-1].cells[1].paragraphs[0].runs[0].bold
    assert file.tables[3].rows[0].cells[1].text.split("\n") == [
        "a.n. Kepala Desa",
        "Sekretaris Desa",
        "",
        "",
        "",
        "Lastri Handayani",
    ]
    assert "Kode QR" in file.inline_shapes[0]._inline.docPr.get("descr")


def test_lists_begin_at_one_and_pages_count_themselves() -> None:
    file = read(written().content())
    lists = [row._p.pPr.numPr.numId.val for row in file.paragraphs if row.style.name == "List Number"]
    assert len(lists) == 4
    assert len(set(lists)) == 2  # points and copies: two lists, each from 1
    foot = file.sections[0].footer
    assert [row.text for row in foot.paragraphs] == ["Periksa surat ini", "Halaman 1 dari 1"]
    assert "NUMPAGES" in foot._element.xml


@pytest.mark.parametrize(
    ("paper", "landscape", "size"), [("A4", False, (210, 297)), ("F4", False, (215, 330)), ("F4", True, (330, 215))]
)
def test_the_paper_is_the_one_asked_for_and_the_language_indonesian(paper: str, landscape: bool, size: tuple[int, int]) -> None:
    file = read(written(paper=paper, landscape=landscape).content())
    section = file.sections[0]
    assert [round(side / Mm(1)) for side in (section.page_width, section.page_height)] == list(size)
    assert 'w:val="id-ID"' in file.styles.element.xml
    assert file.core_properties.title == "Jawaban"
    with pytest.raises(ValueError, match="unknown paper"):
        Document("Jawaban", paper="A0")


def test_the_same_is_the_same_bytes_and_nothing_tells_the_machine() -> None:
    first = written().content()
    assert first == written().content()
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert {entry.date_time[0] for entry in file.infolist()} == {2000}
        assert b"python-docx" not in file.read("docProps/core.xml")
