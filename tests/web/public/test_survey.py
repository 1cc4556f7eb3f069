"""The satisfaction survey as residents meet it: open between two days, without a name, each question free to leave out."""

import re
from datetime import timedelta

import time_machine
from django.test import Client
from django.utils import timezone

from kentongan.complaints.models import Survey
from kentongan.reports import survey as papers
from tests import surveying
from tests.cast import Cast


def token(client: Client, row: Survey) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get(f"/survei/{row.pk}/").content.decode())
    assert found
    return found[1]


def test_it_is_filled_in_without_a_name_and_counted_once(cast: Cast, client: Client) -> None:
    row = surveying.survey(cast)
    assert client.get("/survei/").headers["Location"] == f"/survei/{row.pk}/"
    typed = {"token": token(client, row), "U1": "4", "U9": "2", "sex": "P", "suggestion": "Kursi ditambah."}
    for _ in range(2):
        answer = client.post(f"/survei/{row.pk}/", typed)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/survei/terima-kasih/")
    kept = row.answers.get()
    assert (kept.scores, kept.sex, kept.age, kept.suggestion, kept.via) == ({"U1": 4, "U9": 2}, "P", "", "Kursi ditambah.", "web")
    assert "kentongan_" not in str(client.cookies)
    assert "Kursi ditambah." not in client.get("/statistik/").content.decode()


def test_an_empty_or_a_strange_form_comes_back_in_words(cast: Cast, client: Client) -> None:
    row = surveying.survey(cast)
    assert client.post(f"/survei/{row.pk}/", {"suggestion": "Tetap ada."}).status_code == 422
    answer = client.post(f"/survei/{row.pk}/", {"U1": "5", "U2": "3", "suggestion": "<script>alert(1)</script>"})
    assert answer.status_code == 422
    assert "&lt;script&gt;" in answer.content.decode()
    assert not row.answers.exists()


def test_a_robot_is_thanked_and_not_counted(cast: Cast, client: Client) -> None:
    row = surveying.survey(cast)
    assert client.post(f"/survei/{row.pk}/", {"U1": "4", "note_2": "x"}).status_code == 303
    assert not row.answers.exists()


def test_one_address_may_not_flood_it_and_complaints_still_come_in(cast: Cast, client: Client, settings: object) -> None:
    settings.INTAKE_PER_HOUR = 2  # type: ignore[attr-defined]
    row = surveying.survey(cast)
    codes = [client.post(f"/survei/{row.pk}/", {"U1": "4"}).status_code for _ in range(3)]
    assert codes == [303, 303, 429]
    assert row.answers.count() == 2
    assert client.post("/adukan/", {}).status_code == 422


def test_outside_of_its_days_nothing_is_taken_and_nothing_lost(cast: Cast, client: Client) -> None:
    row = surveying.survey(cast)
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        assert client.get(f"/survei/{row.pk}/").headers["Location"] == "/survei/"
        assert client.get("/survei/").status_code == 200
        answer = client.post(f"/survei/{row.pk}/", {"U1": "4", "suggestion": "Jangan hilang."})
    assert answer.status_code == 409
    assert "Jangan hilang." in answer.content.decode()
    assert not row.answers.exists()


def test_the_index_is_published_when_it_is_closed_and_says_when_it_is_small(cast: Cast, client: Client) -> None:
    row = surveying.survey(cast)
    surveying.answered(row, 3, 2)
    assert "75,00" not in client.get("/statistik/").content.decode()
    papers.close(row, cast.village, by=cast.sari, now=timezone.now())
    for address in ("/", "/statistik/", "/survei/"):
        fresh = Client()
        surveying.forget()
        page = fresh.get(address).content.decode()
        assert "75,00" in page
        assert "Kurang Baik" in page
    line = fresh.get("/statistik/").context["surveys"]["published"][0]
    assert (line["year"], line["letter"], line["n"], line["small"]) == (row.year, "C", 2, True)


def test_a_survey_of_another_village_is_not_there(cast: Cast, client: Client) -> None:
    row = surveying.survey(cast)
    Survey.objects.filter(pk=row.pk).update(village=cast.neighbour)
    assert client.get(f"/survei/{row.pk}/").status_code == 404
    assert client.post(f"/survei/{row.pk}/", {"U1": "4"}).status_code == 404
