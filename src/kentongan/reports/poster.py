"""The poster for the office wall and the RT's board: that one may complain, by which doors, how fast it is answered, and where else to go."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from kentongan.complaints import ladder
from kentongan.lib import phones
from kentongan.reports import pdf as paper_maker
from kentongan.reports import qr, wording, words
from kentongan.reports.wording import Wording
from kentongan.village.models import Village

PAPERS = ("A4", "F4", "A5")
ABOVE = ("camat", "lapor", "ombudsman")  # the rungs a passer-by should know


def pdf(village: Village, address: str, *, paper: str = "A4", said: Wording | None = None) -> bytes:
    """The poster on one page. ``address``: of the residents' form, as the square says it. ``said``: other words than the village's, to try them.

    Raises ``ValueError`` for another paper, ``pdf.CannotPrint``.
    """
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    return paper_maker.render("poster", {"paper": paper, **data(village, address, said or wording.of(village, "poster"))})


def data(village: Village, address: str, said: Wording) -> dict[str, Any]:
    """What the template takes, but for the paper."""
    return {
        "title": said.say("title"),
        "lead": said.say("lead", desa=village.name),
        "kop": paper_maker.letterhead(village),
        "qr": qr.svg(address),
        "scan": "Pindai dengan kamera HP, atau buka",
        "address": address.partition("://")[2].rstrip("/"),
        "doors": doors(village),
        "clocks": clocks(village),
        "rights": said.lines("rights"),
        "above": above(village),
    }


def doors(village: Village) -> list[tuple[str, str]]:
    """Each way to the desk, those alone that the village has."""
    office = "\n".join(part for part in (village.address, *hours(village)) if part)
    doors = [
        ("Datang ke kantor desa", office or "pada jam kerja"),
        ("Telepon", phones.national(village.phone) if village.phone else ""),
        ("WhatsApp", phones.national(village.whatsapp) if village.whatsapp else ""),
        ("Email", village.email),
        ("Instagram", f"@{village.instagram}" if village.instagram else ""),
        ("Surat", "ke kantor desa, atau lewat kotak saran"),
    ]
    return [(name, what) for name, what in doors if what]


def hours(village: Village) -> list[str]:
    """``Senin–Kamis 07.30–15.30 WIB``, a line for each run of equal days."""
    days = words.DAYS
    return [
        f"{days[first] if first == last else f'{days[first]}–{days[last]}'} {span}"
        for first, last, span in village.opening_runs()
    ]


def clocks(village: Village) -> list[tuple[str, str]]:
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


def above(village: Village) -> list[tuple[str, str]]:
    with translation.override("id"):
        rungs = {rung.key: rung for rung in ladder.rungs(village)}
        return [(str(rungs[key].name), ", ".join(str(line) for line in rungs[key].lines)) for key in ABOVE]
