"""A survey for tests, and people who answer it."""

from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from kentongan.complaints import surveys
from kentongan.complaints.models import Survey, SurveyAnswer
from kentongan.lib.tokens import new_token
from tests.cast import Cast


def survey(cast: Cast, **values: Any) -> Survey:
    """One that is open today."""
    today: date = timezone.localdate()
    own = {"year": today.year, "opens_on": today - timedelta(days=7), "closes_on": today + timedelta(days=7), **values}
    return surveys.begin(Survey(village=cast.village, **own), by=cast.sari)


def answered(row: Survey, score: int = 3, n: int = 1, **said: Any) -> SurveyAnswer:
    """``n`` people who give every element the same."""
    for _ in range(n):
        given = surveys.Given(dict.fromkeys(row.keys, score), new_token(), **said)
        made = surveys.answer(row, given, timezone.localdate())
    return made


def forget() -> None:
    """Let the pages read afresh what they keep for a minute."""
    cache.clear()
