"""Text as people write it: kept verbatim, with a cleaned copy for searching.

The villages of Cilacap write Indonesian, Banyumasan and message slang in one breath. The original is never touched;
``search_words`` adds the standard word beside the one that was written.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

LIMIT = 20_000  # characters of one complaint; longer letters are scanned and attached
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff]")
_GREETINGS = frozenset(
    "p tes test testing assalamualaikum assalamu alaikum waalaikumsalam salam halo hallo hai hi pagi siang sore malam "
    "selamat kulo nuwun min admin pak bu permisi punten ping cek ok oke".split()
)
STANDARD = {  # as written → as looked for
    # message slang
    "jln": "jalan", "jl": "jalan", "dpn": "depan", "rmh": "rumah", "rsk": "rusak", "prh": "parah", "tlg": "tolong",
    "dbnrin": "perbaiki", "kmrn": "kemarin", "ank": "anak", "jth": "jatuh", "kds": "kades", "lurah": "kades", "kk": "kk",
    "sy": "saya", "yg": "yang", "dgn": "dengan", "blm": "belum", "sdh": "sudah", "udh": "sudah", "tdk": "tidak",
    "gak": "tidak", "ga": "tidak", "lg": "lagi", "mgg": "minggu", "bln": "bulan", "thn": "tahun", "lampunya": "lampu",
    "bantuane": "bantuan", "sampahe": "sampah", "mksh": "terima", "pdhl": "padahal", "krn": "karena", "utk": "untuk",
    # Banyumasan
    "dalan": "jalan", "dalane": "jalan", "banyu": "air", "banyune": "air", "umah": "rumah", "umahe": "rumah",
    "griya": "rumah", "griyane": "rumah", "omah": "rumah", "ngarep": "depan", "bocah": "anak", "ora": "tidak",
    "durung": "belum", "wis": "sudah", "kepriben": "bagaimana", "kepriwe": "bagaimana", "mambu": "bau", "peteng": "gelap",
    "kali": "sungai", "kretek": "jembatan", "kreteg": "jembatan", "lampune": "lampu", "sega": "nasi", "duit": "uang",
    "duite": "uang", "maling": "pencuri", "nyolong": "mencuri", "udan": "hujan", "watu": "batu", "wit": "pohon",
    "sawahe": "sawah", "adus": "mandi", "tangga": "tetangga", "rusake": "rusak", "bolong": "berlubang", "jeglong": "berlubang",
    "wadul": "mengadu", "mati": "mati", "resik": "bersih", "reged": "kotor", "larang": "mahal", "inyong": "saya", "nyong": "saya",
}  # fmt: skip
_stemmer = Stemmer.Stemmer("indonesian")


def clean(text: str) -> str:
    """The same text without characters that no one typed on purpose; emoji and every letter stay byte for byte."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str, length: int = 90) -> str:
    """The beginning of ``text`` on one line, cut at a word, for rows and headings."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0].rstrip(".,;:") + "…"


def whole(typed: str) -> int | None:
    """The number a browser sent as digits; ``None`` for anything else, and for more digits than an id can have."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def has_object(text: str) -> bool:
    """Whether there is anything in it to complain about: more than a greeting, a test, a sticker or a lone word."""
    words = [word for word in _WORD.findall(text.lower()) if word not in _GREETINGS]
    return len(words) >= 2 and sum(map(len, words)) >= 8


def looks_like_spam(text: str) -> bool:
    """Links with the words of advertisers. A hint that sets a message aside for a person to judge, nothing more."""
    links = len(re.findall(r"https?://|www\.|bit\.ly|wa\.me", text, re.IGNORECASE))
    offers = len(re.findall(r"pinjaman|kredit cepat|slot|gacor|judi|togel|promo|diskon|bonus|jackpot|klik", text, re.IGNORECASE))
    return links >= 3 or (links >= 1 and offers >= 1) or offers >= 4


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The snowball stem, the same that PostgreSQL's ``indonesian`` gives, of the standard form of ``word``."""
    return str(_stemmer.stemWord(STANDARD.get(word, word)))


def words(text: str) -> list[str]:
    """The words of ``text`` in order: folded, without marks, lower case, at most 60 characters each."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return [word[:60] for word in _WORD.findall("".join(c for c in folded if not unicodedata.combining(c)))]


def search_words(text: str) -> list[str]:
    """The stems of ``text`` in order, for the search index and for queries alike."""
    return [stem(word) for word in words(text)]
