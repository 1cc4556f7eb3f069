"""The poster for the office wall and the RT's board: that one may complain, by which doors, how fast it is answered, and where else to go."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from kentongan.complaints import ladder
from kentongan.lib import phones
from kentongan.reports import pdf as paper_maker
from kentongan.reports import qr, words
from kentongan.village.models import Village

PAPERS = ("A4", "F4", "A5")
ABOVE = ("camat", "lapor", "ombudsman")  # the rungs a passer-by should know
RIGHTS = (
    "Tidak dipungut biaya apa pun.",
    "Boleh tanpa nama. Boleh minta identitas dirahasiakan.",
    "Setiap pengaduan dicatat, mendapat nomor, dan dijawab.",
    "Perangkat yang diadukan tidak ikut menangani pengaduan itu.",
)


def pdf(village: Village, address: str, *, paper: str = "A4") -> bytes:
    """The poster on one page. ``address``: of the residents' form, as the square says it.

    Raises ``ValueError`` for another paper, ``pdf.CannotPrint``.
    """
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    return paper_maker.render("poster", {"paper": paper, **_data(village, address)})


def _data(village: Village, address: str) -> dict[str, Any]:
    return {
        "title": "Mengadu itu hak Anda",
        "lead": f"Ada yang perlu diperbaiki di Desa {village.name}?\nSampaikan kepada kami.",
        "kop": paper_maker.letterhead(village),
        "qr": qr.svg(address),
        "scan": "Pindai dengan kamera HP, atau buka",
        "address": address.partition("://")[2].rstrip("/"),
        "doors": _doors(village),
        "clocks": _clocks(village),
        "rights": list(RIGHTS),
        "above": _above(village),
    }


def _doors(village: Village) -> list[tuple[str, str]]:
    """Each way to the desk, those alone that the village has."""
    office = "\n".join(part for part in (village.address, *_hours(village)) if part)
    doors = [
        ("Datang ke kantor desa", office or "pada jam kerja"),
        ("Telepon", phones.national(village.phone) if village.phone else ""),
        ("WhatsApp", phones.national(village.whatsapp) if village.whatsapp else ""),
        ("Email", village.email),
        ("Instagram", f"@{village.instagram}" if village.instagram else ""),
        ("Surat", "ke kantor desa, atau lewat kotak saran"),
    ]
    return [(name, what) for name, what in doors if what]


def _hours(village: Village) -> list[str]:
    """``Senin–Kamis 07.30–15.30 WIB``, a line for each run of equal days."""
    days = words.DAYS
    return [
        f"{days[first] if first == last else f'{days[first]}–{days[last]}'} {span}"
        for first, last, span in village.opening_runs()
    ]


def _clocks(village: Village) -> list[tuple[str, str]]:
    """What the village promises, in its own working days."""
    told = (
        ("verify", "Diperiksa dan diteruskan"),
        ("information", "Permintaan informasi dijawab"),
        ("complaint", "Pengaduan dijawab"),
        ("aspiration", "Aspirasi dijawab"),
        ("inspection", "Pengaduan yang perlu pemeriksaan dijawab"),
        ("reply", "Waktu Anda untuk menyanggah jawaban"),
    )
    return [(what, f"{village.clock(key)} hari kerja") for key, what in told]


def _above(village: Village) -> list[tuple[str, str]]:
    with translation.override("id"):
        rungs = {rung.key: rung for rung in ladder.rungs(village)}
        return [(str(rungs[key].name), ", ".join(str(line) for line in rungs[key].lines)) for key in ABOVE]
