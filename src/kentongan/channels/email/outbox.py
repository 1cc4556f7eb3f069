"""Which letter an event leads to, made ready to be sent. The words are filled in here, once: what is shown, sent and printed is the same."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats, timezone, translation

from kentongan.channels.email import threads, words
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage
from kentongan.complaints import clocks, deadlines, ratings, referrals
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Event, Referral
from kentongan.jobs import engine
from kentongan.lib import phones, tokens
from kentongan.village.models import Agency, Village

SEND = "kentongan.channels.email.tasks.send"
MOST_AN_HOUR = 8  # letters to one address that nobody wrote by hand
MOST_OF_ALL_AN_HOUR = 300  # the same, of one village
MOST_TO_OFFICIAL_AN_HOUR = 30  # the rest stands on the desk
ATTEMPTS = 60  # with the engine's pauses: more than two days of an office without a line
AMONG_OFFICES = frozenset({"assigned", "referred"})  # whose words are an instruction among offices
ASKED_AGAIN = timedelta(days=1)
BY_HAND = frozenset({"responded", "messaged", "asked", "deadline_extended", "declined", *words.TO_AGENCIES, *words.TO_INVITED})
RATE = "Seberapa puas Anda dengan jawaban ini? Pilih salah satu, atau balas surat ini dengan satu kata saja, misalnya: puas."
ASKED = "Agar dapat kami tangani, mohon balas surat ini dan tuliskan:\n{wanted}\n\nPaling lambat {until}."


def for_event(event: Event) -> OutgoingMessage | None:
    """The letter that tells the complainant, not yet saved; ``None`` when there is none to write, or no address to write to."""
    complaint = event.complaint
    person = complaint.complainant
    if event.kind not in words.DEFAULTS or person is None or not person.email:
        return None
    if event.kind == "asked" and event.by_id is None:  # the receipt asks already
        return None
    if words.DEFAULTS[event.kind].step and person.only_answers:
        return None
    mailbox = Mailbox.objects.filter(village=event.village_id, active=True).first()
    if mailbox is None:
        return None
    letter = letter_to(mailbox, person.email, event.kind, complaint.village, values_of(event))
    letter.event, letter.complaint = event, complaint
    return letter


def to_agency(event: Event) -> OutgoingMessage | None:
    """The letter to the agency a complaint was referred to, or that is asked again; ``None`` where it has no e-mail address."""
    kind = {"referred": "referral", "chased": "chase"}.get(event.kind)
    if kind is None:
        return None
    complaint = event.complaint
    referral = complaint.referrals.select_related("agency").filter(pk=event.data.get("referral", 0)).first()
    mailbox = Mailbox.objects.filter(village=event.village_id, active=True).first()
    if referral is None or mailbox is None or not referral.agency.email:
        return None
    address = referral.agency.email.lower()
    if complaint.complainant and complaint.complainant.email == address:  # one letter an event and address
        return None
    letter = letter_to(mailbox, address, kind, complaint.village, _of_referral(referral, event))
    letter.event, letter.complaint = event, complaint
    return letter


def still_referred(letter: OutgoingMessage) -> bool:
    """Whether the agency of a written letter still has the complaint: one withdrawn or taken back meanwhile goes nowhere."""
    asked = letter.event.data.get("referral", 0) if letter.event else 0
    referral = Referral.objects.select_related("complaint").filter(pk=asked).first()
    return referral is not None and referrals.is_open(referral)


def write_back(message: IncomingMessage, address: str) -> None:
    """Ask what it is about, one who wrote nothing that can be acted on: once a day, with the caller's transaction."""
    mailbox = Mailbox.objects.filter(village=message.village_id, active=True).first()
    asked = OutgoingMessage.objects.filter(address=address, kind="no_object", created_at__gt=timezone.now() - ASKED_AGAIN)
    if mailbox is None or not address or asked.exists():
        return
    letter = letter_to(mailbox, address, "no_object", message.village, of_village(message.village))
    letter.incoming = message
    letter.save()
    post(letter)


def post(letter: OutgoingMessage) -> None:
    """Put a saved letter that waits on its way, or hold it back, with the caller's transaction."""
    states = OutgoingMessage.State
    if letter.channel != "email" or letter.state != states.WAITING:
        return
    if letter.kind not in BY_HAND and (_too_many_to_official(letter) if letter.to_id else _too_many(letter)):
        OutgoingMessage.objects.filter(pk=letter.pk).update(state=states.HELD)
    else:
        _send(letter)


def _send(letter: OutgoingMessage) -> None:
    engine.put(SEND, [letter.pk], max_attempts=ATTEMPTS, unique_key=f"letter:{letter.pk}", run_after=_later(letter))


def put_off(letter: OutgoingMessage) -> bool:
    """Whether a letter whose turn has come must wait for the morning after all; its next turn is then in the queue.

    Under a key of its own: the job that asks still holds the other.
    """
    later = _later(letter)
    if later is None:
        return False
    engine.put(SEND, [letter.pk], max_attempts=ATTEMPTS, unique_key=f"letter:{letter.pk}:{later:%Y%m%d}", run_after=later)
    return True


def _later(letter: OutgoingMessage) -> datetime | None:
    from kentongan.channels.email import officials  # it writes its letters with this module

    return officials.awake(letter.village, timezone.now()) if letter.to_id else None


def again(letter: OutgoingMessage) -> bool:
    """Send a letter that did not go out, or not surely, once more; False when it is on its way or has arrived."""
    states = OutgoingMessage.State
    waiting = OutgoingMessage.objects.filter(pk=letter.pk, state__in=[states.FAILED, states.UNSURE, states.HELD, states.BOUNCED])
    if not waiting.update(state=states.WAITING, reason=""):
        return False
    _send(letter)
    return True


def letter_to(mailbox: Mailbox, address: str, kind: str, village: Village, values: dict[str, str]) -> OutgoingMessage:
    subject, body = words.of(village, kind)
    return OutgoingMessage(
        village=village,
        channel="email",
        address=address,
        kind=kind,
        subject=" ".join(words.filled(subject, values).split())[:200],
        text=words.filled(body, values),
        message_id=threads.new_message_id(mailbox),
        state=OutgoingMessage.State.WAITING,
    )


def _too_many(letter: OutgoingMessage) -> bool:
    """The brake: two machines that answer each other must run out of letters, not of hours (RFC 3834 §2)."""
    lately = _lately(letter).exclude(kind__in=BY_HAND | words.TO_OFFICIALS).exclude(address="")
    return (
        lately.filter(address=letter.address)[:MOST_AN_HOUR].count() >= MOST_AN_HOUR
        or lately.filter(village=letter.village_id)[:MOST_OF_ALL_AN_HOUR].count() >= MOST_OF_ALL_AN_HOUR
    )


def _too_many_to_official(letter: OutgoingMessage) -> bool:
    """The same for one who is told of what strangers send: neither they nor his own answering machine fill his mailbox."""
    lately = _lately(letter).filter(to=letter.to_id, kind__in=words.TO_OFFICIALS)
    return lately[:MOST_TO_OFFICIAL_AN_HOUR].count() >= MOST_TO_OFFICIAL_AN_HOUR


def _lately(letter: OutgoingMessage) -> QuerySet[OutgoingMessage]:
    """What was written before it within the hour and not held back."""
    before = OutgoingMessage.objects.filter(pk__lt=letter.pk, created_at__gt=timezone.now() - timedelta(hours=1)).order_by()
    return before.exclude(state=OutgoingMessage.State.HELD)


# --- what is filled in -------------------------------------------------------------------------------------------------


def values_of(event: Event) -> dict[str, str]:
    """What is filled in where a complainant is told of an event."""
    return _values(event.complaint) | _of_event(event)


def _values(complaint: Complaint) -> dict[str, str]:
    village = complaint.village
    code = tokens.spaced(complaint.code)
    return of_village(village) | {
        "nama": complaint.complainant.name if complaint.complainant and complaint.complainant.name else "Bapak/Ibu",
        "nomor": complaint.printed_number(village),
        "kode": code,
        "tautan": f"{village.site}{reverse('public:track')}#{code}" if village.site else "",
        "perihal": complaint.subject,
        "batas": _day(complaint.due_at, village),
        "penilaian": question(f"{village.site}{reverse('public:track')}" if village.site else "", code),
    }


def question(track: str, code: str) -> str:
    """How satisfied he is, with a link for each answer where the address of the tracking page is known.

    A link only chooses on the page that asks: opening it changes nothing.
    """
    links = [f"{words}: {track}?nilai={score}#{code}" for score, words in sorted(ratings.WORDS.items(), reverse=True)]
    return "\n".join([RATE, *(links if track else [])])


def of_village(village: Village) -> dict[str, str]:
    return {"nama": "Bapak/Ibu", "desa": village.name, "telepon": phones.national(village.phone) if village.phone else ""}


def _of_event(event: Event) -> dict[str, str]:
    data: dict[str, Any] = event.data
    values = {"isi": "" if event.kind in AMONG_OFFICES else str(data.get("text") or "")}
    if data.get("until"):
        values["batas"] = _day(datetime.fromisoformat(data["until"]), event.complaint.village)
    if data.get("planned_for"):
        values["isi"] += f"\n\nDirencanakan: {data['planned_for']}"
    if data.get("agency"):
        known = Agency.objects.filter(village=event.village_id, name=data["agency"]).first()
        lines = (known.name, known.address, known.phone) if known else (str(data["agency"]),)
        between = ", " if event.kind == "referred" else "\n"
        values["instansi"] = between.join(part for part in lines if part)
        if data.get("outside_number"):
            values["instansi"] += f" (nomor di sana: {data['outside_number']})"
    if event.kind == "received":
        complaint, village = event.complaint, event.complaint.village
        promised = deadlines.due(complaint.received_at, village.clock("verify"), clocks.calendar_of(village))
        values |= {"kurang": _wanted(complaint), "batas": _day(promised, village)}
    return values


def _of_referral(referral: Referral, event: Event) -> dict[str, str]:
    """What an agency is told: never the complainant's code, and of him only what he agreed to."""
    complaint, village = referral.complaint, event.complaint.village
    code = tokens.spaced(referrals.code_of(referral))
    return of_village(village) | {
        "instansi": referral.agency.name,
        "nomor": complaint.printed_number(village),
        "perihal": referrals.subject_for(referral),
        "isi": str(event.data.get("text") or ""),
        "surat": referral.letter_number,
        "pengadu": referrals.who(referral),
        "batas": _date(referral.due_on),
        "kode": code,
        "tautan": f"{village.site}{reverse('public:agency')}#{code}" if village.site else "",
    }


def _wanted(complaint: Complaint) -> str:
    """What the receipt asks for, where the message came without what the SOP requires."""
    if complaint.state != State.AWAITING_COMPLAINANT:
        return ""
    asked = complaint.events.filter(kind="asked", by__isnull=True).last()
    if asked is None:
        return ""
    until = _day(datetime.fromisoformat(asked.data["until"]), complaint.village)
    return ASKED.format(wanted=asked.data["text"], until=until)


def _day(moment: datetime | None, village: Village) -> str:
    """``Rabu, 25 November 2026`` on the village's calendar, whatever language the program is set to."""
    return _date(village.local(moment)) if moment else ""


def _date(day: date | None) -> str:
    if day is None:
        return ""
    with translation.override("id"):
        return formats.date_format(day, "l, j F Y")
