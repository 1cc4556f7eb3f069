"""The measurements measure: a tiny book that is whole, clients that count every answer, and accounts that find what was lost."""

import json
import random
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from bench import book, intake, load, mail, pages, papers, report, words
from bench.profile import asker
from kentongan.complaints import ledger
from kentongan.complaints.lifecycle import OPEN
from kentongan.complaints.models import Complaint, Event
from kentongan.reports import statistics
from kentongan.wsgi import application

Ask = Callable[[bytes], load.Answer]


@pytest.fixture
def fifty(db: None) -> book.Village:
    """A book of fifty complaints."""
    return book.fill(50, timezone.localtime())


def test_the_generated_book_is_whole(fifty: book.Village) -> None:
    assert list(ledger.faults()) == []
    known = Complaint.for_system("test")
    assert known.count() == 50
    assert known.filter(state="CLOSED", ended_at__isnull=False).exists()
    assert Event.for_system("test").filter(kind="received").count() == 50


def test_phrases_are_planted_as_often_as_is_said() -> None:
    chance = random.Random(1)
    texts = [words.complaint(chance, serial) for serial in range(1, 2001)]
    for phrase in (words.COMMON, words.RARE, words.NEVER):
        assert sum(phrase in text for text in texts) == words.expected(phrase, 2000)


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Requests to the application in this process, on the test's own database connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield asker(application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_officer_reads_the_pages_that_are_measured(fifty: book.Village, ask: Ask) -> None:
    cookie = f"sessionid={book.session_of(fifty.people['petugas'])}"
    row = Complaint.for_system("test").latest("pk")
    facts = {"village": fifty.code, "n": 50, "year": timezone.localdate().year, "numbers": [[row.pk, row.number]]}
    facts["due"] = Complaint.for_system("test").filter(state__in=OPEN, due_at__isnull=False).count()
    for page in pages.pages(facts):
        _, path, check = next(page.paths)
        answer = ask(load.request("GET", path, host="127.0.0.1", cookies=cookie))
        assert check(answer), (page.name, answer.status, len(set(pages.ROW.findall(answer.body))))
    assert sum(statistics.matrix(row.village, fifty.people["petugas"], facts["year"] - 1).values()) > 0


def test_what_residents_send_is_entered_and_accounted_for(fifty: book.Village, ask: Ask) -> None:
    before = intake._standing("complaints_complaint")
    sender = intake.Residents("127.0.0.1", ask(load.request("GET", "/adukan/", host="127.0.0.1")))
    requests = sender.requests()
    acknowledged = [intake.received(ask(next(requests))) for _ in range(5)]
    assert intake.accounts(acknowledged, before, intake._standing("complaints_complaint")) == (0, 0)
    assert intake._gapless()


def test_the_accounts_find_what_was_lost_doubled_or_never_acknowledged() -> None:
    assert intake.accounts([4, 5, 6], {1, 2, 3}, {1, 2, 3, 4, 5, 6}) == (0, 0)
    assert intake.accounts([4, 5, 6], {1, 2, 3}, {1, 2, 3, 4, 5}) == (1, 0)
    assert intake.accounts([4, 4], {1}, {1, 4}) == (1, 0)
    assert intake.accounts([4], {1}, {1, 4, 5}) == (0, 1)
    assert intake.accounts([1], {1}, {1}) == (1, 0)


class _Counter(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    rows: list[str] = []

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.rows.append(sent)
        body = str(len(self.rows)).encode()
        self.send_response(200)
        if len(self.rows) % 2:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        else:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")

    def log_message(self, *_: Any) -> None:
        """Silent: hundreds of requests."""


@pytest.fixture
def counter() -> Iterator[load.Address]:
    _Counter.rows = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Counter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield ("127.0.0.1", server.server_address[1])
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("clients", [1, 4])
def test_every_answer_is_counted_once(counter: load.Address, clients: int) -> None:
    requests = (load.request("POST", "/", host="127.0.0.1", body=f"n={n}".encode()) for n in range(10_000))
    answers: list[load.Answer] = []
    run = load.drive(counter, requests, answers.append, clients=clients, seconds=0.3)
    assert run.lost == 0
    assert run.sent == len(answers) == len(run.latencies) == len(_Counter.rows) > clients
    assert sorted(int(answer.body) for answer in answers) == list(range(1, len(answers) + 1))
    assert run.rate > 0


def test_percentiles_are_of_the_nearest_rank() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (load.median(values), load.percentile(values, 0.99), load.percentile(values, 1)) == (50, 99, 100)
    assert load.percentile([7.0], 0.5) == 7
    assert load.percentile([], 0.5) == 0


def test_the_report_says_which_target_was_missed() -> None:
    row = {
        "work": "W1",
        "database": "sqlite",
        "n": 1000,
        "clients": 8,
        "ratio": 0.4,
        "accepted": 10,
        "refused": 0,
        "lost": 0,
        "extra": 0,
    }
    row |= {f"{system}_{key}": 1.0 for system in ("floor", "product") for key in ("rate", "p50", "p95", "p99")} | {
        "gapless": True
    }
    page = {"database": "sqlite", "n": 1000, "work": "W2", "name": "newest", "floor": 1.0, "product": 5.0, "p95": 6.0, "bytes": 9}
    text = report.whole([row, page])
    assert re.search(r"intake at least 0.5 of the floor \| 0.40 at its worst \| \*\*no\*\*", text)
    assert re.search(r"W2 at most 12 times its floor \| 5.0 at its worst \| yes", text)
    assert json.dumps([row, page])


def test_every_letter_of_the_work_ends_where_it_must(fifty: book.Village) -> None:
    found = mail.measure("maildir", 60)
    assert {key: found[key] for key in ("missing", "unread", "astray", "answered")} == dict.fromkeys(
        ("missing", "unread", "astray", "answered"), 0
    )
    assert (found["accepted"], found["joined"], found["automatic"]) == (48, 9, 3)
    text = report.whole([{"database": "sqlite", "n": 50, **found}])
    assert "every letter accounted for" in text


def test_papers_are_made_and_told(fifty: book.Village, capsys: pytest.CaptureFixture[str]) -> None:
    papers.main()
    found = [{"database": "sqlite", "n": 50, **row} for row in json.loads(capsys.readouterr().out.splitlines()[-1])]
    assert any(row["name"] == "receipt, warm, ms" for row in found)
    told = report.whole(found)
    assert "| SQLite | 50 | PDF of 50 rows in 1 volumes, s |" in told
    assert "CSV, µs a row: at most 5 times its floor" in told
