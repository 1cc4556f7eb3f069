"""What is new in a letter, and what is only carried along: quotes, signatures, the letter it answers. Nothing is thrown away.

Whoever writes "Dari: … Kepada: … Perihal: …" over a letter of his own is not quoting: a block of headers counts only with a
date and a time in it, an attribution only with an address, a year or a time.
"""

import re

from kentongan.lib.text import has_object

LONGEST_TEXT = 200_000  # characters that are looked at
_LONGEST_SIGNATURE = 12  # lines; more after a "--" is a letter that goes on
_ATTRIBUTION_LINES = 4

_LONGEST_ATTRIBUTION = 500  # characters of a line; the patterns below are tried on no longer one
_QUOTED = re.compile(r"[ \t]{0,3}>(?!From )")
_PREFIX = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+(?!From )", re.MULTILINE)
_FROM_LINE = re.compile(r"^>From ", re.MULTILINE)
_FORWARD = re.compile(
    r"[-_*=> \t]{0,40}(?:(?:begin )?forwarded message|forwarded by .{1,80}|(?:mulai |awal )?pesan (?:yang )?diteruskan|pesan terusan)"
    r"\s*:?\s*[-_*= \t]{0,40}",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"[-_*=][-_*= \t]{1,40}(?:original (?:message|mail)|pesan (?:asli|semula))\s*:?\s*[-_*= \t]{1,40}", re.IGNORECASE
)
_OPENS = re.compile(r"(?:On|Pada|El|Le|Am)\s|\d{4}-\d\d-\d\d\s|.{0,80}<[^<>\s]+@[^<>\s]+>", re.IGNORECASE)
_ATTRIBUTION = re.compile(r".{5,400}(?:wrote|menulis|menuliskan|schrieb|escribió|a écrit)\s*:", re.IGNORECASE)
_OLD_ATTRIBUTION = re.compile(r"\d{4}-\d\d-\d\d .{1,60}<[^<>\s]+@[^<>\s]+>\s*:")
_WHEN_OR_WHO = re.compile(r"@|\b(?:19|20)\d\d\b|\b\d{1,2}[.:]\d\d\b")
_FROM = re.compile(r"\*?(?:From|Dari)\s*:\*?\s*\S", re.IGNORECASE)
_SENT = re.compile(r"\*?(?:Sent|Date|Dikirim|Terkirim|Tanggal)\s*:\*?.{0,80}\d{1,2}[.:]\d\d\b(?!\.\d{4})", re.IGNORECASE)
_TO = re.compile(r"\*?(?:To|Kepada|Ke|Cc|Subject|Subjek|Perihal|Judul)\s*:", re.IGNORECASE)
_RULE = re.compile(r"[-_=*–—]{5,200}")
_DEVICE = re.compile(
    r"(?:sent|dikirim|terkirim) (?:from|via|using|dari|melalui|menggunakan|lewat) (?:my |your |the |a )?"
    r"(?:ponsel|hp|handphone|telepon|perangkat|smartphone|mobile|phone|tablet|iphone|ipad|android|samsung|galaxy|xiaomi|redmi|poco|oppo|vivo"
    r"|realme|infinix|huawei|nokia|asus|blackberry|yahoo|gmail|outlook|mail|aol|proton|hotmail|workspace|windows)\b[^,;!?]{0,80}"
    r"|(?:get|dapatkan|unduh) outlook (?:for|untuk) .{1,120}",
    re.IGNORECASE,
)
_IS_FORWARD = re.compile(r"\s*(?:fw|fwd|trs|terusan)\s*:", re.IGNORECASE)
_IS_REPLY = re.compile(r"\s*(?:re|bls|balas|balasan)\s*:", re.IGNORECASE)


def split(text: str, subject: str = "") -> tuple[str, str]:
    """(what is new, what was folded away) of a letter in lines that end in "\\n".

    Where nothing is new, what was carried along is the letter: a pure forward, a quote nobody is named for, a letter that is
    all signature. A reply with nothing in it but the letter it answers stays empty.
    """
    lines = text[:LONGEST_TEXT].split("\n")
    marks = _marks(lines)
    first = next((mark for mark in marks if mark not in {"", "device", "signature"}), "signature" if "signature" in marks else "")
    new = "\n".join(_without_rules([line for line, mark in zip(lines, marks, strict=True) if not mark]))
    old = "\n".join(line for line, mark in zip(lines, marks, strict=True) if mark)
    if _carried_is_all(first, new, subject):
        own = "\n".join(line for line, mark in zip(lines, marks, strict=True) if mark != "device" and not _is_mark(line))
        return _plain(_PREFIX.sub("", own)), ""
    return _plain(new), _plain(old)


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Paragraphs of format=flowed (RFC 3676) on one line again."""
    out: list[tuple[int, list[str]]] = []
    flowing = False
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        content = bare.removeprefix(" ")
        goes_on = content.endswith(" ") and content != "-- "
        if not (flowing and out[-1][0] == depth and content != "-- "):
            out.append((depth, []))
        out[-1][1].append(content[:-1] if goes_on and delete_space else content)
        flowing = goes_on
    return "\n".join(("> " if depth else "") + "".join(pieces) for depth, pieces in out)


def _carried_is_all(first: str, new: str, subject: str) -> bool:
    """Whether what was carried along is what the sender wants to say."""
    if first == "forward" or (first == "original" and _IS_FORWARD.match(subject)):
        return not has_object(new)
    if new.strip():
        return False
    return first in {"quote", "signature"} or (first == "original" and not _IS_REPLY.match(subject))


def _marks(lines: list[str]) -> list[str]:
    """For each line why it is folded: "quote", "device", "attribution", "original", "forward" or "signature"; "" for what is new."""
    marks = [""] * len(lines)
    at, quoted = 0, False
    while at < len(lines):
        mark, length = _mark(lines, at)
        if mark == "forward" and quoted:
            mark = "quote"  # forwarded once, in the letter that is answered here
        marks[at : at + length] = [mark] * length
        at += length
        quoted = quoted or mark in {"quote", "attribution"}
        if mark in {"original", "forward"} or (mark == "attribution" and not _quote_follows(lines, at)):
            marks[at:] = [mark] * (len(lines) - at)
            break
    return marks


def _mark(lines: list[str], at: int) -> tuple[str, int]:
    """The mark of the line at ``at``, and for how many lines it holds."""
    line = lines[at]
    bare = line.strip()
    if len(bare) > 500:
        return ("quote" if _QUOTED.match(line) else ""), 1
    if _FORWARD.fullmatch(bare):
        return "forward", 1
    if _QUOTED.match(line):
        return "quote", 1
    if not bare:
        return "", 1
    if _ORIGINAL.fullmatch(bare) or _is_header_block(lines, at):
        return "original", 1
    if line == "-- " or bare == "--":
        length = _signature(lines, at)
        return ("signature", length) if length else ("", 1)
    if _DEVICE.fullmatch(bare):
        return "device", 1
    length = _attribution(lines, at)
    return ("attribution", length) if length else ("", 1)


def _attribution(lines: list[str], at: int) -> int:
    """How many lines from ``at`` say who wrote what follows; 0 when they do not."""
    if len(lines[at]) > _LONGEST_ATTRIBUTION or not _OPENS.match(lines[at].strip()):
        return 0
    said = ""
    for length, line in enumerate(lines[at : at + _ATTRIBUTION_LINES], 1):
        bare = line.strip()
        if not bare or len(bare) > _LONGEST_ATTRIBUTION:
            return 0
        said = f"{said} {bare}".strip()
        if bare.endswith(":") and (_ATTRIBUTION.fullmatch(said) or _OLD_ATTRIBUTION.fullmatch(said)):
            return length if _WHEN_OR_WHO.search(said) else 0
    return 0


def _is_header_block(lines: list[str], at: int) -> bool:
    """From, then Sent with a time, and To or Subject: what Outlook puts over the letter that is answered."""
    if not _FROM.match(lines[at].strip()):
        return False
    block = [line.strip()[:500] for line in lines[at + 1 : at + 7]]
    return any(map(_SENT.match, block)) and any(map(_TO.match, block))


def _signature(lines: list[str], at: int) -> int:
    """How many lines the signature has that begins at ``at``, up to the end or to what is answered; 0 when it is too long for one."""
    count = 0
    for following in range(at + 1, len(lines)):
        if _begins_answered(lines, following):
            return following - at
        count += bool(lines[following].strip())
        if count > _LONGEST_SIGNATURE:
            return 0
    return len(lines) - at


def _begins_answered(lines: list[str], at: int) -> bool:
    bare = lines[at].strip()[:500]
    return bool(
        _QUOTED.match(lines[at])
        or _FORWARD.fullmatch(bare)
        or _ORIGINAL.fullmatch(bare)
        or _is_header_block(lines, at)
        or _attribution(lines, at)
    )


def _quote_follows(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 20] if line.strip()), "")
    return bool(_QUOTED.match(following))


def _is_mark(line: str) -> bool:
    bare = line.strip()
    return bare == "--" or bool(len(bare) <= 500 and (_FORWARD.fullmatch(bare) or _ORIGINAL.fullmatch(bare)))


def _without_rules(lines: list[str]) -> list[str]:
    """Without the lines drawn between the letter and what it answers."""
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1].strip())):
        lines.pop()
    return lines


def _plain(text: str) -> str:
    return _FROM_LINE.sub("From ", text).strip("\n")
