"""Whose name stands below a paper about a complaint: never one whom the complaint concerns. And to whom a copy goes."""

from __future__ import annotations

from kentongan.complaints import papers
from kentongan.complaints.access import Circle
from kentongan.complaints.papers import Signer
from kentongan.reports import pdf as paper_maker
from kentongan.village.models import LetterRule
from kentongan.village.roles import Role

ON_BEHALF = frozenset({Role.SECRETARY, Role.OFFICER, Role.LIAISON})  # who signs a.n. Kepala Desa
FOR_THE_HEAD = "a.n. Kepala Desa"


def signature(
    circle: Circle, kept: Signer | None = None, *, to_complainant: bool = False, rule: LetterRule | None = None
) -> dict[str, str]:
    """The village head or whom ``rule`` chooses, or the next who is not shut out; on a letter with a hidden name, who may know it.

    ``kept``: who signed when the letter got its number, unless shut out since.
    """
    shut_out = {row.user_id for row in circle.shut_out}
    signs = kept if kept and kept.user not in shut_out else papers.signer(circle, to_complainant=to_complainant, rule=rule)
    return drawn(signs)


def drawn(signs: Signer | None) -> dict[str, str]:
    """The lines of the signature; without anybody, those to be filled in by hand."""
    if signs is None:
        return {"above": "", "post": "Kepala Desa", "name": paper_maker.NO_NAME}
    above = FOR_THE_HEAD if signs.role in ON_BEHALF else ""
    if signs.under:
        above = f"{FOR_THE_HEAD}\n{signs.under}\nu.b."
    return {"above": above, "post": signs.post, "name": signs.name}


def below(first: str, sign: dict[str, str]) -> dict[str, str]:
    """The same with a line above: the day, or ``Mengetahui``."""
    return {**sign, "above": f"{first}\n{sign['above']}".strip()}


def own_copies(rule: LetterRule) -> list[str]:
    """To whom else the village sends a copy of letters of this kind."""
    return [line for line in rule.copies.split("\n") if line]


def copies(circle: Circle, rule: LetterRule) -> list[str]:
    """The same for a letter about this complaint: to nobody where a name is hidden, it is confidential, or somebody must not learn of it."""
    complaint = circle.complaint
    if circle.shut_out or complaint.identity_hidden or complaint.confidential:
        return []
    return own_copies(rule)
