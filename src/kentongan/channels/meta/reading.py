"""The calls that were written down are read, oldest first, each in one transaction with what is made of it and what follows."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from kentongan.channels.instagram import understand as instagram
from kentongan.channels.meta import conversations
from kentongan.channels.meta.kinds import Facts
from kentongan.channels.models import ChatAccount, ChatMessage, HookCall
from kentongan.channels.whatsapp import understand as whatsapp
from kentongan.village.models import Village

log = logging.getLogger(__name__)
BATCH = 50
Follow = Callable[[list[ChatMessage]], None]  # what is to be done about the messages of one call


def read_new(follow: Follow) -> None:
    """Read up to ``BATCH`` calls; ``follow`` is asked in the transaction of each. One that cannot be read is kept, and stops no other."""
    for call in HookCall.objects.filter(state=HookCall.State.NEW).order_by("pk")[:BATCH]:
        try:
            _read(call, follow)
        except (OperationalError, InterfaceError):
            raise  # the database's trouble is not the call's
        except Exception as error:  # noqa: BLE001 - one call must not stop the others
            log.error("Call %s could not be read (%s); it is kept", call.pk, type(error).__name__)
            HookCall.objects.filter(pk=call.pk).update(state=HookCall.State.BROKEN)


def _read(call: HookCall, follow: Follow) -> None:
    account = ChatAccount.objects.filter(village=call.village_id, channel=call.channel).first()
    if account is None:
        raise LookupError("no account any more")
    told = facts(account, json.loads(bytes(call.content)), call)
    village = Village.objects.get(pk=call.village_id)
    with transaction.atomic():
        if not HookCall.objects.filter(pk=call.pk, state=HookCall.State.NEW).update(state=HookCall.State.READ):
            return
        came = [message for fact in told.found if (message := conversations.take(fact, account, village))]
        if told.foreign:
            HookCall.objects.filter(pk=call.pk).update(state=HookCall.State.FOREIGN)
            ChatAccount.objects.filter(pk=account.pk).update(trouble="other_account")
        follow(came)


def facts(account: ChatAccount, said: Any, call: HookCall) -> Facts:
    understand = instagram.facts if account.channel == "instagram" else whatsapp.facts
    return understand(said, account.account_id, call.received_at)
