"""Figures of a year: what came in, what ended, what stands open, on time or not. Opening + received = ended + closing, always.

Who sees the whole book reads the rollup (``Tally``) less what the wall shuts him out of; others are counted row by row over
what they may see. The public gets single dimensions, with small numbers left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from kentongan.complaints import access
from kentongan.complaints.lifecycle import ENDED
from kentongan.complaints.models import Complaint, ShutOut, Tally
from kentongan.village.models import Category, Hamlet, User, Village

SMALL = 3  # public figures below this are not shown
Cell = tuple[date, int, str, str, str]  # month, category, channel, kind, state


@dataclass(frozen=True)
class Balance:
    """A month or year of the book: what was open, what came, what ended, what stands open at its end."""

    start: date
    opening: int
    received: int
    ended: int

    @property
    def closing(self) -> int:
        return self.opening + self.received - self.ended


@dataclass(frozen=True)
class Share:
    """Answered on time, out of all answered; ``percent`` is None when there are none."""

    on_time: int
    answered: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.on_time / self.answered) if self.answered else None


@dataclass(frozen=True)
class Figures:
    """One year's figures. Counts are of complaints received in the year, by what is true of them today.

    Keys: first of month; channel, kind and state keys; category and hamlet ids (0: none).
    """

    year: int
    month: int | None  # the one month all but ``by_month`` and ``months`` are about
    by_month: Mapping[date, int]
    by_channel: Mapping[str, int]
    by_category: Mapping[int, int]
    by_kind: Mapping[str, int]
    by_hamlet: Mapping[int, int]
    by_state: Mapping[str, int]
    share: Share
    months: tuple[Balance, ...]
    total: Balance
    names: Mapping[str, Mapping[int, str]] = field(default_factory=dict)  # "category", "hamlet": id → name

    @property
    def received(self) -> int:
        return self.total.received


def cube(village: Village, user: User, year: int) -> Counter[Cell]:
    """Month × category × channel × kind × state of a year for a person who sees the whole book: the rollup less what he is shut out of."""
    counted: Counter[Cell] = Counter()
    tallies = Tally.objects.filter(village=village, month__gte=date(year, 1, 1), month__lt=date(year + 1, 1, 1))
    for *cell, n in tallies.values_list("month", "category_id", "channel", "kind", "state", "n"):
        counted[tuple(cell)] += n  # type: ignore[index]
    for row in _shut_out(village, user):
        if row.month.year == year:
            counted[row.cell] -= 1
    return +counted


def matrix(village: Village, user: User, year: int) -> Counter[tuple[date, int, str]]:
    """Month × category × state of a year, as ``cube`` reads it: from the rollup alone, added up by the database."""
    table: Counter[tuple[date, int, str]] = Counter()
    tallies = Tally.objects.filter(village=village, month__gte=date(year, 1, 1), month__lt=date(year + 1, 1, 1))
    for month, category, state, n in tallies.order_by().values_list("month", "category_id", "state").annotate(n=Sum("n")):
        table[month, category, state] = n
    for row in _shut_out(village, user):
        if row.month.year == year:
            table[row.month, row.category, row.state] -= 1
    return +table


def year(village: Village, user: User, year: int, *, today: date, month: int | None = None) -> Figures:
    """The figures of ``year``, or of one ``month`` of it, over what this person may see; months after ``today`` are left out."""
    standing = access.standing(user)
    whole = standing is not None and standing.village_id == village.pk and standing.is_(*access.WHOLE_BOOK)
    seen = Complaint.visible_to(user).filter(village=village)
    span = _Span(village, year, month)
    counted = _Counted.of_rollup(village, user, seen, span) if whole else _Counted.of_rows(_light(seen, village), span)
    return _figures(village, span, today, counted)


@dataclass(frozen=True)
class _Span:
    """A year, or one month of it, on the village's clock."""

    village: Village
    year: int
    month: int | None = None

    @property
    def starts(self) -> list[datetime]:
        """The thirteen moments at which the months begin, and the year ends."""
        zone = ZoneInfo(self.village.zone)
        return [datetime(self.year + month // 12, month % 12 + 1, 1, tzinfo=zone) for month in range(13)]

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return (self.starts[self.month - 1], self.starts[self.month]) if self.month else (self.starts[0], self.starts[12])

    def holds(self, month: date) -> bool:
        return month.year == self.year and self.month in (None, month.month)


# --- counting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Light:
    """A complaint as far as it is counted; dates are the village's."""

    month: date
    ended: date | None
    category: int
    channel: str
    kind: str
    state: str
    hamlet: int
    on_time: bool | None

    @property
    def cell(self) -> Cell:
        return (self.month, self.category, self.channel, self.kind, self.state)


_LIGHT = ("received_at", "ended_at", "category_id", "channel", "kind", "state", "hamlet_id", "on_time")


def _light(complaints: QuerySet[Complaint], village: Village) -> Iterable[_Light]:
    zone = ZoneInfo(village.zone)
    for received, ended, category, channel, kind, state, hamlet, on_time in complaints.order_by().values_list(*_LIGHT).iterator():
        month = received.astimezone(zone).date().replace(day=1)
        over = ended.astimezone(zone).date().replace(day=1) if ended else None
        yield _Light(month, over, category or 0, channel, kind, state, hamlet or 0, on_time)


def _shut_out(village: Village, user: User) -> list[_Light]:
    """The few complaints the rollup counts and this person may not."""
    hidden = Complaint.for_system("taken out of the figures of a person who is shut out").filter(
        village=village, shut_out__user=user
    )
    return list(_light(hidden, village))


@dataclass
class _Counted:
    """What the figures are made of, whichever way it was counted."""

    cells: Counter[Cell]
    hamlets: Counter[int]
    on_time: int
    answered: int
    before: int  # received before the year
    ended_before: int
    ended: Counter[int]  # month number → ended in it

    @classmethod
    def of_rows(cls, rows: Iterable[_Light], span: _Span) -> _Counted:
        first, after = date(span.year, 1, 1), date(span.year + 1, 1, 1)
        counted = cls(Counter(), Counter(), 0, 0, 0, 0, Counter())
        for row in rows:
            if row.month < first:
                counted.before += 1
            elif row.month < after:
                counted.cells[row.cell] += 1
            if span.holds(row.month):
                counted.hamlets[row.hamlet] += 1
                counted.answered += row.on_time is not None
                counted.on_time += bool(row.on_time)
            if row.ended and row.ended < first:
                counted.ended_before += 1
            elif row.ended and row.ended < after:
                counted.ended[row.ended.month] += 1
        return counted

    @classmethod
    def of_rollup(cls, village: Village, user: User, seen: QuerySet[Complaint], span: _Span) -> _Counted:
        year = span.year
        since, until = span.moments
        chosen = seen.filter(received_at__gte=since, received_at__lt=until)
        hamlets: Counter[int] = Counter()
        times: Counter[bool | None] = Counter()
        for hamlet, on_time, n in chosen.order_by().values_list("hamlet_id", "on_time").annotate(n=Count("pk")):
            hamlets[hamlet or 0] += n
            times[on_time] += n
        before = Tally.objects.filter(village=village, month__lt=date(year, 1, 1)).aggregate(n=Sum("n"))["n"] or 0
        before -= sum(row.month.year < year for row in _shut_out(village, user))
        ended_before, ended = _ended(seen, span.starts)
        return cls(cube(village, user, year), hamlets, times[True], times[True] + times[False], before, ended_before, ended)


def _ended(seen: QuerySet[Complaint], starts: list[datetime]) -> tuple[int, Counter[int]]:
    """How many ended before the year, and in each month of it: one statement over the index of ended ones."""
    ranges = {f"m{n}": Count("pk", filter=Q(ended_at__gte=starts[n - 1], ended_at__lt=starts[n])) for n in range(1, 13)}
    over = seen.order_by().filter(ended_at__isnull=False, ended_at__lt=starts[12])
    found = over.aggregate(before=Count("pk", filter=Q(ended_at__lt=starts[0])), **ranges)
    return found["before"], Counter({n: found[f"m{n}"] for n in range(1, 13)})


def _figures(village: Village, span: _Span, today: date, counted: _Counted) -> Figures:
    months = _balances(span.year, today, counted)
    cells = Counter({cell: n for cell, n in counted.cells.items() if span.holds(cell[0])})
    return Figures(
        year=span.year,
        month=span.month,
        by_month={month.start: month.received for month in months},
        by_channel=_along(cells, 2),
        by_category=_along(cells, 1),
        by_kind=_along(cells, 3),
        by_hamlet=dict(counted.hamlets.most_common()),
        by_state=_along(cells, 4),
        share=Share(counted.on_time, counted.answered),
        months=months,
        total=_total(span, months, counted),
        names=_names(village),
    )


def _total(span: _Span, months: tuple[Balance, ...], counted: _Counted) -> Balance:
    """The balance of the chosen month, or of the year."""
    opening = counted.before - counted.ended_before
    start = date(span.year, span.month or 1, 1)
    if span.month is None:
        return Balance(start, opening, sum(counted.cells.values()), sum(counted.ended.values()))
    chosen = [month for month in months if month.start == start]
    still = months[-1].closing if months else opening
    return chosen[0] if chosen else Balance(start, still, 0, 0)


def _balances(year: int, today: date, counted: _Counted) -> tuple[Balance, ...]:
    received = _along(counted.cells, 0)
    opening = counted.before - counted.ended_before
    months: list[Balance] = []
    for n in range(1, 13):
        start = date(year, n, 1)
        came, went = received.get(start, 0), counted.ended[n]
        if start > today and not came and not went:
            break
        months.append(Balance(start, opening, came, went))
        opening = months[-1].closing
    return tuple(months)


def _along(cells: Counter[Cell], place: int) -> dict[Any, int]:
    """The cells added up along one dimension, largest first."""
    summed: Counter[Any] = Counter()
    for cell, n in cells.items():
        summed[cell[place]] += n
    return {key: n for key, n in summed.most_common() if n}


def _names(village: Village) -> dict[str, dict[int, str]]:
    categories = Category.objects.filter(village=village).select_related("parent")
    return {
        "category": {category.pk: category.full_name for category in categories},
        "hamlet": dict(Hamlet.objects.filter(village=village).values_list("pk", "name")),
    }


# --- for everybody ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicFigures:
    """A year for the public: single dimensions; ``None`` stands for a number too small to show."""

    year: int
    received: int
    ended: int
    share: Share | None
    by_month: Mapping[date, int | None]
    by_channel: Mapping[str, int | None]
    by_category: Mapping[int, int | None]  # the upper level
    by_kind: Mapping[str, int | None]
    by_hamlet: Mapping[int, int | None]
    by_state: Mapping[str, int | None]
    names: Mapping[str, Mapping[int, str]]


def public(village: Village, year: int) -> PublicFigures:
    """What anybody may know of ``year``: numbers below ``SMALL`` are withheld, with one more where a sum would give them away.

    What an official is shut out of stands in the totals alone: he could take his own figures from these, and read what is left.
    """
    tallies = Tally.objects.filter(village=village, month__gte=date(year, 1, 1), month__lt=date(year + 1, 1, 1))
    cells: Counter[Cell] = Counter()
    for *cell, n in tallies.values_list("month", "category_id", "channel", "kind", "state", "n"):
        cells[tuple(cell)] += n  # type: ignore[index]
    upper = dict(Category.objects.filter(village=village, parent__isnull=False).values_list("pk", "parent_id"))
    since, until = _Span(village, year).moments
    rows = Complaint.for_system("public counts, small numbers withheld").filter(village=village)
    rows = rows.filter(received_at__gte=since, received_at__lt=until).order_by()
    kept_from_some = Q(pk__in=ShutOut.objects.filter(village=village).values("complaint"))
    shown = cells - Counter(row.cell for row in _light(rows.filter(kept_from_some), village))
    hamlets = {hamlet or 0: n for hamlet, n in rows.exclude(kept_from_some).values_list("hamlet_id").annotate(n=Count("pk"))}
    answered = rows.aggregate(answered=Count("pk", filter=Q(on_time__isnull=False)), on_time=Count("pk", filter=Q(on_time=True)))
    by_category: Counter[int] = Counter()
    for category, n in _along(shown, 1).items():
        by_category[upper.get(category) or category] += n
    states = _along(shown, 4)
    return PublicFigures(
        year=year,
        received=sum(cells.values()),
        ended=sum(n for state, n in _along(cells, 4).items() if state in ENDED),
        share=Share(answered["on_time"], answered["answered"]) if answered["answered"] >= SMALL else None,
        by_month=_withheld(dict(sorted(_along(cells, 0).items()))),
        by_channel=_withheld(_along(shown, 2)),
        by_category=_withheld(dict(by_category.most_common())),
        by_kind=_withheld(_along(shown, 3)),
        by_hamlet=_withheld(hamlets),
        by_state=_withheld({key: n for key, n in states.items() if key not in ENDED})
        | _withheld({key: n for key, n in states.items() if key in ENDED}),
        names=_names(village),
    )


def _withheld(counts: Mapping[Any, int]) -> dict[Any, int | None]:
    """``counts`` without small numbers. One alone could be had back from the sum, so the next smallest goes with it."""
    hidden = {key for key, n in counts.items() if 0 < n < SMALL}
    others = sorted((n, str(key), key) for key, n in counts.items() if key not in hidden and n)
    if len(hidden) == 1 and others:
        hidden.add(others[0][2])
    return {key: None if key in hidden else n for key, n in counts.items()}
