"""Meetings: called, moved, called off, minuted; behind the wall of every complaint they treat, all in one transaction or not at all."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from kentongan.complaints import actions, ledger, meetings
from kentongan.complaints.access import Circle
from kentongan.complaints.actions import CannotMeet
from kentongan.complaints.actions import meetings as deeds
from kentongan.complaints.lifecycle import NotYours, State
from kentongan.complaints.models import Complaint, Event, Meeting, Task
from kentongan.village.models import User
from tests import make, meet
from tests.cast import Cast

States = Meeting.State


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def kinds(complaint: Complaint) -> list[str]:
    return list(complaint.events.values_list("kind", flat=True))[-3:]


def test_a_mediation_from_the_invitation_to_two_tasks(cast: Cast) -> None:
    first, second = (make.complaint(cast, State.IN_PROGRESS) for _n in range(2))
    meeting = meet.called(cast, second, first, with_complainants=True)
    assert meeting.state == States.FIXED
    assert meeting.letter_number.startswith("005/001/")
    assert meeting.title == f"Rapat pembahasan pengaduan nomor {first.number}, {second.number}"
    assert [row.name for row in meeting.invitees.all()][-2:] == ["Karto Wiryo", "Karto Wiryo"]
    assert [complaint.events.latest("id").kind for complaint in (first, second)] == ["convened", "convened"]
    assert [complaint.events.latest("id").data["letter"] for complaint in (first, second)] == ["invitation", ""]

    later = meet.today(cast.village, 14)
    until = later + timedelta(hours=1)
    meeting = deeds.change(
        meeting, starts_at=later, ends_at=until, place="Rumah RT", agenda="", reason="Balai dipakai.", by=cast.lastri
    )
    assert (meeting.sequence, meeting.place, meeting.letter_number[:7]) == (1, "Rumah RT", "005/001")

    day = timezone.localdate() + timedelta(days=7)
    decisions = (
        actions.Decision("Pasang patok batas", day, who=cast.joko, complaint=second),
        actions.Decision("Gotong royong menata pagar", day, outside="Ketua RT 003"),
    )
    other = actions.Guest("Mbah Satirah", "Saksi")
    meeting = actions.record_minutes(meeting, record=meet.record(meeting, *decisions, others=(other,)), by=cast.sari)
    assert (meeting.state, meeting.agreed, meeting.minutes_number[:7]) == (States.HELD, True, "140/001")
    tasks = list(Task.objects.order_by("order"))
    assert [(task.complaint, task.who, task.who_label) for task in tasks] == [
        (second, cast.joko, "Joko Santosa — Kasi Kesejahteraan"),
        (first, None, "Ketua RT 003"),
    ]
    assert meeting.invitees.filter(present=True).count() == 6
    assert [complaint.events.latest("id").data["decisions"] for complaint in (first, second)] == [1, 1]
    assert list(ledger.faults()) == []


def test_several_days_are_proposed_and_one_is_chosen(cast: Cast) -> None:
    days = [meet.today(cast.village, 9, days=n) for n in (2, 1)]
    meeting = meet.called(cast, make.complaint(cast, State.VERIFIED), plan=meet.plan(cast.village, *days))
    assert (meeting.state, meeting.starts_at, meeting.letter_number) == (States.PROPOSED, None, "")
    assert meeting.proposals == [day.isoformat() for day in reversed(days)]
    meeting = deeds.fix_date(meeting, starts_at=days[1], ends_at=days[1] + timedelta(hours=2), by=cast.sari)
    assert (meeting.state, meeting.starts_at, meeting.sequence) == (States.FIXED, days[1], 1)
    assert meeting.letter_number
    assert Event.for_system("test").latest("id").data["letter"] == "invitation"


def test_further_people_are_invited_while_it_is_still_to_come(cast: Cast) -> None:
    first, second = (make.complaint(cast, State.VERIFIED) for _n in range(2))
    meeting = meet.called(cast, first, second)
    guests = [
        actions.Guest("ketua rt 003/rw 001"),
        actions.Guest("Joko", user=cast.joko),
        actions.Guest("Lastri", user=cast.lastri),
    ]
    added = deeds.invite_more(meeting, guests=guests, by=cast.sari)
    assert [row.user for row in added] == [cast.lastri], "who is invited already is passed over"
    events = [row.events.latest("id") for row in (first, second)]
    assert [(event.kind, event.data["letter"]) for event in events] == [("invited", "invitation"), ("invited", "")]
    assert events[0].data["invitees"] == [added[0].pk]
    assert Meeting.objects.get().sequence == 0, "for the others nothing changed"
    proposed = meet.called(cast, first, plan=meet.plan(cast.village, *(meet.today(cast.village, days=n) for n in (1, 2))))
    deeds.invite_more(proposed, guests=[actions.Guest("Mbah Satirah")], by=cast.sari)
    assert first.events.latest("id").data["letter"] == "invitation_proposed"
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=meet.today(cast.village, days=-1))
    for held, more, words in (
        (meeting, [actions.Guest("Mbah Satirah")], "has passed"),
        (proposed, [actions.Guest("Mbah Satirah")], "invited already"),
        (proposed, [], "at least one person"),
        (proposed, [actions.Guest("Rini", user=cast.rini)], "Rini Kusuma cannot take part here"),
    ):
        with pytest.raises(CannotMeet, match=words):
            deeds.invite_more(held, guests=more, by=cast.sari)
    deeds.cancel(proposed, reason="Batal.", by=cast.sari)
    with pytest.raises(CannotMeet, match="called off"):
        deeds.invite_more(proposed, guests=[actions.Guest("Warga")], by=cast.sari)


def test_called_off_it_stays_called_off(cast: Cast) -> None:
    complaint = make.complaint(cast, State.VERIFIED)
    meeting = deeds.cancel(meet.called(cast, complaint), reason="Kedua pihak sudah rukun.", by=cast.sari)
    assert (meeting.state, meeting.sequence) == (States.CANCELLED, 1)
    assert complaint.events.latest("id").data["cancelled"]
    for again in (
        lambda: deeds.cancel(meeting, reason="", by=cast.sari),
        lambda: actions.record_minutes(meeting, record=meet.record(meeting), by=cast.sari),
        lambda: deeds.fix_date(meeting, starts_at=meet.today(cast.village), ends_at=meet.today(cast.village, 10), by=cast.sari),
    ):
        with pytest.raises(CannotMeet, match="called off"):
            again()


REFUSED: dict[str, tuple[Callable[[Cast, Complaint], Any], str]] = {
    "nobody": (lambda cast, row: meet.called(cast, row, guests=()), "at least one person"),
    "nothing to treat": (lambda cast, row: meet.called(cast), "register number"),
    "no time": (
        lambda cast, row: meet.called(cast, row, plan=actions.Plan((), timedelta(hours=1), "Balai desa")),
        "at least one day",
    ),
    "yesterday": (
        lambda cast, row: meet.called(cast, row, plan=meet.plan(cast.village, meet.today(cast.village, days=-1))),
        "has passed",
    ),
    "ends before it begins": (
        lambda cast, row: meet.called(
            cast, row, plan=actions.Plan((meet.today(cast.village),), timedelta(hours=-1), "Balai desa")
        ),
        "end after it begins",
    ),
    "somebody of another village": (
        lambda cast, row: meet.called(cast, row, guests=(actions.Guest("Rini", user=cast.rini),)),
        "Rini Kusuma cannot take part here",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_meeting_is_refused_and_leaves_no_trace(cast: Cast, what: str) -> None:
    complaint = make.complaint(cast, State.VERIFIED)
    call, words = REFUSED[what]
    with pytest.raises(CannotMeet, match=words):
        call(cast, complaint)
    assert not Meeting.objects.exists()
    assert "convened" not in kinds(complaint)


def test_a_day_is_the_villages_day_not_the_servers(cast: Cast) -> None:
    cast.village.zone = "Asia/Jayapura"
    cast.village.save()
    morning = meet.today(cast.village, 0)
    assert meet.called(cast, make.complaint(cast, State.VERIFIED), plan=meet.plan(cast.village, morning)).starts_at == morning


def minutes(**other: Any) -> Callable[[Cast, Meeting], actions.Record]:
    return lambda cast, meeting: meet.record(meeting, **other)


TODAY = timezone.localdate
UNWRITTEN: dict[str, tuple[Callable[[Cast, Meeting], actions.Record], str]] = {
    "nobody came": (minutes(present=frozenset()), "at least one person who came"),
    "nobody does it": (lambda cast, m: meet.record(m, actions.Decision("Patok", TODAY())), "Decision 1: write who"),
    "no day": (lambda cast, m: meet.record(m, actions.Decision("Patok", None, who=cast.joko)), "by which day"),
    "a day before": (
        lambda cast, m: meet.record(m, actions.Decision("Patok", TODAY() - timedelta(days=2), who=cast.joko)),
        "before the meeting",
    ),
    "somebody who may not": (
        lambda cast, m: meet.record(m, actions.Decision("Patok", TODAY() + timedelta(days=2), who=cast.rini)),
        "cannot take part",
    ),
}


@pytest.mark.parametrize("what", UNWRITTEN)
def test_minutes_that_say_too_little_are_refused(cast: Cast, what: str) -> None:
    meeting = meet.called(cast, make.complaint(cast, State.VERIFIED))
    made, words = UNWRITTEN[what]
    with pytest.raises(CannotMeet, match=words):
        actions.record_minutes(meeting, record=made(cast, meeting), by=cast.sari)
    assert not Task.objects.exists()
    assert Meeting.objects.get().state == States.FIXED


def test_minutes_are_not_written_before_the_meeting_and_not_twice(cast: Cast) -> None:
    complaint = make.complaint(cast, State.VERIFIED)
    coming = meet.called(cast, complaint, plan=meet.plan(cast.village, meet.today(cast.village, days=3)))
    with pytest.raises(CannotMeet, match="still to come"):
        actions.record_minutes(coming, record=meet.record(coming), by=cast.sari)
    held = meet.called(cast, complaint)
    actions.record_minutes(held, record=meet.record(held), by=cast.sari)
    with pytest.raises(CannotMeet, match="minutes are written"):
        actions.record_minutes(held, record=meet.record(held), by=cast.sari)


# --- the wall ----------------------------------------------------------------------------------------------------------


def sees(user: User, meeting: Meeting) -> bool:
    return meetings.meetings_for(user).filter(pk=meeting.pk).exists()


def test_who_may_not_see_one_complaint_may_not_treat_it(cast: Cast) -> None:
    open_one = make.complaint(cast, State.VERIFIED)
    walled = make.complaint(cast, State.VERIFIED, named=(cast.harun.pk,))
    with pytest.raises(Complaint.DoesNotExist):
        meet.called(cast, open_one, walled, by=cast.harun)
    with pytest.raises(NotYours):
        meet.called(cast, make.complaint(cast, State.IN_PROGRESS), by=cast.joko)
    with pytest.raises(Complaint.DoesNotExist):
        meet.called(cast, open_one, by=cast.rini)
    assert not Meeting.objects.exists()


def test_who_is_shut_out_of_one_is_not_invited_to_both(cast: Cast) -> None:
    open_one = make.complaint(cast, State.VERIFIED)
    walled = make.complaint(cast, State.VERIFIED, named=(cast.harun.pk,))
    guests = (actions.Guest("Harun", user=cast.harun),)
    with pytest.raises(CannotMeet, match="Harun Pranoto cannot take part here") as refusal:
        meet.called(cast, open_one, walled, guests=guests)
    assert "named" not in str(refusal.value)
    assert meet.called(cast, open_one, guests=guests).invitees.get().user == cast.harun


def test_a_meeting_is_seen_by_those_who_see_all_it_treats(cast: Cast) -> None:
    given, other = make.complaint(cast, State.IN_PROGRESS), make.complaint(cast, State.VERIFIED)
    one, both = meet.called(cast, given), meet.called(cast, given, other)
    assert {name for name, user in cast.everyone.items() if user and sees(user, one)} == {
        "officer",
        "secretary",
        "head",
        "responder",
    }
    assert {name for name, user in cast.everyone.items() if user and sees(user, both)} == {"officer", "secretary", "head"}
    assert not meetings.meetings_for(None).exists()


def test_who_is_shut_out_later_loses_sight_of_it(cast: Cast) -> None:
    complaint = make.complaint(cast, State.IN_PROGRESS)
    guests = (actions.Guest("Harun", user=cast.harun), actions.Guest("Ketua RT"))
    meeting = meet.called(cast, complaint, guests=guests)
    assert sees(cast.harun, meeting)
    actions.name(complaint, officials=[cast.harun], by=cast.sari)
    assert not sees(cast.harun, meeting)
    assert [row.name for row in meetings.invited(meeting)] == ["Ketua RT"]
    assert cast.harun.pk not in meetings.everywhere([Circle(complaint)])
    signer = meetings.signer(meeting)
    assert signer is not None
    assert signer.user == cast.lastri.pk


# --- who complains -----------------------------------------------------------------------------------------------------


def test_a_hidden_complainant_is_invited_without_a_name(cast: Cast) -> None:
    complaint = make.complaint(cast, State.VERIFIED, identity_hidden=True)
    meeting = meet.called(cast, complaint, with_complainants=True)
    assert meeting.invitees.last().name == "Pengadu"
    with pytest.raises(CannotMeet, match="Pengadu"):
        meet.called(cast, complaint, plan=meet.plan(cast.village, agenda="Mendengar karto wiryo"))
    with pytest.raises(CannotMeet, match="Pengadu"):
        actions.record_minutes(meeting, record=meet.record(meeting, course="Pak Karto Wiryo marah."), by=cast.sari)
    with pytest.raises(CannotMeet, match="Pengadu"):
        deeds.cancel(meeting, reason="Karto Wiryo sakit", by=cast.sari)


@pytest.mark.parametrize(
    "where",
    [
        {"course": "Pak Karto Wiryo marah."},
        {"chair": "karto wiryo"},
        {"clerk": "Karto Wiryo"},
        {"others": (actions.Guest("Seorang warga", "Istri Karto Wiryo"),)},
        {"others": (actions.Guest("Karto Wiryo"),)},
        {"decisions": (actions.Decision("Karto Wiryo memasang patok.", timezone.localdate(), outside="Warga"),)},
        {"decisions": (actions.Decision("Pasang patok.", timezone.localdate(), outside="Karto Wiryo"),)},
    ],
)
def test_a_hidden_name_stands_nowhere_in_the_minutes(cast: Cast, where: dict[str, Any]) -> None:
    meeting = meet.called(cast, make.complaint(cast, State.VERIFIED, identity_hidden=True))
    with pytest.raises(CannotMeet, match="identity is hidden"):
        actions.record_minutes(meeting, record=meet.record(meeting, **where), by=cast.sari)


def test_the_refusal_of_a_hidden_name_tells_nobody_who_does_not_know_it(cast: Cast) -> None:
    complaint = make.complaint(cast, State.VERIFIED, identity_hidden=True)
    assert meet.called(cast, complaint, plan=meet.plan(cast.village, agenda="Mendengar Karto Wiryo"), by=cast.lastri)


def test_nobody_knows_whom_to_invite_for_an_anonymous_slip(cast: Cast) -> None:
    from kentongan.channels.base import Contact

    complaint = make.complaint(cast, State.VERIFIED, sender=Contact(), channel="box")
    assert complaint.is_anonymous
    with pytest.raises(CannotMeet, match="at least one person"):
        meet.called(cast, complaint, guests=(), with_complainants=True)


def test_events_of_a_meeting_name_nobody(cast: Cast) -> None:
    complaint = make.complaint(cast, State.VERIFIED)
    meeting = meet.called(cast, complaint, with_complainants=True)
    actions.record_minutes(meeting, record=meet.record(meeting), by=cast.sari)
    said = str(list(complaint.events.filter(kind__in=["convened", "minuted"]).values_list("data", flat=True)))
    assert "Karto" not in said
    assert "Bayu" not in said
    assert "batasnya" not in said


def test_of_two_who_change_it_at_once_the_second_looks_again(cast: Cast) -> None:
    """Both read the same meeting, the first moves it: nobody is told of a day that holds no more."""
    called = meet.called(cast, make.complaint(cast, State.VERIFIED))
    first, second = (Meeting.objects.get(pk=called.pk) for _ in range(2))
    days = [meet.today(cast.village, days=n) for n in (1, 2)]
    how = {"place": "Balai desa", "agenda": "", "reason": "Hujan.", "by": cast.sari}
    deeds.change(first, starts_at=days[0], ends_at=days[0] + timedelta(hours=1), **how)
    with pytest.raises(CannotMeet, match="changed this meeting meanwhile"):
        deeds.change(second, starts_at=days[1], ends_at=days[1] + timedelta(hours=1), **how)
    with pytest.raises(CannotMeet, match="changed this meeting meanwhile"):
        deeds.cancel(second, reason="Batal.", by=cast.sari)
    assert Meeting.objects.get().starts_at == days[0]
