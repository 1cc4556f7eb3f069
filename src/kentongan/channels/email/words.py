"""The letters to complainants: their words, which each village may put into its own.

Letters are Indonesian, as all official papers are. ``{words in braces}`` are filled in; nothing else in braces is looked up,
so that a village's text can neither reach into the program nor break it.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.channels.models import LetterText
from kentongan.village.models import Village

PLACEHOLDERS: dict[str, Promise | str] = {
    "nama": _("name of the complainant"),
    "nomor": _("register number"),
    "kode": _("tracking code"),
    "tautan": _("address of the tracking page"),
    "perihal": _("subject of the complaint"),
    "isi": _("what was written: the question, the message, the answer"),
    "batas": _("the day until which"),
    "kurang": _("what is still missing"),
    "instansi": _("agency"),
    "desa": _("name of the village"),
    "telepon": _("telephone of the village"),
}
LABEL_WORDS = 4  # a line with no more words than these is only the label of its placeholder
_BRACES = re.compile(r"\{([^{}\n]{0,40})\}")
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Words:
    """One kind of letter. ``label``: its name for people; ``step``: one of the many about a step, which one may do without."""

    label: Promise | str
    subject: str
    body: str
    step: bool = False


_OPENING = "Yth. {nama},\n\n"
_TRACK = "Lacak pengaduan Anda: {tautan}\nKode pelacakan: {kode}\n\n"
_CLOSING = "Hormat kami,\nDesk Pengaduan Desa {desa}\nTelepon {telepon}"


def _letter(label: Promise | str, subject: str, said: str, *, step: bool = False) -> Words:
    return Words(label, subject, f"{_OPENING}{said}\n\n{_TRACK}{_CLOSING}", step)


DEFAULTS: dict[str, Words] = {
    "received": _letter(
        _("Receipt"),
        "Pengaduan {nomor} sudah kami terima",
        "Terima kasih. Pengaduan Anda sudah kami terima dan catat dalam buku pengaduan dengan nomor {nomor}. "
        "Simpan nomor dan kode di bawah ini.\n\n"
        "Petugas memeriksanya paling lambat {batas}. Tidak dipungut biaya.\n\n{kurang}",
    ),
    "asked": _letter(
        _("Question to the complainant"),
        "Pengaduan {nomor}: kami perlu keterangan dari Anda",
        "Untuk melanjutkan pengaduan nomor {nomor} kami memerlukan:\n\n{isi}\n\nCukup balas surat ini, paling lambat {batas}.",
    ),
    "verified": _letter(
        _("Checked"),
        "Pengaduan {nomor} sudah diperiksa",
        "Pengaduan Anda nomor {nomor} sudah diperiksa dan lengkap. Jawaban paling lambat {batas}.",
        step=True,
    ),
    "assigned": _letter(
        _("Passed on to those who answer"),
        "Pengaduan {nomor} diteruskan kepada yang menangani",
        "Pengaduan Anda nomor {nomor} sudah diteruskan kepada petugas yang menjawab. Jawaban paling lambat {batas}.",
        step=True,
    ),
    "messaged": _letter(
        _("Message"),
        "Pengaduan {nomor}: pesan dari desa",
        "Mengenai pengaduan nomor {nomor}:\n\n{isi}\n\nAnda dapat membalas surat ini.",
    ),
    "referred": _letter(
        _("Referred to an agency"),
        "Pengaduan {nomor} diteruskan ke instansi yang berwenang",
        "Pengaduan Anda nomor {nomor} bukan wewenang desa. Kami meneruskannya ke {instansi} dan menanyakan jawabannya untuk Anda.",
        step=True,
    ),
    "deadline_extended": _letter(
        _("Deadline extended"),
        "Pengaduan {nomor}: kami perlu waktu lebih",
        "Penanganan pengaduan nomor {nomor} memerlukan waktu lebih lama:\n\n{isi}\n\nJawaban paling lambat {batas}. Mohon maaf.",
    ),
    "responded": _letter(
        _("Answer"),
        "Jawaban atas pengaduan {nomor}",
        "Jawaban kami atas pengaduan nomor {nomor}:\n\n{isi}\n\n"
        "Belum sesuai? Balas surat ini paling lambat {batas} dan tuliskan apa yang belum beres: pengaduan Anda dibuka lagi.",
    ),
    "declined": _letter(
        _("Cannot be processed"),
        "Pengaduan {nomor} tidak dapat kami proses",
        "Pengaduan Anda nomor {nomor} tidak dapat kami proses:\n\n{isi}\n\n{instansi}",
    ),
    "merged": _letter(
        _("Joined with another complaint"),
        "Pengaduan {nomor} digabung dengan pengaduan yang sama",
        "Hal yang Anda adukan dengan nomor {nomor} sudah diadukan juga oleh warga lain. Keduanya ditangani bersama; "
        "Anda tetap mendapat jawaban.",
        step=True,
    ),
    "reopened": _letter(
        _("Opened again"),
        "Pengaduan {nomor} dibuka lagi",
        "Pengaduan Anda nomor {nomor} dibuka lagi. Jawaban paling lambat {batas}.",
        step=True,
    ),
    "appealed": _letter(
        _("Objection received"),
        "Pengaduan {nomor} dibuka lagi",
        "Keberatan Anda kami terima dan pengaduan nomor {nomor} dibuka lagi. Jawaban paling lambat {batas}.",
    ),
    "closed": _letter(
        _("Closed"),
        "Pengaduan {nomor} selesai",
        "Pengaduan Anda nomor {nomor} kami tutup. Terima kasih sudah menyampaikannya.",
        step=True,
    ),
    "no_object": Words(
        _("Nothing to act on in a letter"),
        "Surat Anda ke Desk Pengaduan Desa {desa}",
        "Salam,\n\nTerima kasih sudah menulis. Dari surat Anda kami belum tahu apa yang perlu ditangani. "
        "Mohon balas dan ceritakan: apa yang terjadi, di mana, sejak kapan, serta nama, alamat (dusun, RT, RW) dan "
        "nomor HP yang bisa dihubungi.\n\n" + _CLOSING,
    ),
}


def of(village: Village | str, kind: str) -> tuple[str, str]:
    """Subject and body of a kind of letter, in the village's own words where it has some. ``kind``: a key of ``DEFAULTS``."""
    own = LetterText.objects.filter(village=village, kind=kind).first()
    return (own.subject, own.body) if own else (DEFAULTS[kind].subject, DEFAULTS[kind].body)


def unknown(text: str) -> list[str]:
    """The words in braces that cannot be filled in."""
    return [word for word in _BRACES.findall(text) if word not in PLACEHOLDERS]


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its placeholders filled in; a line that only names what is not there goes, and leaves no gap."""
    lines = []
    for line in text.split("\n"):
        names = _BRACES.findall(line)
        if names and not any(values.get(name) for name in names) and len(_BRACES.sub("", line).split()) <= LABEL_WORDS:
            continue
        lines.append(_BRACES.sub(lambda match: values.get(match[1], "" if match[1] in PLACEHOLDERS else match[0]), line))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
