"""Photos for the demo, drawn on the spot: nobody's house, nobody's face."""

import io
import random
from functools import lru_cache

from PIL import Image, ImageDraw

from kentongan.complaints.actions import NewFile
from kentongan.lib.files import cleaned

_SIZE = (640, 480)
_SKY, _GRASS, _ROAD, _HOLE, _MARK = "#cfe3ea", "#7fa36b", "#8d8a84", "#4b4843", "#e7ddc2"


def photo(what: str, seed: int) -> NewFile:
    """One photo of ``what``: "jalan", "air", "lampu" or anything else, the same for the same ``seed``."""
    return NewFile(f"foto-{what}-{seed}.jpg", cleaned(_drawn(what, seed)))


@lru_cache(maxsize=32)
def _drawn(what: str, seed: int) -> bytes:
    dice = random.Random(f"{what}{seed}")  # noqa: S311 - a drawing, not a secret
    picture = Image.new("RGB", _SIZE, _SKY)
    draw = ImageDraw.Draw(picture)
    horizon = 190 + dice.randrange(40)
    draw.rectangle((0, horizon, *_SIZE), fill=_GRASS)
    for _ in range(7):  # trees on the horizon
        x, tall = dice.randrange(640), 40 + dice.randrange(70)
        draw.rectangle((x - 4, horizon - tall // 2, x + 4, horizon + 6), fill="#6b4e2e")
        draw.ellipse((x - 32, horizon - tall - 20, x + 32, horizon - tall // 2 + 10), fill="#4f7a4a")
    _SUBJECTS.get(what, _house)(draw, dice, horizon)
    draw.rectangle((0, 440, 640, 480), fill="#1c2421")
    draw.text((16, 453), "Gambar contoh - bukan foto sungguhan", fill="#ffffff")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _road(draw: ImageDraw.ImageDraw, dice: random.Random, horizon: int) -> None:
    draw.polygon([(290, horizon), (350, horizon), (600, 480), (40, 480)], fill=_ROAD)
    for n in range(4):
        y = horizon + 30 + n * 60
        draw.rectangle((316 - n, y, 324 + n, y + 22), fill=_MARK)
    for _ in range(3):
        x, y, wide = 200 + dice.randrange(240), horizon + 90 + dice.randrange(110), 30 + dice.randrange(40)
        draw.ellipse((x - wide, y - wide // 3, x + wide, y + wide // 3), fill=_HOLE)


def _tap(draw: ImageDraw.ImageDraw, dice: random.Random, horizon: int) -> None:
    draw.rectangle((230, horizon - 20, 410, 440), fill="#b9b3a6")
    draw.rectangle((300, horizon + 40, 330, horizon + 130), fill="#5b6470")
    draw.rectangle((300, horizon + 40, 400, horizon + 62), fill="#5b6470")
    draw.rectangle((378, horizon + 62, 400, horizon + 90), fill="#5b6470")
    for n in range(dice.randrange(2, 6)):
        draw.ellipse((383, horizon + 104 + n * 22, 395, horizon + 118 + n * 22), fill="#6fa8c7")


def _lamp(draw: ImageDraw.ImageDraw, dice: random.Random, horizon: int) -> None:
    draw.rectangle((0, 360, 640, 440), fill=_ROAD)
    x = 220 + dice.randrange(160)
    draw.rectangle((x, 70, x + 10, 400), fill="#4a4f4c")
    draw.rectangle((x, 70, x + 110, 80), fill="#4a4f4c")
    draw.ellipse((x + 88, 76, x + 132, 100), fill="#f4d35e" if dice.random() > 0.5 else "#8d8a84")


def _house(draw: ImageDraw.ImageDraw, dice: random.Random, horizon: int) -> None:
    x = 120 + dice.randrange(160)
    draw.rectangle((x, horizon - 20, x + 260, 400), fill="#e4d9c0")
    draw.polygon([(x - 24, horizon - 20), (x + 130, horizon - 110), (x + 284, horizon - 20)], fill="#a0523d")
    draw.rectangle((x + 100, horizon + 70, x + 160, 400), fill="#6b4e2e")
    for left in (30, 190):
        draw.rectangle((x + left, horizon + 40, x + left + 40, horizon + 90), fill="#9bb7c4")


_SUBJECTS = {"jalan": _road, "air": _tap, "lampu": _lamp}
