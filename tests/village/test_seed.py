"""What a village starts with, and hamlets as people type them."""

from datetime import date

import pytest

from kentongan.village import seed
from kentongan.village.models import Agency, Category, Hamlet, Holiday, Kind, Membership, Neighbourhood, Unit
from kentongan.village.roles import Role
from tests.cast import Cast


def test_joint_leave_is_known_as_such(cast: Cast) -> None:
    seed.add_holidays(cast.village, 2026)
    days = Holiday.objects.filter(village=cast.village, day__year=2026)
    assert days.filter(kind=Holiday.Kind.PUBLIC).count() == 17
    assert days.filter(kind=Holiday.Kind.JOINT_LEAVE).count() == 8
    assert days.get(day=date(2026, 12, 25)).name == "Natal", "a day the office entered keeps its name"


def test_a_year_is_entered_once(cast: Cast) -> None:
    assert seed.add_holidays(cast.village, 2027) > 20
    assert seed.add_holidays(cast.village, 2027) == 0


def test_set_up_twice_is_set_up_once(cast: Cast) -> None:
    seed.set_up(cast.neighbour, years=[2026])
    counts = [model.objects.filter(village=cast.neighbour).count() for model in (Unit, Category, Agency, Holiday)]
    seed.set_up(cast.neighbour, years=[2026])
    assert counts == [model.objects.filter(village=cast.neighbour).count() for model in (Unit, Category, Agency, Holiday)]
    assert counts[0] == len(seed.UNITS)


def test_categories_have_two_levels_each_with_a_unit(cast: Cast) -> None:
    seed.set_up(cast.neighbour, years=[])
    lower = Category.objects.filter(village=cast.neighbour, parent__isnull=False)
    assert lower.count() == sum(map(len, seed.CATEGORIES.values()))
    assert not lower.filter(unit=None).exists()
    assert not lower.filter(parent__parent__isnull=False).exists()
    levy = lower.get(name="Pungutan liar")
    assert levy.inspection
    assert lower.get(name="Informasi APBDes").kind == Kind.INFORMATION


@pytest.mark.parametrize(
    ("typed", "name", "places"),
    [
        ("Karanganyar", "Karanganyar", ()),
        ("Dusun Karanganyar: 01/001-003", "Karanganyar", (("001", "001"), ("001", "002"), ("001", "003"))),
        ("Krajan: 1/2, 02/4", "Krajan", (("001", "002"), ("002", "004"))),
        ("Krajan: RW 1/RT 2–3", "Krajan", (("001", "002"), ("001", "003"))),
    ],
)
def test_hamlets_as_typed(typed: str, name: str, places: tuple[tuple[str, str], ...]) -> None:
    assert seed.read_hamlets(typed) == [seed.HamletPlan(name, places)]


@pytest.mark.parametrize("typed", ["Krajan: satu", "Krajan: 1/9-2", "Krajan\nkrajan", ": 1/2", "x" * 61, "Krajan: 1/001-999"])
def test_hamlets_that_cannot_be_read_name_the_line(typed: str) -> None:
    with pytest.raises(seed.BadHamlets) as caught:
        seed.read_hamlets(typed)
    assert caught.value.line in typed


def test_hamlets_are_added_behind_those_there(cast: Cast) -> None:
    seed.add_hamlets(cast.village, seed.read_hamlets("Karanganyar: 1/3-4\nBaru: 2/1"))
    assert [hamlet.name for hamlet in Hamlet.objects.filter(village=cast.village)] == ["Karanganyar", "Baru"]
    assert Neighbourhood.objects.filter(village=cast.village, hamlet=cast.hamlet).count() == 2


def test_a_post_may_have_several_roles(cast: Cast) -> None:
    post = seed.Post("Sekretaris Desa", (Role.SECRETARY, Role.LIAISON), cast.unit)
    person = seed.add_official(
        cast.neighbour, username="baru", name="Baru", password="tiga-kata-biasa", post=post, since=date(2026, 1, 1)
    )
    assert person.check_password("tiga-kata-biasa")
    assert set(Membership.objects.filter(user=person).values_list("role", flat=True)) == {"SECRETARY", "LIAISON"}
