"""The question in the letter of answer, and a judgement that comes back by mail: taken only when it is nothing else."""

import io
import re
from email.message import EmailMessage
from typing import Any

import pytest
from pypdf import PdfReader

from kentongan.channels.email import compose, threads
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.reports import letter as paper
from tests import letters, make
from tests.cast import Cast
from tests.make import KARTO

states = IncomingMessage.State


@pytest.fixture
def mailbox(cast: Cast) -> Mailbox:
    cast.village.host = "sukamaju.example"
    cast.village.save()
    return letters.mailbox(cast.village, plus=True)


def answered(cast: Cast, state: str = State.RESPONDED) -> tuple[Complaint, OutgoingMessage]:
    """A complaint of Karto's, and the letter that answered it."""
    sender = type(KARTO)(**(vars(KARTO) | {"email": "karto@example.com"}))
    row = make.complaint(cast, state, sender=sender)
    return row, next(letter for letter in letters.goes_out(cast.village) if letter.kind == "responded")


def said(row: Complaint) -> list[tuple[int, str]]:
    return [(event.data["score"], event.via) for event in row.events.filter(kind="rated")]


def test_the_answer_asks_with_a_link_for_each_face(cast: Cast, mailbox: Mailbox) -> None:
    row, letter = answered(cast)
    links = re.findall(r"https://sukamaju\.example/lacak/\?nilai=([1-4])#[A-Z0-9-]+", letter.text)
    assert links == ["4", "3", "2", "1"]
    made = compose.mime(letter, mailbox)
    html = made.get_body(("html",))
    assert isinstance(html, EmailMessage)
    assert [word.split("</a>")[0] for word in html.get_content().split('white-space:nowrap">')[1:]] == [
        "Sangat puas", "Puas", "Kurang puas", "Tidak puas",
    ]  # fmt: skip
    assert row.rating is None


@pytest.mark.parametrize(("text", "score"), [("puas", 3), ("Sangat puas.", 4), ("2", 2)])
def test_a_bare_judgement_is_taken(cast: Cast, mailbox: Mailbox, text: str, score: int) -> None:
    row, letter = answered(cast)
    message = letters.arrives(cast.village, letters.written(text, answers=letter))
    row.refresh_from_db()
    assert (message.state, row.state, row.rating, said(row)) == (states.JOINED, State.RESPONDED, score, [(score, "email")])


def test_it_is_taken_by_the_signed_address_alone_and_after_the_end(cast: Cast, mailbox: Mailbox) -> None:
    row, _letter = answered(cast, State.CLOSED)
    letters.arrives(cast.village, letters.written("puas", to=threads.reply_address(mailbox, row)))
    row.refresh_from_db()
    assert (row.state, row.rating) == (State.CLOSED, 3)


def test_one_word_more_is_an_ordinary_reply(cast: Cast, mailbox: Mailbox) -> None:
    row, letter = answered(cast)
    letters.arrives(cast.village, letters.written("Puas, terima kasih banyak Pak.", answers=letter))
    row.refresh_from_db()
    assert (row.rating, row.events.last().kind) == (None, "added")  # type: ignore[union-attr]


def test_not_satisfied_is_a_judgement_and_opens_it_again(cast: Cast, mailbox: Mailbox) -> None:
    row, letter = answered(cast)
    letters.arrives(cast.village, letters.written("Tidak puas", answers=letter))
    row.refresh_from_db()
    assert (row.rating, row.state, said(row)) == (1, State.VERIFIED, [(1, "email")])


@pytest.mark.parametrize("how", [{"sender": "Lain <lain@example.com>"}, {"subject": "puas"}])
def test_nobody_else_judges(cast: Cast, mailbox: Mailbox, how: dict[str, Any]) -> None:
    row, letter = answered(cast)
    answers = letter if "sender" in how else None
    letters.arrives(cast.village, letters.written("puas", answers=answers, **how))
    row.refresh_from_db()
    assert (row.rating, said(row)) == (None, [])


def test_on_paper_the_question_has_answers_to_ring_and_no_links(cast: Cast, mailbox: Mailbox) -> None:
    _row, letter = answered(cast)
    made = paper.pdf(cast.village, letter.subject, letter.text, to=["Karto Wiryo"], number="1", written_at=letter.created_at)
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert "4 Sangat puas" in said
    assert "nilai=" not in said
