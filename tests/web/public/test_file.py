"""The complaint form: one complaint per form, nothing typed is lost, each refusal says what to do."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings
from PIL import Image

from kentongan.channels.models import IncomingMessage
from kentongan.complaints.models import Attachment, Complaint
from kentongan.village.models import User
from tests.cast import Cast

TEXT = "Jalan di depan mushola berlubang besar sejak dua minggu, anak saya jatuh dari sepeda. 😡🙏"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def photo(name: str = "lubang.jpg", size: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "grey").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def token_of(page: HttpResponse) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def typed(cast: Cast, client: Client, **changes: Any) -> dict[str, Any]:
    """A form filled in well, but for ``changes``."""
    form = {
        "token": token_of(client.get("/adukan/")),
        "text": TEXT,
        "where": f"{cast.hamlet.pk}-001-003",
        "place": "Depan mushola",
        "happened": "Dua minggu",
        "who": "Jalan desa",
        "wish": "Ditambal",
        "identity": "open",
        "name": "Karto Wiryo",
        "phone": "0851-4118-2163",
        "lives": f"{cast.hamlet.pk}-001-003",
        "address": "Jalan Melati 4",
        **changes,
    }
    return {key: value for key, value in form.items() if value is not None}


def the_one() -> Complaint:
    return Complaint.for_system("test").get()


def test_the_form_makes_a_complaint_and_leads_to_its_receipt(cast: Cast, client: Client) -> None:
    answer = client.post("/adukan/", typed(cast, client))
    assert (answer.status_code, answer["Location"]) == (303, "/adukan/selesai/")
    row = the_one()
    assert row.text == TEXT
    assert (row.hamlet_id, row.rw, row.rt, row.place) == (cast.hamlet.pk, "001", "003", "Depan mushola")
    assert row.complainant is not None
    assert (row.complainant.name, row.complainant.phone) == ("Karto Wiryo", "+6285141182163")
    assert (row.channel, row.identity_hidden, row.confidential) == ("web", False, False)
    page = client.get("/adukan/selesai/").content.decode()
    code = row.code
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in page
    assert row.printed_number(cast.village) in page
    assert answer.cookies["kentongan_tanda_terima"]["httponly"]
    assert "sessionid" not in client.cookies


def test_the_receipt_is_open_to_the_sender_alone(cast: Cast, client: Client) -> None:
    client.post("/adukan/", typed(cast, client))
    assert Client().get("/adukan/selesai/")["Location"] == "/lacak/"
    stranger = Client()
    stranger.cookies["kentongan_tanda_terima"] = str(the_one().pk)
    assert stranger.get("/adukan/selesai/").status_code == 302
    client.post("/lacak/keluar/")
    assert client.get("/adukan/selesai/").status_code == 302


def test_without_a_name_nothing_of_the_person_is_kept(cast: Cast, client: Client) -> None:
    client.post("/adukan/", typed(cast, client, identity="none", phone="not a number"))
    row = the_one()
    assert row.is_anonymous
    assert "Karto" not in client.get("/adukan/selesai/").content.decode()


def test_a_hidden_identity_and_a_confidential_report_are_two_things(cast: Cast, client: Client) -> None:
    client.post("/adukan/", typed(cast, client, identity="hidden", confidential="on"))
    row = the_one()
    assert row.identity_hidden
    assert row.confidential
    assert row.complainant is not None


def test_the_person_it_is_about_does_not_see_it(cast: Cast, client: Client) -> None:
    client.post("/adukan/", typed(cast, client, named=[str(cast.joko.pk), "999999"]))
    row = the_one()
    assert list(row.shut_out.values_list("user_id", "why")) == [(cast.joko.pk, "NAMED")]
    assert "Operator" not in client.get("/adukan/").content.decode()  # the administrator is no official of the village


def test_sent_twice_is_one_complaint_with_the_same_receipt(cast: Cast, client: Client) -> None:
    form = typed(cast, client)
    first, second = client.post("/adukan/", form), client.post("/adukan/", form)
    assert first.status_code == second.status_code == 303
    number = the_one().printed_number(cast.village)
    assert number in client.get("/adukan/selesai/").content.decode()


def test_back_and_send_again_is_the_same_complaint(cast: Cast, client: Client) -> None:
    client.post("/adukan/", typed(cast, client))
    assert client.post("/adukan/", typed(cast, client))["Location"] == "/adukan/selesai/"
    assert Complaint.for_system("test").count() == 1
    client.post("/adukan/", typed(cast, client, name="Tetangga"))
    client.post("/adukan/", {**typed(cast, client, name="Tetangga"), "photos": [photo()]})
    Client().post("/adukan/", typed(cast, client, name="Tetangga"))
    assert Complaint.for_system("test").count() == 4


def test_a_form_changed_after_sending_is_not_lost(cast: Cast, client: Client) -> None:
    form = typed(cast, client)
    client.post("/adukan/", form)
    again = client.post("/adukan/", {**form, "text": "Lampu jalan di pertigaan mati sebulan."})
    assert again.status_code == 409
    page = again.content.decode()
    assert "Lampu jalan di pertigaan" in page
    assert the_one().number in page
    client.post("/adukan/", {**form, "text": "Lampu jalan di pertigaan mati sebulan.", "token": token_of(again)})
    assert Complaint.for_system("test").count() == 2


def test_a_forged_token_gets_a_new_one(cast: Cast, client: Client) -> None:
    client.post("/adukan/", typed(cast, client, token="mine"))
    assert IncomingMessage.objects.get().external_id != "mine"


def test_an_expired_key_gives_everything_back_in_one_press(cast: Cast) -> None:
    careful = Client(enforce_csrf_checks=True)
    page = careful.post("/adukan/", {"text": 'Baris satu\nBaris <dua> & "tiga"', "named": ["1", "2"], "photos": photo()})
    assert page.status_code == 403
    body = page.content.decode()
    assert "Baris satu\nBaris &lt;dua&gt; &amp; &quot;tiga&quot;" in body
    assert body.count('name="named"') == 2
    key = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"[^>]*><input type="hidden" name="text"', body)
    assert key
    again = careful.post("/adukan/", {"csrfmiddlewaretoken": key[1], "text": TEXT})
    assert again.status_code == 422
    assert "berlubang besar" in again.content.decode()


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("081234567", "kurang satu angka"),
        ("0812345", "kurang 3 angka"),
        ("0812345678901234", "terlalu banyak"),
        ("085141182163 / 088125347699", "dua nomor"),
        ("tidak ada", "kurang"),
        ("", "Tulis nomor HP"),
    ],
)
def test_a_wrong_phone_number_is_explained(cast: Cast, client: Client, phone: str, said: str) -> None:
    page = client.post("/adukan/", typed(cast, client, phone=phone))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert "berlubang besar" in page.content.decode()
    assert not Complaint.for_system("test").exists()


def test_an_empty_form_says_what_is_missing(cast: Cast, client: Client) -> None:
    page = client.post("/adukan/", {"token": token_of(client.get("/adukan/"))})
    errors = page.context["form"].errors
    assert page.status_code == 422
    assert {"text", "name", "phone", "lives", "identity"} <= set(errors)


def test_who_lives_elsewhere_writes_an_address(cast: Cast, client: Client) -> None:
    page = client.post("/adukan/", typed(cast, client, lives="outside", address=""))
    assert "address" in page.context["form"].errors
    client.post("/adukan/", typed(cast, client, lives="outside", address="Jalan Kenanga 2, Cilacap"))
    assert the_one().complainant.address == "Jalan Kenanga 2, Cilacap"  # type: ignore[union-attr]


def test_ten_megabytes_of_text_come_back_whole(cast: Cast, client: Client) -> None:
    text = "jalan rusak " * 900_000
    page = client.post("/adukan/", typed(cast, client, text=text))
    assert page.status_code == 422
    assert "20.000" in page.content.decode()
    assert text.strip() in page.content.decode()


def test_more_than_the_server_takes_is_refused_in_words(cast: Cast, client: Client) -> None:
    page = client.post("/adukan/", typed(cast, client, text="a" * 13_000_000))
    assert page.status_code == 400
    assert "terlalu besar" in page.content.decode()
    page = client.post("/adukan/", {**typed(cast, client), "photos": [photo("x.jpg", (2, 2)) for _ in range(61)]})
    assert page.status_code == 400
    assert "10 foto" in page.content.decode()


def test_the_receipt_can_be_printed_and_saved(cast: Cast, client: Client) -> None:
    client.post("/adukan/", typed(cast, client))
    for size in ("a6", "a5", "80mm"):
        slip = client.get(f"/adukan/tanda-terima/{size}.pdf")
        assert slip.content.startswith(b"%PDF")
        assert slip["Content-Type"] == "application/pdf"
    assert client.get("/adukan/tanda-terima.png").content.startswith(b"\x89PNG")
    assert client.get("/adukan/tanda-terima/a4.pdf").status_code == 404
    assert Client().get("/adukan/tanda-terima/a6.pdf").status_code == 404
    assert Client().get("/adukan/tanda-terima.png").status_code == 404


def test_control_characters_go_and_emoji_stay(cast: Cast, client: Client) -> None:
    client.post("/adukan/", typed(cast, client, text="lampu mati lg 😡😡\x00\x07 udh 2mgg!!! 🙏🙏", name="Kar\x00to"))
    row = the_one()
    assert row.text == "lampu mati lg 😡😡 udh 2mgg!!! 🙏🙏"
    assert row.complainant.name == "Karto"  # type: ignore[union-attr]


ATTACK = "<script>alert(1)</script>'; DROP TABLE complaints_complaint; --"


def test_script_and_sql_in_every_field_are_only_words(cast: Cast, client: Client) -> None:
    fields = ("text", "place", "happened", "who", "wish", "name", "address")
    form = typed(cast, client, **dict.fromkeys(fields, ATTACK))
    wrong = client.post("/adukan/", {**form, "phone": ATTACK, "where": ATTACK, "named": [ATTACK], "remove": ATTACK})
    assert ATTACK not in wrong.content.decode()
    wrong = client.post("/adukan/", {**form, "phone": ATTACK, "where": ATTACK, "kept": ATTACK})
    assert wrong.status_code == 422
    assert ATTACK not in wrong.content.decode()
    assert client.post("/adukan/", form).status_code == 303
    row = the_one()
    assert row.text == ATTACK
    client.post("/lacak/", {"code": row.code})
    assert "<script>alert" not in client.get("/lacak/pengaduan/").content.decode()


def test_nothing_to_act_on_is_kept_for_the_officer(cast: Cast, client: Client) -> None:
    client.post("/adukan/", typed(cast, client, text="test"))
    assert IncomingMessage.objects.get().reason == "NO_OBJECT"
    page = client.get("/adukan/selesai/").content.decode()
    assert "Pesan Anda kami terima" in page
    assert "petugas membacanya dulu" in page.lower()


def test_a_robot_in_the_hidden_field_is_set_aside(cast: Cast, client: Client) -> None:
    answer = client.post("/adukan/", typed(cast, client, note_2="http://x.example"))
    assert answer.status_code == 303
    assert IncomingMessage.objects.get().reason == "ROBOT"


def test_photos_survive_an_error_and_can_be_taken_away(cast: Cast, client: Client) -> None:
    form = typed(cast, client, phone="1")
    page = client.post("/adukan/", {**form, "photos": [photo("satu.jpg"), photo("dua.jpg")]})
    assert [row.name for row in page.context["kept"]] == ["satu.jpg", "dua.jpg"]
    first = page.context["kept"][0]
    page = client.post("/adukan/", {**form, "kept": "1", "remove": str(first.pk), "photos": [photo("tiga.jpg")]})
    assert page.status_code == 200
    assert not page.context["form"].errors
    assert "berlubang besar" in page.content.decode()
    assert [row.name for row in page.context["kept"]] == ["dua.jpg", "tiga.jpg"]
    assert not first.file.storage.exists(first.file.name)
    client.post("/adukan/", {**form, "kept": "1", "phone": "085141182163", "photos": [photo("empat.jpg")]})
    assert sorted(the_one().attachments.values_list("name", flat=True)) == ["dua.jpg", "empat.jpg", "tiga.jpg"]


def test_another_form_cannot_take_kept_photos_away(cast: Cast, client: Client) -> None:
    client.post("/adukan/", {**typed(cast, client, phone="1"), "photos": [photo()]})
    row = Attachment.objects.get()
    Client().post("/adukan/", {**typed(cast, client), "remove": str(row.pk)})
    assert Attachment.objects.filter(pk=row.pk).exists()


def test_fifty_photos_are_ten(cast: Cast, client: Client) -> None:
    form = typed(cast, client)
    page = client.post("/adukan/", {**form, "photos": [photo(f"{n}.jpg", (8, 8)) for n in range(50)]})
    assert page.status_code == 422
    assert len(page.context["kept"]) == 10
    assert "40 berkas tidak ikut" in page.content.decode()
    client.post("/adukan/", {**form, "kept": "1"})
    assert the_one().attachments.count() == 10


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 3_000_000)
    return out.getvalue()


def huge_pixels() -> bytes:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bom.jpg", bomb(), "tidak dapat kami buka"),
        ("besar.png", huge_pixels(), "terlalu banyak"),
        ("kosong.jpg", b"", "kosong"),
        ("rusak.jpg", photo().read()[:200], "rusak"),
        ("program.exe", b"MZ" + b"\0" * 200, "tidak dapat kami buka"),
        ("tulisan.txt", b"hanya tulisan", "tidak dapat kami buka"),
        ("berat.pdf", PDF + b" " * (10 * 1024 * 1024), "10 MB"),
        ("<img src=x onerror=alert(1)>.jpg", b"x", "&lt;img"),
    ],
    ids=["zip", "pixels", "empty", "broken", "program", "text", "heavy", "name"],
)
def test_a_file_that_cannot_be_kept_is_explained(cast: Cast, client: Client, name: str, content: bytes, said: str) -> None:
    form = typed(cast, client)
    page = client.post("/adukan/", {**form, "photos": [SimpleUploadedFile(name, content), photo("baik.jpg")]})
    assert page.status_code == 422
    assert said in page.content.decode()
    assert "<img src=x" not in page.content.decode()
    assert [row.name for row in page.context["kept"]] == ["baik.jpg"]
    assert client.post("/adukan/", {**form, "kept": "1"}).status_code == 303


def test_a_pdf_named_jpg_is_kept_as_what_it_is(cast: Cast, client: Client) -> None:
    client.post("/adukan/", {**typed(cast, client), "photos": [SimpleUploadedFile("surat.jpg", PDF, "image/jpeg")]})
    kept = the_one().attachments.get()
    assert (kept.name, kept.mime) == ("surat.pdf", "application/pdf")


@override_settings(INTAKE_PER_HOUR=2)
def test_a_flood_waits_and_keeps_its_words(cast: Cast, client: Client) -> None:
    for n in range(2):
        assert client.post("/adukan/", typed(cast, client, text=f"{TEXT} {n}")).status_code == 303
    page = client.post("/adukan/", typed(cast, client))
    assert page.status_code == 429
    assert "berlubang besar" in page.content.decode()
    assert client.post("/adukan/", typed(cast, client), REMOTE_ADDR="10.1.2.3").status_code == 303


@override_settings(INTAKE_PER_HOUR=0)
def test_the_limit_can_be_switched_off(cast: Cast, client: Client) -> None:
    for n in range(4):
        assert client.post("/adukan/", typed(cast, client, text=f"{TEXT} {n}")).status_code == 303
    assert Complaint.for_system("test").count() == 4


def test_sending_takes_few_statements(cast: Cast, client: Client, django_assert_max_num_queries: Any) -> None:
    client.post("/adukan/", typed(cast, client))
    form = typed(cast, client, text=TEXT + " Lagi.")
    with django_assert_max_num_queries(16):
        assert client.post("/adukan/", form).status_code == 303


def test_the_form_is_light_and_asks_the_database_nothing(cast: Cast, client: Client, django_assert_num_queries: Any) -> None:
    page = client.get("/adukan/")
    assert len(page.content) < 60_000
    with django_assert_num_queries(0):
        client.get("/adukan/")


def test_officials_may_use_it_too(cast: Cast, client_of: Any) -> None:
    official: User = cast.joko
    assert client_of(official).get("/adukan/").status_code == 200
