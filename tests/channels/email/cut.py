"""A line to a mail server that is cut after so many answers."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Cutting:
    """``with Cutting(port, after=3) as line``: carries what is said to ``line.port`` on to ``port``, and hangs up after three answers of the server."""

    def __init__(self, port: int, *, after: int) -> None:
        self._to, self._left = port, after
        self.was_cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                threading.Thread(target=self._carry, args=(near, far, False), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, True), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if answers and self._left == 0:
                    self.was_cut = True
                    break
                self._left -= answers
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
