"""What is planned, and for when: written as people read it, ``RKPDes 2027, Juni``, and read back."""

from datetime import date

from django.utils import formats, translation

from kentongan.complaints.lifecycle import State

STAND = (State.RESPONDED, State.CLOSED)  # where a plan that was promised still stands
KINDS = ("Musdes", "RKPDes", "APBDes")  # village meeting, work plan, budget (Permendagri 114/2014, 20/2018)


def months() -> list[str]:
    """The twelve months in Indonesian, whatever language the program is set to."""
    with translation.override("id"):
        return [formats.date_format(date(2026, month, 1), "F") for month in range(1, 13)]


def written(kind: str, year: int, month: int) -> str:
    """``RKPDes 2027, Juni``. Raises ``ValueError`` for another kind of plan."""
    if kind not in KINDS:
        raise ValueError(f"no such plan: {kind}")
    return f"{kind} {year}, {months()[month - 1]}"


def parts(planned_for: str) -> tuple[str, int, int] | None:
    """Kind, year and month of what ``written`` wrote; ``None`` for other words."""
    head, _, month = planned_for.partition(", ")
    kind, _, year = head.partition(" ")
    if kind not in KINDS or not year.isdecimal() or len(year) != 4 or month not in months():
        return None
    return kind, int(year), months().index(month) + 1


def day_of(planned_for: str) -> date | None:
    """The first day of the month it is planned for."""
    read = parts(planned_for)
    return date(read[1], read[2], 1) if read else None
