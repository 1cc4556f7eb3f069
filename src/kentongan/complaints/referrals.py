"""What goes to an agency and what stays here, and the link by which it answers.

The link is derived from the installation's secret and the day it ends; the table holds a digest. A new day makes a new link
and the old one useless.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Attachment, Complaint, Referral
from kentongan.lib import masking, tokens
from kentongan.village.models import Agency, Village

CLOCK_WAITS = "referral_waits"  # among the village's clocks: 1, its clock waits while an agency has it; 0, it runs on
LAPOR = "lapor!"  # in the name of the agency, in small letters; LaporGub is another
LINK_HOLDS = timedelta(days=60)


def is_lapor(agency: Agency) -> bool:
    """Whether it is SP4N-LAPOR!, where the officer enters the matter himself and gets a ticket."""
    return LAPOR in agency.name.lower()


def clock_waits(village: Village) -> bool:
    """Whether the village's clock stands still while an agency has the complaint."""
    return bool(village.clocks.get(CLOCK_WAITS, 1))


# --- the link ----------------------------------------------------------------------------------------------------------


def open_link(referral: Referral, now: datetime) -> None:
    """Give a saved referral a link that holds for sixty days; one given before opens nothing any more. Saves nothing."""
    referral.token_until = now + LINK_HOLDS
    referral.token_digest = tokens.code_digest(settings.SECRET_KEY, code_of(referral))


def code_of(referral: Referral) -> str:
    """The code of the link (26 characters); "" while there is none."""
    if referral.token_until is None:
        return ""
    return tokens.long_code(settings.SECRET_KEY, f"referral {referral.pk} {referral.token_until.timestamp():.3f}")


def by_code(typed: str, village: Village) -> Referral | None:
    """The referral whose code was typed and which still waits for its answer."""
    digest = tokens.code_digest(settings.SECRET_KEY, tokens.clean_code(typed, tokens.LONG_LENGTH))
    found = _of(village).filter(token_digest=digest).first()
    return found if found and is_open(found) else None


def by_digest(digest: str, village: Village) -> Referral | None:
    """The referral a reader's pass names, whether or not it still waits."""
    try:
        return _of(village).filter(token_digest=bytes.fromhex(digest)).first() if digest else None
    except ValueError:
        return None


def is_open(referral: Referral) -> bool:
    """Whether its link still takes an answer."""
    holds = referral.token_until is not None and referral.token_until > timezone.now()
    waits = holds and referral.answered_at is None and referral.complaint.state == State.REFERRED
    return waits and not referral.complaint.referrals.filter(pk__gt=referral.pk).exists()  # it was sent elsewhere since


def _of(village: Village) -> QuerySet[Referral]:
    return Referral.objects.filter(village=village).select_related("agency", "complaint__complainant", "complaint__hamlet")


def latest() -> QuerySet[Referral]:
    """Of each complaint the referral that counts: an earlier one was taken back, even when it was never answered."""
    return Referral.objects.filter(~Exists(Referral.objects.filter(complaint=OuterRef("complaint"), pk__gt=OuterRef("pk"))))


def waiting_for(complaint: Complaint, sender: str = "") -> Referral | None:
    """The referral that waits for an answer: the latest; with ``sender`` the latest to the agency with this address."""
    rows = complaint.referrals.select_related("agency")
    if sender:
        return rows.filter(answered_at__isnull=True, agency__email__iexact=sender).last()
    last = rows.last()
    return last if last and last.answered_at is None else None


# --- what goes and what stays ----------------------------------------------------------------------------------------------


def may_name(complaint: Complaint) -> bool:
    """Whether there is a name that may go along, if the complainant agrees."""
    return complaint.complainant_id is not None and not complaint.identity_hidden


def names(referral: Referral) -> bool:
    """Whether this agency learns who complains."""
    return referral.with_identity and may_name(referral.complaint)


def who(referral: Referral) -> str:
    """Who complains, or that this is not passed on, as letters to the agency say it."""
    person = referral.complaint.complainant
    if person is None:
        return "Pengadu tidak menyebut identitasnya."
    if not names(referral):
        return "Identitas pengadu tidak kami sertakan."
    known = ", ".join(part for part in (person.name, person.address_line, person.phone_shown) if part)
    return f"Pengadu: {known} (disertakan atas persetujuan pengadu)."


def subject_for(referral: Referral) -> str:
    """The subject, as the agency reads it."""
    return _as_read(referral, referral.complaint.subject)


def text_for(referral: Referral) -> str:
    """What was said, as the agency reads it."""
    return _as_read(referral, referral.complaint.text)


def place_for(referral: Referral) -> str:
    """Where it is, as the agency reads it: people write "in front of my house, Karto"."""
    return _as_read(referral, referral.complaint.place_line)


def when_for(referral: Referral) -> str:
    """Since when, as the agency reads it."""
    return _as_read(referral, referral.complaint.happened)


def _as_read(referral: Referral, text: str) -> str:
    return text if names(referral) else withheld(text, referral.complaint)


def withheld(text: str, complaint: Complaint) -> str:
    """Words without the complainant's name, address and numbers, and without any telephone number, NIK or e-mail address at all.

    What the machine cannot know stays: relatives, nicknames, riddles. The officer reads it before it goes.
    """
    person, village = complaint.complainant, complaint.village
    return masking.masked(
        text,
        names=(*((person.name,) if person else ()), complaint.represents),
        addresses=(person.address,) if person else (),
        kept=(village.name, village.district_name, village.regency_name, complaint.hamlet.name if complaint.hamlet else ""),
    )


def tells_who(text: str, complaint: Complaint) -> bool:
    """Whether words meant for an agency name the complainant outright."""
    person = complaint.complainant
    return person is not None and masking.holds(text, name=person.name, phone=person.phone, email=person.email)


def files_for(referral: Referral) -> QuerySet[Attachment]:
    """The files that go along: those that were there when the officer said so, and are not internal."""
    if not referral.with_files:
        return Attachment.objects.none()
    return referral.complaint.attachments.filter(internal=False, at__lte=referral.at)


def neutral_name(row: Attachment, n: int) -> str:
    """``lampiran-2.jpg``: people call files by their own name."""
    return f"lampiran-{n}.{str(row.file).rpartition('.')[2]}"
