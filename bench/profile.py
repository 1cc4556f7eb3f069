"""``python -m bench.profile PATH|intake [N]``: where the time of a request goes, in this process, without a server.

Prints milliseconds a request, the statements of one request with their time, and the dearest functions.
"""

import cProfile
import io
import pstats
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

from bench import load


def environ(data: bytes) -> dict[str, Any]:
    """The WSGI environment of a request written as bytes."""
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _version = first.split(" ")
    path, _, query = target.partition("?")
    named = {"CONTENT_TYPE": "", "CONTENT_LENGTH": str(len(body))}
    for line in lines:
        name, _, value = line.partition(": ")
        key = name.upper().replace("-", "_")
        named[key if key in named else f"HTTP_{key}"] = value
    return {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        **named,
    }  # fmt: skip


def asker(application: Any) -> Callable[[bytes], load.Answer]:
    """A function that answers a request in this process."""

    def ask(data: bytes) -> load.Answer:
        heads: list[Any] = []
        parts = application(environ(data), lambda status, headers: heads.append((status, headers)))
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        status, headers = heads[0]
        head = "\r\n".join([f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)])
        return load.Answer(int(status[:3]), head.encode("latin-1"), body)

    return ask


def intake(ask: Callable[[bytes], load.Answer]) -> Iterator[bytes]:
    from bench.intake import Residents

    html = ask(load.request("GET", "/adukan/", host="127.0.0.1"))
    return Residents("127.0.0.1", html).requests()


def page(path: str) -> Iterator[bytes]:
    """The page as the complaint officer opens it."""
    from bench.book import session_of
    from kentongan.village.models import User

    cookie = f"sessionid={session_of(User.objects.get(username='petugas'))}"
    while True:
        yield load.request("GET", path, host="127.0.0.1", cookies=cookie)


def statements(ask: Callable[[bytes], load.Answer], data: bytes) -> list[tuple[float, str]]:
    """Milliseconds and text of each statement of one request."""
    from django.db import connection

    kept: list[tuple[float, str]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        result = execute(sql, params, many, context)
        kept.append((1000 * (time.perf_counter() - begun), re.sub(r"\s+", " ", sql)))
        return result

    with connection.execute_wrapper(watch):
        ask(data)
    return kept


def main() -> None:
    path, n = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    django.setup()
    from kentongan.wsgi import application

    ask = asker(application)
    requests = intake(ask) if path == "intake" else page(path)
    prepared = [next(requests) for _ in range(2 * n + 20)]
    answers = [ask(prepared.pop()) for _ in range(19)]
    print("status", {answer.status for answer in answers}, "bytes", len(answers[-1].body))
    for spent, sql in statements(ask, prepared.pop()):
        print(f"{spent:7.2f} ms  {sql[:150]}")
    begun, worked = time.perf_counter(), time.process_time()
    for _ in range(n):
        ask(prepared.pop())
    spent, worked = time.perf_counter() - begun, time.process_time() - worked
    print(f"{1000 * spent / n:.2f} ms a request, {1000 * worked / n:.2f} ms of it at work in this process")
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(n):
        ask(prepared.pop())
    profile.disable()
    stats = pstats.Stats(profile)
    stats.sort_stats("cumulative").print_stats(70)
    stats.sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
