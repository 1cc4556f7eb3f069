"""The process kept warm for small papers: the same bytes, renewed in time, never in anybody's way, gone with its parent."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kentongan.reports import pdf, typesetter

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def _own_process() -> Iterator[None]:
    with typesetter._lock:
        typesetter._end()
    yield
    with typesetter._lock:
        typesetter._end()


@pytest.fixture
def order(tmp_path: Path) -> bytes:
    (tmp_path / "word.typ").write_text("#json(bytes(sys.inputs.data)).word")
    return ordered(tmp_path, "Kentongan")


def ordered(folder: Path, word: str, template: str = "word") -> bytes:
    how = {"template": template, "folders": [str(folder)], "fonts": str(pdf.FONTS), "memory": False}
    how |= {"format": "pdf", "tagged": True, "standards": [], "made": None}
    return json.dumps({**how, "data": {"word": word}}).encode()


def pid() -> int:
    assert typesetter._child is not None
    return typesetter._child.process.pid


def test_warm_and_alone_make_the_same_bytes(order: bytes) -> None:
    first, second = typesetter.paper(order, 60), typesetter.paper(order, 60)
    assert first.startswith(b"%PDF")
    assert first == second == pdf._alone(order, 60)


def test_one_process_serves_and_is_renewed(order: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    typesetter.paper(order, 60)
    before = pid()
    typesetter.paper(order, 60)
    assert pid() == before
    monkeypatch.setattr(typesetter, "PAPERS", 3)
    typesetter.paper(order, 60)
    assert typesetter._child is None
    monkeypatch.setattr(typesetter, "KILOBYTES", 1)
    typesetter.paper(order, 60)
    assert typesetter._child is None


def test_who_finds_it_busy_or_has_a_long_paper_goes_another_way(order: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with typesetter._lock, pytest.raises(typesetter.Unfit):
        typesetter.paper(order, 60)
    monkeypatch.setattr(typesetter, "SMALL", 10)
    with pytest.raises(typesetter.Unfit):
        typesetter.paper(order, 60)


def test_a_killed_one_is_begun_anew(order: bytes) -> None:
    typesetter.paper(order, 60)
    assert typesetter._child is not None
    typesetter._child.process.kill()
    typesetter._child.process.wait()
    assert typesetter.paper(order, 60).startswith(b"%PDF")


def test_a_bad_template_is_refused_and_it_lives_on(order: bytes, tmp_path: Path) -> None:
    typesetter.paper(order, 60)
    before = pid()
    (tmp_path / "bad.typ").write_text("#nothing-like-this")
    with pytest.raises(typesetter.Refused, match="nothing-like-this"):
        typesetter.paper(ordered(tmp_path, "x", "bad"), 60)
    assert pid() == before


def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    (tmp_path / "long.typ").write_text("#for a in range(10000) { for b in range(10000) { let c = a * b } }")
    with pytest.raises(TimeoutError):
        typesetter.paper(ordered(tmp_path, "x", "long"), 0.5)
    assert typesetter._child is None


def test_many_threads_all_get_their_paper(tmp_path: Path, order: bytes) -> None:
    made: list[bytes] = []

    def print_one() -> None:
        try:
            made.append(typesetter.paper(order, 60))
        except typesetter.Unfit:
            made.append(pdf._alone(order, 60))

    threads = [threading.Thread(target=print_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def test_it_leaves_with_its_parent(order: bytes) -> None:
    """A parent that is killed says nothing; the closed pipe does."""
    script = (
        "import sys; from kentongan.reports import typesetter;"
        "typesetter.paper(sys.stdin.buffer.read(), 60);"
        "print(typesetter._child.process.pid, flush=True); import os; os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=order, capture_output=True, check=False)
    child = Path(f"/proc/{int(done.stdout)}/cmdline")
    for _ in range(100):
        if not child.exists() or not child.read_bytes():
            return
        time.sleep(0.1)
    pytest.fail("the process outlived its parent")
