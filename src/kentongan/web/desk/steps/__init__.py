"""The steps an official may take, as forms: verb → form, read top to bottom in the order they are offered."""

from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Response
from kentongan.web.desk.steps import answer, papers, team, triage, upward, work
from kentongan.web.desk.steps.base import Setting as Setting
from kentongan.web.desk.steps.base import StepForm as StepForm

FORMS: dict[str, type[StepForm]] = {
    form.verb: form
    for form in (
        triage.Verify,
        triage.Complete,
        work.Assign,
        team.Accept,
        work.Start,
        answer.ApproveResponse,
        answer.ReturnResponse,
        answer.Respond,
        answer.DraftResponse,
        work.FollowUp,
        team.Visit,
        team.AnswerPart,
        upward.RecordReferralAnswer,
        upward.Chase,
        answer.Close,
        answer.Appeal,
        answer.Rate,
        answer.Deliver,
        triage.Ask,
        work.Note,
        work.Message,
        work.Add,
        work.Attach,
        work.Reassign,
        team.HandOver,
        team.GiveBack,
        team.AddTask,
        team.FinishTask,
        upward.Refer,
        triage.ExtendDeadline,
        triage.Reclassify,
        triage.Name,
        triage.Recuse,
        triage.Split,
        triage.Merge,
        triage.Decline,
        triage.Withdraw,
        answer.Reopen,
        papers.NumberLetter,
    )
}
# Shown at once; the others fold away under "Other steps".
NEAR = frozenset({
    "verify", "complete", "assign", "start", "approve_response", "return_response", "respond", "draft_response", "follow_up",
    "accept", "answer_part", "hand_over", "give_back", "visit",
    "record_referral_answer", "chase", "close", "appeal", "rate", "deliver", "ask", "note", "message",
})  # fmt: skip
_LIKELY: dict[State, tuple[str, ...]] = {
    State.RECEIVED: ("verify",),
    State.AWAITING_COMPLAINANT: ("complete",),
    State.VERIFIED: ("assign",),
    State.ASSIGNED: ("start",),
    State.IN_PROGRESS: ("draft_response", "follow_up"),
    State.REFERRED: ("record_referral_answer",),
    State.RESPONDED: ("close",),
    State.DECLINED: ("deliver",),
    State.MERGED: ("deliver",),
}


def offered(setting: Setting) -> list[str]:
    """The verbs this person may take now, the likely one first."""
    verbs = [verb for verb, form in FORMS.items() if setting.may(verb) and form.offered(setting)]
    first = likely(setting, verbs)
    return sorted(verbs, key=lambda verb: verb != first)


def likely(setting: Setting, verbs: list[str]) -> str:
    """The one step that stands first, or "" when nothing presses."""
    if "name" in verbs and "verify" not in verbs and setting.mentioned:
        return "name"  # new words speak of somebody at the office
    for verb in ("approve_response", "respond"):
        if verb in verbs:
            return verb
    if setting.response and setting.response.stage == Response.Stage.WAITING:
        return ""
    if "chase" in verbs and setting.last_of("referred", "chased", "agency_late") == "agency_late":
        return "chase"
    wanted = _LIKELY.get(setting.state, ())
    if setting.is_unheld and "reassign" in verbs:
        return "reassign"
    if setting.state == State.IN_PROGRESS and len(setting.current) > 1:
        return _of_several(setting, verbs)
    if setting.state in {State.ASSIGNED, State.IN_PROGRESS} and not setting.given_to_me:
        return ""  # it is with others
    return next((verb for verb in wanted if verb in verbs), "")


def _of_several(setting: Setting, verbs: list[str]) -> str:
    """Where several answer: take one's part on, write it; when all are written, make one answer of them."""
    part = team.own_part(setting)
    if part is not None and part.accepted_at is None:
        return "accept"
    if part is not None and part.answered_at is None:
        return "answer_part"
    written = all(row.answered_at for row in setting.current)
    return "draft_response" if written and "draft_response" in verbs else ""
