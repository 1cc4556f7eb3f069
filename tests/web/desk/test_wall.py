"""Who is complained about learns nothing from any page of the desk; who may not take a step is told so in words."""

from collections.abc import Callable

import pytest
from django.test import Client

from kentongan.channels import notify
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.lib.files import Clean
from kentongan.village.models import User
from kentongan.web.desk.steps import FORMS
from tests import make
from tests.cast import Cast

Clients = Callable[[User | None], Client]
SECRET = "Pak Kades memakai mobil siaga untuk keluarganya ke Bandung. Jangan sebut nama saya."


@pytest.fixture
def about_the_head(cast: Cast) -> Complaint:
    row = make.received(cast, SECRET)
    actions.verify(
        row, category=cast.levy, kind="COMPLAINT", urgency="NORMAL", inspection=True, concerned=[cast.harun], by=cast.sari
    )
    actions.attach(row, files=[actions.NewFile("mobil.pdf", Clean(b"%PDF-1.4", "application/pdf", "pdf"))], by=cast.sari)
    return row


def test_the_head_sees_it_nowhere(cast: Cast, client_of: Clients, about_the_head: Complaint) -> None:
    harun, number = client_of(cast.harun), about_the_head.number
    for address in (
        "/meja/",
        "/meja/?order=newest",
        "/meja/?q=bandung",
        "/meja/?q=karto&by=person",
        f"/meja/?q={number}",
        "/meja/pemberitahuan/",
    ):
        page = harun.get(address).content.decode()
        assert harun.get(address).status_code == 200, address
        assert "Bandung" not in page
        assert f"/meja/{number}/" not in page
    assert harun.get(f"/meja/{number}/").status_code == 404
    for verb in FORMS:
        assert harun.get(f"/meja/{number}/langkah/{verb}/").status_code == 404
        assert harun.post(f"/meja/{number}/langkah/{verb}/", {"text": "x"}).status_code == 404
    for address in ("tanda-terima/", "tanda-terima.pdf", "lembar-disposisi.pdf"):
        assert harun.get(f"/meja/{number}/{address}").status_code == 404
    assert harun.get(f"/meja/berkas/{about_the_head.attachments.get().pk}/").status_code == 404


def test_it_is_in_no_count_of_his(cast: Cast, client_of: Clients, about_the_head: Complaint) -> None:
    Complaint.for_system("test").filter(pk=about_the_head.pk).update(due_at=about_the_head.received_at)
    late = {who: dict(_counts(client_of(getattr(cast, who)))).get("late") for who in ("harun", "lastri", "nining")}
    assert late == {"harun": "0", "lastri": "1", "nining": "1"}
    page = client_of(cast.harun).get("/meja/")
    assert page.context["months"][0].received == 0


def _counts(client: Client) -> list[tuple[str, str]]:
    return [(queue.key, queue.shown) for queue in client.get("/meja/").context["queues"]]


def test_the_council_takes_the_heads_place(cast: Cast, client_of: Clients, about_the_head: Complaint) -> None:
    actions.assign(about_the_head, to=[cast.joko], instruction="", by=cast.sari)
    actions.draft_response(about_the_head, text="Mobil siaga hanya untuk warga.", by=cast.joko)
    actions.approve_response(about_the_head, by=cast.lastri)
    assert ("approve", "1") in _counts(client_of(cast.nining))
    assert ("approve", "0") in _counts(client_of(cast.harun))
    assert ("approve", "0") in _counts(client_of(cast.lastri))
    response = client_of(cast.nining).post(
        f"/meja/{about_the_head.number}/langkah/approve_response/", {"text": "Mobil siaga hanya untuk warga."}
    )
    assert response.status_code == 302
    assert ("ready", "1") in _counts(client_of(cast.sari))


def test_a_notice_of_what_one_may_no_longer_see_is_not_shown(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    notify.dispatch_pending()
    joko = client_of(cast.joko)
    notice = OutgoingMessage.objects.get(to=cast.joko)
    assert row.number in joko.get("/meja/pemberitahuan/").content.decode()
    actions.name(row, officials=[cast.joko], by=cast.sari)
    assert row.number not in joko.get("/meja/pemberitahuan/").content.decode()
    assert joko.post(f"/meja/pemberitahuan/{notice.pk}/").status_code == 404


def test_reading_notices(cast: Cast, client_of: Clients) -> None:
    first, second = make.complaint(cast, State.ASSIGNED), make.complaint(cast, State.ASSIGNED)
    notify.dispatch_pending()
    joko = client_of(cast.joko)
    mine = OutgoingMessage.objects.filter(to=cast.joko)
    response = joko.post(f"/meja/pemberitahuan/{mine.get(complaint=first).pk}/")
    assert response["Location"] == f"/meja/{first.number}/"
    assert mine.filter(read_at=None).get().complaint == second
    joko.post("/meja/pemberitahuan/semua/")
    assert not mine.filter(read_at=None).exists()


def test_a_hidden_identity_is_the_officers_alone(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS, identity_hidden=True)
    for who, sees in (("sari", True), ("lastri", False), ("harun", False), ("joko", False)):
        client = client_of(getattr(cast, who))
        pages = client.get(f"/meja/{row.number}/").content.decode() + client.get("/meja/?order=newest").content.decode()
        assert ("Karto" in pages) is sees, who
        assert ("0851-4118-2163" in pages) is sees, who
        found = client.get("/meja/?q=Karto&by=person").content.decode()
        assert (f"/meja/{row.number}/" in found) is sees, who
    assert client_of(cast.lastri).get(f"/meja/{row.number}/tanda-terima/").status_code == 403


@pytest.mark.parametrize(
    ("who", "verb", "state"),
    [
        ("joko", "verify", "ASSIGNED"),
        ("harun", "approve_response", "IN_PROGRESS"),
        ("lastri", "close", "RESPONDED"),
        ("joko", "respond", "IN_PROGRESS"),
    ],
)
def test_not_yours_says_whom_to_ask(cast: Cast, client_of: Clients, who: str, verb: str, state: str) -> None:
    row = make.complaint(cast, state)
    if verb == "approve_response":
        actions.draft_response(row, text="Konsep.", by=cast.joko)  # the secretary comes first
    response = client_of(getattr(cast, who)).post(f"/meja/{row.number}/langkah/{verb}/", {"text": "x", "outcome": "RESOLVED"})
    assert response.status_code == 403
    assert ("Lastri" if verb == "approve_response" else "Sari") in response.content.decode()
    assert Complaint.for_system("test").get(pk=row.pk).state == state


def test_who_may_come_in_at_all(cast: Cast, client_of: Clients) -> None:
    assert client_of(None).get("/meja/")["Location"].startswith("/masuk/?next=/meja/")
    response = client_of(cast.ucup).get("/meja/")
    assert response.status_code == 403
    assert client_of(cast.rini).get(f"/meja/{make.received(cast).number}/").status_code == 404
    assert client_of(cast.lastri).get("/meja/baru/").status_code == 403
    User.objects.filter(pk=cast.sari.pk).update(must_change_password=True)
    assert client_of(cast.sari).get("/meja/")["Location"] == "/masuk/sandi/"


def test_without_an_officer_the_secretary_enters(cast: Cast, client_of: Clients) -> None:
    cast.sari.memberships.all().update(until="2020-12-31")
    assert client_of(cast.lastri).get("/meja/baru/").status_code == 200
    assert client_of(cast.harun).get("/meja/baru/").status_code == 403


def test_files_are_served_so_that_they_can_do_nothing(cast: Cast, client_of: Clients, about_the_head: Complaint) -> None:
    response = client_of(cast.sari).get(f"/meja/berkas/{about_the_head.attachments.get().pk}/")
    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert "filename" in response["Content-Disposition"]
    assert b"".join(response.streaming_content) == b"%PDF-1.4"  # type: ignore[attr-defined]
