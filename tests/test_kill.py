"""``kill -9`` in the middle of 500 complaints: whoever saw a number has one, and the book has no gap."""

import http.cookiejar
import re
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

import psycopg
import pytest

from tests.product import Product

WRITERS = 4
COMPLAINTS = 500


@dataclass
class Residents:
    """What the people in front of their browsers saw."""

    product: Product
    seen: set[int] = field(default_factory=set)
    left: int = COMPLAINTS
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        while not self.over.is_set():
            with self.lock:
                if self.left == 0:
                    return
                self.left -= 1
                turn = self.left
            number = self.one(turn)
            if number:
                with self.lock:
                    assert number not in self.seen, "the same number was given twice"
                    self.seen.add(number)

    def one(self, turn: int) -> int:
        """Send one form as a browser does; the number on the receipt, or 0 when the line broke before it was seen."""
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        try:
            page = browser.open(f"{self.product.url}/adukan/", timeout=10).read().decode()
            marks = dict(re.findall(r'name="(csrfmiddlewaretoken|token)" value="([^"]+)"', page))
            typed = {**marks, "text": f"Lampu jalan di gang {turn} mati sejak Senin malam, gelap sekali.", "identity": "none"}
            body = urllib.parse.urlencode(typed).encode()
            request = urllib.request.Request(f"{self.product.url}/adukan/", body, {"Referer": f"{self.product.url}/adukan/"})
            receipt = browser.open(request, timeout=10).read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError, OSError):
            time.sleep(0.05)
            return 0
        found = re.search(r'big-number">(\d+)/PGD/20\d\d<', receipt)
        return int(found.group(1)) if found else 0


def book(product: Product) -> list[int]:
    """The numbers of the year that stand in the book, read from the database itself."""
    statement = "SELECT serial FROM complaints_complaint ORDER BY serial"
    if product.database:
        with psycopg.connect(product.environment["KENTONGAN_DATABASE"].replace("postgres://", "postgresql://")) as connection:
            return [row[0] for row in connection.execute(statement.encode())]
    with sqlite3.connect(product.data / "kentongan.sqlite3") as connection:
        return [row[0] for row in connection.execute(statement)]


@pytest.mark.parametrize("after", [120])
def test_a_power_cut_in_the_middle_of_500_complaints_loses_none_that_got_a_number(after: int) -> None:
    with Product(worker=False) as product:
        residents = Residents(product)
        writers = [threading.Thread(target=residents.write) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        while len(residents.seen) < after and any(writer.is_alive() for writer in writers):
            time.sleep(0.01)
        product.kill()
        time.sleep(0.5)
        seen_before = set(residents.seen)
        product.start()
        for writer in writers:
            writer.join(180)
        numbers = book(product)
        assert after <= len(seen_before) < COMPLAINTS - 50, "the cut was not in the middle"
        assert len(residents.seen) > len(seen_before) + 100, "it did not go on after the cut"
        assert residents.seen <= set(numbers), "a number somebody saw is lost"
        assert numbers == list(range(1, len(numbers) + 1)), "the book has a gap"
        assert "The book is whole." in product.run("verify")
