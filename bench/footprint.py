"""W7: from the command to the first good page, the memory of all its processes when idle, and what an installation takes on disk."""

import os
import subprocess
import sys
import time
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from bench.place import Place

QUIET = 3.0  # s after the first answer until memory is read


def group_of(leader: int) -> list[int]:
    """The processes of a process group."""
    return [
        int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and _group(int(folder.name)) == leader
    ]


def _group(process: int) -> int:
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return 0


def pss(process: int) -> float:
    """Megabytes a process takes, shared pages by its share."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def started(place: Place, port: int, *, product: bool) -> tuple[float, float, int]:
    """Seconds to the first answer, idle megabytes, and how many processes."""
    begun = time.perf_counter()
    with place.product(port, worker=True) if product else place.floor(port) as leader:
        seconds = time.perf_counter() - begun
        time.sleep(QUIET)
        members = group_of(leader)
        return seconds, sum(pss(process) for process in members), len(members)


def installed() -> float:
    """Megabytes of the package and all it requires, as they lie on this disk."""
    seen: set[str] = set()
    waiting = ["kentongan"]
    total = 0
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found = distribution(name)
        total += sum(path.stat().st_size for file in found.files or [] if (path := Path(str(found.locate_file(file)))).is_file())
        wanted = (Requirement(text) for text in found.requires or [])
        waiting += [one.name.lower() for one in wanted if one.marker is None or one.marker.evaluate({"extra": "binary"})]
    source = Path(__file__).resolve().parent.parent / "src"
    return (total + sum(path.stat().st_size for path in source.rglob("*") if path.is_file())) / 1024 / 1024


def measure(place: Place, port: int, times: int = 3) -> dict[str, Any]:
    """Start both in turn."""
    rounds = [(started(place, port, product=False), started(place, port, product=True)) for _ in range(times)]
    floor, product = zip(*rounds, strict=True)
    return {
        "start_floor": sorted(one[0] for one in floor)[times // 2],
        "start": sorted(one[0] for one in product)[times // 2],
        "memory_floor": max(one[1] for one in floor),
        "memory": max(one[1] for one in product),
        "processes": product[0][2],
        "installed": installed(),
        "python": sys.version.split()[0],
        "sqlite": subprocess.run(
            [sys.executable, "-c", "import sqlite3; print(sqlite3.sqlite_version)"], capture_output=True, text=True, check=True
        ).stdout.strip(),
    }
