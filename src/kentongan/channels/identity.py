"""Who writes, read from a message in plain words: telephone, place of living, name. What is not sure is left open."""

import re
from dataclasses import replace

from django.core.cache import cache

from kentongan.channels.base import Contact
from kentongan.lib import phones
from kentongan.village.models import Hamlet

SECONDS_KEPT = 60
_PHONE = re.compile(r"(?<![\w+])(?:\+?62|0)[\d\s().-]{7,17}\d(?!\w)")
_RT_RW = re.compile(r"\bRT\.?\s{0,5}0{0,3}(\d{1,3})[\s/,.]{1,10}(?:RW\.?\s{0,5})?0{0,3}(\d{1,3})\b", re.IGNORECASE)
_RT = re.compile(r"\bRT\.?\s{0,5}0{0,3}(\d{1,3})\b", re.IGNORECASE)
_HAMLET = re.compile(r"\b(?:dusun|dukuh|grumbul|dsn\.?)\s{1,5}([^\s][^\n]{1,60})", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:dusun|dukuh|grumbul|dsn\.?)\s{1,5}[\w ]{1,60}", re.IGNORECASE)
_SAID = re.compile(
    r"^[ \t]{0,9}(nama|alamat)(?: lengkap| saya)?[ \t]{0,9}[:=][ \t]{0,9}(\S.{2,199})$", re.IGNORECASE | re.MULTILINE
)
_OF_ONESELF = re.compile(r"\b(?:alamat|tinggal|warga|rumah saya|domisili)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[\n.]")
_THEN = re.compile(r"[\s,;]{0,5}(?:no\.?\s{0,3})?\b(?:hp|telp|telepon|wa|alamat)\b.*$", re.IGNORECASE)


def read(text: str, sender: Contact, village_id: str, *, asked: bool = False) -> Contact:
    """``sender`` with what the text says of him beyond what is known.

    A place counts as his home when he says so, or when he was ``asked`` for it: else it may be where the road is broken.
    """
    said = {key.lower(): value.strip() for key, value in _SAID.findall(text)}
    name = _THEN.sub("", said.get("nama", ""))[:100]
    found = replace(
        sender,
        name=name or sender.name,
        phone=sender.phone or phone_in(text),
        address=sender.address or said.get("alamat", ""),
    )
    if found.hamlet_id or found.rt:
        return found
    own = text if asked else "\n".join(part for part in _SENTENCE.split(text) if _OF_ONESELF.search(part))
    return _placed(own, found, village_id)


def phone_in(text: str) -> str:
    """The first telephone number, as E.164; empty when there is none."""
    for match in _PHONE.finditer(text):
        try:
            return phones.normalise(match[0])
        except phones.NotAPhone:
            continue
    return ""


def missing(contact: Contact) -> list[str]:
    """Which of the SOP's three elements of an identity are not there: "name", "address", "phone"."""
    lives = contact.address or contact.rt or contact.hamlet_id
    return [key for key, there in (("name", contact.name), ("address", lives), ("phone", contact.phone)) if not there]


def _placed(text: str, contact: Contact, village_id: str) -> Contact:
    both, one = _RT_RW.search(text), _RT.search(text)
    rt = (both[1] if both else one[1] if one else "").zfill(3) if both or one else ""
    rw = both[2].zfill(3) if both else ""
    hamlet = _hamlet(text, village_id)
    if not (rt or hamlet):
        return contact
    street = _RT.sub("", _RT_RW.sub("", _NAMED.sub("", contact.address) if hamlet else contact.address))
    known = len(re.findall(r"[^\W\d_]", street)) < 3  # the line said no more than what is now told apart
    return replace(contact, hamlet_id=hamlet, rt=rt, rw=rw, address="" if known else contact.address)


def _hamlet(text: str, village_id: str) -> int | None:
    """The one hamlet named after the word *dusun*, *dukuh* or *grumbul*."""
    said = [rest.casefold() for rest in _HAMLET.findall(text)]
    if not said:
        return None
    found = {pk for pk, name in _hamlets(village_id) if any(re.match(rf"{re.escape(name.casefold())}\b", rest) for rest in said)}
    return found.pop() if len(found) == 1 else None


def _hamlets(village_id: str) -> list[tuple[int, str]]:
    key = f"hamlet-names:{village_id}"
    kept: list[tuple[int, str]] | None = cache.get(key)
    if kept is None:
        kept = list(Hamlet.objects.filter(village=village_id).values_list("pk", "name"))
        cache.set(key, kept, SECONDS_KEPT)
    return kept
