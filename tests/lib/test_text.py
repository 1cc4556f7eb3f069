"""Text as people write it, kept; and what searching makes of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.lib.text import clean, has_object, looks_like_spam, one_line, search_words, words
from tests.hard_cases.texts import COMPLAINTS

quick = settings(max_examples=100, deadline=None)
GREETINGS = (
    "test", "tes", "p", "P", "ping", "assalamualaikum", "Assalamu'alaikum", "halo min", "pagi pak", "kulo nuwun", "Permisi 🙏",
    "", "   ", "...", "😡😡", "👍", "test test test", "jalan", "?",
)  # fmt: skip


def test_emoji_and_marks_stay_byte_for_byte() -> None:
    typed = "lampu mati lg 😡😡 udh 2mgg!!! 🙏🙏 👨‍👩‍👧 ꦏꦺꦤ꧀ꦛꦺꦴꦔꦤ꧀"
    assert clean(typed).encode() == typed.encode()


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\u2028", "\ufeff"])
def test_what_nobody_types_on_purpose_goes(control: str) -> None:
    assert clean(f"jalan{control} rusak") == "jalan rusak"


def test_lines_end_in_one_way_and_tabs_stay() -> None:
    assert clean("satu\r\ndua\rtiga\n\tempat\r\n") == "satu\ndua\ntiga\n\tempat"


@quick
@given(st.text())
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    assert clean(clean(typed)) == clean(typed)


@quick
@given(st.text(), st.integers(10, 120))
def test_one_line_is_one_line_and_no_longer_than_asked(typed: str, length: int) -> None:
    line = one_line(typed, length)
    assert "\n" not in line
    assert len(line) <= length


@pytest.mark.parametrize("typed", GREETINGS)
def test_a_greeting_has_no_object(typed: str) -> None:
    assert not has_object(typed)


@pytest.mark.parametrize("typed", COMPLAINTS)
def test_every_real_complaint_of_one_line_has_an_object(typed: str) -> None:
    assert has_object(typed)


@pytest.mark.parametrize(
    "typed", ["Lampu jalan mati", "Air PAMSIMAS mati", "Jembatan rusak", "banyune mati", "Assalamualaikum, jalan rusak"]
)
def test_the_shortest_complaints_have_one_too(typed: str) -> None:
    assert has_object(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "PINJAMAN cepat cair, klik https://contoh.example/pinjam",
        "Slot gacor bonus jackpot promo",
        "http://a.example http://b.example www.c.example",
    ],
)
def test_advertising_is_noticed(typed: str) -> None:
    assert looks_like_spam(typed)


@pytest.mark.parametrize(
    "typed", [*COMPLAINTS, "Foto jalan rusak ada di https://foto.example/1", "Warga resah judi togel di pos ronda tiap malam"]
)
def test_no_real_complaint_is_taken_for_advertising(typed: str) -> None:
    assert not looks_like_spam(typed)


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [
        ("Kulo nuwun, dalan ngarep griyane inyong rusak nemen", "jalan rusak"),
        ("Banyune mati wis telung dina", "air mati"),
        ("pk kds jln dpn rmh sy rsk prh tlg dbnrin y", "kades jalan depan rumah rusak parah tolong"),
        ("umahe bocah kuwe ora nana lampune", "rumah anak tidak lampu"),
        ("Cepetan ya Pak Lurah", "kades"),
        ("kretek ning kali ambrol", "jembatan sungai"),
    ],
)
def test_banyumasan_and_slang_are_found_by_the_standard_word(written: str, looked_for: str) -> None:
    assert set(search_words(looked_for)) <= set(search_words(written))


def test_stems_bring_forms_of_a_word_together() -> None:
    assert search_words("perbaikan jalan-jalan") == search_words("perbaikan JALAN jalan")
    assert search_words("lampunya") == search_words("lampu")


@quick
@given(st.text())
def test_search_words_are_plain_words_whatever_the_text(typed: str) -> None:
    assert all(word and len(word) <= 60 and "_" not in word and '"' not in word and "'" not in word for word in words(typed))
    assert search_words(typed) == search_words(typed.upper().lower()) or not typed.isascii()
