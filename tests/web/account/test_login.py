"""Logging in and out, one's own password, the reader's language."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kentongan.village.models import User
from tests.cast import PASSWORD, Cast

ClientOf = Callable[[User | None], Client]
LOGIN = "/masuk/"


def attempt(client: Client, username: str, password: str, address: str = "192.0.2.1", **more: str) -> int:
    return client.post(LOGIN, {"username": username, "password": password, **more}, REMOTE_ADDR=address).status_code


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_an_official_gets_in_with_a_new_session(cast: Cast) -> None:
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    old = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = old or ""
    response = client.post(LOGIN, {"username": "sari", "password": PASSWORD})
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("desk:list")
    assert client.session.session_key != old


def test_the_administrator_begins_in_the_office(cast: Cast) -> None:
    response = Client().post(LOGIN, {"username": "tono", "password": PASSWORD})
    assert response.headers["Location"] == reverse("office:index")


@pytest.mark.parametrize("username", ["sari", "nobody-at-all"])
def test_a_wrong_pair_says_the_same_whoever_is_meant(cast: Cast, username: str) -> None:
    response = Client().post(LOGIN, {"username": username, "password": "salah-semua-9"})
    assert response.status_code == 200
    page = response.content.decode()
    assert "tidak cocok" in page or "do not match" in page
    assert "salah-semua-9" not in page


def test_a_closed_account_stays_out(cast: Cast) -> None:
    User.objects.filter(pk=cast.sari.pk).update(is_active=False)
    client = Client()
    assert attempt(client, "sari", PASSWORD) == 200
    assert who(client) is None


@pytest.mark.parametrize(
    ("wished", "goal"),
    [
        ("/meja/2026-0001/", "/meja/2026-0001/"),
        ("https://evil.example/", "/meja/"),
        ("//evil.example/", "/meja/"),
        ("javascript:alert(1)", "/meja/"),
        ("/\\evil.example", "/meja/"),
        ("bukan-alamat", "/meja/"),
    ],
)
def test_next_leads_nowhere_else(cast: Cast, wished: str, goal: str) -> None:
    response = Client().post(LOGIN, {"username": "sari", "password": PASSWORD, "next": wished})
    assert response.headers["Location"] == goal


def test_ten_wrong_passwords_and_the_pair_waits(cast: Cast) -> None:
    client = Client()
    assert [attempt(client, "sari", "salah") for _ in range(10)][-1] == 429
    assert attempt(client, "SARI ", PASSWORD) == 429, "even the right one waits"
    assert who(client) is None
    page = client.post(LOGIN, {"username": "sari", "password": PASSWORD}, REMOTE_ADDR="192.0.2.1").content.decode()
    assert "WIB" in page


def test_nobody_else_is_locked_out(cast: Cast) -> None:
    for _ in range(12):
        attempt(Client(), "sari", "salah")
    assert attempt(Client(), "lastri", PASSWORD) == 302, "another name from the same address"
    assert attempt(Client(), "sari", PASSWORD, address="192.0.2.99") == 302, "the same name from another address"


def test_after_ten_minutes_the_pair_may_try_again(cast: Cast) -> None:
    for _ in range(10):
        attempt(Client(), "sari", "salah")
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert attempt(Client(), "sari", PASSWORD) == 302


def test_a_right_password_wipes_the_slate(cast: Cast) -> None:
    for _ in range(9):
        attempt(Client(), "sari", "salah")
    assert attempt(Client(), "sari", PASSWORD) == 302
    assert attempt(Client(), "sari", "salah") == 200


def test_an_empty_form_costs_nothing(cast: Cast) -> None:
    for _ in range(12):
        assert attempt(Client(), "sari", "") == 200
    assert attempt(Client(), "sari", PASSWORD) == 302


def test_somebody_without_a_post_gets_in_and_is_told(cast: Cast) -> None:
    client = Client()
    response = client.post(LOGIN, {"username": "ucup", "password": PASSWORD}, follow=True)
    assert response.status_code == 403
    assert who(client)


def test_logging_out_takes_a_press(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.sari)
    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/").headers["Location"] == reverse("public:home")
    assert who(client) is None


def test_a_given_password_must_be_changed_first(cast: Cast) -> None:
    User.objects.filter(pk=cast.sari.pk).update(must_change_password=True)
    client = Client()
    response = client.post(LOGIN, {"username": "sari", "password": PASSWORD})
    assert response.headers["Location"] == reverse("web:password")
    assert client.get("/meja/").headers["Location"] == reverse("web:password")


def test_changing_ones_password(cast: Cast, client_of: ClientOf) -> None:
    User.objects.filter(pk=cast.sari.pk).update(must_change_password=True)
    here, elsewhere = client_of(cast.sari), client_of(cast.sari)
    new = "kelapa-muda-manis"
    response = here.post("/masuk/sandi/", {"password": PASSWORD, "new_password1": new, "new_password2": new})
    assert response.headers["Location"] == reverse("desk:list")
    sari = User.objects.get(pk=cast.sari.pk)
    assert sari.check_password(new)
    assert not sari.must_change_password
    assert here.get("/masuk/sandi/").status_code == 200
    assert elsewhere.get("/masuk/sandi/").status_code == 302, "other sessions have ended"


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "bukan-itu-1", "new_password1": "kelapa-muda-manis", "new_password2": "kelapa-muda-manis"},
        {"password": PASSWORD, "new_password1": "kelapa-muda-manis", "new_password2": "kelapa-muda-asam"},
        {"password": PASSWORD, "new_password1": "pendek", "new_password2": "pendek"},
        {"password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD},
        {"password": PASSWORD, "new_password1": "", "new_password2": ""},
    ],
)
def test_a_bad_new_password_is_refused_in_words(cast: Cast, client_of: ClientOf, typed: dict[str, str]) -> None:
    response = client_of(cast.sari).post("/masuk/sandi/", typed)
    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()
    assert User.objects.get(pk=cast.sari.pk).check_password(PASSWORD)


def test_a_stranger_has_no_password_to_change(cast: Cast) -> None:
    assert Client().get("/masuk/sandi/").headers["Location"] == "/masuk/?next=/masuk/sandi/"


@pytest.mark.parametrize(("wished", "goal"), [("/lacak/", "/lacak/"), ("https://evil.example/", "/"), ("", "/"), ("0", "/")])
def test_the_language_is_remembered_and_leads_back(cast: Cast, wished: str, goal: str) -> None:
    client = Client()
    response = client.post("/bahasa/", {"language": "en", "next": wished})
    assert response.headers["Location"] == goal
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert client.get(LOGIN).headers["Content-Language"] == "en"


def test_a_language_we_do_not_speak_changes_nothing(cast: Cast) -> None:
    client = Client()
    client.post("/bahasa/", {"language": "xx"})
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies
    assert client.get("/bahasa/").status_code == 405
