"""The samples of the settings have the shape of what is printed: a paper that changes takes its sample with it."""

from typing import Any

import pytest
from django.utils import timezone

from kentongan.complaints.lifecycle import State
from kentongan.reports import (
    assignment_sheet,
    complaint_letters,
    cover_letter,
    meeting,
    notice_sheet,
    poster,
    receipt,
    register_book,
    samples,
    withdrawal,
    wording,
)
from kentongan.reports import pdf as paper_maker
from tests import make, meet
from tests.cast import Cast


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What each template was given, by its name."""
    given: dict[str, dict[str, Any]] = {}

    def render(template: str, data: dict[str, Any], *, tagged: bool = True) -> bytes:
        given[template] = data
        return b""

    monkeypatch.setattr(paper_maker, "render", render)
    return given


def shape(value: Any) -> Any:
    """Keys and kinds, not what stands there; what only a numbered letter of a known address bears is left out."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items() if key not in {"link", "check"}}
    return "list" if isinstance(value, list | tuple) else type(value).__name__


def test_each_has_the_shape_of_its_paper(cast: Cast, printed: dict[str, dict[str, Any]]) -> None:
    village, today = cast.village, timezone.localdate()
    answered, asked = make.complaint(cast, State.RESPONDED), make.complaint(cast, State.AWAITING_COMPLAINANT)
    board = make.complaint(cast, State.RESPONDED, sender=make.Contact())
    referred = make.complaint(cast, State.REFERRED)
    called = meet.called(cast, make.complaint(cast, State.IN_PROGRESS))
    prints = {
        "receipt": lambda: receipt.pdf(answered, village, "a5", "https://desa.example"),
        "assignment": lambda: assignment_sheet.pdf(answered, village, cast.sari),
        "completion": lambda: complaint_letters.completion(asked, village, cast.sari),
        "answer": lambda: complaint_letters.answer(answered, village, cast.sari),
        "invitation": lambda: meeting.invitation(called, village, cast.sari),
        "attendance": lambda: meeting.attendance(called, village, cast.sari),
        "minutes": lambda: meeting.minutes(called, village, cast.sari),
        "referral": lambda: cover_letter.pdf(referred.referrals.get(), village, cast.sari),
        "withdrawal": lambda: withdrawal.pdf(asked, village, cast.sari),
        "notice": lambda: notice_sheet.pdf(board, village, cast.sari, text="Sudah ditambal."),
        "poster": lambda: poster.pdf(village, "https://desa.example/adukan/"),
        "book": lambda: register_book.pdf(cast.sari, village, start=today, end=today, today=today),
    }
    for paper, write in prints.items():
        write()
        real, sample = printed[samples.TEMPLATES[paper]], samples.data(paper, village, wording.Wording(paper))
        real.pop("paper", None)
        sample.pop("paper")
        assert "check" in real or "check" not in sample, paper
        marked = real.pop("check", None), sample.pop("check", None)
        assert not marked[0] or marked[0].keys() == marked[1].keys(), paper  # type: ignore[union-attr]
        assert shape(sample) == shape(real), paper
    assert prints.keys() | {"report"} == samples.TEMPLATES.keys()
