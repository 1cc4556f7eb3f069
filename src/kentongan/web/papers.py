"""Papers as answers to a browser."""

from typing import IO

from django.http import FileResponse, HttpResponse


def paper(content: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def to_keep(content: IO[bytes], kind: str, name: str) -> FileResponse:
    """A file the browser saves; ``kind``: its media type."""
    response = FileResponse(content, content_type=kind, as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
