"""Meetings: called, moved, called off, held and minuted. One may treat several complaints; each of them gets its event, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from kentongan.complaints import letters, meetings
from kentongan.complaints.actions._act import Act, acting
from kentongan.complaints.models import Complaint, Invitee, Meeting, Task
from kentongan.lib.text import one_line
from kentongan.village.models import User

COMPLAINANT = "Pengadu"
TITLES = {Meeting.Kind.REVIEW: "Rapat pembahasan pengaduan nomor", Meeting.Kind.MEDIATION: "Mediasi pengaduan nomor"}
# A meeting is moved, called off and minuted wherever its complaints stand by then.
LATER = "record_minutes"


class CannotMeet(ValueError):
    """What was asked for makes no meeting; the words say what to do instead."""


@dataclass(frozen=True)
class Guest:
    """Somebody to be asked: an official (``user``), or a name with what he comes as and where he reads letters."""

    name: str
    capacity: str = ""
    email: str = ""
    user: User | None = None


@dataclass(frozen=True)
class Plan:
    """What is to be: one moment, or several to choose from (``starts``), and how long it lasts."""

    starts: tuple[datetime, ...]
    lasts: timedelta
    place: str
    agenda: str = ""
    kind: str = Meeting.Kind.REVIEW


@dataclass(frozen=True)
class Decision:
    """What was decided: what is done, by an official or somebody outside, by which day, in which of the complaints."""

    what: str
    due_on: date | None
    who: User | None = None
    outside: str = ""
    complaint: Complaint | None = None


@dataclass(frozen=True)
class Record:
    """How it went. ``present``: ids of invitees who came; ``others``: who came without being asked."""

    present: frozenset[int]
    course: str
    chair: str
    clerk: str
    agreed: bool | None = None
    others: tuple[Guest, ...] = ()
    decisions: tuple[Decision, ...] = ()


def convene(
    complaints: Iterable[Complaint], *, plan: Plan, guests: Iterable[Guest], by: User, with_complainants: bool = False
) -> Meeting:
    """Call a meeting on one or several complaints. With several moments they are only proposed.

    Raises ``CannotMeet``, and what every step raises for each complaint (wall, role, state).
    """
    with together(complaints, "convene", by) as acts:
        asked = list(guests)
        _refuse_shut_out(acts, [guest.user for guest in asked])
        _refuse_names(acts, plan.place, plan.agenda, *(part for guest in asked for part in (guest.name, guest.capacity)))
        asked += [guest for act in acts for guest in _complainant(act.complaint) if with_complainants]
        meeting = _planned(acts, plan)
        _invite(meeting, asked)
        for act in acts:
            letter = _asks(meeting) if act is acts[0] else ""
            act.record("convened", **_said(meeting, letter), lasts=int(plan.lasts.total_seconds()) // 60)
    return meeting


def fix_date(meeting: Meeting, *, starts_at: datetime, ends_at: datetime, by: User) -> Meeting:
    """Choose one of the moments that were proposed, or another. Raises what ``change`` raises."""
    return change(meeting, starts_at=starts_at, ends_at=ends_at, place=meeting.place, agenda=meeting.agenda, by=by)


def change(
    meeting: Meeting, *, starts_at: datetime, ends_at: datetime, place: str, agenda: str, by: User, reason: str = ""
) -> Meeting:
    """Another time, place or agenda. Raises ``CannotMeet`` when it is over or was changed since ``meeting`` was read, and what every step raises."""
    with together(meeting.complaints.all(), LATER, by) as acts:
        held = _as_read(meeting)
        _refuse_time(acts[0], starts_at, ends_at)
        _refuse_names(acts, place, agenda, reason)
        first = held.starts_at is None
        letter = "invitation" if first else "invitation_changed"
        held.starts_at, held.ends_at, held.place, held.agenda = starts_at, ends_at, place, agenda
        held.state, held.sequence = Meeting.State.FIXED, held.sequence + 1
        held.letter_number = held.letter_number or letters.next_number(
            acts[0].village, "invitation", acts[0].now, by=by, meeting=held
        )
        held.save()
        held.invitees.update(reply="")  # what they answered was about something else
        for act in acts:
            act.record("meeting_changed", **_said(held, letter if act is acts[0] else "", reason), fixed=first)
    return held


def cancel(meeting: Meeting, *, reason: str, by: User) -> Meeting:
    """Call it off. Raises ``CannotMeet`` when it is over or was changed since ``meeting`` was read, and what every step raises."""
    with together(meeting.complaints.all(), LATER, by) as acts:
        held = _as_read(meeting)
        _refuse_names(acts, reason)
        held.state, held.sequence = Meeting.State.CANCELLED, held.sequence + 1
        held.save()
        for act in acts:
            letter = "invitation_cancelled" if act is acts[0] else ""
            act.record("meeting_changed", **_said(held, letter, reason), cancelled=True)
    return held


def invite_more(meeting: Meeting, *, guests: Iterable[Guest], by: User) -> list[Invitee]:
    """Ask further people to a meeting that is still to come; only they get the invitation. Who is invited already is passed over.

    Raises ``CannotMeet``, and what every step raises.
    """
    with together(meeting.complaints.all(), LATER, by) as acts:
        held = _locked(meeting)
        if held.starts_at and acts[0].village.local(held.starts_at).date() < acts[0].village.local(acts[0].now).date():
            raise CannotMeet(_("The day of this meeting has passed. Write down who came in the minutes."))
        asked = list(guests)
        _refuse_shut_out(acts, [guest.user for guest in asked])
        _refuse_names(acts, *(part for guest in asked for part in (guest.name, guest.capacity)))
        known = {_who(row.user_id, row.name, row.capacity) for row in held.invitees.all()}
        new = [guest for guest in asked if _who(guest.user.pk if guest.user else None, guest.name, guest.capacity) not in known]
        if asked and not new:
            raise CannotMeet(_("They are invited already."))
        added = _invite(held, new)
        for act in acts:
            letter = _asks(held) if act is acts[0] else ""
            act.record("invited", **_said(held, letter), invitees=[row.pk for row in added])
    return added


def answer_invitation(meeting: Meeting, invitees: Iterable[Invitee], *, answer: str, sequence: int) -> bool:
    """Write down whether they come. False when it is over, called off, or moved since: then they answer something else.

    No event: it moves nothing, and may change by the hour.
    """
    with transaction.atomic():
        held = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if held.state != Meeting.State.FIXED or sequence < held.sequence:
            return False
        held.invitees.filter(pk__in=[invitee.pk for invitee in invitees]).update(reply=Invitee.Reply(answer))
    return True


def record_minutes(meeting: Meeting, *, record: Record, by: User) -> Meeting:
    """Write down who came, how it went and what was decided; each decision becomes a task.

    Raises ``CannotMeet``, and what every step raises.
    """
    with together(meeting.complaints.all(), LATER, by) as acts:
        held = _locked(meeting)
        _refuse_record(acts[0], held, record)
        _refuse_shut_out(acts, [decision.who for decision in record.decisions])
        _refuse_names(acts, record.course, record.chair, record.clerk)
        _refuse_names(acts, *(part for guest in record.others for part in (guest.name, guest.capacity)))
        _refuse_names(acts, *(part for one in record.decisions for part in (one.what, one.outside)))
        _attendance(held, record)
        held.state, held.minuted_at = Meeting.State.HELD, acts[0].now
        held.chair, held.clerk, held.course, held.agreed = record.chair, record.clerk, record.course, record.agreed
        held.minutes_number = letters.next_number(acts[0].village, "minutes", acts[0].now, by=by, meeting=held)
        held.save()
        _give_tasks(acts, held, record.decisions)
        for act in acts:
            tasks = held.decisions.filter(complaint=act.complaint).count()
            act.record("minuted", meeting=held.pk, agreed=record.agreed, decisions=tasks)
    return held


# --- all of them or none -----------------------------------------------------------------------------------------------


@contextmanager
def together(complaints: Iterable[Complaint], verb: str, by: User) -> Iterator[list[Act]]:
    """The same step in several complaints at once, always locked in the same order; refused in one, it is taken in none."""
    rows = sorted({row.pk: row for row in complaints}.values(), key=lambda row: row.pk)
    if not rows:
        raise CannotMeet(_("Write the register number of at least one complaint."))
    with transaction.atomic(), ExitStack() as stack:
        yield [stack.enter_context(acting(row, verb, by=by)) for row in rows]


def _locked(meeting: Meeting) -> Meeting:
    """The meeting as it is now, when it is still to come or to be minuted."""
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.state == Meeting.State.CANCELLED:
        raise CannotMeet(_("This meeting was called off. Call a new one."))
    if held.state == Meeting.State.HELD:
        raise CannotMeet(_("This meeting was held and its minutes are written. Call a new one."))
    return held


def _as_read(meeting: Meeting) -> Meeting:
    """The same, when nobody changed it since it was read: of two who change it at once the second looks again."""
    held = _locked(meeting)
    if held.sequence != meeting.sequence:
        raise CannotMeet(_("Somebody changed this meeting meanwhile. Open its page again, look at it, then decide."))
    return held


# --- what is no meeting ------------------------------------------------------------------------------------------------


def _refuse_time(act: Act, starts_at: datetime, ends_at: datetime) -> None:
    if act.village.local(starts_at).date() < act.village.local(act.now).date():
        raise CannotMeet(_("This day has passed. Choose today or a coming day."))
    if ends_at <= starts_at:
        raise CannotMeet(_("The meeting must end after it begins."))


def _refuse_shut_out(acts: list[Act], people: list[User | None]) -> None:
    """Nobody the wall shuts out of one of the complaints is asked; the sentence does not say why."""
    may = meetings.everywhere([act.circle for act in acts])
    out = [str(user) for user in people if user and user.pk not in may]
    if out:
        raise CannotMeet(
            _("%(who)s cannot take part here. Choose somebody else, or treat the complaints in separate meetings.")
            % {"who": ", ".join(out)}
        )


def _refuse_names(acts: list[Act], *texts: str) -> None:
    """A hidden name must not be written by one who knows it; to others this refusal would tell it."""
    for act in acts:
        person = act.complaint.complainant
        if person is None or not person.name or not act.complaint.identity_hidden or act.by is None:
            continue
        if act.circle.may_see_identity(act.by) and any(person.name.casefold() in text.casefold() for text in texts):
            raise CannotMeet(_("The complainant's identity is hidden. Write “Pengadu” in place of the name."))


def _refuse_record(act: Act, meeting: Meeting, record: Record) -> None:
    if meeting.starts_at is None:
        raise CannotMeet(_("Fix the day and time first."))
    day = act.village.local(meeting.starts_at).date()
    if day > act.village.local(act.now).date():
        raise CannotMeet(_("This meeting is still to come. Write the minutes when it has been held, or move it."))
    if not record.present and not record.others:
        raise CannotMeet(_("Tick at least one person who came, or call the meeting off."))
    for n, decision in enumerate(record.decisions, start=1):
        if not decision.who and not decision.outside:
            raise CannotMeet(_("Decision %(n)d: write who does it.") % {"n": n})
        if decision.due_on is None:
            raise CannotMeet(_("Decision %(n)d: write by which day.") % {"n": n})
        if decision.due_on < day:
            raise CannotMeet(_("Decision %(n)d: its day lies before the meeting.") % {"n": n})


# --- what is written ---------------------------------------------------------------------------------------------------


def _planned(acts: list[Act], plan: Plan) -> Meeting:
    moments = sorted(set(plan.starts))
    if not moments:
        raise CannotMeet(_("Write at least one day and time."))
    for moment in moments:
        _refuse_time(acts[0], moment, moment + plan.lasts)
    fixed = len(moments) == 1
    village, now = acts[0].village, acts[0].now
    meeting = Meeting.objects.create(
        village=village,
        kind=plan.kind,
        state=Meeting.State.FIXED if fixed else Meeting.State.PROPOSED,
        title=one_line(f"{TITLES[Meeting.Kind(plan.kind)]} {', '.join(act.complaint.number for act in acts)}", 140),
        agenda=plan.agenda,
        place=plan.place,
        proposals=[] if fixed else [moment.isoformat() for moment in moments],
        starts_at=moments[0] if fixed else None,
        ends_at=moments[0] + plan.lasts if fixed else None,
        uid=str(uuid4()),
        at=now,
        by_label=acts[0].label,
    )
    meeting.complaints.set([act.complaint for act in acts])
    if fixed:
        meeting.letter_number = letters.next_number(village, "invitation", now, by=acts[0].by, meeting=meeting)
        meeting.save(update_fields=["letter_number"])
    return meeting


def _complainant(complaint: Complaint) -> list[Guest]:
    """The complainant as he is asked: without a name where the identity is hidden, not at all where nobody knows it."""
    person = complaint.complainant
    if person is None:
        return []
    name = COMPLAINANT if complaint.identity_hidden or not person.name else person.name
    return [Guest(name, f"{COMPLAINANT} {complaint.number}", person.email)]


def _invite(meeting: Meeting, guests: list[Guest]) -> list[Invitee]:
    """Write down each of them once."""
    if not guests:
        raise CannotMeet(_("Invite at least one person."))
    once = {_who(guest.user.pk if guest.user else None, guest.name, guest.capacity): guest for guest in guests}
    return [
        Invitee.objects.create(
            village=meeting.village,
            meeting=meeting,
            user=guest.user,
            name=guest.name,
            capacity=guest.capacity,
            email=guest.email.lower(),
        )
        for guest in once.values()
    ]


def _who(user: int | None, name: str, capacity: str) -> tuple[int, str, str]:
    """What makes two invitations one: the same official, or the same name in the same capacity."""
    return (user, "", "") if user else (0, name.casefold(), capacity.casefold())


def _asks(meeting: Meeting) -> str:
    """The letter that asks to come, as the meeting stands."""
    return "invitation" if meeting.starts_at else "invitation_proposed"


def _attendance(meeting: Meeting, record: Record) -> None:
    invited = meeting.invitees.all()
    invited.update(present=False)
    invited.filter(pk__in=record.present).update(present=True)
    for guest in record.others:
        Invitee.objects.create(
            village=meeting.village, meeting=meeting, user=guest.user, name=guest.name, capacity=guest.capacity, present=True
        )


def _give_tasks(acts: list[Act], meeting: Meeting, decisions: Iterable[Decision]) -> None:
    """Each decision as a task of its complaint; of the first one when none was chosen."""
    treated = {act.complaint.pk: act.complaint for act in acts}
    for order, decision in enumerate(decisions, start=1):
        chosen = decision.complaint.pk if decision.complaint else acts[0].complaint.pk
        Task.objects.create(
            village=acts[0].village,
            complaint=treated.get(chosen, acts[0].complaint),
            meeting=meeting,
            what=decision.what,
            who=decision.who,
            who_label=decision.who.standing.label if decision.who else decision.outside,
            due_on=decision.due_on,
            order=order,
            at=acts[0].now,
            by_label=acts[0].label,
        )


def _said(meeting: Meeting, letter: str, text: str = "") -> dict[str, Any]:
    """What an event keeps of the meeting as it stands now: letters are written from it, whatever comes later.

    ``letter``: which one those invited get. They get one, however many complaints are treated: only one event carries it.
    """
    return {
        "meeting": meeting.pk,
        "sequence": meeting.sequence,
        "starts": meeting.starts_at.isoformat() if meeting.starts_at else "",
        "ends": meeting.ends_at.isoformat() if meeting.ends_at else "",
        "proposals": meeting.proposals,
        "place": meeting.place,
        "text": text,
        "letter": letter,
    }
