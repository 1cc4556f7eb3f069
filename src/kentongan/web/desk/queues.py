"""What needs me: the queues of the desk, each one condition, counted together in one query and never over the whole book."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.channels.email import words
from kentongan.channels.models import TROUBLED, Conversation, IncomingMessage, OutgoingMessage
from kentongan.complaints import meetings, referrals
from kentongan.complaints.access import LAST_RESORT, STAND_INS
from kentongan.complaints.lifecycle import ENDED, OPEN, State
from kentongan.complaints.models import Assignment, Complaint, Response, ShutOut, Task
from kentongan.village.models import Membership, User, Village
from kentongan.village.roles import Role
from kentongan.web.desk import choices
from kentongan.web.desk.guard import takes_entries

MOST = 100  # counted no further: "99+"


def _literally(column: str, states: Iterable[str]) -> Q:
    """``column IN (…)`` in the very words of the partial indexes: SQLite does not recognise them behind bound values, and would read the whole book."""
    words = ", ".join(f"'{state}'" for state in sorted(states))
    return Q(Func(F(column), template=f"%(expressions)s IN ({words})", output_field=BooleanField()))


OPEN_ONES = _literally("state", OPEN)
_LIVE = ~_literally("state", ENDED)
_TROUBLED = _literally("state", TROUBLED)
_UNDELIVERED = ~Q(Func(F("stage"), template=f"%(expressions)s = '{Response.Stage.DELIVERED}'", output_field=BooleanField()))
ALSO_ENDED = frozenset({"tasks"})  # a promise outlives the answer
RUNNING = ~Q(state=State.AWAITING_COMPLAINANT) & Q(paused_at__isnull=True)
TEAM = (Role.RESPONDER, Role.LIAISON)


class Bounded(Subquery):
    """The number of rows of a sliced queryset, so that counting stops where the slice ends."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _bounded)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Queue:
    """One thing that needs somebody: its key in the address, its name, how it is drawn, and how many wait."""

    key: str
    label: Promise | str
    tone: str
    n: int = 0
    href: str = ""

    @property
    def shown(self) -> str:
        return "99+" if self.n >= MOST else str(self.n)


LABELS: dict[str, tuple[Promise | str, str]] = {
    "new": (_("New"), "jati"),
    "assign": (_("To distribute"), "nila"),
    "start": (_("To start"), "nila"),
    "tasks": (_("My tasks"), "kunyit"),
    "today": (_("Due today"), "kunyit"),
    "late": (_("Late"), "bata"),
    "agency": (_("Agency is late"), "bata"),
    "waiting": (_("Waiting for the complainant"), "kunyit"),
    "ready": (_("Answers to deliver"), "daun"),
    "returned": (_("Drafts sent back"), "bata"),
    "approve": (_("Waiting for my approval"), "jati"),
    "inbox": (_("Messages"), "jati"),
    "letters": (_("Letters that did not arrive"), "bata"),
}


@dataclass(frozen=True)
class Moments:
    """What "late" and "today" are measured by."""

    now: datetime
    tonight: datetime  # the last moment of the village's day

    @classmethod
    def today(cls) -> Moments:
        return cls(timezone.now(), timezone.make_aware(datetime.combine(timezone.localdate(), time.max)))


MARKS = Moments(datetime(1000, 1, 1, tzinfo=UTC), datetime(1000, 1, 2, tzinfo=UTC))  # stand for them in a statement that is kept


def condition(key: str, user: User, moments: Moments | None = None) -> Q | None:
    """What a complaint must be to stand in the queue ``key`` of this person; ``None`` when the queue is not his, or unknown."""
    rule = _RULES[key](user, moments or Moments.today()) if key in _RULES else None
    return None if rule is None else rule if key in ALSO_ENDED else OPEN_ONES & rule


def _acting(role: Role, user: User) -> Q | None:
    """Where this person fills ``role``: everywhere as its holder, else where all before him are shut out or there are none."""
    where = user.standing
    if where.is_(role):
        return Q()
    before = [role]
    for stand_in in (*STAND_INS.get(role, ()), *LAST_RESORT):
        if where.is_(stand_in):
            return _nobody_of(before, where.village_id)
        before.append(stand_in)
    return None


def _nobody_of(roles: list[Role], village_id: str | None) -> Q:
    """No holder of ``roles`` may act here. The council counts only where the head is shut out: elsewhere it sees nothing."""
    shut_out = Exists(ShutOut.objects.filter(complaint=OuterRef(OuterRef("pk")), user=OuterRef("user")))
    people = Membership.current().filter(village=village_id)
    nobody = ~Q(Exists(people.filter(~shut_out, role__in=[role for role in roles if role != Role.COUNCIL])))
    if Role.COUNCIL not in roles:
        return nobody
    head_is_out = Q(Exists(people.filter(shut_out, role=Role.HEAD)))
    return nobody & ~(head_is_out & Q(Exists(people.filter(~shut_out, role=Role.COUNCIL))))


def _desk(rule: Q, user: User) -> Q | None:
    acting = _acting(Role.OFFICER, user)
    return None if acting is None else acting & rule


def _in(state: State) -> Q:
    return _LIVE & Q(state=state)


def _with_response(**what: Any) -> Q:
    """``complaint__gt`` lets SQLite read the index of answers not yet delivered instead of the table of all answers."""
    return Q(pk__in=Response.objects.filter(_UNDELIVERED, complaint__gt=0, **what).order_by().values("complaint"))


def _mine(user: User) -> Q:
    return Q(
        Exists(Assignment.objects.filter(complaint=OuterRef("pk"), responder__in=user.standing.acts_for, ended_at__isnull=True))
    )


def unheld(village_id: str | None) -> Q:
    """Given out, and now with nobody: given back, released by the wall, or only with people who hold no post today."""
    in_office = Membership.current().filter(village=village_id, user=OuterRef("responder")).exclude(role=Role.ADMIN)
    held = Assignment.objects.filter(Exists(in_office), complaint=OuterRef("pk"), ended_at__isnull=True)
    return _LIVE & Q(state__in=[State.ASSIGNED, State.IN_PROGRESS]) & ~Q(Exists(held))


def _tasks(user: User) -> Q:
    """Where a task of this person is still to be done."""
    tasks = Task.objects.filter(village=user.standing.village_id, who__in=user.standing.acts_for, done_at__isnull=True)
    return Q(pk__in=tasks.order_by().values("complaint"))


def _agency(user: User) -> Q | None:
    """Where an agency has let its day pass, for those who ask it again: the desk, and a liaison it was given to."""
    late = referrals.latest().filter(complaint=OuterRef("pk"), answered_at__isnull=True, due_on__lt=timezone.localdate())
    rule = _in(State.REFERRED) & Q(Exists(late))
    desk = _desk(rule, user)
    mine = _mine(user) & rule if user.standing.is_(Role.LIAISON) else None
    return mine if desk is None else desk if mine is None else desk | mine


def _approve(user: User) -> Q | None:
    """Answers that wait for one of his roles, own or taken over."""
    conditions = {role: _acting(role, user) for role in (Role.SECRETARY, Role.HEAD)}
    either = Q()
    for role, acting in conditions.items():
        if acting is not None:
            either |= acting & _with_response(stage=Response.Stage.WAITING, waiting_for=role)
    if not either:
        return None
    # Said once more, outside of OR: the database begins with these few.
    few: dict[str, Any] = {"stage": Response.Stage.WAITING}
    if all(acting is None or (acting and _has_holders(role, user)) for role, acting in conditions.items()):
        few["complaint__in"] = ShutOut.objects.filter(village=user.standing.village_id).values("complaint")
    return either & _with_response(**few)


def _has_holders(role: Role, user: User) -> bool:
    """Whether somebody holds the role today: then only who is shut out lets another take it over."""
    return any(held == role for _pk, held, _post, _name in choices.members(str(user.standing.village_id)))


def late(moments: Moments | None = None) -> Q:
    """Running clocks that have run out; a clock that stands still is not late."""
    return OPEN_ONES & RUNNING & Q(due_at__lt=(moments or Moments.today()).now)


def _today(user: User, moments: Moments) -> Q:
    return RUNNING & Q(due_at__gte=moments.now, due_at__lte=moments.tonight)


def _team(rule: Q, user: User) -> Q | None:
    return _mine(user) & rule if user.standing.is_(*TEAM) else None


_RULES: dict[str, Callable[[User, Moments], Q | None]] = {
    "new": lambda user, _: _desk(_in(State.RECEIVED), user),
    "assign": lambda user, _: _desk(_in(State.VERIFIED) | unheld(user.standing.village_id), user),
    "start": lambda user, _: _team(Q(state=State.ASSIGNED), user),
    "tasks": lambda user, _: _tasks(user),
    "today": _today,
    "late": lambda user, moments: late(moments),
    "agency": lambda user, _: _agency(user),
    "waiting": lambda user, _: _desk(_in(State.AWAITING_COMPLAINANT), user),
    "ready": lambda user, _: _desk(_with_response(stage=Response.Stage.READY), user),
    "returned": lambda user, _: _team(_with_response(stage=Response.Stage.RETURNED), user),
    "approve": lambda user, _: _approve(user),
}
# Queues that stand there even when empty; others appear when something waits in them.
ALWAYS: dict[Role, frozenset[str]] = {
    Role.OFFICER: frozenset({"new", "assign", "today", "late", "waiting", "ready", "inbox"}),
    Role.SECRETARY: frozenset({"today", "late", "approve"}),
    Role.HEAD: frozenset({"late", "approve"}),
    Role.RESPONDER: frozenset({"start", "today", "late", "returned"}),
    Role.LIAISON: frozenset({"start", "today", "late", "returned"}),
    Role.COUNCIL: frozenset({"late"}),
    Role.ADMIN: frozenset(),
}


def waiting(user: User, village: Village) -> list[Queue]:
    """The queues of this person with their bounded counts, in one query."""
    standing = user.standing
    keys, sql, parameters = _counting(user, standing.powers, village.pk, takes_entries(user), timezone.localdate())
    true = dict(zip(_adapted(MARKS), _adapted(Moments.today()), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(sql, [true.get(value, value) for value in parameters])
        found = dict(zip(keys, cursor.fetchone(), strict=True))
    always = frozenset[str]().union(*(ALWAYS[role] for role in user.standing.roles))
    rows = []
    for key, (label, tone) in LABELS.items():
        n = found.get(key, 0)
        if key in found and (n or key in always):
            rows.append(Queue(key, label, tone if n else "", n))
    return rows


def _adapted(moments: Moments) -> list[Any]:
    return [connection.ops.adapt_datetimefield_value(moment) for moment in (moments.now, moments.tonight)]


@lru_cache(maxsize=256)
def _counting(
    user: User, powers: frozenset[tuple[int, str]], village: str, entries: bool, day: date
) -> tuple[list[str], str, tuple[Any, ...]]:
    """The keys of this person's queues and the statement that counts them, ``MARKS`` for the moments: writing it costs more than asking it."""
    mine = Complaint.visible_to(user).order_by()
    rules = {key: condition(key, user, MARKS) for key in _RULES}
    counts: dict[str, Combinable] = {
        key: Bounded(mine.filter(rule).values("pk")[:MOST]) for key, rule in rules.items() if rule is not None
    }
    if entries:
        waiting_messages = Bounded(messages(village).order_by().values("pk")[:MOST])
        counts["inbox"] = waiting_messages + Bounded(chats(user, village).filter(waits=True).order_by().values("pk")[:MOST])
        counts["letters"] = Bounded(troubled(user, village).order_by().values("pk")[:MOST])
    named = {f"n_{key}": count for key, count in counts.items()}
    sql, parameters = Village.objects.filter(pk=village).annotate(**named).values(*named).query.sql_with_params()
    return list(counts), sql, tuple(parameters)


def chats(user: User, village: Village | str) -> QuerySet[Conversation]:
    """Conversations that belong to no complaint the wall keeps from this person, for who takes entries."""
    mine = Q(complaint__isnull=True) | Q(Exists(Complaint.visible_to(user).filter(pk=OuterRef("complaint"))))
    return Conversation.objects.filter(mine, village=village)


def troubled(user: User, village: str) -> QuerySet[OutgoingMessage]:
    """Letters that did not go out or did not arrive, of complaints this person may see."""
    _seen = Q(complaint__isnull=True) | Q(Exists(Complaint.visible_to(user).filter(pk=OuterRef("complaint"))))
    return OutgoingMessage.objects.filter(_TROUBLED, _seen, village=village, to=None).exclude(names_another(user))


def names_another(user: User) -> Q:
    """Letters about a meeting that also treats a complaint the wall keeps from this person: they bear its number."""
    hidden = meetings.hidden_from(user).values("complaints")
    return Q(kind__in=words.TO_INVITED, complaint__in=hidden)


def messages(village: Village | str) -> QuerySet[IncomingMessage]:
    """Messages that wait for the officer's judgement."""
    return IncomingMessage.objects.filter(village=village, state=IncomingMessage.State.QUARANTINED)
