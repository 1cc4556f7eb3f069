"""Who is away today, and who stands in, kept in memory for a minute for code that asks often."""

from django.core.cache import cache

from kentongan.village.models import Leave

SECONDS_KEPT = 60


def today(village_id: str) -> list[tuple[int, int]]:
    """(who is away, who stands in) of a village."""
    key = f"leave:{village_id}"
    kept: list[tuple[int, int]] | None = cache.get(key)
    if kept is None:
        kept = list(Leave.current().filter(village=village_id).order_by("id").values_list("user_id", "stand_in_id"))
        cache.set(key, kept, SECONDS_KEPT)
    return kept
