"""Who may open which page of the office, and who may change something there."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kentongan.village.models import User
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]
PAGES = ["index", "village", "clocks", "people", "hamlets", "units", "categories", "holidays", "agencies"]
FOR_THE_ADMINISTRATOR = ["jobs", "style"]
LOOKERS = {"admin", "head", "secretary"}


@pytest.mark.parametrize("name", PAGES + FOR_THE_ADMINISTRATOR)
def test_pages_open_for_those_who_may_look(cast: Cast, client_of: ClientOf, name: str) -> None:
    may = {"admin"} if name in FOR_THE_ADMINISTRATOR else LOOKERS
    for role, user in cast.everyone.items():
        response = client_of(user).get(reverse(f"office:{name}"))
        if user is None:
            assert response.headers["Location"].startswith("/masuk/")
        else:
            assert response.status_code == (200 if role in may else 403), (name, role)


@pytest.mark.parametrize("name", ["village", "clocks", "hamlets", "units", "categories", "holidays", "agencies", "holidays_fill"])
def test_only_the_administrator_changes_anything(cast: Cast, client_of: ClientOf, name: str) -> None:
    for role, user in cast.everyone.items():
        if user is not None and role != "admin":
            assert client_of(user).post(reverse(f"office:{name}"), {"name": "x"}).status_code == 403, (name, role)


def test_a_refusal_says_who_does_it(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.joko).get("/kantor/").content.decode()
    assert "Tono Widodo — Operator" in page


def test_the_head_looks_and_finds_no_button(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.harun).get("/kantor/orang/").content.decode()
    assert "Sari Wulandari" in page
    assert reverse("office:person_new") not in page


def test_every_page_has_its_place_for_one_thing(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.tono)
    for address in (
        reverse("office:hamlet", args=[cast.hamlet.pk]),
        reverse("office:units_one", args=[cast.unit.pk]),
        reverse("office:categories_one", args=[cast.road.pk]),
        reverse("office:agencies_one", args=[cast.agency.pk]),
        reverse("office:person", args=[cast.sari.pk]),
        reverse("office:person_new"),
    ):
        assert client.get(address).status_code == 200, address


def test_another_village_is_not_there(cast: Cast, client_of: ClientOf) -> None:
    User.objects.filter(pk=cast.rini.pk).update(is_active=True)
    client = client_of(cast.tono)
    assert client.get(reverse("office:person", args=[cast.rini.pk])).status_code == 404
    assert client.post(reverse("office:new_password", args=[cast.rini.pk])).status_code == 404
