"""The whole suite, on SQLite and, when one answers, on PostgreSQL; both at once, since neither waits for the other's disk.

``KENTONGAN_TEST_POSTGRES``: where PostgreSQL is asked for (default: the local server, database ``test``).
Arguments are handed to pytest.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

DEFAULT = "postgresql://127.0.0.1:5432/test"
LOUD = "!" * 78


def postgres() -> str | None:
    """The address of a PostgreSQL that answers, or ``None`` after saying so loudly."""
    wanted = os.environ.get("KENTONGAN_TEST_POSTGRES", DEFAULT)
    try:
        psycopg.connect(wanted, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
    else:
        return wanted
    print(f"{LOUD}\nNO POSTGRESQL ANSWERS AT {wanted}: THE SUITE RUNS ON SQLITE ALONE.\n{reason}\n{LOUD}", flush=True)
    return None


def suite(name: str, address: str, arguments: list[str], output: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "KENTONGAN_DATABASE": address, "KENTONGAN_TEST_DATA": str(output.parent / name)}
    (output.parent / name).mkdir()
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.Popen(command, env=environment, stdout=output.open("wb"), stderr=subprocess.STDOUT)


def main() -> int:
    arguments = sys.argv[1:]
    address = postgres()
    runs = {"sqlite": ""} | ({"postgresql": address} if address else {})
    with tempfile.TemporaryDirectory(prefix="kentongan-tests-") as folder:
        outputs = {name: Path(folder) / f"{name}.txt" for name in runs}
        running = {name: suite(name, where, arguments, outputs[name]) for name, where in runs.items()}
        codes = {name: process.wait() for name, process in running.items()}
        for name in runs:
            print(f"\n=== {name} ===\n{outputs[name].read_text(encoding='utf-8', errors='replace')}", flush=True)
    if not address:
        print(f"{LOUD}\nPOSTGRESQL WAS NOT TESTED.\n{LOUD}")
    return max(codes.values())


if __name__ == "__main__":
    sys.exit(main())
