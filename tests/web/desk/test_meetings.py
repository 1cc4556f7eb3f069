"""Meetings through their pages: called, moved, minuted; refusals in words that keep what was typed; and the wall before all of it."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from kentongan.channels.base import Contact
from kentongan.complaints import actions
from kentongan.complaints.actions import meetings
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Event, Meeting, Task
from kentongan.village.models import User
from tests import letters, make, meet
from tests.cast import Cast

Clients = Callable[[User | None], Client]
States = Meeting.State


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def when(cast: Cast, hour: int = 9, days: int = 0) -> str:
    return f"{meet.today(cast.village, hour, days):%Y-%m-%dT%H:%M}"


def typed(cast: Cast, **other: Any) -> dict[str, Any]:
    """The form as an officer fills it in."""
    values = {
        "kind": "MEDIATION", "start1": when(cast), "lasts": "90", "place": "Balai desa", "agenda": "Batas tanah",
        "officials": [cast.joko.pk], "guest1_capacity": "Ketua RT 003", "guest2_name": "Aipda Bayu Pratama",
        "guest2_capacity": "Bhabinkamtibmas", "guest2_email": "Bayu@example.com",
    }  # fmt: skip
    return {**values, **other}


def written(meeting: Meeting, **other: Any) -> dict[str, Any]:
    """The minutes as somebody writes them."""
    first = meeting.invitees.order_by("pk")[0]
    values = {
        "present": [first.pk], "course": "Kedua pihak menerangkan batasnya.", "agreed": "yes",
        "chair": "Harun Pranoto — Kepala Desa", "clerk": "Sari Wulandari — Petugas",
    }  # fmt: skip
    return {**values, **other}


def address(meeting: Meeting, deed: str = "") -> str:
    return f"/meja/rapat/{meeting.pk}/" + (f"langkah/{deed}/" if deed else "")


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def refused(response: Any) -> str:
    assert response.status_code == 422
    return str(response.content.decode())


def call(client: Client, row: Complaint, values: dict[str, Any]) -> Meeting:
    response = client.post(f"/meja/rapat/baru/{row.number}/", values)
    assert response.status_code == 302, response.context["form"].errors
    return Meeting.objects.latest("pk")


# --- from the call to the tasks ----------------------------------------------------------------------------------------


def test_a_mediation_from_the_form_to_its_tasks(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.IN_PROGRESS), english(client_of(cast.sari))
    assert f"/meja/rapat/baru/{row.number}/" in page(sari, f"/meja/{row.number}/")
    form = page(sari, f"/meja/rapat/baru/{row.number}/")
    assert 'value="Kantor Desa Sukamaju"' in form
    assert "Tono Widodo" not in form, "the administrator takes no part"
    meeting = call(sari, row, typed(cast, complainant="on"))
    assert [(who.name, who.capacity, who.email) for who in meeting.invitees.all()] == [
        ("Joko Santosa", "Kasi Kesejahteraan", ""),
        ("Ketua RT 003", "", ""),
        ("Aipda Bayu Pratama", "Bhabinkamtibmas", "bayu@example.com"),
        ("Karto Wiryo", f"Pengadu {row.number}", ""),
    ]
    assert (meeting.kind, meeting.state, meeting.ends_at) == (
        "MEDIATION",
        States.FIXED,
        meet.today(cast.village, 9) + timedelta(minutes=90),
    )

    minutes = page(sari, address(meeting, "notulen"))
    assert "Sari Wulandari — Petugas Pengelola Pengaduan" in minutes
    due = date.today() + timedelta(days=9)
    values = written(
        meeting, guest1_name="Mbah Satirah", guest1_capacity="Saksi",
        decision1_what="Mengukur ulang batas", decision1_who=cast.joko.pk, decision1_due=due.isoformat(),
        decision5_what="Memasang patok", decision5_outside="Kedua pihak", decision5_due=due.isoformat(),
    )  # fmt: skip
    assert sari.post(address(meeting, "notulen"), values).status_code == 302
    assert [(task.what, task.who, task.who_label) for task in Task.objects.order_by("order")] == [
        ("Mengukur ulang batas", cast.joko, "Joko Santosa — Kasi Kesejahteraan"),
        ("Memasang patok", None, "Kedua pihak"),
    ]
    held = page(sari, address(meeting))
    for words in ("Mbah Satirah", "Memasang patok", "did not come", "Yes, an agreement was reached", "140/001/"):
        assert words in held
    assert "langkah/" not in held, "what is held is not changed"
    shown = page(sari, f"/meja/{row.number}/")
    assert address(meeting) in shown
    assert "2 decisions became tasks here" in shown
    assert "09:00–10:30 WIB · Balai desa" in shown


def test_several_days_are_proposed_one_is_chosen_and_the_timeline_tells_it(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), english(client_of(cast.sari))
    meeting = call(sari, row, typed(cast, start1=when(cast, 9, 3), start4=when(cast, 14, 2)))
    assert (meeting.state, len(meeting.proposals)) == (States.PROPOSED, 2)
    shown = page(sari, address(meeting))
    assert "undangan.pdf" not in shown
    assert 'value="90" selected' in shown, "the length it was called with"
    refused(sari.post(address(meeting, "tanggal"), {"start": "2020-01-01", "lasts": "90"}))
    sari.post(address(meeting, "tanggal"), {"start": meeting.proposals[0], "lasts": "90", "seen": "0"})
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.state) == (meet.today(cast.village, 14, 2), States.FIXED)
    timeline = page(sari, f"/meja/{row.number}/")
    assert "Day of the meeting fixed" in timeline
    assert "Proposed:" in timeline


def test_moved_and_called_off_with_a_reason_only_officials_read(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), english(client_of(cast.sari))
    meeting = call(sari, row, typed(cast, start1=when(cast, 9, 2)))
    moved = {"start": when(cast, 13, 4), "lasts": "60", "place": "Rumah RT", "agenda": "", "reason": "Balai dipakai hajatan."}
    assert "Write it in a sentence or two." in refused(sari.post(address(meeting, "ubah"), {**moved, "reason": ""}))
    sari.post(address(meeting, "ubah"), moved)
    sari.post(address(meeting, "batal"), {"reason": "Keduanya sudah rukun."})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.place) == (States.CANCELLED, "Rumah RT")
    desk = page(sari, f"/meja/{row.number}/")
    visitor = english(Client())
    visitor.post("/lacak/", {"code": row.code})
    public = page(visitor, "/lacak/pengaduan/")
    for words in ("Balai dipakai hajatan.", "Keduanya sudah rukun.", "Meeting called off"):
        assert words in desk
        assert words not in public
    assert "Keduanya sudah rukun." in page(sari, address(meeting))
    assert "The meeting was called off" in public
    assert "13:00–14:00 WIB · Rumah RT" in public
    for name in ("Bayu", "Ketua RT", "Joko"):
        assert name not in public
    assert "called off" in refused(sari.post(address(meeting, "batal"), {"reason": "Lagi."}))


def test_somebody_is_invited_later_and_only_he_is_written_to(cast: Cast, client_of: Clients) -> None:
    letters.mailbox(cast.village)
    row, sari = make.complaint(cast, State.IN_PROGRESS), english(client_of(cast.sari))
    meeting = call(sari, row, typed(cast, start1=when(cast, 9, 2)))
    letters.goes_out(cast.village)
    more = {"officials": [cast.lastri.pk], "guest1_name": "Mbah Satirah", "guest1_email": "satirah@example.com"}
    assert sari.post(address(meeting, "undang"), more).status_code == 302
    sent = [(letter.kind, letter.address) for letter in letters.goes_out(cast.village) if letter.kind == "invitation"]
    assert sorted(sent) == [("invitation", "bayu@example.com"), ("invitation", "satirah@example.com")]
    event = Event.for_system("test").latest("id")
    assert (event.kind, len(event.data["invitees"])) == ("invited", 2)
    assert set(event.messages.exclude(to=None).values_list("to__username", flat=True)) == {"lastri"}
    assert "They are invited already." in refused(sari.post(address(meeting, "undang"), more))
    assert "Invite at least one person." in refused(sari.post(address(meeting, "undang"), {}))
    shown = page(sari, address(meeting))
    assert "gets a letter by e-mail" in shown
    assert "must be told otherwise" in shown
    assert "2 more persons" in page(sari, f"/meja/{row.number}/")
    visitor = english(Client())
    visitor.post("/lacak/", {"code": row.code})
    assert "Further people" not in page(visitor, "/lacak/pengaduan/")


# --- what is refused ---------------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no day": ({"start1": ""}, "Write the day and the hour."),
    "no moment at all": ({"start1": "besok pagi"}, "Write the day and the hour like 25-11-2026 09.30."),
    "a day that has passed": ({"start1": "2020-01-06T09:00"}, "This day has passed. Choose today or a coming day."),
    "a proposed day that has passed": ({"start3": "2020-01-06T09:00"}, "This day has passed. Choose today or a coming day."),
    "nobody": ({"officials": [], "guest1_capacity": "", "guest2_name": "", "guest2_capacity": "", "guest2_email": ""}, "Invite at least one person."),
    "an address of nobody": ({"guest3_email": "x@example.com"}, "Write who this is."),
    "no place": ({"place": ""}, "Write this."),
    "no such complaint": ({"others": "2026-0999"}, "There is no complaint with the number 2026-0999 here."),
    "no number": ({"others": "jalan"}, "There is no complaint with the number jalan here."),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_meeting_is_said_and_nothing_typed_is_lost(cast: Cast, client_of: Clients, what: str) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), english(client_of(cast.sari))
    other, sentence = REFUSED[what]
    values = typed(cast, agenda="Batas tanah sebelah timur", **other)
    response = sari.post(f"/meja/rapat/baru/{row.number}/", values)
    shown = refused(response)
    assert sentence in shown
    for name, value in values.items():
        if value and name != "officials":
            assert value in shown or f'value="{value}"' in shown, name
    assert not Meeting.objects.exists()


def test_who_is_shut_out_is_neither_offered_nor_taken_and_the_sentence_says_no_why(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.VERIFIED, named=(cast.harun.pk,))
    other, sari = make.complaint(cast, State.VERIFIED), english(client_of(cast.sari))
    assert "Harun" not in page(sari, f"/meja/rapat/baru/{row.number}/")
    shown = refused(sari.post(f"/meja/rapat/baru/{row.number}/", typed(cast, officials=[cast.harun.pk])))
    assert "Somebody you ticked cannot take part here." in shown
    shown = refused(sari.post(f"/meja/rapat/baru/{other.number}/", typed(cast, officials=[cast.harun.pk], others=row.number)))
    assert "Harun Pranoto cannot take part here." in shown
    assert f'value="{row.number}"' in shown
    meeting = meet.called(cast, row)
    assert "cannot take part here" in refused(sari.post(address(meeting, "undang"), {"officials": [cast.harun.pk]}))
    actions.name(other, officials=[cast.joko], by=cast.sari)
    meeting = meet.called(cast, other, guests=(actions.Guest("Ketua RT"),))
    decided = written(meeting, decision1_what="Patok", decision1_who=cast.joko.pk, decision1_due="2030-01-01")
    refused(sari.post(address(meeting, "notulen"), decided))
    assert not Task.objects.exists()


UNWRITTEN: dict[str, tuple[dict[str, Any], str]] = {
    "nobody came": ({"present": [], "guest1_name": ""}, "Tick at least one person who came, or call the meeting off."),
    "nobody does it": ({"decision1_what": "Patok", "decision1_due": "2030-01-01"}, "Decision 1: write who does it."),
    "no day": ({"decision1_what": "Patok", "decision1_outside": "Ketua RT"}, "Decision 1: write by which day."),
    "a day before": (
        {"decision1_what": "Patok", "decision1_outside": "Ketua RT", "decision1_due": "2020-01-01"},
        "Decision 1: its day lies before the meeting.",
    ),
    "nothing to do": ({"decision4_outside": "Ketua RT"}, "Write what is to be done."),
    "agreed or not": ({"agreed": ""}, "Choose one."),
    "no course": ({"course": ""}, "Write it in a sentence or two."),
}


@pytest.mark.parametrize("what", UNWRITTEN)
def test_minutes_that_say_too_little_come_back_whole(cast: Cast, client_of: Clients, what: str) -> None:
    meeting = meet.called(cast, make.complaint(cast, State.VERIFIED))
    other, sentence = UNWRITTEN[what]
    values = written(meeting, **{"guest1_name": "Mbah Satirah", **other})
    shown = refused(english(client_of(cast.sari)).post(address(meeting, "notulen"), values))
    assert sentence in shown
    for value in (
        "Harun Pranoto — Kepala Desa",
        *(text for name, text in values.items() if text and name not in {"present", "agreed"}),
    ):
        assert value in shown
    meeting.refresh_from_db()
    assert (meeting.state, Task.objects.count()) == (States.FIXED, 0)


def test_minutes_wait_for_the_day_and_a_day_for_its_choice(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), english(client_of(cast.sari))
    coming = meet.called(cast, row, plan=meet.plan(cast.village, meet.today(cast.village, days=2)))
    assert "notulen" not in page(sari, address(coming))
    assert "still to come" in refused(sari.post(address(coming, "notulen"), written(coming)))
    proposed = meet.called(cast, row, plan=meet.plan(cast.village, *(meet.today(cast.village, days=n) for n in (1, 2))))
    assert "Fix the day and time first." in refused(sari.post(address(proposed, "notulen"), written(proposed)))


def test_what_the_invited_answered_is_shown_beside_them_until_it_is_moved(cast: Cast, client_of: Clients) -> None:
    meeting = meet.called(cast, make.complaint(cast, State.IN_PROGRESS))
    guest = meeting.invitees.get(email="bayu@example.com")
    assert actions.answer_invitation(meeting, [guest], answer="DECLINED", sequence=meeting.sequence)
    sari = english(client_of(cast.sari))
    assert "Does not come" in page(sari, address(meeting))
    later = meet.today(cast.village, days=3)
    meetings.change(
        meeting, starts_at=later, ends_at=later + timedelta(hours=1), place="Balai desa", agenda="Batas tanah", by=cast.sari
    )
    assert "Does not come" not in page(sari, address(meeting))


def test_two_officers_at_once(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.VERIFIED)
    sari, lastri = english(client_of(cast.sari)), english(client_of(cast.lastri))
    meeting = call(sari, row, typed(cast, start1=when(cast, 9, 2)))
    seen = re.search(r'name="seen" value="(\d+)"', page(lastri, address(meeting, "ubah")))
    assert seen
    moved = {
        "start": when(cast, 13, 4),
        "lasts": "60",
        "place": "Rumah RT",
        "agenda": "",
        "reason": "Balai dipakai.",
        "seen": seen[1],
    }
    assert sari.post(address(meeting, "ubah"), moved).status_code == 302
    shown = refused(lastri.post(address(meeting, "ubah"), {**moved, "place": "Kantor kecamatan"}))
    assert "Somebody changed this meeting meanwhile." in shown
    assert "Kantor kecamatan" in shown
    meeting.refresh_from_db()
    assert (meeting.place, meeting.sequence) == ("Rumah RT", 1)

    held = call(sari, row, typed(cast))
    assert sari.post(address(held, "notulen"), written(held)).status_code == 302
    shown = refused(lastri.post(address(held, "notulen"), written(held, course="Catatan Bu Sekdes yang panjang.")))
    assert "This meeting was held and its minutes are written." in shown
    assert "Catatan Bu Sekdes yang panjang." in shown
    assert lastri.get(address(held, "notulen")).status_code == 302


def test_a_complaint_that_has_ended_meanwhile_says_so(cast: Cast, client_of: Clients) -> None:
    row, closed, sari = make.complaint(cast, State.VERIFIED), make.complaint(cast, State.CLOSED), english(client_of(cast.sari))
    shown = page(sari, f"/meja/{closed.number}/")
    assert "rapat/baru" not in shown
    late = sari.post(f"/meja/rapat/baru/{closed.number}/", typed(cast))
    assert late.status_code == 409
    assert "Aipda Bayu Pratama" in late.content.decode(), "what was typed is given back"
    assert f"{closed.number} is “Closed”" in refused(
        sari.post(f"/meja/rapat/baru/{row.number}/", typed(cast, others=closed.number))
    )


# --- the wall ----------------------------------------------------------------------------------------------------------


def test_the_accused_sees_nothing_of_it(cast: Cast, client_of: Clients) -> None:
    row, other = make.complaint(cast, State.IN_PROGRESS, named=(cast.harun.pk,)), make.complaint(cast, State.VERIFIED)
    meeting, harun = meet.called(cast, row, other), client_of(cast.harun)
    for path in ("", "undangan.pdf", "daftar-hadir.pdf", "berita-acara.pdf", "rapat.ics", "langkah/ubah/", "langkah/notulen/"):
        assert harun.get(f"/meja/rapat/{meeting.pk}/{path}").status_code == 404, path
    assert harun.post(address(meeting, "batal"), {"reason": "Tidak perlu."}).status_code == 404
    assert harun.get(f"/meja/rapat/baru/{row.number}/").status_code == 404
    assert other.number not in harun.get("/meja/rapat/").content.decode()
    assert address(meeting) not in page(harun, f"/meja/{other.number}/"), "nor in the complaint he may see"
    shown = refused(english(harun).post(f"/meja/rapat/baru/{other.number}/", typed(cast, others=row.number)))
    assert f"There is no complaint with the number {row.number} here." in shown, "as if it were not there"


def test_who_answers_looks_on_and_is_told_whom_to_ask(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    meeting, joko = meet.called(cast, row), english(client_of(cast.joko))
    assert "langkah/" not in page(joko, address(meeting))
    assert "rapat/baru" not in page(joko, f"/meja/{row.number}/")
    for path in (address(meeting, "ubah"), f"/meja/rapat/baru/{row.number}/"):
        response = joko.get(path)
        assert response.status_code == 403
        assert "Sari Wulandari" in response.content.decode()
    assert row.number in page(joko, "/meja/rapat/")
    assert row.number not in page(client_of(cast.wati), "/meja/rapat/")
    assert client_of(cast.rini).get(address(meeting)).status_code == 404


def test_a_hidden_name_is_on_no_page_and_its_address_neither(cast: Cast, client_of: Clients) -> None:
    sender = Contact("Karto Wiryo", "+6285141182163", "Jalan Melati 4", email="karto@example.com")
    row = make.complaint(cast, State.IN_PROGRESS, sender=sender, identity_hidden=True)
    sari = english(client_of(cast.sari))
    assert "only say “Pengadu”" in page(sari, f"/meja/rapat/baru/{row.number}/")
    meeting = call(sari, row, typed(cast, complainant="on"))
    for user in (cast.sari, cast.lastri, cast.joko):
        shown = page(english(client_of(user)), address(meeting))
        assert f"Pengadu {row.number}" in shown
        assert "Karto" not in shown
        assert "karto@" not in shown
    shown = refused(sari.post(address(meeting, "notulen"), written(meeting, course="Karto Wiryo marah.")))
    assert "Write “Pengadu” in place of the name." in shown


def test_without_a_name_the_complainant_is_not_offered(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.VERIFIED, sender=Contact(), channel="box")
    shown = page(english(client_of(cast.sari)), f"/meja/rapat/baru/{row.number}/")
    assert 'name="complainant"' not in shown
    assert "the complainant cannot be invited" in shown


# --- several complaints, other clocks, papers ----------------------------------------------------------------------------


def test_several_complaints_by_number_as_it_is_stored_or_printed(cast: Cast, client_of: Clients) -> None:
    first, second, third = (make.complaint(cast, State.VERIFIED) for _n in range(3))
    sari = english(client_of(cast.sari))
    meeting = call(sari, first, typed(cast, others=f"{second.number}, {third.printed_number(cast.village)} {first.number}"))
    assert set(meeting.complaints.all()) == {first, second, third}
    due = date.today() + timedelta(days=9)
    decided = {
        "decision1_what": "Patok",
        "decision1_outside": "RT",
        "decision1_due": due.isoformat(),
        "decision1_complaint": third.pk,
    }
    assert sari.post(address(meeting, "notulen"), written(meeting, **decided)).status_code == 302
    assert Task.objects.get().complaint == third
    for row in (first, second, third):
        assert row.events.latest("id").kind == "minuted"
        assert address(meeting) in page(sari, f"/meja/{row.number}/")
    assert page(sari, "/meja/rapat/").count(f'href="{address(meeting)}"') == 1
