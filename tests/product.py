"""The product as an operator runs it: its own process, data directory, port and database."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

PASSWORD = "kentongan-berbunyi-7"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """``with Product() as product``: a fresh installation, on PostgreSQL when the suite runs there. ``product.url`` has no slash at its end."""

    def __init__(self, *, demo: bool = False, worker: bool = True, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.demo, self.worker = demo, worker
        self.folder = tempfile.TemporaryDirectory(prefix="kentongan-product-")
        self.data = Path(self.folder.name)
        self.server = os.environ.get("KENTONGAN_DATABASE", "")
        self.database = f"kentongan_{secrets.token_hex(6)}" if self.server else ""
        self.environment = {
            **os.environ,
            "KENTONGAN_DATA": str(self.data),
            "KENTONGAN_DATABASE": self._address(self.database) if self.server else "",
            "KENTONGAN_DEMO_PASSWORD": PASSWORD,
            "KENTONGAN_INIT_PASSWORD": PASSWORD,
            "KENTONGAN_INTAKE_PER_HOUR": "0",
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self.database:
            self._on_server(f'CREATE DATABASE "{self.database}"')
        self.run("migrate")
        if self.demo:
            self.run("demo")
        else:
            self.run("init", "--code", "33.01.02.2097", "--name", "Mekarsari", "--hamlets", "Krajan,Karangjati")
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        if self.database:
            self._on_server(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
        self.folder.cleanup()

    def _address(self, database: str) -> str:
        return re.sub(r"^(\w+://[^/]*)/[^?]*", rf"\1/{database}", self.server)

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self.server.replace("postgres://", "postgresql://"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def run(self, *command: str) -> str:
        """One ``kentongan`` command; its output. Raises with that output when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "kentongan", *command], env=self.environment, capture_output=True, text=True, timeout=180
        )
        if done.returncode:
            raise RuntimeError(f"kentongan {' '.join(command)}: {done.stdout}\n{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """``kentongan serve`` in a process group of its own; returns when it answers."""
        extra = [] if self.worker else ["--without-worker"]
        command = [sys.executable, "-m", "kentongan", "serve", *extra]
        with (self.data / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/", timeout=5).close()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the product does not answer:\n" + self.log())

    def log(self) -> str:
        return (self.data / "serve.log").read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """``kill -9`` to every process of the product at once, as a power cut would."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process = None

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            finally:
                try:
                    os.killpg(self.process.pid, signal.SIGKILL)  # whatever it may have left behind
                except ProcessLookupError:
                    self.process = None
            self.process = None
