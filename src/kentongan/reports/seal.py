"""The mark in the foot of a paper by which anybody may check it: a square to scan, the code to type, the digest of what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kentongan.complaints import checks
from kentongan.complaints.checks import Seal
from kentongan.complaints.models import Complaint, LetterNumber
from kentongan.lib import tokens
from kentongan.reports import qr

# What a version is not known by: the sheet, the village's own head, and what opens something.
NOT_SAID = frozenset({"paper", "size", "kop", "qr", "code", "look", "link", "check"})


def of_letter(letter: LetterNumber | None, data: Mapping[str, Any], base: str) -> dict[str, str]:
    """The mark of a numbered letter; nothing without a number, or where nobody knows our address (``base``)."""
    if letter is None or not base:
        return {}
    return _mark(checks.seal_letter(letter, said(data)), base)


def of_receipt(complaint: Complaint, data: Mapping[str, Any], base: str) -> dict[str, str]:
    """The mark of a receipt."""
    return _mark(checks.seal_receipt(complaint, said(data)), base)


def sample(address: str) -> dict[str, str]:
    """A mark that marks nothing, as a preview shows it."""
    return _mark(Seal("CONTOHSURAT00000", "0" * checks.DIGITS), address)


def said(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the paper says."""
    return {key: value for key, value in data.items() if key not in NOT_SAID}


def _mark(seal: Seal, base: str) -> dict[str, str]:
    address = f"{base.rstrip('/')}/cek"
    return {
        "qr": qr.svg(f"{address}/{seal.code}", border=2),
        "where": address.partition("://")[2],
        "code": tokens.spaced(seal.code),
        "digest": " ".join(seal.digest[at : at + 4] for at in range(0, len(seal.digest), 4)),
    }
