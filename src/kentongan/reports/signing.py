"""Whose name stands below a paper about a complaint: never one whom the complaint concerns."""

from __future__ import annotations

from kentongan.complaints import papers
from kentongan.complaints.access import Circle
from kentongan.complaints.papers import Signer
from kentongan.reports import pdf as paper_maker
from kentongan.village.roles import Role

ON_BEHALF = frozenset({Role.SECRETARY, Role.OFFICER})  # who signs a.n. Kepala Desa


def signature(circle: Circle, kept: Signer | None = None, *, to_complainant: bool = False) -> dict[str, str]:
    """The village head, or the next who is not shut out; on a letter with a hidden name, who may know it.

    ``kept``: who signed when the letter got its number, unless shut out since.
    """
    shut_out = {row.user_id for row in circle.shut_out}
    signs = kept if kept and kept.user not in shut_out else papers.signer(circle, to_complainant=to_complainant)
    if signs is None:
        return {"above": "", "post": "Kepala Desa", "name": paper_maker.NO_NAME}
    return {"above": "a.n. Kepala Desa" if signs.role in ON_BEHALF else "", "post": signs.post, "name": signs.name}
