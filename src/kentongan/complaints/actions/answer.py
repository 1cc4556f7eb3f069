"""The answer: drafted, checked, approved, delivered; and what the complainant says to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from kentongan.complaints import clocks, deadlines, plans
from kentongan.complaints.actions import conflict
from kentongan.complaints.actions._act import Act, NewFile, acting
from kentongan.complaints.lifecycle import NotAllowed, NotYours, State
from kentongan.complaints.models import Complaint, Delivery, Outcome, Response
from kentongan.village.models import User
from kentongan.village.roles import Role


@dataclass(frozen=True)
class Delivered:
    """One delivery as the officer records it: to whom, how (a channel's key, ``board`` or ``courier``), whether it reached, a note."""

    to: str
    how: str
    reached: bool = True
    note: str = ""


def draft_response(
    complaint: Complaint, *, text: str, by: User, outcome: str = "", planned_for: str = "", files: Iterable[NewFile] = ()
) -> Complaint:
    """Write the answer, or write it anew; it goes to the first who must approve it, or is ready at once when nobody must.

    ``planned_for``: as ``plans.written`` writes it. Raises ``ValueError`` when something is planned and no month is said.
    """
    if outcome == Outcome.PLANNED and plans.day_of(planned_for) is None:
        raise ValueError("say in which plan, which year and which month")
    with acting(complaint, "draft_response", by=by) as act:
        response = act.complaint.responses.exclude(stage=Response.Stage.DELIVERED).last() or Response(
            village=act.village, complaint=act.complaint
        )
        response.text, response.outcome, response.planned_for = text, Outcome(outcome) if outcome else "", planned_for
        response.drafted_by, response.drafted_at, response.approvals = act.label, act.now, []
        _pass_on(response, act)
        response.save()
        act.record("response_drafted", files, text=text, outcome=outcome)
    return act.complaint


def _pass_on(response: Response, act: Act) -> None:
    """To the next role whose approval is missing; nobody's draft is his own approval."""
    given = {approval["role"] for approval in response.approvals}
    missing = [role for role in act.village.approvers if role not in given]
    response.waiting_for = missing[0] if missing else ""
    response.stage = Response.Stage.WAITING if missing else Response.Stage.READY


def approve_response(complaint: Complaint, *, by: User, text: str | None = None) -> Complaint:
    """Approve the answer, with corrected words when ``text`` is given. Raises ``NotYours`` when another role's approval is next."""
    with acting(complaint, "approve_response", by=by) as act:
        response = _waiting(act)
        if text is not None:
            response.text = text
        response.approvals = [*response.approvals, {"role": response.waiting_for, "label": act.label, "at": act.now.isoformat()}]
        role = response.waiting_for
        _pass_on(response, act)
        response.save()
        act.record("response_approved", role=role, ready=response.stage == Response.Stage.READY)
    return act.complaint


def return_response(complaint: Complaint, *, text: str, by: User) -> Complaint:
    """Send the draft back with the reason. Raises ``NotYours`` when another role's approval is next."""
    with acting(complaint, "return_response", by=by) as act:
        response = _waiting(act)
        response.stage, response.waiting_for, response.approvals = Response.Stage.RETURNED, "", []
        response.save()
        act.record("response_returned", text=text)
    return act.complaint


def _waiting(act: Act) -> Response:
    response = act.complaint.responses.filter(stage=Response.Stage.WAITING).last()
    if response is None:
        raise NotAllowed("approve_response", act.complaint.state)
    if act.by is None or Role(response.waiting_for) not in act.circle.roles_of(act.by):
        raise NotYours("approve_response")
    return response


def respond(complaint: Complaint, *, deliveries: Iterable[Delivered], by: User, files: Iterable[NewFile] = ()) -> Complaint:
    """Deliver the approved answer to the complainant and to related parties; from now on he may object within the reply window.

    Raises ``NotAllowed`` when no answer is ready, or nobody was reached.
    """
    with acting(complaint, "respond", by=by) as act:
        changed = act.complaint
        response = changed.responses.filter(stage=Response.Stage.READY).last()
        records = list(deliveries)
        if response is None or not any(record.reached for record in records):
            raise NotAllowed("respond", complaint.state)
        response.stage, response.delivered_at = Response.Stage.DELIVERED, act.now
        response.save()
        _record_deliveries(act, response, records)
        clocks.resume(changed, act.village, act.now)
        changed.on_time = act.now <= clocks.promised(changed, clocks.calendar_of(act.village))
        changed.responded_at = act.now
        if changed.answer_days is None:
            changed.answer_days = clocks.days_taken(changed, act.village, act.now)
        changed.outcome = response.outcome
        changed.planned_on = plans.day_of(response.planned_for)
        changed.due_at = deadlines.due(act.now, act.village.clock("reply"), clocks.calendar_of(act.village))
        act.record("responded", files, text=response.text, outcome=response.outcome, planned_for=response.planned_for)
    return act.complaint


def deliver(complaint: Complaint, *, delivered: Delivered, by: User) -> Complaint:
    """Record one more delivery, or an attempt that reached nobody."""
    with acting(complaint, "deliver", by=by) as act:
        response = act.complaint.responses.filter(stage=Response.Stage.DELIVERED).last()
        _record_deliveries(act, response, [delivered])
        act.record("delivered", to=delivered.to, how=delivered.how, reached=delivered.reached, text=delivered.note)
    return act.complaint


def undelivered(complaint: Complaint, *, what: str, reason: str, by: User | None = None) -> Complaint:
    """A letter to the complainant did not arrive: the officer must find another way. ``what``: the kind of letter, ``reason``: why.

    An answer that did not arrive counts as one more delivery that reached nobody. ``by=None``: the mail server said so.
    """
    with acting(complaint, "undelivered", by=by, system=by is None) as act:
        response = act.complaint.responses.filter(stage=Response.Stage.DELIVERED).last()
        if what == "responded" and response:
            _record_deliveries(act, response, [Delivered("", "email", reached=False)])
        act.record("undelivered", what=what, reason=reason)
    return act.complaint


def _record_deliveries(act: Act, response: Response | None, records: list[Delivered]) -> None:
    Delivery.objects.bulk_create(
        Delivery(
            village=act.village,
            complaint=act.complaint,
            response=response,
            to=record.to,
            how=record.how,
            result=Delivery.Result.REACHED if record.reached else Delivery.Result.NOT_REACHED,
            note=record.note,
            at=act.now,
            by_label=act.label,
        )
        for record in records
    )


def appeal(complaint: Complaint, *, text: str, by: User | None, files: Iterable[NewFile] = (), via: str = "web") -> Complaint:
    """The complainant objects to the answer: it is open again, with its whole history. Raises ``NotAllowed`` after the reply window."""
    with acting(complaint, "appeal", by=by, via=via) as act:
        conflict.keep_out(act, text)
        if by is None and act.complaint.due_at and act.complaint.due_at < act.now:
            raise NotAllowed("appeal", State.RESPONDED)
        _open_again(act)
        act.record("appealed", files, text=text)
    return act.complaint


def reopen(complaint: Complaint, *, text: str, by: User) -> Complaint:
    """Open an ended complaint again."""
    with acting(complaint, "reopen", by=by) as act:
        act.complaint.master = None
        act.complaint.decline_reason = ""
        _open_again(act)
        act.record("reopened", text=text)
    return act.complaint


def _open_again(act: Act) -> None:
    """The clock starts anew from today; what was promised before stays in the events."""
    changed = act.complaint
    changed.reopened += 1
    changed.outcome, changed.responded_at, changed.on_time, changed.planned_on = "", None, None, None
    changed.paused_days, changed.paused_at, changed.solution_days = 0, None, None
    changed.verified_at = changed.verified_at or act.now
    clocks.start_answer(changed, act.village, since=act.now)


def close(complaint: Complaint, *, by: User | None, outcome: str = "", text: str = "") -> Complaint:
    """End it with its outcome. ``by=None``: the reply window passed in silence."""
    with acting(complaint, "close", by=by, system=by is None) as act:
        act.complaint.outcome = Outcome(outcome) if outcome else act.complaint.outcome or Outcome.RESOLVED
        act.complaint.due_at = None
        act.complaint.solution_days = clocks.days_taken(act.complaint, act.village, act.complaint.ended_at or act.now)
        act.record("closed", outcome=str(act.complaint.outcome), text=text, silent=by is None)
    return act.complaint


def withdraw(complaint: Complaint, *, text: str, by: User | None, via: str = "web", pressed: bool = False) -> Complaint:
    """The complainant takes it back; the reason stays in the book. ``pressed``: there are signs that somebody pressed him."""
    with acting(complaint, "withdraw", by=by, via=via) as act:
        act.complaint.due_at = None
        act.record("withdrawn", text=text, pressed=pressed)
    return act.complaint


def rate(complaint: Complaint, *, score: int, by: User | None, text: str = "", via: str = "web") -> Complaint:
    """What the complainant thinks of the answer, 1 (not at all) to 4 (very), given by himself or told to the officer.

    Raises ``ValueError`` for any other score.
    """
    if score not in range(1, 5):
        raise ValueError("the score goes from 1 to 4")
    with acting(complaint, "rate", by=by, via=via) as act:
        act.complaint.rating = score
        act.record("rated", score=score, text=text)
    return act.complaint
