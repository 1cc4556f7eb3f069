"""The letters to complainants and agencies: their words, which each village may put into its own.

Letters are Indonesian, as all official papers are. ``{words in braces}`` are filled in; nothing else in braces is looked up,
so that a village's text can neither reach into the program nor break it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.channels.models import LetterText
from kentongan.complaints.events import KINDS
from kentongan.complaints.models import Event
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
    "penilaian": _("the question how satisfied he is, with a link for each answer"),
    "surat": _("number of the cover letter to an agency"),
    "pengadu": _("who complains, or that this is not passed on (letters to an agency)"),
    "waktu": _("day and time of the meeting"),
    "tempat": _("place of the meeting"),
    "acara": _("agenda of the meeting"),
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


def _to_agency(label: Promise | str, subject: str, said: str) -> Words:
    answer = (
        "Mohon jawaban paling lambat {batas}. Cukup balas surat ini, atau jawab di halaman kami tanpa akun:\n{tautan}\n"
        "Kode jawaban: {kode}\n\nKode ini hanya untuk instansi Bapak/Ibu dan berlaku 60 hari.\n\n"
    )
    return Words(label, subject, f"Yth. {{instansi}},\n\n{said}\n\nNomor surat: {{surat}}\n\n{answer}{_CLOSING}")


TO_AGENCIES = frozenset({"referral", "chase"})  # of ``DEFAULTS``: what does not go to the complainant
TO_OFFICIALS = frozenset({"notice", "digest"})
TO_INVITED = frozenset(
    {"invitation", "invitation_changed", "invitation_cancelled", "invitation_proposed"}
)  # nor these, to him alone


def _to_invited(label: Promise | str, subject: str, said: str) -> Words:
    """To somebody asked to a meeting: no tracking code, which is the complainant's alone."""
    return Words(label, subject, f"{_OPENING}{said}\n\n{_CLOSING}")


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
        "Belum sesuai? Balas surat ini paling lambat {batas} dan tuliskan apa yang belum beres: pengaduan Anda dibuka lagi.\n\n{penilaian}",
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
    "referral": _to_agency(
        _("To an agency: referral"),
        "Rujukan pengaduan {nomor} dari Desa {desa}",
        "Kami meneruskan pengaduan warga nomor {nomor} tentang {perihal}. {pengadu}\n\n{isi}",
    ),
    "chase": _to_agency(
        _("To an agency: asked again"),
        "Mohon jawaban: pengaduan {nomor} dari Desa {desa}",
        "Kami menanyakan kembali pengaduan warga nomor {nomor} tentang {perihal}, yang kami teruskan kepada Bapak/Ibu. "
        "{pengadu}\n\n{isi}",
    ),
    "no_object": Words(
        _("Nothing to act on in a letter"),
        "Surat Anda ke Desk Pengaduan Desa {desa}",
        "Salam,\n\nTerima kasih sudah menulis. Dari surat Anda kami belum tahu apa yang perlu ditangani. "
        "Mohon balas dan ceritakan: apa yang terjadi, di mana, sejak kapan, serta nama, alamat (dusun, RT, RW) dan "
        "nomor HP yang bisa dihubungi.\n\n" + _CLOSING,
    ),
    "notice": Words(
        _("To an official: something waits"),
        "Meja pengaduan: {nomor}",
        "{nama},\n\nDi meja pengaduan ada yang perlu Anda lihat.\n\n{nomor}: {isi}\n\nBuka: {tautan}\n\nDesa {desa}",
    ),
    "digest": Words(
        _("To an official: the morning's list"),
        "Meja pengaduan pagi ini",
        "{nama},\n\nYang baru dan belum Anda buka:\n\n{isi}\n\nBuka: {tautan}\n\nDesa {desa}",
    ),
    "invitation_proposed": _to_invited(
        _("Meeting: times to choose from"),
        "Usulan waktu rapat: pengaduan {nomor}",
        "Kami mengundang Bapak/Ibu membahas pengaduan nomor {nomor}. Waktu yang kami usulkan:\n\n{waktu}\n\n"
        "Tempat: {tempat}\nAcara: {acara}\n\nMohon balas surat ini: waktu mana yang dapat Bapak/Ibu hadiri?",
    ),
    "invitation": _to_invited(
        _("Meeting: invitation"),
        "Undangan rapat: pengaduan {nomor}",
        "Kami mengundang Bapak/Ibu membahas pengaduan nomor {nomor}.\n\nWaktu: {waktu}\nTempat: {tempat}\nAcara: {acara}\n\n"
        "Mohon hadir tepat waktu. Bila berhalangan, balas surat ini.",
    ),
    "invitation_changed": _to_invited(
        _("Meeting: changed"),
        "Perubahan rapat: pengaduan {nomor}",
        "Rapat tentang pengaduan nomor {nomor} berubah. Yang berlaku sekarang:\n\nWaktu: {waktu}\nTempat: {tempat}\n"
        "Acara: {acara}\n\n{isi}\n\nUndangan sebelumnya tidak berlaku lagi.",
    ),
    "invitation_cancelled": _to_invited(
        _("Meeting: called off"),
        "Rapat dibatalkan: pengaduan {nomor}",
        "Rapat tentang pengaduan nomor {nomor} dibatalkan. Bapak/Ibu tidak perlu hadir.\n\nWaktu semula: {waktu}\n\n{isi}",
    ),
}


# What an ``undelivered`` event says of a letter that was not the complainant's.
_UNDELIVERED: dict[str, Promise | str] = {
    **dict.fromkeys(TO_AGENCIES, _("A letter to the agency did not arrive: call them, or send it on paper")),
    **dict.fromkeys(TO_INVITED, _("An invitation to a meeting did not arrive: call them, or send it on paper")),
}


def sentence(event: Event) -> Promise | str:
    """What happened, for officials; of a letter that did not arrive, also whose it was, and of a meeting what changed."""
    if event.kind == "undelivered":
        return _UNDELIVERED.get(str(event.data.get("what", ""))) or KINDS[event.kind].sentence
    if event.data.get("cancelled"):
        return _("Meeting called off")
    if event.data.get("fixed"):
        return _("Day of the meeting fixed")
    return KINDS[event.kind].sentence


def of(village: Village | str, kind: str) -> tuple[str, str]:
    """Subject and body of a kind of letter, in the village's own words where it has some. ``kind``: a key of ``DEFAULTS``."""
    own = LetterText.objects.filter(village=village, kind=kind).first()
    return (own.subject, own.body) if own else (DEFAULTS[kind].subject, DEFAULTS[kind].body)


def unknown(text: str, known: Collection[str] = PLACEHOLDERS) -> list[str]:
    """The words in braces that cannot be filled in, where only the ``known`` ones can."""
    return [word for word in _BRACES.findall(text) if word not in known]


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its placeholders filled in; a line that only names what is not there goes, and leaves no gap."""
    lines = []
    for line in text.split("\n"):
        names = _BRACES.findall(line)
        if names and not any(values.get(name) for name in names) and len(_BRACES.sub("", line).split()) <= LABEL_WORDS:
            continue
        lines.append(_BRACES.sub(lambda match: values.get(match[1], "" if match[1] in PLACEHOLDERS else match[0]), line))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
