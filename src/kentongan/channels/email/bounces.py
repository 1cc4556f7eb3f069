"""Reports of mail servers about a letter of ours: by the rules (RFC 3464), and as those servers write them that know none."""

import re
from dataclasses import dataclass

from kentongan.channels.email import addresses, charsets
from kentongan.channels.email.automatic import is_machine
from kentongan.channels.email.mime import Headers, Part, split

_RETURNED = {"message/rfc822", "message/global"}
_RETURNED_HEADERS = {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
_STATUSES = {"message/delivery-status", "message/global-delivery-status"}
_SUBJECT = re.compile(
    r"undeliver|undelivered|delivery (?:status|failure|notification|has failed|incomplete|delayed)|mail delivery|returned mail|failure notice"
    r"|delivery problem|could not be delivered|message (?:not delivered|blocked|delayed)|warning: (?:could not|message)|mail system error"
    r"|non remis|tidak terkirim|gagal (?:terkirim|dikirim|mengirim)|pengiriman (?:gagal|tertunda|ditunda)|pesan (?:tertunda|tidak)"
    r"|tidak dapat (?:dikirim|disampaikan)|pemberitahuan (?:status )?(?:pengiriman|kegagalan)",
    re.IGNORECASE,
)
_DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|microsoftexchange.*|mdaemon)(?:$|[-+@._])", re.IGNORECASE
)
_ROBOT_WORDS = re.compile(
    r"this is the qmail-send program|created automatically by mail delivery software|this is the mail system at host", re.I
)
_DELAY = re.compile(r"delay|tertunda|ditunda|warning|will (?:be )?retr|incomplete|masih akan dicoba", re.IGNORECASE)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REPLY_CODE = re.compile(r"(?<![\d.])5\d\d[ -](?=\S)")
_MESSAGE_ID = re.compile(r"^[> \t]{0,10}Message-ID:\s{0,5}(<[^<>\s]{1,300}>)", re.IGNORECASE | re.MULTILINE)
_NAMED = re.compile(r"^[ \t]{0,8}<?([^\s<>:;,()\"]{1,64}@[^\s<>:;,()\"]{1,190}?)>?(?::.{0,500}|[ \t]*)$", re.MULTILINE)
_POSITIVE = {"delivered", "relayed", "expanded"}


@dataclass(frozen=True)
class Bounce:
    """What became of a letter of ours. ``failed``: it will never arrive; ``delivered``: it did. Neither: it is late, or nobody knows.

    ``message_ids``: the letter the report is about. ``address``: to whom it went, lower case, "" if not said. ``reason``: "5.1.1" or "".
    """

    message_ids: tuple[str, ...]
    address: str
    failed: bool
    delivered: bool
    reason: str


def found(whole: Part, subject: str, sender: str, text: str) -> Bounce | None:
    """The report that ``whole`` is, ``text`` being its readable part; ``None`` when it is none."""
    status = next((part for part in whole.walk() if part.kind in _STATUSES), None) if _is_report(whole) else None
    if status is not None:
        return _by_rule(whole, status, text)
    return _by_words(whole, subject, text) if _looks_like_one(whole, subject, sender, text) else None


def _is_report(whole: Part) -> bool:
    """Reports begin the letter; one that somebody forwards lies deeper and is his to talk about."""
    if whole.kind == "multipart/report":
        return whole.param("report-type").lower() in {"", "delivery-status"}
    return whole.kind in _STATUSES or any(part.kind in _STATUSES for part in whole.parts)


def _looks_like_one(whole: Part, subject: str, sender: str, text: str) -> bool:
    if "x-failed-recipients" in whole.headers:
        return True
    nobody = whole.headers.first("return-path").replace(" ", "") == "<>"
    daemon = bool(_DAEMON.match(sender)) or (nobody and (not sender or is_machine(sender)))
    return daemon and bool(_SUBJECT.search(subject) or _ROBOT_WORDS.search(text[:5000]))


def _by_rule(whole: Part, status: Part, text: str) -> Bounce:
    blocks = [
        block for block in _blocks(status) if "final-recipient" in block or "original-recipient" in block or "action" in block
    ]
    told = next((block for block in blocks if _failed(block)), blocks[0] if blocks else Headers([]))
    action = told.first("action").strip().lower()
    reason = _STATUS.search(told.first("status")) or _STATUS.search(told.first("diagnostic-code")[:2000])
    return Bounce(
        message_ids=_message_ids(whole, text),
        address=_recipient(told),
        failed=_failed(told),
        delivered=action in _POSITIVE,
        reason=reason[0] if reason else "",
    )


def _blocks(status: Part) -> list[Headers]:
    """The groups of fields of a delivery status: the first is about the letter, each of the others about one recipient."""
    body = re.sub(rb"\r\n?", b"\n", status.content[:100_000])
    return [split(block)[0].headers for block in re.split(rb"\n[ \t]*\n+", body)[:100] if block.strip()]


def _failed(block: Headers) -> bool:
    action = block.first("action").strip().lower()
    return action == "failed" or (action not in {"delayed", *_POSITIVE} and block.first("status").strip().startswith("5."))


def _recipient(block: Headers) -> str:
    """The address we wrote to; where it was sent on to, the first is ours."""
    for name in ("original-recipient", "final-recipient"):
        address = block.first(name)[:1000].rpartition(";")[2].strip(" <>\t").lower()
        if "@" in address and not re.search(r"\s", address):
            return address
    return ""


def _message_ids(whole: Part, text: str) -> tuple[str, ...]:
    ids = []
    for part in whole.walk():
        if part.kind in _RETURNED and part.parts:
            ids.append(addresses.message_id(part.parts[0].headers))
        elif part.kind in _RETURNED_HEADERS:
            ids.append(addresses.message_id(split(part.content[:100_000])[0].headers))
    known = [found for found in ids if found]
    return tuple(dict.fromkeys(known or _MESSAGE_ID.findall(text[:200_000])))[:10]


def _by_words(whole: Part, subject: str, text: str) -> Bounce:
    notice = text[:20_000]
    status = next((match for match in _STATUS.finditer(notice) if match[1] in "45"), None)
    addressed = [address for _, address in _people(whole.headers)] or [match[1] for match in _NAMED.finditer(notice)]
    late = bool(_DELAY.search(subject))
    for_ever = bool((status and status[1] == "5") or _REPLY_CODE.search(notice) or (status is None and not late))
    return Bounce(
        message_ids=_message_ids(whole, text),
        address=next((address.lower() for address in addressed if not is_machine(address)), ""),
        failed=for_ever and not late,
        delivered=False,
        reason=status[0] if status else "",
    )


def _people(headers: Headers) -> list[tuple[str, str]]:
    said = charsets.words(headers.first("x-failed-recipients"))
    return [("", address.strip()) for address in said.split(",") if "@" in address]
