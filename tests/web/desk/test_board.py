"""The board: each complaint with the one who must move next, moved through the steps that fit, within the wall."""

from collections.abc import Callable
from datetime import timedelta
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
from kentongan.village.models import Membership, User
from tests import make
from tests.cast import Cast

BOARD = "/meja/papan/"
Clients = Callable[[User | None], Client]


def columns(client: Client) -> dict[str, list[str]]:
    found = client.get(BOARD).context["columns"]
    return {column.key: [card.row.complaint.number for card in column.cards] for column in found if column.cards}


def cards(client: Client) -> dict[str, Any]:
    """The cards by their number (of each complaint one)."""
    return {card.row.complaint.number: card for column in client.get(BOARD).context["columns"] for card in column.cards}


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
    assert given.number not in client_of(cast.lastri).get(BOARD).content.decode()


def test_a_card_is_moved_and_a_refusal_changes_nothing(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.ASSIGNED), client_of(cast.sari)
    card = f"{row.number}:{cast.joko.pk}"
    assert f'value="{card}"' in sari.get(BOARD).content.decode()
    sari.post(f"{BOARD}pindah/", {"card": card, "to": cast.wati.pk})
    assert holders(row) == [cast.wati]
    for wrong in (
        {"card": card, "to": cast.lastri.pk},
        {"card": "x", "to": cast.joko.pk},
        {"card": card, "to": cast.tono.pk},
        {},
    ):
        page = sari.post(f"{BOARD}pindah/", wrong, follow=True)
        assert [message.level_tag for message in page.context["messages"]][-1] == "error"
        assert holders(row) == [cast.wati]
    client_of(cast.wati).post(f"{BOARD}pindah/", {"card": f"{row.number}:{cast.wati.pk}", "to": cast.joko.pk})
    assert row.events.latest("id").kind == "handed_over"


def test_the_accused_is_no_target_and_sees_nothing_of_it(cast: Cast, client_of: Clients) -> None:
    row, other = make.complaint(cast, State.ASSIGNED), make.complaint(cast, State.ASSIGNED)
    actions.name(row, officials=[cast.wati], by=cast.sari)
    sari, wati = client_of(cast.sari), client_of(cast.wati)
    found = cards(sari)
    assert found[row.number].not_to == {cast.joko.pk, cast.wati.pk}
    assert found[other.number].not_to == {cast.joko.pk}
    assert f'value="{row.number}:{cast.joko.pk}" data-not="{cast.joko.pk} {cast.wati.pk}"' in sari.get(BOARD).content.decode()
    page = sari.post(f"{BOARD}pindah/", {"card": f"{row.number}:{cast.joko.pk}", "to": cast.wati.pk}, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert holders(row) == [cast.joko]
    said = wati.get(BOARD).content.decode()
    assert row.number not in said
    wati.post(f"{BOARD}pindah/", {"card": f"{row.number}:{cast.joko.pk}", "to": cast.lastri.pk})
    assert holders(row) == [cast.joko]


def test_the_liaison_sees_what_she_may_see_and_moves_what_is_hers(cast: Cast, client_of: Clients) -> None:
    hers, both = make.complaint(cast, State.VERIFIED), make.complaint(cast, State.VERIFIED)
    make.complaint(cast, State.ASSIGNED)  # with Joko alone: not for her eyes
    actions.assign(hers, to=[cast.wati], instruction="", by=cast.sari)
    actions.assign(both, to=[cast.joko, cast.wati], instruction="", by=cast.sari)
    wati = client_of(cast.wati)
    assert columns(wati) == {str(cast.joko.pk): [both.number], str(cast.wati.pk): [hers.number, both.number]}
    movable = [card.giver for column in wati.get(BOARD).context["columns"] for card in column.cards if card.movable]
    assert movable == [str(cast.wati.pk)] * 2
    page = wati.post(f"{BOARD}pindah/", {"card": f"{both.number}:{cast.joko.pk}", "to": cast.lastri.pk}, follow=True)
    assert "Sari Wulandari" in page.content.decode(), "whom to ask"
    assert set(holders(both)) == {cast.joko, cast.wati}


@pytest.mark.parametrize("who", ["sari", "lastri", "harun"])
def test_the_desk_sees_all_and_moves_all(cast: Cast, client_of: Clients, who: str) -> None:
    new, given = make.complaint(cast, State.VERIFIED), make.complaint(cast, State.ASSIGNED)
    client = client_of(getattr(cast, who))
    assert columns(client) == {"desk": [new.number], str(cast.joko.pk): [given.number]}
    client.post(f"{BOARD}pindah/", {"card": f"{new.number}:", "to": cast.wati.pk})
    client.post(f"{BOARD}pindah/", {"card": f"{given.number}:{cast.joko.pk}", "to": cast.wati.pk})
    assert columns(client) == {str(cast.wati.pk): [new.number, given.number]}


def test_what_nobody_in_office_holds_stands_with_the_desk(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.IN_PROGRESS), client_of(cast.sari)
    Membership.objects.filter(user=cast.joko).update(until=timezone.localdate() - timedelta(days=1))
    cache.clear()
    assert columns(sari) == {"desk": [row.number], str(cast.joko.pk): [row.number]}
    left = next(column for column in sari.get(BOARD).context["columns"] if column.left)
    assert left.key == str(cast.joko.pk)
    sari.post(f"{BOARD}pindah/", {"card": f"{row.number}:", "to": cast.wati.pk})
    assert holders(row) == [cast.wati]


def test_an_old_board_moves_nothing_and_says_so(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.ASSIGNED), client_of(cast.sari)
    actions.hand_over(row, to=cast.wati, by=cast.joko)
    page = sari.post(f"{BOARD}pindah/", {"card": f"{row.number}:{cast.joko.pk}", "to": cast.lastri.pk}, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert holders(row) == [cast.wati]


def test_tasks_stand_on_the_card_and_say_when_they_are_late(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.ASSIGNED), client_of(cast.sari)
    actions.add_task(row, what=["Ukur", "Foto"], who=cast.joko, due_on=timezone.localdate(), by=cast.sari)
    assert 'class="flag"' not in cards(sari)[row.number].below
    assert "2" in cards(sari)[row.number].below
    row.tasks.filter(what="Ukur").update(due_on=timezone.localdate() - timedelta(days=1))
    assert 'class="flag"' in cards(sari)[row.number].below
    actions.finish_task(row, task=row.tasks.get(what="Ukur").pk, by=cast.joko)
    assert 'class="flag"' not in cards(sari)[row.number].below


def test_without_anything_to_move_there_is_no_form(cast: Cast, client_of: Clients) -> None:
    make.received(cast)
    said = client_of(cast.sari).get(BOARD).content.decode()
    assert 'id="move"' not in said
    assert client_of(cast.sari).get(f"{BOARD}pindah/").status_code == 405


def test_it_costs_the_same_whatever_its_size(cast: Cast, client_of: Clients) -> None:
    for n in range(12):
        row = make.complaint(cast, (State.RECEIVED, State.ASSIGNED, State.REFERRED, State.IN_PROGRESS)[n % 4])
        if n % 4:
            actions.add_task(row, what=["Cek."], who=cast.wati, by=cast.sari)
    for who in (cast.sari, cast.lastri, cast.harun, cast.wati):
        client = client_of(who)
        cache.clear()
        with CaptureQueriesContext(connection) as counted:
            assert client.get(BOARD).status_code == 200
        assert len(counted) <= 12
    assert client_of(cast.joko).get(BOARD).status_code == 403


@pytest.mark.parametrize("card", ["{}:²", "{}:999999999999999999999999", "\x00:1", "{}\x00:x", "🔔:1", ":"])
def test_what_no_page_sends_is_answered_on_the_board(cast: Cast, client_of: Clients, card: str) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    response = client_of(cast.sari).post(f"{BOARD}pindah/", {"card": card.format(row.number), "to": "²"})
    assert response.headers["Location"] == BOARD
    response = client_of(cast.sari).post(f"{BOARD}pindah/", {"card": card.format(row.number), "to": cast.wati.pk})
    assert response.headers["Location"] == BOARD
    assert cast.joko in holders(row)


def test_a_card_walled_off_between_look_and_move_is_refused_on_the_board(
    cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, officer = make.complaint(cast, State.ASSIGNED), client_of(cast.sari)
    move = actions.move

    def too_late(*args: Any, **how: Any) -> Complaint:
        actions.recuse(row, by=cast.sari)
        return move(*args, **how)

    monkeypatch.setattr(actions, "move", too_late)
    response = officer.post(f"{BOARD}pindah/", {"card": f"{row.number}:{cast.joko.pk}", "to": cast.wati.pk}, follow=True)
    assert response.status_code == 200
    assert row.number not in response.content.decode()
    assert holders(row) == [cast.joko]


def test_changing_who_answers_stands_a_marker_that_is_no_number(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    response = client_of(cast.sari).post(
        f"/meja/{row.number}/langkah/reassign/", {"to": [cast.wati.pk], "instruction": "Bantu.", "seen": "²"}
    )
    assert response.status_code == 409
    assert holders(row) == [cast.joko]
