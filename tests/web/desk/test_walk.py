"""The written procedure walked through the desk's own pages, each step by the person whose step it is."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Attachment, Complaint
from kentongan.village.models import User
from kentongan.web.desk.steps import FORMS
from tests import make
from tests.cast import Cast

Clients = Callable[[User | None], Client]


def photo(name: str = "foto.jpg") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def now(row: Complaint) -> Complaint:
    return Complaint.for_system("test").get(pk=row.pk)


def take(client: Client, row: Complaint, verb: str, **typed: object) -> str:
    """Send one step; returns the state after it."""
    response = client.post(f"/meja/{row.number}/langkah/{verb}/", typed)
    assert response.status_code == 302, (verb, response.status_code, response.content.decode()[:2000])
    return str(now(row).state)


def test_from_the_counter_to_the_closed_book(cast: Cast, client_of: Clients) -> None:
    sari, joko, lastri, harun = (client_of(user) for user in (cast.sari, cast.joko, cast.lastri, cast.harun))
    sari.post("/meja/baru/", {"text": make.TEXT, "channel": "walk_in", "name": "Karto", "token": "t1"})
    row = Complaint.for_system("test").get()

    assert take(sari, row, "ask", text="Di RT berapa?") == State.AWAITING_COMPLAINANT
    assert take(sari, row, "complete", text="RT 003.", name="Karto Wiryo", phone="085141182163") == State.RECEIVED
    assert now(row).complainant.name == "Karto Wiryo"
    assert (
        take(sari, row, "verify", category=cast.road.pk, kind="COMPLAINT", urgency="HIGH", subject="Jalan berlubang")
        == State.VERIFIED
    )
    assert take(sari, row, "assign", to=[cast.joko.pk], instruction="Mohon dicek.") == State.ASSIGNED
    assert take(joko, row, "start") == State.IN_PROGRESS
    take(joko, row, "follow_up", text="Sudah disurvei.", files=photo())
    take(joko, row, "note", text="Anggaran menunggu.")
    take(joko, row, "draft_response", text="Sudah ditambal.", outcome="RESOLVED")
    take(lastri, row, "return_response", text="Sebutkan tanggalnya.")
    take(joko, row, "draft_response", text="Ditambal 24 November.", outcome="RESOLVED")
    take(lastri, row, "approve_response", text="Ditambal 24 November.")
    take(harun, row, "approve_response", text="Lubang ditambal 24 November.")
    deliveries = {
        "to_1": "Karto",
        "how_1": "phone",
        "reached_1": "on",
        "to_2": "Ketua RT 003",
        "how_2": "letter",
        "note_2": "lewat kurir",
    }
    assert take(sari, row, "respond", **deliveries) == State.RESPONDED
    assert [(d.to, d.result) for d in now(row).deliveries.all()] == [("Karto", "REACHED"), ("Ketua RT 003", "NOT_REACHED")]
    assert now(row).responses.get().text == "Lubang ditambal 24 November."
    take(sari, row, "rate", score=2, via="paper", text="Lama.")
    assert take(sari, row, "appeal", text="Belum ada yang datang!") == State.VERIFIED
    assert take(sari, row, "refer", agency=cast.agency.pk, text="Mohon ditangani.") == State.REFERRED
    take(sari, row, "record_referral_answer", text="Dijadwalkan.", outside_number="PU-7")
    take(sari, row, "draft_response", text="Dijadwalkan dinas.", outcome="REFERRED")
    take(lastri, row, "approve_response", text="Dijadwalkan dinas.")
    take(harun, row, "approve_response", text="Dijadwalkan dinas.")
    take(sari, row, "respond", to_1="Karto", how_1="walk_in", reached_1="on")
    assert take(sari, row, "close", outcome="REFERRED") == State.CLOSED
    take(sari, row, "deliver", to_1="Papan", how_1="board", reached_1="on")
    assert take(sari, row, "reopen", text="Salah tutup.") == State.VERIFIED
    page = sari.get(f"/meja/{row.number}/").content.decode()
    assert "Anggaran menunggu." in page
    assert "Belum ada yang datang!" in page


@pytest.mark.parametrize(
    ("verb", "state", "typed", "after"),
    [
        ("message", "VERIFIED", {"text": "Besok kami datang."}, "VERIFIED"),
        ("add", "VERIFIED", {"text": "Tambah dalam."}, "VERIFIED"),
        ("decline", "RECEIVED", {"reason": "OUT_OF_SCOPE", "text": "Hubungi PLN 123 untuk listrik."}, "DECLINED"),
        ("withdraw", "ASSIGNED", {"text": "Sudah beres.", "pressed": "on"}, "WITHDRAWN"),
        ("extend_deadline", "IN_PROGRESS", {"days": 5, "text": "Menunggu aspal."}, "IN_PROGRESS"),
        ("split", "RECEIVED", {"text": "BLT ibu saya belum cair.", "subject": "BLT"}, "RECEIVED"),
    ],
)
def test_other_steps_of_the_officer(
    cast: Cast, client_of: Clients, verb: str, state: str, typed: dict[str, object], after: str
) -> None:
    row = make.complaint(cast, state)
    assert take(client_of(cast.sari), row, verb, **typed) == after


def test_steps_that_choose(cast: Cast, client_of: Clients) -> None:
    sari = client_of(cast.sari)
    row = make.complaint(cast, State.ASSIGNED)
    take(sari, row, "reassign", to=[cast.wati.pk], instruction="Ke pelayanan.")
    assert [a.responder for a in row.assignments.filter(ended_at=None)] == [cast.wati]
    take(sari, row, "reclassify", category=cast.levy.pk, kind="COMPLAINT", urgency="NORMAL", inspection="on")
    assert now(row).inspection
    take(sari, row, "attach", files=[photo("a.jpg"), photo("b.jpg")])
    assert Attachment.objects.filter(complaint=row).count() == 2
    other = make.received(cast)
    assert take(sari, other, "merge", number=row.number) == State.MERGED
    assert other.number in sari.get(f"/meja/{row.number}/").content.decode()
    take(sari, row, "name", officials=[cast.wati.pk])
    assert client_of(cast.wati).get(f"/meja/{row.number}/").status_code == 404


def test_who_steps_aside_lands_on_the_list_and_sees_it_no_more(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    joko = client_of(cast.joko)
    response = joko.post(f"/meja/{row.number}/langkah/recuse/")
    assert response["Location"] == "/meja/"
    assert joko.get(f"/meja/{row.number}/").status_code == 404


@pytest.mark.parametrize("verb", sorted(FORMS))
def test_every_step_has_a_page_of_its_own(cast: Cast, client_of: Clients, verb: str) -> None:
    statuses = {
        client_of(cast.sari).get(f"/meja/{make.complaint(cast, state).number}/langkah/{verb}/").status_code
        for state in ("RECEIVED", "IN_PROGRESS", "RESPONDED")
    }
    assert statuses <= {200, 403, 409}
    assert client_of(cast.sari).get(f"/meja/{make.received(cast).number}/langkah/receive/").status_code == 404


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(cast: Cast, client_of: Clients) -> None:
    row = make.received(cast)
    response = client_of(cast.sari).post(
        f"/meja/{row.number}/langkah/verify/", {"subject": "Jalan rusak berat", "kind": "COMPLAINT", "urgency": "NORMAL"}
    )
    assert response.status_code == 422
    assert "Jalan rusak berat" in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()
    assert now(row).state == State.RECEIVED


def test_a_refused_file_is_named_and_the_step_is_taken(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    joko = client_of(cast.joko)
    fake = SimpleUploadedFile("surat.jpg", b"MZ not a picture", content_type="image/jpeg")
    page = joko.post(f"/meja/{row.number}/langkah/follow_up/", {"text": "Disurvei.", "files": fake}, follow=True).content.decode()
    assert "surat.jpg" in page
    assert "Disurvei." in page


def test_nobody_approves_words_he_has_not_read(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    joko, lastri = client_of(cast.joko), client_of(cast.lastri)
    take(joko, row, "draft_response", text="Konsep pertama.")
    page = lastri.get(f"/meja/{row.number}/").content.decode()
    read = page.split('name="read" value="')[1].split('"')[0]
    take(joko, row, "draft_response", text="Konsep kedua.")
    response = lastri.post(f"/meja/{row.number}/langkah/approve_response/", {"text": "Konsep pertama.", "read": read})
    assert response.status_code == 409
    assert now(row).responses.get().approvals == []


def test_an_old_page_gives_the_typed_text_back(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.CLOSED)
    response = client_of(cast.sari).post(
        f"/meja/{row.number}/langkah/follow_up/", {"text": "Kalimat panjang yang tidak boleh hilang."}
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert page.count("Kalimat panjang yang tidak boleh hilang.") >= 2  # shown, and ready to be kept as a note
    assert not row.events.filter(kind="followed_up").exists()


def test_when_new_words_speak_of_the_responder_the_officer_judges_first(cast: Cast, client_of: Callable[[Any], Client]) -> None:
    complaint = make.complaint(cast, State.IN_PROGRESS)
    actions.add(complaint, text="Kemarin Pak Joko sudah datang, terima kasih.", by=None)
    sari = client_of(cast.sari)
    page = sari.get(f"/meja/{complaint.number}/").content.decode()
    assert page.index("/langkah/name/") < page.index("/langkah/note/")
    assert client_of(cast.joko).get(f"/meja/{complaint.number}/").status_code == 404
    sari.post(f"/meja/{complaint.number}/langkah/name/", {})
    assert client_of(cast.joko).get(f"/meja/{complaint.number}/").status_code == 200
