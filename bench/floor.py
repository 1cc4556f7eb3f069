"""The floor: a bare Django application on the product's own database entry. One view, one statement or two, no middleware, no template.

It inserts into a table of its own, and reads the product's tables with the shortest SQL that gives the same rows.
"""

import csv
import io
import json
import os
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path


def configure() -> None:
    """The product's databases entry and its secret; nothing else of its settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kentongan.settings")
    from kentongan import settings as product

    entry = dict(product.DATABASES["default"])
    if entry["ENGINE"].endswith("sqlite3"):
        entry["ENGINE"] = "django.db.backends.sqlite3"  # Django's own, without the product's queue
    settings.configure(
        DATABASES={"default": entry},
        SECRET_KEY=product.SECRET_KEY,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[],
        INSTALLED_APPS=[],
        USE_TZ=True,
        USE_I18N=False,
    )
    django.setup(set_prefix=False)


def create_table() -> None:
    """The table of the bare insert."""
    key = "bigserial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS bench_floor (id {key} PRIMARY KEY, name varchar(100) NOT NULL, text text NOT NULL,"
            " received_at timestamp DEFAULT CURRENT_TIMESTAMP)"
        )


def _answer(body: str | bytes, kind: str = "application/json") -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Length"] = str(len(response.content))
    return response


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _json(rows: Any) -> HttpResponse:
    return _answer(json.dumps(rows, default=str))


def nothing(request: HttpRequest) -> HttpResponse:
    return _answer("ok", "text/plain")


def insert(request: HttpRequest) -> HttpResponse:
    [(pk,)] = _rows(
        "INSERT INTO bench_floor (name, text) VALUES (%s, %s) RETURNING id", [request.POST["name"], request.POST["text"]]
    )
    return _answer(str(pk), "text/plain")


# lifecycle.OPEN, written out: the floor loads nothing of the product's domain
OPEN = ("ASSIGNED", "AWAITING_COMPLAINANT", "IN_PROGRESS", "RECEIVED", "REFERRED", "VERIFIED")
ROLLUP = (
    "SELECT month, category_id, state, SUM(n) FROM complaints_tally"
    " WHERE village_id = %s AND month >= %s AND month <= %s GROUP BY month, category_id, state"
)
COLUMNS = "SELECT id, number, subject, state, received_at, due_at FROM complaints_complaint"


def listed(request: HttpRequest) -> HttpResponse:
    """The newest 25 of the book, or of what is open the 25 that are due first."""
    if request.GET["order"] == "newest":
        return _json(
            _rows(f"{COLUMNS} WHERE village_id = %s ORDER BY received_at DESC, id DESC LIMIT 25", [request.GET["village"]])
        )
    states = ", ".join(f"'{state}'" for state in OPEN)
    where = f"village_id = %s AND due_at IS NOT NULL AND state IN ({states})"
    return _json(_rows(f"{COLUMNS} WHERE {where} ORDER BY due_at, id LIMIT 25", [request.GET["village"]]))


def found(request: HttpRequest) -> HttpResponse:
    """A phrase in the product's index, newest first."""
    from kentongan.lib.text import search_words

    stems = search_words(request.GET["q"])
    if connection.vendor == "sqlite":
        inside, phrase = "SELECT rowid FROM complaints_words WHERE complaints_words MATCH %s", '"' + " ".join(stems) + '"'
    else:
        inside = "SELECT complaint_id FROM complaints_words WHERE words @@ %s::tsquery"
        phrase = " & ".join(f"'{left}_{right}'" for left, right in pairwise(stems))
    sql = f"{COLUMNS} WHERE village_id = %s AND id IN ({inside}) ORDER BY received_at DESC, id DESC LIMIT 25"
    return _json(_rows(sql, [request.GET["village"], phrase]))


def opened(request: HttpRequest) -> HttpResponse:
    pk = int(request.GET["id"])
    complaint = _rows("SELECT number, subject, text, state, received_at, due_at FROM complaints_complaint WHERE id = %s", [pk])
    events = _rows("SELECT kind, at, by_label, state, data FROM complaints_event WHERE complaint_id = %s ORDER BY id", [pk])
    return _json([complaint, events])


def counted(request: HttpRequest) -> HttpResponse:
    """Month × category × state of a year, from the rollup."""
    year = int(request.GET["year"])
    return _json(_rows(ROLLUP, [request.GET["village"], f"{year}-01-01", f"{year}-12-31"]))


def exported(request: HttpRequest) -> StreamingHttpResponse:
    """The book as CSV, eight columns."""
    return StreamingHttpResponse(_lines(request.GET["village"]), content_type="text/csv")


def _lines(village: str) -> Iterator[str]:
    sql = "SELECT number, received_at, channel, kind, state, subject, due_at, ended_at FROM complaints_complaint WHERE village_id = %s ORDER BY id"
    with connection.cursor() as cursor:
        cursor.execute(sql, [village])
        while rows := cursor.fetchmany(500):
            buffer = io.StringIO()
            csv.writer(buffer).writerows(rows)
            yield buffer.getvalue()


urlpatterns = [
    path("", nothing),
    path("insert", insert),
    path("list", listed),
    path("search", found),
    path("open", opened),
    path("statistics", counted),
    path("csv", exported),
]
