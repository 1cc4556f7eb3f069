"""Bytes of strangers made text: by the charset they declare, unless the bytes say otherwise; and the words of headers (RFC 2047)."""

import binascii
import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GUESSES = {"", "ascii", "iso8859-1", "cp1252", "utf-8"}  # declared by programs that did not look
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs"}
_NEVER = {"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"}  # no charsets, though Python knows them
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}")
_C1 = re.compile("[\x80-\x9f]")
_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")


def decoded(data: bytes, charset: str = "") -> str:
    """``data`` as text, whatever it is. A wrong or unknown ``charset`` is no error: UTF-8 and then Windows-1252 are tried.

    Lone surrogates and the control characters U+0080–U+009F are not in the answer.
    """
    name = _codec(data, charset)
    for tried in (name, "utf-8") if name not in _GUESSES else ("utf-8",):
        try:
            return _sound(data.decode(tried))
        except (UnicodeError, LookupError):
            continue
    if name in _GUESSES:
        return _sound(_nearly_utf8(data))
    try:
        return _sound(data.decode(name, "replace"))
    except (UnicodeError, LookupError):
        return _sound(_nearly_utf8(data))


def words(value: str, length: int = 4000) -> str:
    """A header's text: its encoded words (RFC 2047) decoded, also where one letter is split between two of them. Reads ``length`` characters."""
    value = value[:length]
    out: list[str] = []
    run, charset, at = b"", "", 0
    for word in _WORD.finditer(value):
        between = value[at : word.start()]
        if between.strip() or not at or word[1].lower() != charset:
            out.append(decoded(run, charset))
            out.append(between if between.strip() or not at else "")
            run, charset = b"", word[1].lower()
        run += _unpacked(word[2], word[3])
        at = word.end()
    return "".join([*out, decoded(run, charset), value[at:]])


def unbase64(data: bytes) -> bytes:
    """What base64 says, as far as it can be read: strange characters are passed over, a missing end is no error."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        kept = kept[: -1 if len(kept) % 4 == 1 else None]
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _codec(data: bytes, charset: str) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    declared = charset.strip(" \t\"'")
    if not _NAME.fullmatch(declared):
        return ""
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return ""
    if name in _NEVER:
        return ""
    if name.startswith(("utf-16", "utf-32")):
        return _wide(data[:2000], name)
    return _WIDER.get(name, name)


def _wide(data: bytes, name: str) -> str:
    """The byte order that the zeros of ordinary letters show; no zeros at all: the charset is wrong."""
    if b"\0" not in data:
        return ""
    if name == "utf-16":
        return "utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le"
    return name


def _nearly_utf8(data: bytes) -> str:
    """UTF-8 with a few broken letters, or else Windows-1252, which most programs mean by any other name."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if sound >= broken else data.decode("cp1252", "replace")


def _sound(text: str) -> str:
    return text if text.isascii() else _C1.sub("", text.encode("utf-8", "replace").decode())


def _unpacked(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "bB":
        return unbase64(data)
    return binascii.a2b_qp(data, header=True)
