"""The tables: T1 balances whatever happened, equals the book and the statistics; T2–T6 add up to what came in; the wall stands before them."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kentongan.complaints import actions
from kentongan.complaints.deadlines import Calendar
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.lib import clock
from kentongan.reports import statistics
from kentongan.reports.counting import Span
from kentongan.reports.report import analysis, book, tables
from kentongan.reports.report.book import Book, Row
from kentongan.reports.report.period import Period
from kentongan.village.models import Category, Hamlet, User, Village
from tests import make
from tests.cast import Cast
from tests.reports.test_statistics import Book as History

ZONE = ZoneInfo("Asia/Jakarta")
KEYS = ("2026-02", "2026-11", "2026-Q1", "2026-S1", "2026-S2", "2026")
VILLAGE = Village(code="33.01.02.2099", name="Sukamaju")
CATEGORIES = [Category(pk=1, name="Pembangunan"), Category(pk=2, name="Jalan", parent_id=1), Category(pk=3, name="Sosial")]
CATEGORIES[1].parent = CATEGORIES[0]
HAMLETS = [Hamlet(pk=1, name="Karanganyar"), Hamlet(pk=2, name="Karangsari")]


def moments(first: str, last: str) -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime.fromisoformat(first), datetime.fromisoformat(last), timezones=st.just(ZONE))


@st.composite
def complaints(draw: st.DrawFn, pk: int) -> Row:
    """Any complaint the book could hold."""
    received = draw(moments("2025-01-01", "2026-12-31"))
    state = draw(st.sampled_from(list(State)))
    ended = received + draw(st.timedeltas(timedelta(0), timedelta(days=500))) if state in statistics.ENDED else None
    on_time = draw(st.sampled_from([None, True, False])) if state in {"RESPONDED", "CLOSED"} else None
    answered = received + draw(st.timedeltas(timedelta(0), timedelta(days=90))) if on_time is not None else None
    return Row(
        pk, received.year, pk, received, ended, draw(st.integers(0, 3)), draw(st.integers(0, 2)),
        draw(st.sampled_from(["web", "walk_in", "pigeon"])), draw(st.sampled_from(["COMPLAINT", "ASPIRATION", "INFORMATION"])),
        str(state), draw(st.sampled_from(["", "RESOLVED", "REFERRED", "PLANNED"])), on_time, answered,
        draw(st.sampled_from([None, 1, 4])), draw(st.none() | moments("2025-01-01", "2027-03-01")), draw(st.booleans()),
    )  # fmt: skip


def book_of(rows: list[Row], key: str, now: datetime) -> Book:
    """The book as ``book.read`` would give it."""
    period = Period.of(key)
    begin, over = period.moments(VILLAGE)
    since = period.before.moments(VILLAGE)[0]
    kept = [row for row in rows if row.received < over and (row.received >= since or row.ended is None or row.ended >= since)]
    return Book(VILLAGE, period, now, begin, over, kept, Calendar(), CATEGORIES, HAMLETS, {}, {}, [], {})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 25).flatmap(lambda n: st.tuples(*(complaints(pk) for pk in range(1, n + 1)))), st.sampled_from(KEYS))
def test_whatever_happened_t1_balances_and_the_others_add_up_to_it(rows: tuple[Row, ...], key: str) -> None:
    made = book_of(list(rows), key, datetime(2027, 6, 1, tzinfo=ZONE))
    t1, t2, t3, t4, t5, t6, t7, _t8, _t9 = tables.all_of(made)
    opening = t1.rows[0][1]
    for _month, before, came, *out, closing in t1.rows:
        assert before == opening
        assert before + came == sum(out) + closing
        opening = closing
    begin, over = made.begin, made.over
    assert t1.total[1] == sum(row.received < begin and (row.ended is None or row.ended >= begin) for row in rows)
    assert t1.total[2] == sum(begin <= row.received < over for row in rows)
    assert sum(t1.total[3:-1]) == sum(row.ended is not None and begin <= row.ended < over for row in rows)
    assert t1.total[-1] == sum(row.received < over and (row.ended is None or row.ended >= over) for row in rows) == len(t7.rows)
    for table in (t2, t3, t4, t5, t6):
        assert table.total[1] == t1.total[2] == sum(row[1] for row in table.rows), table.key
    for row in [*t5.rows, t5.total]:
        assert row[1] == sum(row[2:6])
    assert (t5.total[2], t5.total[3]) == (t6.total[2], t6.total[3])
    assert all(analysis.sentences(made))
    assert all(analysis.recommendations(made))


@pytest.fixture
def history(cast: Cast) -> History:
    written = History(cast)
    written.write()
    return written


def read(user: User, cast: Cast, key: str) -> Book:
    return book.read(user, cast.village, Period.of(key), datetime(2026, 11, 24, tzinfo=ZONE))


@pytest.mark.parametrize("year", [2025, 2026])
def test_t1_of_a_year_is_the_balance_of_the_statistics(cast: Cast, history: History, year: int) -> None:
    """As the head sees it: he is named in some, and a report to him leaves these out for whoever reads it."""
    figures = statistics.figures(cast.village, cast.harun, Span.of_year(year), today=date(2026, 11, 24))
    for user in (cast.harun, cast.sari, cast.lastri):
        t1 = tables.flow(read(user, cast, str(year)))
        balances = [(row[1], row[2], sum(row[3:-1]), row[-1]) for row in t1.rows]
        assert balances == [(month.opening, month.received, month.ended, month.closing) for month in figures.months]
    months = [tables.flow(read(cast.sari, cast, f"{year}-{n:02d}")).rows for n in range(1, 12)]
    assert [row[0][1:] for row in months] == [row[1:] for row in tables.flow(read(cast.sari, cast, str(year))).rows[:11]]


@pytest.mark.parametrize("who", ["joko", "tono", "ucup", "rini"])
def test_nobody_counts_what_he_does_not_see(cast: Cast, history: History, who: str) -> None:
    user = getattr(cast, who)
    seen = set(Complaint.visible_to(user).values_list("pk", flat=True))
    assert {row.pk for row in read(user, cast, "2026").rows} <= seen


def test_what_the_head_or_the_officer_is_shut_out_of_is_in_no_report(cast: Cast) -> None:
    now = timezone.now()
    key = f"{cast.village.local(now):%Y-%m}"
    open_to_all = make.received(cast)
    make.received(cast, "Uang bantuan dipotong oleh pejabat itu.", named=(cast.harun.pk,))
    make.received(cast, "Petugas itu tidak pernah ada di tempat.", named=(cast.sari.pk,))
    for user in (cast.sari, cast.lastri, cast.harun):
        made = book.read(user, cast.village, Period.of(key), now)
        assert [row.pk for row in made.rows] == [open_to_all.pk]
        assert tables.whole(made).received == 1


def test_a_report_reads_a_fixed_number_of_times(cast: Cast) -> None:
    now = timezone.now()
    period = Period.of(f"{cast.village.local(now):%Y-%m}")
    counts = []
    for n in (1, 5):
        for _ in range(n):
            make.complaint(cast, State.RESPONDED)
            make.complaint(cast, State.REFERRED)
        user = User.objects.get(pk=cast.sari.pk)
        with CaptureQueriesContext(connection) as queries:
            made = book.read(user, cast.village, period, now)
            assert len(tables.all_of(made)) == 9
            assert analysis.sentences(made)
        counts.append(len(queries))
    assert counts[0] - 1 <= counts[1] <= counts[0] <= 14  # the calendar is kept


def cells(made: Any) -> dict[str, list[Any]]:
    return {row[0]: row[1:] for row in made.rows}


def test_who_answered_how_fast_and_how_it_was_liked(cast: Cast) -> None:
    for n in range(6):
        with clock.at(datetime(2026, 10, 5 + n % 2, 3, tzinfo=ZONE)):
            row = make_at(cast, n)
        with clock.at(datetime(2026, 10, 9, 9, tzinfo=ZONE)):
            actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
            actions.assign(row, to=[cast.joko], instruction="Mohon dicek.", by=cast.sari)
            if n < 5:
                actions.start(row, by=cast.joko)
                make._answer(cast, row)
                actions.rate(row, score=3 + n % 2, by=None)
    made = read(cast.sari, cast, "2026-10")
    t5, t6 = cells(tables.timeliness(made)), cells(tables.officials(made))
    assert t5["Pengaduan"] == [6, 5, 0, 1, 0, 5, "4", 4]
    assert t5["Aspirasi"] == [0, 0, 0, 0, 0, 0, "–", "–"]
    assert t6["Joko Santosa — Kasi Kesejahteraan"] == [5, 5, 0]
    assert t6["Belum dijawab"][0] == 1
    assert cells(tables.satisfaction(made))["Sangat puas (4)"] == [2, "40 %"]
    assert "Rata-rata 3,4 dari 4 (n = 5)" in tables.satisfaction(made).note
    text = " ".join(analysis.sentences(made))
    assert "masuk 6 pengaduan, naik 6 dari masa sebelumnya (0)" in text
    assert "Kategori terbanyak: Pembangunan › Jalan dan jembatan (6 pengaduan, 100 % dari yang masuk)" in text
    assert "Berulang pada masa ini: Pembangunan › Jalan dan jembatan di Karanganyar (6 pengaduan)" in text
    assert "Lewat batas waktu dan belum dijawab: 1 pengaduan, pada Joko Santosa — Kasi Kesejahteraan (1)" in text
    assert "calon usulan RKPDes 2027" in " ".join(analysis.recommendations(made))


def make_at(cast: Cast, n: int) -> Complaint:
    entry = actions.Entry(text=f"Jalan berlubang nomor {n}.", channel="web", received_at=clock.now(), hamlet_id=cast.hamlet.pk)
    return actions.receive(entry, village=cast.village, by=None)


def test_of_few_no_share_is_made(cast: Cast) -> None:
    now = timezone.now()
    for _ in range(4):
        make.received(cast)
    made = book.read(cast.sari, cast.village, Period.of(f"{cast.village.local(now):%Y-%m}"), now)
    for table in (tables.channels(made), tables.categories(made), tables.hamlets(made)):
        assert {row[2] for row in table.rows} == {"–"}
    assert "%" not in " ".join(analysis.sentences(made))


def test_referrals_that_wait_and_agencies_that_answered(cast: Cast) -> None:
    now = timezone.now()
    waiting, answered = (make.complaint(cast, State.REFERRED) for _ in range(2))
    actions.record_referral_answer(answered, referral=answered.referrals.get(), text="Sudah dijadwalkan.", by=cast.sari)
    made = book.read(cast.sari, cast.village, Period.of(f"{cast.village.local(now):%Y-%m}"), now)
    assert tables.referrals(made).rows == [[cast.agency.name, 0, 2, 1, 1, 0]]
    assert cells(tables.still_open(made))[waiting.printed_number(cast.village)][-1] == cast.agency.name


def test_an_empty_period_has_all_its_tables(cast: Cast) -> None:
    made = read(cast.sari, cast, "2020-Q1")
    assert [row[0] for row in tables.flow(made).rows] == ["Januari", "Februari", "Maret"]
    assert analysis.sentences(made) == ["Tidak ada pengaduan pada triwulan I Tahun 2020 (NIHIL)."]
    assert tables.still_open(made).rows == []
