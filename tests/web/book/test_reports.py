"""``/buku/laporan/``: looked at, sent once, kept byte for byte, and shut to whoever is shut out of what it counts."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kentongan.complaints import actions, ledger, sent_reports
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, PaperCheck, PrintedVersion, SentReport
from kentongan.lib import clock, tokens
from kentongan.reports.report import paper, sending
from kentongan.reports.report.period import Period
from kentongan.village.models import Membership, User
from kentongan.village.roles import Role
from tests import make
from tests.cast import Cast, person
from tests.reports.test_standards import claims

Clients = Callable[[User | None], Client]
KEY = "2025-06"
SEND, SHOW = reverse("book:report_send", args=[KEY]), reverse("book:report", args=[KEY])
WORDS = "Menambah tong sampah di pasar.\n\nMenambal jalan."


@pytest.fixture
def june(cast: Cast) -> list[Complaint]:
    """Three complaints of a June that is long over."""
    rows = []
    for day in (3, 10, 17):
        with clock.at(datetime(2025, 6, day, 9, tzinfo=ZoneInfo(cast.village.zone))):
            entry = actions.Entry(text=f"Jalan berlubang hari ke-{day}.", channel="phone", received_at=clock.now())
            rows.append(actions.receive(entry, village=cast.village, by=None))
    return rows


def sent(client: Client, words: str = WORDS) -> SentReport:
    assert client.post(SEND, {"advice": words}).status_code == 302
    report = SentReport.objects.first()
    assert report is not None
    return report


def opened(client: Client, report: SentReport, size: str = "A4") -> Any:
    return client.get(reverse("book:sent_report", args=[report.pk, size]))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_the_officer_looks_changes_the_words_and_sends(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    sari = client_of(cast.sari)
    page = sari.get(SHOW).content.decode()
    assert "Pada bulan Juni 2025 masuk 3 pengaduan" in page
    assert "Menetapkan kategori bagi 3 pengaduan" in page
    report = sent(sari)
    text = text_of(opened(sari, report).content)
    assert report.number in text
    assert "Menambah tong sampah di pasar." in text
    assert "Menetapkan kategori" not in text
    assert "Konsep" not in text
    assert report.number in sari.get(reverse("book:reports")).content.decode()
    assert report.number.startswith("145/001/")


def test_what_is_sent_is_archival_and_can_be_checked(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    sari = client_of(cast.sari)
    report = sent(sari)
    papers = [opened(sari, report, size).content for size in paper.PAPERS]
    assert [claims(content) for content in papers] == [("2", "B", "1")] * 2
    code = PaperCheck.objects.get(letter__number=report.number).code
    assert all(tokens.spaced(code) in text_of(content) for content in papers)
    page = sari.get(f"/cek/{code}").content.decode()
    assert report.number in page
    assert PrintedVersion.objects.count() == 1


def test_the_head_finds_it_on_his_page(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    report = sent(client_of(cast.sari))
    harun = client_of(cast.harun)
    page = harun.get(reverse("desk:list")).content.decode()
    assert reverse("book:sent_report", args=[report.pk, "A4"]) in page
    assert opened(harun, report).content == opened(client_of(cast.lastri), report).content


def test_what_was_sent_stays_byte_for_byte_whatever_happens_later(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    sari = client_of(cast.sari)
    report = sent(sari)
    before = {size: opened(sari, report, size).content for size in paper.PAPERS}
    first, second, third = june
    actions.verify(first, category=cast.road, kind="ASPIRATION", urgency="HIGH", by=cast.sari)
    actions.assign(first, to=[cast.joko], instruction="Mohon.", by=cast.sari)
    actions.start(first, by=cast.joko)
    make._answer(cast, first)
    actions.rate(first, score=1, by=None)
    actions.close(first, by=cast.sari)
    actions.reopen(first, text="Ternyata belum.", by=cast.sari)
    actions.withdraw(second, text="Sudah beres.", by=None)
    actions.decline(third, reason="OUT_OF_SCOPE", text="Hubungi PLN 123.", by=cast.sari)
    cast.village.name, cast.village.phone = "Sukamakmur", ""
    cast.village.save()
    cast.road.name = "Jalan"
    cast.road.save()
    Membership.objects.filter(role=Role.HEAD).update(until=date(2025, 12, 31))
    person(cast.village, "baru", "Kepala Baru", (Role.HEAD, "Kepala Desa"))
    for size in paper.PAPERS:
        assert opened(sari, report, size).content == before[size]
    now = text_of(sari.get(reverse("book:report_draft", args=[KEY])).content)
    assert "Kepala Baru" in now
    assert "Kepala Baru" not in text_of(before["A4"])
    assert paper.pdf(SentReport.objects.get().data, "A4") == before["A4"], "the data kept is the data printed"


def test_it_is_sent_once(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    sari = client_of(cast.sari)
    report = sent(sari)
    again = sari.post(SEND, {"advice": "Lain."})
    assert again.status_code == 409
    assert report.number in again.content.decode()
    assert SentReport.objects.count() == 1
    other = sari.post(reverse("book:report_send", args=["2025-Q2"]), {"advice": WORDS})
    assert other.status_code == 302
    assert [one.number.split("/")[1] for one in SentReport.objects.order_by("pk")] == ["001", "002"]


def test_a_running_period_is_not_sent(cast: Cast, client_of: Clients) -> None:
    key = f"{cast.village.local(clock.now()):%Y}"
    answer = client_of(cast.sari).post(reverse("book:report_send", args=[key]), {"advice": WORDS})
    assert answer.status_code == 409
    assert "Menambal jalan." in answer.content.decode()
    assert not SentReport.objects.exists()
    page = client_of(cast.sari).get(reverse("book:report", args=[key])).content.decode()
    assert 'name="advice"' in page
    assert 'class="button"' not in page  # only the draft is offered


@pytest.mark.parametrize("words", ["", "   \n ", "x" * 401, "\n".join("satu" for _ in range(13))])
def test_words_that_do_not_fit_come_back_with_what_was_typed(cast: Cast, client_of: Clients, words: str) -> None:
    for name in ("book:report_send", "book:report_draft"):
        answer = client_of(cast.sari).post(reverse(name, args=[KEY]), {"advice": words})
        assert answer.status_code == 400
        assert words.strip() in answer.content.decode()
    assert not SentReport.objects.exists()


@pytest.mark.parametrize("who", ["lastri", "harun", "joko", "wati", "nining", "tono"])
def test_only_the_desk_sends(cast: Cast, client_of: Clients, who: str) -> None:
    assert client_of(getattr(cast, who)).post(SEND, {"advice": WORDS}).status_code == 403
    assert not SentReport.objects.exists()


def test_the_neighbour_finds_nothing_of_ours(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    report = sent(client_of(cast.sari))
    rini = client_of(cast.rini)
    assert opened(rini, report).status_code == 404
    assert report.number not in rini.get(reverse("book:reports")).content.decode()
    assert "masuk 3" not in rini.get(SHOW).content.decode()


@pytest.mark.parametrize("who", ["harun", "lastri", "sari"])
def test_whoever_is_shut_out_later_finds_it_no_more(cast: Cast, client_of: Clients, june: list[Complaint], who: str) -> None:
    """He gets his own fresh look, without the complaint; the others open what was sent as before."""
    report = sent(client_of(cast.sari))
    accused = getattr(cast, who)
    actions.name(june[0], officials=[accused], by=cast.sari)
    client = client_of(User.objects.get(pk=accused.pk))
    assert [opened(client, report, size).status_code for size in paper.PAPERS] == [404, 404]
    for address in (reverse("book:reports"), SHOW, reverse("desk:list")):
        assert report.number not in client.get(address).content.decode()
    assert "masuk 2 pengaduan" in client.get(SHOW).content.decode()
    others = {"harun", "lastri", "sari"} - {who}
    assert [opened(client_of(getattr(cast, other)), report).status_code for other in others] == [200, 200]


def test_what_the_head_may_not_see_is_not_sent_to_him(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    actions.name(june[0], officials=[cast.harun], by=cast.sari)
    sari = client_of(cast.sari)
    assert sari.get(SHOW).context["left_out"] == 1
    report = sent(sari)
    assert set(report.complaints.values_list("pk", flat=True)) == {june[1].pk, june[2].pk}
    text = text_of(opened(client_of(cast.harun), report).content)
    assert "masuk 2" in text
    assert june[0].printed_number(cast.village) not in text
    assert client_of(cast.harun).get(SHOW).context["left_out"] == 0


def test_a_file_that_was_changed_is_not_shown(cast: Cast, client_of: Clients, june: list[Complaint]) -> None:
    sari = client_of(cast.sari)
    report = sent(sari)
    with open(report.a4.path, "ab") as file:
        file.write(b" ")
    answer = sari.get(reverse("book:sent_report", args=[report.pk, "A4"]), follow=True)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
    assert "error" in [message.level_tag for message in answer.context["messages"]]
    assert list(ledger.faults()) == [f"report {report.number} ({KEY}): the file on A4 is not the one that was sent"]
    with pytest.raises(sent_reports.Changed):
        sent_reports.content(report, "A4")
    assert opened(sari, report, "F4").status_code == 200


def test_of_two_who_send_at_once_one_is_too_late(cast: Cast, june: list[Complaint]) -> None:
    papers = dict.fromkeys(paper.PAPERS, b"%PDF-1.7")
    first = sent_reports.Finished(KEY, "Bulan Juni 2025", sent_reports.take_number(cast.village, KEY, cast.sari), {}, papers, [])
    second = sent_reports.Finished(KEY, "Bulan Juni 2025", sent_reports.take_number(cast.village, KEY, cast.sari), {}, papers, [])
    assert first.number != second.number
    sent_reports.keep(first, cast.village, cast.sari)
    with pytest.raises(sent_reports.AlreadySent):
        sent_reports.keep(second, cast.village, cast.sari)
    with pytest.raises(sent_reports.AlreadySent):
        sent_reports.take_number(cast.village, KEY, cast.sari)
    assert SentReport.objects.get().number == first.number


def test_a_sent_report_is_neither_changed_nor_deleted(cast: Cast, june: list[Complaint]) -> None:
    report = sending.send(cast.sari, cast.village, Period.of(KEY), advice=["Satu."], now=clock.now())
    for change in (report.save, report.delete, SentReport.objects.all().delete, lambda: SentReport.objects.update(number="x")):
        with pytest.raises(TypeError, match="never"):
            change()


@pytest.mark.parametrize("key", ["2025-13", "x", "9998", "3000", "2025-Q5"])
def test_other_periods_are_not_there(cast: Cast, client_of: Clients, key: str) -> None:
    assert client_of(cast.sari).get(f"/buku/laporan/{key}/").status_code == 404
    assert client_of(cast.sari).get(f"/buku/laporan/{key}/konsep.pdf").status_code == 404


def test_a_draft_carries_the_words_as_typed_on_the_paper_asked_for(cast: Cast, client_of: Clients) -> None:
    make.complaint(cast, State.CLOSED)
    answer = client_of(cast.sari).post(reverse("book:report_draft", args=[KEY]), {"advice": WORDS, "paper": "F4"})
    assert "Menambah tong sampah" in text_of(answer.content)
    assert round(PdfReader(io.BytesIO(answer.content)).pages[0].mediabox.height / 72 * 25.4) == 330
    assert not SentReport.objects.exists()
