"""Meetings about complaints: review and mediation, who was asked to come, what was decided."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.complaints.models.book import Complaint
from kentongan.village.models import OfVillage, User


class Meeting(OfVillage):
    """A *rapat pembahasan* or *mediasi*. One may treat several complaints."""

    class Kind(models.TextChoices):
        REVIEW = "REVIEW", _("Review meeting")
        MEDIATION = "MEDIATION", _("Mediation")

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Dates proposed")
        FIXED = "FIXED", _("Fixed")
        HELD = "HELD", _("Held")
        CANCELLED = "CANCELLED", _("Cancelled")

    complaints = models.ManyToManyField(Complaint, related_name="meetings")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.REVIEW)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    title = models.CharField(_("Title"), max_length=140)
    agenda = models.TextField(_("Agenda"), blank=True)
    place = models.CharField(_("Place"), max_length=140)
    proposals = models.JSONField(default=list)  # ISO moments that were proposed
    starts_at = models.DateTimeField(_("Begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("Ends"), null=True, blank=True)
    uid = models.CharField(max_length=80)  # iCalendar UID (RFC 5545 §3.8.4.7)
    sequence = models.PositiveSmallIntegerField(default=0)  # raised by each change that those invited must know
    letter_number = models.CharField(max_length=60, blank=True)  # of the invitation, as printed
    minutes_number = models.CharField(max_length=60, blank=True)
    chair = models.CharField(_("Chaired by"), max_length=200, blank=True)
    clerk = models.CharField(_("Minutes by"), max_length=200, blank=True)
    course = models.TextField(_("How it went"), blank=True)
    agreed = models.BooleanField(_("An agreement was reached"), null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by_label = models.CharField(max_length=200)
    minuted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["uid"], name="meeting_uid")]
        indexes = [models.Index(fields=["village", "starts_at"], name="meeting_coming", condition=Q(state="FIXED"))]

    @property
    def proposed(self) -> list[datetime]:
        """The moments to choose from, the first one first."""
        return [datetime.fromisoformat(moment) for moment in self.proposals]


class Invitee(OfVillage):
    """Somebody asked to come: an official, the complainant, a neighbour, the BPD, the police."""

    class Reply(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("Comes")
        DECLINED = "DECLINED", _("Does not come")
        TENTATIVE = "TENTATIVE", _("Perhaps")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitees")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("Name"), max_length=120)
    capacity = models.CharField(_("As"), max_length=120, blank=True)  # post or relation: "Ketua RT 003", "Pengadu"
    email = models.EmailField(_("E-mail"), blank=True)
    reply = models.CharField(_("Answer to the invitation"), max_length=12, choices=Reply.choices, blank=True, default="")
    present = models.BooleanField(_("Came"), null=True, blank=True)

    class Meta:
        ordering = ["id"]


class LetterCounter(OfVillage):
    """The counter of one kind of official letter in one year: numbers are never used twice."""

    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "kind", "year"], name="letter_counter_once")]
