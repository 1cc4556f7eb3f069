"""What a letter holds: the text to be read, letters attached to it, and files."""

import re
from dataclasses import dataclass, field

from kentongan.channels.email import addresses, charsets, html, quoting, signed
from kentongan.channels.email.mime import Part, split
from kentongan.lib.text import clean

MOST_FILES = 100
_MOST_TEXT = 1_200_000  # bytes of text parts that are looked at, in the whole letter
_READABLE = {"text/plain", "text/html", "text/markdown", "text/enriched"}
_ATTACHED = {"message/rfc822", "message/global"}
_NOBODYS = {  # for programs: the check of a signature, a report's fields, the same page for other readers
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-encrypted",
    "message/delivery-status", "message/global-delivery-status", "message/disposition-notification", "message/feedback-report",
    "text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "text/x-amp-html", "text/watch-html",
}  # fmt: skip
_UNSEEN = re.compile(
    "[\u00ad\u034f\u200b\u2060-\u2064\ufeff]|[\u200c\u200d](?=[\\s\u200c\u200d]|\\Z)"
)  # fillings of advertisers; what joins emoji stays
_SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}


@dataclass(frozen=True)
class File:
    """A file as it came: ``name`` as the sender called it, "" when he did not; ``content`` may be anything."""

    name: str
    content: bytes


@dataclass
class Body:
    """What was found. ``forwarded``: letters attached, as text. ``locked``: something is encrypted; ``unreadable``: bytes called text that are none."""

    texts: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    locked: bool = False
    unreadable: bool = False
    left_out: bool = False
    text_left: int = _MOST_TEXT

    @property
    def text(self) -> str:
        return "\n\n".join(self.texts)

    @property
    def forwarded(self) -> str:
        return "\n\n".join(self.letters)


def collect(whole: Part) -> Body:
    """Everything in ``whole``. As deep as the tree of parts, which is bounded."""
    body = Body()
    _part(body, whole, alone=True)
    return body


def _part(body: Body, part: Part, *, alone: bool = False) -> None:
    if part.kind == "multipart/alternative" and part.parts:
        _alternative(body, part)
    elif part.kind in _ATTACHED and part.parts:
        _letter(body, part.parts[0])
    elif part.parts:
        body.locked = body.locked or part.kind == "multipart/encrypted"
        for inner in part.parts:
            _part(body, inner)
    elif part.kind in _SEALED:
        _sealed(body, part)
    elif part.kind in _NOBODYS:
        body.locked = body.locked or part.kind == "application/pgp-encrypted"
    elif _is_text(part, alone):
        _text(body, part)
    else:
        _file(body, part)


def _is_text(part: Part, alone: bool) -> bool:
    """Whether it is read as part of the letter, not kept as a file. A letter of one part is read even when it bears a name."""
    if part.kind.startswith("multipart/"):
        return True  # no part of it was found
    return part.kind in _READABLE and part.disposition != "attachment" and (alone or not part.name)


def _alternative(body: Body, part: Part) -> None:
    """The first version with something in it, plain text before others; the files of all."""
    versions = []
    for inner in part.parts:
        version = Body(text_left=body.text_left)
        _part(version, inner)
        body.text_left = version.text_left
        body.files += version.files[: MOST_FILES - len(body.files)]
        body.letters += version.letters
        body.locked, body.unreadable = body.locked or version.locked, body.unreadable or version.unreadable
        body.left_out = body.left_out or version.left_out
        versions.append((inner.kind != "text/plain", version.text))
    body.texts += [text for _, text in sorted(versions, key=lambda version: version[0]) if clean(text)][:1]


def _letter(body: Body, whole: Part) -> None:
    """A letter attached to this one: who wrote it, about what, its text; its files with the others."""
    inner = Body(text_left=body.text_left, files=body.files)
    _part(inner, whole, alone=True)
    body.text_left = inner.text_left
    address, name = addresses.sender(whole.headers)
    writer = " ".join(filter(None, (name, f"<{address}>" if address else "")))
    said = "\n".join(filter(None, (writer, addresses.line(whole.headers.first("subject"), 200))))
    body.letters += ["\n\n".join(filter(None, (said, clean(inner.text)))), *inner.letters]
    body.locked = body.locked or inner.locked


def _sealed(body: Body, part: Part) -> None:
    """S/MIME in one piece: a signed letter is opened, once; what is encrypted stays a file."""
    whole, left_out = split(signed.opened(part.content))
    body.left_out = body.left_out or left_out
    if whole.start == whole.end or any(inner.kind in _SEALED for inner in whole.walk()):
        body.locked = True
        _file(body, part)
    else:
        _part(body, whole, alone=True)


def _text(body: Body, part: Part) -> None:
    content = part.content
    data = (html.light(content) if part.kind == "text/html" else content)[: body.text_left]
    body.text_left -= len(data)
    text = charsets.decoded(data, part.param("charset")).replace("\r\n", "\n").replace("\r", "\n")
    if _is_binary(text):
        body.unreadable = True
        _file(body, part)
        return
    text = clean(_UNSEEN.sub("", _readable(text, part)[: quoting.LONGEST_TEXT]))
    text, locked = signed.unlocked(signed.unsigned(text))
    body.locked = body.locked or locked
    if text and text not in body.texts:  # some send the page beside its text, as if they were two
        body.texts.append(text)


def _readable(text: str, part: Part) -> str:
    if part.kind == "text/html" or text[:200].lstrip().lower().startswith(("<!doctype html", "<html")):
        return html.text_of(text)
    if part.param("format").lower() == "flowed":
        return quoting.unflowed(text[: 2 * quoting.LONGEST_TEXT], delete_space=part.param("delsp").lower() == "yes")
    return text


def _is_binary(text: str) -> bool:
    """Whether it is no text but bytes of something else: one control character in ten."""
    seen = text[:4000]
    return sum(c < " " and c not in "\n\r\t\f\x1b" for c in seen) * 10 > len(seen)


def _file(body: Body, part: Part) -> None:
    content = part.content
    if (content or part.name) and len(body.files) < MOST_FILES:
        body.files.append(File(part.name, content))
