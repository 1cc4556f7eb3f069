"""Hard cases H5, H6, H16, H18, H21 and H22: the ways a complaint may take, and those it may not."""

from collections.abc import Callable

from django.db.models import Sum
from django.test import Client

from kentongan.channels import intake
from kentongan.channels.base import Contact
from kentongan.channels.models import IncomingMessage
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Tally
from kentongan.complaints.search import matching
from kentongan.village.models import Agency, User
from tests import make
from tests.cast import Cast
from tests.hard_cases import texts
from tests.web.public.test_file import typed

Clients = Callable[[User | None], Client]


def tracked(row: Complaint) -> Client:
    client = Client()
    assert client.post("/lacak/", {"code": row.code}).status_code == 303
    return client


def test_seven_reports_of_one_pothole_are_seven_complaints_and_one_matter(cast: Cast) -> None:
    """H5: each keeps its number and gets its own answer; the statistics count seven."""
    doors = ["web", "phone", "walk_in", "web", "letter", "box", "walk_in"]
    rows = [
        make.received(cast, f"{texts.POTHOLE}, laporan {n}.", channel=door, by=None if door == "web" else cast.sari)
        for n, door in enumerate(doors)
    ]
    master, others = rows[0], rows[1:]
    for row in others:
        actions.merge(row, master=master, by=cast.sari)
    actions.verify(master, category=cast.road, kind="COMPLAINT", urgency="HIGH", by=cast.sari)
    actions.draft_response(master, text="Ditambal hari ini.", outcome="RESOLVED", by=cast.sari)
    actions.approve_response(master, by=cast.lastri)
    actions.approve_response(master, by=cast.harun)
    actions.respond(master, deliveries=[actions.Delivered("Pengadu", "phone")], by=cast.sari)
    for row in others:
        actions.deliver(row, delivered=actions.Delivered("Pengadu", "phone", note="Ditambal hari ini."), by=cast.sari)
    assert Tally.objects.aggregate(n=Sum("n"))["n"] == 7
    assert Complaint.for_system("test").exclude(state=State.MERGED).count() == 1
    assert sorted(row.serial for row in rows) == list(range(1, 8))
    assert all(row.deliveries.count() == 1 for row in rows)
    assert master.merged.count() == 6


def test_what_is_not_ours_gets_a_number_a_reason_and_the_right_address(cast: Cast) -> None:
    """H6."""
    police = Agency.objects.create(village=cast.village, name="Polres Cilacap (SIM)", phone="110")
    row = make.received(cast, texts.LICENCE)
    row = actions.decline(row, reason="OUT_OF_SCOPE", text="SIM diurus di Satpas Polres.", agency=police, by=cast.sari)
    page = tracked(row).get("/lacak/pengaduan/").content.decode()
    assert (row.serial, row.state, row.decline_reason) == (1, State.DECLINED, "OUT_OF_SCOPE")
    assert "SIM diurus di Satpas Polres." in page
    assert "Polres Cilacap (SIM)" in page


def test_a_service_of_five_months_ago_is_not_refused(cast: Cast, client: Client) -> None:
    """H16: the time is written down where the officer sees it; what follows from it, he decides."""
    form = typed(cast, client, text=texts.FIVE_MONTHS_AGO, happened="Lima bulan lalu")
    assert client.post("/adukan/", form).status_code == 303
    row = Complaint.for_system("test").get()
    assert (row.state, row.happened) == (State.RECEIVED, "Lima bulan lalu")
    assert actions.verify(row, category=cast.aid, kind="COMPLAINT", urgency="NORMAL", by=cast.sari).state == State.VERIFIED


def test_told_it_is_done_when_nobody_came_the_complainant_opens_it_again_himself(cast: Cast, client_of: Clients) -> None:
    """H18: from his phone; the history stays, the clock runs anew, and it counts as reopened."""
    row = make.complaint(cast, State.RESPONDED)
    before = list(row.events.values_list("id", flat=True))
    client = tracked(row)
    assert "/lacak/pengaduan/keberatan/" in client.get("/lacak/pengaduan/").content.decode()
    assert client.post("/lacak/pengaduan/keberatan/", {"text": texts.NOBODY_CAME}).status_code in {302, 303}
    row.refresh_from_db()
    assert (row.state, row.reopened, row.responded_at) == (State.VERIFIED, 1, None)
    assert list(row.events.values_list("id", flat=True))[: len(before)] == before
    assert texts.NOBODY_CAME in client.get("/lacak/pengaduan/").content.decode()
    assert texts.NOBODY_CAME in client_of(cast.sari).get(f"/meja/{row.number}/").content.decode()


def test_the_number_it_has_elsewhere_is_kept_and_found(cast: Cast) -> None:
    """H21: so the officer sees that the same complaint also lies with the governor, and counts it once here."""
    row = make.received(cast, outside_number="LGMB22204011")
    assert set(matching(Complaint.visible_to(cast.sari), "LGMB22204011")) == {row}
    again = intake.accept(make.incoming(cast, outside_number="LGMB22204011"), village=cast.village).complaint
    assert again is not None
    assert set(matching(Complaint.visible_to(cast.sari), "LGMB22204011")) == {row, again}
    actions.merge(again, master=row, by=cast.sari)
    assert Complaint.for_system("test").exclude(state=State.MERGED).count() == 1


def test_advertising_is_set_aside_and_counted_nowhere(cast: Cast, client: Client) -> None:
    """H22: it waits in sight of the officer, takes no number and stands in no statistics."""
    client.post("/adukan/", typed(cast, client, text=texts.SPAM))
    assert not Complaint.for_system("test").exists()
    assert not Tally.objects.exists()
    waiting = IncomingMessage.objects.get()
    assert (waiting.state, waiting.reason, waiting.text) == ("QUARANTINED", "SPAM", texts.SPAM)


def test_one_address_shared_by_a_whole_hamlet_is_not_one_complaint_a_day(cast: Cast) -> None:
    """H22: neighbours behind one router each get their number, on the same day and in the same minute."""
    for n in range(12):
        neighbour = Client(REMOTE_ADDR="100.64.1.7")
        form = typed(cast, neighbour, text=f"{make.TEXT} Rumah nomor {n}.", name=f"Warga {n}", phone=f"08514118{2100 + n}")
        assert neighbour.post("/adukan/", form).status_code == 303
    assert Complaint.for_system("test").count() == 12


def test_a_person_who_gave_no_name_tracks_and_completes_by_code_alone(cast: Cast) -> None:
    """H1 and H18 together: without a name there is still a way to be heard again."""
    row = make.received(cast, texts.ZAKAT, sender=Contact())
    row = actions.ask(row, text="Kejadian yang mana?", by=cast.sari)
    assert "Kejadian yang mana?" in tracked(row).get("/lacak/pengaduan/").content.decode()
    assert actions.complete(row, text="Yang Ramadan lalu.", by=None).state == State.RECEIVED
