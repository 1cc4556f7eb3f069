"""The letters to the complainant: what an official letter has, what was decided, where to go next; the name only for who may know it."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from kentongan.complaints import actions, deadlines
from kentongan.complaints.clocks import calendar_of
from kentongan.complaints.lifecycle import NotAllowed, NotYours, State
from kentongan.complaints.models import Complaint, Referral
from kentongan.reports import complaint_letters, words
from kentongan.village.models import Agency, Membership, User
from tests import make
from tests.cast import Cast


def pages(cast: Cast, row: Complaint, user: User | None = None, paper: str = "A4", kind: str = "answer") -> list[str]:
    write = complaint_letters.answer if kind == "answer" else complaint_letters.completion
    read = PdfReader(io.BytesIO(write(row, cast.village, user or cast.sari, paper=paper)))
    return [re.sub(r"\s+", " ", page.extract_text()) for page in read.pages]


def text_of(cast: Cast, row: Complaint, user: User | None = None, paper: str = "A4", kind: str = "answer") -> str:
    return " ".join(pages(cast, row, user, paper, kind))


def ready(cast: Cast, text: str = "Lubang sudah ditambal.", outcome: str = "RESOLVED", **how: str) -> Complaint:
    row = make.complaint(cast, State.IN_PROGRESS)
    return answered(cast, row, text, outcome, **how)


def answered(cast: Cast, row: Complaint, text: str, outcome: str = "RESOLVED", **how: str) -> Complaint:
    actions.draft_response(row, text=text, outcome=outcome, by=cast.joko, **how)
    actions.approve_response(row, by=cast.lastri)
    actions.approve_response(row, by=cast.harun)
    return row


def number_of(row: Complaint) -> str:
    return str(row.events.filter(kind="letter_numbered").last().data["number"])  # type: ignore[union-attr]


@pytest.mark.parametrize("paper", complaint_letters.PAPERS)
def test_what_a_letter_of_answer_has(cast: Cast, paper: str) -> None:
    row = make.complaint(cast, State.RESPONDED)
    actions.number_letter(row, letter="answer", by=cast.sari)
    row.refresh_from_db()
    assert row.due_at
    one = pages(cast, row, paper=paper)
    assert len(one) == 1
    for said in (
        "PEMERINTAH KABUPATEN CILACAP", "DESA SUKAMAJU", number_of(row), "Sifat", "Biasa", "Lampiran", "Jawaban atas pengaduan",
        "Yth. Sdr. Karto Wiryo", "Jalan Melati 4", "RT 003/RW 001", "Menindaklanjuti pengaduan Saudara tanggal",
        f"Nomor Register {row.printed_number(cast.village)}", "Pokok pengaduan", "berlubang besar", "Hasil verifikasi dan tindak lanjut",
        "Lubang sudah ditambal.", "Keputusan", "telah kami tangani", "keberatan paling lambat",
        words.weekday_date(cast.village.local(row.due_at).date()), "Badan Permusyawaratan Desa (BPD)", "Camat", "Ombudsman RI",
        "Kepala Desa", "Harun Pranoto", "Tembusan", "Arsip",
    ):  # fmt: skip
        assert said in one[0], said
    assert "a.n." not in one[0]


def test_before_its_delivery_it_names_the_days_of_the_villages_own_clock(cast: Cast) -> None:
    cast.village.clocks = cast.village.clocks | {"reply": 7}
    cast.village.save()
    text = text_of(cast, ready(cast))
    assert "dalam 7 hari kerja sejak jawaban ini Saudara terima" in text
    assert "Nomor : ......" in text, "a number to be filled in by hand"


@pytest.mark.parametrize(
    ("outcome", "how", "said"),
    [
        ("EXPLAINED", {}, "kami berikan penjelasan"),
        ("NOT_ACTIONABLE", {}, "tidak dapat kami tindak lanjuti"),
        ("PLANNED", {"planned_for": "RKPDes 2027, Juni"}, "dalam RKPDes Tahun 2027, bulan Juni"),
    ],
)
def test_what_was_decided_stands_in_words(cast: Cast, outcome: str, how: dict[str, str], said: str) -> None:
    assert said in text_of(cast, ready(cast, outcome=outcome, **how))


def test_without_an_outcome_nothing_is_said_to_be_decided(cast: Cast) -> None:
    assert "Keputusan" not in text_of(cast, ready(cast, outcome=""))


def test_passed_on_it_says_to_whom_by_which_letter_and_until_when(cast: Cast) -> None:
    row = make.complaint(cast, State.REFERRED)
    Agency.objects.update(address="Jalan Kauman 9")
    actions.draft_response(row, text="Jalan ini milik kabupaten.", outcome="REFERRED", by=cast.sari)
    actions.approve_response(row, by=cast.lastri)
    actions.approve_response(row, by=cast.harun)
    referral = Referral.objects.get()
    assert referral.due_on
    text = text_of(cast, row)
    for said in ("Dinas PUPR Kabupaten Cilacap, Jalan Kauman 9", referral.letter_number, words.weekday_date(referral.due_on)):
        assert said in text
    assert "Tembusan: 1. Arsip" in text, "the agency was not told who complains"


def test_the_agency_gets_a_copy_where_the_complainant_agreed_to_be_named(cast: Cast) -> None:
    row = make.complaint(cast, State.VERIFIED)
    actions.refer(row, agency=cast.agency, text="Mohon.", with_identity=True, by=cast.sari)
    actions.draft_response(row, text="Diteruskan.", outcome="REFERRED", by=cast.sari)
    actions.approve_response(row, by=cast.lastri)
    actions.approve_response(row, by=cast.harun)
    assert "Tembusan: 1. Dinas PUPR Kabupaten Cilacap 2. Arsip" in text_of(cast, row)


def test_what_cannot_be_processed_is_said_with_the_reason_and_the_right_address(cast: Cast) -> None:
    row = make.complaint(cast, State.VERIFIED)
    pln = Agency.objects.create(village=cast.village, name="PLN ULP Kroya", phone="123", address="Jalan Raya 5")
    actions.decline(row, reason="OUT_OF_SCOPE", text="Jaringan listrik milik PLN.", agency=pln, by=cast.sari)
    text = text_of(cast, row)
    for said in (
        "Jaringan listrik milik PLN.", "tidak dapat kami proses karena bukan kewenangan pemerintah desa",
        "Alamat yang tepat: PLN ULP Kroya, Jalan Raya 5, 123.", "dapat kami buka kembali",
    ):  # fmt: skip
        assert said in text


def test_what_is_missing_is_asked_for_with_its_day(cast: Cast) -> None:
    row = make.complaint(cast, State.AWAITING_COMPLAINANT)
    assert row.due_at
    actions.number_letter(row, letter="completion", by=cast.sari)
    text = text_of(cast, row, kind="completion")
    until = words.weekday_date(cast.village.local(row.due_at).date())
    for said in (
        number_of(row),
        "Permintaan kelengkapan pengaduan",
        "Mohon lengkapi alamat.",
        f"paling lambat {until}",
        "Karto Wiryo",
    ):
        assert said in text
    actions.complete(row, text="Di RT 003.", by=None)
    with pytest.raises(ValueError, match="no completion letter"):
        text_of(cast, row, kind="completion")


# --- numbers -----------------------------------------------------------------------------------------------------------


def test_a_letter_is_numbered_once_and_keeps_its_number_through_its_delivery(cast: Cast) -> None:
    row = ready(cast)
    actions.number_letter(row, letter="answer", by=cast.sari)
    number = number_of(row)
    assert number in text_of(cast, row)
    with pytest.raises(NotAllowed):
        actions.number_letter(row, letter="answer", by=cast.sari)
    row = actions.respond(row, deliveries=[actions.Delivered("Pengadu", "letter")], by=cast.sari)
    assert number in text_of(cast, row)
    with pytest.raises(NotAllowed):
        actions.number_letter(row, letter="answer", by=cast.lastri)


def test_the_second_answer_is_another_letter(cast: Cast) -> None:
    row = make.complaint(cast, State.RESPONDED)
    actions.number_letter(row, letter="answer", by=cast.sari)
    first = number_of(row)
    row = actions.appeal(row, text="Sudah berlubang lagi.", by=None)
    row = answered(cast, actions.assign(row, to=[cast.joko], instruction="Lagi.", by=cast.sari), "Diaspal ulang.")
    actions.number_letter(row, letter="answer", by=cast.sari)
    second = number_of(row)
    assert first != second
    text = text_of(cast, row)
    assert second in text
    assert "Diaspal ulang." in text
    assert first not in text


def test_letters_of_one_code_never_bear_the_same_number(cast: Cast) -> None:
    make.complaint(cast, State.REFERRED)
    row = make.complaint(cast, State.RESPONDED)
    actions.number_letter(row, letter="answer", by=cast.sari)
    waiting = make.complaint(cast, State.AWAITING_COMPLAINANT)
    actions.number_letter(waiting, letter="completion", by=cast.sari)
    numbers = [Referral.objects.get().letter_number, number_of(row), number_of(waiting)]
    assert [number.split("/")[:2] for number in numbers] == [["490", "001"], ["490", "002"], ["490", "003"]]


@pytest.mark.parametrize(("state", "letter"), [("VERIFIED", "answer"), ("RESPONDED", "completion"), ("RECEIVED", "answer")])
def test_no_number_is_used_up_where_there_is_no_letter(cast: Cast, state: str, letter: str) -> None:
    row = make.complaint(cast, state)
    with pytest.raises(NotAllowed):
        actions.number_letter(row, letter=letter, by=cast.sari)
    other = make.complaint(cast, State.RESPONDED)
    actions.number_letter(other, letter="answer", by=cast.sari)
    assert number_of(other).startswith("490/001/")


def test_only_the_desk_gives_numbers(cast: Cast) -> None:
    row = make.complaint(cast, State.RESPONDED)
    with pytest.raises(NotYours):
        actions.number_letter(row, letter="answer", by=cast.joko)


# --- who signs, and who is named ---------------------------------------------------------------------------------------


def test_whoever_it_is_about_does_not_sign_and_is_no_rung(cast: Cast) -> None:
    row = make.complaint(cast, State.RECEIVED, named=(cast.harun.pk, cast.nining.pk))
    actions.decline(row, reason="NO_EVIDENCE", text="Tidak ada fakta pendukung.", by=cast.sari)
    text = text_of(cast, row)
    assert "Harun" not in text
    assert "a.n. Kepala Desa Sekretaris Desa Lastri Handayani" in text
    assert "BPD" not in text


def test_a_numbered_letter_keeps_who_signed_it(cast: Cast) -> None:
    row = make.complaint(cast, State.RESPONDED)
    actions.number_letter(row, letter="answer", by=cast.sari)
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=cast.harun).update(until=yesterday)
    assert "Harun Pranoto" in text_of(cast, row)
    Membership.objects.filter(user=cast.harun).update(until=None)
    other = make.complaint(cast, State.RESPONDED)
    actions.number_letter(other, letter="answer", by=cast.sari)
    actions.name(other, officials=[cast.harun], by=cast.sari)
    assert "Harun" not in text_of(cast, other), "shut out since: the next signs"


def test_a_hidden_identity_is_written_to_by_the_officer_alone(cast: Cast) -> None:
    row = make.complaint(cast, State.RESPONDED, identity_hidden=True)
    text = text_of(cast, row)
    assert "Karto Wiryo" in text
    assert "Rahasia" in text
    assert "a.n. Kepala Desa Petugas Pengelola Pengaduan Sari Wulandari" in text, "the head signs nothing that names him"
    assert "Harun" not in text
    actions.number_letter(row, letter="answer", by=cast.lastri)
    assert "Sari Wulandari" in text_of(cast, row)
    for user in (cast.lastri, cast.harun, cast.joko):
        with pytest.raises(Complaint.DoesNotExist):
            text_of(cast, row, user)


def test_the_wall_stands_before_it(cast: Cast) -> None:
    row = make.complaint(cast, State.DECLINED, named=(cast.harun.pk,))
    for user in (cast.harun, cast.rini, cast.tono, cast.wati):
        with pytest.raises(Complaint.DoesNotExist):
            text_of(cast, row, user)
    with pytest.raises(ValueError, match="unknown paper"):
        text_of(cast, row, paper="A3")


# --- what people write -------------------------------------------------------------------------------------------------

ODD = (
    "x" * 400,
    "السلام عليكم، الطريق أمام المسجد مكسور منذ أسبوعين.",
    "ꦢꦭꦤ꧀ꦤꦶꦁꦔꦂꦥ꧀ꦩꦸꦱꦺꦴꦭꦃꦧꦺꦴꦭꦺꦴꦁ",
    "Jalan rusak 😡🚧👨‍👩‍👧 tolong 🙏",
    '#let x = 1; *tebal* _miring_ $a^2$ \\ @rujuk <label> // komentar /* x */ [kurung] "kutip"',
    "a\u202eterbalik\u202c dan \u200fkanan",
)


@pytest.mark.parametrize("odd", ODD)
def test_what_people_write_stays_text(cast: Cast, odd: str) -> None:
    row = make.complaint(cast, State.IN_PROGRESS, f"{make.TEXT} {odd}")
    row = answered(cast, row, f"Sudah kami perbaiki. {odd}")
    assert "Harun Pranoto" in text_of(cast, row)


@pytest.mark.parametrize("name", ["W" * 100, "Raden Mas " + "Panjang Sekali " * 6, "كرتو ويريو", "Karto 😀"])
def test_any_name_is_written_to(cast: Cast, name: str) -> None:
    row = make.complaint(cast, State.RESPONDED)
    person = row.complainant
    assert person
    person.name, person.address = name, "J" * 200
    person.save()
    assert len(pages(cast, row)) == 1


def test_a_long_story_is_cut_and_a_long_answer_goes_on(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS, make.TEXT + " Mohon segera diperbaiki." * 10_000)
    row = answered(cast, row, "\n".join(f"Langkah {n}: " + "tim desa memeriksa lokasi. " * 12 for n in range(80)))
    read = pages(cast, row)
    assert len(read) > 3
    assert "Langkah 79" in " ".join(read)
    assert "Harun Pranoto" in read[-1]
    assert f"{len(read)} / {len(read)}" in read[-1]


def test_its_last_day_is_that_of_the_objection(cast: Cast) -> None:
    row = make.complaint(cast, State.CLOSED)
    at = row.events.get(kind="responded").at
    calendar = calendar_of(cast.village)
    last = calendar.local(deadlines.due(at, cast.village.clock("reply"), calendar)).date()
    assert f"keberatan paling lambat {words.weekday_date(last)}" in text_of(cast, row)
