"""What residents choose from: places, and the people of the office. Kept in memory for a minute: the form asks no table."""

from dataclasses import dataclass

from django.core.cache import cache

from kentongan.channels.models import Mailbox
from kentongan.village.models import Hamlet, Membership, Neighbourhood, Village
from kentongan.village.roles import Role

SECONDS_KEPT = 60
OUTSIDE = "outside"


@dataclass(frozen=True)
class Place:
    """A place of the pick list: a hamlet, or one RT in it. Numbers stay text, with their zeros."""

    hamlet_id: int | None = None
    rw: str = ""
    rt: str = ""


@dataclass(frozen=True)
class Lists:
    """``hamlets``: (id, name, [(rw, rt)]); ``officials``: (user id, post, name), each person once."""

    hamlets: list[tuple[int, str, list[tuple[str, str]]]]
    officials: list[tuple[int, str, str]]

    def place(self, value: str) -> Place:
        """The place a pick list's value stands for; ``"7"`` a hamlet, ``"7-001-003"`` an RT (RW first); anything else nowhere."""
        hamlet, _, rest = value.partition("-")
        rw, _, rt = rest.partition("-")
        return Place(int(hamlet), rw, rt) if hamlet.isdecimal() else Place()


def value_of(hamlet_id: int | None, rw: str, rt: str) -> str:
    """The pick list's value of a place."""
    if hamlet_id is None:
        return ""
    return f"{hamlet_id}-{rw}-{rt}" if rw or rt else str(hamlet_id)


def of(village: Village) -> Lists:
    """The lists of a village."""
    key = f"choices:{village.pk}"
    lists: Lists | None = cache.get(key)
    if lists is None:
        lists = Lists(_hamlets(village), _officials(village))
        cache.set(key, lists, SECONDS_KEPT)
    return lists


def writes(village: Village) -> bool:
    """Whether the village sends letters by e-mail."""
    key = f"writes:{village.pk}"
    kept: bool | None = cache.get(key)
    if kept is None:
        kept = Mailbox.objects.filter(village=village, active=True).exists()
        cache.set(key, kept, SECONDS_KEPT)
    return kept


def _hamlets(village: Village) -> list[tuple[int, str, list[tuple[str, str]]]]:
    corners: dict[int, list[tuple[str, str]]] = {}
    for hamlet, rw, rt in Neighbourhood.objects.filter(village=village).order_by("rw", "rt").values_list("hamlet_id", "rw", "rt"):
        corners.setdefault(hamlet, []).append((rw, rt))
    return [(pk, name, corners.get(pk, [])) for pk, name in Hamlet.objects.filter(village=village).values_list("pk", "name")]


def _officials(village: Village) -> list[tuple[int, str, str]]:
    rows = Membership.current().filter(village=village).exclude(role=Role.ADMIN).order_by("id")
    people: dict[int, tuple[int, str, str]] = {}
    for user, post, name in rows.values_list("user_id", "post", "user__name"):
        people.setdefault(user, (user, post, name))
    return list(people.values())
