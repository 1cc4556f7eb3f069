"""Each instant of a duty comes once, whoever asks and however often; a stop is caught up once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from kentongan import worker
from kentongan.jobs import engine
from kentongan.jobs.cron import Daily, Duty, Every, Monthly, Schedule, Ticker, fire
from kentongan.jobs.models import Job, State

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # 10.00 WIB
HOURLY = Duty("hourly", "tests.jobs.duties.effect", Every(60))

schedules = st.one_of(
    st.builds(Every, st.sampled_from([1, 5, 15, 60, 1440])),
    st.builds(Daily, st.integers(0, 23), st.integers(0, 59)),
    st.builds(Monthly, st.integers(1, 28), st.integers(0, 23), st.integers(0, 59)),
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
LONGEST = {Every: timedelta(days=1), Daily: timedelta(days=1), Monthly: timedelta(days=31)}


@given(schedules, moments, moments)
def test_a_schedule_is_a_row_of_instants(schedule: Schedule, one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    instant = schedule.latest(earlier)
    assert earlier - LONGEST[type(schedule)] < instant <= earlier
    assert schedule.latest(instant) == instant
    assert instant <= schedule.latest(later)


def test_times_of_day_are_those_of_the_village() -> None:
    assert Daily(2, 15).latest(NOW).isoformat() == "2026-11-25T02:15:00+07:00"
    assert Daily(10, 1).latest(NOW).isoformat() == "2026-11-24T10:01:00+07:00"
    assert Monthly(1, 6).latest(NOW).isoformat() == "2026-11-01T06:00:00+07:00"
    assert Monthly(26, 6).latest(NOW).isoformat() == "2026-10-26T06:00:00+07:00"


def test_every_duty_of_the_product_leads_to_a_task() -> None:
    assert len({duty.name for duty in worker.DUTIES}) == len(worker.DUTIES)
    for duty in worker.DUTIES:
        assert engine.load(duty.task).max_attempts > 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_put_each_instant_into_the_queue_once() -> None:
    first, second = Ticker([HOURLY]), Ticker([HOURLY])
    assert [first.tick(NOW), second.tick(NOW)] == [0, 0]  # a duty never seen only starts to count
    for hour in range(1, 4):
        moment = NOW + timedelta(hours=hour)
        assert [first.tick(moment), second.tick(moment), first.tick(moment + timedelta(minutes=59))] == [1, 0, 0]
        job = engine.claim("A")
        assert job is not None
        assert engine.execute(job)
    assert Job.objects.filter(state=State.DONE).count() == 3


@pytest.mark.django_db(transaction=True)
def test_missed_instants_are_caught_up_once() -> None:
    Ticker([HOURLY]).tick(NOW)
    later = NOW + timedelta(days=3)
    restarted = Ticker([HOURLY])
    assert [restarted.tick(later), restarted.tick(later)] == [1, 0]


@pytest.mark.django_db(transaction=True)
def test_a_duty_that_is_not_finished_does_not_pile_up() -> None:
    ticker = Ticker([HOURLY])
    ticker.tick(NOW)
    assert ticker.tick(NOW + timedelta(hours=1)) == 1
    assert [ticker.tick(NOW + timedelta(hours=hour)) for hour in (2, 3, 4)] == [0, 0, 0]
    job = engine.claim("A")
    assert job is not None
    engine.execute(job)
    assert [ticker.tick(NOW + timedelta(hours=4, minutes=1)) for _ in range(2)] == [1, 0]


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_runs_behind_fires_nothing_again() -> None:
    Ticker([HOURLY]).tick(NOW)
    Ticker([HOURLY]).tick(NOW + timedelta(hours=1))
    assert Ticker([HOURLY]).tick(NOW - timedelta(hours=5)) == 0
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_instant_asked_for_at_the_same_moment_comes_once() -> None:
    fire(HOURLY, NOW)
    start = threading.Barrier(4)
    fired: list[bool] = []

    def ask() -> None:
        start.wait()
        fired.append(fire(HOURLY, NOW + timedelta(hours=1))[0])
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fired) == [False, False, False, True]
    assert Job.objects.count() == 1
