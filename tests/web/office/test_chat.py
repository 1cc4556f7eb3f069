"""The settings of the accounts at Instagram and WhatsApp: what is kept, what is refused, what is never shown."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kentongan.channels.models import ChatAccount
from kentongan.village.models import User
from tests import meta
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]
FORM: dict[str, Any] = {
    "active": "on",
    "account_id": meta.IGID,
    "app_secret": meta.SECRET,
    "verify_token": meta.VERIFY,
    "access_token": meta.TOKEN,
    "version": "v23.0",
    "base_url": "https://graph.instagram.com",
}


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.tono)


def post(client: Client, channel: str = "instagram", **changes: Any) -> Any:
    return client.post(reverse(f"office:{channel}"), {**FORM, **changes})


@pytest.mark.parametrize("channel", ["instagram", "whatsapp"])
def test_the_account_is_kept_and_its_secrets_sealed_and_shown_to_nobody(
    cast: Cast, office: Client, client_of: ClientOf, channel: str
) -> None:
    assert post(office, channel, base_url="").status_code == 302
    kept = ChatAccount.objects.get(village=cast.village, channel=channel)
    assert (kept.app_secret, kept.verify_token, kept.access_token) == (meta.SECRET, meta.VERIFY, meta.TOKEN)
    assert kept.base_url == {"instagram": "https://graph.instagram.com", "whatsapp": "https://graph.facebook.com"}[channel]
    for user in (cast.tono, cast.harun, cast.lastri):
        page = client_of(user).get(reverse(f"office:{channel}")).content.decode()
        assert not [secret for secret in (meta.SECRET, meta.VERIFY, meta.TOKEN) if secret in page]
    assert f"/hook/{channel}/" in office.get(reverse(f"office:{channel}")).content.decode()


def test_a_secret_cannot_be_moved_to_another_place(cast: Cast, office: Client) -> None:
    post(office)
    kept = ChatAccount.objects.get()
    ChatAccount.objects.update(app_secret_sealed=kept.verify_token_sealed)
    page = office.get(reverse("office:instagram")).content.decode()
    assert "tidak dapat dibaca lagi" in page or "can no longer be read" in page


def test_empty_secrets_keep_what_was_there(cast: Cast, office: Client) -> None:
    post(office)
    assert post(office, app_secret="", verify_token="", access_token="", version="v24.0").status_code == 302
    kept = ChatAccount.objects.get()
    assert (kept.version, kept.access_token, kept.app_secret) == ("v24.0", meta.TOKEN, meta.SECRET)


def test_a_kept_token_is_not_told_to_another_server(cast: Cast, office: Client) -> None:
    post(office)
    assert "access_token" in post(office, access_token="", base_url="https://graph.example").context["form"].errors
    assert ChatAccount.objects.get().base_url == "https://graph.instagram.com"
    assert post(office, access_token="another-1", base_url="http://127.0.0.1:8400").status_code == 302


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("base_url", "http://graph.instagram.com"),
        ("base_url", "ftp://127.0.0.1"),
        ("base_url", "https://u:p@graph.instagram.com"),
        ("base_url", "https://[::1"),
        ("base_url", "https://x:99999"),
        ("base_url", "graph"),
        ("version", "23"),
        ("account_id", "@desa"),
        ("app_secret", "a\nb"),
        ("access_token", "tökén"),
        ("app_secret", ""),
    ],
)
def test_what_cannot_work_is_refused_in_words_and_nothing_is_kept(cast: Cast, office: Client, name: str, typed: str) -> None:
    answer = post(office, **{name: typed})
    assert list(answer.context["form"].errors) == [name]
    assert not ChatAccount.objects.exists()
    assert meta.TOKEN not in answer.content.decode()


def test_a_draft_may_be_saved_without_anything(cast: Cast, office: Client) -> None:
    answer = post(office, active="", account_id="", app_secret="", access_token="")
    assert answer.status_code == 302
    assert ChatAccount.objects.get().active is False
