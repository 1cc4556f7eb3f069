"""Files and names that Meta only points to: fetched at once, since the links are short-lived, and kept like every upload."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kentongan.channels.meta import graph, joining
from kentongan.channels.models import ChatAccount, ChatMessage, Conversation
from kentongan.complaints import actions
from kentongan.complaints.actions import NewFile
from kentongan.complaints.models import Complaint
from kentongan.jobs import JobError
from kentongan.lib import files

NAME_HOLDS = timedelta(days=7)


def account_of(row: ChatMessage | Conversation) -> ChatAccount | None:
    return ChatAccount.objects.filter(village=row.village_id, channel=row.channel).first()


def fetch(message: ChatMessage) -> None:
    """Fetch what a message carries. What cannot be kept is said on the message; what may work later raises ``JobError``."""
    account = account_of(message)
    if account is None or message.unsent_at or not message.media:
        return
    kept, reason = [], ""
    for number, one in enumerate(message.media, start=1):
        try:
            fit = files.cleaned(_content(account, one))
            kept.append(NewFile(f"{'foto' if fit.mime.startswith('image/') else 'berkas'}-{number}.{fit.extension}", fit))
        except files.Refused as refusal:
            reason = {"large": "media_large", "kind": "media_kind"}.get(refusal.reason, "media")
        except graph.CannotReach as error:
            if error.key in graph.LATER:
                raise JobError(error.key) from error
            reason = error.key
    with transaction.atomic():
        mine = ChatMessage.objects.select_for_update().get(pk=message.pk)
        if mine.media != message.media:
            return  # another worker was faster, or it was taken back
        actions.keep(kept, None, None, village_id=mine.village_id, token=joining.token(mine))
        mine.media, mine.reason = [], reason
        mine.save(update_fields=["media", "reason"])
        if mine.complaint_id:
            _hand_over(mine)


def _hand_over(message: ChatMessage) -> None:
    """Its message has become part of a complaint meanwhile."""
    complaint = Complaint.for_system("files of a message that is part of it").get(pk=message.complaint_id or 0)
    event = complaint.events.order_by("pk").last()
    if event:
        actions.adopt(joining.token(message), complaint, event)


def _content(account: ChatAccount, one: dict[str, str]) -> bytes:
    url = one.get("url") or str(graph.get(account, one["id"]).get("url") or "")
    return graph.file(account, url, files.MAX_BYTES)


def look_up(conversation: Conversation) -> None:
    """Ask Instagram who somebody is. It may not say; nothing waits for it."""
    account = account_of(conversation)
    asked = conversation.asked_name_at
    if account is None or conversation.channel != "instagram" or (asked and timezone.now() - asked < NAME_HOLDS):
        return
    known = Conversation.objects.filter(pk=conversation.pk)
    known.update(asked_name_at=timezone.now())
    try:
        said = graph.get(account, conversation.outside_id, fields="name,username")
    except graph.CannotReach:
        return
    name, handle = (str(said.get(key) or "")[:most] for key, most in (("name", 100), ("username", 60)))
    known.update(name=name or conversation.name, handle=handle or conversation.handle)
