"""The message catalogue: collect every sentence of the product, keep the Indonesian complete, compile it.

``messages.py``                  collect and compile; new sentences stand in the .po with an empty translation
``messages.py --merge a.json``   also take translations from JSON objects {"English": "Indonesian"}
``messages.py --check``          fail when a sentence has no Indonesian, a placeholder differs, or the files are stale
"""

import argparse
import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "src" / "kentongan"
PO = ROOT / "locale" / "id" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
CALLS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
_CALL = re.compile(r"\b(" + "|".join(sorted(CALLS, key=len, reverse=True)) + r")\(")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")

Sentence = str | tuple[str, str]


def sentences() -> Iterator[tuple[Sentence, str]]:
    """Every sentence and the file it stands in."""
    for path in sorted(ROOT.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from ((found, path.name) for found in _of_code(path.read_text(encoding="utf-8")))
    for path in sorted(ROOT.rglob("web/templates/**/*.*")):
        yield from ((found, path.name) for found in _of_template(path.read_text(encoding="utf-8"), path.name))


def _of_code(source: str) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            yield from _of_call(node)


def _of_call(node: ast.Call) -> Iterator[Sentence]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    texts = [
        argument.value
        for argument in node.args[: CALLS[name]]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    if len(texts) == CALLS[name] and texts[0]:
        yield (texts[0], texts[1]) if CALLS[name] == 2 else texts[0]


def _of_template(source: str, name: str) -> Iterator[Sentence]:
    code = templatize(source, origin=name)
    for match in _CALL.finditer(code):
        for end in (found.end() for found in re.finditer(r"\)", code[match.start() :])):
            try:
                call = ast.parse(code[match.start() : match.start() + end], mode="eval").body
            except SyntaxError:
                continue
            if isinstance(call, ast.Call):
                yield from _of_call(call)
            break


def collected(known: Catalog) -> Catalog:
    """A catalogue of exactly the sentences there are, with the translations already known."""
    catalogue = Catalog(
        locale="id",
        domain="django",
        project="Kentongan",
        charset="utf-8",
        fuzzy=False,
        header_comment="# Kentongan, Bahasa Indonesia",
    )
    catalogue._num_plurals, catalogue._plural_expr = 1, "0"  # one form, whatever the number
    for sentence, _file in sentences():
        before = known.get(sentence if isinstance(sentence, str) else sentence[0])
        already = catalogue.get(sentence if isinstance(sentence, str) else sentence[0])
        if isinstance(sentence, str) and already is not None and isinstance(already.id, tuple):
            continue
        string = before.string if before else ""
        if isinstance(sentence, tuple):
            string = (string,) if isinstance(string, str) else string[:1]
        elif not isinstance(string, str):
            string = string[0]
        catalogue.add(sentence, string, flags=["python-format"] if "%(" in str(sentence) else [])
    return catalogue


def merge(catalogue: Catalog, files: list[str]) -> None:
    for file in files:
        for english, indonesian in json.loads(Path(file).read_text(encoding="utf-8")).items():
            message = catalogue.get(english)
            if message is not None:
                text = indonesian if isinstance(indonesian, str) else indonesian[0]
                message.string = (text,) if isinstance(message.id, tuple) else text


def faults(catalogue: Catalog) -> Iterator[str]:
    """Sentences without Indonesian, or whose placeholders differ."""
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if not all(strings):
            yield f"no Indonesian for {ids[0]!r}"
        elif not _placeholders(strings[0]) <= _placeholders(" ".join(ids)):
            yield f"placeholders differ: {ids[0]!r} and {strings[0]!r}"


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in _PLACEHOLDER.finditer(text)}


def written(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The .po and the .mo, without dates and line numbers, so that they change only when a sentence does."""
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, no_location=True, sort_output=True, width=120)
    full = Catalog(locale="id", domain="django", charset="utf-8", fuzzy=False)
    full._num_plurals, full._plural_expr = 1, "0"
    full.mime_headers = [(key, value) for key, value in catalogue.mime_headers if not key.endswith("Date")]
    for message in catalogue:
        if (
            isinstance(message, Message)
            and message.id
            and all(message.string if isinstance(message.string, tuple | list) else [message.string])
        ):
            full.add(message.id, message.string)
    full.creation_date = full.revision_date = catalogue.creation_date
    write_mo(mo, full)
    return po.getvalue(), mo.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--merge", nargs="+", default=[])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    settings.configure(USE_I18N=True)
    known = read_po(PO.open("rb"), locale="id") if PO.exists() else Catalog(locale="id")
    catalogue = collected(known)
    merge(catalogue, options.merge)
    po, mo = written(catalogue)
    wrong = list(faults(catalogue))
    if options.check:
        if not MO.exists() or mo != MO.read_bytes() or po != PO.read_bytes():
            wrong.append("the catalogue is stale: run make messages")
    else:
        PO.write_bytes(po)
        MO.write_bytes(mo)
    print("\n".join(wrong[:40]) or f"{len(catalogue)} sentences, all in Indonesian")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
