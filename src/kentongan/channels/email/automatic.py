"""Letters no person wrote, and senders who must get no answer from a machine (RFC 3834, RFC 2369, and what programs really do)."""

import re

from kentongan.channels.email.mime import Headers, Part

# A subject alone makes a letter automatic only in the form programs give it: "Sedang cuti terus pegawainya" is a complaint.
_AUTOREPLY = re.compile(
    r"(?:(?:automatic|automated|auto)[ -]?(?:reply|response|responder)|(?:balasan|jawaban) otomatis)\s*(?:$|[:\[(])",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"(?:out of (?:the )?office|di luar kantor|sedang (?:cuti|tidak di kantor)|tidak di kantor|on vacation|on leave)\b",
    re.IGNORECASE,
)
_AWAY_WHOLE = re.compile(_AWAY.pattern + r"\s{0,5}(?:reply|notification|hari ini)?\s{0,5}(?:[.!]?|[:(\[].{0,200})", re.IGNORECASE)
_AUTO = re.compile(r"auto\s*:", re.IGNORECASE)
_AWAY_PROGRAM = re.compile(r"(?:out of (?:the )?office|on vacation)\s*(?:reply|notification)?\s*(?:[:(\[]|[.!]?$)", re.IGNORECASE)
_MACHINE = re.compile(
    r"(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|jangan[-_.]?(?:balas|dibalas)|tidak[-_.]?(?:balas|dibalas)|mailer[-_.]?daemon|mail[-_.]?daemon"
    r"|postmaster|bounces?|daemon|nobody|root|www-data|listserv|majordomo|mdaemon|autoreply|auto-?confirm|notifications?|notifikasi)"
    r"(?:$|[-+=._\d])|.*[-_.+](?:no-?reply|bounces?|request)$|owner-.+",
    re.IGNORECASE,
)
_BULK = {"bulk": "bulk", "junk": "bulk", "list": "list", "auto_reply": "auto-submitted", "auto-reply": "auto-submitted"}
_REPORTS = {"disposition-notification", "feedback-report"}
_REPLIED_BY_ROBOT = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-autoresponder", "x-loop", "x-auto-reply")


def kind(whole: Part, subject: str) -> str:
    """Why a letter that is no bounce must be passed over: "out-of-office", "auto-submitted", "list", "bulk"; "" for a person's letter."""
    headers = whole.headers
    if _is_away(headers, subject):
        return "out-of-office"
    if _submitted(headers) or _is_report(whole):
        return "auto-submitted"
    precedence = _BULK.get(headers.first("precedence").strip().lower(), "")
    if "list-id" in headers or "list-post" in headers:
        return "list"
    return precedence or ("bulk" if "list-unsubscribe" in headers else "")


def unanswerable(headers: Headers, sender: str, subject: str) -> bool:
    """Whether an automatic answer would reach nobody, or another machine: a subject that a program may have written is enough."""
    if _AWAY_WHOLE.fullmatch(subject) or _AUTO.match(subject):
        return True
    if not sender or is_machine(sender) or headers.first("return-path").replace(" ", "") == "<>":
        return True
    suppressed = re.split(r"[,;\s]+", " ".join(headers.every("x-auto-response-suppress"))[:1000].lower())
    return not {"all", "oof", "autoreply"}.isdisjoint(suppressed)


def is_machine(sender: str) -> bool:
    """Whether the name before the @ is one that programs use."""
    return bool(_MACHINE.match(sender.partition("@")[0]))


def _is_away(headers: Headers, subject: str) -> bool:
    if _AUTOREPLY.match(subject) or _AWAY_PROGRAM.match(subject):
        return True
    answers = "in-reply-to" in headers or "references" in headers or _submitted(headers)
    return answers and bool(_AWAY.match(subject))


def _submitted(headers: Headers) -> bool:
    said = re.match(r"\s*([a-z-]+)", headers.first("auto-submitted").lower())
    if said and said[1] != "no":
        return True
    if any(headers.first(name).strip().lower() not in {"", "no", "false", "0"} for name in _REPLIED_BY_ROBOT):
        return True
    return _BULK.get(headers.first("precedence").strip().lower()) == "auto-submitted"


def _is_report(whole: Part) -> bool:
    """A receipt that a letter was read, or a complaint about spam: both from programs."""
    if whole.kind == "multipart/report" and whole.param("report-type").lower() in _REPORTS:
        return True
    return whole.kind == "message/disposition-notification" or any(
        part.kind == "message/disposition-notification" for part in whole.parts
    )
