"""Judgements typed in from paper strips: several at once, each by the number as people write it, behind the wall."""

from collections.abc import Callable

import pytest
from django.test import Client

from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from kentongan.web.desk.ratings import find
from tests import make
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]


def now(row: Complaint) -> Complaint:
    return Complaint.for_system("test").get(pk=row.pk)


def test_what_can_be_entered_is_and_the_rest_comes_back(cast: Cast, client_of: ClientOf) -> None:
    one, two = make.complaint(cast, State.RESPONDED), make.complaint(cast, State.CLOSED)
    early = make.received(cast)
    about_sari = make.complaint(cast, State.RECEIVED, named=(cast.sari.pk,))
    typed = {
        "1-number": one.printed_number(cast.village), "1-score": "4", "1-text": "Terima kasih.",
        "2-number": two.number, "2-score": "1",
        "3-number": early.number, "3-score": "3",
        "4-number": about_sari.number, "4-score": "3",
        "5-number": "2026-9999", "5-score": "3",
        "6-number": "", "6-score": "2",
        "7-number": one.number, "7-score": "9",
    }  # fmt: skip
    answer = client_of(cast.sari).post("/meja/penilaian/", typed)
    assert answer.status_code == 422
    assert [(now(row).rating, row.events.filter(kind="rated").get().via) for row in (one, two)] == [(4, "paper"), (1, "paper")]
    errors = {row.prefix: row.errors for row in answer.context["rows"]}
    assert list(errors) == ["3", "4", "5", "6", "7"]
    assert errors["4"] == errors["5"]  # what is behind the wall is not there
    assert [now(row).rating for row in (early, about_sari)] == [None, None]
    assert client_of(cast.sari).post("/meja/penilaian/", {}).status_code == 302


@pytest.mark.parametrize("typed", ["{serial}", "0{serial}", " {serial} ", "{number}", "{printed}", "No. {serial}"])
def test_a_number_is_known_as_people_write_it(cast: Cast, typed: str) -> None:
    row = make.received(cast)
    written = typed.format(serial=row.serial, number=row.number, printed=row.printed_number(cast.village))
    assert find(cast.sari, cast.village, written) == row


@pytest.mark.parametrize("typed", ["{serial}", "{number}", "{printed}"])
@pytest.mark.parametrize("pattern", ["{serial3}/PGD/{year}", "{serial3}/{village}/{year}"])
def test_a_number_that_looks_like_a_year_and_a_code_that_ends_like_one_are_known_too(
    cast: Cast, typed: str, pattern: str
) -> None:
    cast.village.number_pattern = pattern
    cast.village.save()
    row, other = make.received(cast), make.received(cast, make.TEXT + " Lagi.")
    Complaint.for_system("test").filter(pk=row.pk).update(serial=2026, number=f"{row.year}-2026")
    row.refresh_from_db()
    for one in (row, other):
        written = typed.format(serial=one.serial, number=one.number, printed=one.printed_number(cast.village))
        assert find(cast.sari, cast.village, written) == one


@pytest.mark.parametrize("typed", ["", "abc", "99999999999999999999", "1 dan 2", "2019-0001", "٣"])
def test_what_is_no_number_or_might_be_several_is_none(cast: Cast, typed: str) -> None:
    make.received(cast)
    make.received(cast, make.TEXT + " Lagi.")
    assert find(cast.sari, cast.village, typed) is None
