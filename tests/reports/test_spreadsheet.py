"""Tables to take away: what people typed is text in every cell of every format, numbers are numbers, and no sheet is lost."""

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.reports import spreadsheet
from kentongan.reports.table import Table, percent, percentile, share

pytestmark = pytest.mark.pure

HEAD = ["Kategori", "Jumlah", "Median"]


def read_csv(tables: list[Table]) -> list[list[str]]:
    text = "".join(spreadsheet.csv_lines(tables))
    assert text[0] == "\ufeff"
    return list(csv.reader(io.StringIO(text[1:])))


def read_xlsx(tables: list[Table]) -> Any:
    with spreadsheet.xlsx(tables, ["Desa Sukamaju", "Tahun 2026"]) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read()))


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "\n=1"])
def test_csv_cells_are_never_formulas(start: str) -> None:
    assert spreadsheet.as_text(start) == f"'{start}"
    [_head, (cell, _n, _median)] = list(
        csv.reader(io.StringIO("".join(spreadsheet.csv_lines([Table("x", "T", HEAD, [[start, -1, None]])]))[1:], newline=""))
    )
    assert cell == f"'{start}"


@pytest.mark.parametrize("cell", ["Jalan", "", "1.250", -5, 2.5, None])
def test_other_cells_stay_as_they_are(cell: Any) -> None:
    assert spreadsheet.as_text(cell) == cell


@settings(max_examples=15, deadline=None)
@given(typed=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
def test_whatever_was_typed_is_text_in_a_sheet(typed: str) -> None:
    cell = read_xlsx([Table("x", "Tabel", HEAD, [[typed, 1, 2.5]])]).active.cell(row=6, column=1)
    assert cell.data_type == "s"


def test_a_formula_is_text_in_a_sheet_and_numbers_are_numbers() -> None:
    rows: list[list[Any]] = [['=HYPERLINK("http://x")', 1250, 2.5], ["007", 3, None], ["Hari", date(2026, 11, 25), 1]]
    sheet = read_xlsx([Table("x", "Menurut kategori", HEAD, rows, ["Jumlah", 1253, None], "Catatan.")]).active
    assert (sheet.cell(row=6, column=1).value, sheet.cell(row=6, column=1).data_type) == (rows[0][0], "s")
    assert (sheet.cell(row=6, column=2).value, sheet.cell(row=6, column=3).value) == (1250, 2.5)
    assert sheet.cell(row=7, column=1).value == "007"
    assert sheet.cell(row=8, column=2).is_date
    assert [cell.value for cell in sheet[9]][:2] == ["Jumlah", 1253]
    assert [sheet.cell(row=n, column=1).value for n in (1, 2, 3)] == ["Menurut kategori", "Desa Sukamaju", "Tahun 2026"]


def test_each_table_has_its_sheet_whatever_it_is_called() -> None:
    titles = [
        "Menurut kategori dan dusun, bulan demi bulan",
        "Menurut kategori dan dusun, bulan lain",
        "a/b:c*?[d]",
        "A/B:C*?[D]",
        "/",
    ]
    names = read_xlsx([Table(str(n), title, HEAD, [[title, n, None]]) for n, title in enumerate(titles)]).sheetnames
    assert len(set(names)) == 5
    assert all(0 < len(name) <= 31 for name in names)


def test_several_tables_stand_below_each_other_each_under_its_title() -> None:
    tables = [Table("a", "Satu", ["x", "n"], [["p", 1]], ["Jumlah", 1]), Table("b", "=Dua", ["y", "n"], [])]
    assert read_csv(tables) == [["Satu"], ["x", "n"], ["p", "1"], ["Jumlah", "1"], [], ["'=Dua"], ["y", "n"]]
    assert read_csv(tables[:1]) == [["x", "n"], ["p", "1"], ["Jumlah", "1"]]


@given(st.integers(0, 4), st.integers(0, 4))
def test_of_fewer_than_five_there_is_no_share(part: int, whole: int) -> None:
    assert (percent(part, whole), share(part, whole)) == (None, "–")


@given(st.lists(st.integers(0, 300), min_size=1))
def test_nine_in_ten_do_not_exceed_the_ninetieth_percentile(days: list[int]) -> None:
    reached = percentile(days, 90)
    assert reached in days
    assert sum(day <= reached for day in days) >= 0.9 * len(days)
    assert sum(day < reached for day in days) < 0.9 * len(days)
