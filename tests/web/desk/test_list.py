"""The list: what it shows, finds and counts, and what it costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import Leave, User
from kentongan.web.desk import filters
from tests import letters, make
from tests.cast import Cast

Clients = Callable[[User | None], Client]


def numbers(client: Client, address: str) -> list[str]:
    return [row.complaint.number for row in client.get(address).context["rows"]]


def queries(client: Client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.fixture
def sixty(cast: Cast) -> list[Complaint]:
    states = [State.RECEIVED, State.VERIFIED, State.ASSIGNED, State.IN_PROGRESS, State.RESPONDED]
    return [make.complaint(cast, states[n % 5], identity_hidden=n % 7 == 0) for n in range(60)]


def test_the_list_costs_the_same_whatever_its_size(cast: Cast, client_of: Clients, sixty: list[Complaint]) -> None:
    for who in ("sari", "lastri", "harun", "joko"):
        client = client_of(getattr(cast, who))
        for address in (
            "/meja/",
            "/meja/?order=due",
            "/meja/?q=mushola",
            "/meja/?state=OPEN&kind=COMPLAINT",
            "/meja/?queue=late",
            "/meja/?q=Karto&by=person",
        ):
            most = (
                17 if (who, address) == ("harun", "/meja/") else 12
            )  # his week: reports sent to him, who is late, twelve months
            assert queries(client, address) <= most, (who, address)


def test_pages_follow_without_gap_or_repetition(cast: Cast, client_of: Clients, sixty: list[Complaint]) -> None:
    client = client_of(cast.sari)
    for order in filters.ORDERS:
        address, seen = f"/meja/?order={order}", []
        while address:
            page = client.get(address).context["page"]
            seen.append([row.number for row in page.complaints])
            address = f"/meja/{page.older}" if page.older else ""
        flat = [number for rows in seen for number in rows]
        assert len(flat) == len(set(flat)) == (60 if order != "due" else 48)
        assert [len(rows) for rows in seen[:-1]] == [25] * (len(seen) - 1)
        last = client.get(f"/meja/?order={order}").context["page"]
        second = client.get(f"/meja/{last.older}").context["page"]
        assert [row.number for row in client.get(f"/meja/{second.newer}").context["page"].complaints] == seen[0]


def test_complaint_page_within_its_budget(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.RESPONDED)
    actions.appeal(row, text="Belum.", by=None)
    actions.refer(row, agency=cast.agency, text="Mohon.", by=cast.sari)
    actions.start(row, by=cast.sari)
    actions.draft_response(row, text="Konsep.", by=cast.sari)
    actions.split(make.received(cast), text="Hal lain.", subject="", by=cast.sari)
    for state in State:
        other = make.complaint(cast, state)
        for who in ("sari", "lastri"):
            assert queries(client_of(getattr(cast, who)), f"/meja/{other.number}/") <= 15, (state, who)
    letters.mailbox(cast.village)
    by_mail = letters.arrives(cast.village, letters.written(letters.COMPLETE)).complaint
    assert by_mail is not None
    letters.goes_out(cast.village)
    for step in ("verify", "assign", "start", "answer"):
        by_mail = make.STEPS[step](cast, by_mail)
        assert queries(client_of(cast.sari), f"/meja/{by_mail.number}/") <= 15, step
    client = client_of(cast.sari)
    client.get(f"/meja/{row.number}/")
    with CaptureQueriesContext(connection) as counted:
        client.get(f"/meja/{row.number}/")
    assert len(counted) <= 15


def test_filters_and_queues(cast: Cast, client_of: Clients) -> None:
    made = {state: make.complaint(cast, state) for state in State if state != State.MERGED}
    sari, joko = client_of(cast.sari), client_of(cast.joko)
    assert numbers(sari, "/meja/?state=VERIFIED") == [made[State.VERIFIED].number]
    assert numbers(sari, "/meja/?queue=new") == [made[State.RECEIVED].number]
    assert numbers(sari, "/meja/?queue=waiting") == [made[State.AWAITING_COMPLAINANT].number]
    assert numbers(joko, "/meja/?queue=start") == [made[State.ASSIGNED].number]
    assert numbers(joko, "/meja/?queue=new") == []
    assert set(numbers(sari, f"/meja/?responder={cast.joko.pk}")) == set(numbers(joko, "/meja/?mine=on"))
    assert numbers(sari, f"/meja/?category={cast.aid.pk}") == []
    assert numbers(sari, "/meja/?month=2020-01") == []
    assert len(numbers(sari, "/meja/?month=garbage&hamlet=x&state=nonsense")) == len(made)


def test_late_and_today(cast: Cast, client_of: Clients) -> None:
    late, paused = make.complaint(cast, State.IN_PROGRESS), make.complaint(cast, State.REFERRED)
    for row in (late, paused):
        Complaint.for_system("test").filter(pk=row.pk).update(due_at=row.received_at)
    assert numbers(client_of(cast.sari), "/meja/?queue=late") == [late.number]
    assert numbers(client_of(cast.sari), "/meja/?queue=today") == []


def test_search(cast: Cast, client_of: Clients) -> None:
    row = make.received(cast)
    other = make.received(cast, "Lampu jalan di pertigaan mati sejak kemarin.")
    sari = client_of(cast.sari)
    assert numbers(sari, "/meja/?q=lampu mati") == [other.number]
    assert sari.get(f"/meja/?q={row.number}")["Location"] == f"/meja/{row.number}/"
    assert sari.get(f"/meja/?q={row.printed_number(cast.village)}")["Location"] == f"/meja/{row.number}/"
    assert set(numbers(sari, "/meja/?q=0851-4118-2163")) == {row.number, other.number}
    assert set(numbers(sari, "/meja/?q=karto")) == {row.number, other.number}  # not in any text: looked for among people
    assert numbers(sari, "/meja/?q='; DROP TABLE x; --") == []
    assert numbers(sari, "/meja/?after=garbage&before=1.2-x") == [other.number, row.number]


def test_the_order_is_remembered(cast: Cast, client_of: Clients) -> None:
    first, second = make.received(cast), make.received(cast)
    sari = client_of(cast.sari)
    assert numbers(sari, "/meja/") == [second.number, first.number]
    sari.get("/meja/?order=oldest")
    assert numbers(sari, "/meja/") == [first.number, second.number]


def test_the_heads_week(cast: Cast, client_of: Clients) -> None:
    late = make.complaint(cast, State.IN_PROGRESS)
    Complaint.for_system("test").filter(pk=late.pk).update(due_at=late.received_at)
    waits = make.complaint(cast, State.IN_PROGRESS)
    actions.draft_response(waits, text="Konsep.", by=cast.joko)
    actions.approve_response(waits, by=cast.lastri)
    context = client_of(cast.harun).get("/meja/").context
    assert [(row.complaint, row.holder) for row in context["late"]] == [(late, "Kasi Kesejahteraan")]
    assert [row.complaint for row in context["approve"]] == [waits]
    assert [(holder.label, holder.n) for holder in context["holders"]] == [("Kasi Kesejahteraan", 1)]
    assert (context["late_n"], context["approve_n"]) == ("1", "1")
    assert context["months"][0].received == 2
    assert context["trend"][-1][1:] == (2, 0)
    assert context["repeats"] == [
        {"category": cast.road.pk, "category__name": cast.road.name, "hamlet": None, "hamlet__name": None, "n": 2}
    ]


def test_of_few_who_judged_the_head_is_told_no_mean(cast: Cast, client_of: Clients) -> None:
    for _ in range(4):
        actions.rate(make.complaint(cast, State.RESPONDED), score=4, by=None)
    month = client_of(cast.harun).get("/meja/").context["months"][0]
    assert (month.rated, month.rating) == (4, None)
    actions.rate(make.complaint(cast, State.RESPONDED), score=2, by=None)
    month = client_of(cast.harun).get("/meja/").context["months"][0]
    assert (month.rated, month.rating) == (5, 3.6)


def test_the_words_of_a_search_stand_in_no_address(cast: Cast, client_of: Callable[[Any], Client]) -> None:
    row = make.received(cast)
    sari = client_of(cast.sari)
    led = sari.post("/meja/", {"q": "Karto", "state": "RECEIVED"})
    assert "Karto" not in led["Location"]
    assert "state=RECEIVED" in led["Location"]
    assert row.number in sari.get(led["Location"]).content.decode()
    assert (
        row.number in client_of(cast.lastri).get(led["Location"]).content.decode()
    )  # another's mark means nothing: the whole list


def test_who_stands_in_for_an_officer_shut_out_reads_no_hidden_name_in_the_list(
    cast: Cast, client_of: Callable[[User | None], Client]
) -> None:
    hers, other = (make.complaint(cast, State.ASSIGNED, identity_hidden=True) for _ in range(2))
    actions.recuse(hers, by=cast.sari)
    today = timezone.localdate()
    Leave.objects.create(village=cast.village, user=cast.sari, stand_in=cast.joko, since=today, until=today)
    rows = client_of(cast.joko).get("/meja/?status=ASSIGNED").context["rows"]
    assert {row.complaint.number: "Karto" in row.who for row in rows} == {hers.number: False, other.number: True}
