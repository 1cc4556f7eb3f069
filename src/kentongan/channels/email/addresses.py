"""Who, to whom, when and in answer to what: the headers of a letter (RFC 5322) as values that can be trusted to be well formed."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses, parsedate_to_datetime

from kentongan.channels.email import charsets
from kentongan.channels.email.mime import Headers
from kentongan.lib.text import clean, one_line

LONGEST = 254  # characters of an address (RFC 5321 §4.5.3.1, erratum 1690)
MOST_RECIPIENTS = 100
MOST_REFERENCES = 50
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_UNSEEN = r"\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_LETTER = rf"[^<>()\"',:;@\[\]\\{_UNSEEN}]"
_PLAIN = rf"{_LETTER}(?:{_LETTER}|'){{0,63}}@{_LETTER}{{1,190}}"
_ADDRESS = re.compile(_PLAIN)
_NAMED = re.compile(rf'("(?:[^"\\]|\\.)*"\s*|[^"<>]*)<\s*({_PLAIN})\s*>')
_GROUP = re.compile(r"^[^\"<>@,;:]*:")
_ID = re.compile(rf"<[^<>{_UNSEEN}]{{1,300}}>")
_ARRIVED_FOR = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")  # a long To must not crowd out where it arrived


def sender(headers: Headers) -> tuple[str, str]:
    """Address (lower case) and name of the first From that has an address; ("", the name) when none has."""
    name = ""
    for value in headers.every("from")[:10]:
        for text in (value[:4000], charsets.words(value)):  # some encode the address too; what is plain counts first
            name_here, address = _first(text)
            name = name or name_here
            if address and len(address) <= LONGEST:
                return address, name_here
    return "", name


def recipients(headers: Headers) -> tuple[str, ...]:
    """All to whom it was sent, lower case, each once, those it was delivered for first; at most ``MOST_RECIPIENTS``."""
    found: dict[str, None] = {}
    for name in _ARRIVED_FOR:
        for value in headers.every(name)[:20]:
            for address in _all(value[:20_000]):
                found[address] = None
                if len(found) == MOST_RECIPIENTS:
                    return tuple(found)
    return tuple(found)


def message_id(headers: Headers) -> str:
    """``<…>``; "" when there is none or it is longer than 300 characters."""
    said = headers.first("message-id")[:1000].strip()
    found = _ID.search(said) or _ID.fullmatch(f"<{said}>")
    return found[0] if found else ""


def references(headers: Headers) -> tuple[str, ...]:
    """The letters it answers: In-Reply-To first, then References with the newest last, each once; at most ``MOST_REFERENCES``."""
    answered = ids(" ".join(headers.every("in-reply-to"))[:20_000])[:10]
    thread = [found for found in ids(" ".join(headers.every("references"))[-50_000:]) if found not in answered]
    return tuple(answered + thread[len(answered) - MOST_REFERENCES :])


def ids(text: str) -> list[str]:
    """Every ``<…>`` in ``text``, each once where it comes last."""
    if "=?" in text:
        text = charsets.words(text, len(text))
    return list(dict.fromkeys(reversed(_ID.findall(text))))[::-1]


def date(headers: Headers, now: datetime) -> datetime | None:
    """When it says it was written, aware (UTC where no zone is given); ``None`` when that cannot be."""
    try:
        said = parsedate_to_datetime(headers.first("date")[:200])
        moment = said if said.tzinfo else said.replace(tzinfo=UTC)
        return moment if _OLDEST <= moment <= now + timedelta(days=1) else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def line(text: str, length: int) -> str:
    """A header's text with its encoded words decoded: one clean line."""
    return one_line(clean(charsets.words(text)), length)


def _first(text: str) -> tuple[str, str]:
    """Name and address of the first mailbox in ``text``."""
    text = _GROUP.sub("", text).strip()
    named = _NAMED.match(text)
    if named:
        return _name(named[1]), named[2].lower()
    for name, address in _mailboxes(text):
        if _ADDRESS.fullmatch(address):
            return _name(name), address.lower()
    found = None if "<" in text else _ADDRESS.search(text)  # half of a broken address may be somebody else's
    return ("", found[0].lower()) if found else (_name(text), "")


def _name(said: str) -> str:
    bare = said.strip()
    if bare.startswith('"') and bare.endswith('"'):
        bare = re.sub(r"\\(.)", r"\1", bare[1:-1])
    name = line(bare, 100).strip("\"'<> ")
    return "" if _ADDRESS.fullmatch(name) else name


def _all(text: str) -> list[str]:
    """The addresses in ``text``, lower case; where it is too broken for the rules, whatever looks like one."""
    by_rule = [address.lower() for _, address in _mailboxes(text) if _ADDRESS.fullmatch(address)]
    return by_rule or [found.lower() for found in _ADDRESS.findall(text)]


def _mailboxes(text: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([text])
    except (RecursionError, ValueError, IndexError, TypeError):
        return []
