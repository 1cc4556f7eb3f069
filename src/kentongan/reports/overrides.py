"""Templates of a village's own: ``<data directory>/papers/<template>.typ`` is printed in place of ours.

It may import ``common.typ``: ours, or a copy beside it. Pictures may lie beside it too. Nothing of it is kept in memory: what is
mended there is printed next time.
"""

from pathlib import Path

from django.conf import settings

from kentongan.reports.typeset import copied

OURS = frozenset(file.stem for file in (Path(__file__).resolve().parent / "templates").glob("*.typ"))
SECONDS = 30  # an own template that takes longer is given up, and ours is printed


def folder() -> Path:
    return Path(settings.DATA) / "papers"


def exists(template: str) -> bool:
    """Whether there is an own template to try."""
    return any(file.name == f"{template}.typ" for file in copied(folder()))


def names() -> set[str]:
    """All templates found there, without their ending."""
    return {file.stem for file in copied(folder()) if file.suffix == ".typ"}
