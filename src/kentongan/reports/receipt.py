"""The slip a complainant takes home: number, code, what happens next and by when, whom else to turn to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kentongan.complaints import clocks, deadlines, ratings
from kentongan.complaints.models import Complaint
from kentongan.lib import tokens
from kentongan.lib.text import one_line
from kentongan.reports import pdf as paper_maker
from kentongan.reports import qr, seal, wording, words
from kentongan.village.models import Village

SIZES = ("a6", "a5", "80mm")


def pdf(complaint: Complaint, village: Village, size: str, base_url: str) -> bytes:
    """The slip on one page: ``size`` "a6", "a5" or "80mm" (thermal roll, as long as its content).

    ``base_url``: where residents find us, without a slash at the end. Who may hold the code is the caller's to decide.
    Raises ``ValueError`` for another size, ``pdf.CannotPrint``.
    """
    return paper_maker.render("receipt", _data(complaint, village, size, base_url))


def picture(complaint: Complaint, village: Village, size: str, base_url: str, ppi: float = 144) -> bytes:
    """The same slip as a PNG, for sending or saving. Raises like ``pdf``."""
    return paper_maker.picture("receipt", _data(complaint, village, size, base_url), ppi)


def tracking_address(complaint: Complaint, base_url: str) -> str:
    """What the QR says. The code stands behind ``#``: no server, log or referrer ever sees it."""
    return f"{base_url.rstrip('/')}/lacak/#{complaint.code}"


def _data(complaint: Complaint, village: Village, size: str, base_url: str) -> dict[str, Any]:
    if size not in SIZES:
        raise ValueError(f"unknown size: {size}")
    received = words.local(complaint.received_at, village)
    said = wording.of(village, "receipt")
    made = {
        "size": size,
        "kop": paper_maker.letterhead(village),
        "title": "Tanda Terima Pengaduan",
        "opening": said.say("opening", desa=village.name),
        "number": complaint.printed_number(village),
        "facts": _facts(complaint, village, received),
        "code": tokens.spaced(complaint.code),
        "qr": qr.svg(tracking_address(complaint, base_url)),
        "look": f"Pindai kode ini, atau buka {_host(base_url)}/lacak lalu ketik kodenya.",
        "next": _next_steps(complaint, village),
        "turn_to": _turn_to(village),
        "secrecy": said.say("secrecy"),
        "free": said.say("free"),
        **satisfaction(complaint.printed_number(village)),
    }
    return {**made, "check": seal.of_receipt(complaint, made, base_url)}


def satisfaction(number: str) -> dict[str, Any]:
    """The strip to cut off, with the choices to ring."""
    return {
        "rate": f"{number} · sesudah dijawab, lingkari, gunting, dan serahkan",
        "choices": [f"{score} {word}" for score, word in ratings.WORDS.items()],
    }


def _facts(complaint: Complaint, village: Village, received: datetime) -> list[tuple[str, str]]:
    known = complaint.complainant if not complaint.identity_hidden else None
    facts = [
        ("Diterima", f"{words.weekday_date(received.date())}, {words.clock_time(complaint.received_at, village)}"),
        ("Melalui", words.way(complaint.channel)),
        ("Oleh", complaint.received_by or "Dikirim sendiri oleh pengadu"),
        ("Nama", known.name if known else ""),
        ("Perihal", "" if complaint.confidential else one_line(complaint.subject, 80)),
    ]
    return [(label, value) for label, value in facts if value]


def _next_steps(complaint: Complaint, village: Village) -> list[str]:
    """What happens, with the days the village's clocks promise."""
    calendar = clocks.calendar_of(village)
    steps = []
    if complaint.verified_at is None:
        looked_at = deadlines.due(complaint.received_at, village.clock("verify"), calendar)
        answered = deadlines.due(
            complaint.received_at, village.clock(deadlines.clock_key(complaint.kind, complaint.inspection)), calendar
        )
        steps.append(f"Diperiksa kelengkapannya paling lambat {words.weekday_date(calendar.local(looked_at).date())}.")
    else:
        answered = clocks.promised(complaint, calendar)
    steps.append(f"Dijawab paling lambat {words.weekday_date(calendar.local(answered).date())}.")
    steps.append(f"Belum sesuai? Anda dapat menyanggah dalam {village.clock('reply')} hari kerja sesudah dijawab.")
    return steps


def _turn_to(village: Village) -> list[str]:
    regency = village.regency_name
    city = regency.lower().startswith("kota ")
    mayor = f"Wali Kota {regency[5:]}" if city else f"Bupati {regency.removeprefix('Kabupaten ')}"
    return [
        f"Camat {village.district_name}",
        mayor,
        "LAPOR! (lapor.go.id, SMS 1708)",
        "Ombudsman RI (ombudsman.go.id, telepon 137)",
    ]


def _host(base_url: str) -> str:
    return base_url.rstrip("/").removeprefix("https://").removeprefix("http://")
