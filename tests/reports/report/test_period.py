"""Periods: their names, their edges, their place in the village's time."""

from datetime import UTC, date, datetime

import pytest

from kentongan.reports.report.period import Period, of_year
from tests.cast import Cast


@pytest.mark.parametrize(
    ("key", "name", "start", "end", "before"),
    [
        ("2026-11", "Bulan November 2026", date(2026, 11, 1), date(2026, 11, 30), "2026-10"),
        ("2026-01", "Bulan Januari 2026", date(2026, 1, 1), date(2026, 1, 31), "2025-12"),
        ("2024-02", "Bulan Februari 2024", date(2024, 2, 1), date(2024, 2, 29), "2024-01"),
        ("2026-Q3", "Triwulan III Tahun 2026", date(2026, 7, 1), date(2026, 9, 30), "2026-Q2"),
        ("2026-Q1", "Triwulan I Tahun 2026", date(2026, 1, 1), date(2026, 3, 31), "2025-Q4"),
        ("2026-S1", "Semester I Tahun 2026", date(2026, 1, 1), date(2026, 6, 30), "2025-S2"),
        ("2026-S2", "Semester II Tahun 2026", date(2026, 7, 1), date(2026, 12, 31), "2026-S1"),
        ("2026", "Tahun 2026", date(2026, 1, 1), date(2026, 12, 31), "2025"),
    ],
)
def test_a_period_knows_its_name_its_edges_and_the_one_before(key: str, name: str, start: date, end: date, before: str) -> None:
    period = Period.of(key)
    assert (period.key, period.name, period.start, period.end, period.before.key) == (key, name, start, end, before)


@pytest.mark.parametrize(
    "key", ["", "26", "2026-13", "2026-00", "2026-Q5", "2026-S3", "0000", "9999", "２０２６", "2026-11-1", "x"]
)
def test_other_words_are_no_period(key: str) -> None:
    with pytest.raises(ValueError, match="no such period"):
        Period.of(key)


def test_it_begins_at_the_villages_midnight(cast: Cast) -> None:
    cast.village.zone = "Asia/Jayapura"
    begin, over = Period.of("2026-11").moments(cast.village)
    assert begin == datetime(2026, 10, 31, 15, tzinfo=UTC)
    assert over == datetime(2026, 11, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "short"), [("2026-11", "November"), ("2026-Q3", "Triwulan III"), ("2026-S2", "Semester II"), ("2026", "2026")]
)
def test_beside_others_of_its_year_its_name_is_short(key: str, short: str) -> None:
    assert Period.of(key).short == short


def test_a_year_holds_what_has_begun() -> None:
    keys = [period.key for period in of_year(2026, date(2026, 7, 1))]
    assert keys == [*(f"2026-{n:02d}" for n in range(1, 8)), "2026-Q1", "2026-Q2", "2026-Q3", "2026-S1", "2026-S2", "2026"]
    assert len(of_year(2025, date(2026, 7, 1))) == 19
