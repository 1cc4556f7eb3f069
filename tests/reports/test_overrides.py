"""Templates of a village's own: printed in place of ours while they work, confined to the paper's data, never in the way of a paper."""

import io
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kentongan.complaints.lifecycle import State
from kentongan.reports import assignment_sheet, overrides, samples, withdrawal
from kentongan.reports import pdf as paper_maker
from kentongan.reports.wording import Wording
from kentongan.village.models import User
from tests import make
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]
OURS = "Lembar Disposisi Pengaduan".upper()


@pytest.fixture
def papers(settings: object, tmp_path: Path) -> Path:
    """The folder of own templates, empty."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


def sheet(cast: Cast) -> str:
    content = samples.pdf("assignment", cast.village, Wording("assignment"))
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_an_own_template_is_printed_with_ours_to_import_from(cast: Cast, papers: Path, client_of: ClientOf) -> None:
    assert OURS in sheet(cast)
    (papers / "assignment.typ").write_text('#import "common.typ": *\n#kop(data.kop)\nDISPOSISI KAMI #data.facts.at(0).at(1)')
    text = sheet(cast)
    assert "DISPOSISI KAMI" in text
    assert "SUKAMAJU" in text
    assert OURS not in text
    page = client_of(cast.lastri).get(reverse("office:papers")).content.decode()
    assert page.count("chip jati") == 1
    assert "papers/assignment.typ" in client_of(cast.tono).get(reverse("office:paper", args=["assignment"])).content.decode()


def test_it_may_bring_its_own_common_part_and_pictures(cast: Cast, papers: Path) -> None:
    (papers / "common.typ").write_text("#let greeting = [SALAM DARI KAMI]")
    (papers / "cap.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    )
    assert OURS in sheet(cast), "its common part is for its own templates"
    (papers / "assignment.typ").write_text('#import "common.typ": greeting\n#greeting #image("cap.svg")')
    assert "SALAM DARI KAMI" in sheet(cast)


BROKEN = {
    "syntax": "#let x = ",
    "passwd": '#read("/etc/passwd")',
    "above": '#read("../../etc/passwd")',
    "link": '#read("link.svg")',
    "folder": '#read("more/inner.svg")',
    "package": '#import "@preview/cetz:0.2.0": *',
    "endless": "#let f(x) = f(x + 1)\n#f(1)",
    "loop": "#while true { let x = 1 }",
    "not text": "\x00\xff",
    "panic": "#panic(data.facts.at(2).at(1))",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_does_not_work_or_reaches_out_is_printed_by_ours(
    cast: Cast, papers: Path, client_of: ClientOf, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    (papers / "secret.txt").write_text("rahasia")
    (papers / "more").mkdir()
    (papers / "more" / "inner.svg").write_text("<svg/>")
    os.symlink("/etc/passwd", papers / "link.svg")
    (papers / "assignment.typ").write_text(text, encoding="latin-1")
    row = make.complaint(cast, State.ASSIGNED, "Rahasia: sepeda Pak Dulkarim hilang di depan balai.")
    with caplog.at_level(logging.WARNING, logger="kentongan"):
        content = assignment_sheet.pdf(row, cast.village, cast.sari)
    assert OURS in PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "papers/assignment.typ" in caplog.text
    assert "Dulkarim" not in caplog.text
    assert "root:" not in caplog.text
    page = client_of(cast.tono).get(reverse("office:papers")).content.decode()
    assert page.count("chip bata") == 1
    assert 'class="told"' in page
    for secret in ("Dulkarim", "root:", str(papers), "/tmp/"):
        assert secret not in page
    (papers / "assignment.typ").write_text("SUDAH BENAR")
    assert "SUDAH BENAR" in sheet(cast), "what is mended is printed at once"


def test_one_that_takes_too_long_is_given_up(cast: Cast, papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (papers / "assignment.typ").write_text(
        "#let n = 0\n#for a in range(9999) { for b in range(9999) { n += calc.rem(a * b, 7) } }\n#n"
    )
    monkeypatch.setattr(overrides, "SECONDS", 1)
    assert OURS in sheet(cast)
    data = samples.data("assignment", cast.village, Wording("assignment"))
    assert "more than 1 seconds" in paper_maker.trouble("assignment", data, seconds=1)


def test_a_link_is_no_template_and_a_name_of_no_paper_is_told(cast: Cast, papers: Path, client_of: ClientOf) -> None:
    elsewhere = papers.parent / "elsewhere.typ"
    elsewhere.write_text("LAIN")
    os.symlink(elsewhere, papers / "assignment.typ")
    (papers / "jawaban.typ").write_text("x")
    assert OURS in sheet(cast)
    page = client_of(cast.tono).get(reverse("office:papers")).content.decode()
    assert "jawaban.typ" in page
    assert "chip jati" not in page


def test_the_others_are_printed_as_ever(cast: Cast, papers: Path) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    before = withdrawal.pdf(row, cast.village, cast.sari)
    (papers / "assignment.typ").write_text("#let x = ")
    assert withdrawal.pdf(row, cast.village, cast.sari) == before
