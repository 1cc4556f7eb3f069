"""The way upward: refer to an agency, ask it again, take down its answer; and ask about what was planned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from kentongan.complaints import clocks, letters, referrals, search
from kentongan.complaints.actions._act import Act, NewFile, acting
from kentongan.complaints.lifecycle import NotAllowed
from kentongan.complaints.models import Complaint, Referral, Reminder
from kentongan.village.models import Agency, User


def refer(
    complaint: Complaint,
    *,
    agency: Agency,
    text: str,
    by: User,
    with_identity: bool = False,
    with_files: bool = False,
    due_on: date | None = None,
    outside_number: str = "",
) -> Complaint:
    """Send it to the agency that decides, with a numbered letter and a link to answer by. ``outside_number``: it bears with them.

    The identity goes along only with the complainant's consent. ``due_on``: when the answer is expected, else as many working
    days as the agency usually takes.
    """
    with acting(complaint, "refer", by=by) as act:
        if referrals.clock_waits(act.village):
            clocks.pause(act.complaint, act.now)
        referral = Referral.objects.create(
            village=act.village,
            complaint=act.complaint,
            agency=agency,
            note=text,
            with_identity=with_identity and referrals.may_name(act.complaint),
            with_files=with_files,
            letter_number=letters.next_number(act.village, "referral", act.now, by=by, complaint=act.complaint),
            due_on=due_on or _usual_day(agency, act),
            outside_number=outside_number,
            at=act.now,
            by_label=act.label,
        )
        referrals.open_link(referral, act.now)
        referral.save()
        _record(act, "referred", referral, text, with_identity=referral.with_identity, with_files=with_files)
    return act.complaint


def _usual_day(agency: Agency, act: Act) -> date:
    return clocks.calendar_of(act.village).after(act.village.local(act.now).date(), agency.answers_in)


def _record(act: Act, kind: str, referral: Referral, text: str, **more: Any) -> None:
    due = referral.due_on.isoformat() if referral.due_on else ""
    act.record(
        kind,
        text=text,
        agency=referral.agency.name,
        referral=referral.pk,
        number=referral.letter_number,
        due_on=due,
        outside_number=referral.outside_number,
        **more,
    )
    _findable(act, referral)


def _findable(act: Act, referral: Referral) -> None:
    """Let the complaint be found by the number it bears with the agency: their next letter will name no other."""
    if referral.outside_number:
        numbers = act.complaint.referrals.exclude(outside_number="").values_list("outside_number", flat=True)
        search.index(act.complaint, *numbers)


def chase(
    complaint: Complaint, *, text: str, by: User, new_link: bool = False, due_on: date | None = None, outside_number: str = ""
) -> Complaint:
    """Ask the agency again. The old link stays unless it ran out or ``new_link`` asks for another (the old one may be in wrong hands).

    Without ``due_on`` the day stays; one that is over moves on by as many working days as the agency usually takes.
    Raises ``NotAllowed`` when no answer is awaited any more.
    """
    with acting(complaint, "chase", by=by) as act:
        referral = referrals.waiting_for(act.complaint)
        if referral is None:
            raise NotAllowed("chase", complaint.state)
        referral.chased += 1
        referral.chased_at = act.now
        over = referral.due_on is None or referral.due_on < act.village.local(act.now).date()
        referral.due_on = due_on or (_usual_day(referral.agency, act) if over else referral.due_on)
        referral.outside_number = outside_number or referral.outside_number
        if new_link or referral.token_until is None or referral.token_until <= act.now:
            referrals.open_link(referral, act.now)
        referral.save()
        _record(act, "chased", referral, text, times=referral.chased)
    return act.complaint


def record_referral_answer(
    complaint: Complaint,
    *,
    text: str,
    by: User | None,
    outside_number: str = "",
    files: Iterable[NewFile] = (),
    referral: Referral | None = None,
    via: str = "",
) -> Complaint:
    """What the agency answered, with its own number. ``by=None``: the agency itself, by its link or by mail (``via``), for ``referral``.

    Raises ``NotAllowed`` when that referral has been answered already.
    """
    with acting(complaint, "record_referral_answer", by=by, via=via, system=by is None) as act:
        answered = act.complaint.referrals.get(pk=referral.pk) if referral else referrals.waiting_for(act.complaint)
        if referral and answered and answered.answered_at:
            raise NotAllowed("record_referral_answer", complaint.state)
        if answered:
            answered.answered_at, answered.answer = act.now, text
            answered.outside_number = outside_number or answered.outside_number
            answered.save()
            _findable(act, answered)
        agency = answered.agency.name if answered else ""
        act.record("referral_answered", files, text=text, agency=agency, outside_number=outside_number, through=via)
    return act.complaint


def ask_about_plan(complaint: Complaint, *, by: User | None = None) -> Complaint:
    """The month has come for which something was planned: have the village asked whether it is there. Once for each date.

    Raises ``NotAllowed`` when nothing is planned or it was asked already.
    """
    with acting(complaint, "ask_about_plan", by=by, system=by is None) as act:
        planned = act.complaint.planned_on
        reason = f"plan:{planned}"
        if planned is None or act.complaint.reminders.filter(reason=reason).exists():
            raise NotAllowed("ask_about_plan", complaint.state)
        Reminder.objects.create(village=act.village, complaint=act.complaint, reason=reason, at=act.now)
        act.record("plan_due", planned_on=planned.isoformat())
    return act.complaint
