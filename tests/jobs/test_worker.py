"""The loop, in this process and as real processes that are stopped and killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kentongan import worker
from kentongan.jobs import DurableTask, engine, wakeup
from kentongan.jobs.cron import Duty, Every
from kentongan.jobs.models import DutyMark, Heartbeat, Job, State
from tests.jobs import duties
from tests.jobs.duties import effects

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> float:
    """How long it took. Fails when it does not come true."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - start


def all_done() -> bool:
    return not Job.objects.exclude(state=State.DONE).exists()


@contextmanager
def running_in_a_thread() -> Iterator[None]:
    stop = threading.Event()

    def work() -> None:
        worker.run(stop)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def child() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts worker processes on the test database; they begin with ``go``."""
    children: list[subprocess.Popen[str]] = []
    environment = os.environ | {"KENTONGAN_DATA": str(settings.DATA)}

    def start(lease: float = 30, grace: float = 8) -> "subprocess.Popen[str]":
        name = str(connection.settings_dict["NAME"])
        command = [sys.executable, "-m", "tests.jobs.child", name, str(lease), str(grace)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=-1, stdout=-1, stderr=-3, text=True)
        children.append(process)
        return process

    yield start
    for process in children:
        process.kill()
        process.communicate()


def go(*children: "subprocess.Popen[str]") -> None:
    for process in children:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in children:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


def test_once_does_what_is_due_and_leaves() -> None:
    for number in range(3):
        duties.effect.enqueue(str(number))
    duties.effect.using(run_after=timezone.now() + timedelta(days=1)).enqueue("later")
    worker.run(once=True)
    assert (effects(), effects("later"), worker.alive()) == (3, 0, None)


def test_events_that_cannot_be_passed_on_do_not_stop_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise LookupError

    monkeypatch.setattr(worker, "_dispatch", broken)
    duties.effect.enqueue()
    with running_in_a_thread():
        wait_for(all_done)
    with pytest.raises(LookupError):
        worker.run(once=True)


def test_events_are_passed_on_until_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [5, 3, 0, 0]
    monkeypatch.setattr(worker, "_dispatch", lambda: left.pop(0))
    worker.run(once=True)
    assert left == [0]


def test_a_sleeping_worker_wakes_and_shows_that_it_lives() -> None:
    assert not worker.is_alive()
    with running_in_a_thread():
        wait_for(worker.is_alive)
        latency = 0.0
        for pause in (1, 0.1, 0.2):
            time.sleep(pause)
            duties.effect.enqueue()
            latency = max(latency, wait_for(all_done))
    assert latency < (0.8 if connection.vendor == "postgresql" else 2.5)
    assert (worker.is_alive(), worker.alive()) == (False, None)


@pytest.mark.parametrize("task", [duties.effect, duties.effect.using(unique_key="k")])
def test_the_call_to_wake_goes_out_after_the_row(task: DurableTask[..., None]) -> None:
    with CaptureQueriesContext(connection) as queries:
        task.enqueue()
    calls = [query["sql"].split()[0] for query in queries if query["sql"].startswith(("INSERT", "NOTIFY"))]
    assert calls == ["INSERT", "NOTIFY"][: 2 if connection.vendor == "postgresql" else 1]


def test_silence_is_noticed() -> None:
    Heartbeat.objects.create(worker="x", at=Now() - timedelta(seconds=61))
    assert not worker.is_alive()
    assert worker.alive() is not None
    Heartbeat.objects.update(at=Now() - timedelta(seconds=50))
    assert worker.is_alive()


def test_an_idle_worker_asks_less_than_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeup, "SHORTEST_POLL", wakeup.LONGEST_POLL)  # as after some quiet seconds
    stop, asked = threading.Event(), []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(time.monotonic())
        return execute(sql, params, many, context)

    threading.Timer(3.5, stop.set).start()
    start = time.monotonic()
    with connection.execute_wrapper(count):
        worker.run(stop)
    quiet = [moment for moment in asked if 0.5 < moment - start < 3.4]
    assert len(asked) > len(quiet)
    assert len(quiet) <= 2


def test_the_worker_outlives_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = engine.claim, []

    def fails_first(name: str) -> Job | None:
        calls.append(name)
        if len(calls) == 1:
            connection.cursor().execute("SELECT nothing FROM nowhere")
        return real(name)

    monkeypatch.setattr(engine, "claim", fails_first)
    duties.effect.enqueue()
    with running_in_a_thread():
        wait_for(all_done)
    assert len(calls) >= 2


def test_two_workers_do_each_job_once(child: Callable[..., "subprocess.Popen[str]"]) -> None:
    DutyMark.objects.create(name="test duty", instant=Every(60).latest(timezone.now()) - timedelta(hours=30))
    both = child(), child()
    for number in range(200):
        duties.effect.enqueue(f"race-{number}")
    go(*both)
    wait_for(all_done)
    names = DutyMark.objects.filter(name__startswith="effect race-").values_list("name", flat=True)
    assert sorted({name.split()[1] for name in names}) == sorted(f"race-{number}" for number in range(200))
    assert len(names) == 200
    assert Job.objects.filter(attempts=1, fence=1).count() == 201
    assert effects("a ") == 1  # the duty whose 30 instants were missed
    assert len(set(Job.objects.values_list("worker", flat=True))) == 2


def test_a_killed_worker_loses_nothing_and_repeats_nothing(child: Callable[..., "subprocess.Popen[str]"], tmp_path: Path) -> None:
    marker = tmp_path / "in the middle"
    victim, heir = child(lease=1.5), child(lease=1.5)
    duties.slow_the_first_time.enqueue(str(marker), 60)
    duties.effect.enqueue("after")
    go(victim)
    wait_for(marker.exists)
    time.sleep(0.2)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    assert (effects("slow"), Job.objects.filter(state=State.RUNNING).count()) == (0, 1)
    go(heir)
    wait_for(all_done)
    assert (effects("slow"), effects("after")) == (1, 1)
    assert Job.objects.get(task__endswith="slow_the_first_time").attempts == 2


def test_a_term_signal_lets_the_job_finish(child: Callable[..., "subprocess.Popen[str]"], tmp_path: Path) -> None:
    marker = tmp_path / "in the middle"
    process = child()
    duties.slow_the_first_time.enqueue(str(marker), 0.8)
    duties.effect.enqueue("after")
    go(process)
    wait_for(marker.exists)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert (effects("slow"), effects("after")) == (1, 0)
    assert not worker.is_alive()


def test_a_job_longer_than_the_grace_is_rolled_back_and_waits(
    child: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    marker = tmp_path / "in the middle"
    process = child(grace=0.5)
    duties.slow_the_first_time.enqueue(str(marker), 60)
    go(process)
    wait_for(marker.exists)
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == 0
    job = Job.objects.get()
    assert (effects("slow"), job.state, job.attempts, worker.is_alive()) == (0, State.READY, 0, False)
    worker.run(once=True)
    assert (effects("slow"), all_done()) == (1, True)


def test_a_long_job_keeps_its_lease(child: Callable[..., "subprocess.Popen[str]"], tmp_path: Path) -> None:
    both = child(lease=1.8), child(lease=1.8)
    duties.slow_the_first_time.enqueue(str(tmp_path / "in the middle"), 3)
    go(*both)
    wait_for(all_done)
    assert (effects("slow"), Job.objects.get().attempts) == (1, 1)


def test_duties_run_through_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    duty = Duty("by the loop", "tests.jobs.duties.effect", Every(1))
    monkeypatch.setattr(worker, "DUTIES", (duty,))
    worker.run(once=True)
    assert effects() == 0
    DutyMark.objects.filter(name="by the loop").update(instant=timezone.now() - timedelta(days=2))
    worker.run(once=True)
    worker.run(once=True)
    assert effects() == 1
