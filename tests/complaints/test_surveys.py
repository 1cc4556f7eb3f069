"""Surveys: who may still answer, what is kept of a person, and that a closed one stays as it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kentongan.complaints import ledger, surveys
from kentongan.complaints.models import Survey, SurveyAnswer, SurveyElement
from kentongan.reports import survey as papers
from tests import surveying
from tests.cast import Cast


def test_a_survey_keeps_the_words_it_began_with(cast: Cast) -> None:
    row = surveying.survey(cast)
    assert row.keys == [f"U{n}" for n in range(1, 10)]
    assert [element["name"] for element in row.elements][::8] == ["Persyaratan", "Penanganan pengaduan, saran, dan masukan"]
    SurveyElement.objects.filter(village=cast.village, name="Persyaratan").update(question="Lain?")
    row.refresh_from_db()
    assert "persyaratan" in row.elements[0]["question"]
    assert surveys.asked(cast.village)[0]["question"] == "Lain?"


def test_the_same_form_twice_is_one_answer_and_strange_scores_are_none(cast: Cast) -> None:
    row = surveying.survey(cast)
    given = surveys.Given({"U1": 4, "U2": 5, "U77": 1, "U3": 0}, "same")
    for _ in range(2):
        surveys.answer(row, given, timezone.localdate())
    assert list(row.answers.values_list("scores", flat=True)) == [{"U1": 4}]
    with pytest.raises(surveys.NothingSaid):
        surveys.answer(row, surveys.Given({"U2": 7}, "other"), timezone.localdate())


def test_nothing_that_leads_to_a_person_is_kept() -> None:
    assert {field.name for field in SurveyAnswer._meta.get_fields()} == {
        "id", "village", "survey", "scores", "age", "sex", "education", "occupation", "suggestion", "via", "on", "token",
    }  # fmt: skip


def test_after_the_last_day_only_paper_is_taken_and_after_closing_nothing(cast: Cast) -> None:
    row = surveying.survey(cast)
    surveying.answered(row)
    late = row.closes_on + timedelta(days=1)
    with pytest.raises(surveys.NotOpen):
        surveys.answer(row, surveys.Given({"U1": 1}, "web"), late)
    surveys.answer(row, surveys.Given({"U1": 1}, "paper", SurveyAnswer.Via.PAPER), late)
    papers.close(row, cast.village, by=cast.sari, now=timezone.now())
    for via in SurveyAnswer.Via.values:
        with pytest.raises(surveys.NotOpen):
            surveys.answer(row, surveys.Given({"U1": 1}, f"late-{via}", via), timezone.localdate())
    assert row.answers.count() == 2


def test_a_closed_survey_is_kept_byte_for_byte_and_verify_looks(cast: Cast) -> None:
    row = surveying.survey(cast)
    surveying.answered(row, 4, 2)
    kept = papers.close(row, cast.village, by=cast.sari, now=timezone.now())
    assert (str(kept.index), kept.band.letter if kept.band else "", kept.respondents) == ("100.00", "A", 2)
    assert kept.data["index"] == "100,00"
    with pytest.raises(surveys.AlreadyClosed):
        papers.close(row, cast.village, by=cast.sari, now=timezone.now())
    assert surveys.content(kept, "A4")[:4] == b"%PDF"
    assert not [fault for fault in ledger.faults() if "survey" in fault]
    with kept.a4.storage.open(str(kept.a4.name), "wb") as file:
        file.write(b"%PDF other")
    with pytest.raises(surveys.Changed):
        surveys.content(kept, "A4")
    assert [fault for fault in ledger.faults() if "survey" in fault and "A4" in fault]


def test_a_report_that_could_not_be_made_is_made_by_closing_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = surveying.survey(cast)
    surveying.answered(row)
    with monkeypatch.context() as broken:
        broken.setattr(papers, "report", lambda said, size, kept_at: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            papers.close(row, cast.village, by=cast.sari, now=timezone.now())
    half = Survey.objects.get(pk=row.pk)
    assert (half.closed_at is not None, half.is_kept) == (True, False)
    assert not surveys.published(cast.village)
    papers.close(row, cast.village, by=cast.sari, now=timezone.now())
    assert list(surveys.published(cast.village)) == [row]


def test_what_speaks_of_a_reader_is_for_the_others(cast: Cast) -> None:
    row = surveying.survey(cast)
    surveying.answered(row, suggestion="Kursi tunggu ditambah.")
    surveying.answered(row, suggestion="Pak Kades jarang di kantor.")
    assert len(surveys.suggestions_for(row, cast.sari)) == 2
    assert surveys.suggestions_for(row, cast.harun) == ["Kursi tunggu ditambah."]
    assert surveys.suggestions_for(row, cast.rini) == []
