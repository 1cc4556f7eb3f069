"""The answering team: parts accepted, handed over, given back, answered; tasks; visits. Nothing is lost on the way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from kentongan.channels import notify
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import NotAllowed, NotYours, State
from kentongan.complaints.models import Assignment, Complaint
from kentongan.lib.files import Clean
from kentongan.village.models import Leave, Membership, User
from kentongan.web.desk import queues
from tests import make
from tests.cast import Cast

PHOTO = actions.NewFile("IMG_1.jpg", Clean(b"\xff\xd8\xff\xe0", "image/jpeg", "jpg"))


def holds(made: Complaint) -> list[str]:
    return [row.responder.username for row in made.assignments.filter(ended_at__isnull=True)]


def last(made: Complaint) -> tuple[str, dict[str, object]]:
    event = made.events.latest("id")
    return event.kind, event.data


@pytest.fixture
def shared(cast: Cast) -> Complaint:
    """Distributed to two, each with a part."""
    made = make.complaint(cast, State.VERIFIED)
    parts = {cast.joko.pk: actions.Part("Perbaikan", 2, date(2026, 12, 1)), cast.wati.pk: actions.Part("Penjelasan", 1)}
    return actions.assign(made, to=[cast.joko, cast.wati], instruction="Cek.", by=cast.sari, parts=parts)


def test_each_has_a_part_an_order_and_a_day(cast: Cast, shared: Complaint) -> None:
    rows = shared.assignments.all()
    assert [(r.responder, r.part, r.order, r.due_on) for r in rows] == [
        (cast.wati, "Penjelasan", 1, None),
        (cast.joko, "Perbaikan", 2, date(2026, 12, 1)),
    ]
    parts = {cast.joko.pk: actions.Part("Semua", 1)}
    actions.reassign(shared, to=[cast.joko], instruction="", by=cast.sari, parts=parts)
    assert [(r.part, r.instruction) for r in shared.assignments.filter(ended_at__isnull=True)] == [("Semua", "Cek.")]


def test_only_whom_it_is_given_to_accepts_and_once(cast: Cast, shared: Complaint) -> None:
    for nobody in (cast.sari, cast.lastri):
        with pytest.raises(NotYours):
            actions.accept(shared, by=nobody)
    actions.accept(shared, by=cast.joko)
    assert last(shared) == ("accepted", {"part": "Perbaikan"})
    assert shared.assignments.get(responder=cast.joko).accepted_at
    with pytest.raises(NotAllowed):
        actions.accept(shared, by=cast.joko)


def test_a_part_is_handed_over_as_it_is(cast: Cast, shared: Complaint) -> None:
    actions.answer_part(shared, text="Sudah disurvei.", by=cast.joko)
    actions.hand_over(shared, to=cast.lastri, by=cast.joko)
    assert holds(shared) == ["wati", "lastri"]
    row = shared.assignments.get(responder=cast.lastri)
    assert (row.part, row.order, row.due_on, row.answer, row.accepted_at) == (
        "Perbaikan", 2, date(2026, 12, 1), "Sudah disurvei.", None,
    )  # fmt: skip
    assert row.by_label.startswith("Joko")
    assert not Complaint.visible_to(cast.joko).exists()


def test_nobody_gets_two_parts_and_nobody_who_may_not_see_it(cast: Cast, shared: Complaint) -> None:
    with pytest.raises(actions.HandOverRefused) as refused:
        actions.hand_over(shared, to=cast.wati, by=cast.joko)
    assert refused.value.why == "holds"
    actions.name(shared, officials=[cast.lastri], by=cast.sari)
    for other in (cast.lastri, cast.tono, cast.nining, cast.rini, cast.ucup):
        with pytest.raises(NotYours):
            actions.hand_over(shared, to=other, by=cast.joko)
    assert holds(shared) == ["wati", "joko"]


def test_what_goes_in_circles_needs_a_reason_and_then_the_officer(cast: Cast) -> None:
    made = make.complaint(cast, State.ASSIGNED)
    actions.hand_over(made, to=cast.wati, by=cast.joko)
    for why in ("", "  "):
        with pytest.raises(actions.HandOverRefused) as refused:
            actions.hand_over(made, to=cast.joko, by=cast.wati, text=why)
        assert refused.value.why == "reason"
    actions.hand_over(made, to=cast.joko, by=cast.wati, text="Ini jalan, bukan surat.")
    for giver, taker in ((cast.joko, cast.wati), (cast.wati, cast.joko), (cast.joko, cast.wati)):
        actions.hand_over(made, to=taker, by=giver, text="Bukan bagian saya.")
    with pytest.raises(actions.HandOverRefused) as refused:
        actions.hand_over(made, to=cast.joko, by=cast.wati, text="Tetap bukan bagian saya.")
    assert refused.value.why == "round"
    actions.hand_over(made, to=cast.lastri, by=cast.wati)  # to somebody new it may go
    actions.reassign(made, to=[cast.joko], instruction="Anda saja.", by=cast.sari)  # the officer decides: a new beginning
    actions.hand_over(made, to=cast.wati, by=cast.joko)
    assert holds(made) == ["wati"]


def test_what_is_given_back_waits_for_the_officer(cast: Cast, shared: Complaint) -> None:
    rule = queues.condition("assign", cast.sari)
    assert rule is not None
    actions.give_back(shared, text="Bukan wewenang saya.", by=cast.joko)
    assert not Complaint.visible_to(cast.sari).filter(rule).exists()
    actions.give_back(shared, text="Saya juga bukan.", by=cast.wati)
    assert shared.state == State.ASSIGNED
    assert Complaint.visible_to(cast.sari).filter(rule).get() == shared
    assert last(shared)[1]["left"] == 0
    notify.dispatch_pending()
    told = OutgoingMessage.objects.filter(event__kind="given_back").values_list("to", flat=True)
    assert set(told) == {cast.sari.pk}


def test_who_left_office_holds_nothing(cast: Cast) -> None:
    made = make.complaint(cast, State.IN_PROGRESS)
    rule = queues.condition("assign", cast.sari)
    assert rule is not None
    assert not Complaint.visible_to(cast.sari).filter(rule).exists()
    Membership.objects.filter(user=cast.joko).update(until=timezone.localdate() - timedelta(days=1))
    assert Complaint.visible_to(cast.sari).filter(rule).get() == made
    actions.move(made, giver=None, to=cast.wati, by=cast.sari)
    assert holds(made) == ["wati"]


def test_two_officers_at_once(cast: Cast) -> None:
    made = make.complaint(cast, State.VERIFIED)
    actions.assign(made, to=[cast.joko], instruction="", by=cast.sari)
    with pytest.raises(NotAllowed):
        actions.assign(made, to=[cast.wati], instruction="", by=cast.lastri)
    actions.reassign(made, to=[cast.wati], instruction="", by=cast.lastri, seen=[cast.joko.pk])
    with pytest.raises(NotAllowed):
        actions.reassign(made, to=[cast.joko, cast.lastri], instruction="", by=cast.sari, seen=[cast.joko.pk])
    with pytest.raises(NotAllowed):
        actions.move(made, giver=cast.joko.pk, to=cast.lastri, by=cast.sari)
    assert holds(made) == ["wati"]
    actions.move(made, giver=cast.wati.pk, to=cast.joko, by=cast.sari)
    assert holds(made) == ["joko"]
    with pytest.raises(actions.HandOverRefused):
        actions.move(made, giver=cast.joko.pk, to=cast.joko, by=cast.sari)


def test_tasks_are_a_checklist(cast: Cast) -> None:
    made = make.complaint(cast, State.IN_PROGRESS)
    actions.add_task(made, what=["Ukur lubang", " ", "Beli aspal"], who=cast.joko, due_on=date(2026, 12, 1), by=cast.sari)
    actions.add_task(made, what=["Foto"], by=cast.joko)
    assert [(t.what, t.order, t.who) for t in made.tasks.all()] == [
        ("Ukur lubang", 1, cast.joko), ("Beli aspal", 2, cast.joko), ("Foto", 3, None),
    ]  # fmt: skip
    first = made.tasks.all()[0]
    actions.finish_task(made, task=first.pk, by=cast.joko)
    with pytest.raises(NotAllowed):
        actions.finish_task(made, task=first.pk, by=cast.sari)
    with pytest.raises(NotAllowed):
        actions.finish_task(make.complaint(cast, State.IN_PROGRESS), task=made.tasks.all()[1].pk, by=cast.sari)
    for nobody in (cast.tono, cast.ucup, cast.rini):  # keeps accounts only, holds no post, is of another village
        with pytest.raises(NotYours):
            actions.add_task(made, what=["Diam-diam"], who=nobody, by=cast.sari)
    with pytest.raises(ValueError, match="words"):
        actions.add_task(made, what=["", " "], by=cast.sari)


def test_a_task_is_ticked_off_by_whose_it_is_or_who_looks_after_it(cast: Cast) -> None:
    made = make.complaint(cast, State.IN_PROGRESS)
    actions.add_task(made, what=["Foto", "Ukur", "Cek"], who=cast.wati, by=cast.sari)
    actions.add_task(made, what=["Siapa saja"], by=cast.sari)
    photo, measure, check, anybody = made.tasks.all()
    with pytest.raises(actions.TaskOfAnother):
        actions.finish_task(made, task=photo.pk, by=cast.joko)
    actions.finish_task(made, task=anybody.pk, by=cast.joko)
    actions.finish_task(made, task=photo.pk, by=cast.lastri)
    actions.finish_task(made, task=measure.pk, by=cast.wati)
    Leave.objects.create(
        village=cast.village, user=cast.wati, stand_in=cast.joko, since=timezone.localdate(), until=timezone.localdate()
    )
    actions.finish_task(made, task=check.pk, by=User.objects.get(pk=cast.joko.pk))
    assert not made.tasks.filter(done_at=None).exists()


def test_a_visit_has_its_photos_before_and_after(cast: Cast) -> None:
    made = make.complaint(cast, State.IN_PROGRESS)
    when = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
    actions.visit(made, at=when, place="Depan mushola", text="Ditambal.", before=[PHOTO, PHOTO], after=[PHOTO], by=cast.joko)
    assert [row.name for row in made.attachments.all()] == ["sebelum-1.jpg", "sebelum-2.jpg", "sesudah-1.jpg"]
    assert last(made) == ("visited", {"text": "Ditambal.", "place": "Depan mushola", "when": when.isoformat()})
    with pytest.raises(ValueError, match="not been"):
        actions.visit(made, at=timezone.now() + timedelta(hours=1), place="", text="Besok.", by=cast.joko)


def test_an_answered_part_is_kept_when_somebody_else_goes_on(cast: Cast, shared: Complaint) -> None:
    actions.answer_part(shared, text="Satu.", by=cast.joko)
    actions.give_back(shared, text="Sisanya bukan saya.", by=cast.joko)
    assert Assignment.objects.get(complaint=shared, responder=cast.joko).answer == "Satu."
    with pytest.raises(NotYours):
        actions.answer_part(shared, text="Dua.", by=cast.lastri)
