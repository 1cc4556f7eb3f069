"""The community satisfaction survey as the ministry computes it (PermenPAN-RB 14/2017): elements, index, bands. Knows no database.

Each element has the mean of its answers (NRR); the index is the sum of the means, each weighted by 1/number of elements, times 25.
The regulation's 0,111 would make 99,9 of nothing but fours, so the weight is the exact fraction. The bands leave gaps between 64,99
and 65,00: the index is rounded to two decimals first and then compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

SERVICE = "Pengelolaan pengaduan"
SCORES = (1, 2, 3, 4)
FEW = 30  # with fewer respondents a result speaks for nobody but them
LOWEST = 3  # elements that a follow-up is planned for

_FITTING = ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai")
# name, question, the four answers from 1 to 4; the order and the words of the ministry's questionnaire
ELEMENTS: tuple[tuple[str, str, tuple[str, str, str, str]], ...] = (
    ("Persyaratan", "Bagaimana pendapat Anda tentang kesesuaian persyaratan pelayanan dengan jenis pelayanannya?", _FITTING),
    (
        "Sistem, mekanisme, dan prosedur",
        "Bagaimana pemahaman Anda tentang kemudahan prosedur pelayanan di kantor desa?",
        ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"),
    ),
    (
        "Waktu penyelesaian",
        "Bagaimana pendapat Anda tentang kecepatan waktu pelayanan?",
        ("Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"),
    ),
    (
        "Biaya/tarif",
        "Bagaimana pendapat Anda tentang kewajaran biaya atau tarif pelayanan?",
        ("Sangat mahal", "Cukup mahal", "Murah", "Gratis"),
    ),
    (
        "Produk spesifikasi jenis pelayanan",
        "Bagaimana pendapat Anda tentang kesesuaian hasil pelayanan dengan yang tercantum dalam standar pelayanan?",
        _FITTING,
    ),
    (
        "Kompetensi pelaksana",
        "Bagaimana pendapat Anda tentang kemampuan petugas dalam pelayanan?",
        ("Tidak kompeten", "Kurang kompeten", "Kompeten", "Sangat kompeten"),
    ),
    (
        "Perilaku pelaksana",
        "Bagaimana pendapat Anda tentang kesopanan dan keramahan petugas?",
        ("Tidak sopan dan ramah", "Kurang sopan dan ramah", "Sopan dan ramah", "Sangat sopan dan ramah"),
    ),
    (
        "Sarana dan prasarana",
        "Bagaimana pendapat Anda tentang mutu sarana dan prasarana pelayanan?",
        ("Buruk", "Cukup", "Baik", "Sangat baik"),
    ),
    (
        "Penanganan pengaduan, saran, dan masukan",
        "Bagaimana pendapat Anda tentang penanganan pengaduan pengguna layanan?",
        ("Tidak ada", "Ada tetapi tidak berfungsi", "Berfungsi kurang maksimal", "Dikelola dengan baik"),
    ),
)


@dataclass(frozen=True)
class Band:
    """A quality of service: its letter, its words, and the smallest index that has it."""

    letter: str
    words: str
    least: Decimal


BANDS = (
    Band("A", "Sangat Baik", Decimal("88.31")),
    Band("B", "Baik", Decimal("76.61")),
    Band("C", "Kurang Baik", Decimal("65.00")),
    Band("D", "Tidak Baik", Decimal("25.00")),
)


@dataclass(frozen=True)
class ElementResult:
    """One element: how many answered it, and their mean (``None``: nobody did)."""

    key: str
    n: int
    mean: Fraction | None

    @property
    def index(self) -> Decimal | None:
        """The mean on the scale of the index, 25 to 100."""
        return None if self.mean is None else rounded(self.mean * 25)


@dataclass(frozen=True)
class Result:
    """The survey's result over ``n`` respondents; without any answer there is no index and no band."""

    n: int
    elements: tuple[ElementResult, ...]

    @property
    def answered(self) -> tuple[ElementResult, ...]:
        return tuple(element for element in self.elements if element.mean is not None)

    @property
    def index(self) -> Decimal | None:
        means = [element.mean for element in self.elements if element.mean is not None]
        return rounded(sum((mean * Fraction(1, len(means)) for mean in means), Fraction()) * 25) if means else None

    @property
    def band(self) -> Band | None:
        return None if self.index is None else band_of(self.index)

    @property
    def lowest(self) -> tuple[ElementResult, ...]:
        """The elements with the smallest means, smallest first; of equal ones the earlier."""
        return tuple(sorted(self.answered, key=lambda element: element.mean or 0)[:LOWEST])

    @property
    def is_small(self) -> bool:
        return self.n < FEW


def rounded(number: Fraction, places: int = 2) -> Decimal:
    """Half up, without the detour through binary or through a division cut off."""
    return Decimal(math.floor(number * 10**places + Fraction(1, 2))).scaleb(-places)


def band_of(index: Decimal) -> Band:
    """The band of an index of two decimals, 25,00 to 100,00. Raises ``ValueError`` outside of it."""
    if not Decimal(25) <= index <= Decimal(100):
        raise ValueError(f"no index: {index}")
    return next(band for band in BANDS if index >= band.least)


def result(keys: Sequence[str], answers: Iterable[Mapping[str, int]]) -> Result:
    """What ``answers`` (element key → 1 to 4; keys may be missing) come to."""
    given = list(answers)
    elements = []
    for key in keys:
        scores = [answer[key] for answer in given if key in answer]
        elements.append(ElementResult(key, len(scores), Fraction(sum(scores), len(scores)) if scores else None))
    return Result(len(given), tuple(elements))


def sample_size(population: int) -> int:
    """How many of ``population`` users to ask (Krejcie and Morgan: χ² = 3,841, P = Q = 0,5, d = 0,05)."""
    chi, half, d = Fraction(3841, 1000), Fraction(1, 2), Fraction(5, 100)
    spread = chi * half * half
    return int(rounded(spread * population / (d * d * (population - 1) + spread), 0)) if population > 0 else 0


def written(number: Decimal | Fraction | None, places: int = 2) -> str:
    """``84,25``; a dash for nothing."""
    if number is None:
        return "–"
    exact = rounded(Fraction(number), places)
    return f"{exact:.{places}f}".replace(".", ",")
