"""The table itself: nothing in it leads nowhere, and nothing is left to nobody."""

import pytest

from kentongan.complaints import actions, events
from kentongan.complaints.access import LAST_RESORT, STAND_INS
from kentongan.complaints.lifecycle import ENDED, OPEN, STEPS, WORKING, NotAllowed, State, after, diagram
from kentongan.village.roles import Role

MOVING = {verb: step for verb, step in STEPS.items() if step.target}


def reachable(start: State) -> set[State]:
    seen, found = set(), {start}
    while found:
        here = found.pop()
        seen.add(here)
        found |= {step.target for step in MOVING.values() if here in step.sources and step.target} - seen
    return seen


def test_every_state_is_reached_from_the_first() -> None:
    assert reachable(State.RECEIVED) == set(State)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_has_a_way_to_an_answer_and_to_an_end(state: State) -> None:
    assert State.RESPONDED in reachable(state)
    assert reachable(state) & ENDED


@pytest.mark.parametrize("state", sorted(ENDED))
def test_every_end_can_be_opened_again(state: State) -> None:
    assert after(state, "reopen") == State.VERIFIED


def test_open_answered_and_ended_are_all_there_is() -> None:
    assert OPEN | ENDED | {State.RESPONDED} == set(State)
    assert not OPEN & ENDED
    assert WORKING < OPEN


@pytest.mark.parametrize("verb", sorted(STEPS))
def test_every_step_is_somebodys_or_happens_by_itself(verb: str) -> None:
    assert STEPS[verb].roles or STEPS[verb].by_itself


@pytest.mark.parametrize("verb", sorted(STEPS))
def test_every_step_leaves_from_somewhere_or_begins(verb: str) -> None:
    assert bool(STEPS[verb].sources) != (verb == "receive")


@pytest.mark.parametrize("verb", sorted(STEPS))
def test_every_step_has_its_action(verb: str) -> None:
    assert callable(getattr(actions, verb))


@pytest.mark.parametrize("state", sorted(State))
@pytest.mark.parametrize("verb", sorted(STEPS))
def test_the_table_answers_for_every_state_and_step(state: State, verb: str) -> None:
    step = STEPS[verb]
    if state in step.sources:
        assert after(state, verb) == (step.target or state)
    else:
        with pytest.raises(NotAllowed) as refused:
            after(state, verb)
        assert (refused.value.verb, refused.value.state) == (verb, state)


def test_the_administrator_and_the_machine_take_no_step_of_their_own() -> None:
    assert all(Role.ADMIN not in step.roles for step in STEPS.values())


def test_an_answer_is_never_moved_by_who_wrote_it() -> None:
    assert not STEPS["approve_response"].roles & {Role.RESPONDER, Role.LIAISON, Role.OFFICER}
    assert STEPS["respond"].roles == {Role.OFFICER}


def test_the_complainant_moves_only_what_is_his() -> None:
    own = {verb for verb, step in STEPS.items() if step.complainant}
    assert own == {"receive", "complete", "withdraw", "appeal", "attach", "add", "rate"}


def test_only_these_happen_with_nobody_at_the_desk() -> None:
    assert {verb for verb, step in STEPS.items() if step.by_itself} == {
        "ask", "close", "undelivered", "record_referral_answer", "ask_about_plan",
    }  # fmt: skip


def test_every_role_that_takes_steps_has_stand_ins() -> None:
    roles = set().union(*(step.roles for step in STEPS.values()))
    assert roles - STAND_INS.keys() == {Role.COUNCIL}
    assert set(LAST_RESORT) | {Role.OFFICER, Role.SECRETARY, Role.HEAD} == set(Role)


def test_the_picture_shows_every_moving_step() -> None:
    drawn = set(diagram().splitlines())
    for verb, step in MOVING.items():
        for source in step.sources:
            assert f"    {source} --> {step.target}: {verb}" in drawn


def test_events_say_what_is_shown_and_what_is_personal() -> None:
    for kind, event in events.KINDS.items():
        assert str(event.sentence), kind
        assert event.text in {"", *event.personal}, f"{kind}: text people wrote is personal"
