"""Accounts and terms: begun, ended, never edited away."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kentongan.village.models import Membership, User
from kentongan.village.roles import Role
from kentongan.web.office.people import one_time_password
from tests.cast import PASSWORD, Cast

ClientOf = Callable[[User | None], Client]
TODAY = timezone.localdate


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.tono)


def new_person(cast: Cast, **changes: object) -> dict[str, object]:
    told: dict[str, object] = {
        "name": "Bambang Irawan",
        "username": "kadus.2",
        "phone": "0812-0000-0999",
        "post": "Kepala Dusun Karanganyar",
        "roles": ["RESPONDER", "LIAISON"],
        "unit": "",
        "hamlet": cast.hamlet.pk,
        "since": TODAY().isoformat(),
    }
    return {**told, **changes}


def shown_password(page: str) -> str:
    found = re.search(r'id="one-time">([^<]+)<', page)
    assert found
    return found[1]


def test_a_new_person_gets_a_one_time_password_shown_once(cast: Cast, office: Client) -> None:
    page = office.post(reverse("office:person_new"), new_person(cast)).content.decode()
    password = shown_password(page)
    person = User.objects.get(username="kadus.2")
    assert person.check_password(password)
    assert person.must_change_password
    assert person.phone == "+6281200000999"
    assert {row.role for row in person.memberships.all()} == {Role.RESPONDER, Role.LIAISON}
    assert password not in office.get(reverse("office:person", args=[person.pk])).content.decode()
    response = Client().post("/masuk/", {"username": "kadus.2", "password": password})
    assert response.headers["Location"] == reverse("web:password")


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "sari"},
        {"username": "SARI"},
        {"username": "a b"},
        {"roles": []},
        {"roles": ["KING"]},
        {"post": ""},
        {"phone": "12"},
        {"since": "besok"},
    ],
)
def test_a_person_is_refused_in_words(cast: Cast, office: Client, wrong: dict[str, object]) -> None:
    before = User.objects.count()
    response = office.post(reverse("office:person_new"), new_person(cast, **wrong))
    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()
    assert User.objects.count() == before


def test_a_post_ends_and_stays_written_down(cast: Cast, office: Client) -> None:
    row = Membership.objects.filter(user=cast.wati).order_by("id")[0]
    yesterday = TODAY() - timedelta(days=1)
    office.post(reverse("office:end_post", args=[row.pk]), {"until": yesterday.isoformat()})
    assert list(Membership.objects.filter(user=cast.wati).values_list("until", flat=True)) == [yesterday, yesterday], (
        "with all its roles"
    )
    assert not Membership.current().filter(user=cast.wati).exists()
    page = office.get(reverse("office:people")).content.decode()
    assert "Wati Suryani" in page


def test_a_post_cannot_end_before_it_began(cast: Cast, office: Client) -> None:
    row = Membership.objects.get(user=cast.joko)
    office.post(reverse("office:end_post", args=[row.pk]), {"until": "2019-12-31"})
    assert Membership.objects.get(pk=row.pk).until is None


def test_the_last_administrator_stays(cast: Cast, office: Client) -> None:
    row = Membership.objects.get(user=cast.tono)
    office.post(reverse("office:end_post", args=[row.pk]), {"until": TODAY().isoformat()})
    assert Membership.objects.get(pk=row.pk).until is None
    office.post(reverse("office:account", args=[cast.tono.pk]))
    assert User.objects.get(pk=cast.tono.pk).is_active


def test_another_post_is_added(cast: Cast, office: Client) -> None:
    address = reverse("office:appoint", args=[cast.joko.pk])
    office.post(address, {"post": "Plt. Sekretaris Desa", "roles": ["SECRETARY"], "since": TODAY().isoformat()})
    assert User.objects.get(pk=cast.joko.pk).standing.is_(Role.SECRETARY)
    assert office.post(address, {"post": "", "roles": []}).status_code == 200


def test_a_new_password_ends_the_old_one(cast: Cast, office: Client, client_of: ClientOf) -> None:
    old = client_of(cast.sari)
    page = office.post(reverse("office:new_password", args=[cast.sari.pk])).content.decode()
    sari = User.objects.get(pk=cast.sari.pk)
    assert sari.check_password(shown_password(page))
    assert not sari.check_password(PASSWORD)
    assert old.get("/meja/").headers["Location"].startswith("/masuk/")


def test_an_account_is_closed_and_opened_again(cast: Cast, office: Client, client_of: ClientOf) -> None:
    old = client_of(cast.joko)
    address = reverse("office:account", args=[cast.joko.pk])
    office.post(address)
    assert not User.objects.get(pk=cast.joko.pk).is_active
    assert old.get("/meja/").headers["Location"].startswith("/masuk/")
    office.post(address)
    assert User.objects.get(pk=cast.joko.pk).is_active


def test_nobody_takes_over_who_serves_another_village(cast: Cast, office: Client) -> None:
    Membership.objects.create(village=cast.neighbour, user=cast.joko, role=Role.RESPONDER, post="Kasi", since=TODAY())
    office.post(reverse("office:new_password", args=[cast.joko.pk]))
    office.post(reverse("office:account", args=[cast.joko.pk]))
    joko = User.objects.get(pk=cast.joko.pk)
    assert joko.check_password(PASSWORD)
    assert joko.is_active


def test_a_name_is_corrected(cast: Cast, office: Client) -> None:
    office.post(reverse("office:person", args=[cast.joko.pk]), {"name": "Joko Santoso", "phone": ""})
    assert User.objects.get(pk=cast.joko.pk).name == "Joko Santoso"
    response = office.post(reverse("office:person", args=[cast.joko.pk]), {"name": "", "phone": "1"})
    assert response.status_code == 200
    assert "Joko Santoso" in response.content.decode()


@pytest.mark.parametrize("name", ["new_password", "account", "appoint"])
def test_only_the_administrator_touches_accounts(cast: Cast, client_of: ClientOf, name: str) -> None:
    for user in (cast.harun, cast.lastri, cast.sari, cast.ucup):
        assert client_of(user).post(reverse(f"office:{name}", args=[cast.joko.pk])).status_code == 403
    assert User.objects.get(pk=cast.joko.pk).check_password(PASSWORD)


def test_one_time_passwords_differ_and_are_long() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password) >= 16 for password in made)
