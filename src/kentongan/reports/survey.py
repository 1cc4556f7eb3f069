"""The satisfaction survey on paper: the form to fill in by hand, and the report (Laporan Survei Kepuasan Masyarakat)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kentongan.complaints import skm, surveys
from kentongan.complaints.models import Survey, SurveyAnswer
from kentongan.reports import pdf as paper_maker
from kentongan.reports import qr, words
from kentongan.village.models import User, Village

PAPERS = surveys.PAPERS
TITLE = "Laporan Survei Kepuasan Masyarakat"
DOTS = "." * 24
SMALL = 3  # of fewer people alike the report gives no number
AGES = {"-16": "s.d. 16", "17-25": "17–25", "26-40": "26–40", "41-60": "41–60", "61+": "61 ke atas"}
SEXES = {"L": "Laki-laki", "P": "Perempuan"}
SCHOOLS = {
    "-": "Tidak tamat SD", "SD": "SD", "SMP": "SMP", "SMA": "SMA/SMK", "D3": "D1–D3", "S1": "S1/D4 ke atas",
}  # fmt: skip
TRADES = {
    "TANI": "Petani/nelayan", "BURUH": "Buruh", "DAGANG": "Pedagang/wiraswasta", "SWASTA": "Pegawai swasta", "ASN": "ASN/TNI/Polri",
    "RT": "Mengurus rumah tangga", "PELAJAR": "Pelajar/mahasiswa", "LAIN": "Lainnya",
}  # fmt: skip
ABOUT = (
    ("age", "Umur (tahun)", AGES),
    ("sex", "Jenis kelamin", SEXES),
    ("education", "Pendidikan", SCHOOLS),
    ("occupation", "Pekerjaan", TRADES),
)


def form(survey: Survey, village: Village, address: str, *, paper: str = "A4") -> bytes:
    """The form to fill in by hand, on one page where its questions fit. ``address``: of the web form, as the square says it.

    Raises ``ValueError`` for another paper, ``pdf.CannotPrint``.
    """
    data = {
        "title": f"Survei Kepuasan Masyarakat {survey.year}",
        "service": survey.service,
        "kop": paper_maker.letterhead(village),
        "until": words.long_date(survey.closes_on),
        "qr": qr.svg(address),
        "address": address.partition("://")[2].rstrip("/"),
        "about": [(title, list(choices.values())) for _key, title, choices in ABOUT],
        "questions": [(element["question"], element["answers"]) for element in survey.elements],
    }
    return paper_maker.render("survey_form", {"paper": _known(paper), **data})


def report(said: dict[str, Any], paper: str, *, kept_at: datetime | None = None) -> bytes:
    """``data`` on paper; ``kept_at``: since when for good. Same data, same bytes. Raises ``ValueError`` for another paper, ``pdf.CannotPrint``."""
    return paper_maker.render("survey_report", {"paper": _known(paper), **said}, kept_at=kept_at)


def _known(paper: str) -> str:
    if paper not in PAPERS:
        raise ValueError(f"unknown paper: {paper}")
    return paper


def close(survey: Survey, village: Village, *, by: User, now: datetime) -> Survey:
    """End the survey: no more answers, and its report kept as it is. Nothing is locked while it is printed.

    Killed in between it takes no answers, and closing it again makes the report. Raises ``surveys.AlreadyClosed``, ``pdf.CannotPrint``.
    """
    stopped = surveys.stop(survey, by=by, now=now)
    said = data(stopped, village, words.local(now, village).date())
    return surveys.keep(stopped, data=said, papers={size: report(said, size, kept_at=now) for size in PAPERS})


def data(survey: Survey, village: Village, today: date) -> dict[str, Any]:
    """All the report says, as JSON; a draft while the survey is not closed. What people suggested is not in it."""
    found = surveys.result(survey)
    names = {element["key"]: element["name"] for element in survey.elements}
    return {
        "title": TITLE,
        "service": survey.service,
        "year": str(survey.year),
        "kop": paper_maker.letterhead(village),
        "foot": f"{TITLE} · Desa {village.name} · {survey.year}",
        "draft": "" if survey.closed_at else "Konsep, survei belum ditutup",
        "introduction": _introduction(survey, village),
        "collection": _collection(survey, village, found),
        "people": _people(survey),
        "elements": [_row(element, names, len(found.answered)) for element in found.elements],
        "index": skm.written(found.index),
        "band": f"{found.band.letter} ({found.band.words})" if found.band else "–",
        "bands": [(band.letter, band.words, _span(n)) for n, band in enumerate(skm.BANDS)],
        "n": found.n,
        "small": _small(found),
        "findings": _findings(found, names),
        "plan": [_planned(survey, element.key, names) for element in found.lowest],
        "closing": f"Demikian laporan survei kepuasan masyarakat tahun {survey.year} ini disusun sebagai bahan perbaikan pelayanan.",
        "signatures": paper_maker.signatures(village, today),
    }


def _introduction(survey: Survey, village: Village) -> list[str]:
    return [
        "Survei ini dilaksanakan berdasarkan Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik dan Peraturan Menteri "
        "Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 14 Tahun 2017 tentang Pedoman Penyusunan Survei Kepuasan "
        "Masyarakat Unit Penyelenggara Pelayanan Publik.",
        f"Tujuannya mengetahui tingkat kepuasan masyarakat atas layanan {survey.service} Pemerintah Desa {village.name} dan "
        "menentukan perbaikan yang didahulukan.",
    ]


def _collection(survey: Survey, village: Village, found: skm.Result) -> list[tuple[str, str]]:
    """How, when and whom: the facts of chapter II."""
    ways = Counter(survey.answers.order_by().values_list("via", flat=True))
    facts = [
        ("Pelaksana", f"Pemerintah Desa {village.name}"),
        ("Layanan", survey.service),
        ("Waktu", f"{words.long_date(survey.opens_on)} s.d. {words.long_date(survey.closes_on)}"),
        ("Cara", "Kuesioner tanpa nama, melalui halaman web dan lembar kertas; tiap unsur dinilai 1 sampai 4"),
        ("Responden", f"{found.n} orang (web {ways[SurveyAnswer.Via.WEB]}, kertas {ways[SurveyAnswer.Via.PAPER]})"),
    ]
    if survey.population:
        wanted = skm.sample_size(survey.population)
        facts.append(("Sampel", f"{wanted} dari {survey.population} pengguna layanan (tabel Krejcie dan Morgan)"))
    return facts


def _people(survey: Survey) -> list[tuple[str, str]]:
    """Of each thing people said of themselves how many said what; too few alike are not counted out."""
    lines = []
    for key, title, choices in ABOUT:
        counted = Counter(value for value in survey.answers.order_by().values_list(key, flat=True) if value)
        parts = [f"{label}: {_few(counted[value])}" for value, label in choices.items() if counted[value]]
        lines.append((title, "; ".join(parts) or "tidak diisi"))
    return lines


def _few(n: int) -> str:
    return str(n) if n >= SMALL else f"kurang dari {SMALL}"


def _row(element: skm.ElementResult, names: dict[str, str], elements: int) -> dict[str, Any]:
    """One line of the table; ``share``: of the scale from 1 to 4, for the drawing."""
    index = element.index
    return {
        "key": element.key,
        "name": names[element.key],
        "n": element.n,
        "mean": skm.written(element.mean, 3),
        "weighted": skm.written(element.mean / elements if element.mean is not None else None, 3),
        "index": skm.written(index),
        "band": skm.band_of(index).letter if index is not None else "–",
        "share": float(element.mean) / 4 if element.mean is not None else 0,
    }


def _span(n: int) -> str:
    """``76,61–88,30``: from the band's smallest index to just below the next."""
    above = skm.BANDS[n - 1].least - Decimal("0.01") if n else Decimal(100)
    return f"{skm.written(skm.BANDS[n].least)}–{skm.written(above)}"


def _small(found: skm.Result) -> str:
    if not found.is_small:
        return ""
    return f"Baru {found.n} orang yang menjawab (kurang dari {skm.FEW}): hasil belum mewakili pengguna layanan."


def _findings(found: skm.Result, names: dict[str, str]) -> list[str]:
    if found.index is None or found.band is None:
        return ["Belum ada jawaban, sehingga indeks belum dapat dihitung."]
    best = max(found.answered, key=lambda element: element.mean or 0)
    lowest = "; ".join(f"{names[element.key]} ({skm.written(element.mean, 3)})" for element in found.lowest)
    return [
        f"Indeks Kepuasan Masyarakat (IKM) {skm.written(found.index)}, mutu pelayanan {found.band.letter} ({found.band.words}).",
        f"Unsur dengan nilai tertinggi: {names[best.key]} ({skm.written(best.mean, 3)}).",
        f"Unsur dengan nilai terendah, didahulukan perbaikannya: {lowest}.",
    ]


def _planned(survey: Survey, key: str, names: dict[str, str]) -> tuple[str, str, str, str]:
    plan = survey.follow_up.get(key, {})
    return (names[key], *(str(plan.get(part) or DOTS) for part in ("what", "when", "who")))  # type: ignore[return-value]
