"""Rules of the architecture that the import linter cannot say."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "kentongan"
DOMAIN = ("complaints", "village", "lib")
WEB = ("django.http", "django.views", "django.shortcuts", "django.core.mail", "urllib.request")
WALLED = {"Complaint", "Event"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCE.rglob("*.py"):
        if "migrations" not in path.parts:
            yield path.relative_to(SOURCE), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_the_domain_knows_no_web() -> None:
    found = [
        f"{path}: {name}"
        for path, tree in modules()
        if path.parts[0] in DOMAIN
        for name in imported(tree)
        if name.startswith(WEB)
    ]
    assert not found


def test_complaints_and_events_are_read_through_the_wall() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        if path.parts[0] != "complaints"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
        and node.value.id in WALLED
    ]
    assert not found


def test_files_and_functions_stay_short() -> None:
    long_files = [
        str(path) for path, _tree in modules() if len((SOURCE / path).read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    ]
    long_functions = [
        f"{path}: {node.name}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long_files
    assert not long_functions


def test_nothing_follows_in_secret() -> None:
    found = [
        f"{path}: {name}"
        for path, tree in modules()
        for name in imported(tree)
        if name in {"django.dispatch", "django.db.models.signals"}
    ]
    assert not found
