"""Files from strangers: judged by their bytes, photos painted anew."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kentongan.lib.files import MAX_BYTES, MAX_SIDE, Refused, cleaned

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
MAKE, GPS, ORIENTATION = 271, 34853, 274


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **how: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120).save(out, kind, **how)
    return out.getvalue()


def photo_with_secrets() -> bytes:
    exif = Image.Exif()
    exif[MAKE] = "Rahasia Kamera 3000"
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "S", 2: (7.0, 36.0, 12.0), 3: "E", 4: (109.0, 6.0, 33.0)}
    return picture(exif=exif, comment=b"rumah saya")


def reason(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        cleaned(content)
    return refused.value.reason


def test_a_photo_loses_where_and_with_what_it_was_taken() -> None:
    before = photo_with_secrets()
    assert b"Rahasia Kamera" in before
    after = cleaned(before)
    with Image.open(io.BytesIO(after.content)) as seen:
        assert not seen.getexif()
        assert "exif" not in seen.info
        assert "comment" not in seen.info
    assert b"Rahasia Kamera" not in after.content
    assert b"rumah saya" not in after.content
    assert b"Exif" not in after.content


def test_a_photo_taken_sideways_stands_upright() -> None:
    with Image.open(io.BytesIO(cleaned(photo_with_secrets()).content)) as seen:
        assert seen.size == (48, 64)


def test_text_hidden_in_a_png_is_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    hidden = PngInfo()
    hidden.add_text("Author", "Karto Wiryo")
    before = picture("PNG", pnginfo=hidden)
    assert b"Karto Wiryo" in before
    assert b"Karto Wiryo" not in cleaned(before).content


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_what_an_editor_wrote_into_a_photo_is_gone(kind: str) -> None:
    before = picture(kind, xmp=b"<x:xmpmeta>Karto Wiryo</x:xmpmeta>")
    assert b"Karto Wiryo" in before
    assert b"Karto Wiryo" not in cleaned(before).content


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("GIF", "P"), ("JPEG", "CMYK")]
)
def test_every_kind_of_picture_becomes_a_jpeg(kind: str, mode: str) -> None:
    clean = cleaned(picture(kind, mode=mode))
    assert (clean.mime, clean.extension) == ("image/jpeg", "jpg")
    with Image.open(io.BytesIO(clean.content)) as seen:
        assert seen.format == "JPEG"


def test_a_large_photo_is_made_smaller() -> None:
    with Image.open(io.BytesIO(cleaned(picture(size=(4000, 3000))).content)) as seen:
        assert seen.size == (MAX_SIDE, MAX_SIDE * 3 // 4)


def test_a_pdf_named_jpg_is_a_pdf() -> None:
    clean = cleaned(PDF)  # names are not even asked for
    assert (clean.mime, clean.extension) == ("application/pdf", "pdf")
    assert clean.content == PDF


def test_a_voice_note_is_kept_as_it_is() -> None:
    voice = b"OggS\x00\x02" + bytes(22) + b"OpusHead" + bytes(64)
    assert cleaned(voice).mime == "audio/ogg"
    assert cleaned(voice).content == voice


def test_nothing_is_not_a_file() -> None:
    assert reason(b"") == "empty"


def test_a_file_above_the_limit_is_too_large() -> None:
    assert reason(PDF + bytes(MAX_BYTES)) == "large"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"MZ\x90\x00" + bytes(200),
        b"\x7fELF" + bytes(200),
        b"hanya tulisan",
    ],
)
def test_pages_programs_and_plain_text_are_refused(content: bytes) -> None:
    assert reason(content) == "kind"


def test_a_zip_is_refused_bomb_or_not() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("nol.txt", bytes(5_000_000))
    assert reason(out.getvalue()) == "kind"


def png_claiming(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(30_000, 30_000), (9_000, 9_000), (60_000, 1_000)])
def test_a_small_file_that_claims_a_huge_picture_is_not_painted(size: tuple[int, int]) -> None:
    assert reason(png_claiming(*size)) == "pixels"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_broken(kind: str) -> None:
    noisy = io.BytesIO()
    Image.effect_noise((200, 200), 80).convert("RGB").save(noisy, kind)
    assert reason(noisy.getvalue()[: len(noisy.getvalue()) // 2]) == "broken"


def test_the_head_of_a_picture_followed_by_rubbish_is_broken() -> None:
    assert reason(b"\xff\xd8\xff\xe0" + b"rubbish" * 50) == "broken"


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x10\x00\x00\x00WEBPVP8 ", b"%PDF-"]),
)
def test_whatever_the_bytes_they_are_kept_or_refused_with_a_reason(tail: bytes, head: bytes) -> None:
    try:
        outcome = cleaned(head + tail).mime.partition("/")[0]
    except Refused as refused:
        outcome = refused.reason
    assert outcome in {"application", "audio", "video", "image", "empty", "large", "kind", "broken", "pixels"}
