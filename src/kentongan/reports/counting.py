"""What statistics count, the same keys whichever way: from the rollup, or row by row where a filter or the wall leaves no other.

Who sees the whole book, and filters by nothing, reads the rollup (``Tally``, ``Measure``) less what the wall shuts him out of, so
that no page grows with the book. Everybody else is counted over what he may see, every row by the very rules that keep the rollup.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from kentongan.complaints import access, rollup
from kentongan.complaints.models import Complaint, Measure, Tally
from kentongan.village.models import User, Village

Cell = tuple[int, str, str, str]  # category, channel, kind, state
YEAR = 12


@dataclass(frozen=True)
class Span:
    """Days of the book, both included, on the village's clock."""

    first: date
    last: date

    @classmethod
    def of_year(cls, year: int) -> Span:
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def after(self) -> date:
        return self.last + timedelta(days=1)

    @property
    def is_whole_months(self) -> bool:
        return self.first.day == 1 and self.after.day == 1

    @property
    def months(self) -> list[date]:
        """The first day of every month it touches."""
        first = self.first.year * YEAR + self.first.month - 1
        last = self.last.year * YEAR + self.last.month - 1
        return [date(n // YEAR, n % YEAR + 1, 1) for n in range(first, last + 1)]

    @property
    def before(self) -> Span:
        """As many months just before, of whole months; else as many days."""
        last = self.first - timedelta(days=1)
        if not self.is_whole_months:
            return Span(self.first - (self.after - self.first), last)
        n = self.first.year * YEAR + self.first.month - 1 - len(self.months)
        return Span(date(n // YEAR, n % YEAR + 1, 1), last)

    @property
    def a_year_before(self) -> Span:
        return Span(_year_before(self.first), _year_before(self.after) - timedelta(days=1))

    def moments(self, village: Village) -> tuple[datetime, datetime]:
        """When it begins and when it is over, in the village."""
        return at_midnight(self.first, village), at_midnight(self.after, village)


def at_midnight(day: date, village: Village) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(village.zone))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@dataclass(frozen=True)
class Choice:
    """What is counted of the book; nothing chosen: all of it. ``categories``: a category with those below it."""

    channel: str = ""
    categories: frozenset[int] = frozenset()
    hamlet: int | None = None
    unit: int | None = None

    def __bool__(self) -> bool:
        return bool(self.channel or self.categories or self.hamlet or self.unit)

    def of(self, complaints: QuerySet[Complaint]) -> QuerySet[Complaint]:
        chosen: dict[str, Any] = {"channel": self.channel, "hamlet": self.hamlet, "unit": self.unit}
        complaints = complaints.filter(**{column: value for column, value in chosen.items() if value})
        return complaints.filter(category__in=self.categories) if self.categories else complaints


@dataclass
class Counts:
    """A span of the book in numbers. ``measures``: see ``rollup.measures``; ``ended``: by the month in which it ended."""

    cells: Counter[Cell] = field(default_factory=Counter)
    months: Counter[date] = field(default_factory=Counter)
    measures: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    ended: Counter[date] = field(default_factory=Counter)

    @property
    def received(self) -> int:
        return self.cells.total()

    def add(self, tally: rollup.Key, measures: Iterable[rollup.Key], n: int = 1) -> None:
        """One complaint received in the span; when it ended is counted apart."""
        _village, month, *cell = tally
        self.cells[tuple(cell)] += n
        self.months[month] += n
        for _village, _month, what, key in measures:
            if what != rollup.ENDED_IN:
                self.measures[what][key] += n


class Reader:
    """Counts of one village's book for one person. Asks the database once for each span."""

    def __init__(self, village: Village, user: User, choice: Choice | None = None) -> None:
        self.village, self.choice = village, choice or Choice()
        self.seen = self.choice.of(Complaint.visible_to(user).filter(village=village)).order_by()
        self._whole = sees_the_whole_book(user, village) and not self.choice
        hidden = Complaint.for_system("taken out of the figures of a person who is shut out")
        self._hidden = list(rows(hidden.filter(village=village, shut_out__user=user), village)) if self._whole else []

    def span(self, span: Span) -> Counts:
        """Everything of those received in ``span``, and how many ended in it."""
        return self._of_rollup(span) if self._whole and span.is_whole_months else self._of_rows(span)

    def flow(self, span: Span) -> tuple[Counter[date], Counter[date]]:
        """How many came and how many ended in each month of a span of whole months, and nothing else of them."""
        if not self._whole:
            counts = self._of_rows(span)
            return counts.months, counts.ended
        came, ended = (
            Counter(dict(monthly.values_list("month").annotate(n=Sum("n")))) for monthly in _monthly(self.village, span)
        )
        for row in self._hidden:
            came[self.village.local(row.received_at).date().replace(day=1)] -= 1
            if row.ended_at:
                ended[self.village.local(row.ended_at).date().replace(day=1)] -= 1
        return came, ended

    def before(self, day: date) -> tuple[int, int]:
        """How many were received and how many had ended before ``day``."""
        moment = at_midnight(day, self.village)
        if not self._whole or day.day != 1:
            return (self.seen.filter(received_at__lt=moment).count(), self.seen.filter(ended_at__lt=moment).count())
        received = _sum(Tally.objects.filter(village=self.village, month__lt=day))
        ended = _sum(Measure.objects.filter(village=self.village, month__lt=day, what=rollup.ENDED_IN))
        came = sum(row.received_at < moment for row in self._hidden)
        went = sum(row.ended_at is not None and row.ended_at < moment for row in self._hidden)
        return received - came, ended - went

    def _of_rows(self, span: Span) -> Counts:
        since, until = span.moments(self.village)
        counts = Counts()
        for row in rows(self.seen.filter(received_at__gte=since, received_at__lt=until), self.village):
            counts.add(rollup.tally_key(row), rollup.measures(row))
        for row in rows(self.seen.filter(ended_at__gte=since, ended_at__lt=until), self.village):
            if row.ended_at:
                counts.ended[self.village.local(row.ended_at).date().replace(day=1)] += 1
        return counts

    def _of_rollup(self, span: Span) -> Counts:
        return less(whole_book(self.village, span), self._hidden, span, self.village)


def sees_the_whole_book(user: User, village: Village) -> bool:
    """Whether the wall keeps nothing from this person but what he is shut out of himself: one of the desk by a post of his own.

    Who only stands in for one of them does not see what that one is shut out of, and is counted row by row.
    """
    where = access.standing(user)
    return where is not None and where.village_id == village.pk and any(m.role in access.WHOLE_BOOK for m in where.memberships)


def whole_book(village: Village, span: Span) -> Counts:
    """A span of whole months as the rollup has it, whoever asks."""
    counts = Counts()
    tallies, ended = _monthly(village, span)
    for *cell, n in tallies.values_list("category_id", "channel", "kind", "state").annotate(n=Sum("n")):
        counts.cells[tuple(cell)] = n
    counts.months.update(dict(tallies.values_list("month").annotate(n=Sum("n"))))
    measures = Measure.objects.filter(village=village, month__gte=span.first, month__lte=span.last).order_by()
    for what, key, n in measures.exclude(what=rollup.ENDED_IN).values_list("what", "key").annotate(n=Sum("n")):
        counts.measures[what][key] = n
    counts.ended.update(dict(ended.values_list("month").annotate(n=Sum("n"))))
    counts.cells = +counts.cells
    return counts


def less(counts: Counts, hidden: Iterable[Row], span: Span, village: Village) -> Counts:
    """``counts`` of ``span`` without these complaints: of those received in it, and of those that ended in it."""
    since, until = span.moments(village)
    for row in hidden:
        if since <= row.received_at < until:
            counts.add(rollup.tally_key(row), rollup.measures(row), -1)
        if row.ended_at and since <= row.ended_at < until:
            counts.ended[village.local(row.ended_at).date().replace(day=1)] -= 1
    counts.cells = +counts.cells
    return counts


def _monthly(village: Village, span: Span) -> tuple[QuerySet[Tally], QuerySet[Measure]]:
    """The counters of what was received and of what ended in a span of whole months."""
    months = {"village": village, "month__gte": span.first, "month__lte": span.last}
    return Tally.objects.filter(**months).order_by(), Measure.objects.filter(what=rollup.ENDED_IN, **months).order_by()


def _sum(counters: QuerySet[Any]) -> int:
    return int(counters.aggregate(sum=Sum("n"))["sum"] or 0)


class Row(NamedTuple):
    """A complaint as far as it is counted; the names are those of its columns, so the rollup's rules read it."""

    received_at: datetime
    ended_at: datetime | None
    category_id: int | None
    channel: str
    kind: str
    state: str
    hamlet_id: int | None
    unit_id: int | None
    on_time: bool | None
    answer_days: int | None
    solution_days: int | None
    rating: int | None
    due_at: datetime | None
    paused_at: datetime | None
    village: Village
    village_id: str


_COLUMNS = Row._fields[:-2]


def rows(complaints: QuerySet[Complaint], village: Village) -> Iterable[Row]:
    for values in complaints.order_by().values_list(*_COLUMNS).iterator():
        yield Row._make((*values, village, village.pk))
