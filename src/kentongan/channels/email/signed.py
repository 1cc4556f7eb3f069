"""Signed and encrypted letters: a text that lies inside its signature is taken out, not verified; what is locked stays locked."""

import re

_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_TO_CONTENT = (
    True,
    False,
    True,
    True,
    False,
    False,
    True,
    False,
    True,
)  # go into, or step over: RFC 5652, from ContentInfo to eContent
_OCTETS, _OCTETS_IN_PIECES = 0x04, 0x24
_DASHED = re.compile(r"^- ", re.MULTILINE)
_CLEAR, _SIGNATURE, _CLEAR_END = (
    "-----BEGIN PGP SIGNED MESSAGE-----\n",
    "\n-----BEGIN PGP SIGNATURE-----",
    "-----END PGP SIGNATURE-----",
)
_LOCKED, _LOCKED_END = "-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----"


def opened(content: bytes) -> bytes:
    """The message inside a CMS SignedData (RFC 5652, what S/MIME sends as smime.p7m); b"" when it is something else, or encrypted."""
    if _SIGNED_DATA not in content[:50]:
        return b""
    try:
        at = 0
        for enter in _TO_CONTENT:
            _, start, end = _element(content, at)
            at = start if enter else end
        return _octets(content, at)
    except IndexError:
        return b""


def unsigned(text: str) -> str:
    """The text between the lines of a PGP clear signature, with whatever stands around it."""
    start = text.find(_CLEAR)
    end = text.find(_SIGNATURE, start)
    if start < 0 or end < 0:
        return text
    signed = text[start + len(_CLEAR) : end].partition("\n\n")[2]  # its own headers end with an empty line
    closing = text.find(_CLEAR_END, end)
    after = text[closing + len(_CLEAR_END) :] if closing >= 0 else ""
    return text[:start] + _DASHED.sub("", signed) + after


def unlocked(text: str) -> tuple[str, bool]:
    """The text around a PGP message, and whether there was one."""
    start = text.find(_LOCKED)
    if start < 0:
        return text, False
    end = text.find(_LOCKED_END, start)
    return text[:start] + (text[end + len(_LOCKED_END) :] if end >= 0 else ""), True


def _element(ber: bytes, at: int) -> tuple[int, int, int]:
    """Tag, beginning and end of the value at ``at``; one without a length goes to the end. Raises ``IndexError``."""
    tag, length = ber[at], ber[at + 1]
    at += 2
    if length == 0x80:
        return tag, at, len(ber)
    if length > 0x80:
        size = length - 0x80
        length = int.from_bytes(ber[at : at + size], "big")
        at += size
    return tag, at, min(at + length, len(ber))


def _octets(ber: bytes, at: int) -> bytes:
    tag, start, end = _element(ber, at)
    if tag == _OCTETS:
        return ber[start:end]
    pieces = []
    while tag == _OCTETS_IN_PIECES and start < end:
        piece, begin, start = _element(ber, start)
        if piece != _OCTETS:
            break
        pieces.append(ber[begin:start])
    return b"".join(pieces)
