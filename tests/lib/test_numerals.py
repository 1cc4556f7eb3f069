"""Numbers in words: every number of four digits can be read back, and the known ones are spelled as people spell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kentongan.lib.numerals import spelled

DIGITS = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9}
SIZES = {"ribu": 1000, "ratus": 100, "puluh": 10}


def read_back(words: str) -> int:
    """The number again, read word by word as a person would."""
    total = held = 0
    for word in words.split():
        if word in DIGITS:
            held = DIGITS[word]
        elif word in SIZES:
            total, held = total + held * SIZES[word], 0
        elif word == "belas":
            held += 10
        else:
            total += {"sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1000}[word]
    return total + held


@given(st.integers(1, 9999))
def test_every_number_can_be_read_back(n: int) -> None:
    assert read_back(spelled(n)) == n


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (20, "dua puluh"),
        (25, "dua puluh lima"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1000, "seribu"),
        (1945, "seribu sembilan ratus empat puluh lima"),
        (2026, "dua ribu dua puluh enam"),
    ],
)
def test_the_known_ones(n: int, words: str) -> None:
    assert spelled(n) == words


@pytest.mark.parametrize("n", [-1, 10_000])
def test_others_have_no_words(n: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        spelled(n)
