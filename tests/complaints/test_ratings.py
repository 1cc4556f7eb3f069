"""Which words are a judgement of the answer, and which are for a person to read."""

import pytest

from kentongan.complaints import ratings

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("puas", 3), (" Puas.\n", 3), ("SANGAT PUAS!", 4), ("3", 3), ("4 = Sangat puas", 4), ("1 Tidak puas", 1), ("tdk puas", 1),
        ("Kurang puas", 2), ("(2)", 2), ("ora puas", 1),
        ("", None), ("puas?", None), ("puas, tapi lama", None), ("5", None), ("34", None), ("3/4", None), ("3 sangat puas", None),
        ("belum puas", None), ("0812", None), ("puas " * 50, None),
    ],
)  # fmt: skip
def test_only_a_bare_judgement_is_one(text: str, score: int | None) -> None:
    assert ratings.scored(text) == score


def test_every_word_we_print_is_understood_when_written_back() -> None:
    assert {score: ratings.scored(words) for score, words in ratings.WORDS.items()} == {1: 1, 2: 2, 3: 3, 4: 4}
