"""The index as the ministry computes it: exact, whatever the order, and every value in exactly one band."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.complaints import skm

pytestmark = pytest.mark.pure
KEYS = [f"U{n}" for n in range(1, 10)]
ANSWERS = st.lists(st.dictionaries(st.sampled_from(KEYS), st.integers(1, 4), min_size=1), min_size=1, max_size=12)


def same(score: int) -> dict[str, int]:
    return dict.fromkeys(KEYS, score)


def test_nothing_but_fours_is_exactly_100_and_nothing_but_ones_25() -> None:
    assert skm.result(KEYS, [same(4)] * 7).index == Decimal("100.00")
    assert skm.result(KEYS, [same(1)] * 7).index == Decimal("25.00")


@pytest.mark.parametrize(
    ("index", "letter"),
    [
        ("25.00", "D"), ("64.99", "D"), ("65.00", "C"), ("76.60", "C"), ("76.61", "B"), ("88.30", "B"), ("88.31", "A"), ("100.00", "A"),
    ],
)  # fmt: skip
def test_the_borders_of_the_bands(index: str, letter: str) -> None:
    assert skm.band_of(Decimal(index)).letter == letter


def test_every_index_lands_in_one_band_and_bands_rise_with_it() -> None:
    every = [skm.band_of(Decimal(n).scaleb(-2)).letter for n in range(2500, 10001)]
    assert all(one >= two for one, two in pairwise(every))
    assert (every.count("D"), every.count("C"), every.count("B"), every.count("A")) == (4000, 1161, 1170, 1170)


def test_what_falls_between_the_bands_is_rounded_first() -> None:
    assert skm.rounded(Fraction(64995, 1000)) == Decimal("65.00")
    assert skm.rounded(Fraction(649949, 10000)) == Decimal("64.99")


@settings(max_examples=40, deadline=None)
@given(ANSWERS, st.permutations(KEYS))
def test_the_order_of_elements_and_of_people_does_not_matter(answers: list[dict[str, int]], order: list[str]) -> None:
    result, other = skm.result(KEYS, answers), skm.result(order, reversed(answers))
    assert result.index == other.index
    assert result.index is not None
    assert Decimal(25) <= result.index <= Decimal(100)
    assert result.band == skm.band_of(result.index)
    assert {element.key: element.n for element in result.elements} == {key: sum(key in one for one in answers) for key in KEYS}


def test_what_is_not_answered_is_left_out_of_that_mean_alone() -> None:
    result = skm.result(KEYS, [same(4), {"U1": 2}])
    assert [(element.n, element.mean) for element in result.elements[:2]] == [(2, Fraction(3)), (1, Fraction(4))]
    assert result.lowest[0].key == "U1"


def test_without_answers_there_is_no_index() -> None:
    result = skm.result(KEYS, [])
    assert (result.index, result.band, result.lowest, result.is_small) == (None, None, (), True)


@pytest.mark.parametrize(
    ("population", "sample"), [(0, 0), (1, 1), (10, 10), (20, 19), (100, 80), (1000, 278), (10_000, 370), (1_000_000, 384)]
)
def test_the_sample_is_that_of_the_table_of_krejcie_and_morgan(population: int, sample: int) -> None:
    assert skm.sample_size(population) == sample


def test_numbers_are_written_with_a_comma() -> None:
    assert (skm.written(Decimal("84.25")), skm.written(Fraction(28, 9), 3), skm.written(None)) == ("84,25", "3,111", "–")
