"""The fixed sentences of the papers: the usual words, and where a village may put its own.

``{words in braces}`` are filled in; nothing else in braces is looked up, so that a village's text can neither reach into the
program nor break it. Papers are Indonesian, whatever language the screen speaks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from kentongan.village.models import PaperWording, Village

PLACEHOLDERS: dict[str, Any] = {
    "desa": _("name of the village"),
    "nomor": _("register number"),
    "tanggal": _("the day the complaint came in"),
    "batas": _("until when, in words; left out where there is no such day"),
    "acara": _("kind of meeting"),
}
_BRACES = re.compile(r"\{([^{}\n]{0,40})\}")
_OR_NOTHING = re.compile(r"( ?)\{([^{}\n]{0,40})\}")
WHERE = "di kantor desa, melalui telepon atau surat, atau pada halaman lacak dengan kode pada tanda terima Saudara"


@dataclass(frozen=True)
class Part:
    """One sentence of a paper. ``needed``: placeholders without which it says too little. ``lines``: each line stands for itself."""

    label: Any
    usual: str
    placeholders: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    longest: int = 600
    lines: bool = False


OPENING, CLOSING, OBJECTION = _("Opening"), _("Closing"), _("How to object, and until when")
_NUMBER: dict[str, Any] = {"placeholders": ("tanggal", "nomor"), "needed": ("nomor",)}
_UNTIL: dict[str, Any] = {"placeholders": ("batas",), "needed": ("batas",)}

PARTS: dict[str, dict[str, Part]] = {
    "receipt": {
        "opening": Part(OPENING, "Pemerintah Desa {desa} telah menerima pengaduan Anda:", ("desa",), longest=200),
        "secrecy": Part(
            _("Keep the code to yourself"),
            "Simpan kode ini untuk Anda sendiri: siapa pun yang memegangnya dapat membaca pengaduan Anda.",
            longest=200,
        ),
        "free": Part(_("Without charge"), "Pengaduan tidak dipungut biaya apa pun.", longest=200),
    },
    "completion": {
        "opening": Part(
            OPENING,
            "Menindaklanjuti pengaduan Saudara tanggal {tanggal} Nomor Register {nomor}, pengaduan tersebut belum dapat kami "
            "proses karena masih perlu dilengkapi:",
            **_NUMBER,
        ),
        "how": Part(
            _("How to complete it"),
            "Kelengkapan dapat disampaikan di kantor desa pada jam kerja, melalui telepon atau surat, atau pada halaman lacak "
            "dengan kode pada tanda terima Saudara, tanpa dipungut biaya apa pun. Selama menunggu, batas waktu jawaban kami "
            "dihentikan dan berjalan lagi setelah kelengkapan kami terima. Apabila sampai tanggal tersebut tidak dilengkapi, "
            "pengaduan dapat kami nyatakan tidak dapat diproses; Saudara tetap dapat mengadukannya kembali.",
            longest=1500,
        ),
        "closing": Part(CLOSING, "Atas perhatian dan kerja sama Saudara kami ucapkan terima kasih."),
    },
    "invitation": {
        "opening": Part(
            OPENING,
            "Menindaklanjuti pengaduan masyarakat dengan Nomor Register {nomor}, kami mengundang Bapak/Ibu menghadiri {acara} "
            "yang dilaksanakan pada:",
            ("nomor", "acara"),
            ("nomor",),
        ),
        "closing": Part(
            CLOSING,
            "Mengingat pentingnya acara ini, mohon hadir tepat waktu. Atas kehadiran Bapak/Ibu kami ucapkan terima kasih.",
        ),
    },
    "minutes": {
        "closing": Part(CLOSING, "Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya."),
    },
    "answer": {
        "opening": Part(
            OPENING,
            "Menindaklanjuti pengaduan Saudara tanggal {tanggal} Nomor Register {nomor}, bersama ini kami sampaikan jawaban "
            "sebagai berikut:",
            **_NUMBER,
        ),
        "resolved": Part(_("Decision: resolved"), "Pengaduan Saudara telah kami tangani sebagaimana tersebut di atas."),
        "explained": Part(
            _("Decision: explained"), "Atas pengaduan Saudara kami berikan penjelasan sebagaimana tersebut di atas."
        ),
        "not_actionable": Part(
            _("Decision: cannot be acted on"),
            "Pengaduan Saudara tidak dapat kami tindak lanjuti, dengan alasan sebagaimana tersebut di atas.",
        ),
        "objection": Part(
            OBJECTION,
            f"Saudara dapat mengajukan keberatan {{batas}}, {WHERE}. Tanpa keberatan, sesudah itu pengaduan kami nyatakan selesai.",
            **_UNTIL,
        ),
        "declined": Part(
            _("How to object where it could not be processed"),
            f"Keberatan atau keterangan baru dapat Saudara sampaikan {WHERE}; pengaduan dapat kami buka kembali.",
        ),
        "closing": Part(CLOSING, "Demikian kami sampaikan. Atas kepedulian Saudara kami ucapkan terima kasih."),
    },
    "referral": {
        "opening": Part(
            OPENING,
            "Menindaklanjuti pengaduan masyarakat tanggal {tanggal} dengan Nomor Register {nomor}, yang penanganannya merupakan "
            "kewenangan instansi Bapak/Ibu, bersama ini kami teruskan pengaduan tersebut sebagai berikut.",
            **_NUMBER,
        ),
        "closing": Part(
            CLOSING,
            "Mohon jawaban tertulis {batas}, agar dapat kami sampaikan kepada pengadu. Atas perhatian dan kerja sama Bapak/Ibu "
            "kami ucapkan terima kasih.",
            **_UNTIL,
        ),
    },
    "withdrawal": {
        "states": Part(
            _("What the complainant declares"),
            "dengan ini menyatakan, dengan kehendak sendiri dan tanpa paksaan atau tekanan dari pihak mana pun, mencabut "
            "pengaduan saya kepada Pemerintah Desa {desa}:",
            ("desa",),
        ),
        "knows": Part(
            _("What the complainant knows, a line each"),
            "pengaduan ini tetap tercatat dalam buku register pengaduan beserta alasan pencabutannya;\n"
            "pencabutan tidak menutup hak saya untuk mengadukan hal yang sama di kemudian hari;\n"
            "pencabutan tidak dipungut biaya dan tidak boleh dipaksakan oleh siapa pun.",
            longest=1000,
            lines=True,
        ),
    },
    "notice": {
        "objection": Part(
            OBJECTION,
            "Belum sesuai? Sampaikan keberatan {batas}, di kantor desa, lewat kotak saran, atau pada halaman lacak dengan kode "
            "pada tanda terima.",
            **_UNTIL,
        ),
        "declined": Part(
            _("How to object where it could not be processed"),
            "Keberatan atau keterangan baru dapat disampaikan di kantor desa, lewat kotak saran, atau pada halaman lacak dengan "
            "kode pada tanda terima.",
        ),
        "free": Part(
            _("Without charge"), "Pengaduan tidak dipungut biaya. Pengadu tidak perlu menyebutkan nama untuk menanyakannya."
        ),
    },
    "poster": {
        "title": Part(_("Title"), "Mengadu itu hak Anda", longest=40),
        "lead": Part(
            _("Below the title"),
            "Ada yang perlu diperbaiki di Desa {desa}?\nSampaikan kepada kami.",
            ("desa",),
            longest=160,
            lines=True,
        ),
        "rights": Part(
            _("What one should know, a line each"),
            "Tidak dipungut biaya apa pun.\nBoleh tanpa nama. Boleh minta identitas dirahasiakan.\n"
            "Setiap pengaduan dicatat, mendapat nomor, dan dijawab.\nPerangkat yang diadukan tidak ikut menangani pengaduan itu.",
            longest=500,
            lines=True,
        ),
    },
}


@dataclass(frozen=True)
class Wording:
    """The words of one paper. ``own``: those parts (name → text) that are the village's."""

    paper: str
    own: Mapping[str, str] = field(default_factory=dict)

    def text(self, part: str) -> str:
        """With its placeholders, as it is kept."""
        return self.own.get(part) or PARTS[self.paper][part].usual

    def say(self, part: str, **values: str) -> str:
        """Filled in; what has no value goes with the space before it."""
        return _OR_NOTHING.sub(lambda match: _filled(match, values), self.text(part)).strip()

    def around(self, part: str, word: str, **values: str) -> list[str]:
        """In three: what stands before ``{word}``, its value, which no line may break, and what comes after."""
        before, _, after = (
            _OR_NOTHING.sub(lambda match: _filled(match, values), half) for half in self.text(part).partition(f"{{{word}}}")
        )
        return [before, values[word], after]

    def lines(self, part: str, **values: str) -> list[str]:
        return [line.strip() for line in self.say(part, **values).split("\n") if line.strip()]


def _filled(match: re.Match[str], values: Mapping[str, str]) -> str:
    if match[2] not in values:
        return match[0]
    return f"{match[1]}{values[match[2]]}" if values[match[2]] else ""


def of(village: Village, paper: str) -> Wording:
    """The words of a paper as this village says them."""
    rows = PaperWording.objects.filter(village=village, paper=paper).values_list("part", "text")
    return Wording(paper, {part: text for part, text in rows if part in PARTS.get(paper, {})})


def unknown(paper: str, part: str, text: str) -> list[str]:
    """The words in braces that cannot be filled in here."""
    return [word for word in dict.fromkeys(_BRACES.findall(text)) if word not in PARTS[paper][part].placeholders]
