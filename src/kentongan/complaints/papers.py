"""The letters a complaint calls for as it stands: which, what they say, and the number each was given. Reads; writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kentongan.complaints.access import Circle
from kentongan.complaints.lifecycle import WORKING, State
from kentongan.complaints.models import Complaint, Event, Response
from kentongan.village.models import LetterRule, Membership
from kentongan.village.roles import Role

ANSWER, COMPLETION, REFERRAL = "answer", "completion", "referral"
SIGNERS = (Role.HEAD, Role.SECRETARY, Role.COUNCIL, Role.OFFICER)  # the first who is not shut out of it
# Whose place it is to sign where the village says so; after him those above.
CHOSEN = {
    LetterRule.Signs.SECRETARY: Role.SECRETARY,
    LetterRule.Signs.UNDER: Role.SECRETARY,
    LetterRule.Signs.OFFICER: Role.OFFICER,
}


@dataclass(frozen=True)
class Signer:
    """Who signs for the village, by the name and post of that day. ``under``: the post of the secretary in whose place he signs (u.b.)."""

    user: int
    role: Role
    post: str
    name: str
    under: str = ""


@dataclass(frozen=True)
class Letter:
    """One letter to the complainant. ``about``: what it is the letter of, the same before and after its delivery (``answer-2``: the second answer).

    ``at``: when what it says was said, ``None`` for an answer not yet delivered. ``number`` is empty until it is given one.
    """

    kind: str
    about: str
    text: str
    at: datetime | None
    data: dict[str, Any] = field(default_factory=dict)
    number: str = ""
    numbered_at: datetime | None = None
    signer: Signer | None = None

    @property
    def declines(self) -> bool:
        return self.about.startswith("decline")


def letters_of(complaint: Complaint, events: Iterable[Event], response: Response | None = None) -> list[Letter]:
    """The letters that can be written now. ``events``: all of its events; ``response``: the answer not yet delivered.

    Where nobody knows who complains there is nobody to write to.
    """
    if complaint.complainant_id is None:
        return []
    told = sorted(events, key=lambda event: event.pk)
    found = [_answer(complaint, told, response), _completion(complaint, told)]
    return [_numbered(letter, told) for letter in found if letter]


def letter_of(complaint: Complaint, kind: str) -> Letter | None:
    """One of them, read from the database."""
    response = complaint.responses.exclude(stage=Response.Stage.DELIVERED).last()
    return next((letter for letter in letters_of(complaint, complaint.events.all(), response) if letter.kind == kind), None)


def answer_of(complaint: Complaint, events: Iterable[Event], response: Response | None = None) -> Letter | None:
    """What the village answers, whoever it is told to: ready to be delivered, delivered, or that it cannot be processed."""
    return _answer(complaint, sorted(events, key=lambda event: event.pk), response)


def signer(circle: Circle, *, to_complainant: bool = False, rule: LetterRule | None = None) -> Signer | None:
    """Who signs: the village head, or whom the village's ``rule`` chooses; where the wall shuts him out of the complaint, the next.

    ``to_complainant``: the paper bears his name; where that is hidden, the one signs who may know it.
    """
    if to_complainant and circle.complaint.identity_hidden:
        knows = [circle.members[user.pk] for user in circle.acting(Role.OFFICER) if user.pk in circle.members]
        return Signer(knows[0].user_id, Role(knows[0].role), knows[0].title, str(knows[0].user)) if knows else None
    if rule and rule.signs == LetterRule.Signs.UNDER:
        found = under(rule, {row.user_id for row in circle.shut_out})
        if found:
            return found
    for role in signing_order(SIGNERS, rule):
        for user in circle.by_role[role]:
            post = next((row.title for row in user.standing.memberships if row.role == role), role.label)
            return Signer(user.pk, role, str(post), str(user))
    return None


def signing_order(usual: tuple[Role, ...], rule: LetterRule | None) -> list[Role]:
    """The usual order, beginning with the role the rule chooses."""
    chosen = CHOSEN.get(LetterRule.Signs(rule.signs)) if rule else None
    return list(dict.fromkeys((chosen, *usual) if chosen else usual))


def under(rule: LetterRule, shut_out: set[int]) -> Signer | None:
    """Who signs u.b.: a holder of the rule's post, in the place of the secretary; ``None`` where one of the two is missing or shut out."""
    people = Membership.current().filter(village=rule.village_id).exclude(user__in=shut_out).select_related("user").order_by("id")
    signs, secretary = people.filter(post__iexact=rule.post).first(), people.filter(role=Role.SECRETARY).first()
    if signs is None or secretary is None:
        return None
    return Signer(signs.user_id, Role(signs.role), signs.title, str(signs.user), under=secretary.title)


def _answer(complaint: Complaint, events: list[Event], response: Response | None) -> Letter | None:
    answers = [event for event in events if event.kind == "responded"]
    if response and response.stage == Response.Stage.READY and complaint.state in WORKING:
        said = {"outcome": str(response.outcome), "planned_for": response.planned_for}
        return Letter(ANSWER, f"answer-{len(answers) + 1}", response.text, None, said)
    refusals = [event for event in events if event.kind == "declined"]
    if complaint.state == State.DECLINED and refusals:
        return _said(ANSWER, "decline", refusals)
    return _said(ANSWER, "answer", answers) if answers else None


def _completion(complaint: Complaint, events: list[Event]) -> Letter | None:
    asked = [event for event in events if event.kind == "asked"]
    return _said(COMPLETION, "ask", asked) if asked and complaint.state == State.AWAITING_COMPLAINANT else None


def _said(kind: str, about: str, events: list[Event]) -> Letter:
    last = events[-1]
    return Letter(kind, f"{about}-{len(events)}", str(last.data.get("text") or ""), last.at, last.data)


def _numbered(letter: Letter, events: list[Event]) -> Letter:
    """With the number it was given and nobody cancelled, the day and who signed."""
    given: Event | None = None
    for event in events:
        if event.kind == "letter_numbered" and event.data.get("about") == letter.about:
            given = event
        elif given and event.kind == "number_cancelled" and event.data.get("number") == given.data["number"]:
            given = None
    if given is None:
        return letter
    signed = given.data.get("signer")
    who = None
    if signed:
        who = Signer(signed["user"], Role(signed["role"]), signed["post"], signed["name"], signed.get("under", ""))
    return Letter(letter.kind, letter.about, letter.text, letter.at, letter.data, str(given.data["number"]), given.at, who)
