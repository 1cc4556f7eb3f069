"""A book of n complaints, as intake and actions would have left it: fixed seed, five years, written in bulk.

``python -m bench.book N`` fills the empty database of ``KENTONGAN_DATA`` and prints what the measurements need, as JSON.
"""

import json
import random
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import django

from bench import words

SEED = 20261123
YEARS = 5
CHUNK = 2000
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# (verb's event, state after, longest wait before it in hours, role that does it)
Stage = tuple[str, str, int, str]
CHECKED: tuple[Stage, ...] = (("verified", "VERIFIED", 30, "petugas"), ("assigned", "ASSIGNED", 20, "petugas"))
WORKED: tuple[Stage, ...] = (
    ("started", "IN_PROGRESS", 48, "kasi.kesejahteraan"),
    ("followed_up", "IN_PROGRESS", 120, "kasi.kesejahteraan"),
    ("response_drafted", "IN_PROGRESS", 60, "kasi.kesejahteraan"),
    ("response_approved", "IN_PROGRESS", 20, "sekdes"),
    ("response_approved", "IN_PROGRESS", 20, "kades"),
    ("responded", "RESPONDED", 20, "petugas"),
    ("closed", "CLOSED", 400, "petugas"),
)
ASKED: tuple[Stage, ...] = (("asked", "AWAITING_COMPLAINANT", 20, "petugas"), ("completed", "RECEIVED", 120, ""))
PATHS: tuple[tuple[int, tuple[Stage, ...]], ...] = (
    (76, CHECKED + WORKED),
    (2, (CHECKED[0], ("merged", "MERGED", 40, "petugas"))),
    (8, ASKED + CHECKED + WORKED),
    (6, (("declined", "DECLINED", 40, "petugas"),)),
    (4, (("withdrawn", "WITHDRAWN", 60, ""),)),
    (4, (CHECKED[0], ("referred", "REFERRED", 30, "petugas"))),
)


@dataclass
class Village:
    """Whom and what the rows refer to."""

    code: str
    place: Any
    people: dict[str, Any]
    labels: dict[str, str]
    hamlets: list[int]
    categories: list[tuple[int, str, str]]
    units: dict[str, int | None]
    agency: int
    calendar: Any
    clocks: dict[str, int]


def set_up(today: Any) -> Village:
    """The demo's village and officials."""
    from kentongan.complaints import clocks
    from kentongan.demo import people, village
    from kentongan.village.models import Agency, Category, Hamlet

    place = village.build(today)
    officials = people.build(place, today, "kentongan-bench-1")
    lower = Category.objects.filter(village=place, parent__isnull=False).order_by("id")
    return Village(
        code=place.pk,
        place=place,
        people=officials,
        labels={key: user.standing.label for key, user in officials.items()},
        hamlets=list(Hamlet.objects.filter(village=place).order_by("id").values_list("pk", flat=True)),
        categories=list(lower.values_list("pk", "name", "kind")),
        units={key: user.standing.memberships[0].unit_id for key, user in officials.items()},
        agency=Agency.objects.filter(village=place).earliest("id").pk,
        calendar=clocks.calendar_of(place),
        clocks={key: place.clock(key) for key in ("verify", "complaint", "information", "aspiration", "reply")},
    )


class Writer:
    """Complaints one after another into every table they touch."""

    def __init__(self, village: Village, now: datetime) -> None:
        from bench.tables import tables

        self.village, self.now = village, now
        self.chance = random.Random(SEED)
        self.tables = tables()
        self.tally: Counter[tuple[Any, ...]] = Counter()
        self.measures: Counter[tuple[Any, ...]] = Counter()
        self.serials: Counter[int] = Counter()
        self.event = 0
        self.due = lru_cache(maxsize=20_000)(self._due)

    def _due(self, since: datetime, days: int) -> datetime:
        from kentongan.complaints import deadlines

        return deadlines.due(since, days, self.village.calendar)

    def write(self, pk: int, received: datetime) -> None:
        """Complaint ``pk`` with its whole story up to now."""
        chance = self.chance
        story = Story(self, pk, received, words.complaint(chance, pk))
        [path] = chance.choices([stages for _, stages in PATHS], [weight for weight, _ in PATHS])
        stuck = chance.random() < 0.05  # left lying somewhere on the way
        stop = chance.randrange(len(path)) if stuck else len(path)
        at = received
        for stage in path[:stop]:
            at += timedelta(hours=chance.uniform(0.2, stage[2]))
            if at >= self.now:
                break
            story.step(stage, at)
        story.finish()

    def end(self) -> None:
        """What is counted over all: register and tally; then sequences and statistics."""
        from bench import rows

        for year, last in self.serials.items():
            self.tables["register"].add(self.village.code, year, last)
        for key, n in self.tally.items():
            self.tables["tally"].add(*key, n)
        for key, n in self.measures.items():
            self.tables["measure"].add(*key, n)
        self.flush()
        rows.settle([table.model for table in self.tables.values() if hasattr(table, "model")])

    def flush(self) -> None:
        from django.db import transaction

        with transaction.atomic():
            for table in self.tables.values():
                table.write()


class Story:
    """One complaint on its way; ``finish`` writes it down."""

    def __init__(self, writer: Writer, pk: int, received: datetime, text: str) -> None:
        self.writer, self.village, self.pk, self.received, self.text = writer, writer.village, pk, received, text
        self.state, self.at = "RECEIVED", received
        self.category, self.kind = None, "COMPLAINT"
        self.times: dict[str, datetime] = {}
        self.paused: datetime | None = None
        self.clock_days = self.village.clocks["verify"]
        self.due = writer.due(received, self.clock_days)
        self.approvals: list[dict[str, str]] = []
        self.event("received", "", {}, via="web")

    def event(self, kind: str, who: str, data: dict[str, Any], via: str = "") -> None:
        self.writer.event += 1
        people, labels = self.village.people, self.village.labels
        by = people[who].pk if who else None
        add = self.writer.tables["event"].add
        add(self.writer.event, self.village.code, self.pk, kind, self.at, by, labels.get(who, ""), via, self.state, data)
        self.writer.tables["dispatch"].add(self.writer.event, self.village.code, self.at)
        if kind == "received":
            read = self.at + HOUR if self.at < self.writer.now - 5 * DAY else None
            officer = people["petugas"].pk
            self.writer.tables["message_out"].add(
                self.village.code, self.writer.event, self.pk, "desk", officer, "SENT", self.at, read
            )

    def step(self, stage: Stage, at: datetime) -> None:
        kind, self.state, _, who = stage
        self.at = at
        self.times[kind] = at
        self.event(kind, who, getattr(self, f"_{kind}", dict)())

    def _verified(self) -> dict[str, Any]:
        self.category, name, self.kind = self.writer.chance.choice(self.village.categories)
        self.clock_days = self.village.clocks[self.kind.lower()]
        self.due = self.writer.due(self.received, self.clock_days)
        return {"category": name, "kind": self.kind, "urgency": "NORMAL", "inspection": False, "concerned": 0}

    def _asked(self) -> dict[str, Any]:
        self.paused = self.at
        return {"text": "Mohon lengkapi tempat kejadian.", "until": (self.at + 14 * DAY).isoformat()}

    def _completed(self) -> dict[str, Any]:
        self.paused = None
        return {"text": "Di depan mushola.", "identity": False}

    def _referred(self) -> dict[str, Any]:
        self.paused = self.at
        label = self.village.labels["petugas"]
        self.writer.tables["referral"].add(self.village.code, self.pk, self.village.agency, "Mohon ditangani.", self.at, label)
        return {"text": "Mohon ditangani.", "agency": "Dinas", "with_identity": False}

    def _assigned(self) -> dict[str, Any]:
        responder, officer = "kasi.kesejahteraan", self.village.labels["petugas"]
        user, label = self.village.people[responder].pk, self.village.labels[responder]
        row = (
            self.village.code,
            self.pk,
            user,
            label,
            self.village.units[responder],
            "Mohon dicek dan ditangani.",
            self.at,
            officer,
        )
        self.writer.tables["assignment"].add(*row)
        return {"to": [label], "text": "Mohon dicek dan ditangani."}

    def _declined(self) -> dict[str, Any]:
        return {"text": "Hubungi yang berwenang.", "reason": "OUT_OF_SCOPE", "agency": ""}

    def _withdrawn(self) -> dict[str, Any]:
        return {"text": "Sudah selesai sendiri.", "pressed": False}

    def _started(self) -> dict[str, Any]:
        return {"text": ""}

    def _closed(self) -> dict[str, Any]:
        return {"text": "", "outcome": "RESOLVED", "silent": True}

    def _followed_up(self) -> dict[str, Any]:
        return {"text": "Tempatnya sudah dilihat bersama ketua RT, bahan sudah dipesan."}

    def _response_drafted(self) -> dict[str, Any]:
        return {"text": words.ANSWER, "outcome": "RESOLVED"}

    def _response_approved(self) -> dict[str, Any]:
        role = "HEAD" if self.approvals else "SECRETARY"
        self.approvals.append({"role": role, "label": "", "at": self.at.isoformat()})
        return {"role": role, "ready": role == "HEAD"}

    def _responded(self) -> dict[str, Any]:
        self.due = self.writer.due(self.at.replace(minute=0, second=0, microsecond=0), self.village.clocks["reply"])
        return {"text": words.ANSWER, "outcome": "RESOLVED", "planned_for": ""}

    def finish(self) -> None:
        """The rows that are only known at the end."""
        from kentongan.complaints import rollup
        from kentongan.complaints.lifecycle import ENDED
        from kentongan.reports import counting

        writer, code, pk = self.writer, self.village.code, self.pk
        ended = self.at if self.state in ENDED else None
        complainant = self._complainant()
        answered = self.times.get("responded")
        if "response_drafted" in self.times:
            self._response(answered)
        local = self.received.astimezone(writer.now.tzinfo)
        writer.serials[local.year] += 1
        key = (code, local.date().replace(day=1), self.category or 0, "web", self.kind, self.state)
        writer.tally[key] += 1
        if pk % 50 == 0:
            writer.tables["shut_out"].add(code, pk, self.village.people["staf.kasi"].pk, "NAMED", self.received)
        writer.tables["message_in"].add(code, "web", f"bench-{pk}", "ACCEPTED", self.received, pk)
        on_time = None if answered is None else answered <= writer.due(self.received, self.clock_days)
        outcome = "RESOLVED" if answered else ""
        master = max(1, pk - 1) if self.state == "MERGED" else None
        hamlet = writer.chance.choice(self.village.hamlets)
        unit = self.village.units["kasi.kesejahteraan"] if "assigned" in self.times else None
        answer_days, solution_days = self._days("responded"), self._days("closed")
        counted = (self.received, ended, self.category, "web", self.kind, self.state, hamlet, unit, on_time, answer_days)
        row = counting.Row(*counted, solution_days, None, self.due, self.paused, self.village.place, code)
        writer.measures.update(rollup.measures(row))
        fixed = (local.year, writer.serials[local.year], self.text, self.received, self.state, self.kind, self.category)
        writer.tables["complaint"].add_complaint(
            pk, code, *fixed, complainant, self.at, self.due, self.clock_days, self.paused, self.times.get("verified"), answered,
            on_time, ended, outcome, hamlet, master, pk - 1 if pk % 100 == 0 else None, answer_days, solution_days, unit,
        )  # fmt: skip

    def _days(self, kind: str) -> int | None:
        """Working days from receipt to what happened, as ``clocks.days_taken`` counts them."""
        if kind not in self.times:
            return None
        calendar = self.village.calendar
        return max(0, calendar.between(calendar.day_of_receipt(self.received), calendar.local(self.times[kind]).date()))

    def _complainant(self) -> int | None:
        chance = self.writer.chance
        if chance.random() < 0.1:
            return None
        row = (
            self.pk,
            self.village.code,
            words.name(chance),
            words.phone(chance),
            chance.choice(self.village.hamlets),
            self.received,
        )
        self.writer.tables["complainant"].add(*row)
        return self.pk

    def _response(self, answered: datetime | None) -> None:
        stage, waiting = (
            ("DELIVERED", "") if answered else [("WAITING", "SECRETARY"), ("WAITING", "HEAD"), ("READY", "")][len(self.approvals)]
        )
        drafted = self.times["response_drafted"]
        author = self.village.labels["kasi.kesejahteraan"]
        row = (
            self.pk,
            self.village.code,
            self.pk,
            words.ANSWER,
            "RESOLVED",
            stage,
            waiting,
            self.approvals,
            author,
            drafted,
            answered,
        )
        self.writer.tables["response"].add(*row)
        if answered:
            delivery = (self.village.code, self.pk, self.pk, "Pengadu", "phone", answered, self.village.labels["petugas"])
            self.writer.tables["delivery"].add(*delivery)


def fill(n: int, now: datetime) -> Village:
    """Write ``n`` complaints into the empty database, the last of them shortly before ``now``."""
    village = set_up(now.date())
    writer = Writer(village, now)
    begin = now - timedelta(days=365 * YEARS)
    for pk in range(1, n + 1):
        writer.write(pk, _opening(begin + (now - begin) * (pk / (n + 1)), now))
        if pk % CHUNK == 0:
            writer.flush()
    writer.end()
    return village


def _opening(moment: datetime, now: datetime) -> datetime:
    """The same day in office hours, in the same order; today as it is."""
    if moment.date() == now.date():
        return moment.replace(second=0, microsecond=0)
    day = moment.hour + moment.minute / 60
    return moment.replace(hour=7 + int(day / 3), minute=0, second=0, microsecond=0)


def session_of(user: Any) -> str:
    """A session of a signed-in person."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def main() -> None:
    n = int(sys.argv[1])
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from kentongan.complaints.lifecycle import OPEN
    from kentongan.complaints.models import Complaint

    now = timezone.localtime()
    village = fill(n, now)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    chance = random.Random(SEED + 2)
    known = Complaint.for_system("the bench opens complaints at random")
    chosen = {chance.randint(1, n) for _ in range(400)}
    numbers = dict(known.filter(pk__in=chosen).order_by().values_list("pk", "number"))
    facts = {
        "n": n,
        "village": village.code,
        "session": session_of(village.people["petugas"]),
        "numbers": [[pk, numbers[pk]] for pk in chance.sample(sorted(numbers), len(numbers))],
        "year": now.year,
        "due": known.filter(state__in=OPEN, due_at__isnull=False).count(),
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
