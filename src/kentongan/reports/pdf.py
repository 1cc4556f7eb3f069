"""From data to PDF: typst templates filled with JSON, never with pieces of typst code, so what people typed stays text.

The fonts come with the product (typst's own Libertinus; emoji, Javanese and Arabic letters from ``fonts/``); the machine's are never looked at,
so the same data gives the same bytes everywhere.
"""

import base64
import contextlib
import json
import logging
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kentongan.lib import phones
from kentongan.reports import overrides, typesetter, words
from kentongan.village.models import Arms, Membership, Village
from kentongan.village.roles import Role

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
FONTS = HERE / "fonts"
SECONDS = 120  # a book of 2,000 rows takes about ten
ARCHIVAL, ACCESSIBLE = "a-2b", "ua-1"  # as typst calls them
# A template may name a package of the world: it is not fetched.
NO_NETWORK = dict.fromkeys(
    ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), "http://127.0.0.1:9"
)
NO_NETWORK |= {"NO_PROXY": "", "no_proxy": ""}
log = logging.getLogger(__name__)
NO_NAME = "(..............................)"


class CannotPrint(RuntimeError):
    """The paper could not be made: the template is at fault, or the machine had no memory or time. Data cannot be."""


def render(template: str, data: dict[str, Any], *, tagged: bool = True, kept_at: datetime | None = None) -> bytes:
    """The PDF of ``templates/<template>.typ`` filled with ``data`` (JSON). Same data, same bytes.

    ``tagged``: with the structure screen readers use, as PDF/UA-1; costs half the time again. ``kept_at``: when a paper is made that is
    kept for good, as PDF/A-2b besides (ISO 19005-2). Where a standard cannot be met (letters none of our fonts has), the paper is
    made without it and claims nothing. Raises ``CannotPrint``.
    """
    standards = [name for name, wanted in ((ARCHIVAL, kept_at), (ACCESSIBLE, tagged)) if wanted]
    made = int(kept_at.timestamp()) if kept_at else None
    return _typeset(template, data, format="pdf", tagged=tagged, standards=standards, made=made)


def picture(template: str, data: dict[str, Any], ppi: float = 144) -> bytes:
    """The same paper, of one page, as a PNG picture. Raises ``CannotPrint``."""
    return _typeset(template, data, format="png", ppi=ppi)


def trouble(template: str, data: dict[str, Any], seconds: int = 10) -> str:
    """Why the village's own template cannot be printed with ``data`` (an invented complaint), in the compiler's words; empty when it can."""
    try:
        _compiled(template, data, own=True, seconds=seconds, format="pdf", tagged=True, standards=[], made=None)
    except CannotPrint as error:
        return str(error)
    return ""


def _typeset(template: str, data: dict[str, Any], **how: Any) -> bytes:
    """By the village's own template where it has one and it works, else by ours. What the compiler says of real data is written nowhere."""
    if overrides.exists(template):
        try:
            return _compiled(template, data, own=True, seconds=overrides.SECONDS, **how)
        except CannotPrint:
            log.warning("papers/%s.typ cannot be printed; the paper is printed with the usual template", template)
    return _compiled(template, data, own=False, seconds=SECONDS, **how)


def _compiled(template: str, data: dict[str, Any], *, own: bool, seconds: int, **how: Any) -> bytes:
    """By the process kept warm, or one of its own: a template that is not ours always gets its own, with bounds."""
    folders = [str(TEMPLATES), *([str(overrides.folder())] if own else [])]
    order = json.dumps(
        {"template": template, "folders": folders, "fonts": str(FONTS), "data": data, "memory": own, **how}
    ).encode()
    try:
        if not own:
            with contextlib.suppress(typesetter.Unfit):
                return typesetter.paper(order, seconds)
        return _alone(order, seconds)
    except typesetter.Refused as error:
        raise CannotPrint(str(error).strip()[-2000:]) from None
    except TimeoutError:
        raise CannotPrint(f"{template}: more than {seconds} seconds") from None


def _alone(order: bytes, seconds: int) -> bytes:
    """In a process of its own, whose memory ends with the paper. Raises like ``typesetter.paper``."""
    command = [sys.executable, "-I", str(typesetter.SCRIPT)]
    environment = os.environ | NO_NETWORK
    try:
        done = subprocess.run(command, input=order, capture_output=True, timeout=seconds, check=True, env=environment)
    except subprocess.CalledProcessError as error:
        raise typesetter.Refused(error.stderr.decode(errors="replace")) from None
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return done.stdout


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
        "arms": _arms(village),
    }


def _arms(village: Village) -> str:
    """The picture for the letterhead in base64, as data travels; ``typeset.py`` lays it beside the templates."""
    row = Arms.objects.filter(village=village).first()
    return base64.b64encode(row.picture).decode() if row else ""


def _national(phone: str) -> str:
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
    return member.title if member else usual
