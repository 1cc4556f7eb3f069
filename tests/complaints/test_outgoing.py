"""The register of outgoing letters: every number once, none to who is shut out, a cancelled one never again."""

import importlib
import re

import pytest
from django.apps import apps
from django.utils import timezone

from kentongan.complaints import actions, letters, outgoing, sent_reports
from kentongan.complaints.lifecycle import NotAllowed, NotYours, State
from kentongan.complaints.models import Complaint, Event, LetterNumber, Meeting
from kentongan.village.models import LetterRule, User
from tests import make, meet
from tests.cast import Cast

migration = importlib.import_module("kentongan.complaints.migrations.0008_letter_register")


def year() -> int:
    return timezone.localdate().year


def shown(user: User) -> list[str]:
    """The register as somebody reads it; ``490 #2``: a line that only says the number is used."""
    return [line.row.number if line.row else f"{line.code} #{line.serial}" for line in outgoing.lines(user, year())]


def letter_of(row: Complaint, kind: str = "answer") -> LetterNumber:
    return LetterNumber.objects.filter(complaint=row, kind=kind)[0]


def test_every_kind_of_letter_enters_its_number_with_what_it_belongs_to(cast: Cast) -> None:
    answered = make.complaint(cast, State.RESPONDED)
    actions.number_letter(answered, letter="answer", by=cast.sari)
    referred = make.complaint(cast, State.REFERRED)
    meeting = meet.called(cast, answered)
    actions.record_minutes(meeting, record=meet.record(meeting), by=cast.lastri)
    sent_reports.take_number(cast.village, "2025", cast.sari)
    rows = LetterNumber.objects.order_by("id")
    assert [(row.kind, row.series, row.serial) for row in rows] == [
        ("answer", "referral", 1), ("referral", "referral", 2), ("invitation", "invitation", 1), ("minutes", "minutes", 1), ("report", "report", 1),
    ]  # fmt: skip
    assert [row.complaint_id or row.meeting_id or row.period for row in rows] == [
        answered.pk,
        referred.pk,
        meeting.pk,
        meeting.pk,
        "2025",
    ]
    assert rows[3].by == cast.lastri
    assert rows[3].number == meeting.__class__.objects.get(pk=meeting.pk).minutes_number
    with pytest.raises(TypeError):
        rows[0].delete()


def test_who_is_shut_out_sees_a_gap_closed_and_nothing_at_its_end(cast: Cast) -> None:
    about_head = make.complaint(cast, State.AWAITING_COMPLAINANT, named=(cast.harun.pk,))
    open_one = make.complaint(cast, State.AWAITING_COMPLAINANT)
    actions.number_letter(open_one, letter="completion", by=cast.sari)
    actions.number_letter(about_head, letter="completion", by=cast.sari)
    first, second = [row.number for row in LetterNumber.objects.order_by("id")]
    assert shown(cast.sari) == [second, first]
    assert shown(cast.harun) == [first]  # it leaves no gap yet, and no line
    other = make.complaint(cast, State.REFERRED)
    assert shown(cast.harun) == [letter_of(other, "referral").number, "490 #2", first]
    assert shown(cast.joko) == shown(cast.rini) == shown(cast.nining) == []


def test_a_meeting_and_a_report_stay_behind_the_wall_too(cast: Cast) -> None:
    about_head = make.complaint(cast, State.IN_PROGRESS, named=(cast.harun.pk,))
    meet.called(cast, about_head)
    number = sent_reports.take_number(cast.village, "2024", cast.sari)
    papers = {"A4": b"%PDF", "F4": b"%PDF"}
    sent_reports.keep(sent_reports.Finished("2024", "Tahun 2024", number, {}, papers, [about_head.pk]), cast.village, cast.sari)
    assert len(shown(cast.sari)) == 2
    assert shown(cast.harun) == []


def test_a_cancelled_number_is_never_given_again_and_the_letter_needs_another(cast: Cast) -> None:
    row = make.complaint(cast, State.RESPONDED)
    actions.number_letter(row, letter="answer", by=cast.sari)
    first = letter_of(row)
    actions.cancel_number(first, reason="Salah alamat.", by=cast.lastri)
    with pytest.raises(NotAllowed):
        actions.cancel_number(first, reason="Lagi.", by=cast.sari)
    actions.number_letter(row, letter="answer", by=cast.sari)
    second = letter_of(row)
    assert (second.serial, first.serial) == (2, 1)
    kept = LetterNumber.objects.get(pk=first.pk)
    assert kept.cancelled_why == "Salah alamat."
    assert "Lastri" in kept.cancelled_by
    event = row.events.get(kind="number_cancelled")
    assert (event.data["number"], event.data["text"]) == (first.number, "Salah alamat.")
    assert len(shown(cast.sari)) == 2


def test_cover_letter_invitation_and_minutes_get_another_number_when_asked_for(cast: Cast) -> None:
    row = make.complaint(cast, State.REFERRED)
    with pytest.raises(NotAllowed):
        actions.number_letter(row, letter="referral", by=cast.sari)
    actions.cancel_number(letter_of(row, "referral"), reason="Salah instansi.", by=cast.sari)
    assert row.referrals.get().letter_number == ""
    actions.number_letter(row, letter="referral", by=cast.sari)
    assert row.referrals.get().letter_number == letter_of(row, "referral").number

    meeting = meet.called(cast, row)
    for kind, field in (("invitation", "letter_number"), ("minutes", "minutes_number")):
        given = LetterNumber.objects.filter(meeting=meeting, kind=kind)[0]
        with pytest.raises(NotAllowed):
            actions.number_meeting(meeting, by=cast.sari)
        actions.cancel_number(given, reason="Salah.", by=cast.sari)
        assert getattr(Meeting.objects.get(pk=meeting.pk), field) == ""
        again = getattr(actions.number_meeting(meeting, by=cast.sari), field)
        assert again not in {"", given.number}
        if kind == "invitation":
            actions.record_minutes(meeting, record=meet.record(meeting), by=cast.sari)


def test_who_may_not_act_on_the_complaint_may_not_cancel_its_number(cast: Cast) -> None:
    row = make.complaint(cast, State.AWAITING_COMPLAINANT, named=(cast.lastri.pk,))
    actions.number_letter(row, letter="completion", by=cast.sari)
    given = letter_of(row, "completion")
    with pytest.raises(Complaint.DoesNotExist):
        actions.cancel_number(given, reason="x", by=cast.lastri)
    called = meet.called(cast, make.complaint(cast, State.IN_PROGRESS))
    invitation = LetterNumber.objects.get(meeting=called)
    with pytest.raises(NotYours):
        actions.cancel_number(invitation, reason="x", by=cast.joko)
    assert not outgoing.may_cancel(cast.joko, invitation)
    assert outgoing.may_cancel(cast.harun, given)  # in the secretary's place
    actions.cancel_number(given, reason="x", by=cast.harun)


def test_the_number_of_a_sent_report_stays_and_one_of_a_report_that_failed_is_cancelled(cast: Cast) -> None:
    number = sent_reports.take_number(cast.village, "2024", cast.sari)
    given = LetterNumber.objects.get()
    with pytest.raises(NotYours):
        actions.cancel_number(given, reason="x", by=cast.harun)
    papers = {"A4": b"%PDF", "F4": b"%PDF"}
    sent_reports.keep(sent_reports.Finished("2024", "Tahun 2024", number, {}, papers, []), cast.village, cast.sari)
    with pytest.raises(NotAllowed):
        actions.cancel_number(given, reason="x", by=cast.sari)
    assert not outgoing.may_cancel(cast.sari, given)
    sent_reports.take_number(cast.village, "2025", cast.sari)
    failed = LetterNumber.objects.get(period="2025")
    assert outgoing.may_cancel(cast.sari, failed)
    actions.cancel_number(failed, reason="Gagal dicetak.", by=cast.sari)
    with pytest.raises(sent_reports.NumberCancelled):  # it was only slow to print
        sent_reports.keep(sent_reports.Finished("2025", "Tahun 2025", failed.number, {}, papers, []), cast.village, cast.sari)


def test_numbers_given_before_the_register_are_entered_by_the_migration(cast: Cast) -> None:
    answered = make.complaint(cast, State.RESPONDED)
    actions.number_letter(answered, letter="answer", by=cast.sari)
    make.complaint(cast, State.REFERRED)
    meeting = meet.called(cast, answered)
    actions.record_minutes(meeting, record=meet.record(meeting), by=cast.sari)
    columns = ("kind", "series", "year", "serial", "number", "complaint", "meeting")
    before = set(LetterNumber.objects.values_list(*columns))
    assert len(before) == 4
    LetterNumber.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    migration.fill(apps, None)
    assert set(LetterNumber.objects.values_list(*columns)) == before
    assert Event.for_system("test").filter(kind="letter_numbered").count() == 1


@pytest.mark.parametrize(
    ("pattern", "number", "serial"),
    [
        ("{kind}/{serial3}/{village}/{roman}/{year}", "490/012/33.01.02.2099/XI/2026", 12),
        ("{serial}/DS-{month}/{year}", "7/DS-11/2026", 7),
        ("{serial}/DS/{year}", "490/012/33.01.02.2099/XI/2026", None),
        ("{serial}-{serial3}", "7-007", 7),
        ("tanpa nomor", "tanpa nomor", None),
    ],
)
def test_the_serial_of_an_older_number_is_read_with_the_pattern_or_not_at_all(
    pattern: str, number: str, serial: int | None
) -> None:
    assert migration.serial_of(pattern, "answer", number) == serial
    assert re.fullmatch(r"\d{3}", letters.KINDS["answer"])


def test_letters_numbered_by_a_code_of_the_villages_own_stand_in_the_register_too(cast: Cast) -> None:
    """A code no kind usually has is a series of its own, and its lines are headed by it."""
    LetterRule.objects.create(village=cast.village, kind="completion", code="400.10.2")
    about_head = make.complaint(cast, State.AWAITING_COMPLAINANT, named=(cast.harun.pk,))
    first, last = (make.complaint(cast, State.AWAITING_COMPLAINANT) for _n in range(2))
    for row in (first, about_head, last):
        actions.number_letter(row, letter="completion", by=cast.sari)
    assert shown(cast.harun) == [letter_of(last, "completion").number, "400.10.2 #2", letter_of(first, "completion").number]
