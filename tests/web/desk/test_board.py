"""The board: each complaint with the one who must move next, moved through the steps that fit, within the wall."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from tests import make
from tests.cast import Cast

Clients = Callable[[User | None], Client]


def columns(client: Client) -> dict[str, list[str]]:
    found = client.get("/meja/papan/").context["columns"]
    return {column.key: [card.row.complaint.number for card in column.cards] for column in found if column.cards}


def holders(row: Complaint) -> list[User]:
    return [part.responder for part in row.assignments.filter(ended_at__isnull=True)]


def test_each_stands_with_the_one_who_must_move_next(cast: Cast, client_of: Clients) -> None:
    new, given = make.received(cast), make.complaint(cast, State.ASSIGNED)
    asked, referred = make.complaint(cast, State.AWAITING_COMPLAINANT), make.complaint(cast, State.REFERRED)
    drafted = make.complaint(cast, State.IN_PROGRESS)
    actions.draft_response(drafted, text="Konsep.", by=cast.joko)
    make.complaint(cast, State.CLOSED)
    assert columns(client_of(cast.sari)) == {
        "desk": [new.number], str(cast.joko.pk): [given.number], "approval": [drafted.number],
        "complainant": [asked.number], "agency": [referred.number],
    }  # fmt: skip
    assert columns(client_of(cast.wati)) == {}  # the wall: nothing is distributed to her
    actions.name(given, officials=[cast.lastri], by=cast.sari)
    assert given.number not in client_of(cast.lastri).get("/meja/papan/").content.decode()


def test_a_card_is_moved_and_a_refusal_changes_nothing(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.ASSIGNED), client_of(cast.sari)
    card = f"{row.number}:{cast.joko.pk}"
    assert f'value="{card}"' in sari.get("/meja/papan/").content.decode()
    sari.post("/meja/papan/pindah/", {"card": card, "to": cast.wati.pk})
    assert holders(row) == [cast.wati]
    for wrong in (
        {"card": card, "to": cast.lastri.pk},
        {"card": "x", "to": cast.joko.pk},
        {"card": card, "to": cast.tono.pk},
        {},
    ):
        page = sari.post("/meja/papan/pindah/", wrong, follow=True)
        assert [message.level_tag for message in page.context["messages"]][-1] == "error"
        assert holders(row) == [cast.wati]
    client_of(cast.wati).post("/meja/papan/pindah/", {"card": f"{row.number}:{cast.wati.pk}", "to": cast.joko.pk})
    assert row.events.latest("id").kind == "handed_over"


def test_it_costs_the_same_whatever_its_size(cast: Cast, client_of: Clients) -> None:
    for n in range(12):
        make.complaint(cast, (State.RECEIVED, State.ASSIGNED, State.REFERRED, State.IN_PROGRESS)[n % 4])
    for who in (cast.sari, cast.lastri, cast.harun, cast.wati):
        client = client_of(who)
        cache.clear()
        with CaptureQueriesContext(connection) as counted:
            assert client.get("/meja/papan/").status_code == 200
        assert len(counted) <= 12
    assert client_of(cast.joko).get("/meja/papan/").status_code == 403
