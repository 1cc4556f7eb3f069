"""One's own account: told by mail where and how one likes, one's own leave; nobody's but one's own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kentongan.channels.models import OutgoingMessage
from kentongan.village.models import Leave, User
from kentongan.web.account import throttle
from tests import letters
from tests.cast import PASSWORD, Cast

ClientOf = Callable[[User | None], Client]
ME = "/meja/akun/"


def told(**changes: str) -> dict[str, str]:
    values = {"way": "email", "email-by_mail": "on", "email-email": "joko@example.com", "email-password": PASSWORD, **changes}
    return {key: value for key, value in values.items() if value}


def joko(cast: Cast) -> User:
    return User.objects.get(pk=cast.joko.pk)


def test_everyone_with_a_post_finds_it_in_the_menu(cast: Cast, client_of: ClientOf) -> None:
    for user in (cast.sari, cast.lastri, cast.harun, cast.joko, cast.nining, cast.tono):
        client = client_of(user)
        assert f'href="{ME}"' in client.get("/meja/").content.decode()
        assert client.get(ME).status_code == 200


def test_how_one_is_told_is_kept(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.joko)
    assert client.post(ME, told(**{"email-email": "Joko@Example.com", "email-digest": "on"})).status_code == 302
    assert (joko(cast).email, joko(cast).by_mail, joko(cast).digest) == ("joko@example.com", True, True)
    page = client.get(ME).content.decode()
    assert 'value="joko@example.com"' in page
    assert PASSWORD not in page
    assert client.post(ME, told(**{"email-password": "", "email-by_mail": ""})).status_code == 302, "the address stays"
    assert (joko(cast).by_mail, joko(cast).digest) == (False, False)


@pytest.mark.parametrize("password", ["", "salah-salah-salah"])
def test_another_address_needs_the_password(cast: Cast, client_of: ClientOf, password: str) -> None:
    client = client_of(cast.joko)
    client.post(ME, told())
    for address in ("pencuri@example.com", ""):
        page = client.post(ME, told(**{"email-email": address, "email-by_mail": "", "email-password": password}))
        assert page.status_code == 200
        assert 'class="error"' in page.content.decode()
        assert (joko(cast).email, joko(cast).by_mail) == ("joko@example.com", True)


def test_guessing_the_password_here_is_stopped_as_at_the_door(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.joko)
    for _ in range(throttle.MOST):
        client.post(ME, told(**{"email-password": "salah-salah-salah"}))
    page = client.post(ME, told())
    assert page.status_code == 200
    assert joko(cast).email == ""


@pytest.mark.parametrize(
    "address", ["joko", "a@b", "desa@kuripan.example", "DESA+x@kuripan.example", "", "a@example.com,b@example.com"]
)
def test_an_address_that_cannot_be_is_refused(cast: Cast, client_of: ClientOf, address: str) -> None:
    letters.mailbox(cast.village)
    page = client_of(cast.joko).post(ME, told(**{"email-email": address})).content.decode()
    assert 'class="error"' in page
    assert joko(cast).email == ""


def test_without_a_mailbox_of_the_village_it_says_so(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.joko)
    before = client.get(ME).content.decode()
    letters.mailbox(cast.village)
    after = client.get(ME).content.decode()
    assert before.count('class="note info"') == after.count('class="note info"') + 1


def test_it_says_when_the_last_letter_did_not_arrive(cast: Cast, client_of: ClientOf) -> None:
    letters.mailbox(cast.village)
    client = client_of(cast.joko)
    client.post(ME, told())
    row = {"village": cast.village, "to": cast.joko, "channel": "email", "kind": "notice", "address": "joko@example.com"}
    OutgoingMessage.objects.create(**row, state="BOUNCED", reason="recipient_refused", message_id="<1@x>")
    assert 'class="note warn"' in client.get(ME).content.decode()
    OutgoingMessage.objects.create(**row, state="SENT", message_id="<2@x>")
    assert 'class="note warn"' not in client.get(ME).content.decode()


def test_a_way_that_is_none_changes_nothing(cast: Cast, client_of: ClientOf) -> None:
    for way in ("desk", "telepathy", ""):
        assert client_of(cast.joko).post(ME, told(way=way)).status_code == 200
    assert joko(cast).email == ""


def leave_form(stand_in: User, since: int = 0, until: int = 3) -> dict[str, str]:
    days = (timezone.localdate() + timedelta(days=n) for n in (since, until))
    first, last = (one.isoformat() for one in days)
    return {"leave-since": first, "leave-until": last, "leave-stand_in": str(stand_in.pk)}


def test_each_enters_and_ends_his_own_leave_and_nobody_elses(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.joko)
    assert client.post(reverse("desk:my_leave"), leave_form(cast.wati)).status_code == 302
    row = Leave.objects.get()
    assert (row.user, row.stand_in) == (cast.joko, cast.wati)
    assert "Wati Suryani" in client.get(ME).content.decode()
    for user in (cast.wati, cast.harun, cast.tono, cast.rini):
        assert client_of(user).post(reverse("desk:end_my_leave", args=[row.pk])).status_code == 404
    assert client.post(reverse("desk:end_my_leave", args=[row.pk])).status_code == 302
    assert not Leave.objects.exists()


def test_leave_that_makes_no_sense_is_refused_on_the_same_page(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.joko)
    for told_ in (leave_form(cast.wati, 3, 1), leave_form(cast.joko), leave_form(cast.rini)):
        page = client.post(reverse("desk:my_leave"), told_)
        assert page.status_code == 200
        assert 'class="error"' in page.content.decode()
    assert not Leave.objects.exists()
