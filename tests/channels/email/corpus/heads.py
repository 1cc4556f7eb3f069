"""Headers: who, to whom, when, about what, and what becomes of them on the way."""

from tests.channels.email.corpus.build import DESK, DITCH, LAMP, TEXT, WATER, Head, Nasty, head, letter, lines, quarantine, text


def _from(mark: str, value: str | bytes | None, body: str = TEXT, **more: str) -> bytes:
    changed: Head = {"From": value, **more}
    return letter(mark, body, changed)


def _double() -> bytes:
    fields = [("Subject", "Yang pertama"), *head("double"), ("From", "Lain <lain@example.com>"), ("To", "lain@example.com")]
    return (
        lines([*fields, ("Message-ID", "<kedua@example.com>"), ("Date", "Tue, 24 Nov 2026 08:30:00 +0700")])
        + b"\r\n"
        + TEXT.encode()
    )


_LONG_NAME = "Karto " * 40
MESSAGES: dict[str, Nasty] = {
    "from_encoded_name": text(_from("encname", "=?UTF-8?Q?Karto_Wiry=C3=B3?= <karto@example.com>"), "RFC 2047"),
    "from_encoded_with_comma": text(
        _from("comma", "=?UTF-8?B?V2lyeW8sIEthcnRv?= <karto@example.com>"), "a comma inside the name"
    ),
    "from_comma_unquoted": text(_from("comma2", "Wiryo, Karto <karto@example.com>"), "a comma that should be quoted"),
    "from_8bit_name": text(
        _from("8bit", "Kartó Wiryo <karto@example.com>".encode("cp1252")), "bytes without a charset in a header"
    ),
    "from_address_as_name": text(
        _from("spoof", '"kades@kuripankidul.example" <jauh@example.com>'), "a name that poses as an address"
    ),
    "from_two_addresses": text(_from("two", "Karto <karto@example.com>, Sari <sari@example.com>"), "two writers"),
    "from_group": text(_from("group", "Warga RT 03: karto@example.com, sari@example.com;"), "RFC 5322 group syntax"),
    "from_upper_case": text(_from("upper", "KARTO@EXAMPLE.COM"), "capital letters"),
    "from_with_comments": text(_from("comments", "karto@example.com (Karto (Wiryo))"), "the name in a comment"),
    "from_nested_comments": text(_from("nest", "(" * 1500 + "karto@example.com" + ")" * 1500), "comments too deep for recursion"),
    "from_encoded_whole": text(_from("whole", "=?utf-8?q?Karto_=3Ckarto=40example=2Ecom=3E?="), "even the address is encoded"),
    "from_long_name": text(_from("long", f"{_LONG_NAME} <karto@example.com>"), "a name of 240 letters"),
    "from_newline_in_name": text(
        _from("inject", "=?utf-8?q?Karto=0D=0ABcc=3A_x=40example=2Ecom?= <karto@example.com>"), "CRLF inside"
    ),
    "from_folded": text(_from("folded", "Karto Wiryo\r\n  Sastro\r\n\t<karto@example.com>"), "on three lines"),
    "from_empty": quarantine(_from("empty", ""), "nobody to answer"),
    "from_missing": quarantine(_from("missing", None), "nobody to answer"),
    "from_only_a_name": quarantine(_from("onlyname", "Karto Wiryo"), "a name without an address"),
    "from_null_address": quarantine(_from("nulladdr", "Karto <>"), "an address of nothing"),
    "from_no_domain": quarantine(_from("nodomain", "karto@"), "half an address"),
    "from_noreply": quarantine(_from("noreply", "Layanan <no-reply@layanan.example>", LAMP), "writes, but does not read"),
    "from_noreply_indonesian": quarantine(_from("jangan", "jangan-balas@layanan.example", WATER), "the same in Indonesian"),
    "to_nobody": text(letter("undisclosed", TEXT, {"To": "undisclosed-recipients:;"}), "a blind copy"),
    "to_plus_address": text(
        letter("plus", TEXT, {"To": f"Desa <{DESK.replace('@', '+k12-abcdefghijklmnop@')}>"}), "a marked address"
    ),
    "to_broken": text(letter("tobroken", TEXT, {"To": f'"Desa <{DESK}>, <<>>, ;;@'}), "an unfinished quote"),
    "subject_encoded": text(letter("subj", LAMP, {"Subject": "=?UTF-8?B?TGFtcHUgbWF0aSDwn5ih?="}), "an emoji in the subject"),
    "subject_split_in_a_letter": text(
        letter("splitword", LAMP, {"Subject": "=?utf-8?B?8J+Y?=\r\n =?utf-8?B?oQ==?= =?utf-8?Q?_lampu?="}),
        "an emoji over two words",
    ),
    "subject_8bit": text(letter("subj8", LAMP, {"Subject": DITCH}), "UTF-8 without saying so"),
    "subject_unknown_charset": text(letter("subjx", LAMP, {"Subject": "=?x-aneh?Q?Jalan_rusak?="}), "a charset nobody knows"),
    "subject_broken_word": text(letter("subjb", LAMP, {"Subject": "=?utf-8?B?SmFsYW4gcnVzYWs?="}), "padding is missing"),
    "subject_with_newline": text(
        letter("subjn", LAMP, {"Subject": "=?utf-8?Q?Jalan=0D=0ATo=3A_x?="}), "a header inside a header"
    ),
    "subject_missing": text(letter("nosubj", "Talud sungai longsor empat meter.", {"Subject": None}), "no subject"),
    "subject_is_the_complaint": text(letter("subjonly", DITCH, {"Subject": TEXT}), "says it twice"),
    "date_missing": text(letter("nodate", TEXT, {"Date": None}), "no date"),
    "date_garbage": text(letter("baddate", TEXT, {"Date": "kemarin sore"}), "no date that a machine knows"),
    "date_future": text(letter("future", TEXT, {"Date": "Fri, 01 Jan 2038 00:00:00 +0000"}), "a clock that runs ahead"),
    "date_1970": text(letter("epoch", TEXT, {"Date": "Thu, 01 Jan 1970 00:00:00 +0000"}), "a clock that never ran"),
    "date_year_zero": text(letter("zeroyear", TEXT, {"Date": "Mon, 99 Foo 0000 99:99:99 +9999"}), "numbers out of range"),
    "date_without_zone": text(letter("nozone", TEXT, {"Date": "Mon, 23 Nov 2026 08:30:00"}), "no zone"),
    "headers_twice": text(_double(), "every header twice"),
    "headers_spaced": text(letter("spaced", TEXT).replace(b"Subject:", b"Subject :"), "a space before the colon"),
    "headers_lower_case": text(letter("lower", TEXT, {"x": "y"}).replace(b"From:", b"from:").replace(b"To:", b"TO:"), "any case"),
    "header_without_a_name": text(b": tanpa nama\r\n" + letter("noname", TEXT, {"Subject": None}), "nothing before the colon"),
    "header_with_null": text(letter("headnull", TEXT, {"X-Aneh": "a\0b"}), "a NUL in a header"),
    "id_missing": text(letter("", f"{WATER} Surat tanpa tanda.", {"Message-ID": None}), "no Message-ID"),
    "id_without_brackets": text(letter("", f"{WATER} Tanda tanpa kurung.", {"Message-ID": "polos@example.com"}), "no brackets"),
    "id_too_long": text(
        letter("", f"{WATER} Tanda panjang.", {"Message-ID": f"<{'x' * 900}@example.com>"}), "1,000 characters of ID"
    ),
    "references_encoded": text(letter("refs", TEXT, {"References": "=?utf-8?q?=3Csatu=40example=2Ecom=3E?="}), "as Outlook does"),
    "references_thousand": text(
        letter("thousand", TEXT, {"References": "\r\n ".join(f"<{n}@example.com>" for n in range(1000))}), "a very long thread"
    ),
    "answers_wanted_elsewhere": text(letter("replyto", TEXT, {"Reply-To": "lain@contoh.invalid"}), "answers wanted elsewhere"),
    "mbox_line_first": text(b"From karto@example.com Mon Nov 23 08:30:00 2026\r\n" + letter("mbox", TEXT), "from an mbox"),
    "byte_order_mark_first": text(b"\xef\xbb\xbf" + letter("bom", TEXT), "a BOM before the first header"),
    "blank_lines_first": text(b"\r\n\r\n" + letter("blank", TEXT), "empty lines before the first header"),
    "twice_the_first": text(letter("same", f"{TEXT} Surat yang sama."), "one letter, from the inbox"),
    "twice_the_second": text(letter("same", f"{TEXT} Surat yang sama."), "the same letter, from the spam folder"),
    "same_id_other_letter": text(letter("same", LAMP, {"Subject": "Lampu"}), "another letter under the same Message-ID"),
}
