"""The clocks of real complaints: which runs when, what stops it, what a changed calendar does to it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from django.core.cache import cache

from kentongan.complaints import actions, clocks
from kentongan.complaints.lifecycle import NotAllowed, State
from kentongan.complaints.models import Complaint
from kentongan.lib import clock
from kentongan.village import seed
from kentongan.village.models import Category, Holiday
from tests import make
from tests.cast import Cast
from tests.complaints.test_deadlines import VECTORS

WIB = ZoneInfo("Asia/Jakarta")


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=WIB)


MONDAY = at(date(2026, 11, 2))


def day_of(complaint: Complaint) -> date:
    assert complaint.due_at is not None
    return complaint.due_at.astimezone(WIB).date()


def working_days_after(cast: Cast, start: datetime, days: int) -> date:
    calendar = clocks.calendar_of(cast.village)
    return calendar.after(calendar.day_of_receipt(start), days)


def received_at(cast: Cast, moment: datetime) -> Complaint:
    entry = actions.Entry(text=make.TEXT, channel="walk_in", received_at=moment)
    with clock.at(moment):
        return actions.receive(entry, village=cast.village, by=cast.sari)


def verified_at(cast: Cast, moment: datetime, **how: object) -> Complaint:
    row = received_at(cast, moment)
    with clock.at(moment + timedelta(hours=1)):
        return actions.verify(row, **{"category": cast.road, "kind": "COMPLAINT", "urgency": "NORMAL", **how}, by=cast.sari)


@pytest.mark.parametrize(("received", "days", "expected"), VECTORS)
def test_the_measured_vectors_hold_with_the_villages_own_calendar(
    cast: Cast, received: tuple[int, int, int], days: int, expected: date
) -> None:
    Holiday.objects.filter(village=cast.village).delete()
    off = holidays.country_holidays("ID", years=(2026, 2027), categories=("public", "government"))
    Holiday.objects.bulk_create(Holiday(village=cast.village, day=day, name=name[:120]) for day, name in off.items())
    cast.village.clocks = {"verify": days}
    assert day_of(received_at(cast, at(date(*received)))) == expected


def test_joint_leave_counts_only_when_the_village_says_so(cast: Cast) -> None:
    Holiday.objects.create(village=cast.village, day=date(2026, 11, 4), name="Cuti bersama", kind=Holiday.Kind.JOINT_LEAVE)
    assert day_of(received_at(cast, MONDAY)) == date(2026, 11, 6)
    cast.village.joint_leave_counts_as_off = False
    cache.clear()
    assert day_of(received_at(cast, MONDAY)) == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("kind", "inspection", "days"),
    [("COMPLAINT", False, 14), ("ASPIRATION", False, 14), ("INFORMATION", False, 5), ("COMPLAINT", True, 60)],
)
def test_verified_the_answer_is_due_by_its_kind_counted_from_receipt(cast: Cast, kind: str, inspection: bool, days: int) -> None:
    row = verified_at(cast, MONDAY, kind=kind, inspection=inspection)
    assert day_of(row) == working_days_after(cast, MONDAY, days)


def test_a_late_look_does_not_win_days(cast: Cast) -> None:
    row = received_at(cast, MONDAY)
    with clock.at(MONDAY + timedelta(days=7)):
        row = actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
    assert day_of(row) == working_days_after(cast, MONDAY, 14)


def test_the_clock_stands_still_while_the_complainant_is_asked(cast: Cast) -> None:
    row = received_at(cast, MONDAY)
    with clock.at(MONDAY + timedelta(days=1)):
        row = actions.ask(row, text="Alamatnya di mana?", by=cast.sari)
    assert day_of(row) == working_days_after(cast, MONDAY + timedelta(days=1), 10), "the day until which he may complete it"
    with clock.at(MONDAY + timedelta(days=8)):  # five working days later
        row = actions.complete(row, text="RT 003.", by=None)
        assert day_of(row) == working_days_after(cast, MONDAY, 3 + 5)
        row = actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
    assert day_of(row) == working_days_after(cast, MONDAY, 14 + 5)


def test_two_pauses_add_up(cast: Cast) -> None:
    row = received_at(cast, MONDAY)
    for asked, answered in ((1, 2), (3, 7)):
        with clock.at(MONDAY + timedelta(days=asked)):
            row = actions.ask(row, text="Foto?", by=cast.sari)
        with clock.at(MONDAY + timedelta(days=answered)):
            row = actions.complete(row, text="Ini.", by=None)
    assert row.paused_days == 1 + 2  # Tue–Wed; Thu–Mon
    assert row.paused_at is None


def test_the_clock_waits_while_an_agency_has_it_and_goes_on_after(cast: Cast) -> None:
    row = verified_at(cast, MONDAY)
    with clock.at(MONDAY + timedelta(days=1)):
        row = actions.refer(row, agency=cast.agency, text="Jalan kabupaten.", by=cast.sari)
    assert row.is_paused
    with clock.at(MONDAY + timedelta(days=15)):  # ten working days
        row = actions.start(row, by=cast.sari)
    assert not row.is_paused
    assert day_of(row) == working_days_after(cast, MONDAY, 14 + 10)


def test_what_waits_for_an_agency_or_the_complainant_is_not_late(cast: Cast) -> None:
    long_ago = MONDAY - timedelta(days=300)
    referred = verified_at(cast, long_ago)
    with clock.at(long_ago + timedelta(days=1)):
        referred = actions.refer(referred, agency=cast.agency, text="Jalan kabupaten.", by=cast.sari)
        asked = actions.ask(received_at(cast, long_ago), text="Di mana?", by=cast.sari)
    assert not referred.is_overdue
    assert not asked.is_overdue
    assert verified_at(cast, long_ago).is_overdue


def test_answered_in_time_is_judged_without_the_days_that_were_not_ours(cast: Cast) -> None:
    row = verified_at(cast, MONDAY)
    with clock.at(MONDAY + timedelta(days=1)):
        row = actions.refer(row, agency=cast.agency, text="Jalan kabupaten.", by=cast.sari)
    with clock.at(MONDAY + timedelta(days=28)):  # 20 working days after receipt, 19 of them with the agency
        row = answered(cast, row)
    assert row.on_time is True
    assert row.is_paused is False


def answered(cast: Cast, row: Complaint) -> Complaint:
    actions.draft_response(row, text="Sudah ditambal.", outcome="RESOLVED", by=cast.sari)
    actions.approve_response(row, by=cast.lastri)
    actions.approve_response(row, by=cast.harun)
    return actions.respond(row, deliveries=[actions.Delivered("Pengadu", "phone")], by=cast.sari)


@pytest.mark.parametrize(("day", "on_time"), [(18, True), (21, False)])
def test_on_time_until_the_last_day_is_over(cast: Cast, day: int, on_time: bool) -> None:
    row = verified_at(cast, MONDAY)  # 14 working days: Friday 20 November
    with clock.at(at(date(2026, 11, 2), 22) + timedelta(days=day)):
        assert answered(cast, row).on_time is on_time


def test_answered_the_reply_window_runs_and_ended_no_clock_does(cast: Cast) -> None:
    row = verified_at(cast, MONDAY)
    with clock.at(MONDAY + timedelta(days=2)):
        row = answered(cast, row)
    assert day_of(row) == working_days_after(cast, MONDAY + timedelta(days=2), 10)
    with clock.at(MONDAY + timedelta(days=3)):
        row = actions.close(row, by=cast.sari)
    assert row.due_at is None
    assert clocks.days_left(row, cast.village) is None


def test_opened_again_the_clock_starts_anew_that_day(cast: Cast) -> None:
    row = verified_at(cast, MONDAY)
    again = MONDAY + timedelta(days=4)
    with clock.at(MONDAY + timedelta(days=1)):
        row = actions.ask(row, text="Foto?", by=cast.sari)
    with clock.at(MONDAY + timedelta(days=3)):
        row = actions.complete(row, text="Ini.", by=None)
        row = actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
        row = answered(cast, row)
    with clock.at(again):
        row = actions.appeal(row, text=make.TEXT, by=None)
    assert day_of(row) == working_days_after(cast, again, 14)
    assert (row.reopened, row.paused_days, row.on_time, row.responded_at) == (1, 0, None, None)


def test_a_withdrawn_complaint_that_was_paused_runs_again_when_reopened(cast: Cast) -> None:
    row = actions.ask(received_at(cast, MONDAY), text="Di mana?", by=cast.sari)
    row = actions.withdraw(row, text="Tidak jadi.", by=None)
    again = MONDAY + timedelta(days=7)
    with clock.at(again):
        row = actions.reopen(row, text="Kembali.", by=cast.sari)
    assert not row.is_paused
    assert day_of(row) == working_days_after(cast, again, 14)


def test_more_time_is_promised_with_a_reason_and_told(cast: Cast) -> None:
    row = verified_at(cast, MONDAY)
    row = actions.extend_deadline(row, days=7, text="Menunggu material.", by=cast.lastri)
    assert day_of(row) == working_days_after(cast, MONDAY, 21)
    event = row.events.last()
    assert event is not None
    assert (event.kind, event.data["days"], event.data["text"]) == ("deadline_extended", 7, "Menunggu material.")


def test_public_information_has_ten_days_and_seven_more_once(cast: Cast) -> None:
    """Law 14/2008: 10 + 7 working days."""
    seed.add_categories(cast.village)
    documents = Category.objects.get(village=cast.village, name="Permintaan dokumen publik")
    row = verified_at(cast, MONDAY, category=documents, kind="INFORMATION")
    assert day_of(row) == working_days_after(cast, MONDAY, 10)
    with pytest.raises(NotAllowed):
        actions.extend_deadline(row, days=8, text="Arsip lama.", by=cast.sari)
    row = actions.extend_deadline(row, days=7, text="Arsip lama.", by=cast.sari)
    assert day_of(row) == working_days_after(cast, MONDAY, 17)
    with pytest.raises(NotAllowed):
        actions.extend_deadline(row, days=1, text="Sekali lagi.", by=cast.sari)


def test_the_law_gives_thirty_days_to_complete_it_only_while_it_is_asked_for(cast: Cast) -> None:
    row = received_at(cast, MONDAY)
    with clock.at(MONDAY + timedelta(days=1)):
        row = actions.ask(row, text="Di mana?", by=cast.sari)
    ends = {law.key: law.due.astimezone(WIB).date() for law in clocks.legal(row, cast.village)}
    assert ends == {"law_answer": date(2026, 11, 16), "law_complete": date(2026, 12, 3)}
    with clock.at(MONDAY + timedelta(days=2)):
        row = actions.complete(row, text="Di RT 003.", by=None)
    assert [law.key for law in clocks.legal(row, cast.village)] == ["law_answer"]


def test_a_day_off_taken_back_moves_the_promise_back(cast: Cast) -> None:
    row = verified_at(cast, MONDAY)
    before = day_of(row)
    added = Holiday.objects.create(village=cast.village, day=date(2026, 11, 4), name="Keliru")
    assert clocks.recompute(cast.village) == 1
    added.delete()
    assert clocks.recompute(cast.village) == 1
    row.refresh_from_db()
    assert day_of(row) == before


def test_a_new_kind_brings_its_own_clock(cast: Cast) -> None:
    row = verified_at(cast, MONDAY)
    row = actions.reclassify(row, category=cast.levy, kind="COMPLAINT", urgency="HIGH", inspection=True, by=cast.sari)
    assert day_of(row) == working_days_after(cast, MONDAY, 60)
    assert row.state == State.VERIFIED


def test_a_day_off_decreed_late_moves_every_running_promise_and_no_other(cast: Cast) -> None:
    running = [verified_at(cast, MONDAY), received_at(cast, MONDAY)]
    closed = verified_at(cast, MONDAY)
    with clock.at(MONDAY + timedelta(days=1)):
        answered_row = answered(cast, closed)
        window = answered_row.due_at
    before = [day_of(row) for row in running]
    Holiday.objects.create(village=cast.village, day=date(2026, 11, 4), name="Hari libur tambahan")
    assert clocks.recompute(cast.village) == 2
    for row, day in zip(running, before, strict=True):
        row.refresh_from_db()
        assert day_of(row) == working_days_after(cast, at(day), 1)
    answered_row.refresh_from_db()
    assert answered_row.due_at == window
    assert clocks.recompute(cast.village) == 0, "a second time moves nothing"


def test_the_neighbours_day_off_moves_nothing_here(cast: Cast) -> None:
    row = verified_at(cast, MONDAY)
    Holiday.objects.create(village=cast.neighbour, day=date(2026, 11, 4), name="Sedekah bumi")
    assert clocks.recompute(cast.village) == 0
    assert day_of(row) == working_days_after(cast, MONDAY, 14)


def test_the_villages_own_number_of_days_counts(cast: Cast) -> None:
    cast.village.clocks = {**cast.village.clocks, "complaint": 7}
    cast.village.save()
    assert day_of(verified_at(cast, MONDAY)) == working_days_after(cast, MONDAY, 7)
