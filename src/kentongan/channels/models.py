"""Messages in and out, and which events have been told."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.complaints.models import Complaint, Event
from kentongan.village.models import OfVillage, User


class IncomingMessage(OfVillage):
    """What came by a door, exactly once. Accepted ones carry their complaint; what is not clear waits for the officer."""

    class State(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("In the book")
        QUARANTINED = "QUARANTINED", _("Waits for the officer")
        DISCARDED = "DISCARDED", _("Set aside")

    class Reason(models.TextChoices):
        NO_OBJECT = "NO_OBJECT", _("Says nothing that can be acted on")
        SPAM = "SPAM", _("Looks like advertising")
        ROBOT = "ROBOT", _("Filled in by a machine")

    channel = models.CharField(max_length=12)
    external_id = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    text = models.TextField(blank=True)  # kept here only until it stands in the book
    sender = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="messages_in")
    handled_by = models.CharField(max_length=200, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["village", "channel", "external_id"], name="message_once")]
        indexes = [models.Index(fields=["village", "-id"], name="message_waiting", condition=Q(state="QUARANTINED"))]


class OutgoingMessage(OfVillage):
    """Something told to somebody about an event: today, notices to officials on the desk (``channel`` "desk")."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        SENT = "SENT", _("Sent")
        FAILED = "FAILED", _("Failed")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="messages")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="messages_out")
    channel = models.CharField(max_length=12)
    to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["event", "to", "channel"], name="told_once")]
        indexes = [models.Index(fields=["to", "-id"], name="notice_unread", condition=Q(read_at__isnull=True))]


class Dispatch(OfVillage):
    """That everyone concerned by an event has been told: one row an event, claimed with the messages in one transaction."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="dispatch")
    at = models.DateTimeField(default=timezone.now)
