"""Complaints for tests, made by the real intake and the real actions, never by writing rows."""

from typing import Any

from django.utils import timezone

from kentongan.channels import intake
from kentongan.channels.base import Contact, Details, Incoming
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.lib.tokens import new_token
from kentongan.village.models import User
from tests.cast import Cast

KARTO = Contact("Karto Wiryo", "+6285141182163", "Jalan Melati 4", rw="001", rt="003")
TEXT = "Jalan di depan mushola berlubang besar sejak dua minggu, anak saya jatuh dari sepeda."


def incoming(
    cast: Cast, text: str = TEXT, *, sender: Contact = KARTO, channel: str = "web", token: str = "", **details: Any
) -> Incoming:
    """One message as a door builds it; ``details`` are those of ``Details``."""
    return Incoming(channel, token or new_token(), sender, text, timezone.now(), Details(**details))


def received(cast: Cast, text: str = TEXT, *, by: User | None = None, **how: Any) -> Complaint:
    """A complaint that has just come in."""
    accepted = intake.accept(incoming(cast, text, **how), village=cast.village, by=by)
    assert accepted.complaint is not None, accepted.message.reason
    return accepted.complaint


def complaint(cast: Cast, state: str = State.RECEIVED, text: str = TEXT, **how: Any) -> Complaint:
    """A complaint led to ``state`` by the people whose steps those are."""
    made = received(cast, text, **how)
    for step in PATHS[State(state)]:
        made = STEPS[step](cast, made)
    return Complaint.for_system("test").get(pk=made.pk)


PATHS: dict[State, tuple[str, ...]] = {
    State.RECEIVED: (),
    State.AWAITING_COMPLAINANT: ("ask",),
    State.VERIFIED: ("verify",),
    State.ASSIGNED: ("verify", "assign"),
    State.IN_PROGRESS: ("verify", "assign", "start"),
    State.REFERRED: ("verify", "refer"),
    State.RESPONDED: ("verify", "assign", "start", "answer"),
    State.CLOSED: ("verify", "assign", "start", "answer", "close"),
    State.DECLINED: ("decline",),
    State.WITHDRAWN: ("withdraw",),
    State.MERGED: ("verify", "merge"),
}


def _answer(cast: Cast, row: Complaint) -> Complaint:
    actions.draft_response(row, text="Lubang sudah ditambal.", outcome="RESOLVED", by=cast.joko)
    actions.approve_response(row, by=cast.lastri)
    actions.approve_response(row, by=cast.harun)
    return actions.respond(row, deliveries=[actions.Delivered("Pengadu", "phone")], by=cast.sari)


STEPS: dict[str, Any] = {
    "ask": lambda cast, row: actions.ask(row, text="Mohon lengkapi alamat.", by=cast.sari),
    "verify": lambda cast, row: actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari),
    "assign": lambda cast, row: actions.assign(row, to=[cast.joko], instruction="Mohon dicek dan ditangani.", by=cast.sari),
    "start": lambda cast, row: actions.start(row, by=cast.joko),
    "refer": lambda cast, row: actions.refer(row, agency=cast.agency, text="Mohon ditangani.", by=cast.sari),
    "answer": _answer,
    "close": lambda cast, row: actions.close(row, by=cast.sari),
    "decline": lambda cast, row: actions.decline(row, reason="OUT_OF_SCOPE", text="Hubungi PLN 123.", by=cast.sari),
    "withdraw": lambda cast, row: actions.withdraw(row, text="Sudah selesai sendiri.", by=None),
    "merge": lambda cast, row: actions.merge(row, master=received(cast, TEXT + " Mohon segera."), by=cast.sari),
}
