"""What Meta told becomes conversations. Whatever comes twice, late or in the wrong order leads to the same end."""

from datetime import datetime

from django.db.models import Q

from kentongan.channels import intake
from kentongan.channels.base import Contact, Incoming
from kentongan.channels.meta import graph, joining, sending
from kentongan.channels.meta.kinds import Fact, Marked, ReadUpTo, Said
from kentongan.channels.models import ChatAccount, ChatMessage, Conversation
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import ENDED
from kentongan.lib import text as texts
from kentongan.village.models import Village

states = ChatMessage.State
# How far a message has come; it never goes back.
_RANK = {
    states.WAITING: 0,
    states.SHUT: 0,
    states.SENDING: 1,
    states.UNSURE: 1,
    states.SENT: 2,
    states.DELIVERED: 3,
    states.READ: 4,
}


def take(fact: Fact, account: ChatAccount, village: Village) -> ChatMessage | None:
    """Write down one fact, in the caller's transaction. Returns the message, when it is new and not ours."""
    conversation = _held(fact, account)
    if isinstance(fact, Said):
        return _said(fact, conversation, village)
    if isinstance(fact, Marked):
        _marked(fact, conversation)
    else:
        _read(fact, conversation)
    return None


def _held(fact: Fact, account: ChatAccount) -> Conversation:
    """The conversation with this person, locked: two messages at once are one conversation."""
    key = {"village_id": account.village_id, "channel": account.channel, "outside_id": fact.person}
    Conversation.objects.get_or_create(**key, defaults={"last_at": fact.at})
    return Conversation.objects.select_for_update(of=("self",)).select_related("complaint").get(**key)


def _said(fact: Said, conversation: Conversation, village: Village) -> ChatMessage | None:
    row = _row(fact.id, conversation, fact.at, ours=fact.ours)
    if row.kind:
        return None  # it came before, or we sent it
    row.kind, row.text, row.at, row.ours, row.answers = fact.kind, fact.text, fact.at, fact.ours, fact.answers
    row.conversation, row.media = conversation, [] if row.unsent_at else [dict(one) for one in fact.media]
    if fact.ours and row.state == states.CAME:
        row.state, row.complaint = states.SENT, conversation.complaint  # somebody answered in the app itself
    row.save()
    conversation.last_at = max(conversation.last_at, fact.at)
    if not fact.ours:
        conversation.name, conversation.handle = fact.name or conversation.name, fact.handle or conversation.handle
        conversation.waits = True
        if fact.kind != "comment":
            conversation.window_at = _later(conversation.window_at, fact.at)
    conversation.save(update_fields=["last_at", "name", "handle", "waits", "window_at"])
    if not fact.ours and fact.kind != "comment":
        sending.opened(conversation)
    if fact.ours:
        return None
    _wall(row, conversation, village)
    return row


def _row(external_id: str, conversation: Conversation, at: datetime, *, ours: bool) -> ChatMessage:
    """The message's row, or an empty one that waits for it."""
    key = {"village_id": conversation.village_id, "channel": conversation.channel, "external_id": external_id}
    waiting = {"conversation": conversation, "at": at, "ours": ours}
    row: ChatMessage = ChatMessage.objects.get_or_create(**key, defaults=waiting)[0]
    return row


def _later(before: datetime | None, at: datetime) -> datetime:
    return at if before is None else max(before, at)


def _wall(row: ChatMessage, conversation: Conversation, village: Village) -> None:
    """Words about who reads the conversations must not wait among them: the wall stands around complaints alone.

    In an open complaint's conversation they shut out whom they speak of; and where its readers are shut out, what comes joins it
    without them. Else such words are a complaint at once.
    """
    complaint = conversation.complaint
    if complaint is not None and complaint.state not in ENDED:
        actions.mention_text(complaint, row.text)
        if intake.keeps_out_its_readers(complaint):
            actions.add(complaint, text=joining.text_of([row]), by=None, via=conversation.channel)
            joining.belong(conversation, [row], complaint)
        return
    hidden = complaint is not None and intake.keeps_out_its_readers(complaint) and texts.has_object(row.text)
    if hidden or intake.about_its_reader(row.text, village):
        _enter(row, conversation, village)


def _enter(row: ChatMessage, conversation: Conversation, village: Village) -> None:
    before, waiting = conversation.complaint, joining.unjoined(conversation)
    incoming = Incoming(
        channel=conversation.channel,
        external_id=row.external_id,
        sender=contact(conversation),
        text=joining.text_of(waiting),
        received_at=row.at,
    )
    accepted = intake.accept(incoming, village=village)
    if accepted.complaint and not accepted.again:
        if before:
            actions.keep_out_as(accepted.complaint, before)
        joining.belong(conversation, waiting, accepted.complaint)


def contact(conversation: Conversation) -> Contact:
    """Who it is, as far as the channel tells."""
    phone = f"+{conversation.outside_id}" if conversation.channel == "whatsapp" and conversation.outside_id.isdigit() else ""
    handle = f"@{conversation.handle}" if conversation.handle else ""
    return Contact(name=conversation.name or handle, phone=phone[:20])


def _marked(fact: Marked, conversation: Conversation) -> None:
    row = _row(fact.id, conversation, fact.at, ours=fact.ours)
    if fact.what == "unsent":
        row.unsent_at, row.media = row.unsent_at or fact.at, []
    elif fact.what == "reaction":
        row.reaction = fact.value
    elif not _moves(row.state, fact.value):
        return
    else:
        row.state, row.ours = fact.value, True
        if fact.value == states.FAILED:
            row.reason = graph.key_of(int(fact.reason) if fact.reason.isdigit() else 0)
            row.state = states.SHUT if row.reason == "window" else row.state
    row.save(update_fields=["unsent_at", "media", "reaction", "state", "ours", "reason"])


def _moves(before: str, after: str) -> bool:
    """Whether a state is further on: what was delivered did not fail, what was read is not delivered only."""
    if after == states.FAILED:
        return _RANK.get(states(before), 0) <= _RANK[states.SENT]
    return before not in {states.FAILED} and _RANK.get(states(before), 0) < _RANK[states(after)]


def _read(fact: ReadUpTo, conversation: Conversation) -> None:
    unread = Q(state__in=[states.SENT, states.DELIVERED]) & Q(ours=True, at__lte=fact.at)
    conversation.messages.filter(unread).update(state=states.READ)
