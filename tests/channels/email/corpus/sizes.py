"""Too many, too deep, too long: each must be read in a moment."""

from tests.channels.email.corpus.build import DESK, LAMP, TEXT, WATER, Nasty, letter, many, parted, photo, piece, quarantine, text

_NEST = b"".join(b'--n%d\r\nContent-Type: multipart/mixed; boundary="n%d"\r\n\r\n' % (n, n + 1) for n in range(2000))
_LETTERS = b"Content-Type: message/rfc822\r\n\r\n" * 2000
_WORDS = "Jalan rusak parah di RT 03. " * 1500
MESSAGES: dict[str, Nasty] = {
    "huge_nest_of_parts": quarantine(
        letter("nest2000", _NEST + TEXT.encode(), kind='multipart/mixed; boundary="n0"'), "2,000 deep"
    ),
    "huge_nest_of_letters": quarantine(
        letter("letters", _LETTERS + TEXT.encode(), kind="message/rfc822"), "a letter in a letter in a"
    ),
    "huge_number_of_parts": quarantine(parted("p600", piece(TEXT), *(photo(f"{n}.png") for n in range(600))), "600 parts"),
    "huge_number_of_recipients": text(
        letter("r10000", TEXT, {"To": ",\r\n ".join(f"w{n}@example.com" for n in range(10_000)), "Delivered-To": DESK}),
        "10,000 recipients",
    ),
    "huge_line": text(letter("line", f"{LAMP} " + "x" * 1_000_000), "one line of a megabyte"),
    "huge_header": text(letter("header", WATER, {"X-Panjang": "x" * 1_000_000}), "a header of a megabyte"),
    "huge_subject": text(letter("subject", WATER, {"Subject": "=?utf-8?q?a" * 20_000}), "a subject of begun words"),
    "huge_number_of_headers": text(letter("headers", LAMP, {f"X-{n}": "a" for n in range(25_000)}), "25,000 headers"),
    "huge_text": text(letter("text", _WORDS), "twice as long as a complaint may be"),
    "huge_quote": text(letter("quote", f"{LAMP}\r\n" + "> kutipan\r\n" * 20_000), "twenty thousand lines quoted"),
    "huge_page_of_tags": text(letter("tags", f"<p>{TEXT}</p>" + "<b>" * 100_000, kind="text/html"), "a hundred thousand tags"),
    "huge_page_of_quotes": text(
        letter("cites", f"<p>{TEXT}</p>" + "<blockquote type=cite>" * 5000 + "x", kind="text/html"), "5,000 deep"
    ),
    "huge_page_unfinished": text(
        letter("unfinished", f"<p>{WATER}</p>" + '<a b=">" ' * 40_000, kind="text/html"), "never a whole tag"
    ),
    "huge_parameters": text(
        letter("params", WATER, kind='text/plain; a="' + ";" * 50_000), "parameters that take time by the square"
    ),
    "huge_number_of_empty_parts": quarantine(
        letter("marks", many(piece(TEXT), end=False) + b"--batas\r\n\r\n" * 20_000, kind='multipart/mixed; boundary="batas"'),
        "20,000 parts of nothing",
    ),
    "huge_tail_after_the_end": text(
        letter("tail", many(piece(LAMP)) + b"--batas\r\n\r\n" * 20_000, kind='multipart/mixed; boundary="batas"'),
        "goes on after its end",
    ),
}
