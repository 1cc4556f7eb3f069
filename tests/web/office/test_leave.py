"""Leave and stand-ins, entered by the administrator: what makes sense is kept and counts at once, the rest is refused in words."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village import leave as leaves
from kentongan.village.models import Leave, Membership, User
from kentongan.village.roles import Role
from tests import make
from tests.cast import Cast, person

ClientOf = Callable[[User | None], Client]


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.tono)


def day(n: int) -> date:
    return timezone.localdate() + timedelta(days=n)


def form(stand_in: User | str, since: int = 0, until: int = 3) -> dict[str, str]:
    chosen = str(stand_in.pk) if isinstance(stand_in, User) else stand_in
    return {"leave-since": day(since).isoformat(), "leave-until": day(until).isoformat(), "leave-stand_in": chosen}


def enter(office: Client, who: User, stand_in: User | str, since: int = 0, until: int = 3) -> str:
    """What the page says to it."""
    told = form(stand_in, since, until)
    return office.post(reverse("office:leave", args=[who.pk]), told, follow=True).content.decode()


def test_leave_is_entered_and_counts_at_once(cast: Cast, office: Client) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    assert leaves.today(cast.village.pk) == []
    page = enter(office, cast.joko, cast.wati)
    assert leaves.today(cast.village.pk) == [(cast.joko.pk, cast.wati.pk)], "what was kept in memory is forgotten"
    assert "Wati Suryani" in page
    assert 'class="chip kunyit"' in page
    assert Complaint.visible_to(User.objects.get(pk=cast.wati.pk)).filter(pk=row.pk).exists()


def test_only_others_of_the_village_who_still_hold_a_post_are_offered(cast: Cast, office: Client) -> None:
    gone = person(cast.village, "gone", "Gone Pratama", (Role.RESPONDER, "Kasi"))
    Membership.objects.filter(user=gone).update(until=day(-1))
    page = office.get(reverse("office:person", args=[cast.joko.pk])).content.decode()
    offered = page[page.index('name="leave-stand_in"') :]
    assert "Wati Suryani — Kasi Pelayanan" in offered
    for nobody in ("Joko Santosa —", "Gone Pratama", "Rini Kusuma", "Ucup Saputra", "Tono Widodo"):
        assert nobody not in offered


@pytest.mark.parametrize("stand_in", ["joko", "rini", "ucup", "tono", "", "999999", "x"])
def test_who_cannot_stand_in_is_refused_and_what_was_typed_is_kept(cast: Cast, office: Client, stand_in: str) -> None:
    chosen = User.objects.filter(username=stand_in).first() or stand_in
    page = enter(office, cast.joko, chosen, 1, 4)
    assert 'class="error"' in page
    assert f'value="{day(4).isoformat()}"' in page
    assert not Leave.objects.exists()


def test_days_that_make_no_sense(cast: Cast, office: Client) -> None:
    assert "sebelum" in enter(office, cast.joko, cast.wati, 3, 1)
    assert 'class="error"' in enter(office, cast.joko, cast.wati, -5, -1)
    told = {**form(cast.wati), "leave-since": "besok"}
    assert 'class="error"' in office.post(reverse("office:leave", args=[cast.joko.pk]), told).content.decode()
    assert not Leave.objects.exists()


@pytest.mark.parametrize(("since", "until"), [(0, 0), (3, 9), (-2, 0), (1, 2), (-9, 9)])
def test_nobody_is_away_twice(cast: Cast, office: Client, since: int, until: int) -> None:
    enter(office, cast.joko, cast.wati, 0, 3)
    assert 'class="error"' in enter(office, cast.joko, cast.lastri, since, until)
    assert Leave.objects.count() == 1
    enter(office, cast.joko, cast.lastri, 4, 6)
    assert Leave.objects.count() == 2, "the day after it"


def test_a_stand_in_who_is_away_himself_and_two_who_stand_in_for_each_other(cast: Cast, office: Client) -> None:
    enter(office, cast.wati, cast.lastri, 2, 5)
    page = enter(office, cast.joko, cast.wati, 0, 2)
    assert 'class="error"' in page
    assert "Wati Suryani" in page[page.index('class="error"') :]
    assert 'class="error"' in enter(office, cast.lastri, cast.wati, 5, 6), "Lastri for Wati and Wati for Lastri"
    assert 'class="error"' in enter(office, cast.lastri, cast.joko, 5, 6), "then nobody would stand in for Wati"
    assert Leave.objects.count() == 1


def test_a_stand_in_whose_post_ends_in_these_days(cast: Cast, office: Client) -> None:
    Membership.objects.filter(user=cast.wati).update(until=day(2))
    assert 'class="error"' in enter(office, cast.joko, cast.wati, 0, 3)
    enter(office, cast.joko, cast.wati, 0, 2)
    assert Leave.objects.count() == 1


def test_leave_is_ended_early_and_what_never_began_is_removed(cast: Cast, office: Client) -> None:
    for since, until, left in ((-3, 3, [(day(-3), day(-1))]), (0, 3, []), (2, 3, [])):
        Leave.objects.all().delete()
        row = Leave.objects.create(village=cast.village, user=cast.joko, stand_in=cast.wati, since=day(since), until=day(until))
        leaves.today(cast.village.pk)
        office.post(reverse("office:end_leave", args=[row.pk]))
        assert list(Leave.objects.values_list("since", "until")) == left
        assert leaves.today(cast.village.pk) == []
        assert cast.joko.pk not in User.objects.get(pk=cast.wati.pk).standing.acts_for


def test_what_is_over_stays_as_it_was(cast: Cast, office: Client) -> None:
    row = Leave.objects.create(village=cast.village, user=cast.joko, stand_in=cast.wati, since=day(-9), until=day(-5))
    office.post(reverse("office:end_leave", args=[row.pk]))
    assert Leave.objects.get().until == day(-5)
    assert (
        reverse("office:end_leave", args=[row.pk])
        not in office.get(reverse("office:person", args=[cast.joko.pk])).content.decode()
    )


def test_only_the_administrator_enters_leave_of_others_and_only_of_his_village(
    cast: Cast, office: Client, client_of: ClientOf
) -> None:
    row = Leave.objects.create(village=cast.neighbour, user=cast.rini, stand_in=cast.rini, since=day(0), until=day(5))
    assert office.post(reverse("office:end_leave", args=[row.pk])).status_code == 404
    assert office.post(reverse("office:leave", args=[cast.rini.pk]), form(cast.wati)).status_code == 404
    for user in (cast.harun, cast.lastri, cast.sari, cast.joko):
        assert client_of(user).post(reverse("office:leave", args=[cast.joko.pk]), form(cast.wati)).status_code == 403
    assert Leave.objects.count() == 1
    page = client_of(cast.harun).get(reverse("office:person", args=[cast.joko.pk])).content.decode()
    assert "leave-stand_in" not in page, "the head looks"


def test_who_only_keeps_the_settings_has_nothing_to_lend(cast: Cast, office: Client) -> None:
    assert "leave-stand_in" not in office.get(reverse("office:person", args=[cast.tono.pk])).content.decode()
    enter(office, cast.tono, cast.joko)
    assert not Leave.objects.exists()


def test_a_stand_in_whose_post_was_ended_since_is_shown(cast: Cast, office: Client) -> None:
    assert 'class="error"' not in enter(office, cast.joko, cast.wati)
    Membership.objects.filter(user=cast.wati).update(until=day(1))
    assert 'class="error"' in office.get(reverse("office:person", args=[cast.joko.pk])).content.decode()
