"""``python -m bench``: W1 to W9 on both databases, each beside floors of its own; prints ratios, writes ``bench/out/``."""

import argparse
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

from bench import footprint, load, report
from bench.place import Place, place

OUT = Path(__file__).resolve().parent / "out"
POSTGRES = "postgresql://127.0.0.1:5432/kentongan_bench"
CLIENTS = (1, 8, 32)
Results = list[dict[str, Any]]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", help="complaints in the book")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--postgres", default=os.environ.get("KENTONGAN_BENCH_POSTGRES", POSTGRES), help="made anew and dropped")
    parser.add_argument("--seconds", type=float, default=3.0, help="of a point of W1")
    parser.add_argument("--rounds", type=int, default=3, help="of W1, floor and product in turn")
    parser.add_argument("--requests", type=int, default=40, help="of each page")
    parser.add_argument("--port", type=int, default=8861, help="this and the next")
    parser.add_argument("--letters", type=int, default=1000, help="of W6")
    parser.add_argument("--only", default="W1,pages,W6,W7,W8,W9")
    return parser.parse_args()


def intake(where: Place, port: int, how: argparse.Namespace) -> Results:
    """W1: floor and product in turn, the median of the rounds; nothing may be lost in any of them."""
    found: Results = []
    for clients in CLIENTS:
        points: dict[str, Results] = {"floor": [], "product": []}
        for _ in range(how.rounds):
            for offset, system in enumerate(("floor", "product")):
                points[system].append(where.answer("bench.intake", system, str(port + offset), str(clients), str(how.seconds)))
        row: dict[str, Any] = {"work": "W1", "clients": clients}
        for system, rounds in points.items():
            row |= {f"{system}_{key}": load.median([one[key] for one in rounds]) for key in ("rate", "p50", "p95", "p99")}
        row["ratio"] = load.median(
            [above["rate"] / below["rate"] for below, above in zip(points["floor"], points["product"], strict=True)]
        )
        row |= {key: sum(one[key] for one in points["product"]) for key in ("accepted", "refused", "lost", "extra")}
        row["gapless"] = all(one["gapless"] for one in points["product"])
        found.append(row)
    return found


def book(where: Place, n: int, port: int, how: argparse.Namespace) -> Results:
    """Everything that is measured on a book of ``n``."""
    facts = where.answer("bench.book", str(n))
    if n <= 1000:
        where.run("kentongan", "verify")  # the generator's own check
    found: Results = []
    if "W8" in how.only:
        found.append(where.answer("bench.sweep"))
    if "W9" in how.only:
        found += where.answer("bench.papers")
    with where.floor(port), where.product(port + 1, worker=True):
        if "pages" in how.only:
            found += where.answer("bench.pages", str(port), str(port + 1), str(how.requests), given=json.dumps(facts))
        if "W1" in how.only:
            found += intake(where, port, how)
    if "W1" in how.only:
        where.run("kentongan", "verify")
    return [{"database": where.kind, "n": n, **row} for row in found]


def once(where: Place, kind: str, n: int, how: argparse.Namespace) -> Results:
    """What does not depend on the size of the book, on the smallest."""
    found: Results = []
    if "W7" in how.only:
        found.append({"work": "W7", **footprint.measure(where, how.port)})
    if "W6" in how.only:
        found += [where.answer("bench.mail", way, str(how.letters)) for way in ("maildir", "imap")]
    return [{"database": kind, "n": n, **row} for row in found]


def main() -> None:
    how = arguments()
    results: Results = []
    for kind in how.databases.split(","):
        for n in (int(size) for size in how.sizes.split(",")):
            with place(kind, how.postgres) as where:
                results += book(where, n, how.port, how)
                if n == int(how.sizes.split(",")[0]):
                    results += once(where, kind, n, how)
            print(report.table([row for row in results if row["database"] == kind and row["n"] == n]), flush=True)
    text = report.whole(results)
    OUT.mkdir(exist_ok=True)
    stamp = date.today().isoformat()
    (OUT / f"{stamp}.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    (OUT / f"{stamp}.md").write_text(text, encoding="utf-8")
    print(f"\n{text}\nwritten to bench/out/{stamp}.md")


if __name__ == "__main__":
    main()
