"""What came out, as Markdown: one table a work, and the targets with what was reached."""

from typing import Any

Row = dict[str, Any]
MARGIN_FLAT = 1.3
MARGIN_STATISTICS = 1.5  # the page counts more months the longer the book is kept
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _lines(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]) + "\n"


def table(rows: list[Row]) -> str:
    """The rows of any works, grouped."""
    parts = []
    intake = [row for row in rows if row["work"] == "W1"]
    if intake:
        head = [
            "database",
            "book",
            "clients",
            "floor /s",
            "product /s",
            "ratio",
            "floor p50 / p99 ms",
            "product p50 / p95 / p99 ms",
            "lost",
        ]
        parts.append(_lines(head, [_intake(row) for row in intake]))
    pages = [row for row in rows if "bytes" in row]
    if pages:
        head = ["database", "book", "work", "what", "floor ms", "product ms", "p95", "ratio", "kB"]
        parts.append(_lines(head, [_page(row) for row in pages]))
    mail = [row for row in rows if row["work"] == "W6"]
    if mail:
        head = [
            "database",
            "way",
            "letters",
            "floor /s",
            "product /s",
            "ratio",
            "memory MB",
            "missing",
            "answers astray",
            "what became of them",
        ]
        parts.append(_lines(head, [_mail(row) for row in mail]))
    sweeps = [row for row in rows if row["work"] == "W8"]
    if sweeps:
        head = [
            "database",
            "open and late",
            "floor s",
            "product s",
            "ratio",
            "reminders",
            "statements per 1,000",
            "memory grown MB",
        ]
        parts.append(_lines(head, [_sweep(row) for row in sweeps]))
    starts = [row for row in rows if row["work"] == "W7"]
    if starts:
        head = ["database", "start s (floor)", "idle MB (floor)", "processes", "install MB"]
        parts.append(_lines(head, [_start(row) for row in starts]))
    papers = [row for row in rows if row["work"] == "W9"]
    if papers:
        parts.append(_lines(["database", "book", "paper", "floor", "product", "ratio"], [_paper(row) for row in papers]))
    return "\n".join(parts)


def _intake(row: Row) -> list[str]:
    whole = (
        "0"
        if not row["lost"] + row["extra"] + row["refused"] and row["gapless"]
        else f"{row['lost']}+{row['extra']}+{row['refused']}"
    )
    return [
        NAMES[row["database"]],
        f"{row['n']:,}",
        str(row["clients"]),
        f"{row['floor_rate']:,.0f}",
        f"{row['product_rate']:,.0f}",
        f"{row['ratio']:.2f}",
        f"{row['floor_p50']:.1f} / {row['floor_p99']:.1f}",
        f"{row['product_p50']:.1f} / {row['product_p95']:.1f} / {row['product_p99']:.1f}",
        f"{whole} of {row['accepted']:,}",
    ]


def _page(row: Row) -> list[str]:
    where = [NAMES[row["database"]], f"{row['n']:,}", row["work"], row["name"]]
    figures = [f"{row['floor']:.2f}", f"{row['product']:.2f}", f"{row['p95']:.2f}", f"{row['product'] / row['floor']:.1f}"]
    return [*where, *figures, f"{row['bytes'] / 1000:.0f}"]


def _mail(row: Row) -> list[str]:
    ends = ", ".join(f"{row[key]:,} {key}" for key in ("accepted", "joined", "automatic", "quarantined") if key in row)
    figures = [
        f"{row['letters']:,}",
        f"{row['floor']:,.0f}",
        f"{row['product']:,.0f}",
        f"{row['ratio']:.2f}",
        f"{row['memory']:.0f}",
    ]
    return [
        NAMES[row["database"]],
        row["way"],
        *figures,
        str(row["missing"] + row["unread"]),
        str(row["astray"] + row["answered"]),
        ends,
    ]


def _sweep(row: Row) -> list[str]:
    figures = [f"{row['floor']:.2f}", f"{row['product']:.2f}", f"{row['product'] / row['floor']:.1f}"]
    more = [f"{row['written']:,}", f"{row['statements']:.2f}", f"{row['grown']:.0f}"]
    return [NAMES[row["database"]], f"{row['open']:,}", *figures, *more]


def _paper(row: Row) -> list[str]:
    beside = [f"{row['floor']:.1f}", f"{row['product']:.1f}", f"{row['product'] / row['floor']:.1f}"] if "floor" in row else []
    return [NAMES[row["database"]], f"{row['n']:,}", row["name"], *(beside or ["", f"{row['product']:.1f}", ""])]


def _start(row: Row) -> list[str]:
    return [
        NAMES[row["database"]],
        f"{row['start']:.2f} ({row['start_floor']:.2f})",
        f"{row['memory']:.0f} ({row['memory_floor']:.0f})",
        str(row["processes"]),
        f"{row['installed']:.0f}",
    ]


def targets(rows: list[Row]) -> list[tuple[str, str, bool]]:
    """Each target, what was reached at its worst, and whether that is enough."""
    intake = [row for row in rows if row["work"] == "W1"]
    found = []
    if intake:
        worst = min(row["ratio"] for row in intake)
        found.append(("intake at least 0.5 of the floor", f"{worst:.2f} at its worst", worst >= 0.5))
        lost = sum(row["lost"] + row["extra"] + row["refused"] for row in intake)
        gapless = all(row["gapless"] for row in intake)
        found.append(
            ("nothing lost, nothing twice, no gap", f"{lost} of {sum(row['accepted'] for row in intake):,}", not lost and gapless)
        )
        found += _tails(intake)
    for works, most in ((("W2", "W3", "W4"), 12), (("W5",), 8)):
        for work in works:
            of_work = [row for row in rows if row["work"] == work and (work != "W5" or row["name"].startswith("month"))]
            if of_work:
                worst = max(row["product"] / row["floor"] for row in of_work)
                found.append((f"{work} at most {most} times its floor", f"{worst:.1f} at its worst", worst <= most))
    for way, least in (("maildir", 0.5), ("imap", 0.3)):
        of_way = [row for row in rows if row["work"] == "W6" and row["way"] == way]
        if of_way:
            worst = min(row["ratio"] for row in of_way)
            found.append((f"W6 {way} at least {least} of its floor", f"{worst:.2f} at its worst", worst >= least))
            lost = sum(row["missing"] + row["unread"] + row["astray"] + row["answered"] for row in of_way)
            found.append((f"W6 {way}: every letter accounted for, every answer on its complaint", f"{lost} are not", not lost))
    sweeps = [row for row in rows if row["work"] == "W8"]
    if sweeps:
        most = max(row["statements"] for row in sweeps)
        found.append(("reminders: at most 3 statements per 1,000 complaints", f"{most:.2f} at its worst", most <= 3))
    found += _papers([row for row in rows if row["work"] == "W9"])
    found += _flatness(rows)
    memory = [row["memory"] for row in rows if row["work"] == "W7"]
    if memory:
        found.append(("idle memory under 200 MB", f"{max(memory):.0f} MB", max(memory) < 200))
    return found


def _papers(rows: list[Row]) -> list[tuple[str, str, bool]]:
    """Of each paper that has one, the limit and the worst that was measured."""
    found = []
    for name in dict.fromkeys(row["name"] for row in rows):
        of_name = [row for row in rows if row["name"] == name]
        if "most" in of_name[0]:
            worst = max(row["product"] for row in of_name)
            found.append((f"{name}: at most {of_name[0]['most']}", f"{worst:.0f} at its worst", worst <= of_name[0]["most"]))
        if "ratio" in of_name[0]:
            worst = max(row["product"] / row["floor"] for row in of_name)
            found.append((f"{name}: at most {of_name[0]['ratio']} times its floor", f"{worst:.1f}", worst <= of_name[0]["ratio"]))
    return found


def _tails(intake: list[Row]) -> list[tuple[str, str, bool]]:
    found = []
    eight = [row for row in intake if row["clients"] == 8]
    for n in sorted({row["n"] for row in eight}):
        here = {row["database"]: row for row in eight if row["n"] == n}
        if "postgresql" in here:
            floor = here["postgresql"]["floor_p99"]
            worst = max(row["product_p99"] for row in here.values()) / floor
            said = f"{worst:.1f} times {floor:.1f} ms (book of {n:,})"
            found.append(("p99 at 8 clients at most 3 times the PostgreSQL floor's", said, worst <= 3))
    return found


def _flatness(rows: list[Row]) -> list[tuple[str, str, bool]]:
    found = []
    pages = [row for row in rows if row["work"] in ("W2", "W3", "W4") or row.get("name") == "statistics page"]
    for database, work, name in sorted({(row["database"], row["work"], row["name"]) for row in pages}):
        by_size = {
            row["n"]: row["product"] for row in pages if (row["database"], row["work"], row["name"]) == (database, work, name)
        }
        small, large = min(by_size), max(by_size)
        if small < large:
            growth = by_size[large] / by_size[small]
            said = f"{growth:.2f} ({by_size[small]:.1f} → {by_size[large]:.1f} ms)"
            most = MARGIN_STATISTICS if work == "W5" else MARGIN_FLAT
            found.append((f"{work} {name}, {NAMES[database]}: flat to {large:,}", said, growth <= most))
    return found


def whole(rows: list[Row]) -> str:
    """Everything, the targets first."""
    reached = _lines(
        ["target", "reached", ""], [[target, said, "yes" if enough else "**no**"] for target, said, enough in targets(rows)]
    )
    return f"{reached}\n{table(rows)}"
