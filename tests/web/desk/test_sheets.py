"""Letters on paper through the pages: offered to who may print them, numbered by a button, once."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from kentongan.channels.base import Contact
from kentongan.complaints.lifecycle import State
from kentongan.village.models import User
from tests import make
from tests.cast import Cast
from tests.web.desk.test_team_steps import page, send

Clients = Callable[[User | None], Client]
CARD = 'id="sheets"'


def letter(client: Client, number: str, name: str = "surat-jawaban", query: str = "") -> int:
    response = client.get(f"/meja/{number}/kertas/{name}.pdf{query}")
    if response.status_code == 200:
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF")
    return response.status_code


def test_the_officer_numbers_the_letter_and_prints_it(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.RESPONDED), client_of(cast.sari)
    before = page(sari, row)
    assert CARD in before
    assert "kertas/surat-jawaban.pdf" in before
    assert "permintaan-kelengkapan" not in before
    assert letter(sari, row.number) == 200, "with an empty number, to be filled in by hand"
    assert send(sari, row, "number_letter", letter="answer").status_code == 302
    number = row.events.get(kind="letter_numbered").data["number"]
    after = page(sari, row)
    assert number in after
    assert 'name="letter" value="answer"' not in after
    assert letter(sari, row.number, query="?kertas=f4") == 200


def test_pressed_twice_it_is_numbered_once_and_says_so(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.RESPONDED), client_of(cast.sari)
    send(sari, row, "number_letter", letter="answer")
    refused = send(sari, row, "number_letter", letter="answer")
    assert refused.status_code == 422
    assert row.events.get(kind="letter_numbered").data["number"] in refused.content.decode()


@pytest.mark.parametrize("wrong", ["", "invitation", "completion", "x" * 500])
def test_what_is_no_letter_now_gets_a_sentence_and_no_number(cast: Cast, client_of: Clients, wrong: str) -> None:
    row = make.complaint(cast, State.RESPONDED)
    assert send(client_of(cast.sari), row, "number_letter", letter=wrong).status_code == 422
    assert not row.events.filter(kind="letter_numbered").exists()


def test_what_is_missing_is_asked_for_on_paper(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.AWAITING_COMPLAINANT), client_of(cast.sari)
    assert "permintaan-kelengkapan.pdf" in page(sari, row)
    assert letter(sari, row.number, "permintaan-kelengkapan") == 200
    assert letter(sari, row.number) == 404


def test_where_there_is_nothing_to_write_nothing_is_offered(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.IN_PROGRESS), client_of(cast.sari)
    assert CARD not in page(sari, row)
    assert letter(sari, row.number) == 404
    assert letter(sari, row.number, "surat-cinta") == 404


def test_a_hidden_identity_is_offered_to_nobody_but_the_officer(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.RESPONDED, identity_hidden=True)
    assert letter(client_of(cast.sari), row.number) == 200
    for user in (cast.lastri, cast.harun, cast.joko):
        client = client_of(user)
        assert CARD not in page(client, row)
        assert letter(client, row.number) == 403


def test_who_it_is_about_finds_nothing(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.DECLINED, named=(cast.harun.pk,))
    assert letter(client_of(cast.harun), row.number) == 404
    assert send(client_of(cast.harun), row, "number_letter", letter="answer").status_code == 404
    assert letter(client_of(cast.lastri), row.number) == 200


def test_who_only_answers_prints_but_does_not_number(cast: Cast, client_of: Clients) -> None:
    row, joko = make.complaint(cast, State.RESPONDED), client_of(cast.joko)
    assert letter(joko, row.number) == 200
    assert 'name="letter"' not in page(joko, row)
    assert send(joko, row, "number_letter", letter="answer").status_code == 403


def test_the_complainant_reads_nothing_of_numbers(cast: Cast, client_of: Clients) -> None:
    from kentongan.web.public.timeline import PUBLIC

    assert "letter_numbered" not in PUBLIC


# --- forms -------------------------------------------------------------------------------------------------------------


def test_the_statement_to_sign_is_offered_beside_the_withdrawal(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.IN_PROGRESS), client_of(cast.sari)
    address = f"/meja/{row.number}/kertas/surat-pencabutan.pdf"
    assert address in sari.get(f"/meja/{row.number}/langkah/withdraw/").content.decode()
    assert letter(sari, row.number, "surat-pencabutan") == 200
    closed = make.complaint(cast, State.CLOSED)
    assert letter(sari, closed.number, "surat-pencabutan") == 404


def test_who_signs_with_no_name_is_offered_no_statement(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.RECEIVED, sender=Contact()), client_of(cast.sari)
    assert "surat-pencabutan" not in page(sari, row)
    assert letter(sari, row.number, "surat-pencabutan") == 404


def posted(client: Client, number: str, **typed: str) -> HttpResponse:
    answer: HttpResponse = client.post(f"/meja/{number}/papan-pengumuman/", typed)
    return answer


def test_the_officer_reads_the_answer_through_and_prints_it(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.RESPONDED, sender=Contact()), client_of(cast.sari)
    assert f"/meja/{row.number}/papan-pengumuman/" in page(sari, row)
    assert "kertas/surat-jawaban" not in page(sari, row), "there is nobody to write to"
    assert letter(sari, row.number) == 404
    shown = sari.get(f"/meja/{row.number}/papan-pengumuman/").content.decode()
    assert "Lubang sudah ditambal." in shown
    for size in ("A4", "F4"):
        printed = posted(sari, row.number, text="Sudah \u0000 ditambal. #let x = 1 \u202eكسر", paper=size)
        assert printed.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("wrong", "kept"),
    [
        ({"text": "  "}, ""),
        ({"text": "Sudah ditangani.", "paper": "A0"}, "Sudah ditangani."),
        ({"text": "Sudah. " * 9000}, "Sudah. Sudah."),
    ],
)
def test_what_cannot_be_posted_is_said_and_kept(cast: Cast, client_of: Clients, wrong: dict[str, str], kept: str) -> None:
    row = make.complaint(cast, State.RESPONDED, sender=Contact())
    refused = posted(client_of(cast.sari), row.number, **({"paper": "A4"} | wrong))
    assert refused.status_code == 422
    assert kept in refused.content.decode()


def test_the_notice_board_is_the_officers(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.RESPONDED, sender=Contact())
    for user in (cast.lastri, cast.harun, cast.joko):
        client = client_of(user)
        assert "papan-pengumuman" not in page(client, row)
        assert posted(client, row.number, text="Sudah.", paper="A4").status_code == 403
    about_the_head = make.complaint(cast, State.DECLINED, sender=Contact(), named=(cast.harun.pk,))
    assert posted(client_of(cast.harun), about_the_head.number, text="x", paper="A4").status_code == 404
    named = make.complaint(cast, State.RESPONDED)
    assert posted(client_of(cast.sari), named.number, text="Sudah.", paper="A4").status_code == 404
