"""Where a measurement happens: an empty database of its own, and the servers on it. Everything is taken away at the end."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import psycopg.sql

from bench import load

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 40.0  # s until a server must answer


@dataclass
class Place:
    """One database (``sqlite`` or ``postgresql``) with a data directory; commands and servers run on it."""

    kind: str
    folder: Path
    address: str = ""
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What processes of this place are started with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KENTONGAN_")}
        own = {
            "KENTONGAN_DATA": str(self.folder),
            "KENTONGAN_DATABASE": self.address,
            "KENTONGAN_INTAKE_PER_HOUR": "0",
            "KENTONGAN_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "kentongan.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }
        return kept | own | self.more

    def run(self, module: str, *arguments: str, given: str = "") -> str:
        """What ``python -m module`` prints. Raises ``SystemExit`` with its complaint when it fails."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, env=self.environment, input=given, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{module} {' '.join(arguments)}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def answer(self, module: str, *arguments: str, given: str = "") -> Any:
        """The JSON of the last line it prints."""
        return json.loads(self.run(module, *arguments, given=given).splitlines()[-1])

    @contextlib.contextmanager
    def server(self, module: str, *arguments: str, port: int) -> Iterator[int]:
        """A server in a process group of its own, answering; its process id."""
        log = self.folder / f"{module}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            wait_for(("127.0.0.1", port), process, log)
            yield process.pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def product(self, port: int, *, worker: bool) -> contextlib.AbstractContextManager[int]:
        """``kentongan serve``, with or without its worker."""
        return self.server("kentongan", "serve", "--port", str(port), *([] if worker else ["--without-worker"]), port=port)

    def floor(self, port: int) -> contextlib.AbstractContextManager[int]:
        return self.server("bench.floor_server", str(port), port=port)


def wait_for(address: load.Address, process: "subprocess.Popen[bytes]", log: Path) -> float:
    """Seconds until ``/`` answers 200."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < PATIENCE and process.poll() is None:
        with contextlib.suppress(OSError, load.Lost):
            connection = load.Connection(address)
            answer = connection.ask(load.request("GET", "/", host=f"127.0.0.1:{address[1]}"))
            connection.close()
            if answer.status == 200:
                return time.perf_counter() - begun
        time.sleep(0.01)
    raise SystemExit(f"no server at {address[1]}:\n{log.read_text(errors='replace')[-3000:]}")


@contextlib.contextmanager
def place(kind: str, postgres: str) -> Iterator[Place]:
    """A place that is gone afterwards. ``postgres``: the address of a server and a database name that may be made and dropped."""
    folder = Path(tempfile.mkdtemp(prefix="kentongan-bench-"))
    made = Place(kind, folder, postgres if kind == "postgresql" else "")
    try:
        if kind == "postgresql":
            _database(postgres, "DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")
        made.run("kentongan", "migrate")
        yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if kind == "postgresql":
            _database(postgres, "DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _database(address: str, *statements: str) -> None:
    server, _, name = address.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(psycopg.sql.SQL(statement).format(psycopg.sql.Identifier(name)))
