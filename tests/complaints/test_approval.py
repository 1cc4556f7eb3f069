"""The answer's way past those who must approve it."""

from datetime import date

import pytest

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import NotAllowed, NotYours, State
from kentongan.complaints.models import Complaint, Response
from kentongan.village.models import Membership
from kentongan.village.roles import Role
from kentongan.web.desk import queues
from tests import make
from tests.cast import Cast


def drafted(cast: Cast, approvers: list[str], text: str = "Lubang sudah ditambal.") -> Complaint:
    cast.village.approvers = approvers
    cast.village.save()
    made = make.complaint(cast, State.IN_PROGRESS)
    return actions.draft_response(made, text=text, outcome="RESOLVED", by=cast.joko)


def response(made: Complaint) -> Response:
    return made.responses.get()


def test_where_nobody_approves_it_is_ready_at_once(cast: Cast) -> None:
    made = drafted(cast, [])
    assert (response(made).stage, response(made).waiting_for) == ("READY", "")
    with pytest.raises(NotAllowed):
        actions.approve_response(made, by=cast.harun)


def test_where_the_head_alone_approves_the_secretary_may_not(cast: Cast) -> None:
    made = drafted(cast, [Role.HEAD])
    assert response(made).waiting_for == Role.HEAD
    with pytest.raises(NotYours):
        actions.approve_response(made, by=cast.lastri)
    actions.approve_response(made, by=cast.harun)
    assert response(made).stage == "READY"


def test_where_both_approve_it_is_in_this_order(cast: Cast) -> None:
    made = drafted(cast, [Role.SECRETARY, Role.HEAD])
    with pytest.raises(NotYours):
        actions.approve_response(made, by=cast.harun)
    actions.approve_response(made, by=cast.lastri)
    assert (response(made).stage, response(made).waiting_for) == ("WAITING", Role.HEAD)
    with pytest.raises(NotYours):
        actions.approve_response(made, by=cast.lastri)
    actions.approve_response(made, by=cast.harun)
    assert response(made).stage == "READY"
    assert [(one["role"], one["label"].split(" —")[0]) for one in response(made).approvals] == [
        ("SECRETARY", "Lastri Handayani"),
        ("HEAD", "Harun Pranoto"),
    ]


@pytest.mark.parametrize("who", ["joko", "sari"])
def test_neither_author_nor_officer_approves(cast: Cast, who: str) -> None:
    made = drafted(cast, [Role.SECRETARY, Role.HEAD])
    with pytest.raises(NotYours):
        actions.approve_response(made, by=getattr(cast, who))


def test_an_approver_may_correct_the_words(cast: Cast) -> None:
    made = drafted(cast, [Role.HEAD], "lubang sdh ditambal")
    actions.approve_response(made, text="Lubang sudah ditambal.", by=cast.harun)
    assert response(made).text == "Lubang sudah ditambal."


def test_sent_back_it_needs_every_approval_anew(cast: Cast) -> None:
    made = drafted(cast, [Role.SECRETARY, Role.HEAD])
    actions.approve_response(made, by=cast.lastri)
    actions.return_response(made, text="Sebutkan tanggalnya.", by=cast.harun)
    assert (response(made).stage, response(made).approvals) == ("RETURNED", [])
    with pytest.raises(NotAllowed):
        actions.approve_response(made, by=cast.lastri)
    actions.draft_response(made, text="Ditambal 20 November.", outcome="RESOLVED", by=cast.joko)
    assert (response(made).stage, response(made).waiting_for) == ("WAITING", Role.SECRETARY)


def test_sending_back_is_for_whose_turn_it_is(cast: Cast) -> None:
    made = drafted(cast, [Role.SECRETARY, Role.HEAD])
    with pytest.raises(NotYours):
        actions.return_response(made, text="Belum.", by=cast.harun)


def test_new_words_after_approval_are_approved_again(cast: Cast) -> None:
    made = drafted(cast, [Role.HEAD])
    actions.approve_response(made, by=cast.harun)
    actions.draft_response(made, text="Kata-kata lain.", outcome="RESOLVED", by=cast.joko)
    assert response(made).stage == "WAITING"
    with pytest.raises(NotAllowed):
        actions.respond(made, deliveries=[actions.Delivered("Pengadu", "phone")], by=cast.sari)


def test_when_the_secretary_is_concerned_the_head_approves_twice_over(cast: Cast) -> None:
    made = drafted(cast, [Role.SECRETARY, Role.HEAD])
    actions.name(made, officials=[cast.lastri], by=cast.sari)
    actions.approve_response(made, by=cast.harun)
    actions.approve_response(made, by=cast.harun)
    assert response(made).stage == "READY"


def test_when_the_head_is_concerned_the_council_approves(cast: Cast) -> None:
    made = drafted(cast, [Role.SECRETARY, Role.HEAD])
    actions.name(made, officials=[cast.harun], by=cast.sari)
    actions.approve_response(made, by=cast.lastri)
    with pytest.raises(Complaint.DoesNotExist):
        actions.approve_response(made, by=cast.harun)
    actions.approve_response(made, by=cast.nining)
    assert response(made).stage == "READY"


def test_when_the_head_steps_aside_the_answer_still_finds_who_approves_it(cast: Cast) -> None:
    made = drafted(cast, [Role.HEAD])
    actions.recuse(made, by=cast.harun)
    actions.approve_response(made, by=cast.nining)
    assert response(made).stage == "READY"


def test_while_the_post_of_head_is_vacant_the_secretary_approves_in_his_place(cast: Cast) -> None:
    made = drafted(cast, [Role.HEAD])
    cast.harun.memberships.update(until="2026-01-01")
    actions.approve_response(made, by=cast.lastri)
    assert response(made).stage == "READY"


def test_when_head_and_council_are_both_concerned_the_secretary_approves(cast: Cast) -> None:
    made = drafted(cast, [Role.HEAD])
    actions.name(made, officials=[cast.harun, cast.nining], by=cast.sari)
    actions.approve_response(made, by=cast.lastri)
    assert response(made).stage == "READY"


def test_where_no_head_holds_his_post_the_secretary_finds_the_answer_in_her_queue(cast: Cast) -> None:
    complaint = make.complaint(cast, State.IN_PROGRESS)
    actions.draft_response(complaint, text="Sudah ditambal.", by=cast.joko)
    actions.approve_response(complaint, by=cast.lastri)
    Membership.objects.filter(role=Role.HEAD).update(until=date(2021, 1, 1))
    waiting = {queue.key: queue.n for queue in queues.waiting(cast.lastri, cast.village)}
    assert waiting["approve"] == 1
    assert actions.approve_response(complaint, by=cast.lastri).responses.get().stage == Response.Stage.READY
