"""Which complaint the messages of a conversation belong to: the officer says so, and the files go along."""

from collections.abc import Iterable

from django.db import transaction

from kentongan.channels.meta.kinds import KINDS, LONGEST
from kentongan.channels.models import ChatMessage, Conversation
from kentongan.complaints import actions
from kentongan.complaints.models import Complaint
from kentongan.lib.text import whole
from kentongan.village.models import User

MARK = "chat-"


def unjoined(conversation: Conversation, until: int | None = None) -> list[ChatMessage]:
    """What the person said that belongs to no complaint yet, oldest first; ``until``: no message after that one."""
    found = conversation.messages.filter(ours=False, complaint=None, unsent_at=None).exclude(kind="")
    return list(found.filter(pk__lte=until) if until else found)


def text_of(messages: Iterable[ChatMessage]) -> str:
    """Their words, a line each; what has no words is named."""
    lines = [message.text or (f"({KINDS[message.kind]})" if KINDS.get(message.kind) else "") for message in messages]
    return "\n".join(line for line in lines if line)[:LONGEST]


def token(message: ChatMessage) -> str:
    """The mark under which the files of a message are kept until it belongs to a complaint."""
    return f"{MARK}{message.pk}"


def message_of(token: str) -> int | None:
    """The id of the message a mark belongs to; ``None`` for marks of other kinds."""
    return whole(token.removeprefix(MARK)) if token.startswith(MARK) else None


def belong(conversation: Conversation, messages: Iterable[ChatMessage], complaint: Complaint) -> None:
    """Give these messages with their files to the complaint, and let what comes next stand behind its wall. In the caller's transaction."""
    event = complaint.events.order_by("pk").last()
    for message in messages:
        message.complaint = complaint
        message.save(update_fields=["complaint"])
        if event:
            actions.adopt(token(message), complaint, event)
    conversation.complaint, conversation.waits = complaint, bool(unjoined(conversation))
    conversation.save(update_fields=["complaint", "waits"])


def held(conversation: Conversation) -> Conversation:
    """The same conversation, locked until the caller's transaction ends."""
    return Conversation.objects.select_for_update().get(pk=conversation.pk)


def join(conversation: Conversation, complaint: Complaint, *, until: int, by: User) -> bool:
    """Add what belongs nowhere yet to an open complaint; False when somebody was faster. Raises as ``actions.add`` does."""
    with transaction.atomic():
        locked = held(conversation)
        messages = unjoined(locked, until)
        if not messages:
            return False
        changed = actions.add(complaint, text=text_of(messages), by=by, via=locked.channel)
        belong(locked, messages, changed)
    return True


def dealt_with(conversation: Conversation, until: int) -> None:
    """Nothing more needs to be done with what was said up to that message."""
    later = conversation.messages.filter(ours=False, pk__gt=until).exclude(kind="")
    Conversation.objects.filter(pk=conversation.pk).exclude(messages__in=later).update(waits=False)
