"""What an agency reads without consent: no name in any of its spellings, no number that leads to somebody, and the matter itself whole."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kentongan.lib.masking import MASK, holds, masked
from kentongan.lib.ordinary_words import ORDINARY

NAME = "Karto Wiryo Sari"
MATTER = "Jalan di depan mushola berlubang besar sejak 08-11-2026 pukul 08.30, butuh Rp 12.500.000 untuk RT 003/RW 002."


def told(text: str, name: str = NAME, **more: object) -> str:
    return masked(text, names=[name], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        "Karto Wiryo Sari", "KARTO", "wiryo", "Pak Karto", "pak  sari", "Bu Sari", "Mbah Karto", "Kartonya", "Kartone", "Karto-Wiryo",
        "kartowiryosari88", "@karto_w", "Wiryo Karto", "K\u200barto", "Ｋａｒｔｏ", "Kárto", "ka\u0301rto", "saya Sari", "nama: Sari", "Karto\nWiryo",
    ],
)  # fmt: skip
def test_a_name_goes_in_every_spelling(words: str) -> None:
    text = told(f"Lampu mati di rumah, {words} sudah lapor.").casefold()
    assert text.startswith("lampu mati di rumah, ")
    assert text.endswith(" sudah lapor.")
    assert not re.search("kar|wiry|sari|ｋａｒ|kár", text)


@pytest.mark.parametrize(
    "number",
    [
        "085141182163", "0851-4118-2163", "0851 4118 2163", "0851.4118.2163", "(0851) 4118 2163", "0 8 5 1 4 1 1 8 2 1 6 3", "+6285141182163",
        "+62 851-4118-2163", "+ 62 851 4118 2163", "62851 4118 2163", "+62 (0)851 4118 2163", "851-4118-2163", "85141182163", "０８５１４１１８２１６３",
        "٠٨٥١٤١١٨٢١٦٣", "0851/4118/2163", "0851–4118–2163", "(0282) 555-0100", "02825550100", "+62 282 5550100",
        "3301021234567890", "3301 0212 3456 7890", "33.01.02.123456.7890", "karto@example.com", "karto.w+1@mail.example.co.id", "karto(at)example.com",
        "karto＠example．com",
    ],
)  # fmt: skip
def test_a_number_that_leads_to_somebody_goes_in_every_spelling(number: str) -> None:
    assert told(f"Hubungi {number} ya.") == f"Hubungi {MASK} ya."


@pytest.mark.parametrize(
    "words",
    [
        MATTER, "Rp 850.000.000 dan 628.000.000 rupiah", "ID pelanggan 523012345678", "tahun 2024/2025", "surat 490/001/2026", "0,85 km",
        "tanggal 8/12/2026 10.30", "nomor 2026-0212 pukul 10.30", "112 atau 110", "sari tebu tumpah",
        "gelap… parah “sekali” ½ meter 😢",
        "panjang 1.250 m", "sejak 08.00-11.00",
    ],
)  # fmt: skip
def test_the_matter_stays_whole(words: str) -> None:
    assert told(words) == words


def test_a_place_stays_though_somebody_bears_its_name_and_an_address_goes_as_people_write_it() -> None:
    assert told("Banjir di Wiryo.", kept=["Wiryo Lor"]) == "Banjir di Wiryo."
    for address in ("Jalan Melati 4", "Jl. Melati no. 4", "jln melati No 4", "JALAN MELATI 4"):
        assert told(f"Di {address} banjir.", addresses=["Jalan Melati 4"]) == f"Di {MASK} banjir."
    assert told("Di Jalan Melati banjir.", addresses=["Jalan Melati 4"]) == "Di Jalan Melati banjir."
    assert told("Di Karanganyar banjir.", addresses=["Karanganyar"], kept=["Karanganyar"]) == "Di Karanganyar banjir."


def test_a_common_word_is_a_name_only_where_it_is_meant_as_one() -> None:
    assert (
        told("Alhamdulillah slamet. Slamet jatuh. Kata Pak slamet.", "Slamet")
        == f"Alhamdulillah slamet. {MASK} jatuh. Kata {MASK}."
    )
    assert told("Bapak dan ibu warga resah.", "Ibu") == "Bapak dan ibu warga resah."
    assert told("Kelompok tani Ngudi Luhur rugi.", "Kelompok Tani Ngudi Luhur") == f"{MASK} rugi."


def test_neighbours_of_other_names_stay() -> None:
    assert told("Pak Joko dan Bu Lastri melihat Karto.") == f"Pak Joko dan Bu Lastri melihat {MASK}."


NAMES = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=9).filter(lambda w: w not in ORDINARY), min_size=1, max_size=3
)
FILLING = st.text(st.characters(codec="utf-8", exclude_characters="0123456789@"), max_size=60)


@given(NAMES, st.lists(FILLING, min_size=2, max_size=5), st.booleans())
def test_no_word_of_a_name_survives_between_whatever_else(name: list[str], filling: list[str], shouted: bool) -> None:
    words = [word.upper() if shouted else word for word in name]
    text = " , ".join(part for pair in zip(filling, words, strict=False) for part in pair)
    left = {word.casefold() for word in re.findall(r"[a-zA-Z]+", told(text, " ".join(name)))}
    assert not left & set(name[: len(filling)]) - {word.casefold() for word in re.findall(r"\w+", MASK)}


@given(st.text(max_size=300), st.text(max_size=40))
def test_it_takes_any_text_and_masking_twice_changes_nothing_more(text: str, name: str) -> None:
    once = told(text, name)
    assert told(once, name) == once or MASK in once


@given(
    st.lists(st.integers(0, 9), min_size=8, max_size=10),
    st.lists(st.sampled_from(["", " ", "-", ".", " - ", "/"]), min_size=12, max_size=12),
)
def test_a_mobile_number_is_found_whatever_stands_between_its_digits(digits: list[int], between: list[str]) -> None:
    number = "08" + "".join(f"{gap}{digit}" for gap, digit in zip(between, digits, strict=False))
    assert re.sub(r"\D", "", told(f"HP {number} ya")) == "" or re.match(r"08?[\s./-]", number)


def test_whether_words_name_somebody_outright() -> None:
    person = {"name": "Karto Wiryo", "phone": "+6285141182163", "email": "karto@example.com"}
    for words in ("Mohon hubungi karto  wiryo.", "HP 0851-4118-2163", "surat ke KARTO@example.com"):
        assert holds(words, **person)
    for words in ("Mohon jalan diperbaiki.", "Karto saja", "telepon desa 0282-5550100", ""):
        assert not holds(words, **person)
    assert not holds("apa saja", name="", phone="", email="")


@pytest.mark.parametrize(
    "piece", ["a", "1", "08", "0 8 ", "1.", ".000", "a.", "karto ", "(", "a @ ", "@a.", "6-2-8-", "8" + " 1"]
)
def test_a_text_made_to_keep_the_machine_busy_does_not(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    began = time.perf_counter()
    told(text, addresses=["Jalan Melati 4"])
    assert time.perf_counter() - began < 4, "half a minute before the patterns were bounded; a tenth of a second now"
