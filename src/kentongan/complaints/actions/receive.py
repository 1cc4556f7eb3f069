"""Receiving: from what was said to a numbered entry of the book, in one short transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from kentongan.complaints import clocks, mentions, search
from kentongan.complaints.actions._act import NewFile, adopt, write_event
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complainant, Complaint, ShutOut
from kentongan.complaints.rollup import recount
from kentongan.lib import clock, letter_numbers, rows, tokens
from kentongan.lib.text import one_line
from kentongan.village.models import User, Village
from kentongan.village.roles import Role


@dataclass(frozen=True)
class Entry:
    """What goes into the book. Shapes are checked by whoever builds it; ``text`` is kept verbatim."""

    text: str
    channel: str
    received_at: datetime
    complainant: Complainant | None = None  # None: nobody knows who; an unsaved one is saved with the entry
    subject: str = ""
    represents: str = ""
    identity_hidden: bool = False
    confidential: bool = False
    happened: str = ""
    who: str = ""
    wish: str = ""
    place: str = ""
    hamlet_id: int | None = None
    rw: str = ""
    rt: str = ""
    named: tuple[int, ...] = ()  # users the complainant names
    outside_number: str = ""
    split_from: Complaint | None = None


def receive(
    entry: Entry, *, village: Village, by: User | None, files: tuple[NewFile, ...] = (), form_token: str = ""
) -> Complaint:
    """Enter a complaint in the book: number, public code, verification clock, event. ``by=None``: sent by the resident himself.
    Files already staged under ``form_token`` become its own.

    People whom the entry names, or whose post the text speaks of, are shut out from the first moment.
    """
    with transaction.atomic(savepoint=False):
        now = clock.now()
        if entry.complainant and entry.complainant.pk is None:
            rows.insert(entry.complainant)
        complaint = _row(entry, village, by, now)
        clocks.start(complaint, village, "verify")
        complaint.serial = _next_number(village, complaint.year)
        complaint.number = letter_numbers.register_number(complaint.year, complaint.serial)
        rows.insert(complaint)
        _shut_out(complaint, entry)
        recount(complaint, None)
        search.index(complaint)
        event = write_event(complaint, "received", now, by=by, label=complaint.received_by, via=entry.channel, files=files)
        adopt(form_token, complaint, event)
    return complaint


def _row(entry: Entry, village: Village, by: User | None, now: datetime) -> Complaint:
    salt = tokens.new_salt()
    code = tokens.public_code(settings.SECRET_KEY, salt)
    return Complaint(
        village=village,
        year=village.local(now).year,
        code_salt=salt,
        code_digest=tokens.code_digest(settings.SECRET_KEY, code),
        state=State.RECEIVED,
        channel=entry.channel,
        complainant=entry.complainant,
        represents=entry.represents,
        identity_hidden=entry.identity_hidden,
        confidential=entry.confidential,
        subject=entry.subject or one_line(entry.text, 80),
        text=entry.text,
        happened=entry.happened,
        who=entry.who,
        wish=entry.wish,
        place=entry.place,
        hamlet_id=entry.hamlet_id,
        rw=entry.rw,
        rt=entry.rt,
        outside_number=entry.outside_number,
        split_from=entry.split_from,
        received_at=min(entry.received_at, now),
        clock_from=min(entry.received_at, now),
        received_by=by.standing.label if by else "",
        updated_at=now,
    )


def _next_number(village: Village, year: int) -> int:
    """The next number of the year. The row stays locked to the end of the transaction: no gap, no number twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO complaints_register (village_id, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (village_id, year) DO UPDATE SET last = complaints_register.last + 1 RETURNING last",
            [village.pk, year],
        )
        return int(cursor.fetchone()[0])


def _shut_out(complaint: Complaint, entry: Entry) -> None:
    """Shut out whom the entry names or speaks of, as long as somebody is left who can take it up."""
    officials = mentions.people(complaint.village_id)
    named = {person.user_id for person in officials if person.user_id in entry.named}
    everyone = {person.user_id for person in officials}
    if everyone and not everyone - named:  # about all of them: the council takes it up, or where there is none nobody is shut out
        named -= {person.user_id for person in officials if person.role == Role.COUNCIL} or everyone
    spoken_of = mentions.spoken_of(mentions.everything_said(entry.text, entry), officials) - named
    if everyone and not everyone - named - spoken_of:
        spoken_of = set()
    why = {**dict.fromkeys(named, ShutOut.Why.NAMED), **dict.fromkeys(spoken_of, ShutOut.Why.MENTIONED)}
    if why:
        people = [
            ShutOut(village_id=complaint.village_id, complaint=complaint, user_id=user, why=reason)
            for user, reason in sorted(why.items())
        ]
        ShutOut.objects.bulk_create(people)
