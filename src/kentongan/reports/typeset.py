"""One paper, in a process of its own: reads JSON from standard input, writes the PDF (or PNG pages) to standard output.

Typst keeps what it has laid out in memory for good: half a gigabyte after a long book. Here that memory ends with the
paper, and starting costs 30 ms. Run by ``pdf.py``; imports nothing of the product.
"""

import json
import sys
from typing import Any


def main() -> None:
    import typst

    order: dict[str, Any] = json.load(sys.stdin)
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[order["fonts"]])
    compiler = typst.Compiler(
        f"{order['templates']}/{order['template']}.typ",
        root=order["templates"],
        font_paths=fonts,
        sys_inputs={"data": json.dumps(order["data"], ensure_ascii=False)},
    )
    made: Any
    if order["format"] == "png":
        made = compiler.compile(format="png", ppi=order["ppi"])
    else:
        made = compiler.compile(format="pdf", timestamp=0, pdf_tags=order["tagged"])
    sys.stdout.buffer.write(b"".join(made) if isinstance(made, list) else made)


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main()
