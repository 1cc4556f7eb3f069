"""The signed passes of residents: no pass opens another door, none can be written by hand, none outlives its time."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.signing import Signer, TimestampSigner, get_cookie_signer
from django.test import Client
from django.utils import timezone

from kentongan.channels import intake
from kentongan.complaints import actions
from kentongan.complaints.actions import NewFile
from kentongan.complaints.models import Attachment
from kentongan.lib.files import Clean
from kentongan.web.public import here
from tests import make
from tests.cast import Cast

PAPER = NewFile("surat.pdf", Clean(b"%PDF-1.4", "application/pdf", "pdf"))


def opened(code: str) -> Client:
    client = Client()
    client.post("/lacak/", {"code": code})
    return client


def test_a_pass_of_one_kind_opens_nothing_of_the_other(cast: Cast) -> None:
    row = make.received(cast)
    track, receipt = here.TRACK[0], here.RECEIPT[0]
    value = opened(row.code).cookies[track].value
    thief = Client()
    thief.cookies[receipt] = value
    assert thief.get("/adukan/selesai/").status_code == 302, "the tracking pass shows no code"
    assert thief.get("/adukan/tanda-terima/a6.pdf").status_code == 404


@pytest.mark.parametrize("forged", ["1", "1:1:1", "{pk}", "{pk}:AAAA:bbbb"])
def test_no_pass_is_written_by_hand(cast: Cast, forged: str) -> None:
    row = make.received(cast)
    salted = [
        signer.sign(str(row.pk)) for signer in (Signer(), Signer(salt="complaint-form"), TimestampSigner(), get_cookie_signer())
    ]
    for value in (forged.format(pk=row.pk), *salted):
        client = Client()
        client.cookies[here.TRACK[0]] = value
        assert client.get("/lacak/pengaduan/").status_code == 302
        assert client.post("/lacak/pengaduan/cabut/", {"text": "x"}).status_code == 403


def test_a_pass_ends_after_two_hours_wherever_it_was_kept(cast: Cast) -> None:
    row = make.received(cast)
    value = opened(row.code).cookies[here.TRACK[0]].value
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1), tick=False):
        thief = Client()
        thief.cookies[here.TRACK[0]] = value
        assert thief.get("/lacak/pengaduan/").status_code == 302


def test_a_pass_opens_one_complaint_and_its_public_files_only(cast: Cast) -> None:
    mine, other = make.received(cast), make.received(cast)
    actions.add(other, text="Foto", by=None, files=(PAPER,))
    actions.note(mine, text="Catatan dalam", by=cast.sari, files=(PAPER,))
    client = opened(mine.code)
    assert "Catatan dalam" not in client.get("/lacak/pengaduan/").content.decode()
    for row in Attachment.objects.all():
        assert client.get(f"/lacak/berkas/{row.pk}/").status_code == 404
        assert client.get(f"/lacak/berkas/{row.pk}/?kecil").status_code == 404


def test_a_strangers_form_mark_takes_no_files(cast: Cast, client: Client) -> None:
    """Files wait under the mark of the form they came with; the mark is signed, and no other form can bear it."""
    actions.keep((PAPER,), None, None, village_id=cast.village.pk, token="tanda-orang-lain")
    typed = {
        "text": make.TEXT, "identity": "none", "token": "tanda-orang-lain", "external_id": "tanda-orang-lain",
        "form_token": "tanda-orang-lain", "kept": "1",
    }  # fmt: skip
    assert client.post("/adukan/", typed).status_code == 303
    assert Attachment.objects.get().complaint is None
    shown = client.post("/adukan/", {**typed, "text": ""})
    assert "surat.pdf" not in shown.content.decode()
    client.post("/adukan/", {**typed, "remove": str(Attachment.objects.get().pk)})
    assert Attachment.objects.count() == 1


def test_a_mark_bears_no_files_across_the_village_border(cast: Cast) -> None:
    actions.keep((PAPER,), None, None, village_id=cast.neighbour.pk, token="sama")
    made = intake.accept(make.incoming(cast, token="sama"), village=cast.village).complaint
    assert made is not None
    assert not made.attachments.exists()


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA-AAAA", "' OR 1=1 --", "0" * 5000, "\x00", "🙂" * 12, "../../etc/passwd"])
def test_every_wrong_code_gets_the_same_answer(cast: Cast, typed: str) -> None:
    make.received(cast)
    answer = Client().post("/lacak/", {"code": typed})
    assert answer.status_code == 422
    assert here.TRACK[0] not in answer.cookies
    assert "Kode ini tidak kami temukan" in answer.content.decode() or "error" in answer.content.decode()


def test_a_code_of_the_neighbour_village_is_a_wrong_code(cast: Cast, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "sidamulya.example"]
    row = make.received(cast)
    there = Client(headers={"host": "sidamulya.example"})
    assert there.post("/lacak/", {"code": row.code}).status_code == 422
    there.cookies[here.TRACK[0]] = opened(row.code).cookies[here.TRACK[0]].value
    assert there.get("/lacak/pengaduan/").status_code == 302


def test_passes_are_for_this_site_and_no_script(cast: Cast) -> None:
    cookie = opened(make.received(cast).code).cookies[here.TRACK[0]]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], int(cookie["max-age"])) == (True, "Lax", "/lacak/", 7200)
