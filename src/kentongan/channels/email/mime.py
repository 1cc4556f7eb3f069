"""A message taken apart (RFC 2045, 2046): a tree of parts over one buffer, as bounded in time and memory as the message is long.

The standard library reads headers, parameters and addresses; its parser of bodies recurses as deep and makes as many objects
as a stranger likes, so the boundaries are found here.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import collapse_rfc2231_value

from kentongan.channels.email import charsets

MOST_PARTS = 500
DEEPEST = 30
_MOST_MARKS = 2000  # lines that look like a boundary, in one multipart
_HEAD_LINES, _HEAD_BYTES = 20_000, 2_000_000
_PART_LINES, _PART_BYTES = 1_000, 100_000
_VALUE, _PARAMETERS = 2000, 60  # of a structured header that are looked at: reading parameters takes time by the square
_LINE = re.compile(rb"([\t ]|[!-9;-~]*[ \t]*:)([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_NEWLINE = re.compile(rb"\r\n|\r|\n")
_HEAD_END = re.compile(rb"\n\r?\n|\r\r")
_ENVELOPE = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?:>?From [^\r\n]*(?:\r\n|\r|\n))?")
_MARK_REST = re.compile(rb"(--)?[ \t]*(?:\r\n|\r|\n|\Z)")
_GUESSED_MARK = re.compile(rb"(?<![^\r\n])--([^\r\n]{1,200}?)[ \t]*(?:\r\n|\r|\n)Content-", re.IGNORECASE)
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")  # also what turns a name around
_CONTAINERS = ("multipart/", "message/rfc822", "message/global")


class Headers:
    """The header fields in order: names lower case, values unfolded, undeclared bytes decoded."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs
        self._by: dict[str, list[str]] = {}
        for name, value in pairs:
            self._by.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._by

    def every(self, name: str) -> list[str]:
        """The values of all fields of that name, first to last."""
        return self._by.get(name, [])

    def first(self, name: str) -> str:
        """The value of the first field of that name; "" when there is none."""
        return next(iter(self.every(name)), "")


@dataclass
class Part:
    """One part: ``headers``, and its body as the bytes ``start`` to ``end`` of ``raw``; ``parts`` when it holds others."""

    headers: Headers
    raw: bytes
    start: int
    end: int
    parts: list["Part"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._message = Message()
        for name in ("content-type", "content-disposition"):
            if name in self.headers:
                self._message[name] = ";".join(self.headers.first(name)[:_VALUE].split(";", _PARAMETERS)[:_PARAMETERS])
        self.kind = self._message.get_content_type()
        self.disposition = self.headers.first("content-disposition").partition(";")[0].strip().lower()

    def param(self, name: str) -> str:
        """A parameter of Content-Type; "" when there is none that can be read."""
        try:
            return collapse_rfc2231_value(self._message.get_param(name, "")).strip()
        except (ValueError, TypeError, LookupError):
            return ""

    @property
    def name(self) -> str:
        """What the sender calls the file, without folders and hidden characters, at most 120 characters with its ending; "" for none."""
        try:
            said = self._message.get_filename("")
        except (ValueError, TypeError, LookupError):
            said = ""
        said = said.encode("utf-8", "replace").decode()  # no half of a character pair: databases refuse it
        bare = _HIDDEN.sub("", re.split(r"[/\\]", charsets.words(said).replace("\r", "").replace("\n", ""))[-1]).strip(' "')
        if not bare.strip(". "):
            return ""
        stem, dot, ending = bare.rpartition(".")
        return (
            bare if len(bare) <= 120 else (f"{stem[: 119 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else bare[:120])
        )

    @property
    def content(self) -> bytes:
        """The body, decoded by its Content-Transfer-Encoding as far as it can be."""
        data = self.raw[self.start : self.end]
        encoding = self.headers.first("content-transfer-encoding").strip().lower()
        if encoding == "base64":
            return charsets.unbase64(data)
        return binascii.a2b_qp(data) if encoding == "quoted-printable" else data

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()


def split(raw: bytes) -> tuple[Part, bool]:
    """The tree of a message, and whether some of it was left out: more than ``MOST_PARTS`` parts or deeper than ``DEEPEST``."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    opening = _ENVELOPE.match(raw)
    splitter = _Splitter()
    whole = splitter.part(raw, opening.end() if opening else 0, len(raw), 0)
    return whole, splitter.left_out


class _Splitter:
    def __init__(self) -> None:
        self.count = 0
        self.left_out = False

    def part(self, raw: bytes, start: int, end: int, depth: int) -> Part:
        self.count += 1
        headers, start = _head(raw, start, end, whole=not depth)
        part = Part(headers, raw, start, end)
        if not part.kind.startswith(_CONTAINERS):
            return part
        if depth == DEEPEST:
            self.left_out = True
        elif part.kind.startswith("multipart/"):
            self._multipart(part, depth)
        else:
            _unpack(part)
            part.parts.append(self.part(part.raw, part.start, part.end, depth + 1))
        return part

    def _multipart(self, part: Part, depth: int) -> None:
        boundary = part.param("boundary").encode("utf-8", "replace")
        spans = self._spans(part.raw, part.start, part.end, boundary)
        if not spans and _unpack(part):
            spans = self._spans(part.raw, part.start, part.end, boundary)
        if not spans:
            guessed = _GUESSED_MARK.search(part.raw, part.start, min(part.end, part.start + 100_000))
            spans = self._spans(part.raw, part.start, part.end, guessed[1]) if guessed else []
        for start, end in spans:
            if self.count >= MOST_PARTS:
                self.left_out = True
                return
            part.parts.append(self.part(part.raw, start, end, depth + 1))

    def _spans(self, raw: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
        """Where the parts between lines of ``boundary`` begin and end; the last may lack its end."""
        spans: list[tuple[int, int]] = []
        opened, at = -1, start
        for _ in range(_MOST_MARKS if boundary else 0):
            at = raw.find(b"--" + boundary, at, end)
            if at < 0:
                break
            rest = _MARK_REST.match(raw, at + 2 + len(boundary), end)
            if rest and (at == start or raw[at - 1] in b"\r\n"):
                if 0 <= opened < at:
                    spans.append((opened, max(opened, at - (2 if raw[at - 2 : at] == b"\r\n" else 1))))
                opened = -1 if rest[1] else rest.end()
                if rest[1] or len(spans) > MOST_PARTS:
                    break
            at += 2 + len(boundary)
        else:
            self.left_out = bool(boundary)
        if 0 <= opened < end:
            spans.append((opened, end))
        return spans


def _unpack(part: Part) -> bool:
    """A container in base64, which the rules forbid and some servers send: opened in place. It only gets shorter by that."""
    if part.headers.first("content-transfer-encoding").strip().lower() != "base64":
        return False
    part.raw = part.content
    part.start, part.end = 0, len(part.raw)
    return True


def _head(raw: bytes, start: int, end: int, *, whole: bool) -> tuple[Headers, int]:
    """The header fields, and where the body begins: after the first line that is no header."""
    most_lines, most_bytes = (_HEAD_LINES, _HEAD_BYTES) if whole else (_PART_LINES, _PART_BYTES)
    fields: list[tuple[bytes, list[bytes]]] = []
    at = start
    for _ in range(most_lines):
        line = _LINE.match(raw, at, end) if at - start < most_bytes else None
        if line is None:
            break
        at = line.end()
        if line[1].endswith(b":"):
            fields.append((line[1], [line[2]]))
        elif fields:
            fields[-1][1].append(line[1] + line[2])
    if _LINE.match(raw, at, end):
        rest = _HEAD_END.search(raw, at, end)
        at = rest.end() if rest else end
    else:
        blank = _NEWLINE.match(raw, at, end)
        at = blank.end() if blank else at
    pairs = [(name[:-1].strip().decode("ascii").lower(), charsets.decoded(b"".join(value)).strip()) for name, value in fields]
    return Headers(pairs), at
