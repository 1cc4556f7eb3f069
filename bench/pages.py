"""W2 to W5: whole pages as the signed-in complaint officer reads them, each against the bare query view, request by request in turn.

``python -m bench.pages FLOOR_PORT PRODUCT_PORT REQUESTS`` reads the facts of the book from standard input and prints JSON.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from urllib.parse import quote

import django

from bench import load, words

PAGE = 25
ROW = re.compile(rb'href="/meja/(\d{4}-\d{4,6})/"')
Check = Callable[[load.Answer], bool]


@dataclass
class Page:
    """One page and its floor; ``paths`` yields (floor's, product's) address and what must be true of the page."""

    work: str
    name: str
    paths: Iterator[tuple[str, str, Check]]


def rows(n: int) -> Check:
    """The page lists exactly ``n`` complaints."""
    return lambda answer: answer.status == 200 and len(set(ROW.findall(answer.body))) == n


def tells(*what: str) -> Check:
    return lambda answer: answer.status == 200 and all(word.encode() in answer.body for word in what)


def pages(facts: dict[str, Any]) -> list[Page]:
    """What is measured of a book with these facts."""
    village, n, year = facts["village"], facts["n"], facts["year"]
    found = []
    for name, key, n_rows in (("newest", "newest", PAGE), ("deadline", "due", min(PAGE, facts["due"]))):
        found.append(Page("W2", name, cycle([(f"/list?village={village}&order={key}", f"/meja/?order={key}", rows(n_rows))])))
    for name, phrase in (("common", words.COMMON), ("rare", words.RARE), ("none", words.NEVER)):
        address = f"/meja/?q={quote(chr(34) + phrase + chr(34))}"
        hits = min(PAGE, words.expected(phrase, n))
        found.append(Page("W3", name, cycle([(f"/search?village={village}&q={quote(phrase)}", address, rows(hits))])))
    opened = [(f"/open?id={pk}", f"/meja/{number}/", tells(number, "Sari Wulandari")) for pk, number in facts["numbers"]]
    found.append(Page("W4", "open", cycle(opened)))
    floor = f"/statistics?village={village}&year={year - 1}"
    found.append(Page("W5", "statistics page", cycle([(floor, f"/buku/statistik/?period={year - 1}", tells(str(year - 1)))])))
    return found


class Reader:
    """One kept-alive connection, signed in or not."""

    def __init__(self, port: int, cookies: str = "") -> None:
        self.address, self.cookies = ("127.0.0.1", port), cookies
        self.connection = load.Connection(self.address)

    def request(self, path: str) -> bytes:
        return load.request("GET", path, host=f"127.0.0.1:{self.address[1]}", cookies=self.cookies)

    def read(self, path: str) -> tuple[float, load.Answer]:
        data = self.request(path)
        begun = time.perf_counter()
        answer = self.connection.ask(data)
        return time.perf_counter() - begun, answer

    def first_byte(self, path: str) -> float:
        return load.Connection(self.address).first_byte(self.request(path))


def compared(page: Page, floor: Reader, product: Reader, n: int) -> dict[str, Any]:
    """Milliseconds of both, request by request in turn, after two to warm up. Raises ``SystemExit`` at a wrong answer."""
    times: dict[str, list[float]] = {"floor": [], "product": []}
    size = 0
    for turn in range(n + 2):
        below, above, check = next(page.paths)
        for name, reader, path in (("floor", floor, below), ("product", product, above)):
            spent, answer = reader.read(path)
            if answer.status != 200 or (name == "product" and not check(answer)):
                raise SystemExit(
                    f"{path}: {answer.status}, {len(set(ROW.findall(answer.body)))} rows\n{answer.body[:1500].decode()}"
                )
            if turn >= 2:
                times[name].append(1000 * spent)
        size = len(answer.body)
    medians = {name: load.median(values) for name, values in times.items()}
    return {
        "work": page.work,
        "name": page.name,
        "floor": medians["floor"],
        "product": medians["product"],
        "p95": load.percentile(times["product"], 0.95),
        "bytes": size,
    }


def exported(facts: dict[str, Any], floor: Reader, product: Reader) -> dict[str, Any]:
    """The last whole year of the book as CSV: microseconds a row, and milliseconds to the first byte."""
    year = facts["year"] - 1
    path = f"/buku/buku.csv?period={year}"
    spent, answer = min((product.read(path) for _ in range(3)), key=lambda pair: pair[0])
    lines = answer.body.count(b"\n")
    below, bare = min((floor.read(f"/csv?village={facts['village']}") for _ in range(3)), key=lambda pair: pair[0])
    if answer.status != 200 or lines < facts["n"] / 10:
        raise SystemExit(f"{path}: {answer.status}, {lines} lines")
    return {
        "work": "W5",
        "name": "CSV, µs a row",
        "floor": 1e6 * below / bare.body.count(b"\n"),
        "product": 1e6 * spent / lines,
        "p95": 1000 * product.first_byte(path),
        "bytes": len(answer.body),
    }


def tabled(facts: dict[str, Any], n: int) -> dict[str, Any]:
    """Month × category × state of a year as the program reads it, against the rollup's bare SQL, in this process."""
    from django.db import connection

    from bench.floor import ROLLUP
    from kentongan.reports import statistics
    from kentongan.village.models import User, Village

    village, user, year = Village.objects.get(pk=facts["village"]), User.objects.get(username="petugas"), facts["year"] - 1
    times: dict[str, list[float]] = {"floor": [], "product": []}
    for _ in range(n):
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(ROLLUP, [village.pk, f"{year}-01-01", f"{year}-12-31"])
            bare = cursor.fetchall()
        between = time.perf_counter()
        table = statistics.matrix(village, user, year)
        times["floor"].append(1000 * (between - begun))
        times["product"].append(1000 * (time.perf_counter() - between))
    if sum(table.values()) != sum(row[3] for row in bare):
        raise SystemExit("the table and the rollup do not agree")
    medians = {name: load.median(values) for name, values in times.items()}
    return {
        "work": "W5",
        "name": "month × category × state",
        **medians,
        "p95": load.percentile(times["product"], 0.95),
        "bytes": 0,
    }


def main() -> None:
    below, above, n = (int(argument) for argument in sys.argv[1:4])
    facts = json.load(sys.stdin)
    django.setup()
    floor, product = Reader(below), Reader(above, f"sessionid={facts['session']}")
    found = [compared(page, floor, product, n) for page in pages(facts)]
    found += [tabled(facts, n), exported(facts, Reader(below), Reader(above, product.cookies))]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
