"""The agency's link: it opens one page, takes one answer, and says the same to everybody whom it no longer serves."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions, referrals
from kentongan.complaints.actions import NewFile
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Referral
from kentongan.lib import tokens
from kentongan.lib.files import Clean
from kentongan.village.models import Agency, User
from tests import letters, make
from tests.cast import Cast, build

SAID = "Saya Karto Wiryo, HP 0851-4118-2163. Kabel listrik putus di depan mushola sejak kemarin."
CONSTANT = 'id="code_error"'


@pytest.fixture
def referral(cast: Cast) -> Referral:
    return refer(cast)


def refer(cast: Cast, **how: bool) -> Referral:
    row = make.complaint(cast, State.VERIFIED, SAID)
    photo = Clean(b"\xff\xd8\xff\xe0", "image/jpeg", "jpg")
    actions.attach(row, files=[NewFile("KTP Karto.jpg", photo)], by=cast.sari)
    actions.refer(row, agency=cast.agency, text="Mohon diperbaiki.", by=cast.sari, **how)
    return Referral.objects.select_related("complaint").get(complaint=row)


def opened(referral: Referral) -> Client:
    client = Client()
    response = client.post("/jawab/", {"code": tokens.spaced(referrals.code_of(referral)).lower()})
    assert (response.status_code, response.headers["Location"]) == (303, "/jawab/surat/")
    return client


def test_the_agency_reads_the_matter_and_not_who_complains(referral: Referral) -> None:
    shown = opened(referral).get("/jawab/surat/").content.decode()
    assert "Kabel listrik putus" in shown
    assert "Mohon diperbaiki." in shown
    assert referral.letter_number in shown
    for told in ("Karto", "0851", referral.complaint.code, "/jawab/surat/berkas/"):
        assert told not in shown


def test_with_consent_and_files_it_reads_both_and_the_file_says_nothing_by_its_name(cast: Cast) -> None:
    client = opened(refer(cast, with_identity=True, with_files=True))
    shown = client.get("/jawab/surat/").content.decode()
    assert "Karto Wiryo" in shown
    assert "KTP" not in shown
    pk = Complaint.for_system("test").get().attachments.get().pk
    got = client.get(f"/jawab/surat/berkas/{pk}/")
    assert b"".join(got) == b"\xff\xd8\xff\xe0"  # type: ignore[arg-type]
    assert "Karto" not in got.headers["Content-Disposition"]
    assert Client().get(f"/jawab/surat/berkas/{pk}/").status_code == 404


def test_its_answer_with_number_and_photo_is_in_the_book_and_the_link_is_used_up(referral: Referral) -> None:
    client = opened(referral)
    photo = SimpleUploadedFile("bukti.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    sent = {"text": "Regu datang besok pagi.", "outside_number": "PLN-123", "photos": photo}
    assert client.post("/jawab/surat/", sent).status_code == 303
    referral.refresh_from_db()
    assert (referral.answer, referral.outside_number) == ("Regu datang besok pagi.", "PLN-123")
    event = referral.complaint.events.get(kind="referral_answered")
    assert (event.by, event.via) == (None, "link")
    again = client.post("/jawab/surat/", {"text": "Regu datang besok pagi."})
    assert again.status_code == 303, "pressed twice, it happened once"
    assert referral.complaint.events.filter(kind="referral_answered").count() == 1
    other = client.post("/jawab/surat/", {"text": "Ternyata lusa."})
    assert other.status_code == 409
    assert "Ternyata lusa." in other.content.decode(), "what was written is given back"


def test_an_empty_answer_is_asked_for_in_words(referral: Referral) -> None:
    response = opened(referral).post("/jawab/surat/", {"text": " ", "outside_number": "PLN-9"})
    assert response.status_code == 422
    assert "PLN-9" in response.content.decode()


def test_unknown_answered_run_out_replaced_and_mistyped_are_answered_alike(cast: Cast, referral: Referral) -> None:
    code = referrals.code_of(referral)
    pages = [Client().post("/jawab/", {"code": "0" * 26}), Client().post("/jawab/", {"code": referral.complaint.code})]
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=False):
        pages.append(Client().post("/jawab/", {"code": code}))
    actions.chase(referral.complaint, text="Lagi.", new_link=True, by=cast.sari)
    pages.append(Client().post("/jawab/", {"code": code}))
    actions.record_referral_answer(referral.complaint, text="Ya.", by=cast.sari)
    referral.refresh_from_db()
    pages.append(Client().post("/jawab/", {"code": referrals.code_of(referral)}))
    sentences = {page.content.decode().partition(CONSTANT)[2].partition("</p>")[0] for page in pages}
    assert {page.status_code for page in pages} == {422}
    assert len(sentences) == 1
    assert sentences != {""}


def test_a_link_replaced_while_the_page_was_open_loses_nothing_that_was_written(cast: Cast, referral: Referral) -> None:
    client = opened(referral)
    actions.chase(referral.complaint, text="Lagi.", new_link=True, by=cast.sari)
    assert client.get("/jawab/surat/").status_code == 302
    response = client.post("/jawab/surat/", {"text": "Sudah kami perbaiki."})
    assert response.status_code == 409
    assert "Sudah kami perbaiki." in response.content.decode()
    referral.refresh_from_db()
    assert referral.answered_at is None


def test_a_pass_cannot_be_written_by_hand(referral: Referral) -> None:
    client = Client()
    client.cookies["kentongan_instansi"] = bytes(referral.token_digest or b"").hex()
    assert client.get("/jawab/surat/").status_code == 302


def test_guessing_is_limited_and_the_right_code_never(referral: Referral) -> None:
    client = Client()
    seen = [client.post("/jawab/", {"code": "1" * 26}).status_code for _ in range(60)]
    assert seen[0] == 422
    assert seen[-1] == 429
    opened(referral)
    caches["limits"].clear()


# --- what stays here, on every page and paper ------------------------------------------------------------------------------

TELLING = (
    "Saya KARTO wiryo dari Jl. Melati no 4, NIK 3301 0212 3456 7890. Kata Pak Karto: hubungi (0851) 4118 2163 atau +62 851 4118-2163."
    " Lampu mati di depan rumah Kartone."
)
SECRETS = ("karto", "wiryo", "melati", "3301", "4118", "2163")


def test_without_consent_nothing_on_the_page_tells_who_complains_not_even_the_place(cast: Cast) -> None:
    row = make.complaint(cast, State.VERIFIED, TELLING, place="Depan rumah Pak Karto", happened="Sejak Karto pindah")
    actions.refer(row, agency=cast.agency, text="Mohon diperbaiki.", by=cast.sari)
    shown = opened(Referral.objects.get(complaint=row)).get("/jawab/surat/").content.decode().lower()
    assert "lampu mati di depan rumah" in shown
    assert not [secret for secret in SECRETS if secret in shown]


def test_the_officer_reads_before_sending_what_the_agency_will_read(cast: Cast, client_of: Callable[[User], Client]) -> None:
    row = make.complaint(cast, State.VERIFIED, TELLING, place="Depan rumah Pak Karto")
    sari = client_of(cast.sari)
    shown = sari.get(f"/meja/{row.number}/langkah/refer/").content.decode()
    preview = shown.partition('class="stack-s preview"')[2].partition("</section>")[0].lower()
    assert "lampu mati di depan rumah" in preview
    assert not [secret for secret in SECRETS if secret in preview]
    sent = {"agency": cast.agency.pk, "text": "Mohon hubungi Karto  Wiryo di 0851-4118-2163."}
    refused = sari.post(f"/meja/{row.number}/langkah/refer/", sent)
    assert refused.status_code == 422
    assert sent["text"] in refused.content.decode(), "what was written stays"
    assert not row.referrals.exists()
    assert sari.post(f"/meja/{row.number}/langkah/refer/", sent | {"with_identity": "on"}).status_code == 302
    assert row.referrals.get().with_identity


def test_asked_again_without_consent_the_words_do_not_tell_it_either(
    cast: Cast, referral: Referral, client_of: Callable[[User], Client]
) -> None:
    step = f"/meja/{referral.complaint.number}/langkah/chase/"
    sari = client_of(cast.sari)
    assert sari.post(step, {"text": "Bu, Karto Wiryo menunggu."}).status_code == 422
    assert sari.post(step, {"text": "Pengadu menunggu."}).status_code == 302


# --- in wrong hands, too late, too much --------------------------------------------------------------------------------------


def test_a_link_passed_on_opens_for_both_and_takes_the_first_answer(referral: Referral) -> None:
    first, second = opened(referral), opened(referral)
    assert "Kabel listrik putus" in second.get("/jawab/surat/").content.decode()
    assert first.post("/jawab/surat/", {"text": "Besok."}).status_code == 303
    late = second.post("/jawab/surat/", {"text": "Kami bukan kantornya."})
    assert late.status_code == 409
    assert "Kami bukan kantornya." in late.content.decode()
    assert second.get("/jawab/surat/").status_code == 302
    referral.refresh_from_db()
    assert referral.answer == "Besok."


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_the_same_moment_are_one() -> None:
    cast = build()
    waiting = refer(cast)
    clients = [opened(waiting) for _ in range(4)]
    seen: list[int] = []

    def send(client: Client, n: int) -> None:
        try:
            seen.append(client.post("/jawab/surat/", {"text": f"Jawaban {n}."}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(client, n)) for n, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [303, 409, 409, 409]
    assert waiting.complaint.events.filter(kind="referral_answered").count() == 1


def test_answered_by_mail_meanwhile_the_page_gives_back_what_was_written(cast: Cast) -> None:
    cast.agency.email = "layanan@pupr.example"
    cast.agency.save()
    letters.mailbox(cast.village)
    waiting = refer(cast)
    client = opened(waiting)
    letters.goes_out(cast.village)
    asked = OutgoingMessage.objects.get(channel="email", address="layanan@pupr.example")
    letters.arrives(cast.village, letters.written("Regu datang besok.", sender="layanan@pupr.example", answers=asked))
    response = client.post("/jawab/surat/", {"text": "Regu sudah datang."})
    assert response.status_code == 409
    assert "Regu sudah datang." in response.content.decode()
    waiting.refresh_from_db()
    assert waiting.answer.startswith("Regu datang besok.")


@pytest.mark.parametrize("how", ["expired", "withdrawn", "taken up"])
def test_when_it_waits_no_longer_the_page_says_so_and_loses_nothing(cast: Cast, referral: Referral, how: str) -> None:
    client = opened(referral)
    moment = timezone.now()
    if how == "expired":
        Referral.objects.filter(pk=referral.pk).update(token_until=moment)
    elif how == "withdrawn":
        actions.withdraw(referral.complaint, text="Sudah menyala.", by=None)
    else:
        actions.start(referral.complaint, by=cast.sari)
    response = client.post("/jawab/surat/", {"text": "Sudah kami ganti."})
    assert response.status_code == 409
    assert "Sudah kami ganti." in response.content.decode()
    assert client.get("/jawab/surat/").status_code == 302
    assert not referral.complaint.events.filter(kind="referral_answered").exists()


def test_a_code_of_this_village_opens_nothing_in_another(referral: Referral, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    elsewhere = Client(headers={"host": "sidamulya.example"})
    assert elsewhere.post("/jawab/", {"code": referrals.code_of(referral)}).status_code == 422
    here = opened(referral)
    assert here.get("/jawab/surat/", headers={"host": "sidamulya.example"}).status_code == 302


@pytest.mark.parametrize("typed", ["", "x", "0" * 26, "ABCD-EFGH", "\x00" * 26, "’ OR 1=1 --", "9" * 5000, "Ａ" * 26])
def test_a_wrong_code_costs_the_same_whatever_it_is(referral: Referral, typed: str) -> None:
    with CaptureQueriesContext(connection) as counted:
        response = Client().post("/jawab/", {"code": typed})
    assert response.status_code == 422
    asked = [query["sql"] for query in counted if "complaints_referral" in query["sql"]]
    assert len(asked) == 1, "it is looked for by its digest, once, whether or not it can be one"
    caches["limits"].clear()


def test_a_text_without_end_is_refused_in_words_and_given_back(referral: Referral) -> None:
    client = opened(referral)
    long = "Sudah diperbaiki. " * 1200
    response = client.post("/jawab/surat/", {"text": long})
    assert response.status_code == 422
    assert long.strip()[:2000] in response.content.decode()
    assert client.post("/jawab/surat/", {"text": "x" * (13 * 1024 * 1024)}).status_code in {400, 413}
    referral.refresh_from_db()
    assert referral.answered_at is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ\x90\x00"),
        ("foto.jpg", b"<html><script>alert(1)</script>"),
        ("foto.jpg", b"\xff\xd8\xff"),
        ("kosong.jpg", b""),
    ],
)
def test_a_bad_file_is_named_and_the_answer_waits(referral: Referral, name: str, content: bytes) -> None:
    client = opened(referral)
    sent = {"text": "Sudah diganti.", "outside_number": "PLN-1", "photos": SimpleUploadedFile(name, content)}
    response = client.post("/jawab/surat/", sent)
    shown = response.content.decode()
    assert response.status_code == 422
    assert name in shown
    assert "Sudah diganti." in shown
    assert "PLN-1" in shown
    assert client.post("/jawab/surat/", {"text": "Sudah diganti."}).status_code == 303, "without the photo it goes"


def test_what_the_agency_writes_is_text_wherever_it_is_read(
    cast: Cast, referral: Referral, client_of: Callable[[User], Client]
) -> None:
    evil = "<script>alert(1)</script> {{ secret }} \x07 selesai"
    assert opened(referral).post("/jawab/surat/", {"text": evil, "outside_number": "<b>1</b>"}).status_code == 303
    resident = Client()
    resident.post("/lacak/", {"code": referral.complaint.code})
    for page in (client_of(cast.sari).get(f"/meja/{referral.complaint.number}/"), resident.get("/lacak/pengaduan/")):
        shown = page.content.decode()
        assert "<script>alert" not in shown
        assert "<b>1</b>" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ secret }}  selesai" in shown


def test_nobody_keeps_lists_or_learns_of_the_page(referral: Referral) -> None:
    client = opened(referral)
    pages = [Client().get("/jawab/"), Client().post("/jawab/", {"code": "0" * 26}), client.get("/jawab/surat/")]
    pages.append(client.post("/jawab/surat/", {"text": ""}))
    for page in pages:
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert page.headers["Referrer-Policy"] == "same-origin", (
            "no-referrer would make browsers send Origin: null, and no form would go"
        )
        assert "default-src" in page.headers["Content-Security-Policy"]
    cookie = client.cookies["kentongan_instansi"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/jawab/", True, "Lax")
    assert referrals.code_of(referral) not in pages[2].content.decode().replace("-", "")
    assert "/meja/" not in pages[2].content.decode()


def test_a_link_opens_nothing_once_the_complaint_went_to_another_agency(referral: Referral, cast: Cast) -> None:
    """Taken back without an answer, then sent elsewhere: the first agency is out of it, its open page included."""
    reading = opened(referral)
    actions.start(referral.complaint, by=cast.sari)
    second = Agency.objects.create(village=cast.village, name="PLN ULP Cilacap")
    actions.refer(referral.complaint, agency=second, text="Mohon diperbaiki.", by=cast.sari)
    assert CONSTANT in Client().post("/jawab/", {"code": referrals.code_of(referral)}).content.decode()
    assert reading.get("/jawab/surat/").status_code == 302
    assert reading.post("/jawab/surat/", {"text": "Bukan kami."}).status_code == 409
    assert not Referral.objects.filter(answered_at__isnull=False).exists()
    assert opened(Referral.objects.select_related("complaint").get(agency=second)).get("/jawab/surat/").status_code == 200


def test_a_file_opens_no_longer_than_the_matter_itself(cast: Cast) -> None:
    sent = refer(cast, with_files=True)
    reading, photo = opened(sent), sent.complaint.attachments.get()
    assert reading.get(f"/jawab/surat/berkas/{photo.pk}/").status_code == 200
    actions.withdraw(sent.complaint, text="Saya cabut.", by=None)
    assert reading.get(f"/jawab/surat/berkas/{photo.pk}/").status_code == 404
    assert reading.get("/jawab/surat/").status_code == 302
