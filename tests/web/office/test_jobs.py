"""Background work that failed, and the button that tries again."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kentongan.jobs.models import Job, State
from kentongan.village.models import User
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]


def dead_letter() -> Job:
    return Job.objects.create(
        task="kentongan.duties.told",
        arguments='{"args": [], "kwargs": {}}',
        state=State.DEAD,
        attempts=10,
        max_attempts=10,
        last_error="OSError",
        finished_at=timezone.now(),
    )


def test_nothing_failed_says_so(cast: Cast, client_of: ClientOf) -> None:
    assert 'class="empty"' in client_of(cast.tono).get(reverse("office:jobs")).content.decode()


def test_a_dead_letter_is_shown_and_tried_again(cast: Cast, client_of: ClientOf) -> None:
    job = dead_letter()
    office = client_of(cast.tono)
    assert "OSError" in office.get(reverse("office:jobs")).content.decode()
    assert reverse("office:jobs") in office.get(reverse("office:index")).content.decode()
    office.post(reverse("office:job_retry", args=[job.pk]))
    assert Job.objects.get(pk=job.pk).state == State.READY
    assert office.post(reverse("office:job_retry", args=[job.pk])).status_code == 404


def test_nobody_else_tries_again(cast: Cast, client_of: ClientOf) -> None:
    job = dead_letter()
    for user in (cast.harun, cast.lastri, cast.sari):
        assert client_of(user).post(reverse("office:job_retry", args=[job.pk])).status_code == 403
    assert Job.objects.get(pk=job.pk).state == State.DEAD
