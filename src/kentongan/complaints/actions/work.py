"""The work itself: distribute, begin, follow up, refer upward, write notes, talk with the complainant."""

from collections.abc import Iterable

from kentongan.complaints import clocks
from kentongan.complaints.access import Circle
from kentongan.complaints.actions import conflict
from kentongan.complaints.actions._act import Act, NewFile, acting
from kentongan.complaints.lifecycle import NotYours
from kentongan.complaints.models import Assignment, Complaint, Referral
from kentongan.village.models import Agency, User


def assign(complaint: Complaint, *, to: Iterable[User], instruction: str, by: User) -> Complaint:
    """Distribute to one or several officials, in order, with an instruction. Raises ``NotYours`` when one of them may not see it."""
    with acting(complaint, "assign", by=by) as act:
        people = _distribute(act, to, instruction)
        act.record("assigned", to=people, text=instruction)
    return act.complaint


def reassign(complaint: Complaint, *, to: Iterable[User], instruction: str, by: User) -> Complaint:
    """Change who answers: those not named again are released. Raises ``NotYours`` when one of them may not see it."""
    with acting(complaint, "reassign", by=by) as act:
        chosen = list(to)
        act.complaint.assignments.filter(ended_at__isnull=True).exclude(responder__in=chosen).update(ended_at=act.now)
        people = _distribute(act, chosen, instruction)
        act.record("reassigned", to=people, text=instruction)
    return act.complaint


def _distribute(act: Act, to: Iterable[User], instruction: str) -> list[str]:
    members = {user.pk for users in act.circle.by_role.values() for user in users}
    people = []
    for order, user in enumerate(to, start=1):
        if user.pk not in members:
            raise NotYours("assign")
        membership = user.standing.memberships[0]
        people.append(user.standing.label)
        Assignment.objects.get_or_create(
            complaint=act.complaint,
            responder=user,
            ended_at=None,
            defaults={
                "village": act.village,
                "responder_label": user.standing.label,
                "unit": membership.unit,
                "instruction": instruction,
                "order": order,
                "at": act.now,
                "by_label": act.label,
            },
        )
    return people


def start(complaint: Complaint, *, by: User, text: str = "") -> Complaint:
    """Begin, or take it up again after an agency had it (the days there were not ours)."""
    with acting(complaint, "start", by=by) as act:
        if act.complaint.is_paused:
            clocks.resume(act.complaint, act.village, act.now)
            clocks.wind(act.complaint, act.village)
        act.record("started", text=text)
    return act.complaint


def follow_up(complaint: Complaint, *, text: str, by: User, files: Iterable[NewFile] = ()) -> Complaint:
    """Write down what was done, with photos; the complainant reads it."""
    with acting(complaint, "follow_up", by=by) as act:
        act.record("followed_up", files, text=text)
    return act.complaint


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


def refer(complaint: Complaint, *, agency: Agency, text: str, by: User, with_identity: bool = False) -> Complaint:
    """Send it to the agency that decides; the village's clock waits. The identity goes along only with the complainant's consent."""
    with acting(complaint, "refer", by=by) as act:
        if act.complaint.identity_hidden:
            with_identity = False
        clocks.pause(act.complaint, act.now)
        Referral.objects.create(
            village=act.village,
            complaint=act.complaint,
            agency=agency,
            note=text,
            with_identity=with_identity,
            at=act.now,
            by_label=act.label,
        )
        act.record("referred", agency=agency.name, text=text, with_identity=with_identity)
    return act.complaint


def record_referral_answer(complaint: Complaint, *, text: str, by: User, outside_number: str = "") -> Complaint:
    """What the agency answered, with its own number."""
    with acting(complaint, "record_referral_answer", by=by) as act:
        referral = act.complaint.referrals.filter(answered_at__isnull=True).last()
        if referral:
            referral.answered_at, referral.answer = act.now, text
            referral.outside_number = outside_number or referral.outside_number
            referral.save()
        act.record("referral_answered", text=text, agency=referral.agency.name if referral else "", outside_number=outside_number)
    return act.complaint


def candidates(complaint: Complaint) -> list[User]:
    """Those to whom it may be distributed: the village's people who are not shut out, without the administrator alone."""
    circle = Circle(complaint)
    people: dict[int, User] = {}
    for role, users in circle.by_role.items():
        if role not in {"ADMIN", "COUNCIL", "HEAD"}:
            people.update({user.pk: user for user in users})
    return list(people.values())
