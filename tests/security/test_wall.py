"""Ways round the wall: the messages that wait, what is split off, what else a form says, file names, figures by subtraction."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kentongan.channels import intake
from kentongan.channels.base import Contact
from kentongan.channels.models import IncomingMessage
from kentongan.complaints import actions
from kentongan.complaints.access import Circle
from kentongan.complaints.actions import NewFile
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Attachment, Complaint, ShutOut
from kentongan.lib.files import Clean
from kentongan.reports import statistics
from kentongan.reports.counting import Span
from kentongan.village.models import User
from kentongan.village.roles import Role
from tests import make
from tests.cast import Cast

Clients = Callable[[User | None], Client]
PAPER = Clean(b"%PDF-1.4", "application/pdf", "pdf")
SUSPECT = "Pinjaman! Klik https://x.example promo bonus slot judi gacor"  # waits, because it looks like advertising


def sees(user: User, made: Complaint) -> bool:
    return Complaint.visible_to(User.objects.get(pk=user.pk)).filter(pk=made.pk).exists()


# --- messages that wait are read by the officer: nothing about the officer may wait there -----------------------------


@pytest.mark.parametrize("how", ["ticked", "named", "post"])
def test_a_doubtful_message_about_the_officer_never_waits_on_the_officers_table(cast: Cast, client_of: Clients, how: str) -> None:
    said = {"ticked": "", "named": " Bu Sari minta uang.", "post": " Petugas pengaduan minta uang."}[how]
    named = (cast.sari.pk,) if how == "ticked" else ()
    accepted = intake.accept(make.incoming(cast, SUSPECT + said, named=named), village=cast.village)
    assert accepted.complaint is not None, "it goes into the book, where the wall stands"
    assert not sees(cast.sari, accepted.complaint)
    assert Circle(accepted.complaint).acting(Role.OFFICER) == [cast.lastri]
    assert "judi gacor" not in client_of(cast.sari).get("/meja/pesan/").content.decode()


def test_a_robots_message_about_nobody_still_waits(cast: Cast) -> None:
    accepted = intake.accept(make.incoming(cast, SUSPECT), village=cast.village, robot=True)
    assert accepted.complaint is None
    assert accepted.message.state == IncomingMessage.State.QUARANTINED


def test_without_an_officer_nothing_about_the_stand_in_waits_before_him(cast: Cast) -> None:
    cast.sari.memberships.all().update(until="2020-12-31")
    accepted = intake.accept(make.incoming(cast, SUSPECT + " Bu Sekdes tahu."), village=cast.village)
    assert accepted.complaint is not None
    assert not sees(cast.lastri, accepted.complaint)


# --- what is split off, what else was said ------------------------------------------------------------------------------


def test_what_is_split_off_keeps_out_whom_the_whole_kept_out(cast: Cast) -> None:
    whole = make.received(cast, "Pak Kades pinjam mobil siaga. Lampu jalan juga mati.", named=(cast.harun.pk,))
    part = actions.split(whole, text="Mobilnya dipakai ke Bandung tiap minggu.", subject="Mobil siaga", by=cast.sari)
    assert not sees(cast.harun, part), "until the officer has read it and says whom it concerns"
    lamp = actions.split(whole, text="Lampu jalan juga mati.", subject="Lampu", by=cast.sari)
    actions.verify(lamp, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
    assert sees(cast.harun, lamp)


@pytest.mark.parametrize("field", ["wish", "place", "happened", "subject", "who"])
def test_who_is_spoken_of_anywhere_on_the_form_is_shut_out(cast: Cast, field: str) -> None:
    made = make.received(cast, "Mobil siaga dipakai untuk keperluan pribadi.", **{field: "Pak Kades"})  # type: ignore[arg-type]
    assert not sees(cast.harun, made)


def test_who_is_spoken_of_in_what_completes_it_is_shut_out_until_it_is_read(cast: Cast) -> None:
    made = make.complaint(cast, State.AWAITING_COMPLAINANT, "Mobil siaga dipakai untuk keperluan pribadi.")
    assert sees(cast.harun, made)
    actions.complete(made, text="Yang memakai Pak Kades sendiri, tiap minggu.", by=None)
    assert not sees(cast.harun, made)
    assert made.shut_out.get().why == ShutOut.Why.MENTIONED
    actions.verify(made, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
    assert sees(cast.harun, made)


def test_completing_shuts_out_nobody_when_nobody_would_be_left(cast: Cast) -> None:
    made = make.complaint(cast, State.AWAITING_COMPLAINANT, named=(cast.lastri.pk, cast.nining.pk))
    everyone = "Pak Kades, Bu Sari, Pak Joko, Bu Wati dan Pak Tono sama saja."
    actions.complete(made, text=everyone, by=None)
    assert Circle(made).holders("verify")


# --- a name in the name of a file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["hidden", "nameless"])
def test_a_file_does_not_tell_who_hides(cast: Cast, client_of: Clients, how: str) -> None:
    who: dict[str, Any] = {"identity_hidden": True} if how == "hidden" else {"sender": Contact()}
    made = make.complaint(cast, State.IN_PROGRESS, **who)
    actions.add(made, text="KTP saya.", by=None, files=(NewFile("KTP Karto Wiryo.pdf", PAPER),))
    row = made.attachments.get()
    page = client_of(cast.joko).get(f"/meja/{made.number}/").content.decode()
    answer = client_of(cast.joko).get(f"/meja/berkas/{row.pk}/")
    assert "KTP" not in page.replace("KTP saya.", "")
    assert "Karto" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].endswith(".pdf")


@pytest.mark.parametrize("how", ["sent", "staged"])
def test_nor_does_one_that_came_with_the_form(cast: Cast, how: str) -> None:
    files = (NewFile("Karto.pdf", PAPER),)
    message = make.incoming(cast, identity_hidden=True, token="formulir-1")
    if how == "staged":
        actions.keep(files, None, None, village_id=cast.village.pk, token="formulir-1")
    else:
        message = replace(message, attachments=files)
    made = intake.accept(message, village=cast.village).complaint
    assert made is not None
    assert "Karto" not in Attachment.objects.get(complaint=made).name


def test_who_gives_his_name_keeps_the_names_of_his_files(cast: Cast) -> None:
    made = make.complaint(cast)
    actions.add(made, text="Foto.", by=None, files=(NewFile("lubang besar.pdf", PAPER),))
    assert made.attachments.get().name == "lubang besar.pdf"


# --- figures by subtraction ---------------------------------------------------------------------------------------------


def test_what_is_public_less_what_he_sees_does_not_tell_the_head_what_names_him(cast: Cast) -> None:
    for _n in range(4):
        make.complaint(cast, State.VERIFIED)
    about = make.received(cast, "Pungutan di balai desa lima puluh ribu.", named=(cast.harun.pk,), channel="letter", by=cast.sari)
    actions.verify(about, category=cast.levy, kind="ASPIRATION", urgency="NORMAL", concerned=[cast.harun], by=cast.sari)
    year = timezone.localdate().year
    public = statistics.public(cast.village, year)
    own = statistics.figures(cast.village, cast.harun, Span.of_year(year), today=timezone.localdate())
    assert public.received == own.now.received == 4
    assert "letter" not in public.by_channel
    assert "ASPIRATION" not in public.by_kind
    assert set(public.by_category) == {cast.road.parent_id}
    assert {key: n for key, n in public.by_kind.items() if n} == dict(own.by_kind)


def test_nor_whether_it_was_answered_judged_or_ended(cast: Cast, client: Client) -> None:
    """What is public of the year and of the month is for the head what he counts himself, whatever became of what names him."""
    make.complaint(cast, State.CLOSED)
    about = make.complaint(cast, State.RESPONDED)
    actions.name(about, officials=[cast.harun], by=cast.sari)
    actions.rate(about, score=1, by=None)
    actions.close(about, by=cast.sari)
    year = timezone.localdate().year
    public = statistics.public(cast.village, year)
    own = statistics.figures(cast.village, cast.harun, Span.of_year(year), today=timezone.localdate())
    assert (public.answered, public.answer.n, public.satisfied.whole) == (1, own.now.answer.n, own.now.satisfied.whole)
    assert [month[1:] for month in public.months if any(month[1:])] == [(m.received, m.ended) for m in own.months if m.received]
    month = client.get("/").context["month"]
    assert (month.received, month.answered, month.on_time) == (1, 1, 1)


# --- the rest of the desk ----------------------------------------------------------------------------------------------


def test_nothing_is_to_be_had_by_counting_up(cast: Cast, client_of: Clients) -> None:
    """What is hidden and what does not exist get the very same answer."""
    made = make.received(cast, named=(cast.harun.pk,))
    harun = client_of(cast.harun)
    for address in ("/meja/{}/", "/meja/{}/langkah/verify/", "/meja/{}/tanda-terima/", "/meja/{}/lembar-disposisi.pdf"):
        hidden, missing = harun.get(address.format(made.number)), harun.get(address.format("2026-9999"))
        assert (hidden.status_code, len(hidden.content)) == (404, len(missing.content)), address


def test_joining_and_searching_tell_nothing_of_a_hidden_number(cast: Cast, client_of: Clients) -> None:
    hidden, mine = make.received(cast, named=(cast.sari.pk,)), make.received(cast)
    sari = client_of(cast.sari)
    tries = [
        sari.post(f"/meja/{mine.number}/langkah/merge/", {"number": number}).content.decode().replace(number, "")
        for number in (hidden.number, "2026-9999")
    ]
    assert _words(tries[0]) == _words(tries[1])
    assert sari.get("/meja/", {"q": hidden.number}).status_code == 200
    assert hidden.number not in [row.complaint.number for row in sari.get("/meja/", {"q": hidden.number}).context["rows"]]


def _words(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.parametrize("who", ["harun", "lastri", "joko", "nining", "tono", "rini"])
def test_no_way_to_a_hidden_identity_through_names_and_numbers(cast: Cast, client_of: Clients, who: str) -> None:
    made = make.complaint(cast, State.IN_PROGRESS, identity_hidden=True, represents="Keluarga Karto Wiryo")
    actions.draft_response(made, text="Sudah ditambal.", outcome="RESOLVED", by=cast.joko)
    actions.approve_response(made, by=cast.lastri)
    actions.approve_response(made, by=cast.harun)
    actions.respond(made, deliveries=[actions.Delivered("Karto Wiryo", "phone", note="")], by=cast.sari)
    client = client_of(getattr(cast, who))
    pages = [
        f"/meja/{made.number}/",
        "/meja/?order=newest",
        "/meja/?q=Karto&by=person",
        "/meja/?q=085141182163",
        "/meja/?q=Wiryo",
    ]
    for people in (client.post("/meja/pengadu/", {"q": asked}).content.decode() for asked in ("Karto", "0851")):
        assert "Wiryo" not in people
        assert "4118" not in people
    pages += ["/meja/pemberitahuan/", "/buku/", "/buku/?period=2026"]
    for address in pages:
        asked = address.partition("q=")[2].partition("&")[0]
        page = re.sub(r'value="\w{64}"', "", client.get(address).content.decode()).replace(
            asked or "…", ""
        )  # without the dice of CSRF
        assert "Wiryo" not in page, address
        assert "4118" not in page, address
    book = client.get("/buku/buku.csv")
    assert b"Wiryo" not in book.getvalue()


def test_a_post_that_ended_closes_every_door_at_once(cast: Cast, client_of: Clients) -> None:
    made = make.complaint(cast, State.ASSIGNED)
    client = client_of(cast.joko)
    assert client.get(f"/meja/{made.number}/").status_code == 200
    cast.joko.memberships.all().update(until=timezone.localdate() - timedelta(days=1))
    for address in (f"/meja/{made.number}/", "/meja/", "/buku/buku.csv", "/buku/statistik/", "/meja/pemberitahuan/"):
        assert client.get(address).status_code == 403, address
