"""The promises of the queue: nothing lost, nothing done twice once it is committed, nothing personal in the errors."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kentongan.jobs import engine
from kentongan.jobs.backend import DatabaseBackend
from kentongan.jobs.models import DutyMark, Job, State
from tests.jobs import duties
from tests.jobs.duties import effects

pytestmark = pytest.mark.django_db(transaction=True)
database_kept = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def run_all(worker: str = "A") -> None:
    while job := engine.claim(worker):
        engine.execute(job)


def claimed(worker: str = "A") -> Job:
    job = engine.claim(worker)
    assert job is not None
    return job


def due_now() -> None:
    Job.objects.filter(state=State.READY).update(run_after=Now())


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def only() -> Job:
    return Job.objects.get()


def test_a_job_is_done_with_its_effect() -> None:
    result = duties.effect.enqueue("x")
    assert result.status == TaskResultStatus.READY
    run_all()
    assert effects("x") == 1
    job = only()
    assert (job.state, job.attempts, job.fence, job.worker, job.lease_until) == (State.DONE, 1, 1, "A", None)
    result.refresh()
    assert result.status == TaskResultStatus.SUCCESSFUL
    assert result.args == ["x"]


def test_an_unknown_result_is_said_so() -> None:
    for wrong in ("0", "abc", "-1"):
        with pytest.raises(TaskResultDoesNotExist):
            duties.effect.get_result(wrong)


def _refuse() -> None:
    with transaction.atomic():
        duties.effect.enqueue()
        raise RuntimeError


def test_enqueueing_rolls_back_with_the_caller() -> None:
    with pytest.raises(RuntimeError):
        _refuse()
    assert not Job.objects.exists()


def test_a_failing_job_waits_then_is_a_dead_letter_and_can_be_retried() -> None:
    duties.raises.enqueue()
    run_all()
    job = only()
    assert (job.state, job.attempts) == (State.READY, 1)
    assert timedelta(seconds=2) < job.run_after - timezone.now() < timedelta(seconds=7)
    due_now()
    run_all()
    job = only()
    assert (job.state, list(Job.dead()), effects()) == (State.DEAD, [job], 0)
    assert engine.retry(job)
    assert not engine.retry(job)
    assert (only().state, only().attempts) == (State.READY, 0)
    assert engine.claim("A") is not None


def test_the_error_names_class_and_place_and_nobody() -> None:
    duties.raises.enqueue("x")
    run_all()
    assert only().last_error.startswith("builtins.ValueError at duties.py:")
    assert "Sukinah" not in only().last_error
    result = DatabaseBackend("default", {}).get_result(str(only().pk))
    assert [error.exception_class for error in result.errors] == [ValueError]


def test_a_permanent_failure_is_not_tried_again() -> None:
    duties.gives_up.enqueue()
    run_all()
    assert (only().state, only().attempts) == (State.DEAD, 1)
    assert only().last_error == "kentongan.jobs.errors.JobError the number is not in use"


@pytest.mark.parametrize(
    ("path", "arguments", "error"),
    [
        ("no.such.module.task", '{"args": [], "kwargs": {}}', "ModuleNotFoundError"),
        ("tests.jobs.duties.gone", '{"args": [], "kwargs": {}}', "ImportError"),
        ("nodots", '{"args": [], "kwargs": {}}', "ImportError"),
        ("tests.jobs.duties.not_a_task", '{"args": [], "kwargs": {}}', "NotATaskError"),
        ("tests.jobs.duties.effect", '{"args": ', "JSONDecodeError"),
        ("tests.jobs.duties.effect", "[]", "TypeError"),
        ("tests.jobs.duties.effect", '{"args": [1, 2, 3], "kwargs": {}}', "TypeError"),
        ("tests.jobs.duties.leaves_the_process", '{"args": [], "kwargs": {}}', "SystemExit"),
    ],
)
def test_a_broken_job_fails_alone(path: str, arguments: str, error: str) -> None:
    Job.objects.create(task=path, arguments=arguments, max_attempts=1, priority=5)
    duties.effect.enqueue("after")
    run_all()
    assert [error in job.last_error for job in Job.dead()] == [True]
    assert (effects("after"), effects("a ")) == (1, 0)


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), b"\xff"])
def test_arguments_that_are_not_json_are_refused_to_the_caller(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        duties.effect.enqueue(value)
    assert not Job.objects.exists()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


@database_kept
@given(args=st.lists(JSON, max_size=3), kwargs=st.dictionaries(st.text(min_size=1), JSON, max_size=3))
def test_arguments_arrive_as_they_were_given(args: list[Any], kwargs: dict[str, Any]) -> None:
    job = Job.objects.get(pk=engine.put("x", args, kwargs).pk)
    assert job.call_arguments() == (args, kwargs)


def test_who_lost_the_lease_cannot_write() -> None:
    duties.effect.enqueue()
    late = claimed("A")
    expire(late)
    assert engine.reap() == 1
    again = claimed("B")
    assert not engine.execute(late)
    assert (only().state, only().worker, effects()) == (State.RUNNING, "B", 0)
    assert not engine.extend(late)
    assert engine.execute(again)
    assert (only().state, effects()) == (State.DONE, 1)


def test_a_late_worker_whose_job_nobody_took_may_finish_it() -> None:
    duties.sends.enqueue()
    late = claimed()
    expire(late)
    engine.reap()
    assert engine.execute(late)
    assert (only().state, effects("sent"), engine.claim("B")) == (State.DONE, 1, None)


def test_a_heartbeat_keeps_the_lease() -> None:
    duties.effect.enqueue()
    job = claimed()
    expire(job)
    assert engine.extend(job)
    assert engine.reap() == 0


def test_a_job_that_kills_its_workers_ends_as_a_dead_letter() -> None:
    duties.raises.enqueue()
    for _ in range(2):
        expire(claimed())
        assert engine.reap() == 1
    assert (only().state, only().last_error) == (State.DEAD, "The worker stopped in the middle")


def test_a_sending_job_is_tried_at_least_once() -> None:
    duties.sends_then_fails.enqueue()
    run_all()
    due_now()
    run_all()
    assert (effects("sent"), only().state, only().attempts) == (2, State.READY, 2)


def test_what_fails_after_the_commit_does_not_repeat_the_job() -> None:
    duties.fails_after_commit.enqueue()
    run_all()
    assert (only().state, effects()) == (State.DONE, 1)


def test_an_interrupt_gives_the_job_back_uncounted() -> None:
    duties.interrupted.enqueue()
    job = claimed()
    with pytest.raises(KeyboardInterrupt):
        engine.execute(job)
    assert (only().state, only().attempts, effects()) == (State.READY, 0, 0)


def test_a_task_may_ask_which_attempt_it_is() -> None:
    duties.knows_its_attempt.enqueue()
    run_all()
    assert effects("attempt 1") == 1


def test_urgent_first_then_oldest_and_nothing_before_its_time() -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    duties.effect.using(run_after=tomorrow, priority=100).enqueue("later")
    for tag, priority in (("second", 0), ("third", 0), ("first", 10)):
        duties.effect.using(priority=priority).enqueue(tag)
    order = []
    while job := engine.claim("A"):
        order.append(job.call_arguments()[0][0])
    assert order == ["first", "second", "third"]
    Job.objects.filter(state=State.RUNNING).delete()
    assert engine.next_due() == tomorrow


def test_one_key_one_waiting_job() -> None:
    task = duties.effect.using(unique_key="k")
    assert task.enqueue().id == task.enqueue().id
    run_all()
    assert effects() == 1
    task.enqueue()
    run_all()
    assert (effects(), Job.objects.count()) == (2, 2)


def test_asked_for_while_it_runs_it_runs_once_more() -> None:
    task = duties.effect.using(unique_key="k")
    task.enqueue()
    job = claimed()
    task.enqueue()
    task.enqueue()
    assert Job.objects.count() == 1
    assert engine.execute(job)
    assert only().state == State.READY
    run_all()
    assert (only().state, effects()) == (State.DONE, 2)


def test_a_dead_letter_frees_its_key() -> None:
    duties.gives_up.using(unique_key="k").enqueue()
    run_all()
    duties.effect.using(unique_key="k").enqueue()
    run_all()
    assert sorted(Job.objects.values_list("state", flat=True)) == [State.DEAD, State.DONE]


def test_a_waiting_job_is_not_taken_before_the_rows_of_who_asked_for_it_are_there() -> None:
    task = duties.effect.using(unique_key="k")
    task.enqueue()
    asked = threading.Event()

    def ask() -> None:
        with transaction.atomic():
            task.enqueue()
            asked.set()
            threading.Event().wait(0.4)
            DutyMark.objects.create(name="of the caller", instant=timezone.now())
        connections.close_all()

    caller = threading.Thread(target=ask)
    caller.start()
    asked.wait()
    while (job := engine.claim("A")) is None:
        threading.Event().wait(0.02)
    assert DutyMark.objects.filter(name="of the caller").exists()
    caller.join()
    engine.execute(job)
    assert effects() == 1


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_wrong_clock_of_a_worker_changes_no_lease(hours: int) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        duties.effect.enqueue()
        job = claimed()
        assert engine.reap() == 0
    assert engine.reap() == 0
    assert engine.execute(job)


def test_done_jobs_go_after_a_week_dead_letters_stay() -> None:
    for state, days in ((State.DONE, 8), (State.DONE, 6), (State.DEAD, 80), (State.READY, 80)):
        Job.objects.create(
            task="x", arguments="{}", state=state, max_attempts=1, finished_at=timezone.now() - timedelta(days=days)
        )
    assert engine.delete_finished() == 1
    assert sorted(Job.objects.values_list("state", flat=True)) == [State.DEAD, State.DONE, State.READY]


@given(st.integers(min_value=1, max_value=10_000))
def test_pauses_grow_and_stay_under_an_hour_and_a_quarter(attempts: int) -> None:
    pause = engine.pause(attempts)
    assert timedelta(seconds=3) < pause <= timedelta(minutes=75)
    assert attempts > 9 or pause <= timedelta(seconds=5 * 2 ** (attempts - 1) * 1.25)


STEPS = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["claim", "execute", "expire", "reap"])), max_size=20)


@database_kept
@given(steps=STEPS)
def test_whatever_happens_between_two_workers_each_effect_is_there_once(steps: list[tuple[str, str]]) -> None:
    Job.objects.all().delete()
    DutyMark.objects.all().delete()
    jobs = {duties.effect.enqueue(str(number)).id for number in range(3)}
    held: dict[str, Job | None] = {"A": None, "B": None}
    for worker, step in steps:
        job = held[worker]
        match step:
            case "claim":
                held[worker] = engine.claim(worker)
            case "execute" if job:
                engine.execute(job)
            case "expire" if job:
                expire(job)
            case "reap":
                engine.reap()
        assert effects() == Job.objects.filter(state=State.DONE).count()
    Job.objects.filter(state=State.RUNNING).update(lease_until=Now() - timedelta(seconds=1))
    engine.reap()
    run_all()
    assert [effects(str(number)) for number in range(len(jobs))] == [1, 1, 1]
