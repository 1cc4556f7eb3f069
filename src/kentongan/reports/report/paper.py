"""The report as a document (Laporan Pengelolaan Pengaduan): covering note, five chapters, signatures. All its data is plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from kentongan.reports import charts, words
from kentongan.reports import pdf as paper_maker
from kentongan.reports.report import analysis, appendix, counted, drawings, tables
from kentongan.reports.report.book import Book

PAPERS = ("A4", "F4")
TITLE = "Laporan Pengelolaan Pengaduan"
NOT_PRINTED = frozenset({"rows", "names"})
NO_NUMBER = "..............................."


def data(
    book: Book, *, number: str = "", advice: Iterable[str] | None = None, corrected: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """All the report says, as JSON. ``number``: of the covering note; without one it is a draft. ``advice``: else what is proposed.

    ``corrected``: as ``corrections.of`` gives it. ``rows`` and ``names`` are printed nowhere: see ``counted``.
    """
    village, period = book.village, book.period
    signs = paper_maker.signatures(village, book.today)
    made = tables.all_of(book)
    return {
        "title": TITLE,
        "period": period.name,
        "kop": paper_maker.letterhead(village),
        "foot": f"{TITLE} · Desa {village.name} · {period.name}",
        "draft": "" if number else "Konsep, belum dikirim",
        "day": f"{village.name}, {words.long_date(book.today)}",
        "heading": [
            ("Kepada", f"Yth. {signs['left']['post']}"),
            ("Dari", signs["right"]["post"]),
            ("Nomor", number or NO_NUMBER),
            ("Lampiran", "1 berkas" if book.received else "–"),
            ("Hal", f"{TITLE} {period.name}"),
        ],
        "note": _note(book),
        "basis": _basis(book),
        "tables": [asdict(table) for table in made],
        "charts": drawings.data(book, made),
        "corrections": dict(corrected or {}),
        "analysis": analysis.sentences(book),
        "advice": list(advice) if advice is not None else analysis.recommendations(book),
        "closing": _closing(book),
        "signatures": signs,
        "appendix": asdict(appendix.table(book)) if book.received else None,
        **counted.data(book),
    }


def pdf(said: dict[str, Any], paper: str) -> bytes:
    """``data`` on paper; for good where ``kept_at`` in it says since when. Same data, same bytes.

    Raises ``ValueError`` for another paper, ``pdf.CannotPrint``.
    """
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    look = charts.paper()
    drawn = [
        {"table": one["table"], "title": one["title"], "svg": drawings.svg(one, look), "alt": drawings.alt(one)}
        for one in said["charts"]
    ]
    printed = {key: value for key, value in said.items() if key not in NOT_PRINTED}
    kept_at = datetime.fromisoformat(said["kept_at"]) if "kept_at" in said else None
    return paper_maker.render("report", {**printed, "paper": paper, "charts": drawn}, kept_at=kept_at)


def _note(book: Book) -> list[str]:
    balance = tables.whole(book)
    return [
        f"Bersama ini kami sampaikan {TITLE} Desa {book.village.name} {book.period.spoken}, "
        f"{words.long_date(book.period.start)} sampai dengan {words.long_date(book.period.end)}.",
        f"Ringkasnya: belum selesai pada awal masa laporan {balance.opening} pengaduan, masuk {balance.received}, "
        f"berakhir {balance.out.total()}, belum selesai pada akhir masa laporan {balance.closing}.",
        *([] if book.is_over else [f"Masa laporan belum berakhir; angka sementara sampai {words.long_date(book.today)}."]),
        "Mohon arahan Bapak/Ibu atas rekomendasi pada bagian IV.",
    ]


def _basis(book: Book) -> list[str]:
    return [
        "Laporan ini disusun berdasarkan Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik, Peraturan Presiden "
        "Nomor 76 Tahun 2013 tentang Pengelolaan Pengaduan Pelayanan Publik, dan prosedur pengelolaan pengaduan "
        f"Pemerintah Desa {book.village.name}.",
        "Maksudnya memberi gambaran pengaduan yang diterima, penanganannya, dan hal yang perlu diputuskan Kepala Desa. "
        "Angka diambil dari buku register pengaduan; identitas pengadu tidak dicantumkan.",
    ]


def _closing(book: Book) -> str:
    enclosed = ", yang salinannya terlampir" if book.received else ""
    return f"Demikian laporan {book.period.spoken} ini disampaikan. Rincian tiap pengaduan ada dalam buku register pengaduan{enclosed}."
