"""The work itself: distribute, begin, follow up, write notes, talk with the complainant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kentongan.complaints import clocks
from kentongan.complaints.access import Circle
from kentongan.complaints.actions import conflict, team
from kentongan.complaints.actions._act import Act, NewFile, acting
from kentongan.complaints.lifecycle import NotAllowed, NotYours
from kentongan.complaints.models import Assignment, Complaint
from kentongan.village.models import User

VISIT_BEFORE, VISIT_AFTER = "sebelum", "sesudah"  # how the photos of a visit are called


@dataclass(frozen=True)
class Part:
    """What one of several answers: which part, in which place of the order, by which day."""

    what: str = ""
    order: int = 1
    due_on: date | None = None


def assign(
    complaint: Complaint, *, to: Iterable[User], instruction: str, by: User, parts: Mapping[int, Part] | None = None
) -> Complaint:
    """Distribute to one or several officials, in order, with an instruction; ``parts``: what each of them (by id) answers.

    Raises ``NotYours`` when one of them may not see it.
    """
    with acting(complaint, "assign", by=by) as act:
        people = _distribute(act, to, instruction, parts or {})
        act.record("assigned", to=people, text=instruction)
    return act.complaint


def reassign(
    complaint: Complaint,
    *,
    to: Iterable[User],
    instruction: str,
    by: User,
    parts: Mapping[int, Part] | None = None,
    seen: Iterable[int] | None = None,
) -> Complaint:
    """Change who answers: those not named again are released.

    ``seen``: the ids of those who had it when the page was opened. Raises ``NotAllowed`` when others have it now,
    ``NotYours`` when one of the new ones may not see it.
    """
    with acting(complaint, "reassign", by=by) as act:
        chosen = list(to)
        current = act.complaint.assignments.filter(ended_at__isnull=True)
        if seen is not None and set(seen) != set(current.values_list("responder_id", flat=True)):
            raise NotAllowed("reassign", act.complaint.state)
        current.exclude(responder__in=chosen).update(ended_at=act.now)
        people = _distribute(act, chosen, instruction, parts or {})
        act.record("reassigned", to=people, text=instruction)
    return act.complaint


def move(complaint: Complaint, *, giver: int | None, to: User, by: User) -> Complaint:
    """Give one person's part, as it is, to another; ``giver=None``: nobody in office has it.

    Raises ``NotAllowed`` when ``giver`` has it no more, ``HandOverRefused`` when the other has a part already,
    ``NotYours`` when the other may not see it.
    """
    with acting(complaint, "reassign", by=by) as act:
        if to not in team.answering(act.circle):
            raise NotYours("reassign")
        current = act.complaint.assignments.filter(ended_at__isnull=True)
        if current.filter(responder=to).exists():
            raise team.HandOverRefused("holds", act.complaint.state)
        part = current.filter(responder=giver).first()
        if part:
            team.pass_on(act, part, to)
        elif giver is None:
            current.exclude(responder__in=act.circle.members).update(ended_at=act.now)
            _distribute(act, [to], "", {})
        else:
            raise NotAllowed("reassign", act.complaint.state)
        act.record("reassigned", to=list(current.values_list("responder_label", flat=True)), text="")
    return act.complaint


def _distribute(act: Act, to: Iterable[User], instruction: str, parts: Mapping[int, Part]) -> list[str]:
    members = {user.pk for users in act.circle.by_role.values() for user in users}
    people = []
    for order, user in enumerate(to, start=1):
        if user.pk not in members:
            raise NotYours("assign")
        membership = user.standing.memberships[0]
        people.append(user.standing.label)
        part = parts.get(user.pk, Part(order=order))
        share = {"order": part.order, "part": part.what, "due_on": part.due_on}
        row, new = Assignment.objects.get_or_create(
            complaint=act.complaint,
            responder=user,
            ended_at=None,
            defaults={
                "village": act.village,
                "responder_label": user.standing.label,
                "unit": membership.unit,
                "instruction": instruction,
                "at": act.now,
                "by_label": act.label,
                **share,
            },
        )
        if not new and user.pk in parts:
            Assignment.objects.filter(pk=row.pk).update(**share)
    team.name_unit(act)
    return people


def start(complaint: Complaint, *, by: User, text: str = "") -> Complaint:
    """Begin, or take it up again after an agency had it (the days there were not ours)."""
    with acting(complaint, "start", by=by) as act:
        if act.complaint.is_paused:
            clocks.resume(act.complaint, act.village, act.now)
            clocks.wind(act.complaint, act.village)
        mine = act.complaint.assignments.filter(responder__in=by.standing.acts_for, ended_at__isnull=True)
        mine.filter(accepted_at__isnull=True).update(accepted_at=act.now)  # who begins has taken it on
        act.record("started", text=text)
    return act.complaint


def follow_up(complaint: Complaint, *, text: str, by: User, files: Iterable[NewFile] = ()) -> Complaint:
    """Write down what was done, with photos; the complainant reads it."""
    with acting(complaint, "follow_up", by=by) as act:
        act.record("followed_up", files, text=text)
    return act.complaint


def visit(
    complaint: Complaint,
    *,
    at: datetime,
    place: str,
    text: str,
    by: User,
    before: Iterable[NewFile] = (),
    after: Iterable[NewFile] = (),
) -> Complaint:
    """Write down a visit on the spot: when, where, what came of it, photos before and after; the complainant reads it.

    Raises ``ValueError`` for a moment that has not come yet.
    """
    with acting(complaint, "visit", by=by) as act:
        if at > act.now:
            raise ValueError("a visit that has not been yet")
        files = [*_called(VISIT_BEFORE, before), *_called(VISIT_AFTER, after)]
        act.record("visited", files, text=text, place=place, when=at.isoformat())
    return act.complaint


def _called(name: str, files: Iterable[NewFile]) -> list[NewFile]:
    """The photos of one kind, numbered, so that their name says what they show."""
    return [NewFile(f"{name}-{n}.{new.clean.extension}", new.clean) for n, new in enumerate(files, start=1)]


def note(complaint: Complaint, *, text: str, by: User, files: Iterable[NewFile] = ()) -> Complaint:
    """A note among officials; the complainant never reads it."""
    with acting(complaint, "note", by=by) as act:
        act.record("noted", files, internal=True, text=text)
    return act.complaint


def attach(complaint: Complaint, *, files: Iterable[NewFile], by: User | None, via: str = "") -> Complaint:
    """Add photos or documents."""
    with acting(complaint, "attach", by=by, via=via) as act:
        kept = list(files)
        act.record("attached", kept, count=len(kept))
    return act.complaint


def message(complaint: Complaint, *, text: str, by: User) -> Complaint:
    """Write to the complainant; he reads it on his tracking page, and the officer passes it on where he has none."""
    with acting(complaint, "message", by=by) as act:
        act.record("messaged", text=text)
    return act.complaint


def add(complaint: Complaint, *, text: str, by: User | None, files: Iterable[NewFile] = (), via: str = "web") -> Complaint:
    """The complainant adds something, himself or through the officer. Whom the new words speak of is shut out until the officer has read them."""
    with acting(complaint, "add", by=by, via=via) as act:
        conflict.keep_out(act, text)
        act.record("added", files, text=text)
    return act.complaint


def candidates(complaint: Complaint) -> list[User]:
    """Those to whom it may be distributed: the village's people who are not shut out, without the administrator alone."""
    circle = Circle(complaint)
    people: dict[int, User] = {}
    for role, users in circle.by_role.items():
        if role not in {"ADMIN", "COUNCIL", "HEAD"}:
            people.update({user.pk: user for user in users})
    return list(people.values())
