"""Letters in which there is nothing to act on, and advertising: an officer looks at them."""

from tests.channels.email.corpus.build import DESK, Nasty, letter, quarantine

_SPAM = "PINJAMAN CEPAT cair 5 menit tanpa jaminan, klik https://pinjam.example/x bonus 500rb"
_HEAD = {"Subject": None}
MESSAGES: dict[str, Nasty] = {
    "silent_no_bytes": quarantine(b"", "nothing at all"),
    "silent_one_byte": quarantine(b"\n", "an empty line"),
    "silent_only_headers": quarantine(letter("onlyheaders", "", _HEAD).rstrip() + b"\r\n", "ends after the headers"),
    "silent_headers_cut": quarantine(letter("cuthead", "", _HEAD)[:70], "ends inside of a header"),
    "silent_blank_text": quarantine(letter("blanktext", " \r\n\t\r\n\xa0", _HEAD), "white space"),
    "silent_zero_width_text": quarantine(letter("zerotext", "\u200b\u200c\u2060\ufeff" * 200, _HEAD), "characters nobody sees"),
    "silent_greeting": quarantine(letter("greeting", "Assalamualaikum, selamat pagi pak", {"Subject": "Halo"}), "a greeting"),
    "silent_test": quarantine(letter("test", "tes", {"Subject": "Test"}), "a trial"),
    "silent_emoji_only": quarantine(letter("emojionly", "😡😡🙏", _HEAD), "feelings without a matter"),
    "silent_one_word": quarantine(letter("word", "jalan", _HEAD), "one word"),
    "silent_dots": quarantine(letter("dotsonly", "." * 500, {"Subject": "..."}), "dots"),
    "silent_spam": quarantine(letter("spam", _SPAM, {"From": "Promo <promo@contoh.invalid>"}), "advertising"),
    "silent_spam_gambling": quarantine(
        letter("slot", "Slot gacor bonus jackpot promo http://a.example http://b.example", {"Subject": "Judi togel"}), "gambling"
    ),
    "silent_spam_from_us": quarantine(letter("asus", _SPAM, {"From": f"Desa <{DESK}>"}), "advertising in our own name"),
}
