"""Indonesian telephone numbers as people write them."""

import re

import phonenumbers

_MOBILE = re.compile(
    r"\+62(8[1-35-9]\d)(\d{4})(\d{3,5})", re.ASCII
)  # nearly every number: grouped as the library does, without its 100 µs
_DIGITS = re.compile(r"[^\d+]")


class NotAPhone(ValueError):
    """The text is not one Indonesian telephone number. ``reason``: "short", "long", "two" or "unknown"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normalise(typed: str) -> str:
    """E.164 of one number as typed (``0851-4118-2163``, ``+62 851…``, ``62851…``, ``(0282) 54xxx``). Raises ``NotAPhone``.

    ``is_valid``, not ``is_possible``: two numbers in one cell make a "possible" number of 16 digits.
    """
    if re.search(r"\d{6,}\s*[/,;]\s*\+?\d{6,}|\d{9,}\D+\d{9,}", typed):
        raise NotAPhone("two")
    digits = _DIGITS.sub("", typed)
    if digits.startswith("62"):  # the library reads 62812… without a plus as a national number
        digits = "+" + digits
    digits = digits.replace("+620", "+62", 1)
    if len(digits.lstrip("+")) < 8:
        raise NotAPhone("short")
    try:
        number = phonenumbers.parse(digits, "ID")
    except phonenumbers.NumberParseException as error:
        raise NotAPhone("unknown") from error
    if not phonenumbers.is_valid_number(number):
        length = len(str(number.national_number))
        raise NotAPhone("short" if length < 9 else "long" if length > 12 else "unknown")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(e164: str) -> str:
    """``0851-4118-2163`` for ``+6285141182163``; the text itself when it is not a number."""
    mobile = _MOBILE.fullmatch(e164)
    if mobile:
        return "0{}-{}-{}".format(*mobile.groups())
    try:
        number = phonenumbers.parse(e164, "ID")
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def masked(e164: str) -> str:
    """``0851-****-**63``: enough to recognise one's own number, useless to others."""
    shown = national(e164)
    keep = {i for i, c in enumerate(shown) if c.isdigit()}
    first, last = sorted(keep)[:4], sorted(keep)[-2:]
    return "".join(c if i not in keep or i in first or i in last else "*" for i, c in enumerate(shown))
