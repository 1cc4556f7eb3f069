"""The report for everybody: nobody is named, no small number is given away, and it is published by the desk alone and taken back again."""

import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from kentongan.complaints import actions, ledger, published_reports
from kentongan.complaints.models import Complaint, PublishedReport, SentReport
from kentongan.lib import clock
from kentongan.reports.report import public, sending
from kentongan.reports.report.period import Period
from kentongan.reports.statistics import SMALL
from kentongan.village.models import User
from tests.cast import Cast

Clients = Callable[[User | None], Client]
TODAY = date(2025, 7, 2)
ADVICE = "Menegur Pak Budi di RT 3."


def entered(cast: Cast, day: datetime, channel: str = "phone", hamlet: int | None = None) -> Complaint:
    with clock.at(day):
        entry = actions.Entry(text="Jalan berlubang.", channel=channel, received_at=day, hamlet_id=hamlet)
        return actions.receive(entry, village=cast.village, by=None)


@pytest.fixture
def june(cast: Cast) -> list[Complaint]:
    """Nine: six by telephone, two letters, one of the box."""
    begin = datetime(2025, 6, 2, 9, tzinfo=ZoneInfo(cast.village.zone))
    channels = ["phone"] * 6 + ["letter"] * 2 + ["box"]
    return [entered(cast, begin + timedelta(days=n), channel, cast.hamlet.pk) for n, channel in enumerate(channels)]


def send(cast: Cast, key: str = "2025-06", by: User | None = None) -> SentReport:
    return sending.send(by or cast.sari, cast.village, Period.of(key), advice=[ADVICE], now=timezone.now())


def said_of(report: SentReport, *, advice: bool = False) -> dict[str, Any]:
    return public.data(SentReport.objects.get(pk=report.pk), advice=advice, today=TODAY)


def counts(said: dict[str, Any], key: str) -> dict[str, Any]:
    table = next((table for table in said["tables"] if table["key"] == key), None)
    return {row[0]: row[1] for row in table["rows"]} if table else {}


# --- what it says ------------------------------------------------------------------------------------------------------


def test_small_numbers_are_withheld_and_nobody_is_named(cast: Cast, june: list[Complaint]) -> None:
    said = said_of(send(cast))
    assert counts(said, "T2") == {"Telepon": 6, "Surat": "sedikit", "Kotak saran": "sedikit"}
    assert counts(said, "T1") == {"Belum selesai di awal": 0, "Masuk": 9, "Berakhir": 0, "Belum selesai di akhir": 9}
    assert counts(said, "T9") == {}
    text = json.dumps(said)
    people = (user.name for user in User.objects.all())
    for kept in ("Budi", "001/PGD", june[0].printed_number(cast.village), *people):
        assert kept not in text
    assert {"T6", "T7"}.isdisjoint(table["key"] for table in said["tables"])
    assert said_of(SentReport.objects.get(), advice=True)["advice"] == [ADVICE]


def test_of_fewer_than_five_there_are_no_tables(cast: Cast) -> None:
    for n in range(4):
        entered(cast, datetime(2025, 6, 2 + n, 9, tzinfo=ZoneInfo(cast.village.zone)))
    said = said_of(send(cast))
    assert [table["key"] for table in said["tables"]] == ["T1"]
    assert "kurang dari 5" in said["basis"][-1]


@pytest.mark.parametrize("who", ["harun", "lastri", "joko"])
def test_what_anybody_is_shut_out_of_is_in_no_number(cast: Cast, june: list[Complaint], who: str) -> None:
    """Whenever he was named: before the report was sent, or before it is published."""
    before = said_of(send(cast))
    actions.name(june[0], officials=[getattr(cast, who)], by=cast.sari)
    after = said_of(SentReport.objects.get())
    assert counts(before, "T1")["Masuk"] == 9
    assert counts(after, "T1")["Masuk"] == 8
    assert counts(after, "T2")["Telepon"] == 5
    assert sum(row[1] for table in after["tables"] if table["key"] == "T4" for row in table["rows"]) == 8


def test_it_is_made_of_what_was_kept(cast: Cast, june: list[Complaint]) -> None:
    report = send(cast)
    before = said_of(report)
    for row in june[:3]:
        actions.verify(row, category=cast.road, kind="ASPIRATION", urgency="HIGH", by=cast.sari)
    actions.withdraw(june[4], text="Beres.", by=None)
    cast.hamlet.name = "Lain"
    cast.hamlet.save()
    assert said_of(report) == before


def possible(shown: dict[str, int | None], total: int) -> dict[str, set[int]]:
    """What each withheld number may be for who knows the table, its sum, and that a row holds at least one."""
    hidden = [key for key, n in shown.items() if n is None]
    rest = total - sum(n for n in shown.values() if n is not None)
    ways = [way for way in product(range(1, rest + 1), repeat=len(hidden)) if sum(way) == rest]
    return {key: {way[place] for way in ways} for place, key in enumerate(hidden)}


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 7), min_size=1, max_size=4))
def test_the_sum_gives_no_small_number_away(found: dict[str, int]) -> None:
    shown = public.withheld(found)
    if shown is None:
        return
    assert all(n is None or n >= SMALL for n in shown.values())
    assert all(shown[key] in {None, n} for key, n in found.items())
    for key, numbers in possible(shown, sum(found.values())).items():
        assert len(numbers) > 1, key


# --- who publishes it ----------------------------------------------------------------------------------------------------


def publish(client: Client, report: SentReport, **typed: str) -> Any:
    return client.post(reverse("book:publish", args=[report.pk]), typed)


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("who", ["sari", "lastri"])
def test_it_is_published_seen_by_everybody_and_taken_back(
    cast: Cast, client_of: Clients, june: list[Complaint], who: str
) -> None:
    report, desk, anybody = send(cast), client_of(getattr(cast, who)), client_of(None)
    page, file = reverse("public:report", args=["2025-06"]), reverse("public:report_paper", args=["2025-06"])
    assert anybody.get(page).status_code == 404
    assert "Menegur" in desk.get(reverse("book:publication", args=[report.pk])).content.decode()
    assert publish(desk, report).status_code == 302
    shown = anybody.get(page).content.decode()
    assert "Bulan Juni 2025" in anybody.get(reverse("public:reports")).content.decode()
    assert "Telepon" in shown
    assert "Budi" not in shown
    paper = text_of(anybody.get(file).content)
    assert "Versi untuk umum" in paper
    assert "Budi" not in paper
    assert "Sari Wulandari" not in paper
    stands = desk.get(reverse("book:publication", args=[report.pk])).content.decode()
    assert reverse("book:take_back", args=[report.pk]) in stands
    assert f'href="{reverse("desk:board")}"' in stands  # the way on to the other pages, as before
    assert publish(desk, report).status_code == 302
    made = PublishedReport.objects.get()
    assert (made.by, made.taken_back_at) == (getattr(cast, who), None)
    desk.post(reverse("book:take_back", args=[report.pk]))
    assert [anybody.get(address).status_code for address in (page, file)] == [404, 404]
    made.refresh_from_db()
    assert made.taken_back_by == getattr(cast, who).standing.label
    trail = desk.get(reverse("book:publication", args=[report.pk])).content.decode()
    assert trail.count(made.by_label) >= 2


def test_the_recommendations_are_in_it_where_the_officer_says_so(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    publish(client_of(cast.sari), send(cast), advice="on")
    assert ADVICE in client_of(None).get(reverse("public:report", args=["2025-06"])).content.decode()


@pytest.mark.parametrize("who", ["harun", "joko", "wati", "nining", "tono"])
def test_nobody_else_publishes(cast: Cast, client_of: Clients, june: list[Complaint], who: str) -> None:
    report = send(cast)
    assert publish(client_of(getattr(cast, who)), report).status_code == 403
    assert not PublishedReport.objects.exists()


def test_who_is_shut_out_of_it_cannot_publish_it(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    report = send(cast)
    actions.name(june[0], officials=[cast.lastri], by=cast.sari)
    assert publish(client_of(User.objects.get(pk=cast.lastri.pk)), report).status_code == 404


def test_of_the_same_months_one_report_alone_is_published(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    """A quarter less its months would be what the months keep back; also when one was taken back, since it was read."""
    sari, month, quarter = client_of(cast.sari), send(cast), send(cast, "2025-Q2")
    publish(sari, month)
    sari.post(reverse("book:take_back", args=[month.pk]))
    answer = publish(sari, quarter)
    assert answer.status_code == 409
    assert "Bulan Juni 2025" in answer.content.decode()
    assert PublishedReport.objects.count() == 1
    assert publish(sari, send(cast, "2025-05")).status_code == 302


def test_published_again_it_has_the_numbers_of_the_first_time(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    sari, report = client_of(cast.sari), send(cast)
    publish(sari, report)
    sari.post(reverse("book:take_back", args=[report.pk]))
    actions.name(june[0], officials=[cast.joko], by=cast.sari)
    publish(sari, report, advice="on")
    first, second = PublishedReport.objects.order_by("pk")
    assert first.data["tables"] == second.data["tables"]
    assert second.data["advice"] == [ADVICE]


def test_one_sent_before_this_was_kept_cannot_be_published(cast: Cast, client_of: Clients) -> None:
    report = SentReport(
        village=cast.village, period="2025-05", name="Bulan Mei 2025", number="1", data={"advice": []}, by=cast.sari
    )
    report.save()
    assert client_of(cast.sari).get(reverse("book:publication", args=[report.pk])).status_code == 200
    assert publish(client_of(cast.sari), report).status_code == 409


def test_a_file_that_was_changed_is_not_shown(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    made = public.publish(send(cast), cast.sari, advice=False, today=TODAY)
    with open(made.file.path, "ab") as file:
        file.write(b" ")
    assert client_of(None).get(reverse("public:report_paper", args=["2025-06"])).status_code == 404
    assert [fault for fault in ledger.faults() if fault.startswith("published report")]


def test_the_neighbour_publishes_his_own(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    public.publish(send(cast), cast.sari, advice=False, today=TODAY)
    assert not published_reports.of(cast.neighbour).exists()
    there = client_of(None).get(reverse("public:report", args=["2025-06"]), headers={"host": "sidamulya.example"})
    assert there.status_code in {400, 404}
