"""Hard cases H1–H4, H14, H15, H17, H20 and H23: who complains, about whom, and who must not know."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from kentongan.channels import intake, notify
from kentongan.channels.base import Contact
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.access import Circle, may_see_identity
from kentongan.complaints.lifecycle import STEPS, NotAllowed, State
from kentongan.complaints.models import Complaint
from kentongan.complaints.search import matching
from kentongan.lib.files import cleaned
from kentongan.village.models import Agency, User
from kentongan.village.roles import Role
from tests import make
from tests.cast import Cast
from tests.complaints.test_walk import VERBS
from tests.hard_cases import texts
from tests.lib.test_files import PDF, photo_with_secrets

Clients = Callable[[User | None], Client]


def opened(row: Complaint) -> str:
    client = Client()
    client.post("/lacak/", {"code": row.code})
    return client.get("/lacak/pengaduan/").content.decode()


def test_a_slip_without_a_name_is_accepted_and_answered_on_the_board(cast: Cast, client_of: Clients) -> None:
    """H1: nobody can be called; for want of an object it may end with its reason."""
    sari = client_of(cast.sari)
    page = sari.get("/meja/kotak/").content.decode()
    token = re.search(r'name="token" value="([^"]*)"', page)
    day = make.received(cast).received_at.date().isoformat()
    sari.post("/meja/kotak/", {"opened": day, "token": token[1] if token else "", "lembar": "3", "slip1-text": texts.ZAKAT})
    row = Complaint.for_system("test").get(text=texts.ZAKAT)
    assert (row.is_anonymous, row.channel, row.state) == (True, "box", State.RECEIVED)
    row = actions.decline(row, reason="NO_OBJECT", text="Mohon sebutkan kejadiannya.", by=cast.sari)
    row = actions.deliver(row, delivered=actions.Delivered("Umum", "board", note="Papan pengumuman balai desa."), by=cast.sari)
    assert (row.deliveries.get().how, row.decline_reason) == ("board", "NO_OBJECT")


def test_about_the_head_he_sees_nothing_anywhere_and_the_council_does(cast: Cast, client_of: Clients) -> None:
    """H2: no page, list, search, count, book, notice for him; the council reads it, the inspectorate may be given it."""
    inspectorate = Agency.objects.create(village=cast.village, name="Inspektorat Kabupaten", above=True)
    row = make.received(cast, texts.CAR, identity_hidden=True, confidential=True)
    row = actions.verify(
        row, category=cast.levy, kind="COMPLAINT", urgency="HIGH", inspection=True, concerned=[cast.harun], by=cast.sari
    )
    harun = client_of(cast.harun)
    assert harun.get(f"/meja/{row.number}/").status_code == 404
    for address in ("/meja/", "/meja/?q=mobil+siaga", "/buku/", "/buku/buku.csv", "/buku/statistik/"):
        answer = harun.get(address, follow=True)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, address
        assert row.number.encode() not in content, address
        assert b"mobil siaga untuk" not in content, address
    assert matching(Complaint.visible_to(cast.harun), "mobil siaga").count() == 0
    assert Complaint.visible_to(cast.nining).get() == row
    assert not may_see_identity(cast.nining, row)
    row = actions.refer(row, agency=inspectorate, text="Mohon diperiksa.", with_identity=True, by=cast.sari)
    assert row.referrals.get().with_identity is False, "he asked that his name not be said"
    while notify.dispatch_pending():
        continue
    assert not OutgoingMessage.objects.filter(to=cast.harun).exists()


def test_about_the_officer_the_secretary_takes_over_and_the_officer_cannot_touch_the_entry(
    cast: Cast, client_of: Clients
) -> None:
    """H3."""
    row = make.received(cast, texts.NOT_WRITTEN_DOWN)
    row = actions.verify(row, category=cast.levy, kind="COMPLAINT", urgency="NORMAL", concerned=[cast.sari], by=cast.lastri)
    assert Circle(row).acting(Role.OFFICER) == [cast.lastri]
    assert client_of(cast.sari).get(f"/meja/{row.number}/").status_code == 404
    assert client_of(cast.lastri).get(f"/meja/{row.number}/").status_code == 200
    for verb in sorted(STEPS.keys() - {"receive"}):
        with pytest.raises(Complaint.DoesNotExist):
            VERBS[verb](cast, row, cast.sari, 1)


def test_an_accusation_without_facts_is_private_and_ends_with_a_request_for_facts(cast: Cast, client: Client) -> None:
    """H4: nothing of it is ever public; it is declined with its reason, or asked about, or sent to the police."""
    row = make.received(cast, texts.SLANDER, confidential=True)
    row = actions.ask(row, text="Apa yang terjadi, kapan, siapa yang melihat?", by=cast.sari)
    row = actions.decline(row, reason="NO_EVIDENCE", text="Bila ada tindak pidana, lapor Polsek.", by=cast.sari)
    assert row.decline_reason == "NO_EVIDENCE"
    for address in ("/", "/statistik/", f"/statistik/{row.year}.csv", "/adukan/", "/lacak/"):
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"maling" not in content, address
        assert row.number.encode() not in content, address
    assert client.get(f"/meja/{row.number}/").status_code == 302, "to the log-in page"


def test_a_childs_report_of_violence_is_an_emergency_and_nobody_needs_its_name(cast: Cast) -> None:
    """H14: hidden and confidential, referred at once without the identity; that a child writes, a person must read."""
    police = Agency.objects.create(village=cast.village, name="Unit PPA Polres", phone="110")
    row = make.received(cast, texts.CHILD, identity_hidden=True, confidential=True)
    row = actions.verify(row, category=cast.aid, kind="COMPLAINT", urgency="EMERGENCY", by=cast.sari)
    row = actions.refer(row, agency=police, text="Anak dan ibu dalam bahaya.", with_identity=True, by=cast.sari)
    assert (row.state, row.urgency, row.referrals.get().with_identity) == (State.REFERRED, "EMERGENCY", False)
    assert {user for user in (cast.lastri, cast.harun, cast.joko, cast.wati) if may_see_identity(user, row)} == set()
    assert not Complaint.visible_to(cast.joko).exists()


def test_forty_households_are_one_complaint_with_one_contact_and_their_list(cast: Cast) -> None:
    """H15."""
    signatures = actions.NewFile("tanda tangan.pdf", cleaned(PDF))
    letter = make.incoming(cast, texts.HOUSEHOLDS, channel="letter", represents="40 kepala keluarga RT 002")
    row = intake.accept(replace(letter, attachments=(signatures,)), village=cast.village, by=cast.sari).complaint
    assert row is not None
    assert row.represents == "40 kepala keluarga RT 002"
    assert row.attachments.get().mime == "application/pdf"
    assert row.complainant is not None
    assert row.complainant.name == "Karto Wiryo"


def test_withdrawn_under_pressure_stays_in_the_book_with_the_sign(cast: Cast) -> None:
    """H17: the reason and the suspicion are kept, the complainant does not read the suspicion, it can be opened again."""
    row = make.complaint(cast, State.IN_PROGRESS, "Bantuan dipotong oleh pengurus kelompok.")
    row = actions.withdraw(row, text="Saya cabut saja.", pressed=True, by=cast.sari)
    event = row.events.latest("id")
    assert (row.state, event.data) == (State.WITHDRAWN, {"text": "Saya cabut saja.", "pressed": True})
    assert "pressed" not in opened(row)
    assert Complaint.visible_to(cast.sari).filter(pk=row.pk).exists()
    assert actions.reopen(row, text="Pengadu merasa ditekan.", by=cast.sari).state == State.VERIFIED


def test_a_threat_is_noted_apart_and_the_matter_is_handled(cast: Cast) -> None:
    """H20: the complaint goes its ordinary way; the security note is among officials alone."""
    row = make.received(cast, "Jalan depan rumah saya hancur. " + texts.THREAT)
    actions.note(row, text="Ancaman: sudah diberitahukan ke Bhabinkamtibmas.", by=cast.sari)
    row = actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="HIGH", by=cast.sari)
    assert row.state == State.VERIFIED
    assert "Bhabinkamtibmas" not in opened(row)
    with pytest.raises(NotAllowed):
        actions.reopen(row, text="x", by=cast.sari)


def test_a_strangers_papers_are_internal_and_carry_no_traces(cast: Cast) -> None:
    """H23: pictures lose their hidden data on the way in; what officials add stays among them; nothing of it is public."""
    row = make.received(cast, "KK tetangga saya dipakai orang lain untuk bansos.", sender=Contact("Karto", "+6285141182163"))
    scan = actions.NewFile("KK 3301020101900001.jpg", cleaned(photo_with_secrets()))
    actions.note(row, text="Fotokopi KK pihak ketiga, jangan disebarkan.", files=[scan], by=cast.sari)
    attachment = row.attachments.get()
    assert attachment.internal
    assert "3301020101900001" not in str(attachment.file.name)
    with attachment.file.open() as kept:
        assert b"Rahasia Kamera" not in kept.read()
    client = Client()
    client.post("/lacak/", {"code": row.code})
    assert client.get(f"/lacak/berkas/{attachment.pk}/").status_code == 404
    assert "KK 3301020101900001" not in opened(row)
