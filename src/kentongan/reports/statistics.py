"""Figures of a span of the book: what came in, what ended, what stands open, how fast, on time or not. Opening + received = ended + closing, always.

Counts are of complaints received in the span, by what is true of them today; only what ended is counted by the day of its end. The
public gets single dimensions, with small numbers left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from kentongan.complaints import rollup
from kentongan.complaints.lifecycle import ENDED, OPEN
from kentongan.complaints.models import Complaint, ShutOut, Tally
from kentongan.reports import table
from kentongan.reports.counting import Choice, Counts, Reader, Span, less, rows, whole_book
from kentongan.village.models import Category, Hamlet, Unit, User, Village

SMALL = 3  # public figures below this are not shown
SATISFIED = 3  # of 4: a score from here on


@dataclass(frozen=True)
class Balance:
    """A month or span of the book: what was open, what came, what ended, what stands open at its end."""

    start: date
    opening: int
    received: int
    ended: int

    @property
    def closing(self) -> int:
        return self.opening + self.received - self.ended


@dataclass(frozen=True)
class Share:
    """A part of a whole; ``percent`` is ``None`` when the whole is too small to speak of shares."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        return table.percent(self.part, self.whole)


@dataclass(frozen=True)
class Pace:
    """Working days something took: how many there are, the middle one, and what nine in ten do not exceed; ``None`` of too few."""

    n: int
    median: float | None
    p90: int | None

    @classmethod
    def of(cls, days: Mapping[int, int]) -> Pace:
        """``days``: how many took so many days."""
        ordered = sorted((day, n) for day, n in days.items() if n > 0)
        n = sum(many for _day, many in ordered)
        if n < table.FEW:
            return cls(n, None, None)

        def at(place: int) -> int:
            for day, many in ordered:
                place -= many
                if place <= 0:
                    return day
            raise IndexError(place)

        both = at((n + 1) // 2) + at(n // 2 + 1)
        return cls(n, both / 2 if both % 2 else both // 2, at(-(-90 * n // 100)))


@dataclass(frozen=True)
class Summary:
    """A span in a few numbers. ``open``, ``late``: of those received in it; ``ended``: in it, whenever received."""

    received: int
    ended: int
    open: int
    late: int
    answer: Pace
    solution: Pace
    on_time: Share
    satisfied: Share

    @classmethod
    def of(cls, counts: Counts, today: date) -> Summary:
        measures = counts.measures
        punctual, scores = measures[rollup.ON_TIME], measures[rollup.RATING]
        return cls(
            received=counts.received,
            ended=counts.ended.total(),
            open=sum(n for (*_cell, state), n in counts.cells.items() if state in OPEN),
            late=sum(n for day, n in measures[rollup.DUE].items() if day < today.toordinal()),
            answer=Pace.of(measures[rollup.ANSWER]),
            solution=Pace.of(measures[rollup.SOLUTION]),
            on_time=Share(punctual[1], punctual.total()),
            satisfied=Share(sum(n for score, n in scores.items() if score >= SATISFIED), scores.total()),
        )


@dataclass(frozen=True)
class Figures:
    """The figures of a span beside those of the span before and of a year ago (``None``: nothing came or ended in it).

    Keys: first of month; channel, kind and state keys; ids of category, hamlet and unit (0: none).
    """

    span: Span
    now: Summary
    before: Summary | None
    a_year_before: Summary | None
    by_channel: Mapping[str, int]
    by_category: Mapping[int, int]
    by_kind: Mapping[str, int]
    by_hamlet: Mapping[int, int]
    by_unit: Mapping[int, int]
    by_state: Mapping[str, int]
    months: tuple[Balance, ...]
    total: Balance
    names: Mapping[str, Mapping[int, str]] = field(default_factory=dict)  # "category", "hamlet", "unit": id → name


def figures(village: Village, user: User, span: Span, *, today: date, choice: Choice | None = None) -> Figures:
    """The figures of ``span`` over what this person may see; months after ``today`` are left out of the balance."""
    reader = Reader(village, user, choice)
    counts = reader.span(span)
    came, went = reader.before(span.first)
    months = _balances(span, today, counts, came - went)
    return Figures(
        span=span,
        now=Summary.of(counts, today),
        before=_summary(reader, span.before, today),
        a_year_before=_summary(reader, span.a_year_before, today) if span.before != span.a_year_before else None,
        by_channel=_along(counts.cells, 1),
        by_category=_along(counts.cells, 0),
        by_kind=_along(counts.cells, 2),
        by_hamlet=_with_none(counts, rollup.HAMLET),
        by_unit=_with_none(counts, rollup.UNIT),
        by_state=_along(counts.cells, 3),
        months=months,
        total=Balance(span.first, came - went, counts.received, counts.ended.total()),
        names=_names(village),
    )


def _summary(reader: Reader, span: Span, today: date) -> Summary | None:
    counts = reader.span(span)
    return Summary.of(counts, today) if counts.received or counts.ended.total() else None


def _balances(span: Span, today: date, counts: Counts, opening: int) -> tuple[Balance, ...]:
    months: list[Balance] = []
    for start in span.months:
        came, went = counts.months[start], counts.ended[start]
        if start > today and not came and not went:
            break
        months.append(Balance(start, opening, came, went))
        opening = months[-1].closing
    return tuple(months)


def _along(cells: Mapping[Any, int], place: int) -> dict[Any, int]:
    """The cells added up along one dimension, largest first."""
    summed: Counter[Any] = Counter()
    for cell, n in cells.items():
        summed[cell[place]] += n
    return {key: n for key, n in summed.most_common() if n}


def _with_none(counts: Counts, what: str) -> dict[int, int]:
    """A measure with those it does not know under 0, largest first."""
    known = +counts.measures[what]
    known[0] = counts.received - known.total()
    return {key: n for key, n in known.most_common() if n}


def _names(village: Village) -> dict[str, dict[int, str]]:
    categories = Category.objects.filter(village=village).select_related("parent")
    return {
        "category": {category.pk: category.full_name for category in categories},
        "hamlet": dict(Hamlet.objects.filter(village=village).values_list("pk", "name")),
        "unit": dict(Unit.objects.filter(village=village).values_list("pk", "name")),
    }


def matrix(village: Village, user: User, year: int) -> Counter[tuple[date, int, str]]:
    """Month × category × state of a year for one of the desk: from the rollup alone, added up by the database, less what he is shut out of."""
    span = Span.of_year(year)
    cells: Counter[tuple[date, int, str]] = Counter()
    tallies = Tally.objects.filter(village=village, month__gte=span.first, month__lte=span.last)
    for month, category, state, n in tallies.order_by().values_list("month", "category_id", "state").annotate(n=Sum("n")):
        cells[month, category, state] = n
    hidden = Complaint.for_system("taken out of the figures of a person who is shut out").filter(shut_out__user=user)
    for _village, month, category, _channel, _kind, state in map(rollup.tally_key, rows(hidden.filter(village=village), village)):
        if month.year == year:
            cells[month, category, state] -= 1
    return +cells


# --- for everybody ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicFigures:
    """A year for the public: single dimensions; ``None`` stands for a number too small to show."""

    year: int
    received: int
    answered: int
    ended: int  # of those received in the year
    share: Share | None
    satisfied: Share
    answer: Pace
    months: tuple[tuple[date, int, int], ...]  # month, received, ended in it
    by_month: Mapping[date, int | None]
    by_channel: Mapping[str, int | None]
    by_category: Mapping[int, int | None]  # the upper level
    by_kind: Mapping[str, int | None]
    by_hamlet: Mapping[int, int | None]
    by_state: Mapping[str, int | None]
    names: Mapping[str, Mapping[int, str]]


def public(village: Village, year: int) -> PublicFigures:
    """What anybody may know of ``year``: numbers below ``SMALL`` are withheld, with one more where a sum would give them away.

    What an official is shut out of is in no number of it, as in the published reports: he could take his own figures from the totals,
    and read from what is left when it came, whether it was answered, and how it ended.
    """
    span = Span.of_year(year)
    counts = _less_what_some_may_not_see(village, span)
    summary = Summary.of(counts, span.last)
    upper = dict(Category.objects.filter(village=village, parent__isnull=False).values_list("pk", "parent_id"))
    by_category: Counter[int] = Counter()
    for category, n in _along(counts.cells, 0).items():
        by_category[upper.get(category) or category] += n
    states = _along(counts.cells, 3)
    return PublicFigures(
        year=year,
        received=counts.received,
        answered=summary.on_time.whole,
        ended=sum(n for (*_cell, state), n in counts.cells.items() if state in ENDED),
        share=summary.on_time if summary.on_time.whole >= SMALL else None,
        satisfied=summary.satisfied,
        answer=summary.answer,
        months=tuple((month, counts.months[month], counts.ended[month]) for month in span.months),
        by_month=withheld(dict(sorted((month, n) for month, n in counts.months.items() if n))),
        by_channel=withheld(_along(counts.cells, 1)),
        by_category=withheld(dict(by_category.most_common())),
        by_kind=withheld(_along(counts.cells, 2)),
        by_hamlet=withheld(_with_none(counts, rollup.HAMLET)),
        by_state=withheld({key: n for key, n in states.items() if key not in ENDED})
        | withheld({key: n for key, n in states.items() if key in ENDED}),
        names=_names(village),
    )


def _less_what_some_may_not_see(village: Village, span: Span) -> Counts:
    counts = whole_book(village, span)
    kept_from_some = Q(pk__in=ShutOut.objects.filter(village=village).values("complaint"))
    hidden = Complaint.for_system("public counts, small numbers withheld").filter(kept_from_some, village=village)
    since, until = span.moments(village)
    inside = Q(received_at__gte=since, received_at__lt=until) | Q(ended_at__gte=since, ended_at__lt=until)
    return less(counts, rows(hidden.filter(inside), village), span, village)


def withheld(counts: Mapping[Any, int]) -> dict[Any, int | None]:
    """``counts`` with ``None`` for small numbers, and for the next ones as long as the sum gives these away and there are any."""
    hidden = {key for key, n in counts.items() if 0 < n < SMALL}
    others = sorted((n, str(key), key) for key, n in counts.items() if key not in hidden and n)
    while others and given_away(counts[key] for key in hidden):
        hidden.add(others.pop(0)[2])
    return {key: None if key in hidden else n for key, n in counts.items()}


def given_away(hidden: Iterable[int]) -> bool:
    """Whether the sum of what is hidden leaves only one way to fill it in: one number alone, or nothing but ones (a row holds at least one)."""
    numbers = list(hidden)
    return bool(numbers) and (len(numbers) == 1 or sum(numbers) == len(numbers))
