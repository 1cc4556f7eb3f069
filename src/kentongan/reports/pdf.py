"""From data to PDF: typst templates filled with JSON, never with pieces of typst code, so what people typed stays text.

The fonts come with the product (typst's own Libertinus, and Noto Emoji from ``fonts/``); the machine's are never looked at,
so the same data gives the same bytes everywhere.
"""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from kentongan.reports import words
from kentongan.village.models import Membership, Village
from kentongan.village.roles import Role

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
FONTS = HERE / "fonts"
NO_NAME = "(..............................)"


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst  # 40 MB that a process needs only when it prints

    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def render(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of ``templates/<template>.typ`` filled with ``data`` (JSON). Same data, same bytes.

    Raises ``typst.TypstError`` when the template is at fault; data cannot be.
    """
    return cast(bytes, _compiler(template, data).compile(format="pdf", timestamp=0))


def pictures(template: str, data: dict[str, Any], ppi: float = 144) -> list[bytes]:
    """The same paper as PNG pictures, one a page."""
    made = _compiler(template, data).compile(format="png", ppi=ppi)
    return cast(list[bytes], made if isinstance(made, list) else [made])


def _compiler(template: str, data: dict[str, Any]) -> Any:
    import typst

    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    return typst.Compiler(str(TEMPLATES / f"{template}.typ"), root=str(TEMPLATES), font_paths=_fonts(), sys_inputs=inputs)


def letterhead(village: Village) -> dict[str, Any]:
    """The head of every paper (kop): who we are, from one place."""
    regency = village.regency_name
    if not regency.lower().startswith(("kabupaten", "kota ")):
        regency = f"Kabupaten {regency}"
    contacts = [
        f"Telp. {_national(village.phone)}" if village.phone else "",
        f"WhatsApp {_national(village.whatsapp)}" if village.whatsapp else "",
        village.email,
        village.website,
    ]
    where = ", ".join(part for part in (village.address, village.postal_code) if part)
    return {
        "regency": f"Pemerintah {regency}".upper(),
        "district": f"Kecamatan {village.district_name}".upper(),
        "village": f"Desa {village.name}".upper(),
        "address": where,
        "contacts": " · ".join(contact for contact in contacts if contact),
    }


def _national(phone: str) -> str:
    from kentongan.lib import phones

    return phones.national(phone)


def signatures(village: Village, day: date) -> dict[str, Any]:
    """The two who sign: the head on the left, on the right the complaint officer or else the secretary, as of ``day``."""
    members = Membership.current(day).filter(village=village).select_related("user").order_by("id")
    by_role: dict[str, Membership] = {}
    for member in members:
        by_role.setdefault(member.role, member)
    head, desk = by_role.get(Role.HEAD), by_role.get(Role.OFFICER) or by_role.get(Role.SECRETARY)
    return {
        "left": {"above": "Mengetahui", "post": _post(head, "Kepala Desa"), "name": head.user.name if head else NO_NAME},
        "right": {
            "above": f"{village.name}, {words.long_date(day)}",
            "post": _post(desk, "Petugas Pengelola Pengaduan"),
            "name": desk.user.name if desk else NO_NAME,
        },
    }


def _post(member: Membership | None, usual: str) -> str:
    return member.post if member else usual
