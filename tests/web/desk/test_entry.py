"""What the officer writes down: at the counter, from the box, and from messages in which nothing clear was found."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from kentongan.channels import intake
from kentongan.channels.models import IncomingMessage
from kentongan.complaints.models import Complainant, Complaint
from kentongan.village.models import User
from tests import make
from tests.cast import Cast
from tests.web.desk.test_walk import photo

Clients = Callable[[User | None], Client]


def book() -> list[Complaint]:
    return list(Complaint.for_system("test").order_by("pk"))


def test_a_person_without_a_telephone(cast: Cast, client_of: Clients) -> None:
    typed = {
        "text": make.TEXT,
        "channel": "walk_in",
        "name": "Mbah Suminah",
        "home": f"{cast.hamlet.pk}-001-003",
        "where": str(cast.hamlet.pk),
        "place": "Dekat mushola",
        "files": photo(),
    }
    sari = client_of(cast.sari)
    response = sari.post("/meja/baru/", typed)
    (row,) = book()
    assert response["Location"] == f"/meja/{row.number}/tanda-terima/"
    assert (row.complainant.name, row.complainant.phone, row.complainant.rt) == ("Mbah Suminah", "", "003")
    assert row.attachments.count() == 1
    receipt = sari.get(response["Location"]).content.decode()
    assert row.number in receipt
    assert row.code[:4] in receipt


def test_sent_twice_it_is_one_complaint(cast: Cast, client_of: Clients) -> None:
    sari = client_of(cast.sari)
    typed = {"text": make.TEXT, "channel": "phone", "token": "abc"}
    first, second = sari.post("/meja/baru/", typed), sari.post("/meja/baru/", typed)
    assert first["Location"] == second["Location"]
    assert len(book()) == 1
    page = sari.post("/meja/baru/", {**typed, "text": "Lain sama sekali, tidak hilang diam-diam."}, follow=True)
    assert list(page.context["messages"])


def test_a_letter_of_last_week_and_what_is_wrong(cast: Cast, client_of: Clients) -> None:
    sari = client_of(cast.sari)
    day = timezone.localdate() - timedelta(days=7)
    sari.post("/meja/baru/", {"text": make.TEXT, "channel": "letter", "received_day": day.isoformat(), "received_time": "09:15"})
    (row,) = book()
    assert timezone.localtime(row.received_at).strftime("%Y-%m-%d %H:%M") == f"{day} 09:15"
    wrong = {
        "text": "",
        "channel": "letter",
        "phone": "0812",
        "name": "Karto",
        "received_day": (timezone.localdate() + timedelta(days=1)).isoformat(),
    }
    response = sari.post("/meja/baru/", wrong)
    assert response.status_code == 422
    assert response.content.decode().count('aria-invalid="true"') == 3
    assert 'value="Karto"' in response.content.decode()
    assert len(book()) == 1


def test_known_people_are_offered_but_never_those_behind_the_wall(cast: Cast, client_of: Clients) -> None:
    sari = client_of(cast.sari)
    make.received(cast)
    make.received(
        cast, "Petugas pengaduan sering tidak mencatat laporan saya.", sender=make.KARTO.__class__("Karsono", "+6281398765432")
    )
    offered = sari.post("/meja/pengadu/", {"q": "kar"}).json()
    assert [item["label"] for item in offered] == ["Karto Wiryo"]
    assert offered[0]["fields"]["phone"] == "0851-4118-2163"
    assert sari.post("/meja/pengadu/", {"q": "41182163"}).json() == offered
    assert sari.post("/meja/pengadu/", {"q": "ka"}).json() == []
    assert client_of(cast.lastri).post("/meja/pengadu/", {"q": "kar"}).status_code == 403
    unseen = Complainant.objects.get(name="Karsono")
    sari.post("/meja/baru/", {"text": make.TEXT, "channel": "walk_in", **offered[0]["fields"]})
    sari.post("/meja/baru/", {"text": make.TEXT, "channel": "walk_in", "known": unseen.pk, "name": "Karsono"})
    by_name = {row.complainant.name: row.complainant.pk for row in book()[2:]}
    assert by_name["Karto Wiryo"] == offered[0]["fields"]["known"]
    assert by_name["Karsono"] != unseen.pk


def test_without_a_script_the_button_looks_people_up(cast: Cast, client_of: Clients) -> None:
    make.received(cast)
    sari = client_of(cast.sari)
    page = sari.post("/meja/baru/", {"text": "Kalimat saya.", "name": "karto", "channel": "phone", "look_up": "?"})
    assert "Kalimat saya." in page.content.decode()
    (person,) = page.context["people"]
    page = sari.post("/meja/baru/", {"text": "Kalimat saya.", "name": "karto", "channel": "phone", "look_up": str(person.pk)})
    assert 'value="Karto Wiryo"' in page.content.decode()
    assert 'value="0851-4118-2163"' in page.content.decode()
    assert len(book()) == 1


def test_what_concerns_the_officer_is_handed_on(cast: Cast, client_of: Clients) -> None:
    sari = client_of(cast.sari)
    response = sari.post("/meja/baru/", {"text": make.TEXT, "channel": "walk_in", "named": [str(cast.sari.pk)]}, follow=True)
    (row,) = book()
    page = response.content.decode()
    assert row.number in page
    assert "Lastri Handayani" in page
    assert row.code[:4] not in page
    assert sari.get(f"/meja/{row.number}/tanda-terima/").status_code == 404
    assert client_of(cast.lastri).get(f"/meja/{row.number}/tanda-terima/").status_code == 200


def test_slips_from_the_box(cast: Cast, client_of: Clients) -> None:
    sari = client_of(cast.sari)
    today = timezone.localdate().isoformat()
    typed = {
        "opened": today, "witnesses": "Ketua RT 003", "token": "kotak", "count": "3",
        "slip1-text": "Tolong diawasi pembagian zakat di RT 02.", "slip1-files": photo(),
        "slip3-text": "Lampu mati.", "slip3-name": "Tarsinah",
    }  # fmt: skip
    page = sari.post("/meja/kotak/", typed, follow=True).content.decode()
    first, second = book()
    assert first.number in page
    assert second.number in page
    assert first.is_anonymous
    assert (first.channel, second.complainant.name) == ("box", "Tarsinah")
    assert "Ketua RT 003" in first.events.get(kind="noted").data["text"]
    sari.post("/meja/kotak/", {**typed, "slip1-files": photo()})
    assert len(book()) == 2


def test_a_slip_that_is_only_a_photo_is_asked_for_words(cast: Cast, client_of: Clients) -> None:
    response = client_of(cast.sari).post(
        "/meja/kotak/",
        {"opened": timezone.localdate().isoformat(), "count": "3", "slip2-files": photo(), "slip1-text": "Lampu mati."},
    )
    assert response.status_code == 422
    assert "Lampu mati." in response.content.decode()
    assert book() == []
    assert client_of(cast.sari).post("/meja/kotak/", {"opened": "", "count": "x"}).status_code == 422


def test_messages_that_wait(cast: Cast, client_of: Clients) -> None:
    waiting = intake.accept(make.incoming(cast, "assalamualaikum"), village=cast.village).message
    spam = intake.accept(make.incoming(cast, "pinjaman cepat klik bit.ly/x www.y z wa.me/1 promo"), village=cast.village).message
    sari = client_of(cast.sari)
    assert "assalamualaikum" in sari.get("/meja/pesan/").content.decode()
    assert client_of(cast.joko).get("/meja/pesan/").status_code == 403
    assert client_of(cast.joko).post(f"/meja/pesan/{waiting.pk}/", {"do": "release"}).status_code == 403
    assert client_of(cast.rini).post(f"/meja/pesan/{waiting.pk}/", {"do": "release"}).status_code == 404
    response = sari.post(f"/meja/pesan/{waiting.pk}/", {"do": "release"})
    (row,) = book()
    assert response["Location"] == f"/meja/{row.number}/tanda-terima/"
    sari.post(f"/meja/pesan/{spam.pk}/", {"do": "discard"})
    assert IncomingMessage.objects.get(pk=spam.pk).state == IncomingMessage.State.DISCARDED
    sari.post(f"/meja/pesan/{waiting.pk}/", {"do": "discard"})
    assert IncomingMessage.objects.get(pk=waiting.pk).state == IncomingMessage.State.ACCEPTED
