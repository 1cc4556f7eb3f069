"""The first look: is it complete, is it ours, what is it, whom does it concern."""

from collections.abc import Iterable

from kentongan.complaints import clocks, deadlines, search
from kentongan.complaints.actions import conflict
from kentongan.complaints.actions._act import NewFile, acting
from kentongan.complaints.actions.receive import Entry, receive
from kentongan.complaints.lifecycle import ENDED, NotAllowed
from kentongan.complaints.models import Complainant, Complaint, DeclineReason, ShutOut, Urgency
from kentongan.village.models import Agency, Category, Kind, User


def ask(complaint: Complaint, *, text: str, by: User | None, system: bool = False) -> Complaint:
    """Ask the complainant to complete it; the clock stands still until he does, at most the village's ``complete`` days.

    ``system``: asked by the receipt of a message that came without what the SOP requires.
    """
    with acting(complaint, "ask", by=by, system=system) as act:
        clocks.pause(act.complaint, act.now)
        calendar = clocks.calendar_of(act.village)
        act.complaint.due_at = deadlines.due(act.now, act.village.clock("complete"), calendar)
        act.record("asked", text=text, until=act.complaint.due_at.isoformat())
    return act.complaint


def complete(
    complaint: Complaint,
    *,
    text: str,
    by: User | None,
    files: Iterable[NewFile] = (),
    identity: Complainant | None = None,
    via: str = "web",
) -> Complaint:
    """The complainant gave what was missing; it is looked at again. ``identity``: a corrected or first identity, unsaved.

    Whom the new words speak of is shut out until the officer has read them, as at the first.
    """
    with acting(complaint, "complete", by=by, via=via) as act:
        clocks.resume(act.complaint, act.village, act.now)
        clocks.start(act.complaint, act.village, "verify")
        if identity:
            identity.save()
            act.complaint.complainant = identity
        conflict.keep_out(act, text)
        act.record("completed", files, text=text, identity=identity is not None)
    return act.complaint


def verify(
    complaint: Complaint,
    *,
    category: Category,
    kind: str,
    urgency: str,
    by: User,
    subject: str = "",
    inspection: bool = False,
    confidential: bool | None = None,
    concerned: Iterable[User] = (),
) -> Complaint:
    """It is complete and ours: kind, category and urgency are set, the answer's clock runs from the day of receipt.

    ``concerned``: the officials it is really about. They stay shut out; those the text only mentioned are let in again.
    """
    with acting(complaint, "verify", by=by) as act:
        changed = act.complaint
        changed.category, changed.kind, changed.urgency, changed.inspection = category, Kind(kind), Urgency(urgency), inspection
        changed.subject = subject or changed.subject
        changed.confidential = changed.confidential if confidential is None else confidential
        changed.verified_at = act.now
        clocks.start_answer(changed, act.village)
        shut = conflict.settle(changed, concerned)
        search.index(changed)
        act.record(
            "verified",
            category=category.name,
            kind=str(changed.kind),
            urgency=str(changed.urgency),
            inspection=inspection,
            concerned=shut,
        )
    return act.complaint


def reclassify(
    complaint: Complaint, *, category: Category, kind: str, urgency: str, by: User, inspection: bool = False
) -> Complaint:
    """Correct kind, category or urgency after verification; the clock follows the new kind, days promised beyond it stay."""
    with acting(complaint, "reclassify", by=by) as act:
        changed = act.complaint
        before = changed.category.name if changed.category else ""
        promised = changed.clock_days
        clocks.start_answer(changed, act.village)
        extended = max(0, promised - changed.clock_days)
        changed.category, changed.kind, changed.urgency, changed.inspection = category, Kind(kind), Urgency(urgency), inspection
        clocks.start_answer(changed, act.village)
        changed.clock_days += extended
        clocks.wind(changed, act.village)
        act.record("reclassified", category=category.name, before=before, kind=str(changed.kind), urgency=str(changed.urgency))
    return act.complaint


def extend_deadline(complaint: Complaint, *, days: int, text: str, by: User) -> Complaint:
    """Promise a later day, with the reason, told to the complainant.

    Raises ``NotAllowed`` where the category allows one extension (public information: 10 days and once 7 more, UU 14/2008 art. 22)
    and it was had, or is exceeded.
    """
    with acting(complaint, "extend_deadline", by=by) as act:
        if not may_extend(act.complaint, days):
            raise NotAllowed("extend_deadline", act.complaint.state)
        act.complaint.clock_days += days
        until = clocks.wind(act.complaint, act.village)
        act.record("deadline_extended", days=days, text=text, until=until.isoformat())
    return act.complaint


def may_extend(complaint: Complaint, days: int) -> bool:
    """Whether the clock may be extended by so many working days."""
    most = complaint.category.extension_days if complaint.category else None
    if most is None:
        return True
    had = complaint.events.filter(kind="deadline_extended", at__gte=complaint.clock_from)
    return days <= most and not had.exists()


def decline(complaint: Complaint, *, reason: str, text: str, by: User, agency: Agency | None = None) -> Complaint:
    """It cannot be processed: with a reason in plain words and, when it is not ours, the right address."""
    with acting(complaint, "decline", by=by) as act:
        act.complaint.decline_reason = DeclineReason(reason)
        clocks.resume(act.complaint, act.village, act.now)
        act.complaint.due_at = None
        act.record("declined", reason=reason, text=text, agency=agency.name if agency else "")
    return act.complaint


def merge(complaint: Complaint, *, master: Complaint, by: User) -> Complaint:
    """Join it with another complaint on the same matter; it keeps its own number and gets its own answer.

    Raises ``Complaint.DoesNotExist`` when the other one is not this person's to see, ``NotAllowed`` when it has ended or
    when others are joined with this one already.
    """
    other = Complaint.visible_to(by).get(pk=master.pk, village_id=complaint.village_id)
    if other.pk == complaint.pk or other.state in ENDED or complaint.merged.exists():
        raise NotAllowed("merge", other.state)
    with acting(complaint, "merge", by=by) as act:
        act.complaint.master = other
        act.complaint.due_at = None
        act.record("merged", into=other.number)
    return act.complaint


def split(complaint: Complaint, *, text: str, subject: str, by: User) -> Complaint:
    """Give another matter in the same message a number, an owner and a clock of its own. Returns the new complaint.

    Whom the whole shuts out sees nothing of the part either, until the officer has verified it.
    """
    with acting(complaint, "split", by=by) as act:
        origin = act.complaint
        part = receive(
            Entry(
                text=text,
                subject=subject,
                channel=origin.channel,
                received_at=origin.received_at,
                complainant=origin.complainant,
                identity_hidden=origin.identity_hidden,
                confidential=origin.confidential,
                hamlet_id=origin.hamlet_id,
                rw=origin.rw,
                rt=origin.rt,
                split_from=origin,
            ),
            village=act.village,
            by=by,
        )
        conflict.mention(part, set(ShutOut.objects.filter(complaint=origin).values_list("user_id", flat=True)))
        act.record("split", into=part.number)
    return part
