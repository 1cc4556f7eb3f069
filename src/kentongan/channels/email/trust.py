"""What the receiving server found out about the sender (RFC 8601); what the sender claims about himself is not listened to."""

import re
from dataclasses import dataclass

from kentongan.channels.email.mime import Headers

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]{1,20})\b", re.IGNORECASE)
_NAME = re.compile(r"\s*([^\s;]{1,255})")


@dataclass(frozen=True)
class Trust:
    """Results in lower case: "pass", "fail", "none", "softfail" …; "" when not said."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""


def found(headers: Headers, receiver: str) -> Trust:
    """The results of the server that calls itself ``receiver``; without one, of the headers above the first Received.

    Servers write on top, one header each: a second of the same name is what the sender brought along.
    """
    results: dict[str, str] = {}
    for value in _written_by_receiver(headers.pairs, receiver.strip().lower()):
        for said in _bare(value[:5000]).split(";")[1:]:
            match = _RESULT.match(said)
            method, result = (match[1].lower(), match[2].lower()) if match else ("", "")
            if method and (
                method not in results or (method == "dkim" and result == "pass")
            ):  # one good signature of several is enough
                results[method] = result
    return Trust(**results)


def _written_by_receiver(pairs: list[tuple[str, str]], receiver: str) -> list[str]:
    """The one topmost header, if it stands where the receiving server writes: above the second Received, and below none without ``receiver``."""
    passed = 0
    for name, value in pairs:
        passed += name == "received"
        if passed > 1:
            break
        if name == "authentication-results":
            mine = _server(value) == receiver if receiver else passed == 0
            received = passed or any(other == "received" for other, _ in pairs)
            return [value] if mine and received else []
    return []


def _server(value: str) -> str:
    name = _NAME.match(_bare(value[:1000]))
    return name[1].lower() if name else ""


def _bare(value: str) -> str:
    """Without quoted strings and comments, in which anybody's words may stand."""
    value, before = _QUOTED.sub("", value), ""
    while value != before:
        value, before = _COMMENT.sub("", value), value
    return value
