"""The answering team at work: each takes on a part, hands it over, gives it back, or writes his part of the answer.

A part always has one who holds it, or the officer is told: what everybody gave back stands in his queue "To distribute".
"""

from kentongan.complaints.access import Circle
from kentongan.complaints.actions._act import Act, acting
from kentongan.complaints.lifecycle import NotAllowed, NotYours
from kentongan.complaints.models import Assignment, Complaint
from kentongan.village.models import User
from kentongan.village.roles import Role

ANSWERING = (Role.OFFICER, Role.RESPONDER, Role.LIAISON, Role.SECRETARY)  # to whom a complaint may be given
MOST_RETURNS = 2  # how often a part may come back to the same person; then the officer decides


class HandOverRefused(NotAllowed):
    """This hand-over cannot be: ``why`` is "holds" (the other has a part already), "reason" (it went there before: say why
    it goes back) or "round" (it goes in circles: the officer decides)."""

    def __init__(self, why: str, state: str) -> None:
        super().__init__("hand_over", state)
        self.why = why


def accept(complaint: Complaint, *, by: User) -> Complaint:
    """Take on the part one was given. Raises ``NotYours`` for others, ``NotAllowed`` when it is taken on already."""
    with acting(complaint, "accept", by=by) as act:
        part = own(act, "accept")
        if part.accepted_at:
            raise NotAllowed("accept", act.complaint.state)
        part.accepted_at = act.now
        part.save()
        act.record("accepted", part=part.part)
    return act.complaint


def hand_over(complaint: Complaint, *, to: User, by: User, text: str = "") -> Complaint:
    """Give one's part to another official, as it is: instruction, order, day and what is written of it.

    Raises ``NotYours`` for who has no part, or when the other may not see the complaint; ``HandOverRefused``.
    """
    with acting(complaint, "hand_over", by=by) as act:
        part = own(act, "hand_over")
        if to not in answering(act.circle):
            raise NotYours("hand_over")
        if act.complaint.assignments.filter(responder=to, ended_at__isnull=True).exists():
            raise HandOverRefused("holds", act.complaint.state)
        returns = returns_to(act.complaint, part.responder_id, to.pk)
        if returns > MOST_RETURNS:
            raise HandOverRefused("round", act.complaint.state)
        if returns and not text.strip():
            raise HandOverRefused("reason", act.complaint.state)
        giver = part.responder_id
        pass_on(act, part, to)
        act.record("handed_over", to=[to.standing.label], text=text, giver=giver, taker=to.pk, returns=returns)
    return act.complaint


def give_back(complaint: Complaint, *, text: str, by: User) -> Complaint:
    """Give one's part back to the officer, who distributes it anew. Raises ``NotYours`` for who has none."""
    with acting(complaint, "give_back", by=by) as act:
        part = own(act, "give_back")
        part.ended_at = act.now
        part.save()
        left = act.complaint.assignments.filter(ended_at__isnull=True).count()
        act.record("given_back", text=text, part=part.part, left=left)
    return act.complaint


def answer_part(complaint: Complaint, *, text: str, by: User) -> Complaint:
    """Write one's part of the answer, or write it anew; the draft begins with all parts in their order. Raises ``NotYours``."""
    with acting(complaint, "answer_part", by=by) as act:
        part = own(act, "answer_part")
        part.answer, part.answered_at = text, act.now
        part.accepted_at = part.accepted_at or act.now
        part.save()
        act.record("part_answered", text=text, part=part.part)
    return act.complaint


def own(act: Act, verb: str) -> Assignment:
    """The part of who acts, or of whom he stands in for. Raises ``NotYours``."""
    if act.by is None:
        raise NotYours(verb)
    me = act.by
    rows = act.complaint.assignments.filter(responder__in=me.standing.acts_for, ended_at__isnull=True)
    mine = sorted(rows, key=lambda row: (row.responder_id != me.pk, row.order, row.pk))
    if not mine:
        raise NotYours(verb)
    return mine[0]


def answering(circle: Circle) -> list[User]:
    """Those to whom it may be given: not shut out, and by their role able to go on with it."""
    people: dict[int, User] = {}
    for role in ANSWERING:
        people.update({user.pk: user for user in circle.by_role[role]})
    return list(people.values())


def pass_on(act: Act, part: Assignment, to: User) -> None:
    """End ``part`` and give it, as it is, to another."""
    membership = to.standing.memberships[0]
    Assignment.objects.create(
        village=act.village, complaint=act.complaint, responder=to, responder_label=to.standing.label, unit=membership.unit,
        instruction=part.instruction, order=part.order, part=part.part, due_on=part.due_on,
        answer=part.answer, answered_at=part.answered_at, at=act.now, by_label=act.label,
    )  # fmt: skip
    part.ended_at = act.now
    part.answer, part.answered_at = "", None  # it went along; the event keeps who wrote it
    part.save()
    name_unit(act)


def name_unit(act: Act) -> None:
    """Note the unit of the first who has it now, for the statistics."""
    now = act.complaint.assignments.filter(ended_at__isnull=True).order_by("order", "pk")
    act.complaint.unit_id = now.values_list("unit_id", flat=True).first()


def returns_to(complaint: Complaint, holder: int, to: int) -> int:
    """How often the part ``holder`` has was with ``to`` before, since it was distributed: 0 when it never was."""
    chain = [holder]
    for event in complaint.events.filter(kind__in=("assigned", "reassigned", "handed_over")).order_by("-id"):
        if event.kind != "handed_over":
            break
        if event.data.get("taker") == chain[-1]:
            chain.append(event.data["giver"])
    return chain.count(to)
