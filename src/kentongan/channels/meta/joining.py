"""Which complaint the messages of a conversation belong to: the officer says so, and the files go along."""

from collections.abc import Iterable

from kentongan.channels.meta.kinds import KINDS, LONGEST
from kentongan.channels.models import ChatMessage, Conversation
from kentongan.complaints import actions
from kentongan.complaints.models import Complaint


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
    return f"chat-{message.pk}"


def belong(conversation: Conversation, messages: Iterable[ChatMessage], complaint: Complaint) -> None:
    """Give these messages with their files to the complaint, and let what comes next stand behind its wall. In the caller's transaction."""
    event = complaint.events.order_by("pk").last()
    for message in messages:
        message.complaint = complaint
        message.save(update_fields=["complaint"])
        if event:
            actions.adopt(token(message), complaint, event)
    conversation.complaint = complaint
    conversation.save(update_fields=["complaint"])
