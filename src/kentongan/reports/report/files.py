"""A report as files to work with: a sheet for each table, and a document to edit. Made of its data alone, so one that was sent stays what it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from kentongan.reports import docx, spreadsheet
from kentongan.reports.report import paper
from kentongan.reports.table import Table


def xlsx(said: Mapping[str, Any]) -> IO[bytes]:
    """The balance, the tables, what they say, and the appendix, as an open temporary file."""
    tables = [Table(**table) for table in said["tables"]]
    sheets = [_balance(tables[0]), *(_named(table) for table in tables), _sentences(said)]
    if said.get("appendix"):
        sheets.append(_named(Table(**said["appendix"])))
    number = dict(said["heading"])["Nomor"]
    return spreadsheet.xlsx(
        sheets, [said["kop"]["village"], f"{said['title']} {said['period']}", said["draft"] or f"Nomor {number}"]
    )


def _named(table: Table) -> Table:
    return Table(table.key, f"{table.key} {table.title}", table.head, table.rows, table.total, table.note)


def _balance(flow: Table) -> Table:
    """The balance of the whole period, line by line."""
    counts = flow.total or [0] * len(flow.head)
    rows = [[title, n] for title, n in zip(flow.head[1:], counts[1:], strict=True)]
    return Table("Saldo", "Saldo", ["Keadaan", "Pengaduan"], rows, note=flow.note)


def _sentences(said: Mapping[str, Any]) -> Table:
    corrected = said.get("corrections") or {}
    rows = [
        *(["Koreksi", line] for line in corrected.get("lines", ())),
        *(["Analisis", line] for line in said["analysis"]),
        *(["Rekomendasi", line] for line in said["advice"]),
    ]
    return Table("Analisis", "Analisis dan rekomendasi", ["Bagian", "Kalimat"], rows)


def document(said: Mapping[str, Any], size: str) -> bytes:
    """The report in Word's format; its pictures stand on the PDF. Raises ``ValueError`` for another paper."""
    if size not in paper.PAPERS:
        raise ValueError(f"unknown paper: {size}")
    made = docx.Document(f"{said['title']} {said['period']}", paper=size, size=10.5)
    _cover(made, said)
    made.heading(1, "I. Dasar dan maksud")
    for sentence in said["basis"]:
        made.paragraph(sentence)
    made.heading(1, "II. Rekapitulasi")
    for table in said["tables"]:
        _table(made, Table(**table))
    if corrected := said.get("corrections"):
        made.heading(2, corrected["title"])
        made.bullets(corrected["lines"])
    made.heading(1, "III. Permasalahan dan analisis")
    made.numbered(said["analysis"])
    made.heading(1, "IV. Rekomendasi")
    made.numbered(said["advice"])
    made.heading(1, "V. Penutup")
    made.paragraph(said["closing"])
    made.signatures(said["signatures"])
    if said.get("appendix"):
        made.page_break()
        _table(made, Table(**said["appendix"]), level=1)
    made.foot(said["foot"])
    return made.content()


def _cover(made: docx.Document, said: Mapping[str, Any]) -> None:
    made.kop(said["kop"])
    made.heading(0, "Nota pengantar")
    if said["draft"]:
        made.paragraph(said["draft"], align="center")
    made.paragraph(said["day"], align="right")
    made.facts([(name, value) for name, value in said["heading"]], share=0.15)
    for sentence in said["note"]:
        made.paragraph(sentence)
    made.heading(0, f"{said['title']} {said['period']}")


def _table(made: docx.Document, table: Table, level: int = 2) -> None:
    made.heading(level, f"{table.key}. {table.title}")
    rows = table.rows or [["NIHIL", *[""] * (len(table.head) - 1)]]
    made.table(table.head, rows, table.total or None, table.ratio)
    if table.note:
        made.paragraph(table.note)
