"""Meta, simulated: that it speaks as Meta does, from its own page to the product and back."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from kentongan import worker
from kentongan.channels.meta import sending
from kentongan.channels.meta.practice import VARIANTS
from kentongan.channels.meta.simulator import Simulator, practising
from kentongan.channels.models import ChatMessage, Conversation, HookCall
from tests import meta
from tests.cast import Cast

LAMP = "Lampu jalan di RT 03 / RW 01 mati sejak seminggu, gelap sekali — ä"


@pytest.fixture(params=["instagram", "whatsapp"])
def played(cast: Cast, request: pytest.FixtureRequest, live_server: object) -> Iterator[Simulator]:
    """The product on a real port, the simulator beside it, and nothing but settings between them."""
    account = meta.account(cast, request.param)
    with practising(request.param, 0, str(live_server)) as made:
        account.app_secret, account.access_token = made.app_secret, made.token
        account.account_id, account.base_url = made.account_id, made.url
        account.save()
        yield made


def page(simulated: Simulator, deed: str = "", **typed: str) -> str:
    line = http.client.HTTPConnection(simulated.url.removeprefix("http://"), timeout=20)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST" if deed else "GET", f"/{deed}", urlencode(typed) if deed else None, headers)
    answer = line.getresponse()
    assert answer.status == 200
    return answer.read().decode()


@pytest.mark.django_db(transaction=True)
def test_a_resident_is_played_and_answered_on_its_page(played: Simulator) -> None:
    assert "Meta, simulated" in page(played)
    assert "product answered 200" in page(played, "say", person="6281234567890", text=LAMP)
    worker.run(once=True)
    chat = Conversation.objects.get()
    assert ChatMessage.objects.get().text == LAMP
    sending.write(chat, "Baik, <kami> periksa.", token="t")
    worker.run(once=True)
    assert "Baik, &lt;kami&gt; periksa." in page(played)
    page(played, "fault", fault="unreachable")
    sending.write(chat, "Lagi", token="u")
    worker.run(once=True)
    assert ChatMessage.objects.get(text="Lagi").state == "FAILED"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("variant", list(VARIANTS))
def test_whatever_way_it_is_sent_it_is_one_message_or_none(played: Simulator, variant: str) -> None:
    said = page(played, "say", person="6281234567890", text=LAMP, variant=variant)
    worker.run(once=True)
    wrong = variant == "wrong_signature"
    assert f"answered {403 if wrong else 200}" in said
    assert ChatMessage.objects.exclude(kind="").count() == (0 if wrong else 1)
    assert not HookCall.objects.filter(state="BROKEN").exists()


@pytest.mark.parametrize(
    ("channel", "body", "code"),
    [
        ("instagram", {"recipient": {"id": "1"}, "message": {"text": "ä" * 501}}, 100),
        ("instagram", {"recipient": {"id": "1"}, "message": {"text": "x"}}, 10),
        ("instagram", {"recipient": {"id": "1"}, "message": {"text": "x"}, "tag": "HUMAN_AGENT"}, 100),
        ("whatsapp", {"messaging_product": "whatsapp", "to": "1", "type": "text", "text": {"body": "x" * 4097}}, 100),
        ("whatsapp", {"messaging_product": "whatsapp", "to": "1", "type": "text", "text": {"body": "x"}}, 131047),
    ],
)
def test_it_refuses_as_meta_does(channel: str, body: dict[str, object], code: int) -> None:
    with practising(channel, 0, "") as made:
        line = http.client.HTTPConnection(made.url.removeprefix("http://"), timeout=20)
        for token, expected in (("wrong", 190), (made.token, code)):
            line.request("POST", f"/v23.0/{made.account_id}/messages", json.dumps(body), {"Authorization": f"Bearer {token}"})
            answer = line.getresponse()
            assert json.loads(answer.read())["error"]["code"] == expected
            assert answer.status >= 400
