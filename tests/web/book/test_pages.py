"""``/buku/``: who opens it, what it shows, what can be taken away."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kentongan.complaints.lifecycle import State
from kentongan.lib import clock
from kentongan.village.models import User
from tests import make
from tests.cast import Cast

PAGES = ("book:index", "book:pdf", "book:xlsx", "book:csv", "book:statistics", "book:statistics_csv", "book:statistics_xlsx")
ClientOf = Callable[[User | None], Client]


def content(response: Any) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return b"".join(response.streaming_content)  # type: ignore[arg-type]
    assert isinstance(response, HttpResponse)
    return response.content


@pytest.mark.parametrize("name", PAGES)
def test_only_officials_come_in(cast: Cast, client_of: ClientOf, name: str) -> None:
    assert client_of(None).get(reverse(name)).status_code == 302
    assert client_of(cast.ucup).get(reverse(name)).status_code == 403
    opened = client_of(cast.joko).get(reverse(name))
    assert opened.status_code == 200
    assert content(opened)


def test_the_book_of_this_month_is_shown_at_once(cast: Cast, client_of: ClientOf) -> None:
    row = make.received(cast)
    page = client_of(cast.sari).get(reverse("book:index")).content.decode()
    assert row.printed_number(cast.village) in page
    assert reverse("desk:complaint", args=[row.number]) in page
    assert "Karto Wiryo" in page


def test_hidden_names_and_walled_entries_are_not_on_the_page(cast: Cast, client_of: ClientOf) -> None:
    make.received(cast, "Pohon besar tumbang menutup jalan desa.", identity_hidden=True)
    make.received(cast, "Uang bantuan dipotong oleh pejabat itu.", named=(cast.harun.pk,))
    page = client_of(cast.harun).get(reverse("book:index")).content.decode()
    assert "tumbang" in page
    assert "Karto" not in page
    assert "dipotong" not in page


def test_an_empty_period_says_so(cast: Cast, client_of: ClientOf) -> None:
    page = client_of(cast.sari).get(reverse("book:index")).content.decode()
    assert "NIHIL" in page


def test_fifty_rows_a_page_newest_first(cast: Cast, client_of: ClientOf) -> None:
    rows = [make.received(cast, f"Lampu jalan nomor {n} mati lagi sejak kemarin.") for n in range(51)]
    first = client_of(cast.sari).get(reverse("book:index")).content.decode()
    second = client_of(cast.sari).get(reverse("book:index") + "?page=2").content.decode()
    assert rows[-1].printed_number(cast.village) in first
    assert rows[0].printed_number(cast.village) not in first
    assert "page=2" in first
    assert rows[0].printed_number(cast.village) in second
    assert "page=1" in second


@pytest.mark.parametrize(
    "query",
    [
        "period=1999-13", "period=x", "period=days", "period=days&start=2026-03-01&end=2026-02-01", "paper=A0",
        "period=days&start=1800-01-01&end=2026-01-01", "period=days&start=x&end=y",
    ],
)  # fmt: skip
def test_what_is_no_period_is_said_in_words(cast: Cast, client_of: ClientOf, query: str) -> None:
    make.received(cast)
    client = client_of(cast.sari)
    page = client.get(f"{reverse('book:index')}?{query}")
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    for name in ("book:pdf", "book:xlsx", "book:csv"):
        assert client.get(f"{reverse(name)}?{query}").status_code == 400


@pytest.mark.parametrize("typed", ["0", "-1", "x", "99999999999", "²"])
def test_a_strange_page_number_harms_nobody(cast: Cast, client_of: ClientOf, typed: str) -> None:
    make.received(cast)
    assert client_of(cast.sari).get(reverse("book:index"), {"page": typed}).status_code == 200


def test_quarters_years_and_days_of_ones_own(cast: Cast, client_of: ClientOf) -> None:
    row = make.received(cast)
    today = timezone.localdate()
    quarter = f"{today.year}-Q{(today.month + 2) // 3}"
    for query in (f"period={quarter}", f"period={today.year}", f"period=days&start={today}&end={today}"):
        assert row.printed_number(cast.village) in client_of(cast.sari).get(f"{reverse('book:index')}?{query}").content.decode()


def test_what_can_be_taken_away(cast: Cast, client_of: ClientOf) -> None:
    row = make.received(cast)
    client = client_of(cast.sari)
    pdf, xlsx, csv = (client.get(reverse(name)) for name in ("book:pdf", "book:xlsx", "book:csv"))
    assert content(pdf).startswith(b"%PDF-")
    sheet = openpyxl.load_workbook(io.BytesIO(content(xlsx))).active
    assert sheet.cell(row=7, column=2).value == row.printed_number(cast.village)  # type: ignore[union-attr]
    assert row.printed_number(cast.village) in content(csv).decode()
    assert pdf["Content-Disposition"].startswith("inline")
    assert xlsx["Content-Disposition"].startswith("attachment")


def test_a_masked_copy_is_asked_for_by_a_tick(cast: Cast, client_of: ClientOf) -> None:
    make.received(cast)
    text = content(client_of(cast.sari).get(reverse("book:csv") + "?masked=on")).decode()
    assert "0851-****-**63" in text
    assert "4118" not in text


STATISTICS = ("book:statistics", "book:statistics_csv", "book:statistics_xlsx")


@pytest.mark.parametrize(
    "query",
    ["", "?period=2025-Q3", "?period=2026-S1", "?period=2026-11&channel=web", "?period=days&start=2026-02-03&end=2026-11-30"],
)
def test_statistics_open_for_any_period(cast: Cast, client_of: ClientOf, query: str) -> None:
    with clock.at(datetime(2025, 8, 4, 3, tzinfo=UTC)):
        make.complaint(cast, State.CLOSED)
    for name in STATISTICS:
        response = client_of(cast.sari).get(reverse(name) + query)
        assert response.status_code == 200
        assert content(response)


@pytest.mark.parametrize(
    "query",
    [
        "?period=2026-13", "?period=x", "?period=99999", "?period=days", "?period=days&start=2026-03-01&end=2026-02-01",
        "?period=days&start=1900-01-01&end=2026-01-01", "?channel=pigeon", "?category=x", "?hamlet=999999", "?unit=1%00",
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_said_in_words(cast: Cast, client_of: ClientOf, query: str) -> None:
    make.complaint(cast, State.CLOSED)
    for name in STATISTICS:
        response = client_of(cast.sari).get(reverse(name) + query)
        assert response.status_code == 400
        assert 'role="alert"' in response.content.decode()


def test_one_table_is_taken_away_with_its_filters(cast: Cast, client_of: ClientOf) -> None:
    make.received(cast, channel="phone", by=cast.sari)
    make.received(cast)
    client = client_of(cast.sari)
    lines = content(client.get(reverse("book:statistics_csv") + "?table=channel&channel=phone")).decode("utf-8-sig").splitlines()
    assert [line.rsplit(",", 2)[1:] for line in lines[1:]] == [["1", ""], ["1", ""]]
    whole = content(client.get(reverse("book:statistics_csv"))).decode("utf-8-sig")
    assert whole.count("\r\n\r\n") == 7
    sheets = openpyxl.load_workbook(io.BytesIO(content(client.get(reverse("book:statistics_xlsx"))))).sheetnames
    assert len(sheets) == 8


def test_a_category_counts_with_those_below_it(cast: Cast, client_of: ClientOf) -> None:
    make.complaint(cast, State.VERIFIED)
    assert cast.road.parent_id is not None
    for category in (cast.road.pk, cast.road.parent_id):
        page = client_of(cast.sari).get(reverse("book:statistics") + f"?category={category}")
        assert page.context["figures"].now.received == 1
    assert client_of(cast.sari).get(reverse("book:statistics") + f"?category={cast.aid.pk}").context["figures"].now.received == 0


def test_statistics_count_what_this_person_sees(cast: Cast, client_of: ClientOf) -> None:
    make.complaint(cast, State.ASSIGNED)
    make.received(cast, "Pohon besar tumbang menutup jalan desa.")
    counts = {}
    for user in (cast.sari, cast.joko, cast.tono):
        figures = client_of(user).get(reverse("book:statistics")).context["figures"]
        counts[user.username] = figures.now.received
    assert counts == {"sari": 2, "joko": 1, "tono": 0}


def test_pages_ask_the_database_a_fixed_number_of_times(cast: Cast, client_of: ClientOf) -> None:
    for name, most in (("book:index", 12), ("book:statistics", 24)):
        counts = []
        for _ in range(2):
            make.complaint(cast, State.CLOSED)
            client = client_of(cast.sari)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(name)).status_code == 200
            counts.append(len(queries))
        assert counts[1] <= counts[0] <= most  # what is kept in memory is asked once
