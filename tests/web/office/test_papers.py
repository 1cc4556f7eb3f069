"""The papers of the settings: each can be looked at with an invented complaint, and says what the village has it say."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from kentongan.complaints import actions, letters
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import LetterCounter
from kentongan.reports import complaint_letters, cover_letter, poster, wording
from kentongan.reports import meeting as meeting_papers
from kentongan.reports import pdf as paper_maker
from kentongan.reports.wording import PARTS
from kentongan.village.models import LetterRule, Membership, PaperWording, User, Village
from kentongan.web.office.papers import PAPERS
from kentongan.web.office.rules import RULED
from tests import make, meet
from tests.cast import Cast
from tests.web.office.test_settings import clock_form

ClientOf = Callable[[User | None], Client]


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.tono)


def said(content: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def at(name: str, paper: str) -> str:
    return reverse(f"office:{name}", kwargs={"paper": paper})


def typed(paper: str, **changes: str) -> dict[str, str]:
    rule = {"signs": "HEAD"} if "signs" in RULED.get(paper, ()) else {}
    return {name: part.usual for name, part in PARTS[paper].items()} | rule | changes


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


# --- who signs, and to whom a copy goes ------------------------------------------------------------------------------------


def ruled(paper: str, **rule: str) -> dict[str, str]:
    return typed(paper) | {"signs": "HEAD", "post": "", "copies": "", **rule}


SIGNATURES = [
    ({}, "Kepala Desa Harun Pranoto", "Kepala Desa Budi Hartono"),
    ({"signs": "SECRETARY"}, "a.n. Kepala Desa Sekretaris Desa Lastri Handayani", "a.n. Kepala Desa Sekretaris Desa Agus Salim"),
    (
        {"signs": "UNDER", "post": "Kasi Kesejahteraan"},
        "a.n. Kepala Desa Sekretaris Desa u.b. Kasi Kesejahteraan Joko Santosa",
        "a.n. Kepala Desa Sekretaris Desa u.b. Kasi Kesejahteraan Joko Susilo",
    ),
    ({"signs": "OFFICER"}, "Petugas Pengelola Pengaduan Sari Wulandari", "Petugas Pengelola Pengaduan Rina Lestari"),
]


@pytest.mark.parametrize(("rule", "signed", "shown"), SIGNATURES)
def test_each_kind_of_letter_is_signed_as_the_village_says(
    cast: Cast, office: Client, rule: dict[str, str], signed: str, shown: str
) -> None:
    assert office.post(at("paper", "answer"), ruled("answer", **rule)).status_code == 302
    row = make.complaint(cast, State.RESPONDED)
    assert signed in said(complaint_letters.answer(row, cast.village, cast.sari))
    assert shown in said(office.get(at("paper_preview", "answer")).content)
    actions.number_letter(row, letter="answer", by=cast.sari)
    office.post(at("paper", "answer"), {"restore": "1"})
    assert signed in said(complaint_letters.answer(row, cast.village, cast.sari)), "a numbered letter keeps who signed it"
    waiting = make.complaint(cast, State.AWAITING_COMPLAINANT)
    assert "Kepala Desa Harun Pranoto" in said(complaint_letters.completion(waiting, cast.village, cast.sari)), "another kind"


@pytest.mark.parametrize("rule", [rule for rule, _signed, _shown in SIGNATURES[1:]])
def test_the_wall_stands_above_the_rule(cast: Cast, office: Client, rule: dict[str, str]) -> None:
    office.post(at("paper", "answer"), ruled("answer", **rule, copies="Kasi Pelayanan"))
    office.post(at("paper", "invitation"), ruled("invitation", **rule, copies="Kasi Pelayanan"))
    named = {"SECRETARY": cast.lastri, "UNDER": cast.joko, "OFFICER": cast.sari}[rule["signs"]]
    row = make.complaint(cast, State.IN_PROGRESS)
    meeting = meet.called(cast, row, guests=meet.GUESTS)
    row = make.STEPS["answer"](cast, row)
    actions.name(row, officials=[named], by=cast.sari)
    reader = cast.lastri if named == cast.sari else cast.sari
    for text in (
        said(complaint_letters.answer(row, cast.village, reader)),
        said(meeting_papers.invitation(meeting, cast.village, reader)),
    ):
        assert str(named) not in text
        assert "Kasi Pelayanan" not in text, "no copies about an official"


def test_a_hidden_identity_is_signed_by_who_knows_it(cast: Cast, office: Client) -> None:
    office.post(at("paper", "answer"), ruled("answer", signs="UNDER", post="Kasi Kesejahteraan", copies="Ketua RT 003"))
    row = make.complaint(cast, State.RESPONDED, identity_hidden=True)
    text = said(complaint_letters.answer(row, cast.village, cast.sari))
    assert "Sari Wulandari" in text
    assert "Joko" not in text
    assert "Ketua RT 003" not in text


def test_copies_go_to_whom_the_village_says_before_the_file(cast: Cast, office: Client) -> None:
    for paper in ("answer", "referral", "completion", "invitation"):
        assert office.post(at("paper", paper), ruled(paper, copies=" Ketua  BPD \n\nCamat\nKetua BPD")).status_code == 302
    row = make.complaint(cast, State.RESPONDED)
    assert "Tembusan: 1. Ketua BPD 2. Camat 3. Arsip" in said(complaint_letters.answer(row, cast.village, cast.sari))
    sent = make.complaint(cast, State.REFERRED)
    text = said(cover_letter.pdf(sent.referrals.get(), cast.village, cast.sari))
    assert "1. Camat Kesugihan 2. Pengadu (melalui petugas pengelola pengaduan) 3. Ketua BPD 4. Camat 5. Arsip" in text
    assert "Tembusan: 1. Ketua BPD 2. Camat" in said(meeting_papers.invitation(meet.called(cast, sent), cast.village, cast.sari))


@pytest.mark.parametrize(
    "rule",
    [
        {"signs": "UNDER"},
        {"signs": "UNDER", "post": "Bupati"},
        {"signs": "NOBODY"},
        {"copies": "\n".join(f"Kantor {n}" for n in range(9))},
        {"copies": "x" * 121},
    ],
)
def test_rules_that_make_no_sense_are_refused(cast: Cast, office: Client, rule: dict[str, str]) -> None:
    for name in ("paper", "paper_preview"):
        page = office.post(at(name, "answer"), ruled("answer", **{"closing": "Matur nuwun.", **rule})).content.decode()
        assert 'class="error"' in page
        assert "Matur nuwun." in page
    assert not LetterRule.objects.exists()
    assert not PaperWording.objects.exists()


def test_who_only_acts_in_a_post_signs_as_such(cast: Cast, office: Client) -> None:
    Membership.objects.filter(user=cast.harun).update(until=timezone.localdate() - timedelta(days=1))
    told = {"post": "Kepala Desa", "roles": ["HEAD"], "since": timezone.localdate().isoformat(), "acting": "on"}
    assert office.post(reverse("office:appoint", args=[cast.lastri.pk]), told).status_code == 302
    assert "Plt. Kepala Desa" in office.get(reverse("office:person", args=[cast.lastri.pk])).content.decode()
    row = make.complaint(cast, State.IN_PROGRESS)
    assert "Plt. Kepala Desa Lastri Handayani" in said(meeting_papers.invitation(meet.called(cast, row), cast.village, cast.sari))
    assert paper_maker.signatures(cast.village, timezone.localdate())["left"]["post"] == "Plt. Kepala Desa"
    post = Membership.objects.get(user=cast.lastri, acting=True)
    office.post(reverse("office:end_post", args=[post.pk]), {"until": timezone.localdate().isoformat()})
    post.refresh_from_db()
    assert post.until is not None


# --- numbers -----------------------------------------------------------------------------------------------------------------


def next_of(cast: Cast, kind: str) -> str:
    return letters.next_number(Village.objects.get(pk=cast.village.pk), kind, timezone.now())


def test_a_kind_of_letter_may_have_its_own_code_and_pattern(cast: Cast, office: Client) -> None:
    before = next_of(cast, "answer")
    year = timezone.localdate().year
    told = ruled("answer", code="400.10.2", pattern="{kind}/{serial3}/DS/{year}")
    assert f"400.10.2/007/DS/{year}" in said(office.post(at("paper_preview", "answer"), told).content)
    assert office.post(at("paper", "answer"), told).status_code == 302
    assert f"400.10.2/007/DS/{year}" in office.get(at("paper", "answer")).content.decode(), "shown with an example"
    assert next_of(cast, "answer") == f"400.10.2/001/DS/{year}"
    assert next_of(cast, "completion").startswith("490/002/"), "the others go on where they were"
    office.post(at("paper", "answer"), {"restore": "1"})
    assert next_of(cast, "answer") == before.replace("001", "003")


def test_no_number_is_printed_twice_however_codes_change(cast: Cast, office: Client) -> None:
    given = []
    for codes in ({}, {"answer": "600"}, {"answer": "600", "referral": "600"}, {"referral": "600"}, {"answer": "005"}, {}):
        for paper in ("answer", "referral", "invitation"):
            assert office.post(at("paper", paper), ruled(paper, code=codes.get(paper, ""))).status_code == 302
        given += [next_of(cast, kind) for kind in letters.KINDS for _again in range(2)]
    assert len(given) == len(set(given))


def test_reports_keep_one_after_the_other_under_any_code(cast: Cast, office: Client) -> None:
    assert office.post(at("paper", "report"), {"code": "700", "pattern": ""}).status_code == 302
    assert next_of(cast, "report").startswith("700/001/")
    assert LetterCounter.objects.filter(village=cast.village, kind=letters.series(LetterRule.of(cast.village, "report"))).exists()


@pytest.mark.parametrize(
    "rule",
    [
        {"code": "referral"},
        {"code": "4" * 13},
        {"code": "490/1"},
        {"pattern": "{kind}/{serial3}"},
        {"pattern": "{kind}/{year}"},
        {"pattern": "{serial3}/{year}"},
        {"pattern": "{kind}/{serial}{month}/{year}"},
        {"pattern": "{kind}/{serial3:>99}/{year}"},
        {"pattern": "{kind}/{serial3}/{nomor}/{year}"},
        {"pattern": "{kind}/{serial3}/{year}/{village}/" + "x" * 30},
    ],
)
def test_patterns_that_make_no_number_of_their_own_are_refused(cast: Cast, office: Client, rule: dict[str, str]) -> None:
    page = office.post(at("paper", "answer"), ruled("answer", **rule)).content.decode()
    assert 'class="error"' in page
    assert not LetterRule.objects.exists()


def test_two_kinds_never_print_the_same_numbers(cast: Cast, office: Client) -> None:
    assert office.post(at("paper", "invitation"), ruled("invitation", pattern="{kind}/490/{serial3}/{year}")).status_code == 302
    clash = ruled("answer", pattern="005/{kind}/{serial3}/{year}")
    assert 'class="error"' in office.post(at("paper", "answer"), clash).content.decode()


def test_the_pattern_of_all_letters_does_not_become_that_of_one(cast: Cast, office: Client) -> None:
    assert office.post(at("paper", "invitation"), ruled("invitation", pattern="{kind}/490/{serial3}/{year}")).status_code == 302
    told = clock_form(letter_pattern="005/{kind}/{serial3}/{year}")
    assert 'class="error"' in office.post(reverse("office:clocks"), told).content.decode()
    Village.objects.update(letter_pattern="{kind}/{serial3}")  # kept from before a year was asked for
    assert office.post(at("paper", "answer"), ruled("answer", closing="Matur nuwun.")).status_code == 302
