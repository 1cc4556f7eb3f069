"""Where a complaint can be, and what moves it: one pure table.

It drives the check on POST, the buttons on the page and the diagram in the docs. No model, no database, no clock.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kentongan.village.roles import Role


class State(TextChoices):
    RECEIVED = "RECEIVED", _("Received")
    AWAITING_COMPLAINANT = "AWAITING_COMPLAINANT", _("Waiting for the complainant")
    VERIFIED = "VERIFIED", _("Verified")
    ASSIGNED = "ASSIGNED", _("Distributed")
    IN_PROGRESS = "IN_PROGRESS", _("Being followed up")
    REFERRED = "REFERRED", _("Referred")
    RESPONDED = "RESPONDED", _("Answered")
    CLOSED = "CLOSED", _("Closed")
    DECLINED = "DECLINED", _("Cannot be processed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    MERGED = "MERGED", _("Merged")


S = State
OPEN = frozenset({S.RECEIVED, S.AWAITING_COMPLAINANT, S.VERIFIED, S.ASSIGNED, S.IN_PROGRESS, S.REFERRED})
ENDED = frozenset({S.CLOSED, S.DECLINED, S.WITHDRAWN, S.MERGED})
WORKING = frozenset({S.VERIFIED, S.ASSIGNED, S.IN_PROGRESS, S.REFERRED})
ALL = frozenset(S)


class NotAllowed(Exception):
    """The step does not leave from this state: somebody was faster, or the page is old."""

    def __init__(self, verb: str, state: str) -> None:
        super().__init__(f"{verb} from {state}")
        self.verb = verb
        self.state = state


class NotYours(Exception):
    """The role of this person may not take the step."""

    def __init__(self, verb: str) -> None:
        super().__init__(verb)
        self.verb = verb


@dataclass(frozen=True)
class Step:
    """A verb: from which states, to which (``None``: it stays), by which roles, and whether the complainant may take it himself.

    ``by_itself``: it may also happen with nobody at the desk, by the clock, by a mail server or through an agency's link.
    """

    sources: frozenset[State]
    target: State | None
    roles: frozenset[Role]
    complainant: bool = False
    by_itself: bool = False


O, R, L, SEC, HEAD, BPD = Role.OFFICER, Role.RESPONDER, Role.LIAISON, Role.SECRETARY, Role.HEAD, Role.COUNCIL
_desk = frozenset({O})
_team = frozenset({O, R, L})
_everyone = frozenset({O, R, L, SEC, HEAD, BPD})


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


STEPS: dict[str, Step] = {
    # steps that move a complaint
    "receive": Step(_from(), S.RECEIVED, _desk, complainant=True),
    "ask": Step(_from(S.RECEIVED, S.VERIFIED), S.AWAITING_COMPLAINANT, _desk, by_itself=True),
    "complete": Step(_from(S.AWAITING_COMPLAINANT), S.RECEIVED, _desk, complainant=True),
    "verify": Step(_from(S.RECEIVED), S.VERIFIED, _desk),
    "assign": Step(_from(S.VERIFIED), S.ASSIGNED, _desk | {SEC, HEAD}),
    "start": Step(_from(S.ASSIGNED, S.REFERRED), S.IN_PROGRESS, _team),
    "refer": Step(_from(S.VERIFIED, S.ASSIGNED, S.IN_PROGRESS), S.REFERRED, _desk | {L, SEC, HEAD}),
    "respond": Step(_from(S.VERIFIED, S.ASSIGNED, S.IN_PROGRESS, S.REFERRED), S.RESPONDED, _desk),
    "close": Step(_from(S.RESPONDED), S.CLOSED, _desk, by_itself=True),
    "decline": Step(_from(S.RECEIVED, S.AWAITING_COMPLAINANT, S.VERIFIED), S.DECLINED, _desk),
    "merge": Step(_from(S.RECEIVED, S.VERIFIED, S.ASSIGNED, S.IN_PROGRESS), S.MERGED, _desk),
    "withdraw": Step(OPEN | {S.RESPONDED}, S.WITHDRAWN, _desk, complainant=True),
    "reopen": Step(_from(S.CLOSED, S.DECLINED, S.WITHDRAWN, S.MERGED), S.VERIFIED, _desk),
    "appeal": Step(_from(S.RESPONDED), S.VERIFIED, _desk, complainant=True),
    # work that does not move it
    "note": Step(ALL, None, _everyone),
    "attach": Step(ALL, None, _everyone, complainant=True),
    "message": Step(ALL - {S.AWAITING_COMPLAINANT}, None, _desk),
    "add": Step(OPEN | {S.RESPONDED}, None, _desk, complainant=True),
    "reassign": Step(_from(S.ASSIGNED, S.IN_PROGRESS, S.REFERRED), None, _desk | {SEC, HEAD}),
    "follow_up": Step(WORKING, None, _team | {SEC, HEAD}),
    "accept": Step(_from(S.ASSIGNED, S.IN_PROGRESS), None, _team | {SEC}),
    "hand_over": Step(_from(S.ASSIGNED, S.IN_PROGRESS), None, _team | {SEC}),
    "give_back": Step(_from(S.ASSIGNED, S.IN_PROGRESS), None, _team | {SEC}),
    "answer_part": Step(WORKING, None, _team | {SEC}),
    "add_task": Step(WORKING, None, _team | {SEC, HEAD}),
    "finish_task": Step(ALL, None, _everyone),
    "visit": Step(WORKING, None, _team | {SEC, HEAD}),
    "convene": Step(WORKING | {S.RECEIVED, S.RESPONDED}, None, _desk | {L, SEC, HEAD}),
    "record_minutes": Step(ALL, None, _desk | {L, SEC, HEAD}),
    "chase": Step(_from(S.REFERRED), None, _desk | {L}),
    "ask_about_plan": Step(_from(S.RESPONDED, S.CLOSED), None, frozenset(), by_itself=True),
    "draft_response": Step(WORKING, None, _team | {SEC}),
    "approve_response": Step(WORKING, None, frozenset({SEC, HEAD})),
    "return_response": Step(WORKING, None, frozenset({SEC, HEAD})),
    "record_referral_answer": Step(_from(S.REFERRED), None, _desk | {L}, by_itself=True),
    "deliver": Step(_from(S.RESPONDED, S.CLOSED, S.DECLINED, S.MERGED), None, _desk),
    "undelivered": Step(ALL, None, _desk, by_itself=True),
    "number_letter": Step(ALL, None, _desk | {SEC, HEAD}),
    "cancel_number": Step(ALL, None, _desk | {SEC}),
    "take_archive": Step(ALL, None, _desk | {SEC}),
    "reclassify": Step(WORKING, None, _desk),
    "extend_deadline": Step(WORKING, None, _desk | {SEC, HEAD}),
    "split": Step(_from(S.RECEIVED, S.VERIFIED), None, _desk),
    "name": Step(OPEN | {S.RESPONDED}, None, _desk),
    "recuse": Step(OPEN, None, _everyone),
    "rate": Step(_from(S.RESPONDED, S.CLOSED), None, _desk, complainant=True),
}  # fmt: skip


def after(state: State, verb: str) -> State:
    """The state after ``verb``. Raises ``NotAllowed``."""
    step = STEPS[verb]
    if state not in step.sources:
        raise NotAllowed(verb, state)
    return step.target or state


def diagram() -> str:
    """The table as a Mermaid state diagram, for ``docs/lifecycle.md``."""
    lines = ["stateDiagram-v2", "    [*] --> RECEIVED: receive"]
    for verb, step in STEPS.items():
        if step.target:
            lines += [f"    {source} --> {step.target}: {verb}" for source in sorted(step.sources)]
    return "\n".join(lines)
