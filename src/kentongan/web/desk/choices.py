"""What officials choose from, kept in memory for a minute so that the pages need not ask; what is sent is checked afresh."""

from typing import Any

from django.core.cache import cache

from kentongan.village.models import Agency, Category, Village
from kentongan.web.public import choices as public

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


def officials(village: Village) -> Choices:
    """The people of the office: (user id, ``Joko Santosa — Kasi Kesejahteraan``)."""
    return [(pk, f"{name} — {post}") for pk, post, name in public.of(village).officials]


def hamlets(village: Village) -> Choices:
    return [(pk, name) for pk, name, _corners in public.of(village).hamlets]
