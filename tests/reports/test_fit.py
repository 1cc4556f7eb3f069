"""Every paper fits its sheet: of its exact size, with all ink inside what a printer reaches, and its letters within the file."""

import io
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from kentongan.complaints.lifecycle import State
from kentongan.lib import files
from kentongan.reports import (
    assignment_sheet,
    complaint_letters,
    cover_letter,
    meeting,
    notice_sheet,
    poster,
    receipt,
    register_book,
    samples,
    withdrawal,
    wording,
)
from kentongan.village.models import Arms, LetterRule
from tests import make, meet
from tests.cast import Cast

pytestmark = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not installed")

SHEETS = {"a4": (210, 297), "f4": (215, 330), "a5": (148, 210), "a6": (105, 148), "80mm": (80, None)}  # mm, upright
DPI = 72
UNREACHED = {"80mm": 4.0}  # mm along the edge; of every other sheet:
EDGE = 8.0
DARK = 200  # of 255: what is lighter is the faint side of a letter's edge
GRAIN = 25.4 / DPI  # mm a pixel: what a drawing may be off


def wrong(content: bytes, size: str) -> list[str]:
    """What does not fit, in words. ``size``: a key of ``SHEETS``; a sheet may lie on its side."""
    return [*_sizes(content, size), *_loose_fonts(content), *_ink(content, size)]


def _sizes(content: bytes, size: str) -> list[str]:
    wide, high = SHEETS[size]
    found = []
    for n, page in enumerate(PdfReader(io.BytesIO(content)).pages, start=1):
        sides = sorted(float(side) * 25.4 / 72 for side in (page.mediabox.width, page.mediabox.height))
        if abs(sides[0] - wide) > 0.1 or (high and abs(sides[1] - high) > 0.1):
            found.append(f"page {n}: {sides[0]:.1f} × {sides[1]:.1f} mm")
    return found


def _loose_fonts(content: bytes) -> list[str]:
    told = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert told, "no letters at all"
    return [line for line in told if line.split()[-5] != "yes"]  # … emb sub uni object ID


def _ink(content: bytes, size: str) -> list[str]:
    """Pages with ink along an edge, or with none."""
    drawn = subprocess.run(["pdftoppm", "-gray", "-r", str(DPI)], input=content, capture_output=True, check=True).stdout
    found = []
    for n, picture in enumerate(_pictures(drawn), start=1):
        box = picture.point(lambda light: 255 if light < DARK else 0).getbbox()
        if box is None:
            found.append(f"page {n} is empty")
            continue
        free = [side * GRAIN for side in (box[0], box[1], picture.width - box[2], picture.height - box[3])]
        if min(free) < UNREACHED.get(size, EDGE) - GRAIN:
            found.append(f"page {n}: {', '.join(f'{side:.1f}' for side in free)} mm free (left, top, right, bottom)")
    return found


def _pictures(drawn: bytes) -> list[Image.Image]:
    """The pages one after the other, as ``pdftoppm`` writes them (PGM)."""
    stream, found = io.BytesIO(drawn), []
    while stream.tell() < len(drawn):
        assert stream.readline() == b"P5\n"
        width, height = map(int, stream.readline().split())
        stream.readline()
        found.append(Image.frombytes("L", (width, height), stream.read(width * height)))
    return found


@pytest.fixture
def adorned(cast: Cast) -> Cast:
    """The village with its arms, long sentences of its own in every paper, and letters signed u.b."""
    village = cast.village
    picture = io.BytesIO()
    Image.new("RGB", (300, 360), "darkgreen").save(picture, "PNG")
    Arms.objects.create(village=village, picture=files.emblem(picture.getvalue()))
    for kind in ("answer", "completion", "referral", "invitation", "minutes"):
        LetterRule.objects.create(
            village=village, kind=kind, signs=LetterRule.Signs.UNDER, post="Kasi Kesejahteraan", copies="Camat"
        )
    return cast


@pytest.mark.parametrize("paper", samples.TEMPLATES)
def test_a_sample_fits_its_sheet_also_in_words_of_the_villages_own(paper: str, adorned: Cast) -> None:
    parts = wording.PARTS.get(paper, {})
    own = {name: (f"{part.usual} Dengan kata-kata desa sendiri.")[: part.longest] for name, part in parts.items()}
    rule = LetterRule.objects.filter(kind=paper).first()
    content = samples.pdf(paper, adorned.village, wording.Wording(paper, own), rule)
    assert wrong(content, "a5" if paper == "receipt" else "a4") == []


def test_every_paper_fits_every_size_it_comes_in(adorned: Cast) -> None:
    cast, village, today = adorned, adorned.village, timezone.localdate()
    answered, asked = make.complaint(cast, State.RESPONDED), make.complaint(cast, State.AWAITING_COMPLAINANT)
    declined, referred = make.complaint(cast, State.DECLINED), make.complaint(cast, State.REFERRED)
    board = make.complaint(cast, State.RESPONDED, sender=make.Contact())
    called = meet.called(cast, make.complaint(cast, State.IN_PROGRESS))
    prints: dict[str, Callable[..., Any]] = {
        "completion": lambda paper: complaint_letters.completion(asked, village, cast.sari, paper=paper),
        "answer": lambda paper: complaint_letters.answer(answered, village, cast.sari, paper=paper),
        "refusal": lambda paper: complaint_letters.answer(declined, village, cast.sari, paper=paper),
        "invitation": lambda paper: meeting.invitation(called, village, cast.sari, paper=paper),
        "attendance": lambda paper: meeting.attendance(called, village, cast.sari, paper=paper),
        "minutes": lambda paper: meeting.minutes(called, village, cast.sari, paper=paper),
        "referral": lambda paper: cover_letter.pdf(referred.referrals.get(), village, cast.sari, paper=paper),
        "withdrawal": lambda paper: withdrawal.pdf(asked, village, cast.sari, paper=paper),
        "notice": lambda paper: notice_sheet.pdf(board, village, cast.sari, text="Sudah ditambal.", paper=paper),
        "poster": lambda paper: poster.pdf(village, "https://desa.example/adukan/", paper=paper),
        "book": lambda paper: register_book.pdf(cast.sari, village, start=today, end=today, today=today, paper=paper),
    }
    bad = {(name, paper): wrong(write(paper), paper.lower()) for name, write in prints.items() for paper in ("A4", "F4")}
    for paper in assignment_sheet.PAPERS:
        bad["assignment", paper] = wrong(assignment_sheet.pdf(answered, village, cast.sari, paper=paper), paper.lower())
    bad["poster", "A5"] = wrong(poster.pdf(village, "https://desa.example/adukan/", paper="A5"), "a5")
    for size in ("a6", "a5", "80mm"):
        bad["receipt", size] = wrong(receipt.pdf(answered, village, size, "https://desa.example"), size)
    assert {paper: found for paper, found in bad.items() if found} == {}


def test_what_does_not_fit_is_found(cast: Cast) -> None:
    content = poster.pdf(cast.village, "https://desa.example/adukan/")
    assert wrong(content, "a5") == ["page 1: 210.0 × 297.0 mm"]
    black = io.BytesIO()
    Image.new("L", (595, 842), 0).save(black, "PDF")
    assert _ink(black.getvalue(), "a4") == ["page 1: 0.0, 0.0, 0.0, 0.0 mm free (left, top, right, bottom)"]
