"""Forms sent by somebody else in one's name, and addresses that lead away."""

from collections.abc import Callable

import pytest
from django.test import Client

from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from tests import make
from tests.cast import PASSWORD, Cast

Clients = Callable[[User | None], Client]
FOREIGN = [
    {"origin": "https://jahat.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"referer": "https://jahat.example/umpan"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_from_another_site_is_not_handed_back_with_a_fresh_key(cast: Cast, headers: dict[str, str]) -> None:
    """The page that gives back what was typed must not turn a stranger's form into one of ours."""
    row = make.received(cast)
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(
        f"/meja/{row.number}/langkah/decline/", {"reason": "NO_OBJECT", "text": "Umpan penipu"}, headers=headers
    )
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Umpan penipu" not in page
    assert 'name="reason"' not in page


@pytest.mark.parametrize("headers", [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}])
def test_ones_own_expired_form_is_given_back(cast: Cast, headers: dict[str, str]) -> None:
    answer = Client(enforce_csrf_checks=True).post("/adukan/", {"text": "Jalan berlubang"}, headers=headers)
    assert answer.status_code == 403
    assert "Jalan berlubang" in answer.content.decode()


def test_every_change_needs_the_key(cast: Cast) -> None:
    row = make.complaint(cast, State.RECEIVED)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.sari)
    for address in (f"/meja/{row.number}/langkah/verify/", "/meja/baru/", "/keluar/", "/bahasa/", "/lacak/", "/masuk/"):
        assert browser.post(address, {"text": "x"}).status_code == 403, address
    assert Complaint.for_system("test").get(pk=row.pk).state == State.RECEIVED


@pytest.mark.parametrize(
    "goal",
    [
        "https://jahat.example/",
        "//jahat.example",
        "/\\jahat.example",
        "javascript:alert(1)",
        "http:///jahat.example",
        "\t//x.example",
    ],
)
def test_nobody_is_led_away(cast: Cast, goal: str) -> None:
    for address, typed in (("/masuk/", {"username": "sari", "password": PASSWORD}), ("/bahasa/", {"language": "en"})):
        answer = Client().post(address, {**typed, "next": goal})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/")
        assert not answer["Location"].startswith(("//", "/\\"))


def test_a_session_gets_a_new_key_at_login_and_ends_at_logout(cast: Cast) -> None:
    browser = Client()
    browser.cookies["sessionid"] = "a" * 32  # planted by somebody
    browser.post("/masuk/", {"username": "sari", "password": PASSWORD})
    first = browser.cookies["sessionid"].value
    assert first != "a" * 32
    browser.post("/keluar/")
    thief = Client()
    thief.cookies["sessionid"] = first
    assert thief.get("/meja/").status_code == 302


def test_a_wrong_password_too_often_holds_up_the_right_one_too(cast: Cast) -> None:
    browser = Client()
    for spelling in ("sari", "Sari", " sari", "SARI ") * 3:
        browser.post("/masuk/", {"username": spelling, "password": "salah-sekali"})
    assert browser.post("/masuk/", {"username": "sari", "password": PASSWORD}).status_code == 429
