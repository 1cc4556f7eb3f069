"""The verbs: who may, from where, and what they leave behind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import NotAllowed, NotYours, State
from kentongan.complaints.models import Complainant, Complaint, Delivery, Outcome
from kentongan.lib import clock
from kentongan.lib.files import Clean
from tests import make
from tests.cast import Cast

PHOTO = actions.NewFile("lubang.jpg", Clean(b"\xff\xd8\xff", "image/jpeg", "jpg"))
REACHED = actions.Delivered("Pengadu", "phone")


# --- the order of refusals: wall, role, state ---------------------------------------------------------------------------


def test_who_may_not_see_it_hears_that_there_is_none(cast: Cast) -> None:
    made = make.complaint(cast, State.CLOSED)
    for user in (cast.rini, cast.ucup, cast.tono, cast.wati, cast.nining):
        with pytest.raises(Complaint.DoesNotExist):
            actions.verify(made, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=user)


def test_who_sees_it_but_has_not_the_role_hears_that_it_is_not_his(cast: Cast) -> None:
    made = make.complaint(cast, State.CLOSED)  # the state is wrong as well: the role is asked first
    for user in (cast.harun, cast.lastri):
        with pytest.raises(NotYours):
            actions.close(made, by=user)


def test_who_has_the_role_hears_that_the_state_forbids_it(cast: Cast) -> None:
    made = make.complaint(cast, State.CLOSED)
    with pytest.raises(NotAllowed) as refused:
        actions.close(made, by=cast.sari)
    assert (refused.value.verb, refused.value.state) == ("close", "CLOSED")


@pytest.mark.parametrize("verb", ["ask", "start", "note", "reopen", "extend_deadline"])
def test_the_complainant_may_not_take_the_desks_steps(cast: Cast, verb: str) -> None:
    made = make.received(cast)
    how = {"ask": {"text": "?"}, "note": {"text": "!"}, "reopen": {"text": "?"}, "extend_deadline": {"days": 1, "text": "?"}}
    with pytest.raises(NotYours):
        getattr(actions, verb)(made, by=None, **how.get(verb, {}))


def test_a_refused_step_leaves_no_trace(cast: Cast) -> None:
    made = make.complaint(cast, State.ASSIGNED)
    before = (made.events.count(), made.updated_at, made.state)
    with pytest.raises(NotAllowed):
        actions.verify(made, category=cast.aid, kind="COMPLAINT", urgency="LOW", by=cast.sari)
    with pytest.raises(NotAllowed):
        actions.respond(made, deliveries=[REACHED], by=cast.sari)
    made.refresh_from_db()
    assert (made.events.count(), made.updated_at, made.state) == before
    assert made.category == cast.road


def test_two_officials_pressing_the_same_button_take_one_step(cast: Cast) -> None:
    made = make.complaint(cast, State.VERIFIED)
    stale = Complaint.for_system("test").get(pk=made.pk)
    actions.assign(made, to=[cast.joko], instruction="Cek.", by=cast.sari)
    with pytest.raises(NotAllowed):
        actions.assign(stale, to=[cast.wati], instruction="Cek.", by=cast.lastri)
    assert [row.responder for row in made.assignments.all()] == [cast.joko]


# --- distributing -------------------------------------------------------------------------------------------------------


def test_it_is_distributed_to_several_in_order_with_the_post_of_that_day(cast: Cast) -> None:
    made = actions.assign(
        make.complaint(cast, State.VERIFIED), to=[cast.wati, cast.joko], instruction="Mohon dicek.", by=cast.sari
    )
    rows = list(made.assignments.all())
    assert [(row.order, row.responder, row.responder_label) for row in rows] == [
        (1, cast.wati, "Wati Suryani — Kasi Pelayanan"),
        (2, cast.joko, "Joko Santosa — Kasi Kesejahteraan"),
    ]
    assert {row.instruction for row in rows} == {"Mohon dicek."}


def test_nobody_shut_out_and_nobody_from_elsewhere_gets_it(cast: Cast) -> None:
    made = make.received(cast, "Kasi Kesejahteraan minta uang bensin kepada warga.")
    made = actions.verify(made, category=cast.levy, kind="COMPLAINT", urgency="HIGH", concerned=[cast.joko], by=cast.sari)
    for user in (cast.joko, cast.rini, cast.ucup):
        with pytest.raises(NotYours):
            actions.assign(made, to=[user], instruction="Cek.", by=cast.sari)
    assert cast.joko not in actions.candidates(made)
    assert {cast.wati, cast.sari, cast.lastri} <= set(actions.candidates(made))
    assert cast.tono not in actions.candidates(made)


def test_who_is_not_named_again_is_released_and_sees_it_no_more(cast: Cast) -> None:
    made = make.complaint(cast, State.IN_PROGRESS)
    made = actions.reassign(made, to=[cast.wati], instruction="Gantikan.", by=cast.harun)
    assert not Complaint.visible_to(cast.joko).exists()
    assert Complaint.visible_to(cast.wati).get() == made
    assert made.assignments.filter(responder=cast.joko, ended_at__isnull=False).exists()
    assert made.state == State.IN_PROGRESS


def test_distributing_it_again_to_the_same_person_makes_no_second_row(cast: Cast) -> None:
    made = actions.reassign(make.complaint(cast, State.ASSIGNED), to=[cast.joko, cast.wati], instruction="Berdua.", by=cast.sari)
    assert made.assignments.filter(responder=cast.joko).count() == 1
    assert made.assignments.filter(ended_at__isnull=True).count() == 2


# --- delivering ---------------------------------------------------------------------------------------------------------


def ready(cast: Cast) -> Complaint:
    made = make.complaint(cast, State.IN_PROGRESS)
    actions.draft_response(made, text="Lubang sudah ditambal.", outcome="RESOLVED", by=cast.joko)
    actions.approve_response(made, by=cast.lastri)
    return actions.approve_response(made, by=cast.harun)


def test_nothing_is_delivered_before_it_is_approved(cast: Cast) -> None:
    made = make.complaint(cast, State.IN_PROGRESS)
    with pytest.raises(NotAllowed):
        actions.respond(made, deliveries=[REACHED], by=cast.sari)
    actions.draft_response(made, text="Belum disetujui.", by=cast.joko)
    with pytest.raises(NotAllowed):
        actions.respond(made, deliveries=[REACHED], by=cast.sari)


def test_a_call_that_found_nobody_is_no_answer(cast: Cast) -> None:
    made = ready(cast)
    missed = actions.Delivered("Pengadu", "phone", reached=False, note="Tidak diangkat.")
    for deliveries in ([], [missed]):
        with pytest.raises(NotAllowed):
            actions.respond(made, deliveries=deliveries, by=cast.sari)
    made.refresh_from_db()
    assert made.state == State.IN_PROGRESS


def test_every_delivery_is_in_the_book_also_the_one_that_failed(cast: Cast) -> None:
    missed = actions.Delivered("Ketua RT 003", "phone", reached=False, note="Tidak diangkat.")
    made = actions.respond(ready(cast), deliveries=[REACHED, missed], by=cast.sari)
    made = actions.deliver(made, delivered=actions.Delivered("Ketua RT 003", "courier", note="Diterima istrinya."), by=cast.sari)
    rows = [(row.to, row.how, row.result, row.note) for row in made.deliveries.all()]
    assert rows == [
        ("Pengadu", "phone", Delivery.Result.REACHED, ""),
        ("Ketua RT 003", "phone", Delivery.Result.NOT_REACHED, "Tidak diangkat."),
        ("Ketua RT 003", "courier", Delivery.Result.REACHED, "Diterima istrinya."),
    ]
    assert {row.by_label for row in made.deliveries.all()} == {"Sari Wulandari — Petugas Pengelola Pengaduan"}
    assert {row.response_id for row in made.deliveries.all()} == {made.responses.get().pk}


# --- after the answer ---------------------------------------------------------------------------------------------------


def test_within_the_window_the_complainant_objects_and_after_it_only_the_officer_opens_it(cast: Cast) -> None:
    with clock.at(timezone.now() - timedelta(days=40)):
        late, told = make.complaint(cast, State.RESPONDED), make.complaint(cast, State.RESPONDED)
    with pytest.raises(NotAllowed):
        actions.appeal(late, text="Belum ada yang datang.", by=None)
    assert actions.appeal(told, text="Menelepon: belum beres.", by=cast.sari).state == State.VERIFIED
    fresh = actions.appeal(make.complaint(cast, State.RESPONDED), text="Belum ada yang datang.", by=None)
    assert (fresh.state, fresh.reopened, fresh.outcome) == (State.VERIFIED, 1, "")


def test_silence_closes_it_with_the_outcome_of_the_answer(cast: Cast) -> None:
    made = actions.close(make.complaint(cast, State.RESPONDED), by=None)
    event = made.events.last()
    assert event is not None
    assert (made.outcome, event.data["silent"], event.by) == (Outcome.RESOLVED, True, None)


def test_planned_in_the_budget_is_an_outcome_of_its_own(cast: Cast) -> None:
    made = make.complaint(cast, State.IN_PROGRESS)
    actions.draft_response(made, text="Masuk RKPDes 2027.", outcome="PLANNED", planned_for="RKPDes 2027, Juni", by=cast.joko)
    actions.approve_response(made, by=cast.lastri)
    actions.approve_response(made, by=cast.harun)
    made = actions.respond(made, deliveries=[REACHED], by=cast.sari)
    event = made.events.last()
    assert event is not None
    assert event.data["planned_for"] == "RKPDes 2027, Juni"
    assert actions.close(made, by=cast.sari).outcome == Outcome.PLANNED


def test_a_closed_one_is_opened_again_with_its_whole_history(cast: Cast) -> None:
    made = make.complaint(cast, State.CLOSED)
    before = list(made.events.values_list("kind", flat=True))
    made = actions.reopen(made, text="Berlubang lagi.", by=cast.sari)
    assert list(made.events.values_list("kind", flat=True)) == [*before, "reopened"]
    assert (made.ended_at, made.reopened, made.outcome) == (None, 1, "")


def test_a_second_answer_can_be_written_after_an_objection(cast: Cast) -> None:
    made = actions.appeal(make.complaint(cast, State.RESPONDED), text="Masih bocor.", by=None)
    actions.draft_response(made, text="Diperbaiki lagi.", outcome="RESOLVED", by=cast.joko)
    actions.approve_response(made, by=cast.lastri)
    actions.approve_response(made, by=cast.harun)
    made = actions.respond(made, deliveries=[REACHED], by=cast.sari)
    assert [response.stage for response in made.responses.all()] == ["DELIVERED", "DELIVERED"]


@pytest.mark.parametrize("score", [1, 4])
def test_the_answer_is_rated_also_after_it_was_closed(cast: Cast, score: int) -> None:
    made = actions.rate(make.complaint(cast, State.CLOSED), score=score, text="Terima kasih.", by=None)
    assert (made.rating, made.state) == (score, State.CLOSED)


# --- withdraw, merge, split, decline ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [State.RECEIVED, State.AWAITING_COMPLAINANT, State.IN_PROGRESS, State.REFERRED, State.RESPONDED]
)
def test_it_may_be_withdrawn_until_it_is_closed(cast: Cast, state: State) -> None:
    made = actions.withdraw(make.complaint(cast, state), text="Sudah damai.", by=None)
    assert (made.state, made.due_at) == (State.WITHDRAWN, None)
    with pytest.raises(NotAllowed):
        actions.withdraw(made, text="Lagi.", by=None)


def test_a_merged_one_keeps_its_number_and_can_leave_again(cast: Cast) -> None:
    made, master = make.received(cast), make.received(cast)
    made = actions.merge(made, master=master, by=cast.sari)
    assert (made.number, made.master) != (master.number, None)
    with pytest.raises(NotAllowed):
        actions.merge(master, master=made, by=cast.sari)  # a merged one is nobody's master
    with pytest.raises(NotAllowed):
        actions.merge(master, master=master, by=cast.sari)
    assert actions.deliver(made, delivered=REACHED, by=cast.sari).deliveries.count() == 1
    made = actions.reopen(made, text="Ternyata lain soal.", by=cast.sari)
    assert (made.master, made.state) == (None, State.VERIFIED)


def test_it_is_not_merged_with_what_the_officer_may_not_see(cast: Cast) -> None:
    about_the_officer = make.received(cast, make.TEXT, named=(cast.sari.pk,))
    with pytest.raises(Complaint.DoesNotExist):
        actions.merge(make.received(cast), master=about_the_officer, by=cast.sari)


def test_a_split_part_has_number_and_clock_of_its_own_and_the_same_complainant(cast: Cast) -> None:
    origin = make.received(cast, "Jalan rusak, dan BLT ibu saya belum cair.", identity_hidden=True, confidential=True)
    part = actions.split(origin, text="BLT ibu saya belum cair.", subject="BLT belum cair", by=cast.sari)
    assert part.number != origin.number
    assert (part.split_from, part.complainant, part.received_at) == (origin, origin.complainant, origin.received_at)
    assert (part.identity_hidden, part.confidential, part.state) == (True, True, State.RECEIVED)
    assert part.due_at == origin.due_at
    event = origin.events.last()
    assert event is not None
    assert (event.kind, event.data["into"]) == ("split", part.number)


def test_declined_it_has_a_reason_and_the_right_address(cast: Cast) -> None:
    made = actions.decline(make.received(cast), reason="OUT_OF_SCOPE", text="Ke Polres.", agency=cast.agency, by=cast.sari)
    event = made.events.last()
    assert event is not None
    assert (made.decline_reason, event.data["agency"]) == ("OUT_OF_SCOPE", cast.agency.name)
    with pytest.raises(ValueError, match="BECAUSE"):
        actions.decline(make.received(cast), reason="BECAUSE", text="?", by=cast.sari)


def test_completing_may_bring_the_first_identity(cast: Cast) -> None:
    anonymous = make.complaint(cast, State.AWAITING_COMPLAINANT, sender=make.Contact())
    assert anonymous.is_anonymous
    identity = Complainant(village=cast.village, name="Karto", phone="+6285141182163", address="Jalan Melati 4")
    made = actions.complete(anonymous, text="Saya Karto.", identity=identity, by=cast.sari)
    assert made.complainant == identity
    assert identity.is_complete
    assert made.state == State.RECEIVED


# --- referring, notes, files --------------------------------------------------------------------------------------------


def test_a_hidden_identity_never_goes_along_to_an_agency(cast: Cast) -> None:
    hidden = make.complaint(cast, State.VERIFIED, identity_hidden=True)
    known = make.complaint(cast, State.VERIFIED)
    for made in (hidden, known):
        actions.refer(made, agency=cast.agency, text="Mohon ditangani.", with_identity=True, by=cast.sari)
    assert hidden.referrals.get().with_identity is False
    assert known.referrals.get().with_identity is True


def test_what_the_agency_answers_is_kept_with_its_number(cast: Cast) -> None:
    made = make.complaint(cast, State.REFERRED)
    actions.record_referral_answer(made, text="Masuk daftar 2027.", outside_number="600/12/DPUPR", by=cast.sari)
    referral = made.referrals.get()
    assert (referral.answer, referral.outside_number) == ("Masuk daftar 2027.", "600/12/DPUPR")
    assert referral.answered_at is not None


def test_files_of_a_note_are_internal_and_those_of_a_follow_up_are_not(cast: Cast) -> None:
    made = make.complaint(cast, State.IN_PROGRESS)
    actions.note(made, text="Hubungi tukang.", files=[PHOTO], by=cast.joko)
    actions.follow_up(made, text="Sudah dicek.", files=[PHOTO], by=cast.joko)
    actions.attach(made, files=[PHOTO, PHOTO], by=None)
    assert [row.internal for row in made.attachments.all()] == [True, False, False, False]
    assert all("lubang" not in str(row.file.name) for row in made.attachments.all())


def test_only_the_officer_takes_a_split_or_a_message_and_joko_does_not(cast: Cast) -> None:
    made = make.complaint(cast, State.ASSIGNED)
    with pytest.raises(NotYours):
        actions.message(made, text="Halo.", by=cast.joko)
    assert actions.message(made, text="Petugas datang Rabu.", by=cast.sari).state == State.ASSIGNED


def test_days_promised_beyond_the_usual_stay_when_it_is_classified_anew(cast: Cast) -> None:
    complaint = make.complaint(cast, State.VERIFIED)
    actions.extend_deadline(complaint, days=5, text="Bahan belum datang.", by=cast.sari)
    changed = actions.reclassify(complaint, category=cast.aid, kind="ASPIRATION", urgency="NORMAL", by=cast.sari)
    assert changed.clock_days == cast.village.clock("aspiration") + 5


def test_nothing_is_joined_with_what_has_ended_and_no_master_with_another(cast: Cast) -> None:
    master, child, ended = (
        make.complaint(cast, State.VERIFIED),
        make.complaint(cast, State.VERIFIED),
        make.complaint(cast, State.CLOSED),
    )
    with pytest.raises(NotAllowed):
        actions.merge(child, master=ended, by=cast.sari)
    actions.merge(child, master=master, by=cast.sari)
    with pytest.raises(NotAllowed):
        actions.merge(master, master=make.complaint(cast, State.VERIFIED), by=cast.sari)


@pytest.mark.parametrize("score", [0, 5, -1])
def test_a_score_off_the_scale_is_refused(cast: Cast, score: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        actions.rate(make.complaint(cast, State.RESPONDED), score=score, by=None)
