"""What the documents say is what the code does."""

import re
from pathlib import Path

from kentongan.complaints.lifecycle import diagram
from kentongan.village.models import CLOCKS

ROOT = Path(__file__).resolve().parent.parent


def test_the_picture_of_the_life_cycle_is_current() -> None:
    assert diagram() in (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")


def test_the_page_on_clocks_gives_the_defaults() -> None:
    page = (ROOT / "docs" / "clocks.md").read_text(encoding="utf-8")
    told = {
        name.strip(): int(days)
        for names, days in re.findall(r"^\| ([a-z_, ]+) \| (\d+) \|", page, re.MULTILINE)
        for name in names.split(",")
    }
    assert told == CLOCKS


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    broken = []
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert not broken
