"""What officials choose from, kept in memory for a minute so that the pages need not ask; what is sent is checked afresh."""

from typing import Any

from django.core.cache import cache

from kentongan.village.models import Agency, Category, Hamlet, Membership, Village
from kentongan.village.roles import Role

SECONDS_KEPT = 60
Choices = list[tuple[Any, Any]]


def categories(village: Village) -> Choices:
    """The lower categories in use under their upper ones; upper ones without any stand for themselves."""
    key = f"categories:{village.pk}"
    kept: Choices | None = cache.get(key)
    if kept is None:
        rows = list(Category.objects.filter(village=village, active=True))
        upper = {row.pk: row.name for row in rows if row.parent_id is None}
        under: dict[int, list[tuple[int, str]]] = {pk: [] for pk in upper}
        for row in rows:
            if row.parent_id in under:
                under[row.parent_id].append((row.pk, row.name))
        kept = [(name, under[pk] or [(pk, name)]) for pk, name in upper.items()]
        cache.set(key, kept, SECONDS_KEPT)
    return kept


def agencies(village: Village) -> Choices:
    """The agencies above and outside, with what each decides."""
    key = f"agencies:{village.pk}"
    kept: Choices | None = cache.get(key)
    if kept is None:
        rows = Agency.objects.filter(village=village)
        kept = [(row.pk, f"{row.name} — {row.handles}" if row.handles else row.name) for row in rows]
        cache.set(key, kept, SECONDS_KEPT)
    return kept


def members(village_id: str) -> list[tuple[int, str, str, str]]:
    """Everybody who holds a post today: (user id, role, post, name), one row a role."""
    key = f"members:{village_id}"
    kept: list[tuple[int, str, str, str]] | None = cache.get(key)
    if kept is None:
        rows = Membership.current().filter(village=village_id).order_by("user__name", "id")
        kept = list(rows.values_list("user_id", "role", "post", "user__name"))
        cache.set(key, kept, SECONDS_KEPT)
    return kept


def officials(village: Village) -> Choices:
    """The people of the office, the administrator aside: (user id, ``Joko Santosa — Kasi Kesejahteraan``)."""
    people: dict[int, str] = {}
    for pk, role, post, name in members(village.pk):
        if role != Role.ADMIN:
            people.setdefault(pk, f"{name} — {post}")
    return list(people.items())


def hamlets(village: Village) -> Choices:
    key = f"hamlets:{village.pk}"
    kept: Choices | None = cache.get(key)
    if kept is None:
        kept = list(Hamlet.objects.filter(village=village).values_list("pk", "name"))
        cache.set(key, kept, SECONDS_KEPT)
    return kept
