"""Standard texts where they fit: offered in the form of the step, filled in, put below what is written, and never saying a hidden name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from kentongan.channels.base import Contact
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, StandardText
from kentongan.village.models import User
from kentongan.web.desk.texts import fitting
from tests import make
from tests.cast import Cast
from tests.web.desk.test_walk import now

Clients = Callable[[User | None], Client]
BODY = "Yth. {nama},\npengaduan {nomor} tentang {perihal} kami terima. Jawaban paling lambat {batas}.\nDesa {desa}"


def text(cast: Cast, step: str = "message", name: str = "Salam", body: str = BODY, **other: Any) -> StandardText:
    return StandardText.objects.create(village=cast.village, step=step, name=name, body=body, **other)


def step(client: Client, row: Complaint, verb: str, **typed: object) -> Any:
    """The form of the step with the button of the standard texts pressed."""
    return client.post(f"/meja/{row.number}/langkah/{verb}/", {"use_text": "1", **typed})


def names(client: Client, row: Complaint, verb: str) -> list[str]:
    return [each.name for each in client.get(f"/meja/{row.number}/langkah/{verb}/").context["texts"]]


def test_a_text_is_put_below_what_is_written_filled_in_and_nothing_is_saved(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), client_of(cast.sari)
    response = step(sari, row, "message", text="Selamat pagi.", standard_text=text(cast).pk)
    assert response.status_code == 200
    written = response.context["form"]["text"].value()
    assert written.startswith("Selamat pagi.\n\nYth. Karto Wiryo,\n")
    assert row.printed_number(cast.village) in written
    assert "Sukamaju" in written
    assert "{" not in written
    assert row.due_at is not None
    assert str(cast.village.local(row.due_at).year) in written.split("paling lambat")[1]
    assert escape(written) in response.content.decode()
    assert now(row).events.filter(kind="messaged").count() == 0


def test_the_button_on_the_complaints_page_keeps_everything_typed(cast: Cast, client_of: Clients) -> None:
    """Without the script: the form comes back with its values and the list of texts, and is sent from there."""
    row, joko = make.complaint(cast, State.IN_PROGRESS), client_of(cast.joko)
    text(cast, "draft_response", "Ditambal")
    page = joko.get(f"/meja/{row.number}/").content.decode()
    assert 'name="use_text"' in page
    typed = {"text": "Sudah <ditambal>.", "outcome": "PLANNED", "plan": "RKP Desa", "plan_month": "3", "plan_year": "2027"}
    response = step(joko, row, "draft_response", **typed)
    form = response.context["form"]
    assert {name: str(form[name].value()) for name in typed} == typed
    said = response.content.decode()
    assert "Sudah &lt;ditambal&gt;." in said
    assert 'name="standard_text"' in said
    assert "<script" not in said.split("<main")[1].split("</main>")[0], "all of it is there without the script"


@pytest.mark.parametrize("typed", [{"concern": "x"}, {"agency": "", "text": "Mohon."}])
def test_ticks_and_choices_of_other_forms_come_back_too(cast: Cast, client_of: Clients, typed: dict[str, object]) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), client_of(cast.sari)
    chosen = {"agency": cast.agency.pk, "with_identity": "on", "text": "Mohon jembatannya dilihat."}
    form = step(sari, row, "refer", **chosen, standard_text=text(cast, "refer", "Rujuk", "Hormat kami, Desa {desa}").pk).context[
        "form"
    ]
    assert str(form["agency"].value()) == str(cast.agency.pk)
    assert form["with_identity"].value() is True
    assert form["text"].value() == "Mohon jembatannya dilihat.\n\nHormat kami, Desa Sukamaju"
    assert step(sari, row, "refer", **typed).status_code == 200, "nothing is judged before it is sent"


@pytest.mark.parametrize("who", ["sari", "joko", "lastri"])
def test_a_hidden_name_stands_nowhere_even_for_who_knows_it(cast: Cast, client_of: Clients, who: str) -> None:
    row = make.complaint(cast, State.IN_PROGRESS, identity_hidden=True)
    chosen = text(cast, "draft_response")
    client = client_of(getattr(cast, who))
    response = step(client, row, "draft_response", standard_text=chosen.pk)
    assert "Yth. Bapak/Ibu," in response.context["form"]["text"].value()
    assert "Karto" not in response.content.decode()
    page = client.get(f"/meja/{row.number}/langkah/draft_response/").content.decode()
    assert "Karto" not in page, "nor in what the script puts in"


def test_nobody_is_named_to_an_agency_nor_where_there_is_no_name(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), client_of(cast.sari)
    said = step(sari, row, "refer", agency=cast.agency.pk, standard_text=text(cast, "refer").pk).context["form"]["text"].value()
    assert "Karto" not in said
    nameless = make.complaint(cast, State.VERIFIED, sender=Contact())
    said = step(sari, nameless, "message", standard_text=text(cast).pk).context["form"]["text"].value()
    assert said.startswith("Yth. Bapak/Ibu,")


def test_texts_of_the_category_come_first_and_those_of_others_never(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), client_of(cast.sari)
    text(cast, name="Alfa untuk semua")
    text(cast, name="Zeta untuk jalan", category=cast.road)
    foreign = text(cast, name="Beta untuk bantuan", category=cast.aid)
    text(cast, "ask", "Gama untuk bertanya")
    StandardText.objects.create(village=cast.neighbour, step="message", name="Tetangga", body="x")
    assert names(sari, row, "message") == ["Zeta untuk jalan", "Alfa untuk semua"]
    assert step(sari, row, "message", text="Halo.", standard_text=foreign.pk).context["form"]["text"].value() == "Halo."
    actions.reclassify(row, category=cast.aid, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
    assert names(sari, row, "message") == ["Beta untuk bantuan", "Alfa untuk semua"]


@pytest.mark.parametrize("nonsense", ["", "x", "999999", "1 OR 1=1"])
def test_nonsense_chooses_nothing(cast: Cast, client_of: Clients, nonsense: str) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), client_of(cast.sari)
    text(cast)
    assert step(sari, row, "message", text="Halo.", standard_text=nonsense).context["form"]["text"].value() == "Halo."


def test_on_an_old_page_nothing_typed_is_lost(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.CLOSED)
    response = step(client_of(cast.sari), row, "draft_response", text="Kalimat panjang.", standard_text="1")
    assert response.status_code == 409
    assert "Kalimat panjang." in response.content.decode()


def test_the_wall_stands_before_the_texts(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    assert step(client_of(cast.wati), row, "draft_response").status_code == 404
    assert step(client_of(cast.joko), row, "message").status_code == 403


def test_one_step_without_texts_says_where_they_are_made(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), client_of(cast.sari)
    said = sari.get(f"/meja/{row.number}/langkah/message/").content.decode()
    assert 'name="standard_text"' not in said
    assert 'name="use_text"' not in said
    assert 'name="standard_text"' not in sari.get(f"/meja/{row.number}/langkah/note/").content.decode()


def test_what_goes_to_an_agency_says_the_subject_as_the_agency_may_read_it(cast: Cast) -> None:
    """The title an official gave it may name who complains in a way the check of the form does not know: "Pak Karto"."""
    row = make.received(cast)
    actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", subject="Pak Karto: jalan rusak", by=cast.sari)
    for verb in ("refer", "message"):
        text(cast, verb, body="Perihal: {perihal}")
    (to_agency,), (to_him,) = (fitting(verb, now(row), cast.village) for verb in ("refer", "message"))
    assert to_agency.body == "Perihal: (dirahasiakan): jalan rusak"
    assert to_him.body == "Perihal: Pak Karto: jalan rusak"
