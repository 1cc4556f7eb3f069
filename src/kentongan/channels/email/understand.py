"""From a stored letter to what becomes of it: a complaint, part of one, something for the officer, or nothing at all.

Each letter gets exactly one of these, in one transaction with what follows from it; killed in the middle, it is new again.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import PurePath

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Length
from django.utils import timezone

from kentongan.channels import identity, intake
from kentongan.channels.base import Contact, Details, Incoming
from kentongan.channels.email import invitations, outbox, returned, threads
from kentongan.channels.email.letter import File, Letter, read
from kentongan.channels.models import IncomingMessage, Mailbox, RawLetter
from kentongan.complaints import actions, ratings, referrals
from kentongan.complaints.actions import NewFile
from kentongan.complaints.lifecycle import ENDED, STEPS, NotAllowed, State
from kentongan.complaints.models import Complainant, Complaint
from kentongan.lib import files
from kentongan.lib import text as texts
from kentongan.village.models import Village

log = logging.getLogger(__name__)
states, reasons = IncomingMessage.State, IncomingMessage.Reason

MOST_TRIED = 20  # attachments looked at; a picture that is none may take its time to say so
BATCH_LETTERS = 50
BATCH_BYTES = 6 * 1024 * 1024  # a letter larger than that is a batch of its own
_REPLY = re.compile(r"^\s*(?:(?:re|fw|fwd|bls|balas|trs|terusan)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
# Words with which people say that an answer did not settle it; without one, a letter after the answer is kept beside it.
_OBJECTS = re.compile(
    r"\b(?:belum|blm|tidak|tdk|nggak|enggak|gak|masih|malah|keberatan|kecewa|salah|bohong|ora|durung|urung|kok|bukan)\b",
    re.IGNORECASE,
)
_HIDES = re.compile(
    r"\b(?:rahasia(?:kan)?|anonim|jangan (?:di)?sebut(?:kan)? nama|tanpa nama)\b", re.IGNORECASE
)  # asks not to be known
_STOPS = frozenset({"berhenti", "unsubscribe", "stop"})
ASKED = {"name": "nama lengkap", "address": "alamat Anda (dusun, RT, RW)", "phone": "nomor HP yang bisa dihubungi"}
_TROUBLES = {"encrypted": reasons.ENCRYPTED, "parts": reasons.BROKEN, "broken": reasons.BROKEN}


@dataclass(frozen=True)
class Desk:
    """Whose letter it is: read once for many letters."""

    village: Village
    mailbox: Mailbox | None


def pending(limit: int = 500) -> int:
    """Understand up to ``limit`` letters that are new, oldest first; returns how many."""
    new = IncomingMessage.objects.filter(state=states.NEW).order_by("pk")
    sizes = list(new.annotate(size=Length("raw__content")).values_list("pk", "size")[:limit])
    desks: dict[str, Desk] = {}
    done = 0
    for keys in _batches(sizes):
        for message in IncomingMessage.objects.filter(pk__in=keys).select_related("raw").order_by("pk"):
            if message.village_id not in desks:
                mailbox = Mailbox.objects.filter(village=message.village_id).first()
                desks[message.village_id] = Desk(Village.objects.get(pk=message.village_id), mailbox)
            done += one(message, desks[message.village_id])
    return done


def _batches(sizes: list[tuple[int, int]]) -> Iterator[list[int]]:
    """So many letters at a time as may be held in memory."""
    batch: list[int] = []
    held = 0
    for pk, size in sizes:
        if batch and (len(batch) == BATCH_LETTERS or held + size > BATCH_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(pk)
        held += size
    if batch:
        yield batch


def one(message: IncomingMessage, desk: Desk) -> bool:
    """Understand one letter; False when somebody else did. A letter that cannot be understood waits for the officer.

    It is read, and its files are painted anew, before anything is locked: both take their time with a hostile one.
    """
    try:
        letter = read(bytes(message.raw.content), receiver=desk.mailbox.receiver if desk.mailbox else "")
        kept, refused = cleaned(() if letter.automatic else letter.files)
        with transaction.atomic():
            if not _held(message):
                return False
            _write_down(message, letter, refused)
            _settle(message, letter, kept, desk)
    except (OperationalError, InterfaceError):
        raise  # the database's trouble is not the letter's
    except Exception as error:  # noqa: BLE001 - one letter must not stop the others
        log.error("Letter %s could not be understood (%s); it waits for the officer", message.pk, type(error).__name__)
        broken = IncomingMessage.objects.filter(pk=message.pk, state=states.NEW)
        broken.update(state=states.QUARANTINED, reason=reasons.BROKEN)
    return True


def _held(message: IncomingMessage) -> bool:
    """Lock the letter for this transaction; False when it is new no more."""
    return bool(IncomingMessage.objects.filter(pk=message.pk, state=states.NEW).update(state=states.NEW))


def _write_down(message: IncomingMessage, letter: Letter, refused: list[str]) -> None:
    """What the receiving server thinks of the sender, and which attachments only the letter itself holds."""
    trust = vars(letter.trust) if any(vars(letter.trust).values()) else {}
    if trust or refused:
        RawLetter.objects.filter(pk=message.pk).update(trust=trust, refused=refused)


def _settle(message: IncomingMessage, letter: Letter, kept: tuple[NewFile, ...], desk: Desk) -> None:
    if letter.bounce:
        returned.take(letter.bounce, message.village_id)
    complaint = threads.complaint_of(letter, message.village_id)
    if letter.reply:
        _answered(message, letter, complaint, desk)
    elif letter.automatic or (desk.mailbox and threads.unmarked(letter.sender) == threads.unmarked(desk.mailbox.address.lower())):
        _pass_over(message, letter, complaint, desk)
    elif complaint is None or letter.trouble or not threads.is_party(complaint, letter.sender):
        _enter(message, letter, kept, desk, complaint or threads.hinted(letter, message.village_id))
    elif _stops(complaint, letter):
        _over(message, states.AUTOMATIC, complaint)
    else:
        _join(message, complaint, letter, kept, desk)


def _pass_over(message: IncomingMessage, letter: Letter, complaint: Complaint | None, desk: Desk) -> None:
    """A machine wrote it: it moves nothing and gets no answer. It stays in sight, behind the wall of the complaint it answers."""
    about = complaint or threads.reported(letter, message.village_id)
    if about is None and threads.to_official(letter, message.village_id):
        _over(message, states.DISCARDED)  # it may quote another's list of the morning: whoever reads the inbox need not see it
        return
    if about is None and intake.about_its_reader(letter.text, desk.village):
        _enter(message, letter, (), desk, None)
        return
    if about is None:
        _tell_of(message, letter)
    _over(message, states.AUTOMATIC, about)


def _answered(message: IncomingMessage, letter: Letter, complaint: Complaint | None, desk: Desk) -> None:
    """A calendar program says who comes to a meeting: written down there, and nothing else follows. It never is a complaint.

    One that belongs nowhere stays among the machines' letters; out of sight when it speaks of who reads them.
    """
    forged = letter.trust.dmarc == "fail"
    meeting = None if forged or letter.reply is None else invitations.answered(letter.reply, letter.sender, desk.village)
    about = meeting.complaints.order_by("pk").first() if meeting else complaint
    if about is None and intake.about_its_reader(f"{letter.subject}\n{letter.text}", desk.village):
        _over(message, states.DISCARDED)
        return
    if about is None:
        _tell_of(message, letter)
    _over(message, states.AUTOMATIC, about)


def _tell_of(message: IncomingMessage, letter: Letter) -> None:
    message.text = texts.one_line(f"{letter.subject} {letter.text}", 500)
    message.sender = asdict(Contact(name=letter.sender_name, email=letter.sender))


def _over(message: IncomingMessage, state: str, complaint: Complaint | None = None) -> None:
    message.state, message.complaint = state, complaint
    message.save(update_fields=["state", "complaint", "text", "sender"])


def _stops(complaint: Complaint, letter: Letter) -> bool:
    """Whether the complainant wants no more letters about each step (List-Unsubscribe, RFC 2369)."""
    if letter.subject.strip().lower() not in _STOPS or letter.text or complaint.complainant is None:
        return False
    Complainant.objects.filter(village=complaint.village_id, email=letter.sender).update(only_answers=True)
    return True


# --- a letter that belongs to a complaint ------------------------------------------------------------------------------


def _join(message: IncomingMessage, complaint: Complaint, letter: Letter, kept: tuple[NewFile, ...], desk: Desk) -> None:
    """What the complainant wrote goes to his complaint, as the step that its state allows; else the officer decides."""
    try:
        with transaction.atomic():
            _step(complaint, letter, kept)
    except NotAllowed:
        _enter(message, letter, kept, desk, complaint)
        return
    actions.mention_text(complaint, threads.foreign(letter.folded, complaint))
    _over(message, states.JOINED, complaint)


def _step(complaint: Complaint, letter: Letter, kept: tuple[NewFile, ...]) -> None:
    text, via = letter.text, "email"
    if _rated(complaint, letter, kept):
        return
    if complaint.state in ENDED:
        raise NotAllowed("add", complaint.state)
    if _of_agency(complaint, letter.sender):
        referral = referrals.waiting_for(complaint, letter.sender)
        if referral is None:
            raise NotAllowed("record_referral_answer", complaint.state)
        said = text or letter.subject
        actions.record_referral_answer(complaint, text=said, files=kept, referral=referral, by=None, via=via)
    elif complaint.state == State.AWAITING_COMPLAINANT:
        actions.complete(complaint, text=text, files=kept, identity=_completed(complaint, text), by=None, via=via)
    elif complaint.state == State.RESPONDED and _OBJECTS.search(text):
        actions.appeal(complaint, text=text, files=kept, by=None, via=via)
    elif text or not kept:
        actions.add(complaint, text=text or letter.subject, files=kept, by=None, via=via)
    else:
        actions.attach(complaint, files=kept, by=None, via=via)


def _rated(complaint: Complaint, letter: Letter, kept: tuple[NewFile, ...]) -> bool:
    """Whether the letter is nothing but the complainant's judgement of the answer, which is then taken.

    "Tidak puas" also opens it again while that is possible: who writes two words must not lose what three would have done.
    """
    score = None if kept else ratings.scored(letter.text)
    own = complaint.complainant is not None and complaint.complainant.email == letter.sender
    if score is None or not own or complaint.state not in STEPS["rate"].sources:
        return False
    actions.rate(complaint, score=score, by=None, via="email")
    in_time = complaint.due_at is None or complaint.due_at >= timezone.now()
    if complaint.state == State.RESPONDED and in_time and _OBJECTS.search(letter.text):
        actions.appeal(complaint, text=letter.text, by=None, via="email")
    return True


def _of_agency(complaint: Complaint, sender: str) -> bool:
    """Whether the letter comes from an agency the complaint was referred to, and not from the complainant."""
    if complaint.complainant and complaint.complainant.email == sender:
        return False
    return complaint.referrals.filter(agency__email__iexact=sender).exists()


def _completed(complaint: Complaint, text: str) -> Complainant | None:
    """The complainant with what he now says of himself, as a new row; ``None`` when he says nothing new."""
    known = complaint.complainant
    if known is None:
        return None
    before = Contact(known.name, known.phone, known.address, known.hamlet_id, known.rw, known.rt, email=known.email)
    now = identity.read(text, before, complaint.village_id, asked=True)
    if now == before:
        return None
    said = {name: value for name, value in vars(now).items() if name != "known"}
    return Complainant(village_id=complaint.village_id, only_answers=known.only_answers, **said)


# --- a letter of its own -----------------------------------------------------------------------------------------------


def _enter(message: IncomingMessage, letter: Letter, kept: tuple[NewFile, ...], desk: Desk, hint: Complaint | None) -> None:
    """A new complaint, or something for the officer to judge; the complainant is asked for what is missing, once."""
    said = f"{letter.text}\n{letter.folded}"
    sender = Contact(name=letter.sender_name or letter.sender[:100] * letter.quiet, email="" if letter.quiet else letter.sender)
    incoming = Incoming(
        channel="email",
        external_id=message.external_id,
        sender=identity.read(said, sender, message.village_id),
        text=_said(letter),
        received_at=min(message.received_at, timezone.now()),
        details=Details(subject=_subject(letter), identity_hidden=bool(_HIDES.search(letter.text))),
        attachments=kept,
    )
    intake.admit(message, incoming, village=desk.village, doubt=_doubt(letter, desk.mailbox, hint), hint=hint)
    if message.complaint:
        actions.mention_text(message.complaint, letter.folded)
    if letter.quiet or letter.trust.dmarc == "fail":
        return
    if message.complaint:
        _ask(message.complaint, identity.missing(incoming.sender))
    elif message.reason == reasons.NO_OBJECT:
        outbox.write_back(message, letter.sender)


def _doubt(letter: Letter, mailbox: Mailbox | None, hint: Complaint | None) -> str:
    """Why a person must look at it first; empty for a letter that may go straight into the book."""
    if letter.trouble:
        return _TROUBLES[letter.trouble]
    if hint is not None and not threads.is_party(hint, letter.sender):
        return reasons.STRANGER
    if hint is not None:
        return reasons.ENDED if hint.state in ENDED else reasons.LETTER
    if letter.trust.dmarc == "fail":
        return reasons.FORGED
    if letter.quiet:
        return reasons.NO_REPLY
    return reasons.LETTER if mailbox and mailbox.intake == Mailbox.Intake.INBOX else ""


def _ask(complaint: Complaint, missing: list[str]) -> None:
    if missing:
        wanted = "\n".join(f"- {ASKED[key]}" for key in missing)
        actions.ask(complaint, text=wanted, by=None, system=True)


def _subject(letter: Letter) -> str:
    return texts.one_line(_REPLY.sub("", letter.subject), 80)


def _said(letter: Letter) -> str:
    """The text; with the subject before it when only the subject says what it is about."""
    subject = _REPLY.sub("", letter.subject).strip()
    if subject and not texts.has_object(letter.text):
        return f"{subject}\n\n{letter.text}".strip()
    return letter.text


def cleaned(attached: tuple[File, ...]) -> tuple[tuple[NewFile, ...], list[str]]:
    """The files fit to be kept, by the rules of uploads, with the ending of what they are; of the others the names, since the letter holds them."""
    kept: list[NewFile] = []
    refused: list[str] = []
    for number, file in enumerate(attached):
        try:
            if len(kept) == files.MAX_FILES or number >= MOST_TRIED:
                raise files.Refused("many")
            fit = files.cleaned(file.content)
            kept.append(NewFile(f"{PurePath(file.name).stem[:100] or 'lampiran'}.{fit.extension}", fit))
        except files.Refused:
            refused.append(file.name[:120] or "lampiran")
    return tuple(kept), refused
