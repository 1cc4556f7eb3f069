"""Charts drawn as SVG, for pages and papers alike: the picture says in words what it shows, and nothing in it is colour alone.

Places across are in percent, sizes down in pixels: on a page text keeps its size at any width, without a line of script. On a page
colours are classes of the style sheet (light, dark, forced colours); on paper they are written out, with the name of the font.
The caller gives all words in the language of its page or paper; numbers are whole and not negative, ``None`` is one left out.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from django.utils import formats
from django.utils.translation import gettext

from kentongan.lib import text

SERIF = "Libertinus Serif"
WIDE = 480  # of a paper's drawing, in its own units: a point each when it is set at that width
COLUMN = 120  # how high the highest is
MOST_LABELS = 12  # named below the columns; of more every second, third …
TONES = ("#8a4f0f", "#0d6548", "#2d4a94", "#7d5700", "#a8281e", "#4a544f")  # jati, daun, nila, kunyit, bata, grey
INK, BED, CARD = "#1c2421", "#efede6", "#ffffff"
_STRIPES = ("", "M-2 2l4-4M0 8l8-8M6 10l4-4", "M4 1v2M0 5v2M8 5v2", "M0 4h8M4 0v8", "M0 2h8M0 6h8", "M2 0v8M6 0v8")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DASHES = ("", "7 4", "2 3", "10 3 2 3", "5 2", "1 5")


@dataclass(frozen=True)
class Look:
    """How it is drawn. ``font``: of a paper; without one it is for a page. ``empty``, ``other``: words for no figures, and for the rest."""

    empty: str
    other: str
    number: Callable[[int], str]
    font: str = ""

    @property
    def longest(self) -> int:
        """Letters of a label that fit: on a phone's width, or the paper's."""
        return 60 if self.font else 34


def page() -> Look:
    """For a page, in the language of the screen."""
    return Look(gettext("No figures yet"), gettext("All others"), lambda n: formats.number_format(n, force_grouping=True))


def paper(font: str = SERIF) -> Look:
    """For a paper: Indonesian, in its own colours and font."""
    return Look("Belum ada angka", "Lainnya", lambda n: f"{n:,}".replace(",", "."), font)


@dataclass(frozen=True)
class Series:
    """One kind of number along the labels of a chart."""

    name: str
    values: Sequence[int | None]


@dataclass(frozen=True)
class Label:
    """A place along a chart: ``short`` stands below it, ``long`` is said."""

    short: str
    long: str


# --- the four charts -------------------------------------------------------------------------------------------------


def columns(title: str, labels: Sequence[Label], series: Sequence[Series], look: Look | None = None) -> str:
    """Columns beside each other at each label, one for each of up to three ``series``; the number above is the first one's."""
    look = look or page()
    most = _most(series)
    if not any(value is not None for one in series for value in one.values):
        return _nothing(title, look)
    draw = _Drawing(title, _said(labels, series, look), look)
    top = draw.legend([one.name for one in series], lines=False) + 18
    base, slot = top + _height(most), 100 / len(labels)
    width = slot * 0.76 / len(series)
    for n, label in enumerate(labels):
        for k, one in enumerate(series):
            value = one.values[n]
            if value:
                high = max(1.0, COLUMN * value / most)
                draw.box(slot * n + slot * 0.12 + width * k, base - high, width, high, k, f"{label.long}, {one.name}", value)
        _numbers(draw, labels, series[0], n, slot, base - max(_heights(series, n, most)))
    _floor(draw, labels, base, most, top, numbered=_roomy(labels, series[0], look))
    return draw.done(base + 24)


def bars(title: str, rows: Iterable[tuple[str, int | None]], look: Look | None = None) -> str:
    """A bar for each (label, n), on one scale; what has no number to show is left out."""
    look = look or page()
    shown = [(label, n) for label, n in rows if n is not None]
    if not shown:
        return _nothing(title, look)
    most = max(n for _label, n in shown)
    draw = _Drawing(title, "; ".join(f"{label}: {look.number(n)}" for label, n in shown), look)
    for row, (label, n) in enumerate(shown):
        top = 38 * row
        draw.words(0, top + 14, label, longest=look.longest)
        draw.words(100, top + 14, look.number(n), anchor="end", bold=True)
        draw.bed(0, top + 21, 100, 10)
        if n:
            draw.box(0, top + 21, 100 * n / most, 10, 0, label, n)
    return draw.done(38 * len(shown) - 4)


def stack(title: str, parts: Iterable[tuple[str, int]], look: Look | None = None) -> str:
    """One bar of all, cut into its parts in their order, each named with its number below; the smallest of more than six together."""
    look = look or page()
    shown = _at_most([(label, n) for label, n in parts if n > 0], len(TONES), look.other)
    whole = sum(n for _label, n in shown)
    if not whole:
        return _nothing(title, look)
    draw = _Drawing(title, "; ".join(f"{label}: {look.number(n)}" for label, n in shown), look)
    left = 0.0
    for k, (label, n) in enumerate(shown):
        draw.box(left, 0, 100 * n / whole, 26, k, label, n)
        left += 100 * n / whole
    for k, (label, n) in enumerate(shown):
        top = 38 + 24 * k
        draw.key(k, top)
        draw.words(0, top + 11, label, longest=look.longest - 4, shift=20)
        draw.words(100, top + 11, look.number(n), anchor="end", bold=True)
    return draw.done(38 + 24 * len(shown))


def line(title: str, labels: Sequence[Label], series: Sequence[Series], look: Look | None = None) -> str:
    """A line for each of up to three ``series``, each with its own dashes and marks; a gap where there is no number."""
    look = look or page()
    most = _most(series)
    if not any(value is not None for one in series for value in one.values):
        return _nothing(title, look)
    draw = _Drawing(title, _said(labels, series, look), look)
    top = draw.legend([one.name for one in series], lines=True) + 18
    base, slot = top + _height(most), 100 / len(labels)
    for k, one in enumerate(series):
        points = [
            (slot * (n + 0.5), base - (COLUMN * value / most if most else 0)) if value is not None else None
            for n, value in enumerate(one.values)
        ]
        for start, end in pairwise(points):
            if start and end:
                draw.stroke(*start, *end, k)
        for point, label, value in zip(points, labels, one.values, strict=True):
            if point and value is not None:
                draw.mark(*point, k, f"{label.long}, {one.name}", value)
    _floor(draw, labels, base, most, top, numbered=False)
    return draw.done(base + 24)


# --- what they share -------------------------------------------------------------------------------------------------


def _most(series: Sequence[Series]) -> int:
    return max((value for one in series for value in one.values if value is not None), default=0)


def _height(most: int) -> int:
    """Room for the columns; where all is nought there is no need of it."""
    return COLUMN if most else 12


def _said(labels: Sequence[Label], series: Sequence[Series], look: Look) -> str:
    """Every number in words: ``November 2026: masuk 4, berakhir 3; …``."""
    parts = []
    for n, label in enumerate(labels):
        numbers = [f"{one.name} {look.number(value)}" for one in series if (value := one.values[n]) is not None]
        if numbers:
            parts.append(f"{label.long}: {', '.join(numbers)}")
    return "; ".join(parts)


def _heights(series: Sequence[Series], n: int, most: int) -> list[float]:
    return [COLUMN * (one.values[n] or 0) / most if most else 0.0 for one in series]


def _roomy(labels: Sequence[Label], first: Series, look: Look) -> bool:
    """Whether the numbers fit above their columns on a narrow phone."""
    longest = max((len(look.number(value)) for value in first.values if value is not None), default=0)
    return len(labels) * longest <= 36


def _numbers(draw: _Drawing, labels: Sequence[Label], first: Series, n: int, slot: float, top: float) -> None:
    value = first.values[n]
    if value is not None and _roomy(labels, first, draw.look):
        draw.words(slot * (n + 0.5), top - 5, draw.look.number(value), anchor="middle", bold=True, size=12)


def _floor(draw: _Drawing, labels: Sequence[Label], base: float, most: int, top: float, *, numbered: bool) -> None:
    """The ground line with its labels, and unless the columns bear numbers the highest value above a line of its own."""
    draw.rule(base, strong=True)
    if not numbered and most:
        draw.rule(top, strong=False)
        draw.words(0, top - 5, draw.look.number(most), size=12)
    step = -(-len(labels) // MOST_LABELS)
    size = 11 if len(labels) > 8 else 12
    for n in range(0, len(labels), step):
        draw.words((100 / len(labels)) * (n + 0.5), base + 16, labels[n].short, anchor="middle", size=size, longest=12)


def _at_most(parts: list[tuple[str, int]], most: int, other: str) -> list[tuple[str, int]]:
    if len(parts) <= most:
        return parts
    kept = set(sorted(range(len(parts)), key=lambda n: -parts[n][1])[: most - 1])
    rest = sum(n for place, (_label, n) in enumerate(parts) if place not in kept)
    return [part for place, part in enumerate(parts) if place in kept] + [(other, rest)]


def _nothing(title: str, look: Look) -> str:
    draw = _Drawing(title, look.empty, look)
    draw.bed(0, 0, 100, 44)
    draw.words(50, 27, look.empty, anchor="middle")
    return draw.done(44)


class _Drawing:
    """One picture in the making. ``x`` and ``width`` are percent of it, ``y`` and ``high`` pixels from its top; ``k`` is a series."""

    def __init__(self, title: str, said: str, look: Look) -> None:
        self.look = look
        self._title, self._said = _clean(title), _clean(said)
        self._parts: list[str] = []
        self._used: set[int] = set()
        # The same picture bears the same names, so a page and a test read the same twice.
        self._name = f"p{zlib.crc32(f'{self._title}|{self._said}'.encode()):08x}"

    def words(
        self,
        x: float,
        y: float,
        said: str,
        *,
        anchor: str = "start",
        bold: bool = False,
        size: int = 14,
        longest: int = 0,
        shift: int = 0,
    ) -> None:
        said = _clean(said)
        cut = text.one_line(said, longest) if longest else said
        if cut == "…" or (cut.endswith("…") and len(cut) < longest // 2):  # a word longer than its room
            cut = said[: longest - 1] + "…"
        whole = f"<title>{escape(said)}</title>" if cut != said else ""
        weight = ' font-weight="650"' if bold else ""
        moved = f' dx="{shift}"' if shift else ""
        look = f"{self._tone('chart-ink', 'fill', INK)}{weight}{moved}"
        self._parts.append(
            f'<text x="{_n(x)}%" y="{_n(y)}" text-anchor="{anchor}" font-size="{size}"{look}>{whole}{escape(cut)}</text>'
        )

    def box(self, x: float, y: float, width: float, high: float, k: int, label: str, n: int) -> None:
        said = f"<title>{escape(_clean(label))}: {escape(self.look.number(n))}</title>"
        place = f'x="{_n(x)}%" y="{_n(y)}" width="{_n(width)}%" height="{_n(high)}"'
        self._parts.append(f"<rect {place}{self._filled(k)}>{said}</rect>")

    def bed(self, x: float, y: float, width: float, high: float) -> None:
        place = f'x="{_n(x)}%" y="{_n(y)}" width="{_n(width)}%" height="{_n(high)}"'
        self._parts.append(f"<rect {place}{self._tone('chart-bed', 'fill', BED)}/>")

    def key(self, k: int, top: float, x: float = 0) -> None:
        self._parts.append(f'<rect x="{_n(x)}%" y="{_n(top)}" width="13" height="13"{self._filled(k)}/>')

    def rule(self, y: float, *, strong: bool) -> None:
        style = self._tone("chart-rule", "stroke", INK) + ("" if strong else ' stroke-opacity="0.35" stroke-dasharray="2 4"')
        self._parts.append(f'<line x1="0" x2="100%" y1="{_n(y)}" y2="{_n(y)}"{style}/>')

    def stroke(self, x: float, y: float, to_x: float, to_y: float, k: int) -> None:
        dashes = f' stroke-dasharray="{_DASHES[k]}"' if _DASHES[k] else ""
        style = self._tone(f"chart-s{k + 1}", "stroke", TONES[k]) + f' stroke-width="2"{dashes}'
        self._parts.append(f'<line x1="{_n(x)}%" y1="{_n(y)}" x2="{_n(to_x)}%" y2="{_n(to_y)}"{style}/>')

    def mark(self, x: float, y: float, k: int, label: str, n: int) -> None:
        """A dot for the first line, a ring for the second, a ring with a dot for the third."""
        said = f"<title>{escape(_clean(label))}: {escape(self.look.number(n))}</title>"
        edge = self._tone(f"chart-s{k + 1}", "stroke", TONES[k])
        inside = self._tone("chart-card", "fill", CARD) if k else self._tone("chart-k1", "fill", TONES[0])
        both = _joined(edge, inside)
        self._parts.append(f'<circle cx="{_n(x)}%" cy="{_n(y)}" r="4" stroke-width="2"{both}>{said}</circle>')
        if k > 1:
            self._parts.append(f'<circle cx="{_n(x)}%" cy="{_n(y)}" r="1" stroke-width="1"{edge}/>')

    def legend(self, names: Sequence[str], *, lines: bool) -> float:
        """The names of the series below each other, none for one alone; returns where it ends."""
        if len(names) < 2:
            return 0.0
        for k, name in enumerate(names):
            top = 22 * k
            if lines:
                self._line_key(k, top)
            else:
                self.key(k, top)
            self.words(0, top + 12, name, longest=self.look.longest - 4, shift=34 if lines else 20)
        return 22.0 * len(names)

    def _line_key(self, k: int, top: float) -> None:
        dashes = f' stroke-dasharray="{_DASHES[k]}"' if _DASHES[k] else ""
        style = self._tone(f"chart-s{k + 1}", "stroke", TONES[k]) + f' stroke-width="2"{dashes}'
        self._parts.append(f'<line x1="0" x2="26" y1="{_n(top + 7)}" y2="{_n(top + 7)}"{style}/>')

    def done(self, high: float) -> str:
        """The whole picture."""
        size = f'width="100%" height="{_n(high)}" class="chart"'
        if self.look.font:
            size = f'viewBox="0 0 {WIDE} {_n(high)}" width="{WIDE}" height="{_n(high)}" font-family={quoteattr(self.look.font)}'
        head = f"<title>{escape(self._title)}</title><desc>{escape(self._said)}</desc>"
        patterns = "".join(self._pattern(k) for k in sorted(self._used))
        drawn = f"<defs>{patterns}</defs>" if patterns else ""
        return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>{head}{drawn}{"".join(self._parts)}</svg>'

    def _pattern(self, k: int) -> str:
        bed = f'<rect width="8" height="8"{self._tone("chart-card", "fill", CARD)}/>'
        stripes = f'<path d="{_STRIPES[k]}"{self._tone(f"chart-s{k + 1}", "stroke", TONES[k])} stroke-width="2.5" fill="none"/>'
        return f'<pattern id="{self._name}-{k}" width="8" height="8" patternUnits="userSpaceOnUse">{bed}{stripes}</pattern>'

    def _filled(self, k: int) -> str:
        """Its own pattern with an edge of its colour; the first is full."""
        if k == 0:
            return self._tone("chart-k1", "fill", TONES[0])
        self._used.add(k)
        return f' fill="url(#{self._name}-{k})"' + self._tone(f"chart-s{k + 1}", "stroke", TONES[k])

    def _tone(self, name: str, what: str, colour: str) -> str:
        return f' {what}="{colour}"' if self.look.font else f' class="{name}"'


def _joined(*attributes: str) -> str:
    """Attributes of one element: two classes become one attribute."""
    names = [part[8:-1] for part in attributes if part.startswith(' class="')]
    return f' class="{" ".join(names)}"' if names else "".join(attributes)


def _clean(said: str) -> str:
    """What XML may hold of it."""
    return _NOT_XML.sub("", text.clean(said))


def _n(number: float) -> str:
    """``12.5``, ``3``: no more places than a screen tells apart."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
