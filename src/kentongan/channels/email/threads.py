"""Which complaint a letter belongs to: a signed mark in the address it came to, or the Message-ID of a letter of ours that it answers.

Neither can be guessed, and neither is enough: the sender must be a party to the complaint too. A register number in a
subject line is a hint for the officer, never more.
"""

import base64
import hashlib
import hmac
import re

from django.conf import settings
from django.db.models import QuerySet

from kentongan.channels.email.letter import Letter
from kentongan.channels.models import Mailbox, OutgoingMessage
from kentongan.complaints.models import Complaint
from kentongan.lib import letter_numbers
from kentongan.lib.tokens import new_token

_MARK = re.compile(r"\+k(\d{1,18})-([a-z2-7]{16})@")
_NUMBER = re.compile(r"\b(20\d\d)-(\d{4,6})\b")


def reply_address(mailbox: Mailbox, complaint: Complaint) -> str:
    """Where an answer finds its complaint by itself; the plain address where the provider knows no marks."""
    if not mailbox.plus:
        return mailbox.address
    local, _, domain = mailbox.address.rpartition("@")
    return f"{local}+k{complaint.pk}-{_signature(complaint.pk)}@{domain}"


def unmarked(address: str) -> str:
    """The address without what stands behind a plus: all of them are one mailbox."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def new_message_id(mailbox: Mailbox) -> str:
    """A Message-ID (RFC 5322 §3.6.4) of 128 random bits: whoever answers it has read the letter."""
    return f"<kentongan.{new_token()}@{mailbox.domain}>"


def complaint_of(letter: Letter, village_id: str) -> Complaint | None:
    """The complaint a letter answers, whoever wrote it; ``None`` when it answers none of this village's."""
    return _by_mark(letter, village_id) or _by_reference(letter, village_id)


def is_party(complaint: Complaint, sender: str) -> bool:
    """Whether the address is the complainant's, or one we wrote to about this complaint."""
    if not sender:
        return False
    if complaint.complainant and complaint.complainant.email == sender:
        return True
    return OutgoingMessage.objects.filter(complaint=complaint, address=sender, to__isnull=True).exists()


def reported(letter: Letter, village_id: str) -> Complaint | None:
    """The complaint whose letter a report of another mail server is about."""
    if letter.bounce is None:
        return None
    about = OutgoingMessage.objects.filter(village=village_id, message_id__in=letter.bounce.message_ids, complaint__isnull=False)
    found = about.exclude(message_id="").first()
    return found.complaint if found else None


def to_official(letter: Letter, village_id: str) -> bool:
    """Whether it answers or reports a letter to an official."""
    about = [*letter.references, *(letter.bounce.message_ids if letter.bounce else ())]
    ours = [reference for reference in about if reference.startswith("<kentongan.")]
    return bool(ours) and OutgoingMessage.objects.filter(village=village_id, message_id__in=ours, to__isnull=False).exists()


def foreign(folded: str, complaint: Complaint) -> str:
    """What is folded away and is no quotation of our own letters: words of somebody, which may speak of somebody."""
    ours = "\n".join(OutgoingMessage.objects.filter(complaint=complaint).exclude(address="").values_list("text", flat=True))
    known = {line.strip() for line in ours.splitlines()}
    lines = (line.strip().lstrip(">").strip() for line in folded.splitlines())
    return "\n".join(line for line in lines if line and line not in known)


def hinted(letter: Letter, village_id: str) -> Complaint | None:
    """The complaint whose number stands in the subject or the text."""
    match = _NUMBER.search(letter.subject) or _NUMBER.search(letter.text)
    if match is None:
        return None
    number = letter_numbers.register_number(int(match[1]), int(match[2]))
    return _known(village_id).filter(number=number).first()


def _known(village_id: str) -> QuerySet[Complaint]:
    return Complaint.for_system("letters that answer one").filter(village=village_id).select_related("complainant")


def _by_mark(letter: Letter, village_id: str) -> Complaint | None:
    for address in letter.recipients:
        match = _MARK.search(address)
        if match and hmac.compare_digest(match[2], _signature(int(match[1]))):
            return _known(village_id).filter(pk=int(match[1])).first()
    return None


def _by_reference(letter: Letter, village_id: str) -> Complaint | None:
    ours = [reference for reference in letter.references if reference.startswith("<kentongan.")]
    if not ours:
        return None
    sent = OutgoingMessage.objects.filter(village=village_id, message_id__in=ours, complaint__isnull=False)
    answered = {row.message_id: row.complaint_id for row in sent}
    newest = next((answered[reference] for reference in ours if reference in answered), None)
    return _known(village_id).filter(pk=newest).first() if newest else None


def _signature(pk: int) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), b"letter-mark" + str(pk).encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()
