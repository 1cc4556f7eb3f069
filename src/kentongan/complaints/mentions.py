"""Whom a text speaks of. Those people are shut out until the officer has read it and says who is really concerned.

A guess on the safe side: "Cepetan ya Pak Lurah" shuts the head out of a leaking pipe for an hour; that harms nobody.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from django.core.cache import cache

from kentongan.village.models import Membership
from kentongan.village.roles import Role


class Person(NamedTuple):
    """An official as texts speak of him."""

    user_id: int
    role: str
    post: str
    name: str


_KEPT = 10  # seconds the officials are kept in memory: every complaint asks for them


def people(village_id: str) -> list[Person]:
    """The village's officials of today, one row a post and role; at most ten seconds old."""
    key = f"officials:{village_id}"
    officials: list[Person] | None = cache.get(key)
    if officials is None:
        rows = Membership.current().filter(village=village_id).values_list("user_id", "role", "post", "user__name")
        officials = [Person(*row) for row in rows]
        cache.set(key, officials, _KEPT)
    return officials


_POSTS: dict[Role, str] = {
    Role.HEAD: r"\b(kades|kepala desa|lurah|kuwu|bapak desa)\b",
    Role.SECRETARY: r"\b(sekdes|sekretaris desa|carik)\b",
    Role.OFFICER: r"\b(petugas (pengelola )?(pengaduan|aduan)|admin (pengaduan|aduan)|yang n?e?ne?rima (laporan|aduan|pengaduan))\b",
}
_TITLED = r"\b(?:pak|bu|bapak|ibu|mas|mbak|sdr|saudara)\.?\s+{}\b"


OTHER_WORDS = ("subject", "who", "wish", "place", "happened")


def everything_said(text: str, form: object) -> str:
    """``text`` with all else on the form that is in the writer's own words (``OTHER_WORDS``)."""
    return " ".join([text, *(getattr(form, name) for name in OTHER_WORDS)])


def spoken_of(text: str, officials: list[Person]) -> set[int]:
    """The ids of those whose post or name ``text`` speaks of."""
    folded = " ".join(text.casefold().split())
    if not officials or not _anybody(tuple(officials)).search(folded):
        return set()
    return {person.user_id for person in officials if re.search(_pattern(person), folded)}


@lru_cache(maxsize=1024)
def _anybody(officials: tuple[Person, ...]) -> re.Pattern[str]:
    """One look for everybody at once: most texts speak of nobody."""
    return re.compile("|".join(map(_pattern, officials)))


def _pattern(person: Person) -> str:
    """Everything a text may call this person."""
    called = [_POSTS[Role(person.role)]] if person.role in _POSTS else []
    post = person.post.casefold()
    called.append(rf"\b{re.escape(post)}\b")
    if post.startswith(("kepala dusun", "kadus")):
        called.append(r"\b(kadus|kepala dusun|pak dusun)\b")
    name = " ".join(person.name.casefold().split())
    first = name.partition(" ")[0]
    if first != name:
        called.append(rf"\b{re.escape(name)}\b")
    if len(first) >= 3:
        called.append(_TITLED.format(re.escape(first)))
    return "|".join(called)
