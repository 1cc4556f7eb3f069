"""Whether a pattern makes numbers: each of its own, and short enough to be printed."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kentongan.complaints import letters
from kentongan.lib import letter_numbers
from kentongan.village.models import Village

LONGEST = 60  # as ``Meeting.letter_number``


def check(number: Callable[..., str], pattern: str, village: Village) -> None:
    """Raises ``ValidationError`` in words for a pattern that makes no number, or one that papers have no room for.

    ``number`` prints one of ``serial``, ``year``, ``month`` and ``village``.
    """
    try:
        if letter_numbers.is_dressed(pattern):
            raise ValueError("a word in braces with more than its name")
        first, second = (number(serial=serial, year=2026, month=8, village=village.pk) for serial in (99_998, 99_999))
    except (ValueError, AttributeError) as error:
        raise ValidationError(_("Use only the words in braces that stand below.")) from error
    if first == second:
        raise ValidationError(_("The number itself is missing: put {serial3} or {serial} in it."))
    if len(first) > LONGEST:
        raise ValidationError(_("The number gets too long: at most %(n)d characters.") % {"n": LONGEST})


def check_letter(pattern: str, code: str, village: Village) -> None:
    """The same for letters, whose numbers also differ by their kind and from year to year."""
    check(lambda **of: letters.printed(pattern, code, **of), pattern, village)
    if "{kind}" not in pattern:
        raise ValidationError(_("Put {kind} in it: otherwise an invitation and minutes bear the same number."))
    if "{year}" not in pattern:
        raise ValidationError(_("Put {year} in it: the numbers begin anew each year."))
    if "}{" in pattern:
        raise ValidationError(_("Put a stroke or a dot between the words in braces, or 1 and 11 look like 11 and 1."))
