"""Structure: parts cut, lost, mislabelled, nested, signed and locked."""

from tests.channels.email.corpus.build import (
    LAMP,
    TEXT,
    WATER,
    Nasty,
    b64,
    letter,
    lines,
    many,
    octets,
    parted,
    photo,
    piece,
    quarantine,
    text,
)


def _tlv(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    size = bytes([len(body)]) if len(body) < 0x80 else b"\x82" + len(body).to_bytes(2, "big")
    return bytes([tag]) + size + body


_SIGNED, _ENVELOPED, _DATA = (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07" + bytes([n]) for n in (2, 3, 1))


def _cms(inside: bytes, *, pieces: bool = False) -> bytes:
    octet = _tlv(0x24, _tlv(4, inside[:60]), _tlv(4, inside[60:])) if pieces else _tlv(4, inside)
    content = _tlv(0x30, _DATA, _tlv(0xA0, octet))
    return _tlv(0x30, _SIGNED, _tlv(0xA0, _tlv(0x30, b"\x02\x01\x01", _tlv(0x31), content, _tlv(0x31))))


def _sealed(mark: str, content: bytes, kind: str) -> bytes:
    return letter(mark, b64(content), {"Subject": "Surat"}, f"{kind}; name=smime.p7m", "base64")


def _nested(depth: int, body: bytes) -> bytes:
    for level in range(depth):
        body = piece(many(body, boundary=f"b{level}"), f'multipart/mixed; boundary="b{level}"')
    return body


_MIXED = 'multipart/mixed; boundary="batas"'
_INNER = letter("inner", LAMP, {"Subject": "Lampu mati"})
_TWO = many(piece(TEXT), photo())
_OUTER = lines([("From", "Karto Wiryo <karto@example.com>"), ("Date", "Mon, 23 Nov 2026 08:30:00 +0700")])
_PGP = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0bJqw==\r\n=abcd\r\n-----END PGP MESSAGE-----"
_CLEAR = (
    "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n{}\r\n- -- catatan\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n"
    "-----END PGP SIGNATURE-----"
)
MESSAGES: dict[str, Nasty] = {
    "parts_cut_short": text(
        letter("cut", many(piece(TEXT), photo(), end=False)[:-60], kind=_MIXED), "ends in the middle of a photo"
    ),
    "parts_never_closed": text(letter("open", many(piece(LAMP), end=False), kind=_MIXED), "no closing boundary"),
    "parts_without_boundary_named": text(letter("unnamed", _TWO, kind="multipart/mixed"), "the boundary must be guessed"),
    "parts_with_wrong_boundary": text(
        letter("wrong", _TWO, kind='multipart/mixed; boundary="lain"'), "another boundary is named"
    ),
    "parts_promised_but_plain": text(letter("promised", WATER, kind=_MIXED), "called multipart, is one text"),
    "parts_with_empty_boundary": text(letter("emptyb", TEXT, kind='multipart/mixed; boundary=""'), "a boundary of nothing"),
    "parts_boundary_prefix": text(
        letter("prefix", many(piece(many(piece(TEXT), boundary="batas2"), 'multipart/mixed; boundary="batas2"')), kind=_MIXED),
        "one boundary begins like the other",
    ),
    "parts_in_base64": text(
        letter("mp64", b64(_TWO), kind=_MIXED, encoding="base64"), "a multipart in base64, against the rules"
    ),
    "parts_with_preamble": text(
        letter("pre", b"Pesan MIME.\r\n" + _TWO + b"penutup", kind=_MIXED), "words before and after the parts"
    ),
    "parts_boundary_with_symbols": text(
        letter("sym", many(piece(TEXT), boundary="=_(a)+?*[b]"), kind='multipart/mixed; boundary="=_(a)+?*[b]"'), "not a pattern"
    ),
    "parts_header_missing": text(letter("bare", many(b"\r\n" + octets(LAMP)), kind=_MIXED), "a part without headers"),
    "parts_separator_missing": text(letter("nosep", many(octets(WATER)), kind=_MIXED), "a part without headers or an empty line"),
    "parts_empty_ones": text(letter("emptyparts", many(b"", b"", piece(TEXT), b""), kind=_MIXED), "parts of nothing"),
    "parts_alternative": text(
        parted("alt", piece(TEXT), piece(f"<p>{TEXT}</p>", "text/html"), kind="multipart/alternative"), "the same twice"
    ),
    "parts_alternative_reversed": text(
        parted("altrev", piece(f"<p>{TEXT}</p>", "text/html"), piece(TEXT), kind="multipart/alternative"), "HTML before the text"
    ),
    "parts_alternative_plain_empty": text(
        parted("altempty", piece(" \r\n"), piece(f"<p>{LAMP}</p>", "text/html"), kind="multipart/alternative"),
        "an empty text version",
    ),
    "parts_alternative_apple": text(
        parted(
            "apple",
            piece(TEXT),
            piece(many(piece(f"<p>{TEXT}</p>", "text/html"), photo(), boundary="dlm"), 'multipart/mixed; boundary="dlm"'),
            kind="multipart/alternative",
        ),
        "the photo lies inside the HTML version",
    ),
    "parts_text_photo_text": text(
        parted("sandwich", piece("Jalan rusak parah"), photo(), piece("Mohon diperbaiki")), "text in two pieces"
    ),
    "parts_page_beside_its_text": text(
        parted("beside", piece(TEXT), piece(f"<p>{TEXT}</p>", "text/html")), "mixed that is alternative"
    ),
    "parts_related": text(
        parted(
            "related",
            piece(f'<p>{WATER}</p><img src="cid:foto">', "text/html"),
            photo(content_disposition="inline", content_id="<foto>"),
            kind="multipart/related",
        ),
        "a picture in the page",
    ),
    "nested_twenty_deep": text(letter("twenty", many(_nested(20, piece(TEXT))), kind=_MIXED), "deep, but not too deep"),
    "nested_message_in_message": text(parted("inmsg", piece(TEXT), piece(_INNER, "message/rfc822")), "a letter attached"),
    "nested_message_alone": text(
        parted("forwarded", piece(" "), piece(_INNER, "message/rfc822")), "nothing but a letter attached"
    ),
    "nested_message_in_base64": text(
        parted("msg64", piece(" "), piece(b64(_INNER), "message/rfc822", content_transfer_encoding="base64")), "against the rules"
    ),
    "type_garbage": text(letter("badtype", TEXT, kind=";;;=/"), "a Content-Type of rubbish"),
    "type_one_word": text(letter("oneword", TEXT, kind="text"), "half a Content-Type"),
    "type_upper_case": text(letter("uppertype", TEXT, kind="TEXT/PLAIN; CHARSET=UTF-8"), "capital letters"),
    "type_unclosed_quote": text(
        letter("unclosed", TEXT, kind='text/plain; charset="utf-8; format=flowed'), "a quote never closed"
    ),
    "type_text_with_a_name": text(
        letter("named", TEXT, kind="text/plain; charset=utf-8; name=isi.txt"), "the only part bears a name"
    ),
    "type_plain_is_html": text(letter("secretly", f"<html><body><p>{LAMP}</p></body></html>"), "HTML called plain text"),
    "signed_smime": text(
        parted(
            "smime",
            piece(TEXT),
            piece(b64(b"\x30\x80"), "application/pkcs7-signature; name=smime.p7s", content_transfer_encoding="base64"),
            kind='multipart/signed; protocol="application/pkcs7-signature"',
        ),
        "the text is readable, the signature no file",
    ),
    "signed_smime_opaque": text(
        _sealed("opaque", _cms(piece(LAMP)), "application/pkcs7-mime; smime-type=signed-data"),
        "the text lies inside the signature",
    ),
    "signed_smime_opaque_in_pieces": text(
        _sealed("pieces", _cms(piece(WATER), pieces=True), "application/x-pkcs7-mime"), "the same in pieces"
    ),
    "signed_pgp_inline": text(letter("clear", _CLEAR.format(TEXT)), "PGP around the text"),
    "signed_pgp_mime": text(
        parted("pgpmime", piece(TEXT), piece("iQEz", "application/pgp-signature"), kind="multipart/signed"), "PGP beside the text"
    ),
    "locked_smime": quarantine(
        _sealed("enveloped", _tlv(0x30, _ENVELOPED, b"\xa0\x80"), "application/pkcs7-mime; smime-type=enveloped-data"),
        "encrypted",
    ),
    "locked_smime_in_signed": quarantine(
        _sealed("triple", _cms(piece(b64(_cms(b"x")), "application/pkcs7-mime")), "application/pkcs7-mime"), "sealed twice"
    ),
    "locked_pgp_mime": quarantine(
        parted(
            "pgpenc",
            piece("Version: 1", "application/pgp-encrypted"),
            piece(_PGP, "application/octet-stream"),
            kind="multipart/encrypted",
            changed={"Subject": "..."},
        ),
        "PGP/MIME",
    ),
    "locked_pgp_inline": quarantine(letter("pgpinline", _PGP, {"Subject": "..."}), "PGP in the text"),
    "body_without_headers": quarantine(octets(f"{TEXT} Tanpa kepala surat."), "readable, but from nobody"),
    "body_after_one_header": text(
        b"From: Karto <karto@example.com>\r\n" + octets(f"{LAMP} Tanpa baris kosong."), "no empty line between"
    ),
    "body_is_rubbish": quarantine(bytes(range(256)) * 8, "no letter at all"),
    "body_is_a_picture": quarantine(
        _OUTER + b"\r\n" + b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(400), "bytes of a picture as text"
    ),
}
