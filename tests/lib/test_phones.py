"""Telephone numbers as people write them; the vectors are those measured with the library."""

import itertools
import random

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.lib.phones import NotAPhone, masked, national, normalise

OF_THE_DESK = "+6285141182163"


@pytest.mark.parametrize(
    "typed",
    [
        "085141182163",
        "0851-4118-2163",
        "0851 4118 2163",
        "(0851) 4118.2163",
        "+6285141182163",
        "+62 851-4118-2163",
        "6285141182163",
        "62 851 4118 2163",
        "+620851 4118 2163",
        "HP: 085141182163",
    ],
)
def test_one_number_has_one_form_however_it_is_typed(typed: str) -> None:
    assert normalise(typed) == OF_THE_DESK


def test_the_second_number_of_the_desk_is_valid_too() -> None:
    assert normalise("+62 882-2534-7699") == "+6288225347699"


def test_a_landline_of_cilacap_is_a_telephone() -> None:
    assert normalise("(0282) 540100") == "+62282540100"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1708", "short"),
        ("", "short"),
        ("0851411", "short"),
        ("085141182163/088225347699", "two"),
        ("085141182163, 088225347699", "two"),
        ("0851411821630882", "long"),
        ("085141182163 088225347699", "two"),
        ("085141182163 atau 088225347699", "two"),
        ("tidak punya", "short"),
    ],
)
def test_what_is_not_one_number_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(NotAPhone) as refused:
        normalise(typed)
    assert refused.value.reason == reason


def test_a_number_is_shown_the_national_way() -> None:
    assert national(OF_THE_DESK) == "0851-4118-2163"
    assert national("bukan nomor") == "bukan nomor"


def test_a_masked_number_keeps_its_ends_alone() -> None:
    assert masked(OF_THE_DESK) == "0851-****-**63"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_number_or_a_reason(typed: str) -> None:
    try:
        outcome = normalise(typed)
    except NotAPhone as refused:
        outcome = refused.reason
    assert outcome in {"short", "long", "two", "unknown"} or normalise(outcome) == outcome


@settings(max_examples=60, deadline=None)
@given(st.integers(10**6, 10**8 - 1), st.sampled_from(["812", "813", "857", "878", "896"]))
def test_mobile_numbers_of_ten_to_twelve_digits_survive_the_way_there_and_back(tail: int, prefix: str) -> None:
    e164 = normalise(f"0{prefix}{tail}")
    assert e164 == f"+62{prefix}{tail}"
    assert normalise(national(e164)) == e164


def test_mobile_numbers_are_grouped_as_the_library_groups_them() -> None:
    chance = random.Random(8)
    for start, rest in itertools.product(range(800, 900), range(6, 11)):
        number = f"+62{start}" + "".join(chance.choices("0123456789", k=rest))
        expected = phonenumbers.format_number(phonenumbers.parse(number, "ID"), phonenumbers.PhoneNumberFormat.NATIONAL)
        assert national(number) == expected
