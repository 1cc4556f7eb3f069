"""What goes out: cut to what the channel carries, within the time it may be answered, at most once."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from kentongan.channels.meta import graph, media
from kentongan.channels.models import ChatAccount, ChatMessage, Conversation
from kentongan.jobs import JobError, engine
from kentongan.lib import text as texts

SEND = "kentongan.channels.meta.tasks.send"
ATTEMPTS = 40
DAY = timedelta(hours=24)
BY_HUMAN = timedelta(days=7)  # Instagram, with Meta's approval
MOST = {"instagram": 1000, "whatsapp": 4096}  # bytes there, characters here
QUESTION = (
    "Halo, ini Desk Pengaduan Desa {desa}. Apa yang ingin Bapak/Ibu laporkan? "
    "Tuliskan apa yang terjadi, di mana, dan sejak kapan. Foto sangat membantu."
)
states = ChatMessage.State


def open_until(conversation: Conversation, account: ChatAccount, *, by_human: bool = True) -> datetime | None:
    """Until when an answer may go out; ``None`` when nothing was ever written that may be answered.

    ``by_human``: a person wrote it; Meta gives the longer time to nothing else (its human agent tag).
    """
    if conversation.window_at is None:
        return None
    longer = by_human and account.channel == "instagram" and account.human_agent
    return conversation.window_at + (BY_HUMAN if longer else DAY)


def parts(text: str, channel: str) -> list[str]:
    """``text`` in pieces the channel carries, cut between words where there are any."""

    def size(piece: str) -> int:
        return len(piece.encode()) if channel == "instagram" else len(piece)

    found: list[str] = []
    rest = texts.clean(text)
    while size(rest) > MOST[channel]:
        cut = len(rest[: MOST[channel]])
        while size(rest[:cut]) > MOST[channel]:
            cut -= 1
        space = max(rest.rfind(" ", 0, cut + 1), rest.rfind("\n", 0, cut + 1))
        cut = space if space > cut // 2 else cut
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in [*found, rest] if piece]


def write(conversation: Conversation, text: str, *, token: str, by: str = "", complaint: int | None = None) -> bool:
    """Write an answer and have it sent; False when this form was sent before. ``complaint``: the id of another than it talks about now."""
    try:
        with transaction.atomic():
            for number, piece in enumerate(parts(text, conversation.channel)):
                row = ChatMessage.objects.create(
                    village_id=conversation.village_id,
                    conversation=conversation,
                    channel=conversation.channel,
                    ours=True,
                    kind="text",
                    text=piece,
                    at=timezone.now(),
                    state=states.WAITING,
                    by=by,
                    complaint_id=complaint or conversation.complaint_id,
                    form_token=f"{token}:{number}",
                )
                _queue(row)
            if complaint in {None, conversation.complaint_id}:  # of another, its readers need not know
                Conversation.objects.filter(pk=conversation.pk).update(last_at=timezone.now())
    except IntegrityError:
        return False
    return True


def _queue(row: ChatMessage) -> None:
    engine.put(SEND, [row.pk], max_attempts=ATTEMPTS, unique_key=f"chat:{row.pk}")


def opened(conversation: Conversation) -> None:
    """The resident has written again: what waited for it leaves. In the caller's transaction."""
    waiting = conversation.messages.filter(state=states.SHUT, ours=True).order_by("pk")
    for row in waiting:
        row.state, row.reason = states.WAITING, ""
        row.save(update_fields=["state", "reason"])
        _queue(row)


def send(row: ChatMessage) -> None:
    """Send one message, at most once: from the moment Meta may have it until it says so it is SENDING, and a crash then leaves it UNSURE.

    Raises ``JobError`` when it may work later.
    """
    if row.state == states.SENDING:
        _over(row, states.UNSURE, "unsure")
    if row.state != states.WAITING:
        return
    account = media.account_of(row)
    if account is None or not account.active:
        _later(row, "off")
        return
    until = open_until(row.conversation, account, by_human=bool(row.by))
    if until is None or until <= timezone.now():
        _over(row, states.SHUT, "window")
        return
    if not ChatMessage.objects.filter(pk=row.pk, state=states.WAITING).update(state=states.SENDING):
        return
    try:
        said = graph.post(account, f"{account.account_id}/messages", _payload(row, account))
    except graph.CannotReach as error:
        _not_sent(row, account, error)
        return
    _sent(row, _id(said))
    if account.trouble in graph.OF_THE_ACCOUNT:
        ChatAccount.objects.filter(pk=account.pk).update(trouble="")


def _payload(row: ChatMessage, account: ChatAccount) -> dict[str, Any]:
    person = row.conversation.outside_id
    if account.channel == "whatsapp":
        kind = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": person}
        return {**kind, "type": "text", "text": {"body": row.text}}
    since = row.conversation.window_at
    late = since is not None and timezone.now() - since > DAY
    tag = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if late else {}
    return {"recipient": {"id": person}, "message": {"text": row.text}, **tag}


def _id(said: dict[str, Any]) -> str:
    listed = said.get("messages")
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    return str(said.get("message_id") or first.get("id") or "")[:200]


def _sent(row: ChatMessage, external_id: str) -> None:
    """Meta has it. Its echo or its state may have been told before: then that row was waiting for this one."""
    with transaction.atomic():
        told = ChatMessage.objects.filter(village=row.village_id, channel=row.channel, external_id=external_id).exclude(pk=row.pk)
        before = told.first() if external_id else None
        row.state, row.reason, row.at = states.SENT, "", timezone.now()
        if before:
            row.state = before.state if before.state != states.CAME else row.state
            row.reaction, row.unsent_at = before.reaction, before.unsent_at
            before.delete()
        row.external_id = external_id
        row.save(update_fields=["state", "reason", "at", "reaction", "unsent_at", "external_id"])


def _not_sent(row: ChatMessage, account: ChatAccount, error: graph.CannotReach) -> None:
    if error.unsure:
        _over(row, states.UNSURE, "unsure")
    elif error.key in {"window", "human_agent"}:
        if error.key == "human_agent":
            ChatAccount.objects.filter(pk=account.pk).update(human_agent=False, trouble="human_agent")
        _over(row, states.SHUT, "window")
    elif error.key in graph.LATER:
        if error.key in graph.OF_THE_ACCOUNT:
            ChatAccount.objects.filter(pk=account.pk).update(trouble=error.key)
        _later(row, error.key)
    else:
        _over(row, states.FAILED, error.key)


def _later(row: ChatMessage, key: str) -> None:
    ChatMessage.objects.filter(pk=row.pk).update(state=states.WAITING, reason=key)
    raise JobError(key)


def _over(row: ChatMessage, state: str, reason: str) -> None:
    row.state, row.reason = state, reason
    row.save(update_fields=["state", "reason"])


def ask(conversation: Conversation, message: ChatMessage, village_name: str) -> bool:
    """Answer a greeting or a sticker with a friendly question, once a day; False when there is nothing to ask."""
    lately = conversation.messages.filter(ours=True, at__gt=timezone.now() - DAY).exclude(kind="")
    if conversation.complaint_id or message.kind == "comment" or lately.exists():
        return False
    return write(conversation, QUESTION.format(desa=village_name), token=f"ask-{message.pk}")
