import pytest

from kentongan.lib.letter_numbers import printed, register_number

HOW = {"year": 2026, "serial": 12, "month": 11, "village": "33.01.02.2014"}


def test_a_register_number_is_four_digits_and_grows_beyond() -> None:
    assert register_number(2026, 12) == "2026-0012"
    assert register_number(2026, 12345) == "2026-12345"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{serial3}/PGD/{year}", "012/PGD/2026"),
        ("337/{serial3}/{village}/{roman}/{year}", "337/012/33.01.02.2014/XI/2026"),
        ("400.10.2.2 / {serial} / {month}", "400.10.2.2 / 12 / 11"),
    ],
)
def test_old_and_new_letter_codes_are_both_only_a_pattern(pattern: str, expected: str) -> None:
    assert printed(pattern, **HOW) == expected


@pytest.mark.parametrize(("month", "roman"), [(1, "I"), (4, "IV"), (9, "IX"), (12, "XII")])
def test_months_are_roman(month: int, roman: str) -> None:
    assert printed("{roman}", **{**HOW, "month": month}) == roman


@pytest.mark.parametrize("pattern", ["{secret}", "{0}", "{serial3}/{bulan}"])
def test_a_pattern_that_names_something_else_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="number pattern"):
        printed(pattern, **HOW)


@pytest.mark.parametrize("pattern", ["{serial", "{year.__class__}"])
def test_a_broken_pattern_is_refused_and_reaches_into_nothing(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        printed(pattern, **HOW)
