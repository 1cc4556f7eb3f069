"""``docs/hard-cases.md`` names all twenty-four, and only tests there are."""

import re
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = (HERE.parents[1] / "docs" / "hard-cases.md").read_text(encoding="utf-8")
TESTS = set(
    re.findall(r"^def (test_\w+)", "".join(file.read_text(encoding="utf-8") for file in HERE.glob("test_*.py")), re.MULTILINE)
)


def test_every_case_has_its_row_with_a_test_or_an_answer() -> None:
    rows = re.findall(r"^\| (H\d+) \|.*\|$", DOCUMENT, re.MULTILINE)
    assert rows == [f"H{n}" for n in range(1, 25)]
    for line in DOCUMENT.splitlines():
        if line.startswith("| H"):
            assert "`test_" in line or "**For a person:**" in line, line[:60]


def test_the_tests_it_names_are_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", DOCUMENT))
    assert named
    assert named <= TESTS, named - TESTS
