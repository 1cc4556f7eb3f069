"""Machines that answer each other run out of letters, not of hours: each exchange ends by itself within three."""

import pytest

from kentongan.channels.email import compose, outbox
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage
from kentongan.village import seed
from kentongan.village.models import Village
from tests import letters
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def desks(cast: Cast) -> tuple[Village, Village]:
    """Two villages with a desk each, on one installation."""
    other = Village.objects.create(
        code="33.01.02.2088", name="Sebelah", district_name="Kesugihan", regency_name="Cilacap", province_name="Jawa Tengah"
    )
    seed.set_up(other, years=[2026])
    letters.mailbox(cast.village)
    letters.mailbox(other, address="desk@sebelah.example")
    return cast.village, other


def carried(letter: OutgoingMessage) -> bytes:
    """The letter as the mail system brings it to its reader."""
    return compose.mime(letter, Mailbox.objects.select_related("village").get(village=letter.village_id)).as_bytes(
        policy=compose.WIRE
    )


def exchange(first: bytes, here: Village, there: Village) -> int:
    """Let every letter of ours be delivered to the other desk, until nothing moves: how many letters were written."""
    letters.arrives(here, first)
    done = 0
    while True:
        waiting = OutgoingMessage.objects.filter(channel="email").order_by("pk")[done : done + 1]
        letters.goes_out(here)
        letter = waiting.first()
        if letter is None:
            return done
        done += 1
        assert done <= 3, "they would go on for ever"
        letters.arrives(there if letter.village_id == here.pk else here, carried(letter))


@pytest.mark.parametrize("text", [letters.TEXT, letters.COMPLETE, "halo"])
def test_two_desks_that_write_to_each_other(desks: tuple[Village, Village], text: str) -> None:
    here, there = desks
    assert exchange(letters.written(text, sender="desk@sebelah.example"), here, there) <= 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"subject": "Automatic reply: Pengaduan"},
        {"subject": "Balasan otomatis: sedang cuti"},
    ],
)
def test_a_vacation_responder(desks: tuple[Village, Village], headers: dict[str, str]) -> None:
    here, _ = desks
    letters.arrives(here, letters.written(letters.COMPLETE))
    [receipt] = letters.goes_out(here)
    answered = None if "subject" in headers else receipt
    letters.arrives(here, letters.written("Saya sedang cuti sampai Senin depan.", answers=answered, **headers))
    assert len(letters.goes_out(here)) == 1


def test_a_responder_that_hides_what_it_is_meets_the_brake(desks: tuple[Village, Village]) -> None:
    here, _ = desks
    for turn in range(outbox.MOST_AN_HOUR + 5):
        letters.arrives(
            here,
            letters.written(
                f"Terima kasih, surat nomor {turn} sudah kami terima dengan baik sekali.", sender="robot@example.com"
            ),
        )
        letters.goes_out(here)
    written = OutgoingMessage.objects.filter(address="robot@example.com")
    assert written.exclude(state=OutgoingMessage.State.HELD).count() == outbox.MOST_AN_HOUR
    assert written.filter(state=OutgoingMessage.State.HELD).exists(), "held back in sight, not dropped"


@pytest.mark.parametrize("sender", ["no-reply@example.com", "noreply@example.com", "postmaster@example.com", "<>"])
def test_who_cannot_be_answered_is_not(desks: tuple[Village, Village], sender: str) -> None:
    here, _ = desks
    message = letters.arrives(here, letters.written(letters.TEXT, sender=sender))
    assert message.state in {IncomingMessage.State.QUARANTINED, IncomingMessage.State.AUTOMATIC}
    assert letters.goes_out(here) == []
