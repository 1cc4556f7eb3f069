"""``arsip.zip``: all of one complaint in one file, for the office or for the complainant, never more than its reader may know."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from kentongan.channels.base import Contact
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Attachment, Complaint, Event
from kentongan.lib.files import cleaned
from kentongan.village.models import User
from tests import make
from tests.cast import Cast

Clients = Callable[[User | None], Client]
SECRET = Contact("Bejo Rahasia", "+6285141189999", "Gang Tersembunyi 9", rw="001", rt="003")


def photo(name: str, tone: str = "green") -> actions.NewFile:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), tone).save(out, "JPEG")
    return actions.NewFile(name, cleaned(out.getvalue()))


def took(client: Client, row: Complaint, audience: str = "office") -> dict[str, bytes]:
    """The archive's files by name."""
    response: Any = client.post(reverse("desk:archive", args=[row.number]), {"audience": audience})
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="pengaduan-{row.number}.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def everything(files: dict[str, bytes]) -> str:
    """All an archive says, its names included."""
    said = [text_of(content) if name.endswith(".pdf") else content.decode(errors="replace") for name, content in files.items()]
    return " ".join([*files, *said])


@pytest.fixture
def answered(cast: Cast) -> Complaint:
    """A complaint with photos, a note, a message and an answer whose letter has its number."""
    row = make.complaint(cast, State.IN_PROGRESS)
    actions.attach(row, files=[photo("../../KTP Karto.jpg"), photo("dua.jpg", "blue")], by=cast.sari)
    actions.note(row, text="Pengadu sering marah-marah.", by=cast.sari)
    actions.message(row, text="Tukang datang besok pagi.", by=cast.sari)
    make._answer(cast, row)
    actions.number_letter(row, letter="answer", by=cast.sari)
    return row


def test_the_office_takes_everything(cast: Cast, client_of: Clients, answered: Complaint) -> None:
    files = took(client_of(cast.sari), answered)
    assert list(files) == [
        "README.txt", "pengaduan.pdf", "surat/surat-jawaban.pdf", "riwayat.json", "berkas/berkas-01.jpg", "berkas/berkas-02.jpg",
    ]  # fmt: skip
    told = json.loads(files["riwayat.json"])
    text = text_of(files["pengaduan.pdf"])
    for words in (make.TEXT, "Karto Wiryo", "Pengadu sering marah-marah.", "Tukang datang besok pagi.", "Lubang sudah ditambal."):
        assert words in text
        assert words in files["riwayat.json"].decode()
    for entry, row in zip(told["berkas"], Attachment.objects.all(), strict=True):
        assert hashlib.sha256(files[entry["nama"]]).hexdigest() == entry["sha256"]
        assert entry["sha256"] in text.replace(" ", "")
        assert row.name not in everything(files)
    assert [event["jenis"] for event in told["peristiwa"]] == list(
        Event.objects.exclude(kind="archived").order_by("pk").values_list("kind", flat=True)
    )
    assert (told["skema"], told["untuk"]) == ("kentongan-arsip/1", "kantor")


def test_that_it_was_taken_stands_in_the_timeline(cast: Cast, client_of: Clients, answered: Complaint) -> None:
    took(client_of(cast.lastri), answered, "complainant")
    event = Event.objects.get(kind="archived")
    assert (event.by, event.data) == (cast.lastri, {"audience": "complainant"})
    page = client_of(cast.sari).get(reverse("desk:complaint", args=[answered.number])).content.decode()
    assert "Lastri Handayani" in page


def test_the_complainants_copy_has_nothing_internal(cast: Cast, client_of: Clients, answered: Complaint) -> None:
    actions.note(answered, text="Untuk kita sendiri.", files=[photo("dalam.jpg")], by=cast.sari)
    files = took(client_of(cast.sari), answered, "complainant")
    said = everything(files)
    assert "Karto Wiryo" in said
    assert "Tukang datang besok pagi." in said
    assert "marah-marah" not in said
    assert sum(name.startswith("berkas/") for name in files) == 2
    without_letter = everything({name: content for name, content in files.items() if not name.startswith("surat/")})
    for official in (cast.joko, cast.sari, cast.lastri):
        assert official.name not in without_letter


def test_a_hidden_identity_is_the_officers_alone(cast: Cast, client_of: Clients) -> None:
    text = "Saya Bejo Rahasia, Gang Tersembunyi 9, HP 085141189999: jalan berlubang di depan rumah."
    row = make.received(cast, text, sender=SECRET, identity_hidden=True)
    actions.add(row, text="Telepon saya, Bejo Rahasia, di 0851-4118-9999.", by=None, files=[photo("Bejo Rahasia.jpg")])
    assert "Bejo Rahasia" in everything(took(client_of(cast.sari), row))
    for audience in ("office", "complainant"):
        said = everything(took(client_of(cast.lastri), row, audience))
        assert "jalan berlubang" in said
        for secret in ("Bejo", "Tersembunyi", "1189999", "4118-9999"):
            assert secret not in said, audience


def test_another_complaint_behind_the_wall_is_not_named(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.VERIFIED)
    master = make.received(cast, "Uang bantuan dipotong oleh pejabat itu.", named=(cast.lastri.pk,))
    actions.merge(row, master=master, by=cast.sari)
    assert master.number in everything(took(client_of(cast.sari), row))
    assert master.number not in everything(took(client_of(cast.lastri), row))


def test_a_file_that_is_gone_is_said_in_words(cast: Cast, client_of: Clients, answered: Complaint) -> None:
    attachment = Attachment.objects.all()[0]
    attachment.file.storage.delete(str(attachment.file.name))
    response = client_of(cast.sari).post(reverse("desk:archive", args=[answered.number]), {"audience": "office"}, follow=True)
    assert response["Content-Type"].startswith("text/html")
    assert not Event.objects.filter(kind="archived").exists()


def test_nobody_is_told_of_for_whom_nobody_is_known(cast: Cast, client_of: Clients) -> None:
    row = make.received(cast, sender=Contact(), channel="box")
    sari, address = client_of(cast.sari), reverse("desk:archive", args=[row.number])
    assert sari.post(address, {"audience": "complainant"}).status_code == 404
    assert sari.post(address, {"audience": "neighbours"}).status_code == 404
    assert "Anonim" in everything(took(sari, row))


def test_twenty_large_files_pass_through_in_pieces(cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    row = make.received(cast)
    actions.attach(row, files=[photo(f"{n}.jpg") for n in range(10)], by=cast.sari)
    read: list[int] = []
    for attachment in Attachment.objects.all():
        with open(attachment.file.path, "ab") as file:
            file.write(bytes(3 << 20))
    copy = zipfile._ZipWriteFile.write  # type: ignore[attr-defined]

    def watched(self: Any, data: bytes) -> Any:
        read.append(len(data))
        return copy(self, data)

    monkeypatch.setattr(zipfile._ZipWriteFile, "write", watched)  # type: ignore[attr-defined]
    assert sum(len(content) for content in took(client_of(cast.sari), row).values()) > 30 << 20
    assert max(read) <= 1 << 20
