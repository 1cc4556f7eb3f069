"""The arms in the letterhead: a picture of the village's, painted anew, on every paper and easily taken away again."""

import io
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from kentongan.reports import poster
from kentongan.village.models import Arms, User
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]
ADDRESS = "https://sukamaju.example/adukan/"


def drawn(kind: str = "PNG", size: tuple[int, int] = (600, 750), mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, (160, 40, 30, 0) if mode == "RGBA" else (160, 40, 30)).save(out, kind)
    return out.getvalue()


def sent(content: bytes, name: str = "lambang.png") -> dict[str, SimpleUploadedFile]:
    return {"picture": SimpleUploadedFile(name, content)}


def pictures_on(paper: bytes) -> int:
    return len(PdfReader(io.BytesIO(paper)).pages[0].images)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "RGB"), ("PNG", "P")])
def test_it_is_painted_anew_and_printed(cast: Cast, client_of: ClientOf, kind: str, mode: str) -> None:
    client = client_of(cast.tono)
    assert client.post(reverse("office:arms"), sent(drawn(kind, mode=mode))).status_code == 302
    kept = bytes(Arms.objects.get(village=cast.village).picture)
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, max(picture.size)) == ("PNG", 400)
        assert (picture.convert("RGBA").getpixel((0, 0))[3] == 0) == (mode == "RGBA"), "what is clear stays clear"
    assert client.get(reverse("office:arms_picture")).content == kept
    assert "lambang.png" in client.get(reverse("office:arms")).content.decode()
    first, again = poster.pdf(cast.village, ADDRESS), poster.pdf(cast.village, ADDRESS)
    assert first == again, "same data, same bytes"
    assert pictures_on(first) == 1
    assert pictures_on(poster.pdf(cast.neighbour, ADDRESS)) == 0


def test_a_second_takes_the_place_of_the_first_and_can_be_removed(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.tono)
    before = poster.pdf(cast.village, ADDRESS)
    client.post(reverse("office:arms"), sent(drawn()))
    client.post(reverse("office:arms"), sent(drawn("JPEG", mode="RGB"), "lambang.jpg"))
    assert Arms.objects.count() == 1
    client.post(reverse("office:arms"), {"remove": "1"})
    assert poster.pdf(cast.village, ADDRESS) == before


def bomb() -> bytes:
    """A PNG that says it has 90 million pixels."""
    head = drawn(size=(4, 4))
    size = (9500).to_bytes(4, "big") * 2 + head[24:29]
    return head[:16] + size + zlib.crc32(b"IHDR" + size).to_bytes(4, "big") + head[33:]


@pytest.mark.parametrize(
    "content",
    [b"", b"lambang", drawn("GIF", mode="P"), drawn()[:200], bomb(), drawn() + b"x" * 2_200_000, b'<svg xmlns="x"/>'],
    ids=["empty", "text", "gif", "cut", "bomb", "large", "svg"],
)
def test_what_is_no_picture_is_refused_in_words_and_the_old_one_stays(cast: Cast, client_of: ClientOf, content: bytes) -> None:
    client = client_of(cast.tono)
    client.post(reverse("office:arms"), sent(drawn()))
    before = bytes(Arms.objects.get().picture)
    response = client.post(reverse("office:arms"), sent(content))
    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()
    assert bytes(Arms.objects.get().picture) == before


def test_only_the_administrator_changes_it(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.lastri)
    assert client.get(reverse("office:arms")).status_code == 200
    assert client.post(reverse("office:arms"), sent(drawn())).status_code == 403
    assert not Arms.objects.exists()
