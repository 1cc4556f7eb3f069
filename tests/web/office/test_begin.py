"""The first page of an installation."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from kentongan.complaints.models import StandardText
from kentongan.village import founding
from kentongan.village.models import Category, Hamlet, Holiday, Membership, User, Village
from tests.cast import Cast

BEGIN = "/kantor/mulai/"
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}
FORM = {
    "code": "33.01.02.2006",
    "name": "Kuripan",
    "district_name": "Kesugihan",
    "regency_name": "Cilacap",
    "province_name": "Jawa Tengah",
    "hamlets": "Timur: 1/1-3\nBarat",
    "address": "Jalan Raya 1",
    "phone": "0812-0000-0014",
    "hours": "08.00-15.00",
    "friday": "",
    "officer_name": "Sari",
    "officer_username": "petugas",
    "officer_password": "kelapa-muda-manis",
    "admin_name": "Eko",
    "admin_username": "admin",
    "admin_password": "lumbung-padi-baru",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def begin(client: Client, where: dict[str, str], **changes: str) -> int:
    return client.post(BEGIN, {**FORM, **changes}, **where).status_code


def test_every_page_leads_here_while_there_is_no_village() -> None:
    assert Client().get("/").headers["Location"] == BEGIN
    assert Client().get("/masuk/").headers["Location"] == BEGIN
    assert Client().get(BEGIN, **HERE).status_code == 200


def test_one_form_and_the_village_works() -> None:
    client = Client()
    response = client.post(BEGIN, FORM, **HERE)
    assert response.headers["Location"] == "/kantor/"
    village = Village.objects.get()
    assert village.hours == dict.fromkeys("0123", "08:00-15:00")
    assert village.phone == "+6281200000014"
    assert [hamlet.name for hamlet in Hamlet.objects.all()] == ["Timur", "Barat"]
    assert Category.objects.exists()
    assert Holiday.objects.exists()
    assert StandardText.objects.filter(step="decline").exists()
    assert set(Membership.objects.values_list("user__username", "role")) == {("petugas", "OFFICER"), ("admin", "ADMIN")}
    assert client.get("/kantor/").status_code == 200, "logged in as the administrator"
    assert User.objects.get(username="petugas").check_password(FORM["officer_password"])


@pytest.mark.parametrize(
    "where",
    [
        {"REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "localhost"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "testserver"},
        {"REMOTE_ADDR": "", "HTTP_HOST": "localhost"},
    ],
)
def test_a_stranger_needs_the_setup_key(where: dict[str, str]) -> None:
    assert begin(Client(), where) == 200
    assert begin(Client(), where, key="0000-0000-0000-0000") == 200
    assert not Village.objects.exists()
    assert begin(Client(), where, key=founding.setup_key()) == 302
    assert Village.objects.exists()


def test_the_key_is_never_on_the_page() -> None:
    page = Client().get(BEGIN, REMOTE_ADDR="192.0.2.7").content.decode()
    assert 'name="key"' in page
    assert founding.setup_key() not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "33.01.2.2006"},
        {"name": ""},
        {"hamlets": "Timur: satu"},
        {"phone": "12"},
        {"hours": "", "friday": ""},
        {"officer_password": "pendek"},
        {"admin_username": "petugas"},
        {"admin_username": "A B"},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(wrong: dict[str, str]) -> None:
    response = Client().post(BEGIN, {**FORM, **wrong}, **HERE)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'class="error"' in page
    assert "Jalan Raya 1" in page
    assert FORM["admin_password"] not in page
    assert not Village.objects.exists()


def test_afterwards_the_door_is_closed(cast: Cast, client_of: Callable[[User | None], Client]) -> None:
    for user in (None, cast.tono):
        assert client_of(user).get(BEGIN, **HERE).headers["Location"] == "/"
        assert client_of(user).post(BEGIN, FORM, **HERE).headers["Location"] == "/"
    assert not Village.objects.filter(pk=FORM["code"]).exists()
