"""Whether it lives: for the operator's monitor and for ``doctor``."""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from kentongan import worker


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the worker was heard from within a minute, else 503. No figures: anyone may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    alive = worker.is_alive()
    return JsonResponse({"database": "ok", "worker": "ok" if alive else "silent"}, status=200 if alive else 503)
