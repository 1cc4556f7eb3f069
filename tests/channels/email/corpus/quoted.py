"""What is new and what is only carried along: answers, signatures, forwards, by the programs people here use."""

from tests.channels.email.corpus.build import DITCH, LAMP, TEXT, WATER, Nasty, letter, quarantine, text

_RE = {"Subject": "Re: Pengaduan Anda", "In-Reply-To": "<kentongan.1@kuripankidul.example>"}
_OURS = "> Pengaduan Anda sudah kami terima.\r\n> Nomornya tertera di bawah."
_FORWARDED = (
    f"From: Sari <sari@example.com>\r\nDate: Mon, 23 Nov 2026 08:30\r\nSubject: Lampu\r\nTo: karto@example.com\r\n\r\n{LAMP}"
)


def _reply(mark: str, body: str) -> Nasty:
    return text(letter(mark, body, _RE), "what is answered must be folded away")


def _sent(mark: str, body: str, why: str) -> Nasty:
    return text(letter(mark, body), why)


MESSAGES: dict[str, Nasty] = {
    "reply_gmail_english": _reply(
        "re1", f"{TEXT}\r\n\r\nOn Mon, Nov 23, 2026 at 8:30 AM Desa <desa@example.com> wrote:\r\n\r\n{_OURS}"
    ),
    "reply_gmail_indonesian": _reply(
        "re2", f"{TEXT}\r\n\r\nPada tanggal Sen, 23 Nov 2026 pukul 08.30 Desa X <a@example.com> menulis:\r\n\r\n{_OURS}"
    ),
    "reply_gmail_wrapped": _reply(
        "re3",
        f"{TEXT}\r\n\r\nPada tanggal Sen, 23 Nov 2026 pukul 08.30 Desk Pengaduan Desa\r\nKuripan Kidul <a@example.com>\r\nmenulis:\r\n\r\n{_OURS}",
    ),
    "reply_thunderbird": _reply("re4", f"Pada 23/11/2026 08.30, Desa X menulis:\r\n{_OURS}\r\n\r\n{LAMP}"),
    "reply_outlook_english": _reply(
        "re5",
        f"{TEXT}\r\n\r\n________________________________\r\nFrom: Desa <a@example.com>\r\nSent: Monday, 23 November 2026 8:30\r\n"
        "To: Karto\r\nSubject: Pengaduan\r\n\r\nPengaduan Anda sudah kami terima.",
    ),
    "reply_outlook_indonesian": _reply(
        "re6",
        f"{TEXT}\r\n\r\nDari: Desa <a@example.com>\r\nDikirim: Senin, 23 November 2026 08.30\r\nKepada: Karto\r\nSubjek: Pengaduan\r\n\r\nSudah.",
    ),
    "reply_original_message": _reply("re7", f"{WATER}\r\n\r\n-----Original Message-----\r\nFrom: Desa\r\n\r\nSudah kami terima."),
    "reply_pesan_asli": _reply("re8", f"{WATER}\r\n\r\n-----Pesan Asli-----\r\nDari: Desa\r\n\r\nSudah kami terima."),
    "reply_mobile_without_marks": _reply(
        "re9", f"{LAMP}\r\n\r\nPada 23 Nov 2026, pukul 08.30, Desa X menulis:\r\n\r\nSudah kami terima."
    ),
    "reply_between_the_lines": _reply(
        "re10", "> Di mana tempatnya?\r\nDi depan mushola RT 03.\r\n\r\n> Sejak kapan?\r\nSudah dua minggu rusak."
    ),
    "reply_deep_quotes": _reply("re11", f"{TEXT}\r\n\r\n> satu\r\n>> dua\r\n>>> tiga\r\n> > > > empat"),
    "reply_with_nothing_new": quarantine(
        letter(
            "renothing", f"On Mon, Nov 23, 2026 at 8:30 AM Desa <desa@example.com> wrote:\r\n{_OURS}", {**_RE, "Subject": "Re:"}
        ),
        "only our own words come back",
    ),
    "reply_thanks_only": quarantine(letter("rethanks", f"Ok, pak 🙏\r\n\r\n{_OURS}", {**_RE, "Subject": "Re:"}), "a courtesy"),
    "forward_gmail": _sent(
        "fw1", f"---------- Forwarded message ---------\r\n{_FORWARDED}", "nothing but a forward: it is the letter"
    ),
    "forward_gmail_indonesian": _sent("fw2", f"---------- Pesan terusan ---------\r\n{_FORWARDED}", "the same in Indonesian"),
    "forward_thunderbird": _sent("fw3", f"-------- Pesan yang Diteruskan --------\r\n{_FORWARDED}", "Thunderbird's line"),
    "forward_apple": _sent("fw4", f"Begin forwarded message:\r\n\r\n> {TEXT}", "Apple's line, then quoted"),
    "forward_with_a_greeting": _sent(
        "fw5", f"Halo pak\r\n\r\n---------- Forwarded message ---------\r\n{_FORWARDED}", "only a greeting above"
    ),
    "forward_outlook": text(
        letter(
            "fw6",
            f"From: Sari\r\nSent: Monday, 23 November 2026 8:30\r\nTo: Karto\r\nSubject: Lampu\r\n\r\n{LAMP}",
            {"Subject": "FW: Lampu"},
        ),
        "looks like an answer, is a forward",
    ),
    "forward_quoted_only": _sent("fw7", f"> {WATER}\r\n> Mohon bantuannya.", "an old programme quotes what it forwards"),
    "signature_dashes": _sent("sig1", f"{TEXT}\r\n\r\n-- \r\nKarto Wiryo\r\nRT 03 RW 02", "a signature"),
    "signature_dashes_bare": _sent("sig2", f"{TEXT}\r\n--\r\nKarto Wiryo", "a signature whose space was lost"),
    "signature_alone": _sent(
        "sig3", "-- \r\nJalan rusak di RT 03, mohon ditengok. Karto", "somebody put it all under the dashes"
    ),
    "signature_is_a_letter": _sent("sig4", f"{TEXT}\r\n--\r\n" + "Lampu juga mati.\r\n" * 20, "too long for a signature"),
    "signature_iphone": _sent("dev1", f"{LAMP}\r\n\r\nDikirim dari iPhone saya", "a line of the telephone"),
    "signature_outlook_mobile": _sent(
        "dev2", f"{LAMP}\r\n\r\nDapatkan Outlook untuk Android<https://aka.ms/x>", "the same of Outlook"
    ),
    "signature_samsung": _sent("dev3", f"{LAMP}\r\n\r\nSent from my Galaxy", "the same of Samsung"),
    "signature_of_a_phone_alone": quarantine(letter("dev4", "Dikirim dari iPhone saya", {"Subject": None}), "nobody wrote that"),
    "formal_letter": _sent(
        "formal", f"Kepada: Kepala Desa\r\nDari: warga RT 03\r\nPerihal: jalan\r\n\r\n{TEXT}", "headers of a letter on paper"
    ),
    "formal_letter_dated": _sent(
        "formal2", f"Assalamualaikum\r\n\r\nDari: warga RT 03\r\nTanggal: 23-11-2026\r\nPerihal: air\r\n\r\n{WATER}", "dated"
    ),
    "words_like_an_attribution": _sent("pada", f"Pada rapat kemarin ada yang menulis:\r\n{DITCH}", "a sentence, no attribution"),
    "words_from_mbox": _sent("mboxfrom", f"{TEXT}\r\n>From sini jalan rusak sampai makam.", "a line an mbox has marked"),
}
