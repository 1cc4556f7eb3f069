"""The first page, the figures, and what every residents' page keeps to."""

from typing import Any

import pytest
from django.test import Client

from kentongan.complaints.lifecycle import State
from kentongan.web import limits
from tests import make
from tests.cast import Cast

PAGES = ["/", "/adukan/", "/lacak/", "/statistik/"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_light_and_bilingual(cast: Cast, client: Client, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert len(page.content) < 60_000
    assert 'lang="id"' in page.content.decode()
    assert "style=" not in page.content.decode()
    assert "<script>" not in page.content.decode()
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in client.get(address).content.decode()


def test_the_first_page_says_this_month_in_three_numbers(cast: Cast, client: Client) -> None:
    make.complaint(cast, State.RESPONDED)
    make.received(cast, make.TEXT + " Lagi.")
    month = client.get("/").context["month"]
    assert (month.received, month.answered, month.on_time) == (2, 1, 1)


def test_the_first_page_is_cheap(cast: Cast, client: Client, django_assert_num_queries: Any) -> None:
    client.get("/")
    with django_assert_num_queries(0):
        client.get("/")


def test_the_figures_count_and_cover_small_cells(cast: Cast, client: Client) -> None:
    for number in range(3):
        make.complaint(cast, State.VERIFIED, make.TEXT + f" Nomor {number}.")
    make.complaint(cast, State.RESPONDED, make.TEXT + " Dijawab.")
    make.received(cast, make.TEXT + " Baru.", channel="walk_in", by=cast.sari)
    page = client.get("/statistik/")
    figures = page.context["figures"]
    assert (figures.counts.received, figures.counts.answered, figures.counts.satisfied.whole) == (5, 1, 0)
    assert sum(received for _, received, _ in figures.counts.months) == 5
    assert dict(figures.categories) == {"Pembangunan": None, "Belum dikelompokkan": None}
    assert dict(figures.channels) == {"Formulir web": None, "Tatap muka": None}
    assert "sedikit" in page.content.decode()


def test_an_empty_year_divides_by_nothing(cast: Cast, client: Client) -> None:
    assert client.get("/statistik/").status_code == 200
    assert client.get("/statistik/?tahun=1066").status_code == 200
    assert client.get("/statistik/?tahun=abc").status_code == 200


def test_the_figures_come_as_a_table_too(cast: Cast, client: Client) -> None:
    make.received(cast)
    year = client.get("/statistik/").context["figures"].counts.year
    table = client.get(f"/statistik/{year}.csv")
    lines = table.content.decode("utf-8-sig").splitlines()
    assert "Diterima,Semua,1" in lines
    assert "Kategori,Belum dikelompokkan,sedikit" in lines
    assert client.get("/statistik/1999.csv").status_code == 404


def test_no_neighbour_is_counted(cast: Cast, client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["sidamulya.example"]
    make.received(cast)
    page = client.get("/statistik/", headers={"host": "sidamulya.example"})
    assert page.context["figures"].counts.received == 0


def test_behind_the_operators_proxy_the_callers_address_counts(rf: Any, settings: Any) -> None:
    request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.9")
    assert limits.address_of(request) == "127.0.0.1"
    settings.HTTPS = True
    assert limits.address_of(request) == "203.0.113.9"
    assert limits.address_of(rf.get("/", REMOTE_ADDR="2001:db8::7")) == "2001:db8::/64"
    assert limits.address_of(rf.get("/", REMOTE_ADDR="")) == ""
