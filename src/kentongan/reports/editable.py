"""The letters and forms as documents to edit, from the same data as their PDF.

What can be changed by hand bears no code to check it by: a digest would say of other words that the village printed them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from kentongan.reports import pdf as paper_maker

if TYPE_CHECKING:
    from kentongan.reports.docx import Document

Data = dict[str, Any]
DOTS = "." * 120  # a line to write on
SIGN = ("No", "Nama", "Jabatan/Unsur", "Tanda tangan")
SIGN_WIDTHS = (1, 6, 4.5, 4)
DECIDED = ("No", "Keputusan", "Pelaksana", "Paling lambat")
DECIDED_WIDTHS = (1, 7, 4, 3.5)


def made(file: str, template: str, data: Data) -> bytes:
    """A paper as "pdf" or "docx". Raises ``ValueError`` for another kind of file, ``pdf.CannotPrint``."""
    if file == "pdf":
        return paper_maker.render(template, data)
    if file != "docx":
        raise ValueError(f"unknown kind of file: {file}")
    from kentongan.reports.docx import Document  # a process needs it only when somebody edits

    document = Document(data["title"], paper=data["paper"], size=11)
    document.kop(data["kop"])
    WRITERS[template](document, data)
    document.foot()
    return document.content()


def _complaint_letter(document: Document, data: Data) -> None:
    document.letter_heading(data["heading"], data["day"])
    _addressed(document, "Yth. ", data["to"])
    document.paragraph(_opening(data))
    document.numbered(data["points"])
    if data["rungs"]:
        document.paragraph("Selain itu, sebelum atau sesudahnya, Saudara dapat menyampaikannya kepada:", indent=6.3)
        document.bullets([f"{name}: {where}" if where else name for name, where in data["rungs"]], indent=6.3)
    document.paragraph(data["closing"])
    document.signature(data["sign"])
    document.copies(data["copies"])
    if data.get("slip"):
        _cut_off(document, data["slip"])


def _cut_off(document: Document, slip: Data) -> None:
    """The strip with the question how content the complainant is."""
    document.paragraph("– " * 45)
    document.paragraph(f"{slip['question']} (Nomor Register {slip['number']})")
    document.paragraph("     ".join(slip["choices"]))
    document.paragraph(f"Saran: {DOTS[:100]}")
    document.paragraph(slip["hand_in"])


def _cover_letter(document: Document, data: Data) -> None:
    document.letter_heading(data["heading"], data["day"])
    _addressed(document, "Yth. ", [*data["to"], "di tempat"])
    document.paragraph(_opening(data))
    document.facts(data["facts"])
    document.paragraph(data["said"], label="Isi pengaduan: ")
    document.paragraph(data["asked"], label="Yang kami mohonkan: ")
    document.paragraph(data["closing"])
    if data["link"]:
        address, code = data["link"]["address"], data["link"]["code"]
        document.paragraph(
            f"Jawaban dapat juga ditulis tanpa akun di {address} dengan kode {code}. Kode ini hanya untuk instansi tujuan surat ini."
        )
    if data["files"]:
        document.paragraph("Lampiran:", after=0)
        document.numbered(data["files"])
    document.signature(data["sign"])
    document.copies(data["copies"])


def _invitation(document: Document, data: Data) -> None:
    document.letter_heading(data["heading"], data["day"])
    if len(data["to"]) == 1:
        _addressed(document, "Kepada Yth.\n", [*data["to"], "di tempat"])
    else:
        document.paragraph("Kepada Yth.", after=0)
        document.numbered(data["to"])
        document.paragraph("di tempat")
    document.paragraph(data["opening"])
    document.facts(data["facts"])
    document.paragraph(data["closing"])
    document.signature(data["sign"])
    document.copies(data["copies"])


def _attendance(document: Document, data: Data) -> None:
    document.heading(0, data["title"])
    document.paragraph(data["about"], align="center")
    document.facts(data["facts"])
    _to_sign(document, data["rows"], numbered=True)
    document.signature(data["sign"])


def _minutes(document: Document, data: Data) -> None:
    document.heading(0, data["title"])
    document.paragraph(f"Nomor: {data['number'] or DOTS[:30]}", align="center")
    document.paragraph(data["opening"])
    basis = [(str(n), *row) for n, row in enumerate(data["basis"], start=1)]
    document.table(("No", "Nomor register", "Diterima", "Pokok pengaduan"), basis, widths=(1, 4, 4, 7))
    document.facts(data["facts"])
    document.heading(3, "Jalannya rapat")
    for part in data["course"] or [DOTS] * 6:
        document.paragraph(part)
    document.heading(3, "Keputusan")
    _decisions(document, data)
    document.paragraph(data["closing"])
    also = data["sign"] if data["sign"]["name"] != data["chair"]["name"] else None
    document.signed_by([data["chair"], also, data["clerk"]])
    document.heading(3, "Yang hadir")
    _to_sign(document, data["people"])


def _decisions(document: Document, data: Data) -> None:
    if data["agreed"]:
        document.paragraph(data["agreed"])
    rows = [(str(n), *row) for n, row in enumerate(data["decisions"], start=1)]
    if data["held"] and not rows:
        document.paragraph("Tidak ada keputusan yang perlu ditindaklanjuti.")
        return
    document.table(DECIDED, rows or [(str(n), "", "", "") for n in range(1, 5)], widths=DECIDED_WIDTHS)


def _withdrawal(document: Document, data: Data) -> None:
    document.heading(0, data["title"])
    document.paragraph(data["opening"])
    document.facts(data["who"])
    document.paragraph(data["states"])
    document.facts(data["what"])
    document.paragraph("dengan alasan:")
    for line in [data["reason"]] if data["reason"] else [DOTS] * 3:
        document.paragraph(line)
    document.paragraph("Saya mengerti bahwa:")
    document.numbered(data["knows"])
    document.signatures(data["sign"])


def _opening(data: Data) -> str:
    return "".join(data["opening"])


def _addressed(document: Document, before: str, to: Sequence[str]) -> None:
    document.lines([f"{before}{to[0]}", *to[1:]])


def _to_sign(document: Document, people: Sequence[Sequence[str]], *, numbered: bool = False) -> None:
    rows = [(str(n), name, capacity, f"{n}." if numbered else "") for n, (name, capacity) in enumerate(people, start=1)]
    document.table(SIGN, rows, widths=SIGN_WIDTHS, height=8)


WRITERS: dict[str, Callable[[Document, Data], None]] = {
    "complaint_letter": _complaint_letter,
    "cover_letter": _cover_letter,
    "invitation": _invitation,
    "attendance": _attendance,
    "minutes": _minutes,
    "withdrawal": _withdrawal,
}
