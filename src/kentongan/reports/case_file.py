"""One complaint as a case file: what was said, what happened, what was answered and how it arrived, and every file with its digest.

What it says of the timeline the caller words (``Line``); what must be withheld from the reader is withheld here, in each part alike.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kentongan.complaints import meetings, referrals
from kentongan.complaints.models import Attachment, Complaint, Delivery, Meeting
from kentongan.lib import files, phones
from kentongan.reports import pdf as paper_maker
from kentongan.reports import words
from kentongan.reports.book_rows import place_line
from kentongan.village.models import User, Village

TITLE = "Berkas Pengaduan"
HIDDEN = words.HIDDEN
SIDE = 420  # pixels of a photo in the case file


@dataclass(frozen=True)
class Line:
    """Something that happened, in words: when, what, by whom, and what was said."""

    kind: str
    at: datetime
    sentence: str
    by: str = ""
    text: str = ""
    internal: bool = False


@dataclass(frozen=True)
class Kept:
    """A file in the archive under its neutral name."""

    name: str
    row: Attachment
    digest: str


@dataclass(frozen=True)
class Case:
    """What an archive is made of. ``office``: with what is internal; ``names``: the reader may know who complains."""

    complaint: Complaint
    village: Village
    user: User
    office: bool
    names: bool
    lines: list[Line]  # oldest first
    kept: list[Kept]
    taken: datetime
    masked: Callable[[str], str] = field(default=str)


def masking(complaint: Complaint, names: bool) -> Callable[[str], str]:
    """What words pass through before this reader sees them: unchanged, or without what tells who complains."""
    return str if names else lambda text: referrals.withheld(text, complaint)


def pdf(case: Case) -> bytes:
    """The case file on A4. Raises ``pdf.CannotPrint``."""
    complaint, village = case.complaint, case.village
    data = {
        "paper": "A4",
        "title": f"{TITLE} {complaint.printed_number(village)}",
        "kop": paper_maker.letterhead(village),
        "number": complaint.printed_number(village),
        "audience": _audience(case),
        "facts": facts(case),
        "said": case.masked(complaint.text),
        "photos": list(_photos(case.kept)),
        "lines": [_line(line, case) for line in case.lines],
        "meetings": [_meeting(row, case) for row in _meetings(case)],
        "deliveries": [_delivery(row, case) for row in complaint.deliveries.all()],
        "files": [[kept.name, kept.row.mime, f"{kept.row.size:,}".replace(",", "."), kept.digest] for kept in case.kept],
        "taken": f"Diambil {_moment(case.taken, village)} oleh {_taker(case)}.",
    }
    return paper_maker.render("case", data, kept_at=case.taken)


def _audience(case: Case) -> str:
    if case.office:
        return "Untuk pemerintah desa: memuat catatan internal." + ("" if case.names else " Identitas pengadu disamarkan.")
    return "Salinan untuk pengadu: tanpa catatan internal dan tanpa identitas orang lain."


def _taker(case: Case) -> str:
    """Name and post; for the complainant the post alone: offices answer, not persons."""
    label = case.user.standing.label
    return label if case.office else label.partition(" — ")[2] or label


def facts(case: Case) -> list[tuple[str, str]]:
    """The entry of the register: name and value, empty ones left out."""
    row, village = case.complaint, case.village
    hamlet = row.hamlet.name if row.hamlet else ""
    name, address, phone = _identity(case)
    found = [
        ("Nomor register", row.printed_number(village)),
        ("Diterima", _moment(row.received_at, village)),
        ("Media", words.way(row.channel)),
        ("Diterima oleh", row.received_by if case.office else ""),
        ("Pengadu", name),
        ("Alamat", address),
        ("Telepon", phone),
        ("Atas nama", row.represents if case.names else ""),
        ("Perihal", case.masked(row.subject)),
        ("Lokasi", place_line(case.masked(row.place), row.rt, row.rw, hamlet)),
        ("Sejak", case.masked(row.happened)),
        ("Harapan", case.masked(row.wish)),
        (
            "Klasifikasi",
            " / ".join(part for part in (words.KINDS[row.kind], row.category.full_name if row.category else "") if part),
        ),
        ("Yang disebut", case.masked(row.who) if case.office else ""),
        ("Batas waktu", words.long_date(village.local(row.due_at).date()) if row.due_at else ""),
        ("Keadaan", words.STATES[row.state]),
        ("Hasil", words.OUTCOMES.get(row.outcome, "") or words.REASONS.get(row.decline_reason, "")),
        ("Nomor di luar", row.outside_number),
    ]
    return [(label, value) for label, value in found if value]


def _identity(case: Case) -> tuple[str, str, str]:
    person = case.complaint.complainant
    if person is None:
        return words.ANONYMOUS, "", ""
    if not case.names:
        return HIDDEN, "", ""
    return person.name, person.address_line, phones.national(person.phone) if person.phone else ""


def _moment(moment: datetime, village: Village) -> str:
    return f"{words.long_date(village.local(moment).date())} {words.clock_time(moment, village)}"


def _line(line: Line, case: Case) -> dict[str, Any]:
    local = case.village.local(line.at)
    return {
        "at": f"{local:%d-%m-%Y %H.%M}",
        "sentence": case.masked(line.sentence),
        "by": case.masked(line.by),
        "text": case.masked(line.text),
        "internal": line.internal,
    }


def _meetings(case: Case) -> list[Meeting]:
    """For the office alone: who came and what was decided concerns others too."""
    return meetings.meetings_of(case.complaint, case.user)[::-1] if case.office else []


def _meeting(meeting: Meeting, case: Case) -> dict[str, Any]:
    kinds = {Meeting.Kind.REVIEW: "Rapat pembahasan", Meeting.Kind.MEDIATION: "Mediasi"}
    agreed = {True: "Tercapai kesepakatan.", False: "Belum tercapai kesepakatan."}
    when = _moment(meeting.starts_at, case.village) if meeting.starts_at else "tanggal belum tetap"
    decisions = [f"{row.what} ({row.who_label or '–'})" for row in meeting.decisions.filter(complaint=case.complaint)]
    return {
        "heading": f"{kinds[Meeting.Kind(meeting.kind)]}, {when}, {meeting.place}",
        "number": meeting.minutes_number,
        "course": case.masked(meeting.course),
        "agreed": agreed.get(meeting.agreed, "") if meeting.agreed is not None else "",
        "decisions": [case.masked(decision) for decision in decisions],
    }


def _delivery(row: Delivery, case: Case) -> list[str]:
    reached = "sampai" if row.result == Delivery.Result.REACHED else "tidak sampai"
    to = row.to if case.names else "Pengadu"
    note = case.masked(row.note) if case.office else ""
    return [f"{case.village.local(row.at):%d-%m-%Y %H.%M}", to, words.way(row.how), reached, note]


def _photos(kept: Iterable[Kept]) -> Iterable[dict[str, str]]:
    """Each picture, small, as an SVG that carries it: papers are made from text alone."""
    for file in kept:
        if not file.row.is_picture:
            continue
        try:
            with file.row.file.open("rb") as stream:
                small = files.thumbnail(stream, SIDE)
        except (OSError, ValueError):
            continue  # it is in the archive all the same
        width, height = files.measure(small)
        coded = base64.b64encode(small).decode()
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
            f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{coded}"/></svg>'
        )
        yield {"name": file.name, "svg": svg}
