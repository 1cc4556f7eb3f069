"""Files from strangers: what they are is read from their bytes, photos are painted anew without their metadata."""

import io
import struct
import warnings
from dataclasses import dataclass

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 10  # one complaint, one sending
MAX_PIXELS = 50_000_000
MAX_SIDE = 2400
_DOCUMENTS = {
    "application/pdf": "pdf",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/m4a": "m4a",
    "video/mp4": "mp4",
}
_PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif"}


class Refused(ValueError):
    """The file cannot be kept. ``reason``: "empty", "large", "kind", "broken" or "pixels"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Clean:
    """A file fit to be kept: ``content`` bytes, their true ``mime`` and ``extension``."""

    content: bytes
    mime: str
    extension: str


def cleaned(content: bytes) -> Clean:
    """``content`` by what it really is, whatever its name says: photos re-encoded (no EXIF, no GPS, at most 2,400 pixels a side). Raises ``Refused``."""
    if not content:
        raise Refused("empty")
    if len(content) > MAX_BYTES:
        raise Refused("large")
    kind = filetype.guess(content[:8192])
    if kind is None:
        raise Refused("kind")
    if kind.mime in _PICTURES:
        return _repainted(content)
    if kind.mime in _DOCUMENTS:
        return Clean(content, kind.mime, _DOCUMENTS[kind.mime])
    raise Refused("kind")


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as the camera was held; as it is when the camera's notes cannot be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except (ValueError, TypeError, KeyError, struct.error, SyntaxError):
        return picture


def _repainted(content: bytes) -> Clean:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise Refused("pixels")
                picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
                upright = _upright(picture).convert("RGB")
        upright.info.clear()  # a comment or XMP of the original would be written along
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        if isinstance(error, Refused):
            raise
        reason = "pixels" if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning) else "broken"
        raise Refused(reason) from error
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=82, optimize=True)
    return Clean(out.getvalue(), "image/jpeg", "jpg")
