"""Papers as answers to a browser."""

from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def paper(content: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser; a document to edit (``name`` ends in ``.docx``) is downloaded."""
    editable = name.endswith(".docx")
    response = HttpResponse(content, content_type=DOCX if editable else "application/pdf")
    response["Content-Disposition"] = f'{"attachment" if editable else "inline"}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def to_keep(content: IO[bytes], kind: str, name: str) -> FileResponse:
    """A file the browser saves; ``kind``: its media type."""
    response = FileResponse(content, content_type=kind, as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def base_of(request: HttpRequest, file: str) -> str:
    """Our address, by which a printed paper can be checked; what can be edited bears no such mark."""
    return request.build_absolute_uri("/") if file == "pdf" else ""
