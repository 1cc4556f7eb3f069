"""Charsets and encodings, declared and real."""

import quopri

from tests.channels.email.corpus.build import DITCH, LAMP, TEXT, WATER, b64, letter, text

_ACCENTS = "Warga bernama José dan Günther mengeluh: jalan rusak parah – sudah lama."
_JAPANESE = "道路に大きな穴があります。修理してください。 Jalan rusak parah"
_CHINESE = "村口的路灯坏了两个星期，请修理。 Lampu jalan mati"

MESSAGES = {
    "charset_plain_ascii": text(letter("ascii", TEXT, kind="text/plain; charset=us-ascii"), "the easiest letter there is"),
    "charset_none_at_all": text(letter("nomime", TEXT, kind=None), "no MIME headers, as in 1982"),
    "charset_emoji_8bit": text(letter("emoji8", DITCH, encoding="8bit"), "emoji as raw UTF-8"),
    "charset_emoji_base64": text(letter("emoji64", b64(DITCH), encoding="base64"), "emoji in base64"),
    "charset_emoji_quoted": text(
        letter("emojiqp", quopri.encodestring(DITCH.encode()), encoding="quoted-printable"), "emoji in quoted-printable"
    ),
    "charset_family_emoji": text(letter("family", f"{LAMP} 👨‍👩‍👧 🇮🇩"), "emoji of several code points, joined by U+200D"),
    "charset_javanese_script": text(letter("jawa", f"{LAMP} ꦏꦺꦤ꧀ꦛꦺꦴꦔꦤ꧀"), "letters outside of every old charset"),
    "charset_unknown": text(letter("x-unknown", DITCH, kind="text/plain; charset=x-tidak-dikenal"), "a charset nobody knows"),
    "charset_named_unknown_8bit": text(letter("unknown8", DITCH, kind="text/plain; charset=unknown-8bit"), "what gateways write"),
    "charset_undeclared_utf8": text(letter("undeclared", DITCH, kind="text/plain"), "8-bit bytes without a charset"),
    "charset_undeclared_cp1252": text(
        letter("undecl1252", _ACCENTS.encode("cp1252"), kind="text/plain"), "Windows bytes, no charset"
    ),
    "charset_latin1_is_cp1252": text(
        letter("latin", _ACCENTS.encode("cp1252"), kind="text/plain; charset=iso-8859-1"), "a Windows dash under a wrong name"
    ),
    "charset_latin1_is_utf8": text(letter("latinutf8", DITCH, kind="text/plain; charset=iso-8859-1"), "UTF-8 called Latin-1"),
    "charset_ascii_is_utf8": text(letter("asciiutf8", DITCH, kind="text/plain; charset=us-ascii"), "UTF-8 called ASCII"),
    "charset_utf8_is_cp1252": text(letter("utf8latin", _ACCENTS.encode("cp1252")), "Windows bytes called UTF-8"),
    "charset_utf8_cut_in_a_letter": text(letter("cutletter", DITCH.encode()[:-2]), "the last emoji is cut in the middle"),
    "charset_utf16": text(
        letter("utf16", b64(DITCH.encode("utf-16")), kind="text/plain; charset=utf-16", encoding="base64"), "UTF-16"
    ),
    "charset_utf16be_without_mark": text(
        letter("utf16be", b64(TEXT.encode("utf-16-be")), kind="text/plain; charset=utf-16", encoding="base64"),
        "no byte order said",
    ),
    "charset_utf16_is_ascii": text(letter("notutf16", WATER, kind="text/plain; charset=utf-16"), "ASCII called UTF-16"),
    "charset_utf7": text(letter("utf7", DITCH.encode("utf-7"), kind="text/plain; charset=utf-7"), "UTF-7, as once from Outlook"),
    "charset_utf7_half_a_pair": text(
        letter("utf7half", f"{TEXT} +2AA-", kind="text/plain; charset=utf-7"), "half a surrogate pair"
    ),
    "charset_gb2312": text(letter("gb", _CHINESE.encode("gb18030"), kind="text/plain; charset=gb2312"), "GB18030 called GB2312"),
    "charset_iso2022jp": text(
        letter("jp", _JAPANESE.encode("iso2022_jp"), kind="text/plain; charset=iso-2022-jp"), "escapes between"
    ),
    "charset_is_a_codec_not_a_charset": text(letter("zlib", TEXT, kind="text/plain; charset=zlib"), "Python would unpack it"),
    "charset_is_punycode": text(letter("puny", WATER, kind="text/plain; charset=punycode"), "takes time by the square"),
    "charset_is_unicode_escape": text(
        letter("escape", TEXT + r" \u0000\ud800", kind="text/plain; charset=unicode_escape"), "would smuggle in what it likes"
    ),
    "charset_twice": text(letter("twocharsets", DITCH, kind="text/plain; charset=utf-8; charset=koi8-r"), "two charsets"),
    "charset_quoted_strangely": text(letter("apostrophes", DITCH, kind="text/plain; charset='utf-8'"), "apostrophes for quotes"),
    "charset_with_null": text(letter("nullset", DITCH, kind="text/plain; charset=utf\0-8"), "a NUL in the name"),
    "encoding_broken_base64": text(
        letter("broken64", b64(LAMP).replace(b"\r\n", b"*\r\n!")[:-1], encoding="base64"), "rubbish between, no padding"
    ),
    "encoding_base64_one_too_many": text(
        letter("odd64", b64(TEXT).rstrip(b"=") + b"\r\nA", encoding="base64"), "a letter too many"
    ),
    "encoding_base64_is_plain": text(letter("plain8", LAMP, encoding="8bits"), "an encoding that does not exist"),
    "encoding_broken_quoted": text(
        letter("brokenqp", f"{WATER} =ZZ =\r\n=4 sudah lama=", encoding="quoted-printable"), "bad escapes"
    ),
    "encoding_quoted_lower_case": text(
        letter("lowqp", "Jalan rusak =f0=9f=98=a1 di RT 03=2e", encoding="Quoted-Printable "), "lower"
    ),
    "encoding_twice": text(
        letter("twoencodings", b64(LAMP), {"content-transfer-encoding": "base64"}, encoding="7bit"),
        "declared twice; the first counts",
    ),
    "text_with_null_bytes": text(letter("nul", b"Jalan\0 rusak\0 parah\0 di RT 05"), "NUL bytes, which no database takes"),
    "text_with_control_characters": text(
        letter("controls", "Jalan\x07 rusak\x1b[31m parah\x0b di\x7f RT 05"), "terminal escapes"
    ),
    "text_of_mac_lines": text(letter("cr", TEXT).replace(b"\r\n", b"\r"), "lines that end in CR alone"),
    "text_of_unix_lines": text(letter("lf", WATER).replace(b"\r\n", b"\n"), "lines that end in LF alone"),
    "text_of_mixed_lines": text(letter("mixed", "Jalan rusak\rLampu mati\nAir keruh\r\nTalud longsor"), "CR, LF and CRLF in one"),
    "text_flowed": text(
        letter("flowed", "Jalan di depan \r\nmushola berlubang \r\nbesar.\r\n\r\n Spasi", kind=f"{'text/plain'}; format=flowed"),
        "RFC 3676",
    ),
    "text_flowed_delsp": text(
        letter(
            "delsp",
            "Jalan di depan mu \r\nshola berlubang be \r\nsar.",
            kind="text/plain; charset=utf-8; format=flowed; delsp=yes",
        ),
        "the space at the end only says that the line goes on",
    ),
    "text_with_zero_width": text(
        letter("zero", "Ja\u200blan ru\u200bsak di depan\u2060 mushola\ufeff RT 04"), "invisible characters"
    ),
    "text_right_to_left": text(letter("rtl", f"{LAMP} \u202egnapmak\u202c"), "a direction turned around"),
    "text_in_slang": text(letter("slang", "pk kds jln dpn rmh sy rsk prh tlg dbnrin y, kmrn ank sy jth. mksh"), "as people type"),
    "text_in_banyumasan": text(
        letter("ngapak", "Kulo nuwun, dalan ngarep griyane inyong rusak nemen, kepriben kiye?"), "a language of ours"
    ),
}
