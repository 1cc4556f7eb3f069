"""Every paper filled with an invented complaint, for the settings: the village's own letterhead and words, and nobody's complaint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from kentongan.complaints import letters
from kentongan.complaints.papers import Signer
from kentongan.lib import letter_numbers
from kentongan.lib.numerals import spelled
from kentongan.reports import complaint_letters, overrides, poster, qr, receipt, register_book, seal, wording, words
from kentongan.reports import pdf as paper_maker
from kentongan.reports.signing import below, drawn, own_copies
from kentongan.reports.wording import Wording
from kentongan.village.models import LetterRule, Village
from kentongan.village.roles import Role

WHO, ADDRESS = "Siti Aminah", "Dusun Karanganyar, RT 003/RW 001"
SUBJECT = "Jalan berlubang di depan mushola"
TEXT = "Jalan di depan mushola berlubang besar sejak dua minggu. Kemarin seorang anak jatuh dari sepeda."
ANSWER = "Tim desa memeriksa lokasi. Lubang sepanjang empat meter sudah ditambal."
CODE = "4T7K-9QXM-2HBC"
CHECK, DIGEST = "4T7K-9QXM-2HBC-7VD3", "3f0a 91c2 d47e 586b"
HEAD = {"above": "", "post": "Kepala Desa", "name": "Budi Hartono"}
OFFICER = {"above": "", "post": "Petugas Pengelola Pengaduan", "name": "Rina Lestari"}
SIGNERS = {
    LetterRule.Signs.HEAD: Signer(0, Role.HEAD, "Kepala Desa", "Budi Hartono"),
    LetterRule.Signs.SECRETARY: Signer(0, Role.SECRETARY, "Sekretaris Desa", "Agus Salim"),
    LetterRule.Signs.UNDER: Signer(0, Role.RESPONDER, "Kasi Kesejahteraan", "Joko Susilo", under="Sekretaris Desa"),
    LetterRule.Signs.OFFICER: Signer(0, Role.OFFICER, "Petugas Pengelola Pengaduan", "Rina Lestari"),
}
FORM = "https://desa.example/adukan/"
MARKED = frozenset(
    {"receipt", "completion", "answer", "referral", "invitation", "minutes"}
)  # as they are once they have a number
CAMAT = ("Camat", "kantor kecamatan")


def data(paper: str, village: Village, said: Wording, rule: LetterRule | None = None, address: str = FORM) -> dict[str, Any]:
    """What the template of ``paper`` takes, in A4. ``address``: of the residents' form, for the poster. Raises ``KeyError`` for no paper."""
    made = _MADE[paper](_Set(village, said, rule or LetterRule(village=village), address))
    mark = {"check": seal.sample(address.partition("/adukan")[0])} if paper in MARKED else {}
    return {"paper": "A4", "kop": paper_maker.letterhead(village), **mark, **made}


def pdf(paper: str, village: Village, said: Wording, rule: LetterRule | None = None, address: str = FORM) -> bytes:
    """The paper as it would be printed. Raises ``KeyError``, ``pdf.CannotPrint``."""
    return paper_maker.render(TEMPLATES[paper], data(paper, village, said, rule, address))


def trouble(paper: str, village: Village) -> str | None:
    """Of the village's own template for ``paper``: ``None`` where there is none, empty where it works, else what the compiler says."""
    template = TEMPLATES[paper]
    if not overrides.exists(template):
        return None
    return paper_maker.trouble(template, data(paper, village, wording.of(village, paper)))


class _Set:
    """What the invented complaint is made of on this day."""

    def __init__(self, village: Village, said: Wording, rule: LetterRule, address: str) -> None:
        self.village, self.said, self.rule, self.address = village, said, rule, address
        self.today: date = village.local(timezone.now()).date()
        self.number = letter_numbers.printed(
            village.number_pattern, year=self.today.year, serial=12, month=self.today.month, village=village.code
        )
        self.day = f"{village.name}, {words.long_date(self.today)}"
        self.until = f"paling lambat {words.weekday_date(self.today + timedelta(days=14))}"

    @property
    def sign(self) -> dict[str, str]:
        """Who signs by the rule; the names are invented."""
        signs = SIGNERS[LetterRule.Signs(self.rule.signs)]
        return drawn(replace(signs, post=self.rule.post) if signs.under and self.rule.post else signs)

    @property
    def check(self) -> dict[str, str]:
        """A mark of the shape of a real one; it leads to the page where one checks, and to no paper."""
        where = urljoin(self.address, "/cek/")
        return {"qr": qr.svg(where, border=2), "where": where.partition("://")[2].rstrip("/"), "code": CHECK, "digest": DIGEST}

    def copies(self, *usual: str) -> list[str]:
        return list(dict.fromkeys([*usual, *own_copies(self.rule)]))

    def letter(self, kind: str) -> str:
        """A number as letters of this kind bear it."""
        day = self.today
        rule = LetterRule(kind=kind, code=self.rule.code, pattern=self.rule.pattern)
        return letters.by_rule(self.village, rule, year=day.year, serial=7, month=day.month)

    def opening(self) -> list[str]:
        return self.said.around("opening", "nomor", nomor=self.number, tanggal=words.long_date(self.today))


def _receipt(of: _Set) -> dict[str, Any]:
    return {
        "size": "a5",
        "title": "Tanda Terima Pengaduan",
        "opening": of.said.say("opening", desa=of.village.name),
        "number": of.number,
        "facts": [
            ("Diterima", f"{words.weekday_date(of.today)}, 08.30 {of.village.zone_label}"),
            ("Nama", WHO),
            ("Perihal", SUBJECT),
        ],
        "code": CODE,
        "qr": qr.svg(of.address),
        "look": "Pindai kode ini, atau buka halaman lacak lalu ketik kodenya.",
        "next": [f"Dijawab {of.until}."],
        "turn_to": ["Camat", "LAPOR! (lapor.go.id, SMS 1708)"],
        "secrecy": of.said.say("secrecy"),
        "free": of.said.say("free"),
        **receipt.satisfaction(of.number),
        "check": of.check,
    }


def _assignment(of: _Set) -> dict[str, Any]:
    return {
        "title": "Lembar Disposisi Pengaduan",
        "facts": [("Nomor register", of.number), ("Dari", WHO), ("Perihal", SUBJECT), ("Lokasi", ADDRESS)],
        "summary": TEXT,
        "to": ["Joko Susilo — Kasi Kesejahteraan"],
        "instructions": ["Mohon diperiksa dan ditangani."],
        "sign": {**OFFICER, "above": of.day},
    }


def _letter(of: _Set, kind: str, title: str, points: list[tuple[str, list[str]]]) -> dict[str, Any]:
    return {
        "title": title,
        "day": of.day,
        "heading": [("Nomor", of.letter(kind)), ("Sifat", "Biasa"), ("Lampiran", "–"), ("Hal", title)],
        "to": [f"Sdr. {WHO}", ADDRESS, f"Desa {of.village.name}"],
        "opening": of.opening(),
        "points": points,
        "rungs": [],
        "closing": of.said.say("closing"),
        "sign": of.sign,
        "copies": [*of.copies(), "Arsip"] if of.copies() else [],
    }


def _completion(of: _Set) -> dict[str, Any]:
    points = [
        ("Pokok pengaduan", [TEXT]),
        ("Yang perlu dilengkapi", ["Foto jalan yang rusak."]),
        ("Batas waktu dan cara melengkapi", [f"Mohon dilengkapi {of.until}.", of.said.say("how")]),
    ]
    return _letter(of, "completion", "Permintaan kelengkapan pengaduan", points)


def _answer(of: _Set) -> dict[str, Any]:
    said = of.said
    points = [
        ("Pokok pengaduan", [TEXT]),
        ("Hasil verifikasi dan tindak lanjut", [ANSWER]),
        ("Keputusan", [said.say("resolved")]),
        ("Apabila Saudara belum puas", [said.say("objection", batas=of.until)]),
    ]
    more = {"rungs": [CAMAT], "copies": [*of.copies(), "Arsip"], "slip": complaint_letters.rating_slip(of.number, of.village)}
    return {**_letter(of, "answer", "Jawaban atas pengaduan", points), **more}


def _referral(of: _Set) -> dict[str, Any]:
    letter = _letter(of, "referral", "Penerusan Pengaduan Masyarakat", [])
    return {
        **{key: letter[key] for key in ("title", "day", "heading", "opening", "sign")},
        "to": ["Dinas Pekerjaan Umum", "Jalan Kauman 9"],
        "facts": [("Perihal", SUBJECT), ("Lokasi", ADDRESS), ("Pengadu", "identitas tidak kami sertakan")],
        "said": TEXT,
        "asked": "Mohon jalan tersebut diperbaiki.",
        "closing": of.said.say("closing", batas=of.until),
        "link": {},
        "files": ["Lampiran 1 (foto)"],
        "copies": [*of.copies("Camat", "Pengadu (melalui petugas pengelola pengaduan)"), "Arsip"],
    }


def _meeting_facts(of: _Set) -> list[tuple[str, str]]:
    day, time = words.weekday_date(of.today + timedelta(days=7)), f"09.00 – 11.00 {of.village.zone_label}"
    return [("Hari, tanggal", day), ("Waktu", time), ("Tempat", "Balai desa"), ("Acara", "Rapat Pembahasan")]


def _invitation(of: _Set) -> dict[str, Any]:
    return {
        "title": "Undangan",
        "day": of.day,
        "heading": [("Nomor", of.letter("invitation")), ("Sifat", "Penting"), ("Lampiran", "–"), ("Hal", "Undangan")],
        "to": [f"Sdr. {WHO}", "Ketua RT 003/RW 001"],
        "opening": of.said.say("opening", nomor=of.number, acara="rapat pembahasan"),
        "facts": _meeting_facts(of),
        "closing": of.said.say("closing"),
        "sign": of.sign,
        "copies": of.copies(),
    }


def _attendance(of: _Set) -> dict[str, Any]:
    return {
        "title": "Daftar Hadir",
        "about": f"Rapat Pembahasan Pengaduan Nomor Register {of.number}",
        "facts": _meeting_facts(of),
        "rows": [("Joko Susilo", "Kasi Kesejahteraan"), (WHO, "Pengadu"), *[("", "")] * 12],
        "sign": HEAD,
    }


def _minutes(of: _Set) -> dict[str, Any]:
    day = of.today
    return {
        "title": "Berita Acara Rapat Pembahasan Pengaduan",
        "number": of.letter("minutes"),
        "opening": (
            f"Pada hari ini, {words.DAYS[day.weekday()]} tanggal {spelled(day.day)} bulan {words.MONTHS[day.month - 1]} tahun "
            f"{spelled(day.year)} ({words.short_date(day)}), pukul 09.00 {of.village.zone_label}, bertempat di Balai desa, "
            "telah dilaksanakan rapat pembahasan atas pengaduan masyarakat:"
        ),
        "basis": [(of.number, words.long_date(day), SUBJECT)],
        "facts": [("Pemimpin rapat", "Budi Hartono"), ("Notulis", "Rina Lestari"), ("Acara", "Rapat Pembahasan")],
        "course": ["Kasi Kesejahteraan menerangkan keadaan jalan."],
        "decisions": [("Menambal lubang", "Kasi Kesejahteraan", words.long_date(day + timedelta(days=14)))],
        "held": True,
        "agreed": "",
        "people": [("Joko Susilo", "Kasi Kesejahteraan"), (WHO, "Pengadu")],
        "chair": {"above": "Pemimpin rapat", "post": "Sekretaris Desa", "name": "Agus Salim"},
        "clerk": {"above": "Notulis", "post": OFFICER["post"], "name": OFFICER["name"]},
        "sign": below("Mengetahui", of.sign),
        "closing": of.said.say("closing"),
    }


def _withdrawal(of: _Set) -> dict[str, Any]:
    return {
        "title": "Surat Pernyataan Pencabutan Pengaduan",
        "opening": "Yang bertanda tangan di bawah ini:",
        "who": [("Nama", WHO), ("Alamat", ADDRESS), ("Nomor telepon", "")],
        "states": of.said.say("states", desa=of.village.name),
        "what": [("Nomor Register", of.number), ("Tanggal diterima", words.long_date(of.today)), ("Perihal", SUBJECT)],
        "reason": "",
        "knows": of.said.lines("knows"),
        "sign": {
            "left": {**OFFICER, "above": "Yang menerima"},
            "right": {"above": f"{of.village.name}, ....................", "post": "Yang membuat pernyataan", "name": WHO},
        },
    }


def _notice(of: _Set) -> dict[str, Any]:
    return {
        "title": "Pengumuman",
        "about": "Jawaban atas pengaduan tanpa nama dengan Nomor Register",
        "numbers": [of.number],
        "answer": [ANSWER],
        "next": [of.said.say("objection", batas=of.until), of.said.say("free")],
        "sign": below(of.day, of.sign),
    }


def _poster(of: _Set) -> dict[str, Any]:
    return poster.data(of.village, of.address, of.said)


def _book(of: _Set) -> dict[str, Any]:
    row = [
        "1",
        of.number,
        f"{of.today:%d-%m-%Y} 08.30",
        "Tatap muka",
        WHO,
        ADDRESS,
        "0812-0000-0000",
        SUBJECT,
        TEXT,
        "Jalan desa",
    ]
    row += ["Kasi Kesejahteraan", words.short_date(of.today + timedelta(days=14)), ANSWER, "Surat", "Dijawab", ""]
    period = words.period(of.today.replace(day=1), of.today)
    return {
        "title": register_book.TITLE,
        "period": period,
        "copy": False,
        "copy_words": "",
        "foot": f"{register_book.TITLE} Desa {of.village.name} · {period}",
        "columns": register_book.COLUMNS,
        "rows": [row],
        "closing": f"Buku {period} ditutup dengan 1 pengaduan.",
        "signatures": {"left": {**HEAD, "above": "Mengetahui"}, "right": {**OFFICER, "above": of.day}},
    }


def _report(of: _Set) -> dict[str, Any]:
    """Of a month in which nobody complained: its tables are those of the program, whatever they become."""
    from kentongan.reports.report import book, paper
    from kentongan.reports.report.period import Period

    last = of.today.replace(day=1) - timedelta(days=1)
    nobody: Any = AnonymousUser()
    return paper.data(book.read(nobody, of.village, Period.of(f"{last:%Y-%m}"), timezone.now()), number=of.letter("report"))


_MADE: dict[str, Callable[[_Set], dict[str, Any]]] = {
    "receipt": _receipt,
    "assignment": _assignment,
    "completion": _completion,
    "invitation": _invitation,
    "attendance": _attendance,
    "minutes": _minutes,
    "answer": _answer,
    "referral": _referral,
    "withdrawal": _withdrawal,
    "notice": _notice,
    "poster": _poster,
    "book": _book,
    "report": _report,
}
# paper → its template
TEMPLATES = {
    **{paper: paper for paper in _MADE},
    "completion": "complaint_letter",
    "answer": "complaint_letter",
    "referral": "cover_letter",
    "notice": "notice_sheet",
}
