"""W1: as many complaints as clients can hand in, each durable before its answer; then what was acknowledged against what stands in the book.

``python -m bench.intake floor|product PORT CLIENTS SECONDS`` prints one JSON line. Every complaint is a text of its own with a
form token of its own, signed with the installation's key as the form's page signs it: measured is the sending, not the page.
"""

import json
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

import django

from bench import load, words

BOUNDARY = "----kentonganbench7d1c"
RECEIPT = "kentongan_tanda_terima"


@dataclass
class Result:
    """One point of W1. ``lost``: acknowledged and not in the book; ``extra``: in the book and never acknowledged."""

    rate: float
    p50: float
    p95: float
    p99: float
    accepted: int
    refused: int
    lost: int
    extra: int
    gapless: bool


def multipart(fields: dict[str, str]) -> bytes:
    """A form as a browser sends it, with its empty file field."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n'
    return ("".join(parts) + file + f"--{BOUNDARY}--\r\n").encode()


class Residents:
    """People who fill in the public form."""

    def __init__(self, host: str, answer: load.Answer) -> None:
        """``answer``: the page of the form as one of them opened it."""
        self._host = host
        self._chance = random.Random(time.time_ns())
        html = answer.body.decode()
        self._csrf = _one(html, r'name="csrfmiddlewaretoken" value="([^"]+)"')
        self._cookie = f"csrftoken={answer.cookies()['csrftoken']}"
        self._places = re.findall(r'<option value="(\d+-\d+-\d+)"', html)
        _one(html, r'name="token" value="([^"]+)"')

    def requests(self) -> Iterator[bytes]:
        from django.core.signing import Signer

        from kentongan.lib.tokens import new_token

        signer = Signer(salt="complaint-form")
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Referer": f"http://{self._host}/adukan/"}
        while True:
            body = multipart(self._fields(signer.sign(new_token())))
            yield load.request("POST", "/adukan/", host=self._host, cookies=self._cookie, body=body, more=kind)

    def _fields(self, token: str) -> dict[str, str]:
        chance, place = self._chance, self._chance.choice(self._places)
        return {
            "csrfmiddlewaretoken": self._csrf,
            "token": token,
            "text": words.complaint(chance, chance.randrange(1, 10_000)),
            "where": place,
            "place": "depan mushola",
            "happened": "dua minggu lalu",
            "who": "",
            "wish": "",
            "identity": "open",
            "name": words.name(chance),
            "phone": words.phone(chance),
            "lives": place,
            "address": "Jalan Melati 4",
            "note_2": "",
        }


def residents(address: load.Address) -> Residents:
    """Open the form once, over the network."""
    host = f"{address[0]}:{address[1]}"
    page = load.Connection(address)
    answer = page.ask(load.request("GET", "/adukan/", host=host))
    page.close()
    return Residents(host, answer)


def _one(html: str, pattern: str) -> str:
    match = re.search(pattern, html)
    if match is None:
        raise SystemExit(f"the form's page has no {pattern}")
    return match[1]


def received(answer: load.Answer) -> int:
    """The complaint an answer of the form acknowledges, from the pass to its receipt; 0 for a refusal."""
    pass_, _, _ = answer.cookies().get(RECEIPT, "").partition(":")
    return int(pass_) if answer.status in (302, 303) and pass_.isdecimal() else 0


def inserted(answer: load.Answer) -> int:
    """The row an answer of the floor acknowledges."""
    return int(answer.body) if answer.status == 200 else 0


def floor_requests(address: load.Address) -> Iterator[bytes]:
    chance = random.Random(time.time_ns())
    while True:
        body = urlencode({"name": words.name(chance), "text": words.complaint(chance, 1)}).encode()
        yield load.request("POST", "/insert", host=f"{address[0]}:{address[1]}", body=body)


def accounts(acknowledged: list[int], before: set[int], after: set[int]) -> tuple[int, int]:
    """How many were acknowledged and are not there (an answer twice counts), and how many are there unacknowledged."""
    new = after - before
    return len(acknowledged) - len(set(acknowledged) & new), len(new - set(acknowledged))


def _standing(table: str) -> set[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return {row[0] for row in cursor.fetchall()}


def _gapless() -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) - max(serial), min(serial) FROM complaints_complaint GROUP BY village_id, year")
        return all(row == (0, 1) for row in cursor.fetchall())


def measure(system: str, address: load.Address, clients: int, seconds: float) -> Result:
    """One point: ``seconds`` of sending by ``clients``."""
    product = system == "product"
    table = "complaints_complaint" if product else "bench_floor"
    requests = residents(address).requests() if product else floor_requests(address)
    read = received if product else inserted
    before = _standing(table)
    prepared = [next(requests) for _ in range(round(seconds * 2500))]
    acknowledged: list[int] = []
    run = load.drive(address, iter(prepared), lambda answer: acknowledged.append(read(answer)), clients=clients, seconds=seconds)
    accepted = [pk for pk in acknowledged if pk]
    lost, extra = accounts(accepted, before, _standing(table))
    times = run.latencies
    spread = [1000 * load.percentile(times, share) for share in (0.5, 0.95, 0.99)]
    return Result(
        run.rate, *spread, len(accepted), run.lost + len(acknowledged) - len(accepted), lost, extra, not product or _gapless()
    )


def main() -> None:
    system, port, clients, seconds = sys.argv[1:5]
    django.setup()
    print(json.dumps(asdict(measure(system, ("127.0.0.1", int(port)), int(clients), float(seconds)))))


if __name__ == "__main__":
    main()
