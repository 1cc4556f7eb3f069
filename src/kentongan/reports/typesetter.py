"""A process kept warm for small papers: a receipt then costs what typst needs for it, and not the start of a process.

One a web process, begun with the first paper, renewed after some papers or when it has grown, gone by itself when nobody prints. It ends with
its parent: its standard input closes. Whoever finds it busy, and every long paper, gets a process of its own (``pdf.py``).
"""

from __future__ import annotations

import contextlib
import os
import select
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent / "typeset.py"
SMALL = 100_000  # bytes of an order: a letter is 5,000, a book of 100 rows 90,000
PAPERS = 200  # after so many it is renewed
KILOBYTES = 160_000  # held by the process, above which it is renewed
_HEAD = struct.Struct("!BII")


class Unfit(Exception):
    """No paper came: the process is busy or gone. Another way must be taken."""


class Refused(Exception):
    """The paper could not be made; what typst says of it."""


@dataclass
class _Child:
    """The process, of which parent, and how many papers it has made."""

    process: subprocess.Popen[bytes]
    parent: int
    papers: int = 0


_lock = threading.Lock()
_child: _Child | None = None


def paper(order: bytes, seconds: float) -> bytes:
    """The paper of a small order. Raises ``Unfit`` at once when somebody else is at it, ``Refused``, ``TimeoutError``."""
    if len(order) > SMALL or not _lock.acquire(blocking=False):
        raise Unfit
    try:
        return _asked(order, time.monotonic() + seconds)
    finally:
        _lock.release()


def _asked(order: bytes, until: float) -> bytes:
    child = _living()
    try:
        _send(child, struct.pack("!I", len(order)) + order)
        well, held, length = _HEAD.unpack(_receive(child, _HEAD.size, until))
        answer = _receive(child, length, until)
    except TimeoutError:
        _end()
        raise
    except (OSError, ValueError) as error:  # it left meanwhile, or was killed
        _end()
        raise Unfit from error
    child.papers += 1
    if child.papers >= PAPERS or held > KILOBYTES:
        _end()
    if not well:
        raise Refused(answer.decode(errors="replace"))
    return answer


def _living() -> _Child:
    """The process of this one; a forked process never speaks to its parent's."""
    global _child
    if _child is not None and _child.parent != os.getpid():
        _child = None
    if _child is None or _child.process.poll() is not None:
        _end()
        command = [sys.executable, "-I", str(SCRIPT), "serve"]
        pipe = subprocess.PIPE
        _child = _Child(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, bufsize=0), os.getpid())
    return _child


def _send(child: _Child, content: bytes) -> None:
    if child.process.stdin is None:
        raise OSError("no pipe")
    rest = memoryview(content)
    while rest:
        rest = rest[child.process.stdin.write(rest) :]


def _receive(child: _Child, size: int, until: float) -> bytes:
    """So many bytes. Raises ``TimeoutError``, ``OSError`` when the other side is gone."""
    if child.process.stdout is None:
        raise OSError("no pipe")
    found = bytearray()
    while len(found) < size:
        if not select.select([child.process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TimeoutError
        part = child.process.stdout.read(size - len(found))
        if not part:
            raise OSError("gone")
        found += part
    return bytes(found)


def _end() -> None:
    """Let the process go; what it was doing is of no use any more."""
    global _child
    child, _child = _child, None
    if child is None or child.parent != os.getpid():
        return
    child.process.kill()
    for pipe in (child.process.stdin, child.process.stdout):
        if pipe:
            with contextlib.suppress(OSError):
                pipe.close()
    child.process.wait()
