"""What the handling of a complaint leaves behind: who was shut out, who it was given to, what was answered and how it arrived."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.complaints.models.book import Complaint, Outcome
from kentongan.village.models import Agency, Category, OfVillage, Unit, User


class ShutOut(OfVillage):
    """A person the wall shuts out of one complaint: named in it, or recused. The one table the wall reads."""

    class Why(models.TextChoices):
        NAMED = "NAMED", _("Named in the complaint")
        MENTIONED = "MENTIONED", _("The text speaks of the post or the name")  # until the officer has read it
        RECUSED = "RECUSED", _("Stepped aside")

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="shut_out")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "user"], name="shut_out_once")]


class Assignment(OfVillage):
    """Distributed to one official, with an instruction; ended, never deleted."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="assignments")
    responder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    responder_label = models.CharField(max_length=200)  # name and post on that day
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    instruction = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=1)
    part = models.CharField(_("Which part"), max_length=300, blank=True, default="")
    due_on = models.DateField(_("Answer by"), null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")  # the part of the answer this person wrote
    answered_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by_label = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "responder"], name="assigned_once", condition=Q(ended_at__isnull=True))
        ]


class Response(OfVillage):
    """An answer on its way: drafted, approved by those the village names, delivered."""

    class Stage(models.TextChoices):
        WAITING = "WAITING", _("Waiting for approval")
        RETURNED = "RETURNED", _("Sent back")
        READY = "READY", _("Ready to deliver")
        DELIVERED = "DELIVERED", _("Delivered")

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="responses")
    text = models.TextField(_("Answer"))
    outcome = models.CharField(_("Outcome"), max_length=16, choices=Outcome.choices, blank=True)
    planned_for = models.CharField(_("Planned for"), max_length=100, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    waiting_for = models.CharField(max_length=12, blank=True)  # the role whose approval comes next
    approvals = models.JSONField(default=list)  # [{"role", "label", "at"}], in order
    drafted_by = models.CharField(max_length=200)
    drafted_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint"], name="one_answer_at_a_time", condition=~Q(stage="DELIVERED"))
        ]


class Delivery(OfVillage):
    """That an answer reached somebody: to whom, how, when, by whom. A call that found nobody is a delivery that failed."""

    class Result(models.TextChoices):
        REACHED = "REACHED", _("Reached")
        NOT_REACHED = "NOT_REACHED", _("Not reached")

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="deliveries")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    to = models.CharField(_("To whom"), max_length=120)
    how = models.CharField(_("How"), max_length=12)
    result = models.CharField(max_length=12, choices=Result.choices, default=Result.REACHED)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]


class Referral(OfVillage):
    """Sent to an agency above or outside, until it answers."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="referrals")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    with_identity = models.BooleanField(default=False)
    with_files = models.BooleanField(default=False)
    letter_number = models.CharField(max_length=60, blank=True, default="")  # of the cover letter, as printed
    due_on = models.DateField(_("Answer expected by"), null=True, blank=True)
    chased = models.PositiveSmallIntegerField(default=0)  # how often the agency was asked again
    chased_at = models.DateTimeField(null=True, blank=True)
    token_digest = models.BinaryField(max_length=32, null=True, blank=True)  # of the link by which the agency answers
    token_until = models.DateTimeField(null=True, blank=True)
    outside_number = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by_label = models.CharField(max_length=200)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]


class Task(OfVillage):
    """Something one person does by a day: inside a complaint, or decided in a meeting."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="tasks")
    meeting = models.ForeignKey("Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    what = models.CharField(_("What"), max_length=300)
    who = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    who_label = models.CharField(max_length=200, blank=True)  # name and post on that day, or who outside does it
    due_on = models.DateField(_("By"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)
    by_label = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["village", "due_on"], name="task_open", condition=Q(done_at__isnull=True))]


class Reminder(OfVillage):
    """That somebody was reminded of a complaint for one reason: to each reason once, however many workers run."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="reminders")
    reason = models.CharField(max_length=40)  # what, and of which day: ``before:2026-12-04``
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "reason"], name="reminded_once")]


class StandardText(OfVillage):
    """Words used again and again, offered where they fit: a step, and where wanted only one category."""

    step = models.CharField(_("Step"), max_length=24)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(_("Title"), max_length=80)
    body = models.TextField(_("Text"))

    class Meta:
        ordering = ["step", "name"]
        constraints = [models.UniqueConstraint(fields=["village", "step", "name"], name="standard_text_once")]
