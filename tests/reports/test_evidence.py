"""The evidence for KPK's indicator 3.1: everything the list promises, with checksums that hold, and nobody in any file."""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Publicity
from kentongan.reports import survey as papers
from kentongan.village.models import User
from tests import make, surveying
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]
YEAR = timezone.localdate().year


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "PNG")
    return SimpleUploadedFile("Karto di balai.png", out.getvalue(), "image/png")


def pack(client: Client) -> dict[str, bytes]:
    response = client.get(f"/buku/bukti-kpk.zip?tahun={YEAR}")
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as opened:  # type: ignore[arg-type]
        return {name: opened.read(name) for name in opened.namelist()}


def text(name: str, content: bytes) -> str:
    if name.endswith(".pdf"):
        reader = PdfReader(io.BytesIO(content))
        return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata))
    return content.decode() if name.endswith(".csv") else ""


@pytest.fixture
def filled(cast: Cast, client_of: ClientOf) -> Cast:
    """A year with an answered complaint, a hidden name, an act with a photo, a closed survey."""
    row = make.complaint(cast, State.RESPONDED)
    actions.rate(row, score=4, by=cast.sari, via="paper", text="Terima kasih, Karto Wiryo")
    make.received(cast, identity_hidden=True)
    sari = client_of(cast.sari)
    act = {
        "on": f"{timezone.localdate()}",
        "place": "Balai RW 002",
        "what": "Prosedur dijelaskan oleh Bu Sari Wulandari (0851-4118-2163), poster dibagikan",
        "people": "40",
    }
    assert sari.post("/buku/sosialisasi/", act | {"photo": picture()}).status_code == 302
    survey = surveying.survey(cast, year=YEAR)
    surveying.answered(survey, 4, 2, suggestion="Salam dari Karto Wiryo.")
    survey.follow_up = {"U1": {"what": "Harun Pranoto membuat papan syarat", "when": "Januari", "who": "Harun Pranoto"}}
    survey.save()
    papers.close(survey, cast.village, by=cast.sari, now=timezone.now())
    return cast


def test_it_holds_what_the_indicators_ask_for_and_the_checksums_are_right(filled: Cast, client_of: ClientOf) -> None:
    files = pack(client_of(filled.sari))
    survey = next(name for name in files if name.startswith("3.2"))
    assert set(files) == {
        "0-daftar-bukti.pdf", "3.1.1-prosedur.pdf", "3.1.2-kanal.pdf", "3.1.3-sosialisasi.pdf", "3.1.3-foto/foto-01.jpg",
        "3.1.4-poster.pdf", f"3.1-rekapitulasi-{YEAR}.pdf", f"3.1-register-{YEAR}.csv", survey,
    }  # fmt: skip
    listed = re.sub(r"\s", "", text("0-daftar-bukti.pdf", files["0-daftar-bukti.pdf"]))
    for name, content in files.items():
        assert name == "0-daftar-bukti.pdf" or hashlib.sha256(content).hexdigest() in listed, name
    said = {name: text(name, content) for name, content in files.items()}
    for name, parts in {
        "3.1.1-prosedur.pdf": (
            "Petugas Pengelola Pengaduan",
            "3 hari kerja",
            "14 hari kerja",
            "Sekretaris Desa, lalu Kepala Desa",
            "BPD",
        ),
        "3.1.2-kanal.pdf": ("http://testserver/adukan/", "desa@sukamaju.example", "Jalan Balai Desa 1", "07.30"),
        "3.1.3-sosialisasi.pdf": ("Balai RW 002", "poster dibagikan", "40", "(dirahasiakan)"),
        f"3.1-rekapitulasi-{YEAR}.pdf": ("Keadaan pengaduan per bulan", "Lembar kertas 1"),
        survey: ("100,00", "A (Sangat Baik)", "n = 2", "hasil belum mewakili", "papan syarat"),
    }.items():
        for part in parts:
            assert part in said[name], (name, part)


def test_no_person_stands_in_any_file(filled: Cast, client_of: ClientOf) -> None:
    people = [user for user in filled.everyone.values() if user]
    forbidden = [
        "Karto",
        "Wiryo",
        "85141182163",
        "4118",
        "3301",
        "mushola",
        "Melati",
        *(part for user in people for part in user.name.split()),
    ]
    forbidden.remove("3301")  # only as part of the village's code, which is no person's
    for name, content in pack(client_of(filled.sari)).items():
        found = [word for word in forbidden if re.search(rf"\b{word}\b" if word.isalpha() else word, text(name, content) + name)]
        assert not found, (name, found)
        assert not re.search(
            r"\d{16}(?!\d)", re.sub(r"[0-9a-f]{64}", "", re.sub(r"\s", "", text(name, content)))
        ) or name.startswith("0-")
        assert b"Karto" not in content


def test_who_is_shut_out_learns_of_nothing(filled: Cast, client_of: ClientOf) -> None:
    about_head = make.complaint(filled, State.IN_PROGRESS, named=(filled.harun.pk,))
    for user in (filled.harun, filled.sari):  # the head signs what goes to others: in nobody's file
        lines = list(csv.reader(io.StringIO(pack(client_of(user))[f"3.1-register-{YEAR}.csv"].decode("utf-8-sig"))))
        numbers = [line[1] for line in lines[1:]]
        assert len(numbers) == 2
        assert about_head.printed_number(filled.village) not in numbers


def test_what_anybody_is_shut_out_of_is_not_handed_out_to_him_this_way(filled: Cast, client_of: ClientOf) -> None:
    before = pack(client_of(filled.sari))
    about_joko = make.complaint(filled, State.VERIFIED, named=(filled.joko.pk,))
    after = pack(client_of(filled.sari))
    register, counts = f"3.1-register-{YEAR}.csv", f"3.1-rekapitulasi-{YEAR}.pdf"
    assert about_joko.printed_number(filled.village) not in after[register].decode()
    assert after[register] == before[register]
    assert text(counts, after[counts]) == text(counts, before[counts])


def test_an_empty_year_makes_a_file_too(cast: Cast, client_of: ClientOf) -> None:
    files = pack(client_of(cast.harun))
    assert "NIHIL" in text("3.1.3-sosialisasi.pdf", files["3.1.3-sosialisasi.pdf"])
    assert files[f"3.1-register-{YEAR}.csv"].decode("utf-8-sig").count("\n") == 1


def test_the_log_says_what_is_wrong_and_keeps_photos_without_their_names(cast: Cast, client_of: ClientOf) -> None:
    sari = client_of(cast.sari)
    good = {"on": f"{timezone.localdate()}", "place": "Balai", "what": "Poster ditempel"}
    wrong = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n" + b"x" * 100, "application/pdf")
    for bad in ({"on": "2099-01-01"}, {"on": "kemarin"}, {"people": "-1"}, {"what": ""}, {"photo": wrong}):
        assert sari.post("/buku/sosialisasi/", good | bad).status_code == 422, bad
    assert not Publicity.objects.exists()
    assert sari.post("/buku/sosialisasi/", good | {"photo": picture()}).status_code == 302
    row = Publicity.objects.get()
    assert "Karto" not in str(row.photo.name)
    assert row.on == date.today()
    assert sari.get(f"/buku/sosialisasi/{row.pk}/foto.jpg").headers["Content-Type"] == "image/jpeg"
    assert sari.post(f"/buku/sosialisasi/{row.pk}/hapus").status_code == 302
    assert not row.photo.storage.exists(str(row.photo.name))
