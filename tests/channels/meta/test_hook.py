"""Meta at the door: the handshake, the signature, and that what was let in is written down once."""

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kentongan.channels.meta import hook
from kentongan.channels.models import HookCall
from tests import meta
from tests.cast import Cast

SAID = meta.instagram(meta.direct("aWdfZAG1fSATU", "Lampu jalan RT 03 / RW 01 mati, tolong — ä ❤"))


def shake(**asked: str) -> Any:
    names = {"mode": "subscribe", "challenge": "1158201444", "verify_token": meta.VERIFY} | asked
    return Client().get(reverse("hook_instagram"), {f"hub.{name}": value for name, value in names.items()})


def test_the_handshake_is_answered_with_its_challenge_also_before_the_account_is_in_use(cast: Cast) -> None:
    meta.account(cast, active=False)
    answer = shake()
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"1158201444", "text/plain; charset=utf-8")
    assert {shake(verify_token=wrong).status_code for wrong in ("", "lain", "kata-sepakat ", "é")} == {403}
    assert shake(mode="unsubscribe").status_code == 403


def test_a_call_signed_over_its_very_bytes_is_written_down_and_answered(cast: Cast) -> None:
    meta.account(cast)
    content = meta.body(SAID)
    assert b"\\u00e4" in content
    assert b"\\/" in content
    assert meta.call(content).status_code == 200
    kept = HookCall.objects.get()
    assert (bytes(kept.content), kept.village_id, kept.state) == (content, cast.village.pk, "NEW")


@pytest.mark.parametrize(
    "header", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", meta.signature(meta.body(SAID), "other"), "sha256=ä"]
)
def test_without_the_right_signature_nothing_is_let_in(cast: Cast, header: str) -> None:
    meta.account(cast)
    assert meta.call(SAID, HTTP_X_HUB_SIGNATURE_256=header).status_code == 403
    assert not HookCall.objects.exists()


def test_one_changed_byte_breaks_the_signature(cast: Cast) -> None:
    meta.account(cast)
    signed = meta.signature(meta.body(SAID))
    assert meta.call(meta.body(SAID).replace(b"\\/", b"/"), HTTP_X_HUB_SIGNATURE_256=signed).status_code == 403


def test_the_same_call_again_is_one_call(cast: Cast) -> None:
    meta.account(cast)
    assert [meta.call(SAID).status_code for _ in range(3)] == [200] * 3
    assert HookCall.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe\x00", b"[" * 100_000, b'{"entry": 7}'])
def test_whatever_is_signed_is_kept_and_never_an_error(cast: Cast, content: bytes) -> None:
    meta.account(cast)
    assert meta.call(content).status_code == 200
    assert bytes(HookCall.objects.get().content) == content


def test_a_flood_of_bytes_is_turned_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meta.account(cast)
    monkeypatch.setattr(hook, "MAX_BYTES", 1000)
    assert meta.call(b"x" * 1001).status_code == 413
    assert not HookCall.objects.exists()


def test_an_account_that_is_not_in_use_lets_nothing_in(cast: Cast) -> None:
    meta.account(cast, active=False)
    assert meta.call(SAID).status_code == 403
    assert meta.call(SAID, "whatsapp").status_code == 403  # there is none


def test_an_account_without_a_secret_lets_nothing_in(cast: Cast) -> None:
    meta.account(cast, app_secret="")
    assert meta.call(SAID, secret="").status_code == 403


def test_nothing_of_a_call_is_logged(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    meta.account(cast)
    meta.call(SAID)
    meta.call(SAID, HTTP_X_HUB_SIGNATURE_256="sha256=0")
    assert "Lampu" not in caplog.text
    assert meta.SITI not in caplog.text
