"""Letters at the desk: those about a meeting of two complaints, and whose name stands on the envelope."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kentongan.channels.base import Contact
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from kentongan.web.desk import letters as page
from kentongan.web.desk import queues
from tests import letters, make, meet
from tests.cast import Cast
from tests.channels.test_notify import tell

Clients = Callable[[User | None], Client]
BY_MAIL = Contact("Karto Wiryo", "+6285141182163", "Jalan Melati 4", email="karto@example.com", rw="001", rt="003")


@pytest.fixture
def both(cast: Cast) -> tuple[Complaint, Complaint]:
    """A meeting about two complaints; its letter to the policeman did not go out."""
    letters.mailbox(cast.village)
    one, two = make.complaint(cast, State.VERIFIED, sender=BY_MAIL), make.complaint(cast, State.VERIFIED)
    meet.called(cast, one, two)
    tell()
    OutgoingMessage.objects.filter(kind="invitation").update(state=OutgoingMessage.State.FAILED)
    return one, two


def opens(client: Client, letter: OutgoingMessage) -> set[int]:
    """How the letter itself, its paper and sending it again answer."""
    return {
        client.get(reverse("desk:letter", args=[letter.pk])).status_code,
        client.get(reverse("desk:letter_paper", args=[letter.pk])).status_code,
        client.post(reverse("desk:letter_again", args=[letter.pk])).status_code,
    }


def test_a_letter_about_two_complaints_is_behind_the_wall_of_both(
    cast: Cast, client_of: Clients, both: tuple[Complaint, Complaint]
) -> None:
    one, two = both
    letter, sari = OutgoingMessage.objects.get(kind="invitation"), client_of(cast.sari)
    shown = f"/meja/surat/{letter.pk}/"
    assert two.printed_number(cast.village) in letter.text
    assert letter in queues.troubled(cast.sari, cast.village.pk)
    assert shown in sari.get("/meja/surat/").content.decode()
    assert shown in sari.get(f"/meja/{one.number}/").content.decode()
    assert [line.letter for line in page.of_complaint(one, cast.sari) if line.letter.kind == "invitation"] == [letter]
    actions.recuse(two, by=cast.sari)
    assert opens(sari, letter) == {404}
    assert letter not in queues.troubled(cast.sari, cast.village.pk)
    for path in ("/meja/surat/", "/meja/surat/?semua", f"/meja/{one.number}/"):
        assert shown not in sari.get(path).content.decode()
    assert page.of_complaint(one, cast.sari), "the receipt is still hers to read"


def test_no_envelope_but_his_own_bears_the_complainants_name(
    cast: Cast, client_of: Clients, both: tuple[Complaint, Complaint]
) -> None:
    cast.agency.email = "pupr@example.com"
    cast.agency.save()
    actions.refer(both[0], agency=cast.agency, text="Mohon diperbaiki.", by=cast.sari)
    tell()
    for kind, reader in (("invitation", "Bayu Pratama"), ("referral", cast.agency.name), ("received", "Karto")):
        letter = OutgoingMessage.objects.get(kind=kind, complaint=both[0])
        paper = client_of(cast.sari).get(reverse("desk:letter_paper", args=[letter.pk]))
        text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper.content)).pages)
        assert reader in text, kind
        assert ("Karto" in text) is (kind == "received"), kind
        assert ("Melati" in text) is (kind == "received"), kind
