"""Meetings for tests, called by the real actions. Their day is today: they may be held at once."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from kentongan.complaints import actions
from kentongan.complaints.models import Complaint, Meeting
from kentongan.village.models import User, Village
from tests.cast import Cast

GUESTS = (actions.Guest("Ketua RT 003/RW 001"), actions.Guest("Aipda Bayu Pratama", "Bhabinkamtibmas", "bayu@example.com"))


def today(village: Village, hour: int = 9, days: int = 0) -> datetime:
    """An hour of the village's day."""
    here = village.local(timezone.now()).replace(hour=hour, minute=0, second=0, microsecond=0)
    return here + timedelta(days=days)


def plan(village: Village, *starts: datetime, **other: Any) -> actions.Plan:
    values = {"place": "Balai desa", "agenda": "Batas tanah", **other}
    return actions.Plan(starts or (today(village),), timedelta(hours=2), **values)


def called(cast: Cast, *complaints: Complaint, by: User | None = None, **other: Any) -> Meeting:
    """A meeting of today with Joko, the head of the RT and the policeman."""
    guests = other.pop("guests", (actions.Guest(str(cast.joko), "Kasi Kesejahteraan", user=cast.joko), *GUESTS))
    what = other.pop("plan", None) or plan(cast.village)
    return actions.convene(complaints, plan=what, guests=guests, by=by or cast.sari, **other)


def record(meeting: Meeting, *decisions: actions.Decision, **other: Any) -> actions.Record:
    """How it went: all came, both sides agreed."""
    came = frozenset(meeting.invitees.values_list("pk", flat=True))
    values = {"present": came, "course": "Kedua pihak menerangkan batasnya.", "chair": "Harun Pranoto", "clerk": "Wati Suryani"}
    return actions.Record(**{**values, "agreed": True, "decisions": decisions, **other})
