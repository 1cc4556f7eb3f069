"""One table as page, paper and sheet show it, and the honest small numbers in it: of fewer than five nothing is called a share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

FEW = 5  # of fewer nothing is called a share, a mean or a percentile
NONE = "–"


@dataclass(frozen=True)
class Table:
    """``rows``: lists of cells in the order of ``head``; ``None`` is a cell with nothing in it. ``bars``: the column that is drawn
    too; ``ratio``: widths of the columns."""

    key: str
    title: str
    head: list[str]
    rows: list[list[Any]]
    total: list[Any] = field(default_factory=list)
    note: str = ""
    bars: int = 0
    ratio: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=lambda: [0])  # columns of words; the others are numbers


def percent(part: int, whole: int) -> int | None:
    """The share in percent; ``None`` when the whole is too small to speak of shares."""
    return round(100 * part / whole) if whole >= FEW else None


def share(part: int, whole: int) -> str:
    """``38 %``; a dash when the whole is too small to speak of shares."""
    rounded = percent(part, whole)
    return NONE if rounded is None else f"{rounded} %"


def decimal(number: float) -> str:
    """``2,5``; a whole number without its zero."""
    return f"{number:.1f}".removesuffix(".0").replace(".", ",")


def percentile(days: Sequence[int], percent: int) -> int:
    """The smallest of ``days`` that at least ``percent`` of them do not exceed. ``days`` must not be empty."""
    ordered = sorted(days)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]
