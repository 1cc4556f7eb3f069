"""Surveys in the database: their questions, who may still answer, and how one is closed for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from kentongan.complaints import access, frozen, mentions, skm
from kentongan.complaints.frozen import Changed as Changed
from kentongan.complaints.models import Survey, SurveyAnswer, SurveyElement
from kentongan.lib import tokens
from kentongan.village.models import User, Village

PAPERS = ("A4", "F4")


class NotOpen(Exception):
    """No answer is taken (any more)."""


class NothingSaid(ValueError):
    """Not one question was answered."""


class AlreadyClosed(Exception):
    """Its result is final."""


@dataclass(frozen=True)
class Given:
    """One person's answers: element key → 1 to 4, what he says of himself ("" for nothing), a suggestion, and the mark of the form."""

    scores: Mapping[str, int]
    token: str
    via: str = SurveyAnswer.Via.WEB
    age: str = ""
    sex: str = ""
    education: str = ""
    occupation: str = ""
    suggestion: str = ""


def elements_of(village: Village) -> list[SurveyElement]:
    """What the village asks about; the ministry's nine where nothing was ever written."""
    kept = list(SurveyElement.objects.filter(village=village))
    return kept or add_elements(village)


def add_elements(village: Village) -> list[SurveyElement]:
    for order, (name, question, answers) in enumerate(skm.ELEMENTS, start=1):
        words = {f"answer_{n}": words for n, words in enumerate(answers, start=1)}
        SurveyElement.objects.get_or_create(village=village, name=name, defaults={"question": question, "order": order, **words})
    return list(SurveyElement.objects.filter(village=village))


def asked(village: Village) -> list[dict[str, Any]]:
    """The questions as a survey keeps them: later changes of the office's list do not touch it."""
    return [
        {"key": f"U{n}", "name": row.name, "question": row.question, "answers": row.answers}
        for n, row in enumerate(elements_of(village), start=1)
    ]


def begin(survey: Survey, *, by: User) -> Survey:
    """Write down a new survey with the questions of today. Raises ``IntegrityError`` when its service has one in the year."""
    survey.elements, survey.by_label = asked(survey.village), by.standing.label
    survey.save(force_insert=True)
    return survey


def current(village: Village, day: date) -> QuerySet[Survey]:
    """Those that take answers on ``day``."""
    return Survey.objects.filter(village=village, closed_at__isnull=True, opens_on__lte=day, closes_on__gte=day).order_by(
        "service"
    )


def published(village: Village) -> QuerySet[Survey]:
    """Those that are closed, newest first."""
    return Survey.objects.filter(village=village, index__isnull=False).exclude(a4_digest="").order_by("-year", "service")


def answer(survey: Survey, given: Given, day: date) -> SurveyAnswer:
    """Take one person's answers. The same form sent twice is one answer.

    Raises ``NotOpen``, and ``NothingSaid`` when no question is answered. On paper also what was filled in before the last day and is
    typed in after it, as long as the survey is not closed.
    """
    scores = {key: score for key, score in given.scores.items() if key in survey.keys and score in skm.SCORES}
    if not scores:
        raise NothingSaid
    with transaction.atomic():
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        typed_in = given.via == SurveyAnswer.Via.PAPER and locked.closed_at is None and locked.opens_on <= day
        if not (locked.is_open(day) or typed_in):
            raise NotOpen
        said = {name: getattr(given, name) for name in ("age", "sex", "education", "occupation", "suggestion")}
        made, _new = SurveyAnswer.objects.get_or_create(
            survey=locked,
            token=given.token,
            defaults={"village_id": locked.village_id, "scores": scores, "via": given.via, "on": day, **said},
        )
    return made


def result(survey: Survey) -> skm.Result:
    """What its answers come to."""
    return skm.result(survey.keys, survey.answers.order_by().values_list("scores", flat=True))


def suggestions_for(survey: Survey, user: User) -> list[str]:
    """What people suggested, newest first, without what speaks of this person or of one he stands in for: it is judged by the others."""
    where = access.standing(user)
    if where is None or where.village_id != survey.village_id:
        return []
    officials = mentions.people(survey.village_id)
    said = survey.answers.exclude(suggestion="").order_by("-id").values_list("suggestion", flat=True)
    return [text for text in said if where.acts_for.isdisjoint(mentions.spoken_of(text, officials))]


def stop(survey: Survey, *, by: User, now: datetime) -> Survey:
    """Take no answers any more, before the report is made of those that came. Raises ``AlreadyClosed`` when it was made."""
    with transaction.atomic():
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        if locked.is_kept:
            raise AlreadyClosed
        locked.closed_at, locked.closed_by = locked.closed_at or now, locked.closed_by or by.standing.label
        locked.save(update_fields=["closed_at", "closed_by"])
    return locked


def keep(survey: Survey, *, data: dict[str, Any], papers: Mapping[str, bytes]) -> Survey:
    """Keep its report for good. Raises ``AlreadyClosed`` when somebody was faster."""
    found = result(survey)
    with transaction.atomic():
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        if locked.is_kept:
            raise AlreadyClosed
        locked.index, locked.respondents, locked.data = found.index, found.n, data
        locked.a4_digest, locked.f4_digest = (frozen.digest(papers[size]) for size in PAPERS)
        locked.a4.save(f"{tokens.new_token()}.pdf", ContentFile(papers["A4"]), save=False)
        locked.f4.save(f"{tokens.new_token()}.pdf", ContentFile(papers["F4"]), save=False)
        locked.save()
    return locked


def content(survey: Survey, paper: str) -> bytes:
    """The report as it was kept. Raises ``KeyError`` for another size, ``Changed`` when the file is not what it was or not there."""
    file, digest = {"A4": (survey.a4, survey.a4_digest), "F4": (survey.f4, survey.f4_digest)}[paper]
    return frozen.content(file, digest)
