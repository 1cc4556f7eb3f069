"""Letters put together byte by byte, since a library would refuse to make most of them."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TEXT = "Jalan di depan mushola berlubang besar sejak dua minggu."
LAMP = "Lampu jalan pertigaan balai desa mati sudah sebulan, rawan begal."
WATER = "Air PAMSIMAS mati lima hari, kami harus beli air jerigen."
DITCH = "Gorong-gorong dekat sekolah ambrol, kalau hujan air masuk rumah 😡🙏"
DESK = "pengaduan@kuripankidul.example"
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PLAIN = "text/plain; charset=utf-8"
Value = str | bytes
Head = Mapping[str, Value | None]


@dataclass(frozen=True)
class Nasty:
    """One letter: ``expect`` "text", "quarantine" or "automatic"; ``why`` it is here."""

    raw: bytes
    expect: str
    why: str


def octets(value: Value) -> bytes:
    return value.encode() if isinstance(value, str) else value


def head(mark: str, changed: Head | None = None) -> list[tuple[str, Value]]:
    """The headers of an ordinary letter, with those ``changed``: a value of ``None`` leaves one out, a new one goes below."""
    usual: dict[str, Value | None] = {
        "From": "Karto Wiryo <karto@example.com>",
        "To": DESK,
        "Subject": "Pengaduan warga",
        "Date": "Mon, 23 Nov 2026 08:30:00 +0700",
        "Message-ID": f"<{mark}@example.com>",
    }
    return [(name, value) for name, value in {**usual, **(changed or {})}.items() if value is not None]


def lines(fields: Iterable[tuple[str, Value]]) -> bytes:
    return b"".join(octets(name) + b": " + octets(value) + b"\r\n" for name, value in fields)


def letter(mark: str, body: Value = TEXT, changed: Head | None = None, kind: Value | None = PLAIN, encoding: str = "") -> bytes:
    """A letter of one part. ``body`` is written as it is; ``encoding`` is only declared."""
    fields = head(mark, changed)
    if kind is not None:
        fields += [("MIME-Version", "1.0"), ("Content-Type", kind)]
    if encoding:
        fields.append(("Content-Transfer-Encoding", encoding))
    return lines(fields) + b"\r\n" + octets(body) + b"\r\n"


def piece(body: Value = TEXT, kind: Value = PLAIN, **more: Value) -> bytes:
    """A part of a multipart; ``more`` are headers (``content_id`` for Content-ID)."""
    extra = [(name.replace("_", "-").title(), value) for name, value in more.items()]
    return lines([("Content-Type", kind), *extra]) + b"\r\n" + octets(body)


def many(*pieces: bytes, boundary: str = "batas", end: bool = True) -> bytes:
    """The body of a multipart."""
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in pieces)
    return body + (b"--" + boundary.encode() + b"--\r\n" if end else b"")


def parted(mark: str, *pieces: bytes, kind: str = "multipart/mixed", changed: Head | None = None) -> bytes:
    """A letter of several parts."""
    return letter(mark, many(*pieces), changed, f'{kind}; boundary="batas"')


def photo(name: Value = "lubang.png", **more: Value) -> bytes:
    """A picture attached; ``name`` goes into Content-Disposition as it is."""
    disposition = b'attachment; filename="' + octets(name) + b'"'
    return piece(b64(PICTURE), "image/png", content_transfer_encoding="base64", **{"content_disposition": disposition, **more})


def b64(data: Value) -> bytes:
    return base64.encodebytes(octets(data)).strip().replace(b"\n", b"\r\n")


def text(raw: bytes, why: str) -> Nasty:
    return Nasty(raw, "text", why)


def quarantine(raw: bytes, why: str) -> Nasty:
    return Nasty(raw, "quarantine", why)


def automatic(raw: bytes, why: str) -> Nasty:
    return Nasty(raw, "automatic", why)
