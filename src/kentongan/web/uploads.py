"""Files of a request: cleaned, counted, and each refusal in one sentence that says what to do. Shared by residents' and officers' forms."""

from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext, ngettext

from kentongan.complaints.actions import NewFile
from kentongan.complaints.models import Attachment
from kentongan.lib import files
from kentongan.lib.text import clean

ACCEPT = "image/*,application/pdf,audio/*,video/mp4"  # what a phone offers to choose from
SHOWN = {"image/jpeg"}  # inside the browser; a sandboxed PDF shows nothing there, so it is saved like everything else


@dataclass(frozen=True)
class Uploads:
    """What came: the files fit to be kept, and a sentence for each that is not."""

    files: tuple[NewFile, ...] = ()
    refused: tuple[str, ...] = ()


def read(request: HttpRequest, field: str = "files", *, kept: int = 0, most: int = files.MAX_FILES) -> Uploads:
    """The files sent in ``field``, at most ``most`` less the ``kept`` ones that are already there."""
    sent = request.FILES.getlist(field)
    room = max(0, most - kept)
    taken, refused = [], []
    for upload in sent[:room]:
        try:
            taken.append(_cleaned(upload))
        except files.Refused as refusal:
            refused.append(sentence(refusal.reason, shown_name(upload.name)))
    left_out = len(sent) - room
    if left_out > 0:
        refused.append(_too_many(left_out, most))
    return Uploads(tuple(taken), tuple(refused))


def _cleaned(upload: UploadedFile[bytes]) -> NewFile:
    if (upload.size or 0) > files.MAX_BYTES:
        raise files.Refused("large")
    fit = files.cleaned(upload.read())
    stem = PurePath(shown_name(upload.name)).stem[:100] or "berkas"
    return NewFile(f"{stem}.{fit.extension}", fit)


def shown_name(name: str | None) -> str:
    """The name the sender gave, without folders and without what no one typed on purpose."""
    return clean(PurePath((name or "").replace("\\", "/")).name)[:100] or "berkas"


def sentence(reason: str, name: str) -> str:
    """Why ``name`` was not kept and what to do. ``reason`` as in ``lib.files.Refused``."""
    words = {
        "empty": gettext("“%(name)s” is empty. Choose the file again."),
        "large": gettext("“%(name)s” is larger than 10 MB. Send a photo instead of a video, or make the file smaller."),
        "kind": gettext("“%(name)s” is a kind of file we cannot open. Send it as a photo or as a PDF."),
        "broken": gettext("“%(name)s” cannot be opened, it may be damaged. Take the photo again or choose another file."),
        "pixels": gettext("“%(name)s” has too many pixels. Send a smaller copy of the picture."),
    }
    return words[reason] % {"name": name}


def _too_many(left_out: int, most: int) -> str:
    words = ngettext(
        "At most %(most)d files in one sending: %(n)d file was left out. You can add it later on the tracking page.",
        "At most %(most)d files in one sending: %(n)d files were left out. You can add them later on the tracking page.",
        left_out,
    )
    return words % {"most": most, "n": left_out}


def download(attachment: Attachment) -> FileResponse:
    """The file as a response that can do nothing: its true kind, no scripts, no guessing. The caller has checked who asks."""
    shown = attachment.mime in SHOWN
    response = FileResponse(attachment.file.open("rb"), content_type=attachment.mime)
    response["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(attachment.name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
