"""Whom a text speaks of. Those people are shut out until the officer has read it and says who is really concerned.

A guess on the safe side: "Cepetan ya Pak Lurah" shuts the head out of a leaking pipe for an hour; that harms nobody.
"""

import re
from typing import NamedTuple

from kentongan.village.models import Membership
from kentongan.village.roles import Role


class Person(NamedTuple):
    """An official as texts speak of him."""

    user_id: int
    role: str
    post: str
    name: str


def people(village_id: str) -> list[Person]:
    """The village's officials of today, one row a post and role."""
    rows = Membership.current().filter(village=village_id).values_list("user_id", "role", "post", "user__name")
    return [Person(*row) for row in rows]


_POSTS: dict[Role, str] = {
    Role.HEAD: r"\b(kades|kepala desa|lurah|kuwu|bapak desa)\b",
    Role.SECRETARY: r"\b(sekdes|sekretaris desa|carik)\b",
    Role.OFFICER: r"\b(petugas (pengelola )?(pengaduan|aduan)|admin (pengaduan|aduan)|yang n?e?ne?rima (laporan|aduan|pengaduan))\b",
}
_TITLED = r"\b(?:pak|bu|bapak|ibu|mas|mbak|sdr|saudara)\.?\s+{}\b"


def spoken_of(text: str, officials: list[Person]) -> set[int]:
    """The ids of those whose post or name ``text`` speaks of."""
    folded = " ".join(text.casefold().split())
    return {person.user_id for person in officials if _speaks_of(folded, person)}


def _speaks_of(folded: str, person: Person) -> bool:
    pattern = _POSTS.get(Role(person.role))
    if pattern and re.search(pattern, folded):
        return True
    post = person.post.casefold()
    if re.search(rf"\b{re.escape(post)}\b", folded):
        return True
    if post.startswith(("kepala dusun", "kadus")) and re.search(r"\b(kadus|kepala dusun|pak dusun)\b", folded):
        return True
    name = " ".join(person.name.casefold().split())
    first = name.partition(" ")[0]
    if first != name and re.search(rf"\b{re.escape(name)}\b", folded):
        return True
    return len(first) >= 3 and re.search(_TITLED.format(re.escape(first)), folded) is not None
