"""A month, quarter, half-year or year of the book, on the village's clock."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kentongan.reports import words
from kentongan.village.models import Village

_KEY = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])|-Q([1-4])|-S([12]))?", re.ASCII)
ROMAN = ("I", "II", "III", "IV")
EARLIEST, LATEST = 1900, 9997


@dataclass(frozen=True, order=True)
class Period:
    """``length`` months (1, 3, 6 or 12) of ``year`` from the month ``first``."""

    year: int
    first: int
    length: int

    @classmethod
    def of(cls, key: str) -> Period:
        """The period of ``2026-11``, ``2026-Q3``, ``2026-S1`` or ``2026``. Raises ``ValueError`` for anything else."""
        found = _KEY.fullmatch(key)
        if not found or not EARLIEST <= int(found[1]) <= LATEST:
            raise ValueError(f"no such period: {key}")
        year = int(found[1])
        if found[2]:
            return cls(year, int(found[2]), 1)
        if found[3]:
            return cls(year, 3 * int(found[3]) - 2, 3)
        return cls(year, 6 * int(found[4]) - 5, 6) if found[4] else cls(year, 1, 12)

    @property
    def key(self) -> str:
        part = (self.first - 1) // self.length + 1
        return f"{self.year}" + {1: f"-{self.first:02d}", 3: f"-Q{part}", 6: f"-S{part}", 12: ""}[self.length]

    @property
    def name(self) -> str:
        """As papers say it: ``Bulan November 2026``, ``Triwulan III Tahun 2026``, ``Semester I Tahun 2026``, ``Tahun 2026``."""
        if self.length == 1:
            return f"Bulan {words.MONTHS[self.first - 1]} {self.year}"
        part = ROMAN[(self.first - 1) // self.length]
        return {3: f"Triwulan {part} ", 6: f"Semester {part} ", 12: ""}[self.length] + f"Tahun {self.year}"

    @property
    def short(self) -> str:
        """Its name beside others of its year: ``November``, ``Triwulan III``, ``2026``."""
        return (
            self.name.removeprefix("Bulan ").removesuffix(f" {self.year}").removesuffix(" Tahun").replace("Tahun", str(self.year))
        )

    @property
    def spoken(self) -> str:
        """Its name inside a sentence: ``bulan November 2026``."""
        return self.name[0].lower() + self.name[1:]

    @property
    def start(self) -> date:
        return date(self.year, self.first, 1)

    @property
    def end(self) -> date:
        """The last day."""
        last = self.first + self.length - 1
        return date(self.year, last, calendar.monthrange(self.year, last)[1])

    @property
    def before(self) -> Period:
        """The period of the same length just before."""
        first = self.first - self.length
        return Period(self.year, first, self.length) if first > 0 else Period(self.year - 1, first + 12, self.length)

    @property
    def months(self) -> list[date]:
        """The first day of each of its months."""
        return [date(self.year, self.first + n, 1) for n in range(self.length)]

    def moments(self, village: Village) -> tuple[datetime, datetime]:
        """When it begins and when it is over, in the village."""
        zone = ZoneInfo(village.zone)
        after = date.fromordinal(self.end.toordinal() + 1)
        begin, over = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (self.start, after))
        return begin, over


def of_year(year: int, today: date) -> list[Period]:
    """The months, quarters, half-years and the year of ``year`` that have begun by ``today``."""
    every = [Period(year, first, length) for length in (1, 3, 6, 12) for first in range(1, 13, length)]
    return [period for period in every if period.start <= today]
