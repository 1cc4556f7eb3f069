"""Numbers as village papers write them."""

from string import Formatter

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def register_number(year: int, serial: int) -> str:
    """``2026-0012``: the stored, URL-safe form."""
    return f"{year}-{serial:04d}"


def is_dressed(pattern: str) -> bool:
    """Whether a word in braces bears more than its name (``{serial:>9}``), which may print anything, and of any length.

    Raises ``ValueError`` when braces do not match.
    """
    return any(spec or conversion for _, name, spec, conversion in Formatter().parse(pattern) if name is not None)


def printed(pattern: str, *, year: int, serial: int, month: int, village: str) -> str:
    """The village's own form of a number; ``pattern`` knows ``{serial}``, ``{serial3}``, ``{month}``, ``{roman}``, ``{year}``, ``{village}``.

    Raises ``ValueError`` when the pattern names something else.
    """
    known = {
        "serial": serial,
        "serial3": f"{serial:03d}",
        "month": month,
        "roman": ROMAN[month - 1],
        "year": year,
        "village": village,
    }
    unknown = {name for _, name, _, _ in Formatter().parse(pattern) if name is not None} - known.keys()
    if unknown:
        raise ValueError(f"unknown placeholder in the number pattern: {', '.join(sorted(unknown))}")
    return pattern.format(**known)
