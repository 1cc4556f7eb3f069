"""The demo's year: every example enters by the real door and is moved by the real actions, at the time it is said to have happened.

A life is told in lines: ``5 follow @kadus.1 jalan | Lubang ditutup``: the fifth working day after receipt, the verb, who
(otherwise the officer, or the first it was distributed to), what the verb needs, and the words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kentongan.channels import intake
from kentongan.channels.base import Contact, Details, Incoming
from kentongan.complaints import actions, clocks, plans
from kentongan.complaints.models import Complaint, Meeting, Outcome
from kentongan.demo.pictures import photo
from kentongan.lib import clock, working_days
from kentongan.village.models import Agency, Category, Hamlet, User, Village

EXAMPLES = Path(__file__).parent / "examples"
FARTHEST = 260  # working days the examples reach back
HALF_AN_HOUR = timedelta(minutes=30)
PHOTOS = {"jalan", "air", "lampu", "rumah"}


@dataclass
class Life:
    """One example: what is written of it, where it starts, and the complaint it became."""

    row: dict[str, Any]
    index: int
    complaint: Complaint | None = None
    responders: list[str] = field(default_factory=list)

    @property
    def entered(self) -> Complaint:
        if self.complaint is None:
            raise LookupError(f"example {self.row['id']} was not entered")
        return self.complaint

    @property
    def by_resident(self) -> bool:
        """Whether the complainant writes himself."""
        return bool(self.row.get("door") == "web")


@dataclass(frozen=True)
class Step:
    """One line of a life, at its moment."""

    at: datetime
    order: tuple[int, int]
    life: Life
    verb: str
    words: tuple[str, ...] = ()
    text: str = ""
    who: str = ""
    officer: str = "petugas"


class Book:
    """Plays all lives in the order of their moments, so that register numbers run with time."""

    def __init__(self, village: Village, people: dict[str, User], now: datetime) -> None:
        self.village, self.people, self.now = village, people, now
        self.zone = ZoneInfo(village.zone)
        self.days = _working_days_back(village, now.astimezone(self.zone).date())
        self.categories = {row.name: row for row in Category.objects.filter(village=village, parent__isnull=False)}
        self.agencies = {row.name: row for row in Agency.objects.filter(village=village)}
        self.hamlets = {row.name: row.pk for row in Hamlet.objects.filter(village=village)}
        self.residents = tomllib.loads((EXAMPLES / "complainants.toml").read_text(encoding="utf-8"))
        self.known: dict[str, int] = {}
        self.lives = {row["id"]: Life(row, index) for index, row in enumerate(examples())}

    def play(self) -> int:
        """Returns how many complaints stand in the book."""
        steps = [step for life in self.lives.values() for step in self._steps(life)]
        for step in sorted(steps, key=lambda step: (step.at, step.order)):
            try:
                with clock.at(step.at):
                    VERBS[step.verb](self, step)
            except Exception as error:
                error.add_note(f"example {step.life.row['id']}: {step.verb} on {step.at:%Y-%m-%d %H:%M}")
                raise
        return sum(1 for life in self.lives.values() if life.complaint)

    # --- when ------------------------------------------------------------------------------------------------------

    def _steps(self, life: Life) -> Iterator[Step]:
        row = life.row
        place = 0
        if not row.get("part"):
            yield Step(
                self._moment(row["ago"], time.fromisoformat(row["time"].replace(".", ":"))), (life.index, 0), life, "enter"
            )
        last_day = 0
        for line in [single for told in row["life"] for single in _spelled_out(told)]:
            day, verb, words, text, who, officer = _read(line)
            place = place + 1 if day == last_day else 0
            last_day = day
            moment = self._time_of(life, day, place)
            yield Step(moment, (life.index, 1 + day * 20 + place), life, verb, words, text, who, officer)

    def _time_of(self, life: Life, day: int, place: int) -> datetime:
        minutes = 8 * 60 + 5 + (life.index * 7) % 40 + place * 35
        if day == 0:
            received = time.fromisoformat(life.row.get("time", "09.55").replace(".", ":"))
            minutes = received.hour * 60 + received.minute + 25 + place * 35
        return self._moment(life.row["ago"] - day, time(minutes // 60, minutes % 60))

    def _moment(self, ago: int, at: time) -> datetime:
        """``at`` on the working day ``ago``; what would lie in the future is drawn into the last half hour, in order."""
        moment = datetime.combine(self.days[ago], at, tzinfo=self.zone)
        border = self.now - HALF_AN_HOUR
        if moment <= border:
            return moment
        return border + HALF_AN_HOUR * min((moment - border) / timedelta(days=1), 1.0)

    # --- who, where, what ------------------------------------------------------------------------------------------

    def actor(self, step: Step) -> User:
        return self.people[step.who or step.officer]

    def worker(self, step: Step) -> User:
        """Who does the work: as told, or the first it was distributed to."""
        return self.people[step.who or (step.life.responders or [step.officer])[0]]

    def place(self, told: str) -> dict[str, Any]:
        """``Karangsari 003/002`` (RT/RW) as fields."""
        if not told:
            return {}
        name, _, numbers = told.rpartition(" ")
        rt, _, rw = numbers.partition("/")
        return {"hamlet_id": self.hamlets[name], "rt": rt, "rw": rw}

    def sender(self, key: str) -> Contact:
        if not key:
            return Contact()
        name, digits, home = self.residents[key]
        return Contact(
            name=name, phone=f"+6281200{digits.zfill(6)}" if digits else "", known=self.known.get(key), **self.place(home)
        )


def examples() -> list[dict[str, Any]]:
    """Every example as it stands in the files, in their order."""
    return [
        row
        for path in sorted(EXAMPLES.glob("[0-9]*.toml"))
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["complaint"]
    ]


def _working_days_back(village: Village, today: date) -> list[date]:
    calendar = clocks.calendar_of(village, fresh=True)
    days: list[date] = []
    day = today
    while len(days) < FARTHEST:
        if working_days.is_working_day(day, calendar.off, calendar.week):
            days.append(day)
        day -= timedelta(days=1)
    return days


def _spelled_out(line: str) -> list[str]:
    """``answer`` is short for the whole way of an answer: drafted, checked, approved, delivered a day later."""
    day, verb, words, text, who, officer = _read(line)
    if verb != "answer":
        return [line]
    outcome, *ways = words
    drafter = f"@{who} " if who else ""
    by = f" by:{officer}" if officer != "petugas" else ""
    return [
        f"{day} draft {drafter}{outcome} | {text}",
        f"{day} approve @sekdes",
        f"{day + 1} approve @kades",
        f"{day + 1} respond {' '.join(ways)}{by}",
    ]


def _read(line: str) -> tuple[int, str, tuple[str, ...], str, str, str]:
    head, _, text = line.partition("|")
    day, verb, *words = head.split()
    who = next((word[1:] for word in words if word.startswith("@")), "")
    officer = next((word[3:] for word in words if word.startswith("by:")), "petugas")
    return int(day), verb, tuple(word for word in words if not word.startswith(("@", "by:"))), text.strip(), who, officer


# --- the verbs of a life -------------------------------------------------------------------------------------------


def _enter(book: Book, step: Step) -> None:
    row, life = step.life.row, step.life
    details = Details(
        subject=row.get("subject", ""),
        happened=row.get("happened", ""),
        place=row.get("place", ""),
        identity_hidden=row.get("hidden", False),
        confidential=row.get("confidential", False),
        represents=row.get("represents", ""),
        outside_number=row.get("outside", ""),
        **book.place(row.get("where", "")),
    )
    files = (photo(row["photo"], life.index),) if "photo" in row else ()
    incoming = Incoming(
        row["door"], f"demo-{row['id']}", book.sender(row.get("from", "")), row["text"], step.at, details, attachments=files
    )
    accepted = intake.accept(incoming, village=book.village, by=None if life.by_resident else book.people["petugas"])
    life.complaint = accepted.complaint
    if life.complaint and life.complaint.complainant_id:
        book.known[row["from"]] = life.complaint.complainant_id


def _verify(book: Book, step: Step) -> None:
    row = step.life.row
    category = book.categories[row["category"]]
    concerned = [book.people[name] for name in row.get("concerned", ())]
    urgency = row.get("urgency", "NORMAL")
    actions.verify(
        step.life.entered,
        category=category,
        kind=category.kind,
        urgency=urgency,
        inspection=category.inspection,
        concerned=concerned,
        by=book.actor(step),
    )


def _assign(book: Book, step: Step) -> None:
    step.life.responders = list(step.words)
    actions.assign(step.life.entered, to=[book.people[name] for name in step.words], instruction=step.text, by=book.actor(step))


def _follow(book: Book, step: Step) -> None:
    files = [photo(word, step.life.index * 10 + step.order[1]) for word in step.words if word in PHOTOS]
    actions.follow_up(step.life.entered, text=step.text, files=files, by=book.worker(step))


def _refer(book: Book, step: Step) -> None:
    name = " ".join(word for word in step.words if word != "identity")
    actions.refer(
        step.life.entered, agency=book.agencies[name], text=step.text, with_identity="identity" in step.words, by=book.actor(step)
    )


def _referral_answer(book: Book, step: Step) -> None:
    actions.record_referral_answer(step.life.entered, text=step.text, outside_number=" ".join(step.words), by=book.actor(step))


def _task(book: Book, step: Step) -> None:
    by_day = clocks.calendar_of(book.village).after(step.at.astimezone(book.zone).date(), int(step.words[0]))
    actions.add_task(
        step.life.entered, what=[step.text], who=book.worker(step), due_on=by_day, by=book.people[step.life.responders[0]]
    )


def _meet(book: Book, step: Step) -> None:
    """``meet 2 mediation | agenda``: in two working days, with the complainant, who has it, and two of the neighbourhood."""
    day = clocks.calendar_of(book.village).after(step.at.astimezone(book.zone).date(), int(step.words[0]))
    plan = actions.Plan(
        (datetime.combine(day, time(9), tzinfo=book.zone),),
        timedelta(hours=2),
        "Balai desa",
        step.text,
        Meeting.Kind.MEDIATION if "mediation" in step.words else Meeting.Kind.REVIEW,
    )
    having = [book.people[name] for name in step.life.responders]
    guests = [actions.Guest(str(user), user.standing.post, user=user) for user in having]
    guests += [actions.Guest("Ketua RT setempat"), actions.Guest("Bhabinkamtibmas")]
    actions.convene([step.life.entered], plan=plan, guests=guests, with_complainants=True, by=book.actor(step))


def _minutes(book: Book, step: Step) -> None:
    """``minutes agreed | how it went / what was decided / …``, done by the first it was distributed to, within three working days."""
    course, *decided = step.text.split(" / ")
    meeting = step.life.entered.meetings.latest("id")
    due_on = clocks.calendar_of(book.village).after(step.at.astimezone(book.zone).date(), 3)
    record = actions.Record(
        present=frozenset(meeting.invitees.values_list("pk", flat=True)),
        course=course,
        chair=book.people["sekdes"].standing.label,
        clerk=book.people["petugas"].standing.label,
        agreed="agreed" in step.words,
        decisions=tuple(actions.Decision(what, due_on, who=book.worker(step)) for what in decided),
    )
    actions.record_minutes(meeting, record=record, by=book.actor(step))


def _finish(book: Book, step: Step) -> None:
    for task in step.life.entered.tasks.filter(done_at__isnull=True):
        actions.finish_task(step.life.entered, task=task.pk, by=book.worker(step))


def _visit(book: Book, step: Step) -> None:
    before = [photo(word, step.life.index * 10 + step.order[1]) for word in step.words if word in PHOTOS]
    where = step.life.entered.place_line or "Di tempat"
    actions.visit(step.life.entered, at=step.at, place=where, text=step.text, before=before, by=book.worker(step))


def _draft(book: Book, step: Step) -> None:
    planned_for = plans.written("RKPDes", clock.now().year + 1, 6) if step.words[0] == Outcome.PLANNED else ""
    actions.draft_response(
        step.life.entered, text=step.text, outcome=step.words[0], planned_for=planned_for, by=book.worker(step)
    )


def _respond(book: Book, step: Step) -> None:
    names = {"board": "Umum (papan pengumuman)"}
    deliveries = [actions.Delivered(names.get(way, "Pengadu"), way) for way in step.words]
    actions.respond(step.life.entered, deliveries=deliveries, by=book.actor(step))


def _deliver(book: Book, step: Step) -> None:
    actions.deliver(step.life.entered, delivered=actions.Delivered("Pengadu", step.words[0], note=step.text), by=book.actor(step))


def _decline(book: Book, step: Step) -> None:
    reason, *agency = step.words
    found = book.agencies[" ".join(agency)] if agency else None
    actions.decline(step.life.entered, reason=reason, text=step.text, agency=found, by=book.actor(step))


def _split(book: Book, step: Step) -> None:
    part = book.lives[step.words[0]]
    part.complaint = actions.split(step.life.entered, text=part.row["text"], subject=part.row["subject"], by=book.actor(step))


def _said(action: Callable[..., Any], **more: Any) -> Callable[[Book, Step], None]:
    """A verb of the complainant: his own on the web, told to the officer elsewhere."""

    def verb(book: Book, step: Step) -> None:
        by = None if step.life.by_resident else book.actor(step)
        via = "web" if by is None else step.life.row["door"]
        action(step.life.entered, text=step.text, by=by, via=via, **more)

    return verb


def _rate(book: Book, step: Step) -> None:
    """``rate 4``, or ``rate 4 paper`` where it came another way than the complaint."""
    score, *ways = step.words
    via = ways[0] if ways else "web" if step.life.by_resident else "walk_in"
    by = None if via in {"web", "email"} else book.actor(step)
    actions.rate(step.life.entered, score=int(score), text=step.text, by=by, via=via)


def _done(action: Callable[..., Any]) -> Callable[[Book, Step], None]:
    """A verb of the officer that takes words and nothing else."""
    return lambda book, step: action(step.life.entered, text=step.text, by=book.actor(step))


VERBS: dict[str, Callable[[Book, Step], Any]] = {
    "enter": _enter,
    "ask": _done(actions.ask),
    "complete": _said(actions.complete),
    "verify": _verify,
    "assign": _assign,
    "start": lambda book, step: actions.start(step.life.entered, by=book.worker(step)),
    "follow": _follow,
    "note": _done(actions.note),
    "message": _done(actions.message),
    "accept": lambda book, step: actions.accept(step.life.entered, by=book.worker(step)),
    "task": _task,
    "finish": _finish,
    "visit": _visit,
    "meet": _meet,
    "minutes": _minutes,
    "refer": _refer,
    "chase": _done(actions.chase),
    "referral_answer": _referral_answer,
    "draft": _draft,
    "approve": lambda book, step: actions.approve_response(step.life.entered, by=book.actor(step)),
    "return": _done(actions.return_response),
    "respond": _respond,
    "deliver": _deliver,
    "rate": _rate,
    "appeal": _said(actions.appeal),
    "withdraw": _said(actions.withdraw),
    "close": lambda book, step: actions.close(step.life.entered, by=book.actor(step)),
    "expire": lambda book, step: actions.close(step.life.entered, by=None),
    "decline": _decline,
    "merge": lambda book, step: actions.merge(step.life.entered, master=book.lives[step.words[0]].entered, by=book.actor(step)),
    "split": _split,
}
