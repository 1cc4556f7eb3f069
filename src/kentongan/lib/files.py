"""Files from strangers: what they are is read from their bytes, photos are painted anew without their metadata."""

import io
import struct
import threading
import warnings
from dataclasses import dataclass
from typing import IO

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 10  # one complaint, one sending
MAX_PIXELS = 50_000_000
MAX_PIXELS_AT_ONCE = 36_000_000  # of kinds unpacked whole before they are made smaller: a page scanned at 600 dots an inch
MAX_SIDE = 2400
EMBLEM_BYTES = 2 * 1024 * 1024
EMBLEM_SIDE = 400  # 500 dots an inch at the width letterheads have for it
_DOCUMENTS = {
    "application/pdf": "pdf",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/m4a": "m4a",
    "video/mp4": "mp4",
}
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # no other painter of the library ever looks at a stranger's bytes
_DRAFTED = {"JPEG", "MPO"}  # read at the size they are wanted in
_easel = threading.Lock()  # a few kilobytes may unpack to hundreds of megabytes: one picture at a time
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
    with _easel:
        upright = _painted(content)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=82, optimize=True)
    return Clean(out.getvalue(), "image/jpeg", "jpg")


def emblem(content: bytes) -> bytes:
    """A PNG or JPEG painted anew as a small PNG, its clear parts kept clear. Raises ``Refused``."""
    if not content:
        raise Refused("empty")
    if len(content) > EMBLEM_BYTES:
        raise Refused("large")
    with _easel:
        picture = _painted(content, formats=("PNG", "JPEG"), mode="RGBA", side=EMBLEM_SIDE)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def thumbnail(stream: IO[bytes], side: int) -> bytes:
    """A small JPEG of a picture of ours, at most ``side`` pixels wide and high. Raises ``OSError`` when it is none."""
    with Image.open(stream, formats=_FORMATS) as picture:
        picture.draft("RGB", (side, side))  # a JPEG is never unpacked in full
        picture.thumbnail((side, side))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=72)
    return out.getvalue()


def measure(content: bytes) -> tuple[int, int]:
    """Width and height of a picture in pixels."""
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        return picture.size


def _painted(content: bytes, formats: tuple[str, ...] = _FORMATS, mode: str = "RGB", side: int = MAX_SIDE) -> Image.Image:
    """The picture upright, small, and nothing but its colours. Raises ``Refused``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=formats) as picture:
                if picture.width * picture.height > (MAX_PIXELS if picture.format in _DRAFTED else MAX_PIXELS_AT_ONCE):
                    raise Refused("pixels")
                picture.draft("RGB", (side, side))
                small = picture.convert(mode)
        small.thumbnail((side, side))  # before it is turned: a large one in two copies is a quarter of a gigabyte
        upright = _upright(small)
        upright.info.clear()  # a comment or XMP of the original would be written along
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        IndexError,
        TypeError,
        struct.error,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        if isinstance(error, Refused):
            raise
        reason = "pixels" if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning) else "broken"
        raise Refused(reason) from error
    return upright
