"""Whatever people type, every paper is printed, its words can be read out of it, and its letters travel with it."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from kentongan.reports import pdf as paper_maker
from kentongan.reports import samples, wording
from kentongan.reports.wording import PARTS
from tests.cast import Cast

ARABIC = "كرتو ويريو، الطريق أمام المسجد"
JAVANESE = "ꦢꦭꦤ꧀ꦤꦶꦁꦔꦂꦥ꧀ꦩꦸꦱꦺꦴꦭꦃ"
TEXTS = {
    "long name": "Raden Mas " + "Panjang Sekali " * 13,
    "no spaces": "W" * 200,
    "letters": (
        f"{ARABIC} {JAVANESE} 😡🚧👨‍👩‍👧 🙏🏽 a\u202eterbalik\u202c dan \u200fkanan\u2066 awas\u2069 "
        '#let x = 1; *tebal* _miring_ $a^2$ \\ @rujuk <label> // komentar /* x */ [kurung] "kutip" `kode` #panic()'
    ),
}
ENDLESS = "Jalan berlubang dan gelap, " * 7_500  # 30,000 words
# paper → where a text of any length reaches the template; elsewhere the program cuts it, or the form refuses it
LONG: dict[str, dict[str, Any]] = {
    "answer": {"points": [("Hasil verifikasi dan tindak lanjut", [ENDLESS])]},
    "completion": {"points": [("Yang perlu dilengkapi", [ENDLESS])]},
    "notice": {"answer": [ENDLESS]},
    "minutes": {"course": [ENDLESS]},
    "report": {"advice": [ENDLESS]},
}
KEPT = {"kop", "paper", "title", "size", "qr", "code", "held", "copy", "copy_words", "columns", "months", "tables", "link"}
SINGLE = {"receipt", "assignment", "poster"}  # on one page, whatever stands on them: long texts are cut before they get there


def typed(value: Any, odd: str) -> Any:
    """Every text of the data with what somebody typed behind it; where the program draws from the data, it stays."""
    if isinstance(value, str):
        return f"{value} {odd}" if value else value
    if isinstance(value, dict):
        return {key: part if key in KEPT else typed(part, odd) for key, part in value.items()}
    if isinstance(value, tuple):  # a label, and what stands beside it
        return (value[0], *(typed(part, odd) for part in value[1:]))
    if isinstance(value, list):
        return [typed(part, odd) for part in value]
    return value


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("paper", samples.TEMPLATES)
def test_every_paper_prints_it(cast: Cast, paper: str, name: str) -> None:
    data = typed(samples.data(paper, cast.village, wording.Wording(paper)), TEXTS[name])
    read = printed(paper, data)
    if paper in SINGLE:
        assert len(read.pages) == 1
    text = text_of(read)
    assert "DESASUKAMAJU" in text
    assert (
        plain({"letters": "#letx=1;*tebal*_miring_$a^2$", "long name": "RadenMasPanjangSekali", "no spaces": "WWWW"}[name])
        in text
    )


@pytest.mark.parametrize("paper", LONG)
def test_what_has_no_end_goes_on_over_the_pages(cast: Cast, paper: str) -> None:
    read = printed(paper, samples.data(paper, cast.village, wording.Wording(paper)) | LONG[paper])
    assert len(read.pages) > 10
    assert text_of(read).count("gelap") == 7_500


def printed(paper: str, data: dict[str, Any]) -> PdfReader:
    """The paper, all of whose letters travel with it."""
    read = PdfReader(io.BytesIO(paper_maker.render(samples.TEMPLATES[paper], data, tagged=False)))
    for font in fonts_of(read):
        assert embedded(font), font.get("/BaseFont")
    return read


def text_of(read: PdfReader) -> str:
    return plain(" ".join(page.extract_text() for page in read.pages))


def fonts_of(read: PdfReader) -> list[Any]:
    found = []
    for page in read.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            told = font.get_object()
            found += [part.get_object() for part in told.get("/DescendantFonts", [])] or [told]
    assert found
    return found


def embedded(font: Any) -> bool:
    if font["/Subtype"] == "/Type3":  # drawn in the file itself
        return True
    return not {"/FontFile", "/FontFile2", "/FontFile3"}.isdisjoint(font["/FontDescriptor"].get_object())


@pytest.mark.parametrize(("odd", "face"), [(JAVANESE, "NotoSansJavanese"), (ARABIC, "NotoNaskhArabic"), ("😡", "NotoEmoji")])
def test_letters_of_the_country_are_no_boxes(cast: Cast, odd: str, face: str) -> None:
    data = samples.data("assignment", cast.village, wording.Wording("assignment")) | {"summary": odd}
    read = PdfReader(io.BytesIO(paper_maker.render("assignment", data)))
    assert any(face in str(font["/BaseFont"]) for font in fonts_of(read))


@pytest.mark.parametrize("paper", PARTS)
def test_wording_of_any_letters_is_printed(cast: Cast, paper: str) -> None:
    odd = {
        part: f"{ARABIC} {JAVANESE} {'x' * 60} " + " ".join(f"{{{word}}}" for word in told.placeholders)
        for part, told in PARTS[paper].items()
    }
    read = PdfReader(io.BytesIO(samples.pdf(paper, cast.village, wording.Wording(paper, odd))))
    assert "x" * 20 in plain(" ".join(page.extract_text() for page in read.pages))
