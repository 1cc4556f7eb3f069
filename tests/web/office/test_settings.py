"""Village data, clocks, lists, days off: what is saved, what is refused, what moves."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kentongan.channels.email import officials
from kentongan.complaints import actions, clocks, ledger, letters
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Measure, Tally
from kentongan.lib import clock
from kentongan.village.models import CLOCKS, Agency, Category, Hamlet, Holiday, Unit, User, Village
from tests import make
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]
VILLAGE = {"name": "Sukamaju", "district_name": "Kesugihan", "regency_name": "Cilacap", "province_name": "Jawa Tengah"}


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.tono)


def clock_form(**changes: str) -> dict[str, str]:
    hours = {f"hours_{day}": "07.30-15.30" if day < 5 else "" for day in range(7)}
    days = {f"clock_{key}": str(value) for key, value in CLOCKS.items()}
    rest = {
        "approvers": "SECRETARY,HEAD",
        "number_pattern": "{serial3}/PGD/{year}",
        "letter_pattern": "{kind}/{serial3}/{village}/{roman}/{year}",
        "report_day": "5",
        "quiet_from": "20:00",
        "quiet_until": "06:00",
        "zone": "Asia/Jakarta",
        "joint_leave_counts_as_off": "on",
    }
    return {**hours, **days, **rest, **changes}


def test_village_data_is_kept_with_one_clean_number(cast: Cast, office: Client) -> None:
    response = office.post(reverse("office:village"), {**VILLAGE, "phone": "0851 4118-2163", "postal_code": "53274"})
    assert response.status_code == 302
    assert Village.objects.get(pk=cast.village.pk).phone == "+6285141182163"
    assert "0851-4118-2163" in office.get(reverse("office:village")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"phone": "0851"}, {"phone": "085141182163/088225347699"}, {"postal_code": "abc"}, {"name": ""}, {"email": "x"}]
)
def test_wrong_village_data_is_refused_and_kept_on_the_page(cast: Cast, office: Client, wrong: dict[str, str]) -> None:
    response = office.post(reverse("office:village"), {**VILLAGE, "address": "Jalan Baru 9", **wrong})
    page = response.content.decode()
    assert response.status_code == 200
    assert 'class="error"' in page
    assert "Jalan Baru 9" in page
    assert Village.objects.get(pk=cast.village.pk).address == "Jalan Balai Desa 1"


def test_clocks_hours_and_approval_are_saved(cast: Cast, office: Client) -> None:
    told = clock_form(clock_complaint="10", hours_5="08.00-11.00", approvers="HEAD", number_pattern="{serial}/{roman}/{year}")
    assert office.post(reverse("office:clocks"), told).status_code == 302
    village = Village.objects.get(pk=cast.village.pk)
    assert village.clock("complaint") == 10
    assert village.hours["5"] == "08:00-11:00"
    assert "6" not in village.hours
    assert village.approvers == ["HEAD"]
    assert village.number_pattern == "{serial}/{roman}/{year}"


def test_another_time_zone_counts_the_book_anew(cast: Cast, office: Client) -> None:
    """Half past eleven on New Year's Eve is the next year two hours further east; and every deadline ends on another day."""
    with clock.at(datetime(2025, 12, 31, 16, 30, tzinfo=UTC)):
        over_midnight = make.received(cast)
    make.complaint(cast, State.CLOSED)
    assert list(ledger.faults()) == []
    assert office.post(reverse("office:clocks"), clock_form(zone="Asia/Jayapura")).status_code == 302
    assert list(ledger.faults()) == []
    assert Tally.objects.get(month=date(2026, 1, 1), n=1).state == State.RECEIVED
    actions.withdraw(over_midnight, text="Sudah beres.", by=None)
    assert list(ledger.faults()) == []
    assert not Measure.objects.filter(n__lt=0).exists()


def test_nobody_need_approve(cast: Cast, office: Client) -> None:
    office.post(reverse("office:clocks"), clock_form(approvers=""))
    assert Village.objects.get(pk=cast.village.pk).approvers == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours_0": "15.30-07.30"},
        {"hours_0": "pagi"},
        {"hours_0": "25.00-26.00"},
        {f"hours_{day}": "" for day in range(7)},
        {"clock_verify": "0"},
        {"number_pattern": "PGD/{year}"},
        {"number_pattern": "{serial3}/{nomor}"},
        {"number_pattern": "{serial3"},
        {"number_pattern": "{serial.real.__class__}"},
        {"number_pattern": "{serial:>9999}"},
        {"number_pattern": "{kind}/{serial3}"},
        {"letter_pattern": "{kind}/{year}"},
        {"letter_pattern": "{serial3}/{roman}/{year}"},
        {"letter_pattern": "{kind}/{serial3}/{roman}"},
        {"letter_pattern": "{kind}/{serial3}/{nomor}"},
        {"letter_pattern": "{{kind}}/{serial3}"},
        {"letter_pattern": "{kind}/{serial3"},
        {"letter_pattern": "{kind}/{serial3:>9999999}"},
        {"letter_pattern": "{kind}/{serial3!r}"},
        {"letter_pattern": "{kind}{serial}{village}{village}{village}{village}{village}"},
        {"letter_pattern": ""},
        {"quiet_from": "25:00"},
        {"report_day": "29"},
        {"report_day": "0"},
        {"quiet_until": ""},
        {"zone": "Europe/Paris"},
    ],
)
def test_clocks_that_make_no_sense_are_refused(cast: Cast, office: Client, wrong: dict[str, str]) -> None:
    before = Village.objects.get(pk=cast.village.pk)
    assert office.post(reverse("office:clocks"), clock_form(**wrong)).status_code == 200
    after = Village.objects.get(pk=cast.village.pk)
    assert vars(after).keys() == vars(before).keys()
    assert all(getattr(after, name) == value for name, value in vars(before).items() if name != "_state")


def test_quiet_hours_and_the_number_of_letters_are_kept(cast: Cast, office: Client) -> None:
    told = clock_form(
        report_day="28",
        report_by_itself="on",
        quiet_from="21.30",
        quiet_until="05:15",
        letter_pattern="{kind}/{serial3}/DS.{roman}/{year}",
    )
    assert office.post(reverse("office:clocks"), told).status_code == 302
    village = Village.objects.get(pk=cast.village.pk)
    assert (village.quiet_from, village.quiet_until) == (time(21, 30), time(5, 15))
    assert (village.report_day, village.report_by_itself) == (28, True)
    assert letters.next_number(village, "invitation", timezone.now()).startswith("005/001/DS.")
    assert 'value="21:30"' in office.get(reverse("office:clocks")).content.decode()


def test_the_same_time_twice_is_no_quiet_hour(cast: Cast, office: Client) -> None:
    office.post(reverse("office:clocks"), clock_form(quiet_from="00:00", quiet_until="00:00"))
    village = Village.objects.get(pk=cast.village.pk)
    now = timezone.now()
    assert {officials.awake(village, now + timedelta(minutes=30 * n)) for n in range(48)} == {None}


def working_day_before(due: date) -> date:
    day = due - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def test_a_day_off_moves_what_is_due_and_back(cast: Cast, office: Client) -> None:
    complaint = make.complaint(cast, "VERIFIED")
    due = complaint.due_at
    assert due is not None
    day = working_day_before(timezone.localtime(due).date())
    response = office.post(
        reverse("office:holidays"), {"day": day.isoformat(), "name": "Hari jadi desa", "kind": "LOCAL"}, follow=True
    )
    assert "1 batas waktu bergeser" in response.content.decode() or "1 deadline moved" in response.content.decode()
    moved = Complaint.for_system("test").get(pk=complaint.pk).due_at
    assert moved is not None
    assert moved > due
    row = Holiday.objects.get(village=cast.village, day=day)
    office.post(reverse("office:holiday_remove", args=[row.pk]))
    assert Complaint.for_system("test").get(pk=complaint.pk).due_at == due
    assert clocks.recompute(cast.village) == 0


def test_a_day_is_off_once(cast: Cast, office: Client) -> None:
    response = office.post(reverse("office:holidays"), {"day": "2026-12-25", "name": "Natal lagi", "kind": "LOCAL"})
    assert response.status_code == 200
    assert Holiday.objects.filter(village=cast.village, day=date(2026, 12, 25)).count() == 1


def test_a_year_is_filled_and_shown(cast: Cast, office: Client) -> None:
    response = office.post(reverse("office:holidays_fill"), {"year": "2027"}, follow=True)
    assert Holiday.objects.filter(village=cast.village, day__year=2027, kind="JOINT_LEAVE").count() == 8
    assert "Tahun Baru Masehi" in response.content.decode()
    office.post(reverse("office:holidays_fill"), {"year": "1066"})
    assert not Holiday.objects.filter(day__year=1066).exists()


def test_an_empty_year_says_so(cast: Cast, office: Client) -> None:
    assert 'class="empty"' in office.get(reverse("office:holidays") + "?tahun=2030").content.decode()


def test_units_are_added_renamed_and_kept_when_in_use(cast: Cast, office: Client) -> None:
    office.post(reverse("office:units"), {"name": "Kaur Keuangan", "order": "3"})
    unit = Unit.objects.get(village=cast.village, name="Kaur Keuangan")
    assert office.post(reverse("office:units"), {"name": "kaur keuangan", "order": "4"}).status_code == 200
    office.post(reverse("office:units_one", args=[unit.pk]), {"name": "Urusan Keuangan", "order": "3"})
    assert Unit.objects.get(pk=unit.pk).name == "Urusan Keuangan"
    office.post(reverse("office:units_one", args=[unit.pk]), {"remove": "1"})
    assert not Unit.objects.filter(pk=unit.pk).exists()
    office.post(reverse("office:units_one", args=[cast.unit.pk]), {"remove": "1"})
    assert Unit.objects.filter(pk=cast.unit.pk).exists(), "its people hold on to it"


def test_categories_stay_and_go_out_of_use(cast: Cast, office: Client) -> None:
    told = {
        "parent": str(cast.road.parent_id),
        "name": "Jembatan",
        "unit": str(cast.unit.pk),
        "kind": "COMPLAINT",
        "order": "2",
        "active": "on",
    }
    office.post(reverse("office:categories"), told)
    row = Category.objects.get(village=cast.village, name="Jembatan")
    assert row.full_name == "Pembangunan › Jembatan"
    office.post(reverse("office:categories_one", args=[row.pk]), {**told, "active": "", "remove": "1"})
    assert not Category.objects.get(pk=row.pk).active
    assert office.post(reverse("office:categories"), told).status_code == 200, "the name is taken in its group"


def test_a_category_cannot_move_under_another_villages(cast: Cast, office: Client) -> None:
    foreign = Category.objects.create(village=cast.neighbour, name="Asing")
    told = {"parent": str(foreign.pk), "name": "X", "kind": "COMPLAINT", "order": "1"}
    assert office.post(reverse("office:categories"), told).status_code == 200
    assert not Category.objects.filter(name="X").exists()


def test_agencies(cast: Cast, office: Client) -> None:
    office.post(reverse("office:agencies"), {"name": "PLN", "handles": "Listrik", "phone": "123"})
    assert Agency.objects.get(village=cast.village, name="PLN").phone == "123"


def test_hamlets_with_their_neighbourhoods(cast: Cast, office: Client) -> None:
    office.post(reverse("office:hamlets"), {"hamlets": "Timur: 2/1-3, 2/5"})
    row = Hamlet.objects.get(village=cast.village, name="Timur")
    page = office.get(reverse("office:hamlets")).content.decode()
    assert "002/001-003, 002/005" in page
    address = reverse("office:hamlet", args=[row.pk])
    office.post(address, {"name": "Timur", "order": "2", "places": "002/001, 003/001"})
    assert [str(place) for place in row.neighbourhoods.all()] == ["RT 001/RW 002", "RT 001/RW 003"]
    assert office.post(address, {"name": "Karanganyar", "order": "2", "places": ""}).status_code == 200
    assert office.post(address, {"name": "Timur", "order": "2", "places": "dua"}).status_code == 200
    office.post(address, {"remove": "1"})
    assert not Hamlet.objects.filter(pk=row.pk).exists()


def test_a_hamlet_somebody_lives_in_stays(cast: Cast, office: Client) -> None:
    make.received(cast, hamlet_id=cast.hamlet.pk)
    response = office.post(reverse("office:hamlet", args=[cast.hamlet.pk]), {"remove": "1"}, follow=True)
    assert Hamlet.objects.filter(pk=cast.hamlet.pk).exists()
    assert "note warn" in response.content.decode()


@pytest.mark.parametrize("typed", ["", "Timur: satu", "Timur\nTimur"])
def test_hamlets_that_cannot_be_read_stay_in_the_box(cast: Cast, office: Client, typed: str) -> None:
    response = office.post(reverse("office:hamlets"), {"hamlets": typed})
    assert response.status_code == 200
    assert typed.replace("\n", "\n") in response.content.decode()
    assert Hamlet.objects.filter(village=cast.village).count() == 1


def test_the_page_of_the_clocks_names_the_categories_with_one_of_their_own(cast: Cast, office: Client) -> None:

    assert office.get("/kantor/waktu/").context["own_clocks"].count() == 0
    cast.road.clock_days = 7
    cast.road.save()
    for page in ("/kantor/waktu/", "/kantor/kategori/"):
        shown = office.get(page).content.decode()
        assert f"/kantor/kategori/{cast.road.pk}/" in shown
        assert re.search(r"\b7 (hari kerja|working days)", shown), page
