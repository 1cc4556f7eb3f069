"""Meta's knock at the door: is it Meta, and is what it brings safely written down?"""

import hashlib
import hmac

from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from kentongan.channels.meta.models import ChatAccount, HookCall
from kentongan.jobs import engine
from kentongan.lib import sealed
from kentongan.village.models import Village

READ = "kentongan.channels.meta.tasks.read_new"
KEY = "hook-calls"
MAX_BYTES = 8 * 1024 * 1024  # a thousand changes with the longest texts there are


def account_of(village: Village, channel: str) -> ChatAccount | None:
    return ChatAccount.objects.filter(village=village, channel=channel).first()


def is_ours(account: ChatAccount, mode: str, token: str) -> bool:
    """Whether a handshake names the word that was agreed on. Works before the account is in use: Meta asks while it is being set up."""
    return mode == "subscribe" and bool(token) and _same(_secret(account, "verify_token"), token)


def is_signed(account: ChatAccount, content: bytes, header: str) -> bool:
    """Whether ``X-Hub-Signature-256`` is the HMAC of these very bytes: Meta signs what it sends, not what the JSON means."""
    secret = _secret(account, "app_secret")
    if not secret:
        return False
    wanted = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return _same(f"sha256={wanted}", header)


def keep(account: ChatAccount, content: bytes) -> HookCall | None:
    """Write a call down and have it read; ``None`` when the same bytes came before. From the commit on it cannot be lost."""
    call = HookCall(
        village_id=account.village_id,
        channel=account.channel,
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
    )
    try:
        with transaction.atomic():
            call.save()
            engine.put(READ, unique_key=KEY)
    except IntegrityError:
        return None
    return call


def again(account: ChatAccount) -> None:
    """Have the calls that seemed meant for another account read anew: its settings have changed."""
    foreign = HookCall.objects.filter(village=account.village_id, channel=account.channel, state=HookCall.State.FOREIGN)
    with transaction.atomic():
        if foreign.update(state=HookCall.State.NEW):
            engine.put(READ, unique_key=KEY)


def _secret(account: ChatAccount, name: str) -> str:
    """Empty when it can no longer be opened: then nothing is let in, and the settings say why."""
    try:
        return str(getattr(account, name))
    except sealed.CannotOpen:
        return ""


def _same(wanted: str, given: str) -> bool:
    return bool(wanted) and constant_time_compare(wanted.encode(), given.encode("utf-8", "surrogateescape"))
