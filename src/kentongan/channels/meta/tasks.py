"""What the worker does for chats, as durable jobs."""

from datetime import timedelta

from django.utils import timezone

from kentongan.channels.meta import graph, joining, media, reading, sending
from kentongan.channels.models import ChatAccount, ChatMessage, Conversation, HookCall
from kentongan.jobs.backend import task
from kentongan.lib import text as texts
from kentongan.village.models import Village

RENEWED_AFTER = timedelta(days=40)  # of the 60 an access token of Instagram's lives


@task(atomic=False)
def renew_tokens() -> None:
    """Renew access tokens long before they run out; one that Meta refuses is said in the settings. Tried again every day."""
    old = ChatAccount.objects.filter(channel="instagram", active=True, token_at__lt=timezone.now() - RENEWED_AFTER)
    for account in old:
        mine = ChatAccount.objects.filter(pk=account.pk, access_token_sealed=account.access_token_sealed)
        try:
            account.access_token = graph.renewed(account)
        except graph.CannotReach as error:
            if error.key in graph.OF_THE_ACCOUNT:
                mine.update(trouble=error.key)
        else:  # one typed meanwhile stays
            mine.update(access_token_sealed=account.access_token_sealed, token_at=timezone.now())


@task(atomic=False)
def read_new() -> None:
    """Read every call that is written down and new, and see to what came in them. Each call for itself."""
    came: set[int] = set()

    def follow(messages: list[ChatMessage]) -> None:
        came.update(message.conversation_id for message in messages)
        _have_fetched(messages)

    while HookCall.objects.filter(state=HookCall.State.NEW).exists():
        reading.read_new(follow)
    for conversation in Conversation.objects.filter(pk__in=came):  # once all is read: the matter may follow the greeting at once
        if conversation.channel == "instagram" and not conversation.asked_name_at:
            look_up.using(unique_key=f"chat-name:{conversation.pk}").enqueue(conversation.pk)
        _ask(conversation)


def _have_fetched(messages: list[ChatMessage]) -> None:
    """In the transaction that makes the messages: a power cut would lose what they point to, for the links live for minutes."""
    for message in messages:
        if message.media:
            fetch_media.using(unique_key=f"chat-media:{message.pk}").enqueue(message.pk)


def _ask(conversation: Conversation) -> None:
    """Where nothing was said yet but a greeting or a sticker, a question goes out and nobody at the desk need see to it."""
    waiting = joining.unjoined(conversation)
    if not waiting or texts.has_object("\n".join(message.text for message in waiting)):
        return
    if {message.kind for message in waiting} & {"image", "video", "audio", "file", "location", "story", "post", "comment"}:
        return
    name = Village.objects.values_list("name", flat=True).get(pk=conversation.village_id)
    if sending.ask(conversation, waiting[-1], name):
        joining.dealt_with(conversation, waiting[-1].pk)


@task(atomic=False, max_attempts=8)
def fetch_media(message: int) -> None:
    """Fetch the files of one message."""
    row = ChatMessage.objects.filter(pk=message).first()
    if row:
        media.fetch(row)


@task(atomic=False, max_attempts=1)
def look_up(conversation: int) -> None:
    """Ask who the other side is."""
    row = Conversation.objects.filter(pk=conversation).first()
    if row:
        media.look_up(row)


@task(atomic=False, max_attempts=sending.ATTEMPTS)
def send(message: int) -> None:
    """Send one message of ours."""
    row = ChatMessage.objects.select_related("conversation").filter(pk=message).first()
    if row:
        sending.send(row)
