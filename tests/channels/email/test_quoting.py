"""What is new in a letter and what is only carried along: folded, never thrown away."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.channels.email.letter import read
from kentongan.channels.email.quoting import split, unflowed
from tests.channels.email import corpus
from tests.channels.email.corpus.build import LAMP, TEXT, WATER

ALL = corpus.all_messages()
ANSWERED = "Pengaduan Anda sudah kami terima."
QUOTE = f"> {ANSWERED}\n> Nomornya ada di bawah."


@pytest.mark.parametrize("name", [name for name in ALL if name.startswith("reply_")])
def test_of_an_answer_only_what_is_new_is_left(name: str) -> None:
    seen = read(ALL[name].raw)
    assert "terima" not in seen.text
    assert not re.search(r"^>|wrote|menulis|Original|Asli|^From|^Dari", seen.text, re.MULTILINE)
    assert seen.folded


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, Nov 23, 2026 at 8:30 AM Desa X <desa@example.com> wrote:",
        "On Mon, Nov 23, 2026 at 8:30 AM Desa X <\ndesa@example.com> wrote:",
        "Pada tanggal Sen, 23 Nov 2026 pukul 08.30 Desa X <a@example.com> menulis:",
        "Pada tanggal Sen, 23 Nov 2026 pukul 08.30\nDesk Pengaduan Desa Kuripan Kidul\n<a@example.com> menulis:",
        "Pada Senin, 23 November 2026 08.30.15 WIB, Desa X <a@example.com> menulis:",
        "Pada 23/11/2026 08.30, Desa X menulis:",
        "Desa X <a@example.com> menulis :",
        "2026-11-23 8:30 GMT+07:00 Desa X <a@example.com>:",
    ],
)
def test_who_wrote_what_follows_is_folded_with_it(attribution: str) -> None:
    assert split(f"{TEXT}\n\n{attribution}\n{QUOTE}") == (TEXT, f"{attribution}\n{QUOTE}")
    assert split(f"{attribution}\n\n{QUOTE}\n\n{TEXT}")[0] == TEXT
    assert split(f"{TEXT}\n\n{attribution}\n\n{ANSWERED}\nLebih jauh.")[0] == TEXT
    assert split(f"{attribution}\n{QUOTE}")[0] == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "Pada rapat RT kemarin Pak Dukuh menulis:\njalan akan dibangun",
        "On the board somebody wrote:\nroad closed",
        "Dari: warga RT 03\nKepada: Kepala Desa\nPerihal: jalan rusak\n\nJalan rusak parah.",
        "Dari: warga RT 03\nTanggal: 23.11.2026\nPerihal: jalan rusak\n\nJalan rusak parah.",
        "Dikirim dari kecamatan, surat saya tidak pernah sampai",
        "Jalan rusak\n--\n" + "Lampu juga mati\n" * 13 + "semua gelap",
        "Pesan saya yang diteruskan ke kecamatan tidak dijawab",
    ],
)
def test_peoples_own_words_are_not_taken_for_a_programmes(sentence: str) -> None:
    assert split(f"Yth. Bapak,\n{sentence}") == (f"Yth. Bapak,\n{sentence}", "")


@pytest.mark.parametrize(
    "head",
    [
        "-----Original Message-----",
        "-----Pesan Asli-----",
        "________________________________\nFrom: Desa <a@example.com>\nSent: Monday, 23 November 2026 8:30\nTo: Karto\nSubject: x\n",
        "*Dari:* Desa\n*Dikirim:* Senin, 23 November 2026 08.30\n*Kepada:* Karto\n*Subjek:* x\n",
    ],
)
def test_below_the_head_of_the_letter_that_is_answered_all_is_folded(head: str) -> None:
    new, old = split(f"{TEXT}\n\n{head}\n{ANSWERED}", "Re: x")
    assert new == TEXT
    assert ANSWERED in old
    assert split(f"Ya.\n\n{head}\n{ANSWERED}", "Re: x")[0] == "Ya."
    assert split(f"\n{head}\n{ANSWERED}", "Re: x")[0] == ""
    assert ANSWERED in split(f"\n{head}\n{LAMP} {ANSWERED}", "FW: x")[0]


def test_answers_between_the_lines_stay_and_the_questions_go() -> None:
    new, old = split("On 2026-11-23 desa@example.com wrote:\n> Di mana?\nDi depan mushola.\n> Sejak kapan?\nDua minggu.")
    assert new == "Di depan mushola.\nDua minggu."
    assert old.endswith("> Di mana?\n> Sejak kapan?")


@pytest.mark.parametrize(
    "line",
    [
        "---------- Forwarded message ---------",
        "---------- Pesan terusan ---------",
        "-------- Pesan yang Diteruskan --------",
        "Begin forwarded message:",
    ],
)
def test_a_pure_forward_is_the_letter_and_a_remark_is_more_than_it(line: str) -> None:
    carried = f"From: Sari <sari@example.com>\nSubject: Lampu\n\n{LAMP}"
    assert split(f"{line}\n{carried}") == (carried, "")
    assert split(f"Halo\n\n{line}\n{carried}") == (f"Halo\n\n{carried}", "")
    assert split(f"Halo\n-- \nKarto\n\n{line}\n{carried}")[0].endswith(LAMP)
    new, old = split(f"{TEXT}\n\n{line}\n{carried}")
    assert (new, old) == (TEXT, f"{line}\n{carried}")


def test_a_forward_inside_of_a_quote_is_part_of_the_quote() -> None:
    answered = f"On 2026-11-23 a@example.com wrote:\n> ---------- Forwarded message ---------\n> {LAMP}\n{TEXT}"
    assert split(answered)[0] == TEXT


def test_quotes_of_nobody_are_the_letter() -> None:
    assert split(f"> {WATER}\n> > Terima kasih.") == (f"{WATER}\nTerima kasih.", "")


@pytest.mark.parametrize("dashes", ["-- ", "--"])
def test_a_signature_is_folded_unless_it_is_all_there_is(dashes: str) -> None:
    assert split(f"{TEXT}\n{dashes}\nKarto\nRT 03") == (TEXT, f"{dashes}\nKarto\nRT 03")
    assert split(f"{dashes}\nKarto\nRT 03") == ("Karto\nRT 03", "")
    assert split(f"{TEXT}\n{dashes}\nKarto\n\n{QUOTE}\n\nSudah lama.")[0] == f"{TEXT}\n\nSudah lama."


@pytest.mark.parametrize(
    "line",
    [
        "Dikirim dari iPhone saya",
        "Dikirim dari ponsel saya",
        "Dikirim dari Yahoo Mail di Android",
        "Sent from my iPhone",
        "Sent from my Galaxy",
        "Sent from Mail for Windows",
        "Get Outlook for iOS",
        "Dapatkan Outlook untuk Android<https://aka.ms/AAb9ysg>",
    ],
)
def test_what_a_telephone_adds_is_folded_and_never_the_letter(line: str) -> None:
    assert split(f"{TEXT}\n\n{line}") == (TEXT, line)
    assert split(line) == ("", line)
    assert split(f"{line}\n\n{TEXT}")[0] == TEXT


def test_flowed_quotes_keep_their_depth() -> None:
    assert unflowed("> satu \n> dua\n>> tiga \nempat \nlima") == "> satu dua\n> tiga \nempat lima"
    assert unflowed("satu \n-- \nKarto") == "satu \n-- \nKarto"
    assert unflowed(" >bukan kutipan\n From sini") == ">bukan kutipan\nFrom sini"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["", "-- ", "--", "> kutipan", ">> dalam", "jalan rusak", "On 2026 a@b wrote:", "Pada 08.30", "menulis:", "_____", "Sent from my iPhone",
             "From: a", "Sent: 8:30", "To: b", "-----Original Message-----", "---------- Forwarded message ---------", ">From sini"]
        ),
        max_size=14,
    )
)  # fmt: skip
def test_no_line_is_lost_whatever_stands_where(lines: list[str]) -> None:
    new, old = split("\n".join(lines))
    kept = f"{new}\n{old}"
    assert kept.count("jalan rusak") == lines.count("jalan rusak")
    assert kept.count("kutipan") == lines.count("> kutipan")
    assert kept.count("dalam") == lines.count(">> dalam")
