"""Tracking: the code is the key, a wrong one is always answered alike, and nothing internal is ever shown."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone
from PIL import Image

from kentongan.channels.base import Contact
from kentongan.complaints import actions
from kentongan.complaints.actions import NewFile
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.lib.files import cleaned
from tests import make
from tests.cast import Cast


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "green").save(out, "JPEG")
    return out.getvalue()


def photo(name: str = "bukti.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), "image/jpeg")


def opened(row: Complaint) -> Client:
    """A phone that typed the code."""
    client = Client()
    assert client.post("/lacak/", {"code": row.code}).status_code == 303
    return client


def page(client: Client) -> str:
    return client.get("/lacak/pengaduan/").content.decode()


def now(row: Complaint) -> Complaint:
    return Complaint.for_system("test").get(pk=row.pk)


@pytest.mark.parametrize(
    "write",
    [str.lower, lambda code: f" {code[:4]}-{code[4:8]} {code[8:]} ", lambda code: code.replace("0", "O").replace("1", "l")],
)
def test_the_code_opens_the_page_however_it_is_typed(cast: Cast, client: Client, write: Callable[[str], str]) -> None:
    row = make.received(cast)
    answer = client.post("/lacak/", {"code": write(row.code)})
    assert (answer.status_code, answer["Location"]) == (303, "/lacak/pengaduan/")
    assert row.code not in answer["Location"]
    shown = client.get("/lacak/pengaduan/")
    assert row.printed_number(cast.village) in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"


@pytest.mark.parametrize("state", list(State))
def test_every_state_says_where_it_stands(cast: Cast, state: State) -> None:
    row = make.complaint(cast, state)
    shown = opened(row).get("/lacak/pengaduan/")
    assert shown.status_code == 200
    assert shown.context["stands"]
    assert len(shown.content) < 60_000


def test_the_holder_is_named_by_post_and_the_day_is_promised(cast: Cast) -> None:
    shown = page(opened(make.complaint(cast, State.IN_PROGRESS)))
    assert "sedang ditindaklanjuti oleh Kasi Kesejahteraan" in shown
    assert "Anda mendapat jawaban paling lambat" in shown


def test_nothing_internal_is_shown(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    secret = NewFile("rahasia.jpg", cleaned(jpeg()))
    actions.note(row, text="CATATAN-DALAM", by=cast.joko, files=[secret])
    actions.draft_response(row, text="RANCANGAN-JAWABAN", outcome="RESOLVED", by=cast.joko, files=[secret])
    actions.return_response(row, text="KEMBALIKAN-DULU", by=cast.lastri)
    actions.follow_up(row, text="Sudah dicek ke lapangan.", by=cast.joko, files=[NewFile("lapangan.jpg", cleaned(jpeg()))])
    client = opened(row)
    shown = page(client)
    assert "Sudah dicek ke lapangan." in shown
    assert "lapangan.jpg" in shown
    for hidden in ("CATATAN-DALAM", "RANCANGAN-JAWABAN", "KEMBALIKAN-DULU", "rahasia.jpg", "Mohon dicek dan ditangani"):
        assert hidden not in shown
    for user in (cast.sari, cast.joko, cast.lastri, cast.harun):
        assert user.name not in shown
    assert "Karto" not in shown
    assert "5141" not in shown
    codes = {kept.name: client.get(f"/lacak/berkas/{kept.pk}/").status_code for kept in row.attachments.all()}
    assert codes["lapangan.jpg"] == 200
    assert codes["rahasia.jpg"] == 404


def test_files_need_the_pass_of_their_own_complaint(cast: Cast) -> None:
    row = make.received(cast)
    actions.add(row, text="", by=None, files=[NewFile("bukti.jpg", cleaned(jpeg()))])
    kept = row.attachments.get()
    address = f"/lacak/berkas/{kept.pk}/"
    assert Client().get(address).status_code == 404
    assert opened(make.received(cast, make.TEXT + " Lagi.")).get(address).status_code == 404
    mine = opened(row)
    served = mine.get(address)
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Security-Policy"].startswith("sandbox")
    assert "bukti.jpg" in served["Content-Disposition"]
    small = mine.get(address + "?kecil")
    assert Image.open(io.BytesIO(small.content)).size == (320, 213)


def test_a_pass_cannot_be_written_by_hand_and_ends(cast: Cast) -> None:
    row = make.received(cast)
    stranger = Client()
    stranger.cookies["kentongan_lacak"] = str(row.pk)
    assert stranger.get("/lacak/pengaduan/")["Location"] == "/lacak/"
    client = opened(row)
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1), tick=False):
        assert client.get("/lacak/pengaduan/").status_code == 302
        late = client.post("/lacak/pengaduan/tambah/", {"text": "Tulisan panjang saya"})
        assert late.status_code == 403
        assert "Tulisan panjang saya" in late.content.decode()
    assert client.post("/lacak/keluar/").status_code == 303
    assert client.get("/lacak/pengaduan/").status_code == 302


def test_a_code_opens_nothing_in_the_neighbour_village(cast: Cast, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["sidamulya.example"]
    row = make.received(cast)
    assert Client().post("/lacak/", {"code": row.code}, headers={"host": "sidamulya.example"}).status_code == 422


def test_wrong_codes_are_answered_alike(cast: Cast, client: Client) -> None:
    make.received(cast)
    answers = []
    for code in ("0000-0000-0000", "ABCD-EFGH-JKMN", "x", "", "' OR 1=1 --", "<script>", "9" * 5000):
        answer = client.post("/lacak/", {"code": code})
        body = answer.content.decode()
        assert "<script>" not in body
        answers.append((answer.status_code, "Kode ini tidak kami temukan" in body))
    assert set(answers) == {(422, True)}


@override_settings(WRONG_CODES_PER_10_MINUTES=3)
def test_guessing_is_limited_and_the_right_code_never(cast: Cast, client: Client) -> None:
    row = make.received(cast)
    codes = [client.post("/lacak/", {"code": "0000-0000-0000"}).status_code for _ in range(5)]
    assert codes == [422, 422, 422, 429, 429]
    assert client.post("/lacak/", {"code": row.code}).status_code == 303
    assert client.post("/lacak/", {"code": "0000"}, REMOTE_ADDR="10.9.9.9").status_code == 422


def test_the_code_never_stands_in_an_address(cast: Cast, client: Client) -> None:
    row = make.received(cast)
    assert client.get("/lacak/", {"code": row.code}).context["open"] is None
    assert client.get(f"/lacak/{row.code}/").status_code == 404


def test_words_and_photos_are_added_once(cast: Cast) -> None:
    row = make.received(cast)
    client = opened(row)
    client.post("/lacak/pengaduan/tambah/", {"text": "Tadi ada yang jatuh lagi. 🙏"})
    client.post("/lacak/pengaduan/tambah/", {"text": "Tadi ada yang jatuh lagi. 🙏"})
    client.post("/lacak/pengaduan/tambah/", {"text": "", "photos": [photo(), SimpleUploadedFile("x.exe", b"MZ123")]})
    assert list(row.events.values_list("kind", flat=True)) == ["received", "added", "added"]
    shown = page(client)
    assert "jatuh lagi. 🙏" in shown
    assert "bukti.jpg" in shown
    assert "x.exe" in shown
    empty = client.post("/lacak/pengaduan/tambah/", {"text": " "})
    assert empty.status_code == 422
    assert "Tulis sesuatu" in empty.content.decode()


def test_what_was_asked_is_answered_with_the_missing_identity(cast: Cast) -> None:
    row = make.complaint(cast, State.AWAITING_COMPLAINANT, sender=Contact("Karto Wiryo"))
    client = opened(row)
    shown = client.get("/lacak/pengaduan/")
    assert "Mohon lengkapi alamat." in shown.content.decode()
    assert set(shown.context["ways"]) == {"lengkapi", "cabut"}
    assert list(shown.context["ways"]["lengkapi"].fields) == ["text", "phone", "lives", "address", "photos"]
    wrong = client.post("/lacak/pengaduan/lengkapi/", {"text": "Ini alamat saya", "phone": "0812345"})
    assert wrong.status_code == 422
    assert "Ini alamat saya" in wrong.content.decode()
    client.post("/lacak/pengaduan/lengkapi/", {"text": "Ini", "phone": "085141182163", "lives": f"{cast.hamlet.pk}-001-003"})
    changed = now(row)
    assert changed.state == State.RECEIVED
    assert changed.complainant is not None
    assert changed.complainant.is_complete
    assert changed.complainant.name == "Karto Wiryo"


def test_who_gave_no_name_may_answer_without_one(cast: Cast) -> None:
    row = make.complaint(cast, State.AWAITING_COMPLAINANT, sender=Contact())
    opened(row).post("/lacak/pengaduan/lengkapi/", {"text": "Di depan mushola RT 3."})
    assert now(row).state == State.RECEIVED
    assert now(row).is_anonymous


def test_it_can_be_withdrawn_with_a_reason(cast: Cast) -> None:
    row = make.complaint(cast, State.VERIFIED)
    client = opened(row)
    assert client.post("/lacak/pengaduan/cabut/", {"text": ""}).status_code == 422
    client.post("/lacak/pengaduan/cabut/", {"text": "Sudah selesai.", "pressed": "on"})
    assert now(row).state == State.WITHDRAWN
    last = row.events.last()
    assert last is not None
    assert last.data == {"text": "Sudah selesai.", "pressed": True}
    assert client.get("/lacak/pengaduan/").context["ways"] == {}


def test_the_answer_is_judged_and_objected_to_in_time(cast: Cast) -> None:
    row = make.complaint(cast, State.RESPONDED)
    client = opened(row)
    assert "Lubang sudah ditambal." in page(client)
    assert client.post("/lacak/pengaduan/nilai/", {}).status_code == 422
    client.post("/lacak/pengaduan/nilai/", {"score": "2", "text": "Lama"})
    assert now(row).rating == 2
    ways = client.get("/lacak/pengaduan/").context["ways"]
    assert ways["nilai"].said == "Kurang puas"
    assert "keberatan" in ways
    client.post("/lacak/pengaduan/keberatan/", {"text": "Belum ada yang datang!", "photos": photo()})
    assert now(row).state == State.VERIFIED
    assert now(row).reopened == 1


def test_a_judgement_may_be_changed_until_the_reply_window_ends_and_both_stay(cast: Cast) -> None:
    row = make.complaint(cast, State.RESPONDED)
    client = opened(row)
    for score in ("2", "4", "4"):  # the last pressed twice
        client.post("/lacak/pengaduan/nilai/", {"score": score, "text": ""})
    assert [event.data["score"] for event in row.events.filter(kind="rated")] == [2, 4]
    assert now(row).rating == 4
    due_at = now(row).due_at
    assert due_at
    with time_machine.travel(due_at + timedelta(minutes=1), tick=False):
        late = opened(row)
        assert "nilai" not in late.get("/lacak/pengaduan/").context["ways"]


def test_a_link_of_our_letter_chooses_a_face_and_changes_nothing(cast: Cast) -> None:
    row = make.complaint(cast, State.RESPONDED)
    client = Client()
    assert 'name="nilai" value="3"' in client.get("/lacak/?nilai=3").content.decode()
    assert "nilai" not in client.get("/lacak/?nilai=5").context["chosen"]
    answer = client.post("/lacak/", {"code": row.code, "nilai": "3"})
    assert answer.headers["Location"] == "/lacak/pengaduan/?nilai=3#nilai"
    page = client.get("/lacak/pengaduan/?nilai=3")
    assert page.context["ways"]["nilai"]["score"].value() == "3"
    assert re.search(r'value="3"[^>]*checked', page.content.decode())
    assert now(row).rating is None


def test_after_the_reply_window_it_cannot_be_opened_again(cast: Cast) -> None:
    row = make.complaint(cast, State.RESPONDED)
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        client = opened(row)
        assert "keberatan" not in client.get("/lacak/pengaduan/").context["ways"]
        late = client.post("/lacak/pengaduan/keberatan/", {"text": "Belum sesuai menurut saya"})
        assert late.status_code == 409
        assert "Belum sesuai menurut saya" in late.content.decode()
    assert now(row).state == State.RESPONDED


def test_a_lateness_is_admitted_with_other_doors(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=False):
        shown = page(opened(row))
    assert "Kami mohon maaf" in shown
    assert "Ombudsman" in shown
    assert "Kesugihan" in shown


def test_a_declined_one_gives_the_right_address(cast: Cast) -> None:
    row = make.received(cast)
    actions.decline(row, reason="OUT_OF_SCOPE", text="Ini jalan kabupaten.", by=cast.sari, agency=cast.agency)
    shown = page(opened(row))
    assert "Ini jalan kabupaten." in shown
    assert cast.agency.name in shown


def test_a_split_part_is_found_by_its_own_code(cast: Cast) -> None:
    row = make.received(cast)
    part = actions.split(row, text="BLT ibu saya belum cair sejak Juli.", subject="BLT", by=cast.sari)
    shown = page(opened(row))
    assert part.number in shown
    assert part.code[:4] in shown


def test_no_deed_without_its_name(cast: Cast) -> None:
    client = opened(make.received(cast))
    assert client.post("/lacak/pengaduan/hapus/").status_code == 404
    assert client.get("/lacak/pengaduan/cabut/")["Location"] == "/lacak/pengaduan/"


def test_the_page_takes_few_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    row = make.complaint(cast, State.RESPONDED)
    client = opened(row)
    with django_assert_max_num_queries(10):
        client.get("/lacak/pengaduan/")
