"""Papers, in a process of their own: reads orders (JSON) from standard input, writes PDFs (or PNG pages) to standard output.

Typst keeps what it has laid out in memory for good: half a gigabyte after a long book. Here that memory ends with the process, and
starting costs 80 ms. Run by ``pdf.py`` for one paper, or with ``serve`` by ``typesetter.py`` for many small ones; imports nothing of
the product. The compiler reads from a directory made for each paper alone, and reaches no network: a template of a village's own sees
the paper's data, pictures beside it, and nothing of the machine. A paper that cannot be made ends with the compiler's words: on
standard error with status 3, or as the answer to the order.
"""

import base64
import json
import os
import re
import select
import shutil
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ARMS = "arms.png"
KINDS = frozenset({".typ", ".png", ".jpg", ".jpeg", ".svg"})
LARGEST = 5 * 1024 * 1024
MEMORY = 4 * 1024**3  # of address space, for a template that is not ours
CANNOT = 3
IDLE = 120  # s without an order after which a server leaves


class Refused(Exception):
    """What the compiler says is wrong."""


def main() -> None:
    """One order, one paper."""
    order: dict[str, Any] = json.load(sys.stdin)
    if order["memory"]:
        _bound()
    try:
        made = typeset(order)
    except Refused as error:
        sys.stderr.write(str(error))
        sys.exit(CANNOT)
    sys.stdout.buffer.write(made)


def serve() -> None:
    """One order after the other, each with its length before it, until the other side is gone or silent for long.

    An answer is: 1 when it is a paper and 0 when it is what went wrong, the kilobytes this process holds, the length, the bytes.
    """
    taken, given = sys.stdin.buffer, sys.stdout.buffer
    while select.select([taken], [], [], IDLE)[0]:
        head = taken.read(4)
        if len(head) < 4:
            return
        order = taken.read(struct.unpack("!I", head)[0])
        try:
            well, answer = 1, typeset(json.loads(order))
        except Exception as error:  # noqa: BLE001 - told to the other side
            well, answer = 0, str(error).encode()[-2000:]
        given.write(struct.pack("!BII", well, held(), len(answer)) + answer)
        given.flush()


def held() -> int:
    """Kilobytes of memory this process holds; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    except (OSError, ValueError):
        return 0


def typeset(order: dict[str, Any]) -> bytes:
    """The paper of one order (``pdf._compiled``). Raises ``Refused``."""
    with tempfile.TemporaryDirectory() as root:
        _furnish(Path(root), order)
        return _made(root, order)


def copied(folder: Path) -> Iterator[Path]:
    """The files of a folder that a template may use: no links that lead elsewhere, nothing huge."""
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.suffix in KINDS and not file.is_symlink() and file.is_file() and file.stat().st_size <= LARGEST:
            yield file


def _bound() -> None:
    try:
        import resource
    except ImportError:  # not on every system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _furnish(root: Path, order: dict[str, Any]) -> None:
    """All that the compiler may read: the templates, later folders before earlier ones, and the arms as the file ``data.kop.arms`` then names."""
    for folder in order["folders"]:
        for source in copied(Path(folder)):
            shutil.copyfile(source, root / source.name)
    kop = order["data"].get("kop", {})
    if kop.get("arms"):
        (root / ARMS).write_bytes(base64.b64decode(kop["arms"]))
        kop["arms"] = f"/{ARMS}"


def _made(root: str, order: dict[str, Any]) -> bytes:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[order["fonts"]])
    inputs = {"data": json.dumps(order["data"], ensure_ascii=False)}
    if order.get("made") is not None:
        inputs["made"] = "yes"
    try:
        compiler = typst.Compiler(
            f"{root}/{order['template']}.typ",
            root=root,
            font_paths=fonts,
            sys_inputs=inputs,
            package_path=f"{root}/none",
            package_cache_path=f"{root}/none",
        )
        if order["format"] == "png":
            pages: Any = compiler.compile(format="png", ppi=order["ppi"])
            return bytes(pages[0] if isinstance(pages, list) else pages)
        return bytes(_pdf(compiler, order))
    except typst.TypstError as error:
        raise Refused(re.sub(rf"\S*{re.escape(Path(root).name)}/?", "", error.diagnostic or str(error))) from None


def _pdf(compiler: Any, order: dict[str, Any]) -> Any:
    """By the standards that are asked for, or by none where they cannot be met."""
    import typst

    how = {"format": "pdf", "timestamp": order["made"] or 0, "pdf_tags": order["tagged"]}
    if not order["standards"]:
        return compiler.compile(**how)
    try:
        return compiler.compile(**how, pdf_standards=order["standards"])
    except (
        typst.TypstError
    ):  # letters none of our fonts has, a template of the village's own; what is wrong otherwise is said again
        return compiler.compile(**how)


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        main()
