"""Letters as nasty as they come, written for this project: invented people, domains that do not exist.

``Nasty.expect`` is what must become of a letter: "text" (it can be read and says something: a complaint), "quarantine" (in
trouble, from nobody who could be answered, advertising, or nothing in it: the officer looks) or "automatic" (no person wrote it).
"""

from tests.channels.email.corpus import attached, heads, letters, machines, pages, quoted, shapes, silent, sizes
from tests.channels.email.corpus.build import Nasty

__all__ = ["Nasty", "all_messages"]

_MODULES = (letters, heads, shapes, attached, quoted, pages, machines, silent, sizes)


def all_messages() -> dict[str, Nasty]:
    """Every letter by its name. Only "twice_the_first" and "twice_the_second" are the same letter."""
    return {name: nasty for module in _MODULES for name, nasty in module.MESSAGES.items()}
