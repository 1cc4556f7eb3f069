"""One paper, in a process of its own: reads JSON from standard input, writes the PDF (or PNG pages) to standard output.

Typst keeps what it has laid out in memory for good: half a gigabyte after a long book. Here that memory ends with the
paper, and starting costs 30 ms. Run by ``pdf.py``; imports nothing of the product.
"""

import base64
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ARMS = "arms.png"


def main() -> None:
    order: dict[str, Any] = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as root:
        _furnish(Path(root), order)
        made = _made(root, order)
    sys.stdout.buffer.write(b"".join(made) if isinstance(made, list) else made)


def _furnish(root: Path, order: dict[str, Any]) -> None:
    """All that the compiler may read: the templates, and the arms of the letterhead as the file ``data.kop.arms`` then names."""
    for source in sorted(Path(order["templates"]).glob("*.typ")):
        shutil.copyfile(source, root / source.name)
    kop = order["data"].get("kop", {})
    if kop.get("arms"):
        (root / ARMS).write_bytes(base64.b64decode(kop["arms"]))
        kop["arms"] = f"/{ARMS}"


def _made(root: str, order: dict[str, Any]) -> Any:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[order["fonts"]])
    inputs = {"data": json.dumps(order["data"], ensure_ascii=False)}
    if order.get("made") is not None:
        inputs["made"] = "yes"
    compiler = typst.Compiler(
        f"{root}/{order['template']}.typ",
        root=root,
        font_paths=fonts,
        sys_inputs=inputs,
    )
    if order["format"] == "png":
        return compiler.compile(format="png", ppi=order["ppi"])
    how = {"format": "pdf", "timestamp": order["made"] or 0, "pdf_tags": order["tagged"]}
    try:
        return compiler.compile(**how, pdf_standards=order["standards"])
    except typst.TypstError:
        if not order["standards"]:
            raise
    return compiler.compile(**how)


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main()
