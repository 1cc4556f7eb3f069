"""The village's accounts at Meta, what Meta's servers send, and the conversations made of it."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.lib import sealed
from kentongan.village.models import OfVillage

VERSION = "v23.0"
BASES = {"instagram": "https://graph.instagram.com", "whatsapp": "https://graph.facebook.com"}
NAMES = {"instagram": "Instagram", "whatsapp": "WhatsApp"}
_id = RegexValidator(r"^\d{5,32}$", _("Digits only, as Meta shows it in the app."))
_version = RegexValidator(r"^v\d{1,3}\.\d{1,2}$", _("Like v23.0."))


class _Secret:
    """A text kept sealed in the column of the same name with an underscore before it. Reading raises ``lib.sealed.CannotOpen``."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, account: Any, owner: type) -> str:
        kept = bytes(getattr(account, f"{self.name}_sealed"))
        return sealed.unseal(settings.SECRET_KEY, self._place(account), kept) if kept else ""

    def __set__(self, account: Any, text: str) -> None:
        content = sealed.seal(settings.SECRET_KEY, self._place(account), text) if text else b""
        setattr(account, f"{self.name}_sealed", content)

    def _place(self, account: Any) -> str:
        return f"chat {account.village_id} {account.channel} {self.name}"


class ChatAccount(OfVillage):
    """The village's account of one kind. At most one a village and channel."""

    channel = models.CharField(max_length=12)  # a key of ``BASES``
    active = models.BooleanField(_("In use"), default=False)
    account_id = models.CharField(max_length=32, blank=True, validators=[_id])  # Instagram: the IGID; WhatsApp: phone_number_id
    app_secret_sealed = models.BinaryField(default=bytes)
    verify_token_sealed = models.BinaryField(default=bytes)
    access_token_sealed = models.BinaryField(default=bytes)
    human_agent = models.BooleanField(
        _("Meta has approved “Human Agent”"),
        default=False,
        help_text=_("Answers then may go out for 7 days after a resident's last message, else for 24 hours."),
    )
    version = models.CharField(_("Version of the interface"), max_length=8, default=VERSION, validators=[_version])
    base_url = models.CharField(_("Address of the interface"), max_length=200)
    token_at = models.DateTimeField(null=True, blank=True)  # when the access token was typed or renewed
    trouble = models.CharField(max_length=24, blank=True)  # a key of ``troubles.TROUBLES``

    app_secret = _Secret()
    verify_token = _Secret()
    access_token = _Secret()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "channel"], name="one_chat_account")]

    def __str__(self) -> str:
        return f"{self.channel} of {self.village_id}"


class HookCall(OfVillage):
    """What Meta's servers sent in one call, byte for byte, written down before anything is made of it. The same bytes are one call."""

    class State(models.TextChoices):
        NEW = "NEW", _("Not yet read")
        READ = "READ", _("Read")
        FOREIGN = "FOREIGN", _("Meant for another account")
        BROKEN = "BROKEN", _("Cannot be read")

    channel = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)  # SHA-256 of the content, hex
    content = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "channel", "digest"], name="hook_once")]
        indexes = [models.Index(fields=["id"], name="hook_new", condition=Q(state="NEW"))]


class Conversation(OfVillage):
    """What one person and the village say to each other by one channel. ``complaint``: where what was said last belongs to."""

    channel = models.CharField(max_length=12)
    outside_id = models.CharField(max_length=64)  # Instagram: the IGSID; WhatsApp: the number without a plus
    name = models.CharField(max_length=100, blank=True)
    handle = models.CharField(max_length=60, blank=True)  # Instagram's username
    asked_name_at = models.DateTimeField(null=True, blank=True)  # when Meta was last asked who it is
    window_at = models.DateTimeField(
        null=True, blank=True
    )  # the last message, not comment: an answer may go out for a time after it
    last_at = models.DateTimeField()
    waits = models.BooleanField(default=False)  # something came that nobody at the desk has dealt with
    complaint = models.ForeignKey("complaints.Complaint", on_delete=models.PROTECT, null=True, blank=True, related_name="chats")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "channel", "outside_id"], name="one_conversation")]
        indexes = [
            models.Index(fields=["village", "-last_at"], name="conversation_last"),
            models.Index(fields=["village", "-last_at"], name="conversation_waits", condition=Q(waits=True)),
        ]


class ChatMessage(OfVillage):
    """One thing said in a conversation, once. What Meta tells of a message that has not come yet (``kind`` empty) waits in its row."""

    class State(models.TextChoices):
        CAME = "CAME", _("Came in")
        WAITING = "WAITING", _("Waiting")
        SENDING = "SENDING", _("Being sent")  # handed to Meta, which has not said yes or no
        SENT = "SENT", _("Sent")
        DELIVERED = "DELIVERED", _("Delivered")
        READ = "READ", _("Read by the other side")
        FAILED = "FAILED", _("Failed")
        UNSURE = "UNSURE", _("Not sure whether it went out")
        SHUT = "SHUT", _("Waits until the resident writes again")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False)
    channel = models.CharField(max_length=12)
    external_id = models.CharField(max_length=200, blank=True)  # mid, wamid, comment id; empty until Meta gave one
    ours = models.BooleanField(default=False)
    kind = models.CharField(max_length=12, blank=True)  # a key of ``kinds.KINDS``
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.CAME)
    reason = models.CharField(max_length=24, blank=True)  # why it did not go out: a key of ``troubles.TROUBLES``
    reaction = models.CharField(max_length=16, blank=True)
    unsent_at = models.DateTimeField(null=True, blank=True)  # taken back by the one who wrote it; kept all the same
    answers = models.CharField(max_length=200, blank=True)  # external id of the message this one replies to
    media = models.JSONField(default=list)  # what is still to be fetched: {"url"} or {"id"}, with "kind"
    by = models.CharField(max_length=200, blank=True)  # who at the desk wrote it
    form_token = models.CharField(max_length=80, blank=True)  # of ours: the form, or the reason, it was written once for
    complaint = models.ForeignKey(
        "complaints.Complaint", on_delete=models.PROTECT, null=True, blank=True, related_name="chat_messages"
    )

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "channel", "external_id"], name="chat_message_once", condition=~Q(external_id="")
            ),
            models.UniqueConstraint(fields=["village", "form_token"], name="chat_answer_once", condition=~Q(form_token="")),
        ]
        indexes = [models.Index(fields=["conversation", "at"], name="chat_message_at")]
