"""Numbers of letters: given once, kept in the event with who signs; cancelled with a reason, and never given again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from kentongan.complaints import access, letters, papers
from kentongan.complaints.actions._act import Act, acting
from kentongan.complaints.actions.meetings import LATER, together
from kentongan.complaints.lifecycle import NotAllowed, NotYours
from kentongan.complaints.models import Complaint, LetterNumber, Meeting, SentReport
from kentongan.lib import clock
from kentongan.village.models import LetterRule, User
from kentongan.village.roles import Role


def number_letter(complaint: Complaint, *, letter: str, by: User) -> Complaint:
    """Give the letter (``papers.ANSWER``, ``papers.COMPLETION``, ``papers.REFERRAL``) its number, and keep who signs it.

    Raises ``NotAllowed`` when there is no such letter to write now, or it has its number.
    """
    with acting(complaint, "number_letter", by=by) as act:
        said = _number_referral(act) if letter == papers.REFERRAL else _number_letter(act, letter)
        act.record("letter_numbered", letter=letter, **said)
    return act.complaint


def _number_letter(act: Act, letter: str) -> dict[str, Any]:
    found = papers.letter_of(act.complaint, letter)
    if found is None or found.number:
        raise NotAllowed("number_letter", act.complaint.state)
    signs = papers.signer(act.circle, to_complainant=True, rule=LetterRule.of(act.village, letter))
    number = letters.next_number(act.village, letter, act.now, by=act.by, complaint=act.complaint)
    return {"about": found.about, "number": number, "signer": asdict(signs) if signs else None}


def _number_referral(act: Act) -> dict[str, Any]:
    """A cover letter has its number from the day it is sent; only one whose number was cancelled is given another."""
    sent = act.complaint.referrals.filter(letter_number="").last()
    if sent is None:
        raise NotAllowed("number_letter", act.complaint.state)
    sent.letter_number = letters.next_number(act.village, papers.REFERRAL, act.now, by=act.by, complaint=act.complaint)
    sent.save(update_fields=["letter_number"])
    return {"about": f"referral-{sent.pk}", "number": sent.letter_number}


def number_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Give the papers of a meeting the numbers they lack since theirs were cancelled. Raises ``NotAllowed`` when they lack none."""
    with together(meeting.complaints.all(), LATER, by) as acts:
        held = Meeting.objects.select_for_update().get(pk=meeting.pk)
        given = {}
        for kind, field in meeting_gaps(held).items():
            given[kind] = letters.next_number(acts[0].village, kind, acts[0].now, by=by, meeting=held)
            setattr(held, field, given[kind])
        if not given:
            raise NotAllowed("number_letter", acts[0].complaint.state)
        held.save()
        for act in acts:
            act.record("letter_numbered", letter=next(iter(given)), about=f"meeting-{held.pk}", number=", ".join(given.values()))
    return held


def meeting_gaps(meeting: Meeting) -> dict[str, str]:
    """The papers of a meeting that should bear a number and have none: kind of letter → field."""
    if meeting.state == Meeting.State.HELD:
        return {} if meeting.minutes_number else {"minutes": "minutes_number"}
    return {"invitation": "letter_number"} if meeting.state == Meeting.State.FIXED and not meeting.letter_number else {}


def cancel_number(number: LetterNumber, *, reason: str, by: User) -> LetterNumber:
    """Cancel a number. It stays in the register and is never given again; its letter needs another.

    Raises ``NotAllowed`` when it is cancelled already or its report was sent (which never changes), and what every step raises for
    each complaint it belongs to (wall, role, state).
    """
    if number.complaint is None and number.meeting is None:
        return _cancel_of_report(number, reason, by)
    treated = number.meeting.complaints.all() if number.meeting else [number.complaint]
    with together([row for row in treated if row], "cancel_number", by) as acts:
        held = _cancelled(number, reason, by, acts[0].now, acts[0].complaint.state)
        _take_off(held)
        for act in acts:
            act.record("number_cancelled", letter=held.kind, number=held.number, text=reason)
    return held


def _cancel_of_report(number: LetterNumber, reason: str, by: User) -> LetterNumber:
    """The number of a report that was never kept: its paper could not be made."""
    where = access.standing(by)
    if where is None or where.village_id != number.village_id or not where.is_(Role.OFFICER, Role.SECRETARY):
        raise NotYours("cancel_number")
    with transaction.atomic():
        held = _cancelled(number, reason, by, clock.now(), "")  # locks it: a report that is being sent is looked for after that
        if SentReport.objects.filter(village=number.village_id, period=number.period, number=number.number).exists():
            raise NotAllowed("cancel_number", "")
        return held


def _cancelled(number: LetterNumber, reason: str, by: User, now: datetime, state: str) -> LetterNumber:
    held = LetterNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
    if held.cancelled_at:
        raise NotAllowed("cancel_number", state)
    held.cancelled_at, held.cancelled_by, held.cancelled_why = now, by.standing.label, reason
    held.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_why"])
    return held


def _take_off(number: LetterNumber) -> None:
    """The letter that bore it bears none; of letters to the complainant the event says so (``papers``)."""
    if number.meeting_id:
        field = "minutes_number" if number.kind == "minutes" else "letter_number"
        Meeting.objects.filter(**{"pk": number.meeting_id, field: number.number}).update(**{field: ""})
    elif number.kind == papers.REFERRAL and number.complaint:
        number.complaint.referrals.filter(letter_number=number.number).update(letter_number="")
