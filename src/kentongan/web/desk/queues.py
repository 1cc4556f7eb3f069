"""What needs me: the queues of the desk, each one condition, counted together in one query and never over the whole book."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.channels.models import IncomingMessage
from kentongan.complaints.access import LAST_RESORT, STAND_INS
from kentongan.complaints.lifecycle import OPEN, State
from kentongan.complaints.models import Assignment, Complaint, Response, ShutOut
from kentongan.village.models import Membership, User, Village
from kentongan.village.roles import Role
from kentongan.web.desk.guard import takes_entries

MOST = 100  # counted no further: "99+"
_WORDS = ", ".join(f"'{state}'" for state in sorted(OPEN))
# In the very words of the partial indexes: SQLite does not recognise them behind bound values, and would read the whole book.
OPEN_ONES = Q(Func(F("state"), template=f"%(expressions)s IN ({_WORDS})", output_field=BooleanField()))
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
    "today": (_("Due today"), "kunyit"),
    "late": (_("Late"), "bata"),
    "waiting": (_("Waiting for the complainant"), "kunyit"),
    "ready": (_("Answers to deliver"), "daun"),
    "returned": (_("Drafts sent back"), "bata"),
    "approve": (_("Waiting for my approval"), "jati"),
    "inbox": (_("Messages"), "jati"),
}


def condition(key: str, user: User) -> Q | None:
    """What a complaint must be to stand in the queue ``key`` of this person; ``None`` when the queue is not his, or unknown."""
    rule = _RULES[key](user) if key in _RULES else None
    return None if rule is None else OPEN_ONES & rule


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


def _with_response(**what: Any) -> Q:
    return Q(Exists(Response.objects.filter(complaint=OuterRef("pk"), **what)))


def _mine(user: User) -> Q:
    return Q(Exists(Assignment.objects.filter(complaint=OuterRef("pk"), responder=user, ended_at__isnull=True)))


def _approve(user: User) -> Q | None:
    conditions = []
    for role in (Role.SECRETARY, Role.HEAD):
        acting = _acting(role, user)
        if acting is not None:
            conditions.append(acting & _with_response(stage=Response.Stage.WAITING, waiting_for=role))
    if not conditions:
        return None
    either = Q()
    for one in conditions:
        either |= one
    return either


def end_of_today() -> datetime:
    """The last moment of the village's day."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.max))


def late() -> Q:
    """Running clocks that have run out; a clock that stands still is not late."""
    return OPEN_ONES & RUNNING & Q(due_at__lt=timezone.now())


def _today(user: User) -> Q:
    now = timezone.now()
    return RUNNING & Q(due_at__gte=now, due_at__lte=end_of_today())


def _team(rule: Q, user: User) -> Q | None:
    return _mine(user) & rule if user.standing.is_(*TEAM) else None


_RULES: dict[str, Any] = {
    "new": lambda user: _desk(Q(state=State.RECEIVED), user),
    "assign": lambda user: _desk(Q(state=State.VERIFIED), user),
    "start": lambda user: _team(Q(state=State.ASSIGNED), user),
    "today": _today,
    "late": lambda user: late(),
    "waiting": lambda user: _desk(Q(state=State.AWAITING_COMPLAINANT), user),
    "ready": lambda user: _desk(_with_response(stage=Response.Stage.READY), user),
    "returned": lambda user: _team(_with_response(stage=Response.Stage.RETURNED), user),
    "approve": _approve,
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
    mine = Complaint.visible_to(user).order_by()
    counts: dict[str, Bounded] = {}
    for key in _RULES:
        rule = condition(key, user)
        if rule is not None:
            counts[key] = Bounded(mine.filter(rule).values("pk")[:MOST])
    if takes_entries(user):
        counts["inbox"] = Bounded(messages(village).order_by().values("pk")[:MOST])
    found = (
        Village.objects.filter(pk=village.pk)
        .annotate(**{f"n_{key}": count for key, count in counts.items()})
        .values(*(f"n_{key}" for key in counts))
        .get()
    )
    always = frozenset[str]().union(*(ALWAYS[role] for role in user.standing.roles))
    rows = []
    for key, (label, tone) in LABELS.items():
        n = found.get(f"n_{key}", 0)
        if key in counts and (n or key in always):
            rows.append(Queue(key, label, tone if n else "", n))
    return rows


def messages(village: Village) -> QuerySet[IncomingMessage]:
    """Messages that wait for the officer's judgement."""
    return IncomingMessage.objects.filter(village=village, state=IncomingMessage.State.QUARANTINED)
