"""The one door in. Whatever the channel, a message passes ``accept`` exactly once."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from kentongan.channels.base import Contact, Details, Incoming
from kentongan.channels.models import IncomingMessage
from kentongan.complaints import access, actions, mentions
from kentongan.complaints.models import Complainant, Complaint, ShutOut
from kentongan.lib import rows
from kentongan.lib import text as texts
from kentongan.village import leave
from kentongan.village.models import User, Village
from kentongan.village.roles import Role

# What an officer may still judge; one that was taken for a machine's is a person's if he says so.
WAITING = (IncomingMessage.State.QUARANTINED, IncomingMessage.State.AUTOMATIC, IncomingMessage.State.DISCARDED)
UNREADABLE = "(Surat yang tidak dapat dibaca di sini; lihat surat aslinya.)"


@dataclass(frozen=True)
class Accepted:
    """What became of a message: a complaint with its number, or ``None`` while it waits for the officer. ``again``: it was here before."""

    message: IncomingMessage
    complaint: Complaint | None
    again: bool = False


def accept(incoming: Incoming, *, village: Village, by: User | None = None, robot: bool = False) -> Accepted:
    """Enter a message in the book, or keep it for the officer when nothing in it can be acted on. Idempotent on (village, channel, external id).

    What an officer enters himself (``by``) is never doubted.
    """
    before = _seen(incoming, village) if incoming.attachments else None  # files lie on the disk before the table can refuse
    if before:
        return before
    incoming = replace(incoming, text=texts.clean(incoming.text))
    doubt = "" if by else _doubt(incoming, robot)
    if doubt and _about_its_reader(incoming, village):
        doubt = ""
    try:
        with transaction.atomic(), rows.together():
            complaint = None if doubt else _enter(incoming, village, by)
            message = _row(incoming, village, complaint, doubt)
            rows.insert(message)
            if doubt:
                actions.keep(incoming.attachments, None, None, village_id=village.pk, token=incoming.external_id)
    except IntegrityError:
        before = _seen(incoming, village)
        if before is None:
            raise
        return before
    return Accepted(message, complaint)


def admit(
    message: IncomingMessage, incoming: Incoming, *, village: Village, doubt: str = "", hint: Complaint | None = None
) -> None:
    """As ``accept``, for a message that was stored before it was read; ``doubt`` says why a person must look at it first.

    Written with the caller's transaction, which holds the message locked.
    """
    incoming = replace(incoming, text=texts.clean(incoming.text))
    doubt = doubt or _doubt(incoming, robot=False)
    if doubt and (_about_its_reader(incoming, village) or (hint and _keeps_out(hint, _readers(village.pk)))):
        doubt, incoming = "", replace(incoming, text=incoming.text or incoming.details.subject or UNREADABLE)
    states = IncomingMessage.State
    message.reason, message.hint = doubt, hint
    if doubt:
        message.state = states.QUARANTINED
        message.text, message.sender, message.details = incoming.text, asdict(incoming.sender), asdict(incoming.details)
        actions.keep(incoming.attachments, None, None, village_id=village.pk, token=incoming.external_id)
    else:
        message.state, message.complaint = states.ACCEPTED, _enter(incoming, village, None)
        if hint:
            actions.keep_out_as(message.complaint, hint)
    message.save(update_fields=["state", "reason", "hint", "complaint", "text", "sender", "details"])


def _seen(incoming: Incoming, village: Village) -> Accepted | None:
    same = IncomingMessage.objects.filter(village=village, channel=incoming.channel, external_id=incoming.external_id)
    message = same.select_related("complaint").first()
    return Accepted(message, message.complaint, again=True) if message else None


def _doubt(incoming: Incoming, robot: bool) -> str:
    if robot:
        return IncomingMessage.Reason.ROBOT
    if texts.looks_like_spam(incoming.text):
        return IncomingMessage.Reason.SPAM
    return "" if texts.has_object(incoming.text) else IncomingMessage.Reason.NO_OBJECT


def _readers(village_id: str) -> set[int]:
    """Who reads the waiting messages: the officer, or the first stand-in whose post is held."""
    officials = mentions.people(village_id)
    held = {person.role for person in officials}
    role = next((role for role in (Role.OFFICER, *access.STAND_INS[Role.OFFICER]) if role in held), None)
    return {person.user_id for person in officials if person.role == role} | {
        there for away, there in leave.today(village_id) if away in {p.user_id for p in officials if p.role == role}
    }


def _keeps_out(complaint: Complaint, people: set[int]) -> bool:
    return ShutOut.objects.filter(complaint=complaint, user__in=people).exists()


def keeps_out_its_readers(complaint: Complaint) -> bool:
    """Whether somebody who reads the waiting messages is shut out of this complaint: what belongs to it must not wait among them."""
    return _keeps_out(complaint, _readers(complaint.village_id))


def about_its_reader(text: str, village: Village) -> bool:
    """Whether words speak of somebody who reads the waiting messages: the wall stands around the book alone, so they must go there."""
    return not _readers(village.pk).isdisjoint(mentions.spoken_of(text, mentions.people(village.pk)))


def _about_its_reader(incoming: Incoming, village: Village) -> bool:
    said = mentions.everything_said(incoming.text, incoming.details)
    return about_its_reader(said, village) or not _readers(village.pk).isdisjoint(incoming.details.named)


def _row(incoming: Incoming, village: Village, complaint: Complaint | None, doubt: str) -> IncomingMessage:
    states = IncomingMessage.State
    kept = {} if complaint else {"text": incoming.text, "sender": asdict(incoming.sender), "details": asdict(incoming.details)}
    return IncomingMessage(
        village=village,
        channel=incoming.channel,
        external_id=incoming.external_id,
        state=states.QUARANTINED if doubt else states.ACCEPTED,
        reason=doubt,
        received_at=incoming.received_at,
        complaint=complaint,
        **kept,
    )


def _enter(incoming: Incoming, village: Village, by: User | None) -> Complaint:
    entry = actions.Entry(
        text=incoming.text,
        channel=incoming.channel,
        received_at=incoming.received_at,
        complainant=_complainant(incoming.sender, village),
        **vars(incoming.details),
    )
    return actions.receive(entry, village=village, by=by, files=incoming.attachments, form_token=incoming.external_id)


def _complainant(sender: Contact, village: Village) -> Complainant | None:
    if sender.known:
        known = Complainant.objects.filter(village=village, pk=sender.known).first()
        if known:
            return known
    if not (sender.name or sender.phone or sender.email):
        return None
    return Complainant(
        village=village,
        name=sender.name,
        phone=sender.phone,
        email=sender.email,
        address=sender.address,
        hamlet_id=sender.hamlet_id,
        rw=sender.rw,
        rt=sender.rt,
    )


def release(message: IncomingMessage, *, by: User) -> Complaint:
    """The officer finds that a waiting message is a complaint after all: it gets its number, with the time it came.

    Raises ``IncomingMessage.DoesNotExist`` when it came to another village; so does ``discard``. One that waits no more leads to its
    complaint, as far as this person may see it (``Complaint.DoesNotExist``).
    """
    with transaction.atomic():
        locked = IncomingMessage.objects.select_for_update().get(pk=message.pk, village=by.standing.village_id)
        if locked.state not in WAITING or (locked.complaint_id and locked.state == IncomingMessage.State.AUTOMATIC):
            return Complaint.visible_to(by).get(pk=locked.complaint_id or 0)
        incoming = _kept(locked)
        complaint = _enter(incoming, locked.village, by)
        locked.state, locked.complaint = IncomingMessage.State.ACCEPTED, complaint
        locked.text, locked.sender, locked.details = "", {}, {}
        _handled(locked, by)
    return complaint


def discard(message: IncomingMessage, *, by: User) -> None:
    """The officer finds nothing in it; it is set aside, and kept."""
    with transaction.atomic():
        locked = IncomingMessage.objects.select_for_update().get(pk=message.pk, village=by.standing.village_id)
        if locked.state in WAITING:
            locked.state = IncomingMessage.State.DISCARDED
            _handled(locked, by)


def join(message: IncomingMessage, complaint: Complaint, *, by: User) -> None:
    """The officer finds that a waiting message belongs to a complaint: its words and files go there.

    Raises as ``actions.add`` does, and ``IncomingMessage.DoesNotExist`` when somebody was faster.
    """
    with transaction.atomic():
        waiting = IncomingMessage.objects.select_for_update().filter(state__in=WAITING, complaint=None)
        locked = waiting.get(pk=message.pk, village=by.standing.village_id)
        changed = actions.add(complaint, text=locked.text, by=by, via=locked.channel)
        event = changed.events.order_by("pk").last()
        if event:
            actions.adopt(locked.external_id, changed, event)
        locked.state, locked.complaint = IncomingMessage.State.JOINED, changed
        locked.text, locked.sender, locked.details = "", {}, {}
        _handled(locked, by)


def _handled(message: IncomingMessage, by: User) -> None:
    message.handled_by, message.handled_at = by.standing.label, timezone.now()
    message.save()


def _kept(message: IncomingMessage) -> Incoming:
    details = {**message.details, "named": tuple(message.details.get("named", ()))}
    received: datetime = message.received_at
    return Incoming(
        channel=message.channel,
        external_id=message.external_id,
        sender=Contact(**message.sender),
        text=message.text,
        received_at=received,
        details=Details(**details),
    )
