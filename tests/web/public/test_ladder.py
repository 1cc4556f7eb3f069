"""The way upward: in order, with what to bring, and never through whom it is about."""

from django.test import Client

from kentongan.complaints import actions, ladder
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import Agency
from tests import make
from tests.cast import Cast


def keys(cast: Cast, row: Complaint | None = None) -> list[str]:
    return [rung.key for rung in ladder.rungs(cast.village, row)]


def test_it_goes_from_near_to_far(cast: Cast) -> None:
    assert keys(cast) == ["head", "council", "camat", "inspectorate", "governor", "lapor", "ombudsman"]


def test_whoever_it_is_about_is_no_rung(cast: Cast) -> None:
    head = make.complaint(cast, State.RECEIVED, named=(cast.harun.pk,))
    council = make.complaint(cast, State.RECEIVED, named=(cast.harun.pk, cast.nining.pk))
    assert keys(cast, head)[0] == "council"
    assert keys(cast, council)[0] == "camat"


def test_who_only_stepped_aside_stays_a_rung(cast: Cast) -> None:
    row = make.complaint(cast, State.VERIFIED)
    actions.recuse(row, by=cast.harun)
    assert keys(cast, row)[0] == "head"


def test_an_address_the_village_keeps_is_shown_and_none_is_made_up(cast: Cast) -> None:
    Agency.objects.create(village=cast.village, name="Inspektorat Kabupaten", address="Jalan Kauman 1", above=True)
    found = {rung.key: [str(line) for line in rung.lines] for rung in ladder.rungs(cast.village)}
    assert "Jalan Kauman 1" in found["inspectorate"]
    assert not any(character.isdigit() for line in found["camat"] + found["council"] for character in line)


def test_the_page_says_what_the_ombudsman_wants(cast: Cast) -> None:
    shown = Client().get("/lacak/naik/").content.decode()
    for rung in ladder.rungs(cast.village):
        if rung.key == "ombudsman":
            assert len(rung.bring) == 6
    assert "Ombudsman RI" in shown
    assert "LaporGub" in shown


def test_it_is_offered_after_an_answer_and_on_the_receipt(cast: Cast) -> None:
    row = make.complaint(cast, State.RESPONDED)
    client = Client()
    client.post("/lacak/", {"code": row.code})
    assert "/lacak/naik/" in client.get("/lacak/pengaduan/").content.decode()
    own = client.get("/lacak/naik/")
    assert own.context["complaint"] == row
    assert row.printed_number(cast.village) in own.content.decode()
