"""The copy of the register that goes with a report: every complaint that came, nothing about who, and a sentence where it ends."""

import json

import pytest
from django.utils import timezone

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.reports.report import appendix, book, counted, paper
from kentongan.reports.report.period import Period
from tests import make
from tests.cast import Cast


def this_month(cast: Cast) -> book.Book:
    now = timezone.now()
    return book.read(cast.sari, cast.village, Period.of(f"{cast.village.local(now):%Y-%m}"), now)


def test_it_lists_what_came_with_its_promise_and_how_it_stands(cast: Cast) -> None:
    answered = make.complaint(cast, State.RESPONDED, hamlet_id=cast.hamlet.pk)
    declined = make.complaint(cast, State.DECLINED)
    made = this_month(cast)
    first, second = appendix.table(made).rows
    assert first[0] == answered.printed_number(cast.village)
    assert first[2:6] == [
        "Formulir web",
        "Pembangunan › Jalan dan jembatan",
        "Dusun Karanganyar",
        "Joko Santosa — Kasi Kesejahteraan",
    ]
    promised = made.promised(made.received[0])
    assert promised is not None
    assert first[6] == f"{promised:%d-%m-%Y}"
    assert first[7] == f"Dijawab {made.today:%d-%m-%Y}"
    assert second[0] == declined.printed_number(cast.village)
    assert second[7] == f"Tidak dapat diproses {made.today:%d-%m-%Y}"


def test_neither_it_nor_what_is_kept_says_who_complains_or_what(cast: Cast) -> None:
    make.complaint(cast, State.IN_PROGRESS, place="Depan mushola", represents="Kelompok tani")
    actions.note(make.received(cast), text="Rahasia.", by=cast.sari)
    made = this_month(cast)
    said = json.dumps([paper.data(made), counted.data(made)])
    for personal in ("Karto", "4118", "Melati", "mushola", "berlubang", "tani", "Rahasia", "0851", "003"):
        assert personal not in said.replace("003/PGD", "")


def test_a_long_one_ends_with_a_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appendix, "LONGEST", 2)
    for _n in range(3):
        make.received(cast)
    table = appendix.table(this_month(cast))
    assert len(table.rows) == 2
    assert "1 pengaduan berikutnya tidak dimuat" in table.note
    assert "3 pengaduan" in table.title


def test_without_complaints_there_is_none(cast: Cast) -> None:
    said = paper.data(book.read(cast.sari, cast.village, Period.of("2020-02"), timezone.now()))
    assert said["appendix"] is None
    assert ("Lampiran", "–") in said["heading"]
    assert "terlampir" not in said["closing"]
    make.received(cast)
    assert ("Lampiran", "1 berkas") in paper.data(this_month(cast))["heading"]
