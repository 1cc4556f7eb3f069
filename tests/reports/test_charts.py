"""Charts: readable XML whatever is in them, every number said in words, nothing told by colour alone, and good for a paper."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.reports import charts
from kentongan.reports.charts import Label, Series

pytestmark = pytest.mark.pure

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [Label(name, f"{name} 2026") for name in ("Jan", "Feb", "Mar")]
counts = st.one_of(st.none(), st.integers(0, 10**9))


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def said(svg: str) -> str:
    return str(parsed(svg).findtext(f"{SVG}desc"))


Draw = Callable[[list[tuple[str, int | None]], charts.Look], str]
DRAWN: dict[str, Draw] = {
    "columns": lambda rows, look: charts.columns(
        "Bulan", [Label(name[:3], name) for name, _ in rows], [Series("Masuk", [n for _, n in rows])] * 3, look
    ),
    "bars": lambda rows, look: charts.bars("Kategori", rows, look),
    "stack": lambda rows, look: charts.stack("Keadaan", [(name, n or 0) for name, n in rows], look),
    "line": lambda rows, look: charts.line(
        "Tren", [Label(name[:3], name) for name, _ in rows], [Series("Masuk", [n for _, n in rows])] * 3, look
    ),
}


@pytest.mark.parametrize("kind", DRAWN)
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(st.text(max_size=60), counts), max_size=15))
def test_any_rows_make_a_picture_with_its_words(kind: str, rows: list[tuple[str, int | None]]) -> None:
    """Hostile labels, nought, nothing, a thousand million: well-formed, named, without a style or script of its own."""
    for look in (charts.page(), charts.paper()):
        svg = DRAWN[kind](rows, look)
        root = parsed(svg)
        assert (root.get("role"), root[0].tag, root[1].tag) == ("img", f"{SVG}title", f"{SVG}desc")
        assert root[0].text
        assert root[1].text or not any(name.strip() for name, _ in rows)
        for element in root.iter():
            assert not {"style", "onload", "onclick"} & set(element.keys())
            for name in ("x", "width", "height", "y", "cx", "cy"):
                number = element.get(name, "0").removesuffix("%")
                assert -1e-6 <= float(number) < 10_000


def test_every_number_is_said_in_words() -> None:
    svg = charts.columns(
        "Per bulan", MONTHS, [Series("masuk", [1250, None, 0]), Series("berakhir", [3, 4, None])], charts.paper()
    )
    assert said(svg) == "Jan 2026: masuk 1.250, berakhir 3; Feb 2026: berakhir 4; Mar 2026: masuk 0"
    assert said(charts.bars("Jenis", [("Aduan", 7), ("Sedikit", None)], charts.paper())) == "Aduan: 7"


@pytest.mark.parametrize("kind", DRAWN)
def test_nothing_yet_is_said_and_not_drawn_broken(kind: str) -> None:
    svg = DRAWN[kind]([], charts.paper())
    assert said(svg) == "Belum ada angka"
    assert "Belum ada angka" in [text.text for text in parsed(svg).iter(f"{SVG}text")]


def test_series_are_told_apart_without_colour() -> None:
    svg = charts.columns("Per bulan", MONTHS, [Series(name, [1, 2, 3]) for name in ("a", "b", "c")], charts.paper())
    patterns = [pattern.find(f"{SVG}path").get("d") for pattern in parsed(svg).iter(f"{SVG}pattern")]  # type: ignore[union-attr]
    fills = {rect.get("fill") for rect in parsed(svg).iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None}
    assert (len(set(patterns)), len(fills)) == (2, 3)
    lined = charts.line("Tren", MONTHS, [Series(name, [1, 2, 3]) for name in ("a", "b", "c")], charts.paper())
    dashes = {line.get("stroke-dasharray") for line in parsed(lined).iter(f"{SVG}line") if line.get("stroke-width")}
    assert len(dashes) == 3


def test_a_long_label_is_cut_and_keeps_its_whole_in_a_title() -> None:
    long = "Pelayanan administrasi kependudukan dan surat keterangan tidak mampu untuk warga"
    [label] = [
        text for text in parsed(charts.bars("Jenis", [(long, 3)])).iter(f"{SVG}text") if text.find(f"{SVG}title") is not None
    ]
    assert label[0].text == long
    assert str(label[0].tail).endswith("…")
    assert len(str(label[0].tail)) <= 34


def test_of_many_parts_the_smallest_stand_together_and_the_whole_is_kept() -> None:
    parts = [(f"Bagian {n}", n) for n in range(1, 12)]
    svg = charts.stack("Keadaan", parts, charts.paper())
    assert sum(int(n) for n in re.findall(r": (\d+)", said(svg))) == 66
    assert said(svg).endswith("Lainnya: 21")
    widths = [float(str(rect.get("width")).rstrip("%")) for rect in parsed(svg).iter(f"{SVG}rect") if rect.get("height") == "26"]
    assert sum(widths) == pytest.approx(100, abs=0.1)


def test_pages_colour_by_class_and_papers_by_colour() -> None:
    on_page, on_paper = (charts.bars("Jenis", [("Aduan", 7)], look) for look in (charts.page(), charts.paper("Libertinus Serif")))
    assert "#" not in on_page
    assert 'class="chart-k1"' in on_page
    assert "class=" not in on_paper
    assert 'font-family="Libertinus Serif"' in on_paper


def test_a_paper_takes_every_chart() -> None:
    """Typst reads what we draw, patterns and percentages and all, and leaves the words as words."""
    rows: list[tuple[str, int | None]] = [("Jalan & <jembatan>", 5), ("Air “bersih”", 0), ("Lampu", 12)]
    files = {f"{kind}.svg": draw(rows, charts.paper()).encode() for kind, draw in DRAWN.items()}
    page = "\n".join(f'#image("{name}", width: 100%, alt: "x")' for name in files)
    made = typst.compile({"main": page.encode(), **files}, format="svg")
    assert len(made) > 1000
