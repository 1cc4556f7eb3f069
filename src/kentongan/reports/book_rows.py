"""One row of the complaint book for each complaint of a queryset, read in chunks: few queries, flat memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from kentongan.complaints import clocks
from kentongan.complaints.models import Assignment, Complaint, Delivery, Event, Referral
from kentongan.lib import letter_numbers, phones
from kentongan.reports import words
from kentongan.village.models import User, Village

if TYPE_CHECKING:
    from django.db.models import QuerySet

FIRST_CHUNK = 50  # what is streamed begins at once
CHUNK = 1000  # complaints whose assignments, deliveries and follow-up are fetched together
CONFIDENTIAL = "Laporan rahasia"


class Row(NamedTuple):
    """One line of the book. ``number`` is the stored form for addresses, ``printed`` the village's own; times are local."""

    seq: int
    number: str
    printed: str
    received: datetime
    channel: str
    name: str
    address: str
    phone: str
    subject: str
    text: str
    classification: str
    assigned: str
    due: date | None
    follow_up: str
    answered: str
    state_key: str
    state: str
    remark: str


class _Source(NamedTuple):
    """What is read of a complaint, in the order of ``_FIELDS``."""

    pk: int
    number: str
    year: int
    serial: int
    received_at: datetime
    channel: str
    complainant: int | None
    identity_hidden: bool
    confidential: bool
    name: str
    phone: str
    address: str
    address_rt: str
    address_rw: str
    address_hamlet: str
    subject: str
    place: str
    rt: str
    rw: str
    hamlet: str
    text: str
    kind: str
    category: str
    group: str
    clock_from: datetime
    clock_days: int
    paused_days: int
    state: str
    outcome: str
    decline_reason: str
    master: int | None
    reopened: int
    represents: str
    outside_number: str
    on_time: bool | None


_FIELDS = (
    "pk", "number", "year", "serial", "received_at", "channel", "complainant_id", "identity_hidden", "confidential",
    "complainant__name", "complainant__phone", "complainant__address", "complainant__rt", "complainant__rw",
    "complainant__hamlet__name", "subject", "place", "rt", "rw", "hamlet__name", "text", "kind", "category__name",
    "category__parent__name", "clock_from", "clock_days", "paused_days", "state", "outcome", "decline_reason", "master_id",
    "reopened", "represents", "outside_number", "on_time",
)  # fmt: skip


@dataclass
class _Around:
    """What belongs to the complaints of one chunk, by complaint."""

    assigned: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    follow_up: dict[int, str] = field(default_factory=dict)
    referred: dict[int, str] = field(default_factory=dict)
    answered: dict[int, tuple[datetime, list[str]]] = field(default_factory=dict)
    masters: dict[int, str] = field(default_factory=dict)  # numbers that may be named


def rows(
    complaints: QuerySet[Complaint],
    user: User,
    village: Village,
    *,
    masked: bool = False,
    first: int = 1,
    known: QuerySet[Complaint] | None = None,
) -> Iterator[Row]:
    """The book's rows of ``complaints`` (behind the wall already), numbered from ``first``, in their order.

    ``masked``: telephone numbers with their middle blanked, the content of confidential reports left out.
    ``known``: complaints whose numbers may be named in another's row; all that ``user`` may see when not given.
    """
    writer = _Writer(village, masked)
    source = complaints.values_list(*_FIELDS).iterator(chunk_size=CHUNK)
    seq, size = first, FIRST_CHUNK
    while chunk := [_Source(*values) for values in islice(source, size)]:
        around = _around(chunk, Complaint.visible_to(user) if known is None else known, writer.zone)
        for entry in chunk:
            yield writer.row(seq, entry, around)
            seq += 1
        size = CHUNK


def _around(chunk: list[_Source], known: QuerySet[Complaint], zone: ZoneInfo) -> _Around:
    ids = [entry.pk for entry in chunk]
    found = _Around()
    given = Assignment.objects.filter(complaint_id__in=ids, ended_at__isnull=True)
    for pk, label, at in given.order_by("order", "id").values_list("complaint_id", "responder_label", "at"):
        found.assigned[pk].append(f"{label} ({at.astimezone(zone):%d-%m-%Y})")
    history = Event.for_system("follow-up of complaints already behind the wall").filter(complaint_id__in=ids, kind="followed_up")
    for pk, at, data in history.order_by("id").values_list("complaint_id", "at", "data"):
        found.follow_up[pk] = f"{at.astimezone(zone):%d-%m-%Y}: {data.get('text', '')}"
    sent = Referral.objects.filter(complaint_id__in=ids).order_by("id")
    for pk, agency, at in sent.values_list("complaint_id", "agency__name", "at"):
        found.referred[pk] = f"Dirujuk ke {agency} ({at.astimezone(zone):%d-%m-%Y})"
    reached = Delivery.objects.filter(complaint_id__in=ids, result=Delivery.Result.REACHED).order_by("id")
    for pk, at, how in reached.values_list("complaint_id", "at", "how"):
        ways = found.answered[pk][1] if pk in found.answered else []
        found.answered[pk] = (at, ways if words.way(how) in ways else [*ways, words.way(how)])
    masters = {entry.master for entry in chunk if entry.master}
    if masters:
        found.masters = dict(known.filter(pk__in=masters).values_list("pk", "number"))
    return found


class _Writer:
    """Turns what was read into the words of the book."""

    def __init__(self, village: Village, masked: bool) -> None:
        self.village = village
        self.masked = masked
        self.zone = ZoneInfo(village.zone)
        self.calendar = clocks.calendar_of(village)
        self.promises: dict[tuple[date, int], date] = {}

    def row(self, seq: int, entry: _Source, around: _Around) -> Row:
        received = entry.received_at.astimezone(self.zone)
        name, address, phone = self._identity(entry)
        silent = self.masked and entry.confidential
        pattern = self.village.number_pattern
        return Row(
            seq=seq,
            number=entry.number,
            printed=letter_numbers.printed(
                pattern, year=entry.year, serial=entry.serial, month=received.month, village=self.village.pk
            ),
            received=received,
            channel=words.way(entry.channel),
            name=name,
            address=address,
            phone=phone,
            subject=CONFIDENTIAL
            if silent
            else _joined("; ", entry.subject, place_line(entry.place, entry.rt, entry.rw, entry.hamlet)),
            text=CONFIDENTIAL if silent else entry.text,
            classification=_joined(" / ", words.KINDS.get(entry.kind, entry.kind), entry.group or "", entry.category or ""),
            assigned="; ".join(around.assigned.get(entry.pk, ())),
            due=self._promise(entry),
            follow_up="" if silent else _joined(". ", around.follow_up.get(entry.pk, ""), around.referred.get(entry.pk, "")),
            answered=self._answered(around.answered.get(entry.pk)),
            state_key=entry.state,
            state=words.STATES.get(entry.state, entry.state),
            remark=_remark(entry, around),
        )

    def _identity(self, entry: _Source) -> tuple[str, str, str]:
        if entry.complainant is None:
            return words.ANONYMOUS, "–", "–"
        if entry.identity_hidden:
            return words.HIDDEN, words.HIDDEN, words.HIDDEN
        show = _masked if self.masked else _national
        address = place_line(entry.address, entry.address_rt, entry.address_rw, entry.address_hamlet)
        return entry.name, address or "–", show(entry.phone) if entry.phone else "–"

    def _promise(self, entry: _Source) -> date:
        """The day promised for the answer, the same the clock runs by; remembered, because many share it."""
        key = (self.calendar.day_of_receipt(entry.clock_from), entry.clock_days + entry.paused_days)
        if key not in self.promises:
            self.promises[key] = self.calendar.after(*key)
        return self.promises[key]

    def _answered(self, delivery: tuple[datetime, list[str]] | None) -> str:
        if delivery is None:
            return ""
        at, ways = delivery
        return f"{at.astimezone(self.zone):%d-%m-%Y}, {', '.join(ways)}"


_national = lru_cache(maxsize=10_000)(phones.national)  # 30 µs a number, and a village's numbers come again
_masked = lru_cache(maxsize=10_000)(phones.masked)


def place_line(place: str, rt: str, rw: str, hamlet: str | None) -> str:
    """A place as papers write it: ``Depan mushola, RT 003/RW 001, Dusun Karanganyar``."""
    corner = f"RT {rt or '–'}/RW {rw or '–'}" if rt or rw else ""
    return _joined(", ", place, corner, _hamlet(hamlet))


def _hamlet(name: str | None) -> str:
    if not name:
        return ""
    return name if name.lower().startswith("dusun") else f"Dusun {name}"


def _joined(separator: str, *parts: str | None) -> str:
    """With one sign between two parts, not two: a sentence's full stop goes where ``; `` or ``. `` follows it."""
    found = [part for part in parts if part]
    if separator in ("; ", ". "):
        found[:-1] = [part.rstrip(" .") for part in found[:-1]]
    return separator.join(found)


def _remark(entry: _Source, around: _Around) -> str:
    """The last column: how it ended, what became of it, where else it stands."""
    merged = f"Digabung ke {around.masters[entry.master]}" if entry.master in around.masters else ""
    late = "Dijawab terlambat" if entry.on_time is False else ""
    again = f"Dibuka kembali {entry.reopened}×" if entry.reopened else ""
    for_others = f"Atas nama {entry.represents}" if entry.represents and not entry.identity_hidden else ""
    elsewhere = f"Nomor luar {entry.outside_number}" if entry.outside_number else ""
    ended = words.OUTCOMES.get(entry.outcome, "") or words.REASONS.get(entry.decline_reason, "")
    return _joined("; ", ended, merged, late, again, for_others, elsewhere)
