"""The papers of the settings: each can be looked at with an invented complaint, and says what the village has it say."""

import io
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kentongan.complaints.lifecycle import State
from kentongan.reports import complaint_letters, poster, wording
from kentongan.reports.wording import PARTS
from kentongan.village.models import PaperWording, User, Village
from kentongan.web.office.papers import PAPERS
from tests import make
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.tono)


def said(content: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def at(name: str, paper: str) -> str:
    return reverse(f"office:{name}", kwargs={"paper": paper})


def typed(paper: str, **changes: str) -> dict[str, str]:
    return {name: part.usual for name, part in PARTS[paper].items()} | changes


@pytest.mark.parametrize("paper", PAPERS)
def test_each_is_there_with_nobodys_complaint_in_it(cast: Cast, office: Client, paper: str) -> None:
    make.complaint(cast, State.RESPONDED, "Rahasia Pak Karto tentang tetangganya di gang kecil.")
    assert at("paper", paper) in office.get(reverse("office:papers")).content.decode()
    assert office.get(at("paper", paper)).status_code == 200
    response = office.get(at("paper_preview", paper))
    text = said(response.content)
    assert response["Content-Type"] == "application/pdf"
    assert "SUKAMAJU" in text
    assert "Karto" not in text
    assert "gang kecil" not in text


@pytest.mark.parametrize(("paper", "part"), [(paper, part) for paper, parts in PARTS.items() for part in parts])
def test_every_sentence_can_be_put_into_other_words_and_back(cast: Cast, office: Client, paper: str, part: str) -> None:
    own = "Kata desa sendiri " + " ".join(f"{{{word}}}" for word in PARTS[paper][part].needed)
    assert office.post(at("paper", paper), typed(paper, **{part: own})).status_code == 302
    assert PaperWording.objects.get().text == own.strip(), "what is as usual is not kept"
    shown = part not in {"explained", "not_actionable", "declined"}  # the sample is of a complaint that was resolved
    assert ("Kata desa sendiri" in said(office.get(at("paper_preview", paper)).content)) == shown
    assert "Kata desa sendiri" not in said(poster.pdf(cast.neighbour, "https://x.example/")), "the neighbour speaks for itself"
    office.post(at("paper", paper), {"restore": "1"})
    assert not PaperWording.objects.exists()


def test_what_is_typed_is_shown_before_it_is_kept(cast: Cast, office: Client) -> None:
    told = typed("answer", closing="Matur nuwun.")
    assert "Matur nuwun." in said(office.post(at("paper_preview", "answer"), told).content)
    assert not PaperWording.objects.exists()
    assert "Matur nuwun." not in said(office.get(at("paper_preview", "answer")).content)


@pytest.mark.parametrize(
    ("paper", "part", "text", "told"),
    [
        ("answer", "opening", "Pengaduan {nomor} tanggal {hari}", "{tanggal}, {nomor}"),
        ("answer", "closing", "Salam {desa}", "{desa}"),
        ("answer", "opening", "Ini jawaban kami:", "{nomor}"),
        ("answer", "objection", "Silakan datang.", "{batas}"),
        ("receipt", "free", "x" * 201, "200"),
        ("poster", "title", "{0.__class__}", "{0.__class__}"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_words_and_nothing_is_lost(
    cast: Cast, office: Client, paper: str, part: str, text: str, told: str
) -> None:
    for name in ("paper", "paper_preview"):
        page = office.post(at(name, paper), typed(paper, **{part: text})).content.decode()
        assert 'class="error"' in page
        assert told in page
        assert text in page
    assert not PaperWording.objects.exists()


def test_the_letters_speak_the_villages_words(cast: Cast, office: Client) -> None:
    own = {
        "opening": "Nomor {nomor} kami jawab:",
        "resolved": "Beres.",
        "objection": "Belum puas? Sampai {batas}.",
        "closing": "#let x = {1} *tebal* $a$ matur nuwun",
    }
    assert office.post(at("paper", "answer"), typed("answer", **own)).status_code == 200, "{1} is no word that is filled in"
    own["closing"] = "#let x = 1 *tebal* $a$ matur nuwun"
    assert office.post(at("paper", "answer"), typed("answer", **own)).status_code == 302
    row = make.complaint(cast, State.RESPONDED)
    text = said(complaint_letters.answer(row, cast.village, cast.sari))
    for words in (
        f"Nomor {row.printed_number(cast.village)} kami jawab:", "Beres.", "Belum puas? Sampai paling lambat", "#let x = 1 *tebal* $a$",
    ):  # fmt: skip
        assert words in text
    assert "Menindaklanjuti" not in text


def test_what_has_no_value_leaves_no_gap() -> None:
    said = wording.Wording("referral")
    assert "jawaban tertulis, agar" in said.say("closing", batas="")
    assert "jawaban tertulis paling lambat Senin, agar" in said.say("closing", batas="paling lambat Senin")
    assert said.around("opening", "nomor", nomor="7", tanggal="{nomor}")[1:] == [
        "7",
        said.text("opening").partition("{nomor}")[2],
    ]


def test_an_unknown_paper_is_not_there(cast: Cast, office: Client) -> None:
    assert office.get("/kantor/kertas/uang/").status_code == 404
    assert office.get("/kantor/kertas/uang.pdf").status_code == 404


def test_others_look_and_do_not_change(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.lastri)
    assert "disabled" in client.get(at("paper", "answer")).content.decode()
    assert client.post(at("paper", "answer"), typed("answer", closing="x")).status_code == 403
    assert Village.objects.get(pk=cast.village.pk) == cast.village
