"""A closed loop of clients over kept-alive connections, in one thread: each sends, waits for the whole answer, sends the next.

Plain sockets, because a comfortable client costs more time than the server that is measured.
"""

import math
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Address = tuple[str, int]
PATIENCE = 30.0  # s; a client that waits longer has lost its answer


class Lost(Exception):
    """The server closed the connection, or was silent, with a request unanswered."""


@dataclass(frozen=True)
class Answer:
    """One answer as it came."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name, or ""."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.decode("ascii").lower() == name.lower():
                return value.decode("latin-1").strip()
        return ""

    def cookies(self) -> dict[str, str]:
        """The cookies it sets."""
        lines = (line for line in self.head.split(b"\r\n") if line.lower().startswith(b"set-cookie:"))
        pairs = (line.split(b":", 1)[1].split(b";", 1)[0].decode().strip().partition("=") for line in lines)
        return {name: value.strip('"') for name, _, value in pairs}


def parsed(buffer: bytearray) -> Answer | None:
    """The answer, once all of it is there; a body of megabytes is not copied before."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = Answer(int(buffer[9:12]), bytes(buffer[:end]), b"")
    if head.header("transfer-encoding") == "chunked":
        return _dechunked(head, bytes(buffer[end + 4 :])) if buffer.endswith(b"\r\n0\r\n\r\n") else None
    whole = len(buffer) - end - 4 >= int(head.header("content-length") or 0)
    return Answer(head.status, head.head, bytes(buffer[end + 4 :])) if whole else None


def _dechunked(head: Answer, body: bytes) -> Answer:
    parts, place = [], 0
    while True:
        line = body.index(b"\r\n", place)
        length = int(body[place:line], 16)
        if length == 0:
            return Answer(head.status, head.head, b"".join(parts))
        parts.append(body[line + 2 : line + 2 + length])
        place = line + length + 4


def request(
    method: str, path: str, *, host: str, cookies: str = "", body: bytes = b"", more: dict[str, str] | None = None
) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: keep-alive"]
    if cookies:
        lines.append(f"Cookie: {cookies}")
    if method == "POST" and "Content-Type" not in (more or {}):
        lines.append("Content-Type: application/x-www-form-urlencoded")
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in (more or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Connection:
    """One kept-alive connection for one request after another."""

    def __init__(self, address: Address) -> None:
        self._socket = socket.create_connection(address, PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, data: bytes) -> Answer:
        """Send and wait. Raises ``Lost``."""
        self._socket.sendall(data)
        buffer = bytearray()
        while True:
            piece = self._socket.recv(1 << 18)
            if not piece:
                raise Lost("the connection was closed")
            buffer += piece
            answer = parsed(buffer)
            if answer:
                return answer

    def first_byte(self, data: bytes) -> float:
        """Seconds until the answer begins; the connection is of no more use afterwards."""
        begun = time.perf_counter()
        self._socket.sendall(data)
        self._socket.recv(1)
        self._socket.close()
        return time.perf_counter() - begun

    def close(self) -> None:
        self._socket.close()


@dataclass
class Run:
    """What came of a run: seconds each answer took, in order of arrival, and how long it all lasted."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    sent: int = 0
    lost: int = 0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0


class _Client:
    def __init__(self, address: Address) -> None:
        self.socket = socket.create_connection(address, PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.began = 0.0

    def send(self, data: bytes) -> None:
        self.buffer, self.began = bytearray(), time.perf_counter()
        self.socket.sendall(data)  # a few kilobytes: they fit into the socket's buffer


def drive(address: Address, requests: Iterator[bytes], take: Callable[[Answer], None], *, clients: int, seconds: float) -> Run:
    """Keep ``clients`` busy for ``seconds``, then wait for the answers still on their way. ``take`` gets every answer."""
    run = Run()
    selector = selectors.DefaultSelector()
    waiting: set[int] = set()
    begun = time.perf_counter()
    for _ in range(clients):
        client = _Client(address)
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.send(next(requests))
        run.sent += 1
        waiting.add(id(client))
    while waiting:
        events = selector.select(PATIENCE)
        if not events:
            break
        for key, _mask in events:
            _hear(key.data, run, take, requests, begun + seconds, waiting)
    run.seconds = time.perf_counter() - begun
    run.lost = len(waiting)
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    selector.close()
    return run


def _hear(
    client: _Client, run: Run, take: Callable[[Answer], None], requests: Iterator[bytes], end: float, waiting: set[int]
) -> None:
    piece = client.socket.recv(1 << 16)
    if not piece:
        raise Lost("the connection was closed")
    client.buffer += piece
    answer = parsed(client.buffer)
    if answer is None:
        return
    now = time.perf_counter()
    run.latencies.append(now - client.began)
    take(answer)
    data = next(requests, None) if now < end else None
    if data is None:
        waiting.discard(id(client))
    else:
        client.send(data)
        run.sent += 1


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of ``values`` lies (nearest rank); 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: list[float]) -> float:
    return percentile(values, 0.5)
