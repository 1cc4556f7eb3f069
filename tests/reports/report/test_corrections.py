"""What has changed since the report before is said in the next one; what is kept from somebody is not told by a difference."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from kentongan.complaints import actions, sent_reports
from kentongan.complaints.models import Complaint, SentReport
from kentongan.reports.report import book, corrections, sending
from kentongan.reports.report.period import Period
from kentongan.village.models import User
from tests import make
from tests.cast import Cast

MAY, JUNE = Period.of("2041-05"), Period.of("2041-06")


def day(month: int, number: int) -> datetime:
    return datetime(2041, month, number, 3, tzinfo=UTC)


def entered(cast: Cast, received: datetime, channel: str = "phone") -> Complaint:
    return actions.receive(
        actions.Entry(text="Lampu jalan mati.", channel=channel, received_at=received), village=cast.village, by=None
    )


@pytest.fixture
def may(cast: Cast) -> list[Complaint]:
    """Three of May, sent in June."""
    rows = []
    for number in (3, 10, 17):
        with time_machine.travel(day(5, number), tick=False):
            rows.append(entered(cast, timezone.now()))
    with time_machine.travel(day(5, 20), tick=False):
        actions.decline(rows[2], reason="OUT_OF_SCOPE", text="Hubungi PLN 123.", by=cast.sari)
    with time_machine.travel(day(6, 2), tick=False):
        sending.send(cast.sari, cast.village, MAY, advice=["Satu."], now=timezone.now())
    return rows


def corrected(cast: Cast, user: User | None = None) -> dict[str, Any]:
    with time_machine.travel(day(7, 2), tick=False):
        reader = User.objects.get(pk=(user or cast.sari).pk)
        return corrections.of(reader, book.read(reader, cast.village, JUNE, timezone.now()))


def test_nothing_is_said_where_nothing_has_changed(cast: Cast, may: list[Complaint]) -> None:
    with time_machine.travel(day(6, 20), tick=False):
        actions.verify(may[0], category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
        actions.withdraw(may[1], text="Beres.", by=None)  # in June: it stands in the report of June
        cast.road.name = "Jalan"
        cast.road.save()
    lines = corrected(cast)["lines"]
    assert lines == [
        "kategori Belum digolongkan 3 → 2 (001/PGD/2041 digolongkan kembali)",
        "kategori Pembangunan 0 → 1 (001/PGD/2041 digolongkan kembali)",
    ]


def test_what_was_entered_later_and_what_was_opened_again_is_named(cast: Cast, may: list[Complaint]) -> None:
    with time_machine.travel(day(6, 20), tick=False):
        late = entered(cast, day(5, 28), "letter")
        actions.reopen(may[2], text="Ternyata wewenang kami.", by=cast.sari)
    found = corrected(cast)
    number = SentReport.objects.get().number
    assert found["title"] == f"Koreksi atas laporan bulan Mei 2041 (nomor {number})"
    written = late.printed_number(cast.village)
    assert f"masuk 3 → 4 ({written} dicatat susulan)" in found["lines"]
    assert f"tidak diproses 1 → 0 ({may[2].printed_number(cast.village)} dibuka kembali)" in found["lines"]
    assert f"media Surat 0 → 1 ({written} dicatat susulan)" in found["lines"]
    assert any(line.startswith("saldo akhir 2 → 4") for line in found["lines"])


def test_they_stand_in_the_report_that_is_sent_and_in_no_other(cast: Cast, may: list[Complaint]) -> None:
    with time_machine.travel(day(7, 2), tick=False):
        entered(cast, day(5, 28))
        june = sending.send(cast.sari, cast.village, JUNE, advice=["Satu."], now=timezone.now())
        quarter = sending.send(cast.sari, cast.village, Period.of("2041-Q2"), advice=["Satu."], now=timezone.now())
    assert any(line.startswith("masuk 3 → 4") for line in june.data["corrections"]["lines"])
    assert quarter.data["corrections"] == {}


@pytest.mark.parametrize("who", ["harun", "sari", "lastri"])
def test_what_somebody_is_shut_out_of_is_told_by_no_difference(cast: Cast, may: list[Complaint], who: str) -> None:
    accused: User = getattr(cast, who)
    with time_machine.travel(day(6, 20), tick=False):
        entered(cast, day(5, 28))
        actions.name(may[0], officials=[accused], by=cast.sari)
    assert corrected(cast, accused) == {}
    others: dict[str, Callable[[], bool]] = {
        "lastri": lambda: bool(corrected(cast, cast.sari)),  # she signs nothing here
        "harun": lambda: not corrected(cast, cast.sari),
        "sari": lambda: not corrected(cast, cast.lastri),
    }
    assert others[who]()


def test_a_report_of_before_this_was_kept_has_none(cast: Cast, may: list[Complaint], monkeypatch: pytest.MonkeyPatch) -> None:
    old = SentReport.objects.get()
    monkeypatch.setattr(corrections, "_report_before", lambda _user, _book: old)
    old.data = {key: value for key, value in old.data.items() if key != "rows"}
    assert corrected(cast) == {}


def test_a_complaint_led_on_in_its_own_month_changes_no_number(cast: Cast) -> None:
    with time_machine.travel(day(5, 3), tick=False):
        make.received(cast)
    assert corrected(cast) == {}, "and there is no report before"


def test_who_is_shut_out_of_what_was_corrected_does_not_open_the_report_that_says_so(cast: Cast, may: list[Complaint]) -> None:
    with time_machine.travel(day(7, 2), tick=False):
        late = entered(cast, day(5, 28))
        june = sending.send(cast.sari, cast.village, JUNE, advice=["Satu."], now=timezone.now())
        before = SentReport.objects.get(period="2041-05")
        assert {*before.complaints.all(), late} <= set(june.complaints.all())
        for row in (may[0], late):
            assert sent_reports.reports_for(cast.lastri).filter(pk=june.pk).exists()
            actions.name(row, officials=[cast.lastri], by=cast.sari)
            assert not sent_reports.reports_for(cast.lastri).filter(pk=june.pk).exists()
            row.shut_out.all().delete()
