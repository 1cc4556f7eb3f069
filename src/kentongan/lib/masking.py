"""Words as others may read them: without one person's name and address, and without any number that leads to somebody.

Recognised are the full name, each uncommon word of it, a short or common one behind "Pak" or "saya", the address, telephone
numbers as people write them, numbers of 16 digits (NIK, KK) and e-mail addresses. Not recognised are relatives, nicknames,
riddles, and what a photo shows: somebody must read it before it goes.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from kentongan.lib.ordinary_words import ORDINARY

MASK = "(dirahasiakan)"
SHORTEST = 4  # letters of a word that is masked wherever it stands
TITLES = frozenset(
    "pak bapak bpk bp bu ibu mas mbak mba mb bang kang kak kakak dik adik mbah simbah eyang kakek nenek yu lik lek pakde budhe"
    " bude paklik bulik om tante paman bibi sdr sdri saudara saudari haji hajah hj ustad ustadz ustaz ustadzah kyai kiai nyai"
    " ki almarhum almarhumah alm tuan nyonya ny tn".split()
)
BEFORE_A_NAME = frozenset("saya aku kulo kula inyong nyong nama namanya namaku bernama an".split())
ENDINGS = ("nya", "ne", "e", "ku", "mu", "lah", "pun")  # "Kartonya", Javanese "Kartone"
_ALIKE = {"jl": "jalan", "jln": "jalan", "gg": "gang", "prum": "perumahan", "perum": "perumahan"}
_SILENT = frozenset({"no", "nomor", "nomer"})  # "Jalan Melati no. 4"

_SEP = r"[\s.()/_–—-]{0,3}"
_MONEY = r"(?!\d{1,3}(?:\.\d{3}){0,4}\.000(?!\d))(?<!Rp)(?<!Rp.)(?<!Rp. )"
_DATE = r"(?!\d{1,2}[\s./-]{1,2}\d{1,2}[\s./-]{1,2}(?:19|20)\d\d(?!\d))"
_NUMBERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)\d(?:[\s.-]?\d){15}(?!\d)",  # NIK, KK
        rf"(?<![\d,]){_MONEY}{_DATE}\(?(?:(?:\+\s?)?6{_SEP}2(?:{_SEP}0)?|0){_SEP}8(?:{_SEP}\d){{7,12}}(?!\d)",  # a mobile number
        rf"(?<![\d.,]){_MONEY}(?!\d+000(?!\d))8[1-9]\d(?:[\s-]?\d){{6,9}}(?!\d)(?!\.\d)",  # the same without its 0
        r"(?<![\d/.-])\(?(?:\+?62\)?[\s.-]?\(?|0)[2-79]\d{1,2}\)?[\s./-]{0,3}\d{2,4}(?:[\s.-]?\d{2,4}){1,2}(?!\d)",  # a fixed line
        r"(?<![\w.+-])[\w.+-]++\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+",
    )
)
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+|\d+")
_BETWEEN = re.compile(r"[\s.,:'’/()-]{0,4}")
_JOINED = re.compile(r"[^\S\n]*[,'’-]?[^\S\n]*")


@dataclass
class _Word:
    plain: str
    start: int
    end: int
    out: bool = False
    joined: bool = False  # to the word before, whatever stands between


def masked(text: str, *, names: Iterable[str] = (), addresses: Iterable[str] = (), kept: Collection[str] = ()) -> str:
    """``text`` without them. ``kept``: names of places, whose words stay even when the person bears one."""
    text = _legible(text)
    for pattern in _NUMBERS:
        text = pattern.sub(MASK, text)
    words = list(_words(text))
    places = {word.plain for place in kept for word in _words(place)}
    for name in names:
        _mask_name(text, words, [word.plain for word in _words(_legible(name))], places)
    for address in addresses:
        where = [word.plain for word in _words(_legible(address)) if word.plain not in _SILENT]
        if not places.issuperset(where):
            _mask_sequence(words, where)
    return _without(text, words)


def holds(text: str, *, name: str = "", phone: str = "", email: str = "") -> bool:
    """Whether the whole name, the telephone number or the e-mail address stands in it."""
    plain = f" {' '.join(word.plain for word in _words(_legible(text)))} "
    whole = " ".join(word.plain for word in _words(_legible(name)))
    digits = re.sub(r"\D", "", phone)[-9:]
    return (
        (len(whole) >= SHORTEST and f" {whole} " in plain)
        or (len(digits) == 9 and digits in re.sub(r"\D", "", text))
        or (bool(email) and email.casefold() in text.casefold())
    )


def _legible(text: str) -> str:
    """The same words in plain letters and digits: nothing invisible inside them, no look-alikes of print."""
    return text if text.isascii() else "".join(map(_in_print, text))


def _in_print(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind == "Cf":
        return ""
    return unicodedata.normalize("NFKC", character) if kind[0] == "L" or "\uff00" <= character <= "\uff5e" else character


def _words(text: str) -> Iterator[_Word]:
    for found in _WORD.finditer(text):
        plain = found[0].casefold()
        if not plain.isascii():
            letters = unicodedata.normalize("NFKD", plain)
            plain = "".join(each for each in letters if not unicodedata.combining(each)).casefold()
        yield _Word(_ALIKE.get(plain, plain), found.start(), found.end())


def _mask_name(text: str, words: list[_Word], name: list[str], places: set[str]) -> None:
    own = {word for word in name if len(word) > 1 and word not in TITLES and not word.isdecimal()}
    rare = {word for word in own if len(word) >= SHORTEST and word not in ORDINARY and word not in places}
    if not own:
        return
    everywhere, called = _with_endings(rare), _with_endings(own)
    joined = "".join(name)
    if len(name) > 1:
        _mask_sequence(words, name)
    before: _Word | None = None
    for word in words:
        plain = word.plain
        alone = [plain] == name and (plain not in ORDINARY or text[word.start].isupper())
        if alone or plain in everywhere or (len(name) > 1 and len(joined) > SHORTEST and plain.startswith(joined)):
            word.out = True
        elif before and plain in called and before.plain in TITLES | BEFORE_A_NAME and _near(text, before, word):
            word.out = True
            before.out = before.out or before.plain in TITLES
        before = word
    _mask_neighbours(text, words, own)


def _mask_neighbours(text: str, words: list[_Word], own: set[str]) -> None:
    """Mask what belongs to a masked word of the name: "Sri" beside "Lestari", "Pak" before "Karto"."""
    for one, two in pairwise(words):
        if one.out and two.plain in own and one.plain in own and _JOINED.fullmatch(text, one.end, two.start):
            two.out = True
    for two, one in zip(words[-2::-1], words[:0:-1], strict=False):
        if one.out and any(one.plain.startswith(word) for word in own):
            title = two.plain in TITLES and _near(text, two, one)
            two.out = two.out or title or (two.plain in own and _JOINED.fullmatch(text, two.end, one.start) is not None)


def _mask_sequence(words: list[_Word], wanted: list[str]) -> None:
    """Mask these words where they stand together, whatever "no." stands between them."""
    letters = sum(map(len, wanted))
    if letters < SHORTEST - 1:
        return
    counted = [at for at, word in enumerate(words) if word.plain not in _SILENT or word.plain in wanted]
    for place, first in enumerate(counted):
        row = counted[place : place + len(wanted)]
        if words[first].plain != wanted[0] or [words[at].plain for at in row] != wanted:
            continue
        if words[row[-1]].end - words[first].start <= 2 * letters + 12:
            for at in range(first, row[-1] + 1):
                words[at].out, words[at].joined = True, words[at].joined or at > first


def _with_endings(words: set[str]) -> set[str]:
    return {word + ending for word in words for ending in ("", *ENDINGS)}


def _near(text: str, one: _Word, two: _Word) -> bool:
    return _BETWEEN.fullmatch(text, one.end, two.start) is not None


def _without(text: str, words: list[_Word]) -> str:
    """The text with ``MASK`` in place of every run of masked words."""
    parts, written = [], 0
    last: _Word | None = None
    for word in words:
        if word.out:
            if last is None or not (word.joined or _JOINED.fullmatch(text, last.end, word.start)):
                parts += [text[written : word.start], MASK]
            written = word.end
        last = word if word.out else None
    return "".join([*parts, text[written:]])
