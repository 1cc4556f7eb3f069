"""One complaint to take away: the case file, every file under a neutral name, its history for machines, and how to read it, in one ZIP."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from typing import IO, Any

from kentongan.complaints import papers
from kentongan.complaints.events import KINDS
from kentongan.complaints.models import Attachment, Complaint, Response
from kentongan.lib import clock
from kentongan.reports import case_file, complaint_letters
from kentongan.reports.case_file import Case, Kept, Line
from kentongan.village.models import User, Village

SCHEMA = "kentongan-arsip/1"
WITHHELD = "(disamarkan)"
LETTERS = {
    papers.ANSWER: ("surat-jawaban", complaint_letters.answer),
    papers.COMPLETION: ("permintaan-kelengkapan", complaint_letters.completion),
}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SAFE = re.compile(r"[a-z0-9]{1,5}")


def zipped(
    complaint: Complaint,
    village: Village,
    user: User,
    *,
    office: bool,
    names: bool,
    lines: list[Line],
    rows: list[Attachment],
    known: set[str],
) -> IO[bytes]:
    """The archive as an open temporary file, at its beginning; what the caller has checked: who asks, which lines and files are for the reader.

    ``known``: numbers of other complaints that may be named. Memory stays flat: files pass through in pieces. Raises ``pdf.CannotPrint``.
    """
    kept = [Kept(_name(row, n), row, _digest(row)) for n, row in enumerate(rows, start=1)]
    masked = case_file.masking(complaint, names)
    case = Case(complaint, village, user, office, names, lines, kept, clock.now(), masked)
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the caller sends it and closes it
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.writestr(_info("README.txt"), _readme(case))
            pack.writestr(_info("pengaduan.pdf"), case_file.pdf(case))
            for name, content in _letters(case):
                pack.writestr(_info(name), content)
            pack.writestr(_info("riwayat.json"), json.dumps(_history(case, known), ensure_ascii=False, indent=1))
            for one in kept:
                with one.row.file.open("rb") as source, pack.open(_info(one.name, packed=False), "w") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _info(name: str, *, packed: bool = True) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED  # photos are packed already
    return info


def _name(row: Attachment, n: int) -> str:
    """``berkas/berkas-02.jpg``: people call files by their own name, and a name from outside is never a path here."""
    ending = str(row.file.name).rpartition(".")[2].lower()
    return f"berkas/berkas-{n:02d}.{ending if _SAFE.fullmatch(ending) else 'bin'}"


def _digest(row: Attachment) -> str:
    with row.file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _letters(case: Case) -> list[tuple[str, bytes]]:
    """The letters that have their number; they bear the name, so they are for who may know it."""
    if not case.names:
        return []
    response = case.complaint.responses.exclude(stage=Response.Stage.DELIVERED).last()
    written = papers.letters_of(case.complaint, case.complaint.events.all(), response)
    return [
        (f"surat/{LETTERS[letter.kind][0]}.pdf", LETTERS[letter.kind][1](case.complaint, case.village, case.user))
        for letter in written
        if letter.number and (case.office or letter.at)
    ]


def _history(case: Case, known: set[str]) -> dict[str, Any]:
    """``riwayat.json``, as README.txt explains it."""
    row = case.complaint
    return {
        "skema": SCHEMA,
        "untuk": "kantor" if case.office else "pengadu",
        "diambil": case.taken.isoformat(),
        "nomor": row.number,
        "keadaan": row.state,
        "data": dict(case_file.facts(case)),
        "uraian": case.masked(row.text),
        "peristiwa": _events(case, known),
        "berkas": [
            {"nama": kept.name, "jenis": kept.row.mime, "ukuran": kept.row.size, "sha256": kept.digest} for kept in case.kept
        ],
    }


def _events(case: Case, known: set[str]) -> list[dict[str, Any]]:
    """What happened, oldest first; for the office with the data of each event."""
    told = [
        {
            "jenis": line.kind,
            "waktu": line.at.isoformat(),
            "kalimat": case.masked(line.sentence),
            "oleh": case.masked(line.by),
            "isi": case.masked(line.text),
        }
        for line in case.lines
    ]
    if not case.office:
        return told
    events = sorted(case.complaint.events.all(), key=lambda event: event.pk)  # one that came meanwhile has no line
    return [
        {**said, "keadaan": event.state, "melalui": event.via, "rincian": _data(event.kind, event.data, case, known)}
        for said, event in zip(told, events, strict=False)
    ]


def _data(kind: str, data: dict[str, Any], case: Case, known: set[str]) -> dict[str, Any]:
    """An event's data without other complaints behind the wall; where the name is withheld, also without what is personal in it."""
    about = KINDS[kind]
    kept = {key: value for key, value in data.items() if key != "into" or value in known}
    if case.names:
        return kept
    return {key: WITHHELD if key in about.personal and key != about.text else _within(value, case) for key, value in kept.items()}


def _within(value: Any, case: Case) -> Any:
    if isinstance(value, str):
        return case.masked(value)
    if isinstance(value, list):
        return [_within(part, case) for part in value]
    if isinstance(value, dict):
        return {key: _within(part, case) for key, part in value.items()}
    return value


def _readme(case: Case) -> str:
    row, village = case.complaint, case.village
    whom = (
        "Arsip ini untuk pemerintah desa. Isinya lengkap, termasuk catatan internal: jangan diserahkan kepada pihak lain."
        if case.office
        else "Arsip ini salinan data untuk pengadu (UU 27/2022 tentang Pelindungan Data Pribadi), tanpa catatan internal\n"
        "dan tanpa identitas orang lain."
    )
    hidden = (
        ""
        if case.names
        else "\nIdentitas pengadu disamarkan. Periksa isi foto dan lampiran sebelum diteruskan: mesin tidak membacanya.\n"
    )
    return f"""ARSIP PENGADUAN {row.printed_number(village)} — DESA {village.name.upper()}

{whom}
{hidden}
ISI
pengaduan.pdf   berkas yang dapat dibaca dan dicetak: data register, uraian, riwayat, rapat, penyampaian, daftar berkas
surat/          surat yang sudah bernomor, bila ada
berkas/         foto dan lampiran, seperti yang disimpan di meja pengaduan
riwayat.json    riwayat yang sama untuk dibaca komputer

KEASLIAN
Sidik (SHA-256) setiap berkas tertulis dalam pengaduan.pdf dan riwayat.json. Di Linux: sha256sum berkas/*
Di Windows: certutil -hashfile NAMA SHA256

RIWAYAT.JSON (skema {SCHEMA})
untuk           "kantor" atau "pengadu"
diambil, waktu  saat, menurut ISO 8601
data, uraian    isi buku register, dan kata-kata pengadu
peristiwa       dari yang paling awal: jenis (kata kunci), waktu, kalimat, oleh, isi;
                untuk kantor juga keadaan sesudahnya, melalui (media), rincian
berkas          nama, jenis, ukuran (bita), sha256
"""
