"""A letter as people meant it, whatever the bytes: every letter of the corpus, and what no corpus can hold."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.channels.email import body, charsets, letter, mime
from kentongan.channels.email.letter import Letter, read
from kentongan.lib.text import LIMIT, clean, has_object, looks_like_spam
from tests.channels.email import corpus
from tests.channels.email.corpus.build import DESK, DITCH, LAMP, PDF, PICTURE, TEXT, WATER, many, octets, parted, photo, piece
from tests.channels.email.corpus.build import letter as written

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
ALL = corpus.all_messages()
SMALL = [nasty.raw for nasty in ALL.values() if len(nasty.raw) < 20_000]
quick = settings(max_examples=150, deadline=None)
KINDS = {"", "auto-submitted", "bulk", "list", "bounce", "out-of-office"}
TROUBLES = {"", "encrypted", "parts", "broken"}


def outcome(read_letter: Letter) -> str:
    if read_letter.automatic:
        return "automatic"
    said = read_letter.text if has_object(read_letter.text) else f"{read_letter.subject}\n\n{read_letter.text}"
    kept_back = read_letter.trouble or read_letter.quiet or looks_like_spam(said) or not has_object(said)
    return "quarantine" if kept_back else "text"


def of(name: str, receiver: str = "") -> Letter:
    return read(ALL[name].raw, receiver=receiver, now=NOW)


def strictly(raw: bytes, receiver: str = "") -> Letter:
    """``read`` without its net: a fault of ours is raised."""
    whole, left_out = mime.split(raw)
    return letter._with_body(letter._envelope(whole, receiver, NOW), whole, left_out)


def is_sound(seen: Letter) -> None:
    for text in (seen.text, seen.folded):
        assert len(text) <= LIMIT
        assert clean(text) == text
    for line, most in ((seen.subject, 200), (seen.sender_name, 100), (seen.sender, 320), (seen.message_id, 310)):
        assert len(line) <= most
        assert clean(line) == line
        assert "\n" not in line
    assert seen.sender == "" or "@" in seen.sender
    assert len(seen.recipients) <= 100
    assert len(seen.references) <= 50
    assert len(seen.files) <= 100
    assert all(len(file.name) <= 120 and not set(file.name) & set("/\\\0\n\r\x1b") for file in seen.files)
    assert seen.automatic in KINDS
    assert seen.trouble in TROUBLES
    assert (seen.bounce is not None) == (seen.automatic == "bounce")
    assert seen.quiet or not seen.automatic
    assert repr(seen).encode()  # every text in it can be written down


# --- the corpus ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_every_letter_of_the_corpus_becomes_what_it_should(name: str) -> None:
    seen = of(name)
    assert outcome(seen) == ALL[name].expect, ALL[name].why
    is_sound(seen)
    assert strictly(ALL[name].raw) == seen


def test_the_corpus_is_large_and_no_letter_is_in_it_twice() -> None:
    assert len(ALL) >= 130
    assert len({nasty.raw for nasty in ALL.values()}) == len(ALL) - 1
    assert ALL["twice_the_first"].raw == ALL["twice_the_second"].raw
    assert {nasty.expect for nasty in ALL.values()} == {"text", "quarantine", "automatic"}


# --- whatever the bytes -------------------------------------------------------------------------------------------------


@quick
@given(st.binary(max_size=600))
def test_any_bytes_are_read(raw: bytes) -> None:
    is_sound(strictly(raw))


@quick
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                "From To Subject Date Message-ID References In-Reply-To Content-Type Content-Transfer-Encoding Content-Disposition "
                "Authentication-Results Received Return-Path Auto-Submitted".split()
            ),
            st.one_of(
                st.binary(max_size=60),
                st.sampled_from(
                    [b"multipart/mixed; boundary=b", b"multipart/report", b"message/rfc822", b"text/html", b"base64", b"<a@b>"]
                ),
            ),
        ),
        max_size=12,
    ),
    st.lists(
        st.sampled_from([b"--b\n", b"--b--\n", b"\n", b"> ", b"On 2026 a@b wrote:\n", b"<p", b"=?utf-8?q?", b"\xff\0", b"QUJD"]),
        max_size=30,
    ),
)
def test_any_soup_of_headers_is_read(fields: list[tuple[str, bytes]], body_of: list[bytes]) -> None:
    raw = b"".join(name.encode() + b": " + value + b"\n" for name, value in fields) + b"\n" + b"".join(body_of)
    is_sound(strictly(raw, "mx.example"))


@quick
@given(st.sampled_from(SMALL), st.floats(0, 1), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=20))
def test_any_damage_on_the_way_is_survived(raw: bytes, cut: float, flipped: list[tuple[float, int]]) -> None:
    damaged = bytearray(raw[: int(len(raw) * max(cut, 0.2))])
    for where, value in flipped:
        if damaged:
            damaged[int(where * (len(damaged) - 1))] = value
    is_sound(strictly(bytes(damaged)))


def test_a_fault_of_ours_is_no_fault_of_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(whole: object) -> None:
        raise RecursionError

    monkeypatch.setattr(letter, "collect", fails)
    seen = of("from_encoded_name")
    assert (seen.trouble, seen.sender, seen.sender_name) == ("broken", "karto@example.com", "Karto Wiryó")


@pytest.mark.parametrize(
    "inside",
    [
        "<",
        '<a b=">" ',
        "<!--",
        "<b>",
        "&#",
        "<p class='\"",
        ">\n",
        "-- \n",
        "On <a@b> \n",
        "--b\n\n",
        "\n--bx",
        "=?a?q?",
        "-----BEGIN PGP SIGNED MESSAGE-----\n",
    ],
)
@pytest.mark.parametrize("kind", ["text/html", "text/plain; format=flowed", "multipart/mixed; boundary=b"])
def test_time_does_not_grow_by_the_square(inside: str, kind: str) -> None:
    raw = written("long", inside * (2_000_000 // len(inside)), kind=kind)
    started = time.perf_counter()
    read(raw, now=NOW)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    "name", ["From", "To", "Subject", "References", "In-Reply-To", "Authentication-Results", "Content-Type", "Date"]
)
def test_a_header_of_a_megabyte_takes_a_moment(name: str) -> None:
    for inside in ("(", '"<', "=?a?q?", "a@b, ", "<a@b> ", ';"', " "):
        raw = octets(f"{name}: x; ") + octets(inside) * (1_000_000 // len(inside)) + b"x\r\nReceived: y\r\n\r\n" + octets(TEXT)
        started = time.perf_counter()
        assert read(raw, now=NOW).text == TEXT
        assert time.perf_counter() - started < 5


# --- who, to whom, when, about what -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sender", "sender_name"),
    [
        ("from_encoded_with_comma", "karto@example.com", "Wiryo, Karto"),
        ("from_comma_unquoted", "karto@example.com", "Wiryo, Karto"),
        ("from_8bit_name", "karto@example.com", "Kartó Wiryo"),
        ("from_address_as_name", "jauh@example.com", ""),
        ("from_two_addresses", "karto@example.com", "Karto"),
        ("from_group", "karto@example.com", ""),
        ("from_upper_case", "karto@example.com", ""),
        ("from_encoded_whole", "karto@example.com", "Karto"),
        ("from_newline_in_name", "karto@example.com", "Karto Bcc: x@example.com"),
        ("from_only_a_name", "", "Karto Wiryo"),
        ("from_empty", "", ""),
        ("headers_twice", "karto@example.com", "Karto Wiryo"),
    ],
)
def test_the_sender_is_the_address_not_what_is_painted_on_it(name: str, sender: str, sender_name: str) -> None:
    assert (of(name).sender, of(name).sender_name) == (sender, sender_name)


def test_where_a_letter_arrived_is_known_among_ten_thousand_recipients() -> None:
    recipients = of("huge_number_of_recipients").recipients
    assert recipients[0] == DESK
    assert len(recipients) == 100


def test_a_mark_in_the_address_is_kept() -> None:
    assert of("to_plus_address").recipients == (DESK.replace("@", "+k12-abcdefghijklmnop@"),)


@pytest.mark.parametrize("name", ["date_missing", "date_garbage", "date_future", "date_1970", "date_year_zero"])
def test_a_date_that_cannot_be_is_none(name: str) -> None:
    assert of(name).date is None


def test_a_date_has_its_zone() -> None:
    assert of("charset_plain_ascii").date == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert of("date_without_zone").date == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert read(ALL["date_missing"].raw + b"x", now=NOW).date is None
    assert read(written("soon", changed={"Date": "Thu, 26 Nov 2026 02:00:00 +0000"}), now=NOW).date == NOW + timedelta(hours=23)


def test_the_letter_that_is_answered_comes_first_and_the_newest_last() -> None:
    seen = read(written("thread", changed={"In-Reply-To": "<c@d>", "References": "<a@b> <c@d>\r\n <e@f>"}), now=NOW)
    assert seen.references == ("<c@d>", "<a@b>", "<e@f>")
    assert of("references_encoded").references == ("<satu@example.com>",)
    assert of("references_thousand").references[-1] == "<999@example.com>"


def test_a_message_id_is_whole_or_not_there() -> None:
    assert of("charset_plain_ascii").message_id == "<ascii@example.com>"
    assert of("id_without_brackets").message_id == "<polos@example.com>"
    assert of("id_missing").message_id == of("id_too_long").message_id == ""


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("subject_encoded", "Lampu mati 😡"),
        ("subject_split_in_a_letter", "😡 lampu"),
        ("subject_8bit", DITCH),
        ("subject_with_newline", "Jalan To: x"),
        ("subject_missing", ""),
    ],
)
def test_a_subject_is_one_line(name: str, subject: str) -> None:
    assert of(name).subject == subject


# --- text and files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in ALL if name.startswith("charset_emoji")] + ["charset_utf16", "charset_utf7"])
def test_emoji_stay_byte_for_byte(name: str) -> None:
    assert of(name).text.encode() == DITCH.encode()


def test_a_wrong_charset_is_seen_through() -> None:
    for name in ("charset_undeclared_cp1252", "charset_latin1_is_cp1252", "charset_utf8_is_cp1252"):
        assert of(name).text.startswith("Warga bernama José dan Günther")
    assert of("charset_latin1_is_utf8").text == DITCH
    assert of("charset_utf16_is_ascii").text == WATER


@pytest.mark.parametrize(
    "charset", ["zlib", "hex", "rot13", "punycode", "idna", "undefined", "unicode_escape", "", "x" * 99, "\0"]
)
def test_what_is_no_charset_decodes_nothing(charset: str) -> None:
    assert charsets.decoded(LAMP.encode(), charset) == LAMP


def test_flowed_lines_are_paragraphs_again() -> None:
    assert of("text_flowed").text == "Jalan di depan mushola berlubang besar.\n\nSpasi"
    assert of("text_flowed_delsp").text == "Jalan di depan mushola berlubang besar."


def test_two_versions_are_one_text() -> None:
    for name in ("parts_alternative", "parts_alternative_reversed", "parts_alternative_apple", "parts_page_beside_its_text"):
        assert of(name).text == TEXT
    assert of("parts_alternative_plain_empty").text == LAMP


def test_a_lost_boundary_is_found_again() -> None:
    for name in ("parts_without_boundary_named", "parts_with_wrong_boundary", "parts_in_base64"):
        assert of(name).text == TEXT
        assert [file.content for file in of(name).files] == [PICTURE]


def test_a_letter_attached_is_folded_unless_it_is_all_there_is() -> None:
    attached = of("nested_message_in_message")
    assert (attached.text, attached.folded) == (TEXT, f"Karto Wiryo <karto@example.com>\nLampu mati\n\n{LAMP}")
    assert of("nested_message_alone").text == attached.folded


def test_files_of_a_letter_attached_come_along() -> None:
    inner = written("inner2", many(piece(LAMP), photo("dalam.png"), boundary="dlm"), kind="multipart/mixed; boundary=dlm")
    seen = read(parted("outer2", piece(TEXT), piece(inner, "message/rfc822"), photo("luar.png")), now=NOW)
    assert [file.name for file in seen.files] == ["dalam.png", "luar.png"]


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("file_name_2231", "jalan rusak 😡.png"),
        ("file_name_2231_split", "jalan rusak sekali.png"),
        ("file_name_2231_shuffled", "ab.png"),
        ("file_name_2047", "jalan rusak 😡.png"),
        ("file_name_8bit", "jalan rusak é.png"),
        ("file_name_only_in_type", "dari tipe.png"),
        ("file_name_unclosed", "jalan.png"),
        ("file_name_climbs", "passwd"),
        ("file_name_of_windows", "jalan.png"),
        ("file_name_only_dots", ""),
        ("file_name_with_controls", "jalan[2J.png"),
        ("file_name_turned_around", "fotognp.exe"),
        ("file_without_a_name", ""),
        ("parts_related", ""),
    ],
)
def test_a_file_has_the_name_it_was_given_and_nothing_that_harms(name: str, called: str) -> None:
    assert [file.name for file in of(name).files] == [called]
    assert of(name).files[0].content == PICTURE


def test_a_long_name_keeps_its_ending() -> None:
    name = of("file_name_endless").files[0].name
    assert (len(name), name[-4:]) == (120, ".png")


def test_a_text_attached_is_a_file_and_a_file_cut_short_is_still_one() -> None:
    assert [(file.name, file.content.decode()) for file in of("file_text_attached").files] == [("catatan.txt", WATER)]
    assert of("file_text_inline_named").text == LAMP
    assert of("file_pdf_in_broken_base64").files[0].content.startswith(PDF[:60])


def test_more_than_a_hundred_files_are_not_held() -> None:
    assert len(of("huge_number_of_parts").files) == body.MOST_FILES


def test_what_is_too_long_goes_on_in_what_is_folded() -> None:
    seen = of("huge_text")
    assert (len(seen.text), seen.folded[:15]) == (LIMIT, ("Jalan rusak parah di RT 03. " * 1500)[LIMIT : LIMIT + 15])


# --- signed, locked, too much -------------------------------------------------------------------------------------------


def test_signed_letters_are_read_and_their_signatures_are_no_files() -> None:
    assert of("signed_smime").text == of("signed_pgp_mime").text == TEXT
    assert of("signed_smime_opaque").text == LAMP
    assert of("signed_smime_opaque_in_pieces").text == WATER
    assert of("signed_pgp_inline").text == f"{TEXT}\n-- catatan"
    assert not any(seen.files or seen.trouble for seen in map(of, [name for name in ALL if name.startswith("signed_")]))


@pytest.mark.parametrize("name", [name for name in ALL if name.startswith("locked_")])
def test_locked_letters_say_so(name: str) -> None:
    assert of(name).trouble == "encrypted"


def test_a_locked_part_beside_a_readable_text_is_no_trouble() -> None:
    beside = parted("beside2", piece(TEXT), piece("eA==", "application/pkcs7-mime", content_transfer_encoding="base64"))
    assert (read(beside, now=NOW).trouble, read(beside, now=NOW).text) == ("", TEXT)


def test_parts_are_counted_and_nests_are_measured() -> None:
    assert of("huge_nest_of_parts").trouble == of("huge_nest_of_letters").trouble == "parts"
    assert of("huge_number_of_parts").trouble == of("huge_number_of_empty_parts").trouble == "parts"
    assert of("huge_number_of_parts").text == TEXT
    assert of("nested_twenty_deep").trouble == ""
    almost = written("p490", many(*[piece(str(n)) for n in range(490)]), kind="multipart/mixed; boundary=batas")
    assert read(almost, now=NOW).trouble == ""


def test_bytes_that_are_no_letter_are_broken() -> None:
    assert of("body_is_rubbish").trouble == "broken"
    assert of("body_without_headers").trouble == of("silent_no_bytes").trouble == ""
