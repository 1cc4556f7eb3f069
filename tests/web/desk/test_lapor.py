"""SP4N-LAPOR!: the officer enters it there, and the ticket stays with the complaint, for whoever needs it."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from pypdf import PdfReader

from kentongan.complaints import actions, referrals
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.lib import tokens
from kentongan.village import seed
from kentongan.village.models import Agency, User
from tests import letters, make
from tests.cast import Cast
from tests.complaints.test_upward import SAID

Clients = Callable[[User | None], Client]
TICKET = "LGMB-22204011"


@pytest.fixture
def lapor(cast: Cast) -> Agency:
    seed.set_up(cast.village, years=())
    return Agency.objects.get(village=cast.village, name="SP4N-LAPOR!")


def test_the_ticket_is_asked_for_kept_shown_and_found(cast: Cast, lapor: Agency, client_of: Clients) -> None:
    row = make.complaint(cast, State.VERIFIED, SAID)
    sari = client_of(cast.sari)
    step = f"/meja/{row.number}/langkah/refer/"
    without = sari.post(step, {"agency": lapor.pk, "text": "Diteruskan lewat LAPOR!"})
    assert without.status_code == 422
    assert "lapor.go.id" in without.content.decode()
    assert sari.post(step, {"agency": lapor.pk, "text": "Diteruskan lewat LAPOR!", "outside_number": TICKET}).status_code == 302
    page = sari.get(f"/meja/{row.number}/").content.decode()
    assert page.count(TICKET) >= 2, "beside the agency and on the timeline"
    found = sari.post("/meja/", {"q": TICKET}, follow=True)
    assert row.number in found.content.decode()

    resident = Client()
    resident.post("/lacak/", {"code": row.code})
    shown = resident.get("/lacak/pengaduan/").content.decode()
    stands = shown.partition("<h1>")[2].partition("</section>")[0]
    assert "SP4N-LAPOR!" in stands
    assert TICKET in stands
    sari.post(f"/meja/{row.number}/langkah/record_referral_answer/", {"text": "Selesai menurut PLN."})
    sari.post(f"/meja/{row.number}/langkah/start/", {})
    assert TICKET in resident.get("/lacak/pengaduan/").content.decode(), "it stays to be named"


def test_a_number_that_comes_later_is_kept_with_the_next_question(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.REFERRED)
    client_of(cast.sari).post(f"/meja/{row.number}/langkah/chase/", {"text": "Sampai mana?", "outside_number": "PLN-778"})
    assert row.referrals.get().outside_number == "PLN-778"
    found = client_of(cast.sari).post("/meja/", {"q": "PLN-778"}, follow=True)
    assert row.number in found.content.decode()


def test_whoever_complained_by_mail_reads_the_ticket_in_the_letter(cast: Cast, lapor: Agency, client_of: Clients) -> None:
    letters.mailbox(cast.village)
    came = letters.arrives(cast.village, letters.written("Kabel listrik putus di depan mushola Karanganyar sejak kemarin pagi."))
    row = Complaint.for_system("test").get(pk=came.complaint_id)
    sari = client_of(cast.sari)
    if row.state == State.AWAITING_COMPLAINANT:
        sari.post(f"/meja/{row.number}/langkah/complete/", {"text": "Karto, Jalan Melati 4"})
    sari.post(
        f"/meja/{row.number}/langkah/verify/",
        {"category": cast.road.pk, "kind": "COMPLAINT", "urgency": "NORMAL", "subject": "Kabel"},
    )
    sent = {"agency": lapor.pk, "text": "Diteruskan.", "outside_number": TICKET}
    assert sari.post(f"/meja/{row.number}/langkah/refer/", sent).status_code == 302
    letters.goes_out(cast.village)
    letter = row.messages_out.get(channel="email", kind="referred")
    assert TICKET in letter.text


def test_the_agencys_key_is_printed_for_those_who_speak_with_agencies_alone(
    cast: Cast, client_of: Callable[[User | None], Client]
) -> None:
    """Whoever has the code answers in the agency's name; who only works on the complaint prints the letter without it."""
    row = make.complaint(cast, State.IN_PROGRESS)
    actions.refer(row, agency=cast.agency, text="Mohon diperbaiki.", by=cast.sari)
    code = tokens.spaced(referrals.code_of(row.referrals.get()))
    for user, carries in ((cast.sari, True), (cast.joko, False), (cast.lastri, False)):
        paper = client_of(user).get(f"/meja/{row.number}/surat-rujukan.pdf")
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages).split())
        assert "Mohon diperbaiki." in text
        assert (code in text) is carries, user
