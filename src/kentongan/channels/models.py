"""Messages in and out, and which events have been told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.complaints.models import Complaint, Event, ReportNotice
from kentongan.lib import sealed
from kentongan.village.models import OfVillage, User

TROUBLED = ("BOUNCED", "FAILED", "HELD", "UNSURE")  # states of a letter that somebody must look at


class IncomingMessage(OfVillage):
    """What came by a door, exactly once. Accepted ones carry their complaint; what is not clear waits for the officer."""

    class State(models.TextChoices):
        NEW = "NEW", _("Not yet read")  # stored as it came, before anything is made of it
        ACCEPTED = "ACCEPTED", _("In the book")
        JOINED = "JOINED", _("Joined with a complaint")
        QUARANTINED = "QUARANTINED", _("Waits for the officer")
        DISCARDED = "DISCARDED", _("Set aside")
        AUTOMATIC = "AUTOMATIC", _("Automatic, needs nobody")

    class Reason(models.TextChoices):
        NO_OBJECT = "NO_OBJECT", _("Says nothing that can be acted on")
        SPAM = "SPAM", _("Looks like advertising")
        ROBOT = "ROBOT", _("Filled in by a machine")
        LETTER = "LETTER", _("A new letter")
        STRANGER = "STRANGER", _("Speaks of a complaint of somebody else")
        ENDED = "ENDED", _("Answers a complaint that has ended")
        FORGED = "FORGED", _("The sender's address is forged, as far as can be known")
        NO_REPLY = "NO_REPLY", _("The sender cannot be answered")
        ENCRYPTED = "ENCRYPTED", _("Encrypted, cannot be read here")
        BROKEN = "BROKEN", _("Cannot be read")
        TOO_LARGE = "TOO_LARGE", _("Too large, left in the mailbox")

    channel = models.CharField(max_length=12)
    external_id = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    text = models.TextField(blank=True)  # kept here only until it stands in the book
    sender = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="messages_in")
    hint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    handled_by = models.CharField(max_length=200, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["village", "channel", "external_id"], name="message_once")]
        indexes = [
            models.Index(fields=["village", "-id"], name="message_waiting", condition=Q(state="QUARANTINED")),
            models.Index(fields=["id"], name="message_new", condition=Q(state="NEW")),
        ]


class RawLetter(OfVillage):
    """A letter byte for byte as it came. ``source``: where it was fetched (``imap``, ``maildir``, ``pipe``)."""

    message = models.OneToOneField(IncomingMessage, on_delete=models.PROTECT, primary_key=True, related_name="raw")
    content = models.BinaryField()
    source = models.CharField(max_length=8)
    trust = models.JSONField(default=dict)  # what the receiving server found of the sender: {"spf", "dkim", "dmarc"}, a hint
    refused = models.JSONField(default=list)  # names of attachments that only the letter itself holds


class OutgoingMessage(OfVillage):
    """Something told to somebody: a notice to an official on the desk (``channel`` "desk", ``to``), or a letter to an ``address``.

    It belongs to an event of a complaint, to the incoming message it answers, or to what is told of a period's report; to each once.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        SENDING = "SENDING", _("Being sent")  # handed to the mail server, which has not said yes or no
        SENT = "SENT", _("Sent")
        UNSURE = "UNSURE", _("Not sure whether it went out")
        FAILED = "FAILED", _("Failed")
        BOUNCED = "BOUNCED", _("Came back")
        HELD = "HELD", _("Held back: too many in an hour")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="messages_out")
    incoming = models.ForeignKey(
        IncomingMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="answers", db_index=False
    )
    report = models.ForeignKey(
        ReportNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="messages", db_index=False
    )
    channel = models.CharField(max_length=12)
    to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    address = models.EmailField(blank=True, default="")
    kind = models.CharField(max_length=24, blank=True, default="")  # which of ``email.words.DEFAULTS``
    subject = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(blank=True, default="")
    message_id = models.CharField(max_length=200, blank=True, default="")  # also the mark by which an answer is known
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=24, blank=True, default="")  # why it did not go out: a key of ``email.troubles``
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)  # where the other side said so
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "to", "channel"], name="told_once"),
            models.UniqueConstraint(fields=["event", "address"], name="written_once", condition=~Q(address="")),
            models.UniqueConstraint(fields=["incoming"], name="answered_once", condition=Q(incoming__isnull=False)),
            models.UniqueConstraint(
                fields=["report", "to", "channel"], name="told_of_report_once", condition=Q(report__isnull=False)
            ),
            models.UniqueConstraint(fields=["message_id"], name="letter_once", condition=~Q(message_id="")),
        ]
        indexes = [
            models.Index(fields=["to", "-id"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["address", "created_at"], name="letter_address", condition=~Q(address="")),
            models.Index(fields=["village", "-id"], name="letter_trouble", condition=Q(state__in=TROUBLED)),
        ]


class Dispatch(OfVillage):
    """That everyone concerned by an event has been told: one row an event, claimed with the messages in one transaction."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="dispatch")
    at = models.DateTimeField(default=timezone.now)


class Mailbox(OfVillage):
    """The village's own mailbox: where letters come in and go out. At most one a village."""

    class Security(models.TextChoices):
        TLS = "TLS", _("TLS from the beginning")
        STARTTLS = "STARTTLS", _("STARTTLS")
        NONE = "NONE", _("None (only inside the office)")

    class Auth(models.TextChoices):
        PASSWORD = "PASSWORD", _("Password or app password")
        OAUTH2 = "OAUTH2", _("OAuth2 access token")

    class Intake(models.TextChoices):
        BOOK = "BOOK", _("Into the complaint book at once")
        INBOX = "INBOX", _("First to the officer, who decides")

    active = models.BooleanField(_("In use"), default=False)
    address = models.EmailField(_("E-mail address"))
    sender_name = models.CharField(_("Name of the sender"), max_length=80, blank=True)
    auth = models.CharField(_("Log in with"), max_length=8, choices=Auth.choices, default=Auth.PASSWORD)
    user = models.CharField(_("User name"), max_length=120, blank=True, help_text=_("Empty: the e-mail address."))
    secret = models.BinaryField(default=bytes)  # sealed; see ``lib.sealed``
    imap_host = models.CharField(_("Server for incoming letters (IMAP)"), max_length=120, blank=True)
    imap_port = models.PositiveIntegerField(_("Port"), default=993)
    imap_security = models.CharField(_("Security"), max_length=8, choices=Security.choices, default=Security.TLS)
    imap_folder = models.CharField(_("Folder"), max_length=120, default="INBOX")
    smtp_host = models.CharField(_("Server for outgoing letters (SMTP)"), max_length=120, blank=True)
    smtp_port = models.PositiveIntegerField(_("Port"), default=587)
    smtp_security = models.CharField(_("Security"), max_length=8, choices=Security.choices, default=Security.STARTTLS)
    smtp_login = models.BooleanField(_("Log in to send"), default=True)
    plus = models.BooleanField(
        _("Letters to name+mark@… arrive too"),
        default=False,
        help_text=_(
            "True for Gmail and many others: answers then find their complaint even when the writer's program forgets what it answers."
        ),
    )
    intake = models.CharField(_("A new letter goes"), max_length=8, choices=Intake.choices, default=Intake.BOOK)
    receiver = models.CharField(
        _("Name of the receiving server"),
        max_length=120,
        blank=True,
        help_text=_("As it signs its checks of the sender (Authentication-Results), for example mx.google.com."),
    )
    since = models.DateTimeField(default=timezone.now)  # what had arrived before is left alone
    uidvalidity = models.PositiveBigIntegerField(null=True, blank=True)
    last_uid = models.PositiveBigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=24, blank=True)  # a key of ``email.troubles``

    class Meta:
        verbose_name_plural = "mailboxes"
        constraints = [models.UniqueConstraint(fields=["village"], name="one_mailbox")]

    def __str__(self) -> str:
        return f"mailbox of {self.village_id}"

    @property
    def password(self) -> str:
        """Password or token; empty when none was given. Raises ``lib.sealed.CannotOpen``."""
        return sealed.unseal(settings.SECRET_KEY, self._place, bytes(self.secret)) if self.secret else ""

    @password.setter
    def password(self, text: str) -> None:
        self.secret = sealed.seal(settings.SECRET_KEY, self._place, text) if text else b""

    @property
    def _place(self) -> str:
        return f"mailbox {self.village_id}"

    @property
    def login(self) -> str:
        return self.user or self.address

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


class LetterText(OfVillage):
    """The village's own words for one kind of letter, in place of ``email.words.DEFAULTS``."""

    kind = models.CharField(max_length=24)
    subject = models.CharField(_("Subject"), max_length=150)
    body = models.TextField(_("Text"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "kind"], name="letter_text_once")]


from kentongan.channels.meta.models import ChatAccount as ChatAccount  # noqa: E402 - tables of this app
from kentongan.channels.meta.models import ChatMessage as ChatMessage  # noqa: E402
from kentongan.channels.meta.models import Conversation as Conversation  # noqa: E402
from kentongan.channels.meta.models import HookCall as HookCall  # noqa: E402
