"""Meta as it speaks: what its servers send, signed over the very bytes they send, with every character beyond ASCII and every slash escaped."""

import hashlib
import hmac
import json
from typing import Any

from django.test import Client
from django.urls import reverse

from kentongan import worker
from kentongan.channels.models import ChatAccount
from tests.cast import Cast

SECRET, TOKEN, VERIFY = "app-secret-0123456789", "EAAG-access-token-abcdef", "kata-sepakat"
IGID, NUMBER_ID = "17841470026191358", "114896151713920"
SITI, SITI_PHONE = "1027384650912345", "6281234567890"
AT = 1_790_000_000  # s since 1970, within the year of the tests


def account(cast: Cast, channel: str = "instagram", **values: Any) -> ChatAccount:
    """An account in use, whose interface is nowhere: no test speaks to Meta."""
    made = ChatAccount(
        village=cast.village,
        channel=channel,
        active=True,
        account_id=IGID if channel == "instagram" else NUMBER_ID,
        base_url="http://127.0.0.1:9",
    )
    made.app_secret, made.access_token, made.verify_token = SECRET, TOKEN, VERIFY
    for name, value in values.items():
        setattr(made, name, value)
    made.save()
    return made


def body(said: Any) -> bytes:
    """JSON as Meta writes and signs it."""
    return json.dumps(said, ensure_ascii=True).replace("/", "\\/").encode()


def signature(content: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def call(said: Any, channel: str = "instagram", *, secret: str = SECRET, **headers: str) -> Any:
    """One POST of Meta's; ``said``: bytes as they are, anything else as Meta would write it."""
    content = said if isinstance(said, bytes) else body(said)
    wanted = {"HTTP_X_HUB_SIGNATURE_256": signature(content, secret), "HTTP_USER_AGENT": "facebookexternalua"} | headers
    return Client(enforce_csrf_checks=True).post(
        reverse(f"hook_{channel}"), data=content, content_type="application/json", **{k: v for k, v in wanted.items() if v}
    )


def direct(mid: str, text: str = "", *, sender: str = SITI, at: int = AT, **more: Any) -> dict[str, Any]:
    """One Instagram message as it lies in ``messaging``; ``more`` goes into ``message``."""
    message = {"mid": mid, **({"text": text} if text else {}), **more}
    return {"sender": {"id": sender}, "recipient": {"id": IGID}, "timestamp": at * 1000, "message": message}


def instagram(*events: Any, kind: str = "messaging") -> dict[str, Any]:
    """A call with these events; ``kind``: ``messaging``, ``standby`` or ``changes``."""
    return {"object": "instagram", "entry": [{"id": IGID, "time": AT * 1000, kind: list(events)}]}


def written(
    wamid: str, text: str = "", *, sender: str = SITI_PHONE, at: int = AT, kind: str = "text", **part: Any
) -> dict[str, Any]:
    """One WhatsApp message as it lies in ``value.messages``."""
    return {"from": sender, "id": wamid, "timestamp": str(at), "type": kind, kind: part or {"body": text}}


def status(wamid: str, state: str, *, code: int = 0, at: int = AT) -> dict[str, Any]:
    errors = {"errors": [{"code": code, "title": "x", "message": "x"}]} if code else {}
    return {"id": wamid, "status": state, "timestamp": str(at), "recipient_id": SITI_PHONE, **errors}


def whatsapp(*messages: Any, statuses: Any = (), name: str = "Siti", number_id: str = NUMBER_ID) -> dict[str, Any]:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550984277", "phone_number_id": number_id},
        "contacts": [{"profile": {"name": name}, "wa_id": SITI_PHONE}],
        **({"messages": list(messages)} if messages else {}),
        **({"statuses": list(statuses)} if statuses else {}),
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}],
    }


def came(*calls: Any, channel: str = "instagram") -> None:
    """Meta calls, once for each, and the worker reads."""
    for said in calls:
        assert call(said, channel).status_code == 200
    worker.run(once=True)
