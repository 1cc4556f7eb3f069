"""What a complainant thinks of the answer, from 1 to 4: the words of papers and letters, and how people write them back."""

import re

WORDS = {1: "Tidak puas", 2: "Kurang puas", 3: "Puas", 4: "Sangat puas"}
VIAS = ("phone", "paper", "walk_in")  # how the officer may have been told
_SAME = {
    1: ("tidak puas", "tdk puas", "gak puas", "ga puas", "nggak puas", "ora puas"),
    2: ("kurang puas", "krg puas"),
    3: ("puas",),
    4: ("sangat puas", "sgt puas", "puas sekali", "puas banget"),
}
_SAID = {words: score for score, ways in _SAME.items() for words in ways}
_BETWEEN = re.compile(r"[\s.,!()=:*'\"–-]+")
_WITH_DIGIT = re.compile(r"([1-4])(?: (.+))?")


def scored(text: str) -> int | None:
    """The score of a text that is nothing but a judgement: ``3``, ``Puas.``, ``4 = Sangat puas``; ``None`` for every other text.

    A question ("puas?") or one word more is for a person to read.
    """
    if len(text) > 40:
        return None
    plain = _BETWEEN.sub(" ", text.casefold()).strip()
    digit = _WITH_DIGIT.fullmatch(plain)
    if digit is None:
        return _SAID.get(plain)
    score = int(digit[1])
    return score if digit[2] is None or _SAID.get(digit[2]) == score else None
