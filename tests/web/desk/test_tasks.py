"""Tasks through their pages: a checklist with a person and a day, ticked off once, open to who has one and to nobody else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from tests import make, meet
from tests.cast import Cast
from tests.web.desk.test_list import queries
from tests.web.desk.test_team_steps import offered, page, send
from tests.web.desk.test_walk import take

Clients = Callable[[User | None], Client]


def mine(client: Client) -> list[str]:
    return [row.complaint.number for row in client.get("/meja/?queue=tasks").context["rows"]]


def count(client: Client) -> int:
    """What the tab of the tasks says; 0 when it is not there."""
    return next((queue.n for queue in client.get("/meja/?order=newest").context["queues"] if queue.key == "tasks"), 0)


def finish(client: Client, row: Complaint, task: int) -> int:
    return send(client, row, "finish_task", task=task).status_code


def test_several_lines_make_a_checklist_with_a_person_and_a_day(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    sari, joko = client_of(cast.sari), client_of(cast.joko)
    take(sari, row, "add_task", what="Ukur lubang\r\n\r\n  Beli aspal  ", who=cast.joko.pk, due_on="2026-12-01")
    take(joko, row, "add_task", what="Foto")
    first, second, photo = row.tasks.all()
    assert [(task.what, task.who, task.due_on) for task in (first, second, photo)] == [
        ("Ukur lubang", cast.joko, date(2026, 12, 1)), ("Beli aspal", cast.joko, date(2026, 12, 1)), ("Foto", None, None),
    ]  # fmt: skip
    said = page(joko, row)
    assert all(task.what in said for task in (first, second, photo))
    assert 'datetime="2026-12-01"' in said
    assert finish(joko, row, first.pk) == 302
    first.refresh_from_db()
    assert first.done_by.startswith("Joko Santosa")
    assert "<s>Ukur lubang</s>" in page(joko, row)


@pytest.mark.parametrize("wrong", [{"what": " \n "}, {"what": "Ukur", "due_on": "besok"}, {"what": "Ukur", "who": "999999"}])
def test_a_task_that_says_nothing_is_refused_and_kept_on_the_page(
    cast: Cast, client_of: Clients, wrong: dict[str, object]
) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    response = send(client_of(cast.sari), row, "add_task", **wrong)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert str(wrong["what"]).strip() in response.content.decode()
    assert not row.tasks.exists()


def test_the_list_of_my_tasks_says_what_is_to_be_done_and_what_is_late(cast: Cast, client_of: Clients) -> None:
    row, today = make.complaint(cast, State.IN_PROGRESS), timezone.localdate()
    actions.add_task(row, what=["Ukur <lubang>"], who=cast.joko, due_on=today - timedelta(days=1), by=cast.sari)
    actions.add_task(row, what=["Foto"], who=cast.joko, due_on=today, by=cast.sari)
    actions.add_task(row, what=["Hubungi RT"], who=cast.wati, by=cast.sari)
    [line] = client_of(cast.joko).get("/meja/?queue=tasks").context["rows"]
    assert [task.what for task in line.tasks] == ["Ukur <lubang>", "Foto"]
    assert "Ukur &lt;lubang&gt;" in line.below
    assert line.below.count("clock warn") == 1
    [line] = client_of(cast.wati).get("/meja/?queue=tasks").context["rows"]
    assert [task.what for task in line.tasks] == ["Hubungi RT"]
    assert not client_of(cast.joko).get("/meja/?state=OPEN").context["rows"][0].tasks


def test_neither_the_accused_nor_the_administrator_is_offered(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    actions.name(row, officials=[cast.lastri], by=cast.sari)
    choices = client_of(cast.sari).get(f"/meja/{row.number}/langkah/add_task/").context["form"].fields["who"].choices
    people = {value for value, _label in choices}
    assert people >= {cast.joko.pk, cast.wati.pk, cast.harun.pk, cast.nining.pk, cast.sari.pk}
    assert not people & {cast.lastri.pk, cast.tono.pk, cast.ucup.pk, cast.rini.pk}
    assert send(client_of(cast.sari), row, "add_task", what="Cek.", who=cast.lastri.pk).status_code == 422


def test_a_task_is_ticked_off_once_by_whose_it_is_and_only_where_it_belongs(cast: Cast, client_of: Clients) -> None:
    row, other = make.complaint(cast, State.IN_PROGRESS), make.complaint(cast, State.IN_PROGRESS)
    actions.add_task(row, what=["Ukur"], who=cast.wati, by=cast.sari)
    task = row.tasks.get().pk
    joko, sari, wati = client_of(cast.joko), client_of(cast.sari), client_of(cast.wati)
    assert 'name="task"' not in page(joko, row), "no button for what is somebody else's"
    refused = send(joko, row, "finish_task", task=task)
    assert refused.status_code == 422
    assert "Wati Suryani" in str(refused.context["form"].non_field_errors())
    assert finish(sari, other, task) == 409, "of another complaint"
    for nonsense in ("", "x", "9" * 30):
        assert finish(sari, row, nonsense) == 422  # type: ignore[arg-type]
    assert row.tasks.get().done_at is None
    assert 'name="task"' in page(wati, row)
    assert finish(wati, row, task) == 302
    assert finish(sari, row, task) == 409, "a second time"
    assert row.events.filter(kind="task_finished").count() == 1


def test_who_has_only_a_task_reads_it_works_on_it_and_is_led_out_with_a_sentence(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    wati = client_of(cast.wati)
    assert wati.get(f"/meja/{row.number}/").status_code == 404
    take(client_of(cast.sari), row, "add_task", what="Ukur lubang\nFoto", who=cast.wati.pk)
    assert (mine(wati), count(wati)) == ([row.number], 1)
    assert {"follow_up", "note"} <= offered(wati, row)
    assert not {"draft_response", "start", "accept", "hand_over", "give_back"} & offered(wati, row), "it is not hers to answer"
    take(wati, row, "follow_up", text="Sudah diukur.")
    first, last = row.tasks.all()
    assert send(wati, row, "finish_task", task=first.pk).headers["Location"] == f"/meja/{row.number}/"
    assert count(wati) == 1
    response = wati.post(f"/meja/{row.number}/langkah/finish_task/", {"task": last.pk}, follow=True)
    assert response.redirect_chain == [("/meja/", 302)]
    assert [message.level_tag for message in response.context["messages"]] == ["success", "info"]
    assert row.number in response.content.decode()
    assert wati.get(f"/meja/{row.number}/").status_code == 404
    assert (mine(wati), count(wati)) == ([], 0)


def test_a_hidden_identity_stays_hidden_from_who_has_a_task(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS, identity_hidden=True)
    take(client_of(cast.sari), row, "add_task", what="Ukur lubang", who=cast.wati.pk)
    wati = client_of(cast.wati)
    for address in (f"/meja/{row.number}/", "/meja/?queue=tasks", "/meja/papan/"):
        said = wati.get(address).content.decode()
        assert row.number in said
        assert "Karto" not in said


def test_who_is_named_later_loses_sight_of_it_and_of_his_task(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    take(client_of(cast.sari), row, "add_task", what="Ukur lubang", who=cast.wati.pk)
    actions.name(row, officials=[cast.wati], by=cast.sari)
    wati = client_of(cast.wati)
    assert (mine(wati), count(wati)) == ([], 0)
    assert finish(wati, row, row.tasks.get().pk) == 404
    assert finish(client_of(cast.sari), row, row.tasks.get().pk) == 302, "the officer takes care of it"


def test_tasks_outlive_the_answer_and_are_late_where_they_stand(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    held = meet.called(cast, row)
    decision = actions.Decision("Pasang patok.", timezone.localdate(), who=cast.wati)
    actions.record_minutes(held, record=meet.record(held, decision), by=cast.sari)
    row.tasks.update(due_on=timezone.localdate() - timedelta(days=1))
    make.STEPS["close"](cast, make.STEPS["answer"](cast, Complaint.for_system("test").get(pk=row.pk)))
    wati = client_of(cast.wati)
    assert (mine(wati), count(wati)) == ([row.number], 1)
    assert "clock warn" in page(wati, row).split('id="tasks"')[1].split("</section>")[0]


def test_tasks_and_parts_cost_no_more_queries_whatever_their_number(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.VERIFIED)
    actions.assign(row, to=[cast.joko, cast.wati], instruction="", by=cast.sari)
    actions.start(row, by=cast.joko)
    for user in (cast.joko, cast.wati, cast.sari):
        actions.add_task(row, what=["Ukur", "Foto", "Catat"], who=user, by=cast.sari)
    actions.answer_part(row, text="Bagian saya.", by=cast.joko)
    actions.draft_response(row, text="Konsep.", by=cast.joko)
    for n in range(6):
        actions.add_task(make.complaint(cast, State.VERIFIED), what=[f"Cek {n}."], who=cast.joko, by=cast.sari)
    for user in (cast.joko, cast.wati, cast.sari, cast.lastri):
        client = client_of(user)
        page(client, row)
        with CaptureQueriesContext(connection) as counted:  # what is kept for a minute is known by now
            page(client, row)
        assert len(counted) <= 15, user
        assert queries(client, "/meja/?queue=tasks") <= 12, user
        assert queries(client, "/meja/?order=newest") <= 12, user
