"""Papers that can be edited: a Word document (Office Open XML, ISO/IEC 29500) built from headings, paragraphs, tables and signatures.

What people typed stays text; characters XML 1.0 knows no place for are left out. Same calls, same bytes.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import docx as python_docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SIZES = {"A4": (210, 297), "F4": (215, 330)}  # millimetres, upright
FONT = "Times New Roman"  # on every office PC, or its twin Liberation Serif
DOTS = "." * 60
ARMS = 16  # millimetres, the height of the arms in the letterhead
LEVELS = (15, 13, 12, 11)  # points of headings, the title first
SIDE, TOP = 25, 18  # margins in millimetres, those of the letters
_REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  # the day it says it was made: a clock would change the bytes
_ZIPPED = (2000, 1, 1, 0, 0, 0)
Aligned = WD_ALIGN_PARAGRAPH
Who = Mapping[str, str]  # who signs: ``above``, ``post``, ``name``


def plain(text: Any) -> str:
    """Anything as text that XML can hold."""
    return _REFUSED.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))


class Document:
    """One document, written from its beginning to its end; ``content()`` gives its bytes."""

    def __init__(self, title: str, *, paper: str = "A4", landscape: bool = False, size: float = 11.5) -> None:
        """``paper``: "A4" or "F4"; ``size``: of the text in points. Raises ``ValueError`` for another paper."""
        if paper not in SIZES:
            raise ValueError(f"unknown paper: {paper}")
        self._file = python_docx.Document()
        self._page(*SIZES[paper], landscape)
        self._styles(size)
        about = self._file.core_properties
        about.title, about.language, about.author, about.comments = plain(title)[:255], "id-ID", "", ""
        about.created = about.modified = _MADE

    # --- text ---

    def heading(self, level: int, text: str) -> None:
        """A heading; 0 is the title of the paper, centred and in capitals."""
        made = self._file.add_heading(level=min(level, len(LEVELS) - 1) or 1)
        made.add_run(plain(text).upper() if level == 0 else plain(text))
        if level == 0:
            made.alignment = Aligned.CENTER

    def paragraph(
        self, text: str, *, label: str = "", bold: bool = False, align: str = "", after: float = 6, indent: float = 0
    ) -> None:
        """A paragraph; ``label``: bold words before it; ``align``: "center" or "right"; ``after``: the room below in points; ``indent``: mm."""
        made = self._file.add_paragraph()
        if label:
            made.add_run(plain(label)).bold = True
        made.add_run(plain(text)).bold = bold or None
        if align:
            made.alignment = {"center": Aligned.CENTER, "right": Aligned.RIGHT}[align]
        made.paragraph_format.space_after = Pt(after)
        if indent:
            made.paragraph_format.left_indent = Mm(indent)

    def lines(self, lines: Iterable[str]) -> None:
        """Lines that belong together: an address."""
        self.paragraph("\n".join(plain(line) for line in lines))

    def numbered(self, lines: Iterable[str | tuple[str, Sequence[str]]]) -> None:
        """Points 1, 2, 3 …; one with a title and paragraphs is ``(title, paragraphs)``."""
        number = self._new_list()
        for line in lines:
            title, parts = (line, ()) if isinstance(line, str) else line
            made = self._file.add_paragraph(style="List Number")
            made.add_run(plain(title)).bold = bool(parts) or None
            made.paragraph_format.keep_with_next = bool(parts) or None
            properties = made._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, number
            for part in parts:
                self.paragraph(part, indent=6.3)

    def bullets(self, lines: Iterable[str], *, indent: float = 0) -> None:
        """Points without numbers; ``indent`` in millimetres."""
        for line in lines:
            made = self._file.add_paragraph(plain(line), style="List Bullet")
            if indent:
                made.paragraph_format.left_indent = Mm(indent + 6.3)

    def page_break(self) -> None:
        self._file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    # --- tables and pictures ---

    def table(
        self,
        head: Sequence[Any],
        rows: Iterable[Sequence[Any]],
        total: Sequence[Any] | None = None,
        widths: Sequence[float] = (),
        height: float = 0,
    ) -> None:
        """A table with lines; its head stands again on each page. Numbers go to the right.

        ``total``: the last row, bold; ``widths``: shares; ``height``: of each row below the head in millimetres, at least.
        """
        body = [*rows, *([total] if total else [])]
        made = self._file.add_table(rows=0, cols=len(head), style="Table Grid")
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        for n, cells in enumerate([head, *body]):
            row = made.add_row()
            _mark(row, "w:cantSplit")
            if n == 0:
                _mark(row, "w:tblHeader")
            elif height:
                row.height = Mm(height)
            for cell, value in zip(row.cells, cells, strict=True):
                text = cell.paragraphs[0]
                text.paragraph_format.space_after = Pt(0)
                text.add_run(plain(value)).bold = n == 0 or (total is not None and n == len(body)) or None
                if n == 0:
                    text.alignment = Aligned.CENTER
                elif isinstance(value, (int, float)):
                    text.alignment = Aligned.RIGHT
        self._widths(made, widths or [1] * len(head))
        self.paragraph("", after=2)

    def facts(self, rows: Iterable[tuple[str, str]], *, share: float = 0.24) -> None:
        """Names and values in two columns without lines; dots where something is filled in by hand. ``share`` of the names' column."""
        pairs = [(name, f": {value or DOTS}") for name, value in rows]
        self._bare(pairs, [share, 1 - share])
        self.paragraph("", after=2)

    def letter_heading(self, rows: Sequence[tuple[str, str]], day: str) -> None:
        """Number, nature, enclosures and subject of a letter, the day on the right."""
        made = self._bare(
            [(name, f": {value}", day if n == 0 else "") for n, (name, value) in enumerate(rows)], [0.14, 0.5, 0.36]
        )
        made.rows[0].cells[2].paragraphs[0].alignment = Aligned.RIGHT
        self.paragraph("", after=2)

    def picture(self, content: bytes, *, alt: str, width: float | None = None, height: float | None = None) -> None:
        """A picture (PNG or JPEG), so many millimetres wide or high; ``alt``: what it shows, for who cannot see it."""
        size = {side: Mm(length) for side, length in (("width", width), ("height", height)) if length}
        made = self._file.add_picture(io.BytesIO(content), **size)
        made._inline.docPr.set("descr", plain(alt))
        self._file.paragraphs[-1].alignment = Aligned.CENTER

    # --- the furniture of official papers ---

    def kop(self, head: Mapping[str, Any]) -> None:
        """The head of every paper, as ``pdf.letterhead`` gives it, over a double rule."""
        lines = [
            ("regency", 12, False),
            ("district", 12, False),
            ("village", 16, True),
            ("address", 9, False),
            ("contacts", 9, False),
        ]
        if head.get("arms"):
            self.picture(base64.b64decode(head["arms"]), height=ARMS, alt="Lambang")
            self._file.paragraphs[-1].paragraph_format.space_after = Pt(0)
        shown = [(plain(head[key]), size, bold) for key, size, bold in lines if head[key]]
        for text, size, bold in shown:
            made = self._file.add_paragraph()
            run = made.add_run(text)
            run.bold, run.font.size = bold or None, Pt(size)
            made.alignment = Aligned.CENTER
            made.paragraph_format.space_after = Pt(0)
        _rule_below(made._p)
        made.paragraph_format.space_after = Pt(12)

    def signature(self, who: Who) -> None:
        """One who signs, on the right."""
        self.signed_by([None, who])

    def signatures(self, pair: Mapping[str, Who]) -> None:
        """Two who sign: ``left`` and ``right``."""
        self.signed_by([pair["left"], pair["right"]])

    def signed_by(self, people: Sequence[Who | None]) -> None:
        """Any number who sign beside each other; ``None`` leaves a place empty."""
        made = self._bare([[""] * len(people)], [1] * len(people))
        for cell, who in zip(made.rows[0].cells, people, strict=True):
            if who is None:
                continue
            texts = [who["above"], who["post"], "", "", "", who["name"]]
            for n, text in enumerate(texts):
                line = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
                run = line.add_run(plain(text))
                line.alignment, line.paragraph_format.space_after = Aligned.CENTER, Pt(0)
                line.paragraph_format.keep_with_next = True
                if n == len(texts) - 1 and not text.startswith("("):
                    run.bold = run.underline = True
        self.paragraph("", after=2)

    def copies(self, lines: Sequence[str]) -> None:
        """*Tembusan*: who else gets it."""
        if lines:
            self.paragraph("Tembusan:", after=0)
            self.numbered(lines)

    def foot(self, text: str = "") -> None:
        """The foot of every page: ``text``, and *Halaman x dari y*, which Word counts itself."""
        foot = self._file.sections[0].footer
        made = foot.paragraphs[0]
        for line in plain(text).split("\n") if text else ():
            made.add_run(line).font.size = Pt(8.5)
            made = foot.add_paragraph()
        made.alignment = Aligned.RIGHT
        for word, field in (("Halaman ", "PAGE"), (" dari ", "NUMPAGES")):
            made.add_run(word).font.size = Pt(8.5)
            _field(made, field)

    def content(self) -> bytes:
        """The document as a file."""
        out, fixed = io.BytesIO(), io.BytesIO()
        self._file.save(out)
        with zipfile.ZipFile(out) as made, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as again:
            for name in made.namelist():
                again.writestr(zipfile.ZipInfo(name, _ZIPPED), made.read(name), zipfile.ZIP_DEFLATED)
        return fixed.getvalue()

    # --- inside ---

    def _page(self, width: int, height: int, landscape: bool) -> None:
        section = self._file.sections[0]
        if landscape:
            width, height = height, width
            section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.left_margin = section.right_margin = Mm(SIDE)
        section.top_margin = section.bottom_margin = Mm(TOP)
        section.header_distance = section.footer_distance = Mm(8)
        self._room = width - 2 * SIDE

    def _styles(self, size: float) -> None:
        styles = self._file.styles
        named = [("Normal", size), *((f"Heading {level}", LEVELS[level]) for level in range(1, len(LEVELS)))]
        for name, points in named:
            style = styles[name]
            style.font.name, style.font.size = FONT, Pt(points)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for attribute in [key for key in fonts.attrib if key.endswith("Theme")]:
                del fonts.attrib[attribute]
            for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
                fonts.set(qn(script), FONT)
            style.font.color.rgb = RGBColor(0, 0, 0)
        styles["Normal"].paragraph_format.space_after = Pt(6)
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "id-ID")

    def _new_list(self) -> int:
        """A list of its own that begins at 1."""
        numbering = self._file.part.numbering_part.element
        own = self._file.styles["List Number"].element.pPr.numPr.numId.val
        abstract = next(num.abstractNumId.val for num in numbering.num_lst if num.numId == own)
        made = numbering.add_num(abstract)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)

    def _bare(self, rows: Sequence[Sequence[str]], shares: Sequence[float]) -> Any:
        """A table without lines."""
        made = self._file.add_table(rows=0, cols=len(shares))
        for cells in rows:
            row = made.add_row()
            _mark(row, "w:cantSplit")
            for cell, value in zip(row.cells, cells, strict=True):
                cell.paragraphs[0].add_run(plain(value))
                cell.paragraphs[0].paragraph_format.space_after = Pt(0)
        self._widths(made, shares)
        return made

    def _widths(self, table: Any, shares: Sequence[float]) -> None:
        table.autofit = False
        whole = sum(shares)
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Mm(self._room * share / whole)
            for cell in column.cells:
                cell.width = column.width


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _rule_below(paragraph: Any) -> None:
    """The double rule of a letterhead, thick above thin."""
    borders, below = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in {"w:val": "thickThinSmallGap", "w:sz": "18", "w:space": "4", "w:color": "000000"}.items():
        below.set(qn(key), value)
    borders.append(below)
    properties = paragraph.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _field(paragraph: Any, name: str) -> None:
    """Something Word counts: PAGE, NUMPAGES."""
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run("1" if kind == "text" else "")
        run.font.size = Pt(8.5)
        if kind in {"begin", "separate", "end"}:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif text and not kind:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)
