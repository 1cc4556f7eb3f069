"""How long an answer may still go out, as a clock for people."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from kentongan.channels.meta import sending
from kentongan.channels.models import ChatAccount, Conversation


@dataclass(frozen=True)
class Window:
    """``until``: when it shuts; ``None`` when there is none. ``hours`` and ``minutes``: what is left, whole ones."""

    until: datetime | None
    open: bool
    hours: int = 0
    minutes: int = 0
    usable: bool = True  # the account is set up and in use


def of(conversation: Conversation, account: ChatAccount | None) -> Window:
    if account is None or not account.active:
        return Window(None, open=False, usable=False)
    until = sending.open_until(conversation, account)
    left = int((until - timezone.now()).total_seconds()) if until else 0
    if left <= 0:
        return Window(until, open=False)
    return Window(until, open=True, hours=left // 3600, minutes=left % 3600 // 60)
