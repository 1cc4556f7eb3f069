"""The answering team through its pages: parts, taking on, handing over, giving back, one answer made of them, visits, old pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import Leave, Membership, User
from kentongan.web.desk import queues
from tests import make
from tests.cast import Cast
from tests.web.desk.test_walk import now, photo, take

Clients = Callable[[User | None], Client]


def send(client: Client, row: Complaint, verb: str, **typed: object) -> HttpResponse:
    return client.post(f"/meja/{row.number}/langkah/{verb}/", typed)


def page(client: Client, row: Complaint) -> str:
    return client.get(f"/meja/{row.number}/").content.decode()


def offered(client: Client, row: Complaint) -> set[str]:
    """The steps that stand on the complaint's page."""
    steps = client.get(f"/meja/{row.number}/").context["steps"]
    return {step["verb"] for step in [*steps["likely"], *steps["near"], *steps["others"]]}


def holders(row: Complaint) -> list[str]:
    return [part.responder.username for part in row.assignments.filter(ended_at__isnull=True)]


def shares(*people: User, **typed: object) -> dict[str, object]:
    return {"to": [user.pk for user in people], "instruction": "Mohon dicek.", **typed}


@pytest.fixture
def shared(cast: Cast, client_of: Clients) -> Complaint:
    """Given to two through the form: Wati explains first, Joko mends by the first of December."""
    row = make.complaint(cast, State.VERIFIED)
    joko, wati = cast.joko.pk, cast.wati.pk
    parts = {f"part_{joko}": "Perbaikan", f"order_{joko}": 2, f"due_{joko}": "2026-12-01"}
    parts |= {f"part_{wati}": "Penjelasan", f"order_{wati}": 1, f"due_{wati}": ""}
    take(client_of(cast.sari), row, "assign", **shares(cast.joko, cast.wati, **parts))
    return row


# --- parts -------------------------------------------------------------------------------------------------------------


def test_each_gets_a_part_an_order_and_a_day(cast: Cast, client_of: Clients, shared: Complaint) -> None:
    rows = shared.assignments.all()
    assert [(row.responder, row.part, row.order, row.due_on, row.instruction) for row in rows] == [
        (cast.wati, "Penjelasan", 1, None, "Mohon dicek."),
        (cast.joko, "Perbaikan", 2, date(2026, 12, 1), "Mohon dicek."),
    ]
    for user in (cast.sari, cast.joko, cast.wati):
        said = page(client_of(user), shared)
        assert "Perbaikan" in said
        assert 'datetime="2026-12-01"' in said
    form = client_of(cast.sari).get(f"/meja/{shared.number}/langkah/reassign/").context["form"]
    assert form.parts_open
    assert form[f"part_{cast.joko.pk}"].value() == "Perbaikan"


def test_a_part_for_somebody_without_a_tick_is_said_and_nothing_typed_is_lost(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.VERIFIED)
    wrong = {f"part_{cast.wati.pk}": "Penjelasan", f"due_{cast.joko.pk}": "kapan-kapan", f"order_{cast.joko.pk}": "0"}
    response = send(client_of(cast.sari), row, "assign", **shares(cast.joko, **wrong))
    assert response.status_code == 422
    form: Any = response.context["form"]
    assert form.errors.keys() == wrong.keys()
    assert form.parts_open
    said = response.content.decode()
    assert 'value="Penjelasan"' in said
    assert 'value="kapan-kapan"' in said
    assert now(row).state == State.VERIFIED
    assert send(client_of(cast.sari), row, "assign", instruction="x").status_code == 422, "nobody was chosen"


def test_who_is_shut_out_is_not_offered_and_cannot_be_chosen(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.VERIFIED)
    actions.name(row, officials=[cast.joko], by=cast.sari)
    sari = client_of(cast.sari)
    form: Any = sari.get(f"/meja/{row.number}/langkah/assign/").context["form"]
    assert cast.joko.pk not in form.names
    assert send(sari, row, "assign", **shares(cast.joko)).status_code == 422
    assert holders(row) == []


def test_the_day_of_a_part_is_late_once_it_has_passed(cast: Cast, client_of: Clients, shared: Complaint) -> None:
    shared.assignments.filter(responder=cast.joko).update(due_on=timezone.localdate() - timedelta(days=1))
    sari = client_of(cast.sari)
    assert "clock warn" in page(sari, shared).split('id="holders"')[1].split("</section>")[0]
    actions.answer_part(shared, text="Sudah.", by=cast.joko)
    assert "clock warn" not in page(sari, shared).split('id="holders"')[1].split("</section>")[0]


# --- taking on, handing over, giving back ------------------------------------------------------------------------------


def test_taking_on_is_offered_once_to_whose_part_it_is(cast: Cast, client_of: Clients, shared: Complaint) -> None:
    joko = client_of(cast.joko)
    assert {"accept", "hand_over", "give_back", "answer_part"} <= offered(joko, shared)
    assert not {"accept", "hand_over", "give_back", "answer_part"} & offered(client_of(cast.sari), shared)
    take(joko, shared, "accept")
    assert "accept" not in offered(joko, shared)
    assert send(joko, shared, "accept").status_code == 409
    assert send(client_of(cast.sari), shared, "accept").status_code == 403, "the officer has no part"


def test_a_part_is_handed_over_and_the_giver_lands_on_the_list_with_a_sentence(
    cast: Cast, client_of: Clients, shared: Complaint
) -> None:
    joko = client_of(cast.joko)
    response = joko.post(f"/meja/{shared.number}/langkah/hand_over/", {"to": cast.lastri.pk}, follow=True)
    assert response.redirect_chain == [("/meja/", 302)]
    assert shared.number in response.content.decode()
    assert [message.level_tag for message in response.context["messages"]] == ["success", "info"]
    assert joko.get(f"/meja/{shared.number}/").status_code == 404
    assert holders(shared) == ["wati", "lastri"]
    assert "accept" in offered(client_of(cast.lastri), shared)


def test_who_has_a_part_already_is_not_offered_and_refused_in_words(cast: Cast, client_of: Clients, shared: Complaint) -> None:
    joko = client_of(cast.joko)
    form: Any = joko.get(f"/meja/{shared.number}/langkah/hand_over/").context["form"]
    choices = {value for value, _label in form.fields["to"].choices}
    assert choices & {cast.wati.pk, cast.joko.pk} == set()
    assert cast.lastri.pk in choices
    response = send(joko, shared, "hand_over", to=cast.wati.pk, text="Tolong, Bu.")
    assert response.status_code == 422
    assert "Tolong, Bu." in response.content.decode()
    assert holders(shared) == ["wati", "joko"]


def test_what_goes_back_needs_a_reason_and_in_circles_the_officer(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    joko, wati = client_of(cast.joko), client_of(cast.wati)
    take(joko, row, "hand_over", to=cast.wati.pk)
    refused = send(wati, row, "hand_over", to=cast.joko.pk)
    assert refused.status_code == 422
    assert "Joko Santosa" in str(refused.context["form"].non_field_errors())
    take(wati, row, "hand_over", to=cast.joko.pk, text="Ini jalan, bukan surat.")
    for giver, taker in ((joko, cast.wati), (wati, cast.joko), (joko, cast.wati)):
        take(giver, row, "hand_over", to=taker.pk, text="Bukan bagian saya.")
    refused = send(wati, row, "hand_over", to=cast.joko.pk, text="Tetap bukan bagian saya.")
    assert refused.status_code == 422
    said = str(refused.context["form"].non_field_errors())
    assert "Sari Wulandari" in said, "who decides now is named"
    assert "Tetap bukan bagian saya." in refused.content.decode()
    assert holders(row) == ["wati"]


def test_what_is_given_back_waits_for_the_officer_with_its_reason(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    joko, sari = client_of(cast.joko), client_of(cast.sari)
    assert send(joko, row, "give_back", text=" ").status_code == 422
    response = joko.post(f"/meja/{row.number}/langkah/give_back/", {"text": "Bukan wewenang saya."}, follow=True)
    assert response.redirect_chain == [("/meja/", 302)]
    assert [line.complaint for line in sari.get("/meja/?queue=assign").context["rows"]] == [row]
    found = sari.get(f"/meja/{row.number}/")
    assert "Bukan wewenang saya." in found.content.decode()
    assert [step["verb"] for step in found.context["steps"]["likely"]] == ["reassign"]
    take(sari, row, "reassign", **shares(cast.wati), seen="")
    assert holders(row) == ["wati"]
    assert not sari.get("/meja/?queue=assign").context["rows"]


def test_who_left_office_holds_nothing_and_others_are_offered(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    Membership.objects.filter(user=cast.joko).update(until=timezone.localdate() - timedelta(days=1))
    sari = client_of(cast.sari)
    found = sari.get(f"/meja/{row.number}/")
    assert found.context["setting"].is_unheld
    assert [step["verb"] for step in found.context["steps"]["likely"]] == ["reassign"]
    form: Any = sari.get(f"/meja/{row.number}/langkah/reassign/").context["form"]
    assert cast.joko.pk not in form.names
    assert [line.complaint for line in sari.get("/meja/?queue=assign").context["rows"]] == [row]
    take(sari, row, "reassign", **shares(cast.wati), seen=form["seen"].value())
    assert holders(row) == ["wati"]


def test_who_stands_in_takes_the_part_of_whom_he_stands_in_for(cast: Cast, client_of: Clients) -> None:
    row, today = make.complaint(cast, State.ASSIGNED), timezone.localdate()
    Leave.objects.create(village=cast.village, user=cast.joko, stand_in=cast.wati, since=today, until=today)
    wati = client_of(cast.wati)
    take(wati, row, "accept")
    assert row.assignments.get().responder == cast.joko
    assert row.events.latest("id").by == cast.wati


# --- one answer out of parts -------------------------------------------------------------------------------------------


def test_the_draft_begins_with_the_parts_in_their_order(cast: Cast, client_of: Clients, shared: Complaint) -> None:
    joko, wati = client_of(cast.joko), client_of(cast.wati)
    take(joko, shared, "answer_part", text="Lubang ditambal 1 Desember.")
    form: Any = joko.get(f"/meja/{shared.number}/langkah/draft_response/").context["form"]
    assert form["text"].value() == "Lubang ditambal 1 Desember."
    assert "Wati Suryani" in form.fields["text"].help_text, "whose part is missing is named"
    take(wati, shared, "answer_part", text="Jalan itu milik desa.")
    take(joko, shared, "answer_part", text="Lubang ditambal 2 Desember.")
    form = client_of(cast.sari).get(f"/meja/{shared.number}/langkah/draft_response/").context["form"]
    assert form["text"].value() == "Jalan itu milik desa.\n\nLubang ditambal 2 Desember."
    take(client_of(cast.sari), shared, "draft_response", text=form["text"].value(), outcome="RESOLVED")
    assert now(shared).responses.get().text == form["text"].value()
    take(joko, shared, "answer_part", text="Lubang ditambal 3 Desember.")
    form = client_of(cast.sari).get(f"/meja/{shared.number}/langkah/draft_response/").context["form"]
    assert "2 Desember" in form["text"].value(), "a draft that is there is not written over"


def test_the_step_that_comes_next_for_one_of_several_stands_first(cast: Cast, client_of: Clients, shared: Complaint) -> None:
    def first(client: Client) -> list[str]:
        steps = client.get(f"/meja/{shared.number}/").context["steps"]["likely"]
        return [step["verb"] for step in steps]

    joko, wati, sari = client_of(cast.joko), client_of(cast.wati), client_of(cast.sari)
    take(wati, shared, "start")
    assert (first(joko), first(wati), first(sari)) == (["accept"], ["answer_part"], [])
    take(joko, shared, "accept")
    take(wati, shared, "answer_part", text="Jalan itu milik desa.")
    assert (first(joko), first(wati), first(sari)) == (["answer_part"], [], [])
    take(joko, shared, "answer_part", text="Ditambal.")
    assert (first(joko), first(wati), first(sari)) == (["draft_response"],) * 3


def test_what_was_written_goes_along_when_the_part_is_handed_over(cast: Cast, client_of: Clients, shared: Complaint) -> None:
    take(client_of(cast.joko), shared, "answer_part", text="Sudah disurvei.")
    take(client_of(cast.joko), shared, "hand_over", to=cast.lastri.pk)
    lastri = client_of(cast.lastri)
    assert lastri.get(f"/meja/{shared.number}/langkah/answer_part/").context["form"]["text"].value() == "Sudah disurvei."
    take(lastri, shared, "answer_part", text="Sudah disurvei dan ditambal.")
    form: Any = lastri.get(f"/meja/{shared.number}/langkah/draft_response/").context["form"]
    assert form["text"].value() == "Sudah disurvei dan ditambal."


def test_who_answers_alone_writes_the_answer_and_no_part(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    verbs = offered(client_of(cast.joko), row)
    assert "draft_response" in verbs
    assert "answer_part" not in verbs


# --- a visit -----------------------------------------------------------------------------------------------------------


def test_a_visit_keeps_its_photos_before_and_after(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    joko = client_of(cast.joko)
    typed = {"at": "05-01-2026 09.30", "place": "Depan mushola", "text": "Ditambal."}
    take(joko, row, "visit", **typed, before=[photo("a.jpg"), photo("b.jpg")], after=photo("c.jpg"))
    assert [file.name for file in row.attachments.all()] == ["sebelum-1.jpg", "sebelum-2.jpg", "sesudah-1.jpg"]
    assert datetime.fromisoformat(row.events.latest("id").data["when"]) == datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
    said = page(joko, row)
    assert "Depan mushola" in said
    for file in row.attachments.all():
        assert joko.get(f"/meja/berkas/{file.pk}/").status_code == 200
        assert client_of(cast.wati).get(f"/meja/berkas/{file.pk}/").status_code == 404


@pytest.mark.parametrize("when", ["future", "kemarin", ""])
def test_a_visit_that_has_not_been_or_without_a_moment_is_refused(cast: Cast, client_of: Clients, when: str) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    at = (timezone.localtime() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M") if when == "future" else when
    response = send(client_of(cast.joko), row, "visit", at=at, place="Mushola", text="Akan ditambal.")
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"at"}
    assert "Akan ditambal." in response.content.decode()
    assert not row.events.filter(kind="visited").exists()


# --- two at once -------------------------------------------------------------------------------------------------------


def test_of_two_who_distribute_at_once_the_second_keeps_what_was_typed(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.VERIFIED)
    sari, lastri = client_of(cast.sari), client_of(cast.lastri)
    take(sari, row, "assign", **shares(cast.joko))
    response = send(lastri, row, "assign", **shares(cast.wati) | {"instruction": "Mohon surat keterangannya dicek, Bu."})
    assert response.status_code == 409
    assert response.content.decode().count("Mohon surat keterangannya dicek, Bu.") >= 2, "shown, and ready to be kept as a note"
    assert holders(row) == ["joko"]


def test_nor_does_changing_who_answers_undo_a_change_nobody_has_seen(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    sari, lastri = client_of(cast.sari), client_of(cast.lastri)
    seen = sari.get(f"/meja/{row.number}/langkah/reassign/").context["form"]["seen"].value()
    take(lastri, row, "reassign", **shares(cast.wati), seen=seen)
    response = send(sari, row, "reassign", **shares(cast.lastri), seen=seen)
    assert response.status_code == 409
    assert "Mohon dicek." in response.content.decode()
    assert holders(row) == ["wati"]


def test_the_queue_of_the_officer_counts_what_nobody_holds(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    counts = {queue.key: queue.n for queue in queues.waiting(cast.sari, cast.village)}
    assert counts["assign"] == 0
    take(client_of(cast.joko), row, "give_back", text="Bukan saya.")
    counts = {queue.key: queue.n for queue in queues.waiting(cast.sari, cast.village)}
    assert counts["assign"] == 1


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "0026-11-25T09:00"])
def test_a_slip_in_the_year_of_a_visit_is_asked_about_and_spoils_no_page(cast: Cast, client_of: Clients, at: str) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    response = send(client_of(cast.joko), row, "visit", at=at, place="Mushola", text="Lubang 40 cm.")
    assert response.status_code == 422
    assert "Lubang 40 cm." in response.content.decode()
    assert not row.events.filter(kind="visited").exists()
    assert client_of(cast.joko).get(f"/meja/{row.number}/").status_code == 200
