"""``/meja/papan/``: who has what, since when, how late, and what waits for whom. A complaint stands with the one who must move next."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from kentongan.complaints import actions, referrals
from kentongan.complaints.access import Circle
from kentongan.complaints.lifecycle import NotAllowed, NotYours, State
from kentongan.complaints.models import Assignment, Complaint, Referral, Response, Task
from kentongan.lib.text import clean, whole
from kentongan.village.models import User, Village
from kentongan.village.roles import Role
from kentongan.web.desk import choices, queues, rows
from kentongan.web.desk.guard import OfficialRequest, P, PlainView, View, official
from kentongan.web.desk.steps.team import refusal_words
from kentongan.web.templatetags.kentongan import icon, short_day

MOST = 200
READERS = (Role.LIAISON, Role.SECRETARY, Role.HEAD, Role.OFFICER)
MOVERS = (Role.OFFICER, Role.SECRETARY, Role.HEAD)  # who changes who answers; the liaison hands over what is hers
ANSWERING = frozenset(actions.ANSWERING)
GIVEN = (State.ASSIGNED, State.IN_PROGRESS)
# Columns that are no person: their key, what stands above them, how they are drawn.
DESK, APPROVAL, COMPLAINANT, AGENCY = "desk", "approval", "complainant", "agency"
PLACES: dict[str, tuple[Promise | str, str]] = {
    DESK: (_("Complaint desk"), "desk"),
    APPROVAL: (_("Waiting for approval"), "check-circle"),
    COMPLAINANT: (_("Waiting for the complainant"), "pause"),
    AGENCY: (_("Waiting for an agency"), "arrow-out"),
}


@dataclass(frozen=True)
class Card:
    """One complaint in one column: since when it is there, what more to know; ``giver``: whose part it is; ``not_to``: the
    ids of those who may not get it, or have a part already."""

    row: rows.Row
    since: datetime | None
    more: str = ""
    giver: str = ""
    movable: bool = False
    not_to: frozenset[int] = frozenset()

    @property
    def below(self) -> SafeString:
        """What stands below the line: since when, what more, and where the card is chosen to be moved."""
        said = " · ".join(
            part for part in (gettext("Since %(day)s") % {"day": short_day(self.since)} if self.since else "", self.more) if part
        )
        complaint: Any = self.row.complaint
        late = sum(task.due_on is not None and task.due_on < timezone.localdate() for task in complaint.open_tasks)
        if complaint.open_tasks:
            said += " · " + ngettext("%(n)d task", "%(n)d tasks", len(complaint.open_tasks)) % {"n": len(complaint.open_tasks)}
        flag = format_html('<span class="flag">{}{}</span>', icon("alert"), _late_tasks(late)) if late else ""
        return format_html('<div class="card-below small muted"><span>{} {}</span>{}</div>', said, flag, self._pick())

    def _pick(self) -> SafeString:
        """Where the card is chosen; the script reads from it where it may not go."""
        if not self.movable:
            return SafeString("")
        number = self.row.complaint.number
        return format_html(
            '<label class="card-pick no-print"><input type="radio" form="move" name="card" required value="{}:{}" data-not="{}"> {}'
            '<span class="visually-hidden"> {}</span></label>',
            number, self.giver, " ".join(map(str, sorted(self.not_to))), gettext("Choose"), number,
        )  # fmt: skip


def _late_tasks(n: int) -> str:
    return ngettext("%(n)d task late", "%(n)d tasks late", n) % {"n": n}


@dataclass
class Column:
    """One holder, or one place where nobody of the office can move it on."""

    key: str
    name: Promise | str
    post: str = ""
    icon: str = "person"
    person: int = 0
    left: bool = False  # holds no post any more
    cards: list[Card] = field(default_factory=list)

    @property
    def late(self) -> int:
        return sum(card.row.complaint.is_overdue for card in self.cards)


def for_readers(view: View[P]) -> PlainView[P]:
    """For who looks after the work of others: liaison, secretary, head, complaint officer."""

    @wraps(view)
    def guarded(request: OfficialRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.standing.is_(*READERS):
            people = [f"{name} — {post}" for _pk, role, post, name in choices.members(request.village.pk) if role in READERS]
            return render(request, "desk/not_yours.html", {"holders": people}, status=403)
        return view(request, *args, **kwargs)

    return official(guarded)  # type: ignore[arg-type]


@for_readers
@require_safe
def board(request: OfficialRequest) -> HttpResponse:
    found = _complaints(request.user)
    shown = found[:MOST]
    columns = _columns(shown, request.user, request.village)
    context = {
        "columns": columns,
        "movable": any(card.movable for column in columns for card in column.cards),
        "people": _people(request.village),
        "n": len(shown),
        "more": len(found) > MOST,
        "most": MOST,
        "calendar": rows.calendar(request.village),
    }
    return render(request, "desk/board.html", context)


def _complaints(user: User) -> list[Complaint]:
    """The open ones this person may see, the most pressing first, with all the board says of them."""
    waiting = Prefetch("responses", Response.objects.exclude(stage=Response.Stage.DELIVERED), to_attr="drafts")
    asked = Prefetch("referrals", referrals.latest().filter(answered_at__isnull=True).select_related("agency"), to_attr="asked")
    tasks = Prefetch("tasks", Task.objects.filter(done_at__isnull=True), to_attr="open_tasks")
    out = Prefetch("shut_out", to_attr="out")
    mine = rows.with_holders(Complaint.visible_to(user)).filter(queues.OPEN_ONES)
    return list(mine.prefetch_related(waiting, asked, tasks, out).order_by("due_at", "id")[: MOST + 1])


def _people(village: Village) -> list[tuple[int, str]]:
    """Those to whom a complaint may be moved."""
    people: dict[int, str] = {}
    for pk, role, post, name in choices.members(village.pk):
        if role in ANSWERING:
            people.setdefault(pk, f"{name} — {post}")
    return list(people.items())


# --- columns -----------------------------------------------------------------------------------------------------------


def _columns(complaints: list[Complaint], user: User, village: Village) -> list[Column]:
    """The desk first, then the people by name, then what waits outside; people without any complaint stand there to be given one."""
    places = {key: Column(key, name, icon=icon) for key, (name, icon) in PLACES.items()}
    holders = {pk: Column(str(pk), *_name(label), person=pk) for pk, label in _people(village)}
    in_office = {pk for pk, role, _post, _name in choices.members(village.pk) if role != Role.ADMIN}
    for row in rows.lines(complaints, user):
        _put(row, places, holders, in_office, user)
    people = sorted(holders.values(), key=lambda column: (not column.cards, column.name))
    return [places.pop(DESK), *people, *(place for place in places.values() if place.cards)]


def _name(label: str) -> tuple[str, str]:
    name, _dash, post = label.partition(" — ")
    return name, post


def _put(row: rows.Row, places: dict[str, Column], holders: dict[int, Column], in_office: set[int], user: User) -> None:
    """Lay one complaint where the next move is expected."""
    complaint: Any = row.complaint
    place, since, more = _waits(complaint)
    if place:
        places[place].cards.append(Card(row, since, more))
        return
    given: list[Assignment] = complaint.current if complaint.state in GIVEN else []
    not_to = frozenset({part.responder_id for part in given} | {shut.user_id for shut in complaint.out})
    moves_all = user.standing.is_(*MOVERS)
    if not any(part.responder_id in in_office for part in given):
        words = gettext("Nobody has it now") if complaint.state in GIVEN else ""
        movable = moves_all and complaint.state in {State.VERIFIED, *GIVEN}
        places[DESK].cards.append(Card(row, since, words, movable=movable, not_to=not_to))
    for part in given:
        column = holders.get(part.responder_id)
        if column is None:
            column = Column(str(part.responder_id), *_name(part.responder_label), left=part.responder_id not in in_office)
            holders[part.responder_id] = column
        movable = moves_all or part.responder_id in user.standing.acts_for
        column.cards.append(Card(row, part.at, _of_part(part), str(part.responder_id), movable, not_to))


def _waits(complaint: Any) -> tuple[str, datetime | None, str]:
    """(place, since when, for whom exactly) of a complaint that waits for somebody other than those it is given to."""
    draft: Response | None = next(iter(complaint.drafts), None)
    if complaint.state == State.AWAITING_COMPLAINANT:
        return COMPLAINANT, complaint.paused_at, ""
    if draft and draft.stage == Response.Stage.WAITING and draft.waiting_for:
        return APPROVAL, draft.drafted_at, str(Role(draft.waiting_for).label)
    if draft and draft.stage == Response.Stage.READY:
        return DESK, draft.drafted_at, gettext("Answer ready to deliver")
    if complaint.state == State.REFERRED:
        asked: Referral | None = next(iter(complaint.asked), None)
        return AGENCY, asked.at if asked else complaint.paused_at, asked.agency.name if asked else ""
    return "", complaint.verified_at or complaint.received_at, ""


def _of_part(part: Assignment) -> str:
    words = [part.part]
    if part.answered_at:
        words.append(gettext("part written"))
    elif part.accepted_at is None:
        words.append(gettext("not taken on yet"))
    return " · ".join(word for word in words if word)


# --- moving ------------------------------------------------------------------------------------------------------------


@for_readers
@require_POST
def move(request: OfficialRequest) -> HttpResponse:
    """Give a card to another person. ``card``: number and giver (``2026-0012:7``), ``to``: a person. A refusal is said on the board."""
    number, _colon, giver = request.POST.get("card", "").partition(":")
    complaint = Complaint.visible_to(request.user).filter(number=clean(number)).first()
    to = _somebody(request.POST.get("to", ""), request.village)
    if complaint is None or to is None:
        messages.error(request, _("Choose a complaint, then the person who gets it."))
        return redirect("desk:board")
    try:
        _give(complaint, whole(giver), to, request.user)
    except NotYours:
        messages.error(request, _not_yours(complaint, to))
    except (NotAllowed, Complaint.DoesNotExist) as refusal:
        said = refusal_words(refusal, str(to), Circle(complaint).acting(Role.OFFICER))
        messages.error(
            request, said or gettext("Somebody was faster. Below you see the board as it is now; nothing was changed.")
        )
    else:
        messages.success(request, gettext("%(number)s is with %(name)s now.") % {"number": complaint.number, "name": to})
    return redirect("desk:board")


def _somebody(typed: str, village: Village) -> User | None:
    """The person with this id, when a complaint may be given to him here."""
    known = {str(pk) for pk, _label in _people(village)}
    return User.objects.get(pk=typed) if typed in known else None


def _give(complaint: Complaint, giver: int | None, to: User, by: User) -> None:
    """By the step that fits: hand over what is one's own, distribute what is not distributed, otherwise change who answers."""
    if complaint.state == State.VERIFIED:
        actions.assign(complaint, to=[to], instruction="", by=by)
    elif giver in by.standing.acts_for and not Circle(complaint).may(by, "reassign"):
        actions.hand_over(complaint, to=to, by=by)
    else:
        actions.move(complaint, giver=giver, to=to, by=by)


def _not_yours(complaint: Complaint, to: User) -> str:
    """Who may not: the one to whom it should go, or the one who moves it."""
    circle = Circle(complaint)
    if to not in actions.answering(circle):
        return gettext("%(name)s may not have %(number)s. Choose somebody else.") % {"name": to, "number": complaint.number}
    people = "; ".join(user.standing.label for user in circle.holders("reassign"))
    return gettext("You may only hand over what is with you. Ask %(people)s.") % {"people": people}
