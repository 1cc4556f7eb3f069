"""The letter to the agency, and the pack for SP4N-LAPOR!: what is in them, and who is not."""

import io
import re
import zipfile

import pytest
from pypdf import PdfReader

from kentongan.complaints import actions, referrals
from kentongan.complaints.actions import NewFile
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Referral
from kentongan.lib import tokens
from kentongan.lib.files import Clean
from kentongan.reports import cover_letter, lapor_pack
from kentongan.village import seed
from kentongan.village.models import Category
from tests import make
from tests.cast import Cast

SAID = "Saya Karto Wiryo, HP 0851-4118-2163. Kabel listrik putus di depan mushola sejak kemarin."


def sent(cast: Cast, text: str = SAID, how: dict[str, bool] | None = None, **details: object) -> Referral:
    row = make.complaint(cast, State.VERIFIED, text, **details)
    actions.refer(row, agency=cast.agency, text="Mohon kabel disambung kembali.", by=cast.sari, **(how or {}))
    return Referral.objects.select_related("agency", "complaint").get(complaint=row)


def text_of(cast: Cast, referral: Referral, paper: str = "A4") -> str:
    content = cover_letter.pdf(referral, cast.village, cast.sari, paper=paper, address="https://desa.example/jawab/")
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


@pytest.mark.parametrize("paper", cover_letter.PAPERS)
def test_what_an_official_letter_has(cast: Cast, paper: str) -> None:
    referral = sent(cast)
    text = text_of(cast, referral, paper)
    for words in (
        referral.letter_number, "Biasa", "Penerusan pengaduan masyarakat", "Dinas PUPR Kabupaten Cilacap", "Menindaklanjuti",
        referral.complaint.printed_number(cast.village), "Kabel listrik putus", "Mohon kabel disambung kembali.",
        "Kepala Desa", "Harun Pranoto", "Tembusan", "Camat Kesugihan", "desa.example/jawab/",
        tokens.spaced(referrals.code_of(referral)), "tidak kami sertakan",
    ):  # fmt: skip
        assert words in text
    assert "Karto" not in text
    assert "0851" not in text


def test_with_consent_it_says_who_complains(cast: Cast) -> None:
    assert "Karto Wiryo" in text_of(cast, sent(cast, how={"with_identity": True}))


def test_whoever_it_is_about_does_not_sign(cast: Cast) -> None:
    text = text_of(cast, sent(cast, named=(cast.harun.pk,)))
    assert "Harun" not in text
    assert "a.n. Kepala Desa" in text
    assert "Lastri Handayani" in text


def test_a_long_story_is_still_a_letter(cast: Cast) -> None:
    assert "Tembusan" in text_of(cast, sent(cast, "Kabel listrik putus lagi di sini. " * 300))


def test_it_goes_through_the_wall(cast: Cast) -> None:
    referral = sent(cast, named=(cast.harun.pk,))
    with pytest.raises(Complaint.DoesNotExist):
        cover_letter.pdf(referral, cast.village, cast.harun)
    with pytest.raises(ValueError, match="paper"):
        cover_letter.pdf(referral, cast.village, cast.sari, paper="A3")


def test_the_pack_for_lapor_has_text_and_files_and_no_name(cast: Cast) -> None:
    row = make.complaint(cast, State.VERIFIED, SAID)
    actions.attach(row, files=[NewFile("KTP Karto.jpg", Clean(b"\xff\xd8\xff\xe0", "image/jpeg", "jpg"))], by=cast.sari)
    actions.note(row, text="Rahasia.", files=[NewFile("x.jpg", Clean(b"\xff\xd8\xff\xe1", "image/jpeg", "jpg"))], by=cast.sari)
    content = lapor_pack.zipped(row, cast.village)
    assert content == lapor_pack.zipped(row, cast.village)
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        assert pack.namelist() == ["isi.txt", "lampiran-1.jpg"]
        text = pack.read("isi.txt").decode()
    assert "Kabel listrik putus" in text
    assert "Pengaduan" in text
    assert "Karto" not in text
    assert "KATEGORI\nInfrastruktur\n" not in text, "the cast's own categories are not those of the seed"
    assert f"KATEGORI\n{lapor_pack.NEAREST}\n(di buku desa: Pembangunan › Jalan dan jembatan)" in text
    title = text.partition("JUDUL LAPORAN\n")[2].partition("\n")[0]
    assert 0 < len(title) <= 150


def test_no_seeded_category_is_left_without_one_of_lapor(cast: Cast) -> None:
    seed.add_categories(cast.village)
    row = make.complaint(cast, State.VERIFIED)
    for category in Category.objects.filter(village=cast.village, parent__name__in=seed.CATEGORIES).select_related("parent"):
        row.category = category
        named = lapor_pack.category_of(row).partition("\n")[0]
        assert (named == lapor_pack.NEAREST) == (category.name == "Lain-lain"), category.full_name


@pytest.mark.parametrize(
    ("kind", "named"), [("COMPLAINT", "Pengaduan"), ("ASPIRATION", "Aspirasi"), ("INFORMATION", "Permintaan Informasi")]
)
def test_the_class_is_the_kind_the_desk_gave_it(cast: Cast, kind: str, named: str) -> None:
    row = actions.verify(make.received(cast), category=cast.road, kind=kind, urgency="NORMAL", by=cast.sari)
    with zipfile.ZipFile(io.BytesIO(lapor_pack.zipped(row, cast.village))) as pack:
        assert f"KLASIFIKASI LAPORAN\n{named}\n" in pack.read("isi.txt").decode()
