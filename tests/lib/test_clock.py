from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from kentongan.lib import clock

THEN = datetime(2026, 3, 13, 2, 0, tzinfo=UTC)


def test_inside_the_clock_stands_at_the_moment_and_afterwards_runs_again() -> None:
    with clock.at(THEN):
        assert clock.now() == THEN
        with clock.at(THEN + timedelta(days=1)):
            assert clock.now() == THEN + timedelta(days=1)
        assert clock.now() == THEN
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


def test_a_failure_inside_does_not_leave_the_clock_in_the_past() -> None:
    with pytest.raises(RuntimeError), clock.at(THEN):
        raise RuntimeError
    assert clock.now() != THEN
