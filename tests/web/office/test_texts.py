"""The standard texts in the office: written, read filled in, changed, removed; refused in words with everything kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kentongan.channels.email import words
from kentongan.complaints import standard_texts
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import StandardText
from kentongan.village.models import Category, User
from kentongan.web.desk import texts
from tests import make
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]
FORM: dict[str, Any] = {"name": "Mohon alamat", "step": "ask", "category": "", "body": "Yth. {nama}, mohon tuliskan alamat Anda."}


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.tono)


def post(client: Client, row: StandardText | None = None, **changes: Any) -> Any:
    address = reverse("office:text", args=[row.pk]) if row else reverse("office:texts")
    return client.post(address, {**FORM, **changes})


def written(office: Client, **changes: Any) -> StandardText:
    assert post(office, **changes).status_code == 302
    return StandardText.objects.latest("pk")


def test_a_text_is_written_and_offered_at_once(cast: Cast, office: Client, client_of: ClientOf) -> None:
    row = written(office, category=cast.road.pk)
    assert (row.village, row.category, row.body) == (cast.village, cast.road, FORM["body"])
    assert FORM["name"] in office.get(reverse("office:texts")).content.decode()
    made = make.complaint(cast, State.VERIFIED)
    offered = client_of(cast.sari).get(f"/meja/{made.number}/langkah/ask/").context["texts"]
    assert [each.body for each in offered] == ["Yth. Karto Wiryo, mohon tuliskan alamat Anda."]


def test_it_is_read_filled_in_before_it_is_saved(cast: Cast, office: Client) -> None:
    response = post(office, preview="1", body="Yth. {nama}, Desa {desa}.")
    assert response.context["preview"] == "Yth. Ibu Siti Aminah, Desa Sukamaju."
    assert response.context["unsaved"]
    assert "Yth. {nama}, Desa {desa}." in response.content.decode()
    assert not StandardText.objects.exists()
    row = written(office)
    response = post(office, row, preview="1", body="Kata baru.")
    assert response.context["preview"] == "Kata baru."
    row.refresh_from_db()
    assert row.body == FORM["body"]
    assert office.get(reverse("office:text", args=[row.pk])).context["preview"].startswith("Yth. Ibu Siti Aminah")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": "Kode Anda {kode}, {apa saja}."}, "body"),
        ({"body": ""}, "body"),
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"step": "verify"}, "step"),
        ({"category": "999999"}, "category"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_is_kept(
    cast: Cast, office: Client, wrong: dict[str, Any], field: str
) -> None:
    response = post(office, **wrong)
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {field}
    kept = {**FORM, **wrong}
    said = response.content.decode()
    assert kept["body"] in said
    assert kept["name"] in said
    assert not StandardText.objects.exists()


def test_the_word_that_cannot_be_filled_in_is_named(cast: Cast, office: Client) -> None:
    assert "{kode}" in str(post(office, body="Kode Anda {kode}.").context["form"].errors["body"])


def test_one_step_has_each_title_once(cast: Cast, office: Client) -> None:
    row = written(office)
    assert post(office, name="mohon ALAMAT").context["form"].errors.keys() == {"name"}
    assert post(office, step="decline").status_code == 302, "another step may have the same title"
    other = StandardText.objects.get(step="decline")
    assert post(office, other, step="ask").context["form"].errors.keys() == {"name"}
    assert post(office, row, body="Kata baru.").status_code == 302
    row.refresh_from_db()
    assert row.body == "Kata baru."


def test_a_text_is_removed(cast: Cast, office: Client) -> None:
    row = written(office)
    response = office.post(reverse("office:text", args=[row.pk]), {"remove": "1"}, follow=True)
    assert not StandardText.objects.exists()
    assert FORM["name"] in response.content.decode()
    assert office.get(reverse("office:text", args=[row.pk])).status_code == 404


def test_a_category_that_went_out_of_use_is_kept_when_its_text_is_changed(cast: Cast, office: Client) -> None:
    row = written(office, category=cast.road.pk)
    Category.objects.filter(pk=cast.road.pk).update(active=False)
    assert post(office, row, category=cast.road.pk, body="Kata baru.").status_code == 302
    row.refresh_from_db()
    assert (row.category, row.body) == (cast.road, "Kata baru.")


def test_others_look_and_the_neighbours_texts_are_not_there(cast: Cast, office: Client, client_of: ClientOf) -> None:
    row = written(office)
    for user in (cast.harun, cast.lastri):
        client = client_of(user)
        page = client.get(reverse("office:text", args=[row.pk]))
        assert page.status_code == 200
        assert "disabled" in page.content.decode()
        assert 'name="remove"' not in page.content.decode()
        assert post(client, row, body="Diam-diam.").status_code == 403
    foreign = StandardText.objects.create(village=cast.neighbour, step="ask", name="Tetangga", body="x")
    assert office.get(reverse("office:text", args=[foreign.pk])).status_code == 404
    assert "Tetangga" not in office.get(reverse("office:texts")).content.decode()
    row.refresh_from_db()
    assert row.body == FORM["body"]


def test_a_text_is_only_text(cast: Cast, office: Client, client_of: ClientOf) -> None:
    row = written(office, body='<script>alert("x")</script> {nama}', name="<b>Judul</b>")
    made = make.complaint(cast, State.VERIFIED)
    for client, address in (
        (office, reverse("office:text", args=[row.pk])),
        (office, reverse("office:texts")),
        (client_of(cast.sari), f"/meja/{made.number}/langkah/ask/"),
    ):
        said = client.get(address).content.decode()
        assert "<script>alert" not in said
        assert "<b>Judul" not in said


def test_a_village_begins_with_texts_that_can_all_be_filled_in(cast: Cast, office: Client) -> None:
    standard_texts.add_first(cast.village)
    rows = StandardText.objects.filter(village=cast.village)
    assert rows.count() == len(standard_texts.FIRST)
    for row in rows:
        assert row.step in texts.STEPS
        assert words.unknown(row.body, texts.PLACEHOLDERS) == []
    standard_texts.add_first(cast.village)
    assert rows.count() == len(standard_texts.FIRST), "twice is once"
    assert "Bukan wewenang desa" in office.get("/kantor/teks/").content.decode()
