"""The complaint book: who complains, the counter of a year, the entry itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import access
from kentongan.complaints.lifecycle import ENDED, OPEN, State
from kentongan.lib import letter_numbers, phones, tokens
from kentongan.village.models import Category, Hamlet, Kind, OfVillage, Unit, Village


class Urgency(models.TextChoices):
    EMERGENCY = "EMERGENCY", _("Emergency")
    HIGH = "HIGH", _("High")
    NORMAL = "NORMAL", _("Normal")
    LOW = "LOW", _("Low")


class DeclineReason(models.TextChoices):
    OUT_OF_SCOPE = "OUT_OF_SCOPE", _("Not the village's to decide")
    NO_OBJECT = "NO_OBJECT", _("The object is not clear")
    INCOMPLETE = "INCOMPLETE", _("Not completed in time")
    NOT_PUBLIC_SERVICE = "NOT_PUBLIC_SERVICE", _("Not about public service")
    NO_EVIDENCE = "NO_EVIDENCE", _("An accusation without facts")
    ALREADY_ANSWERED = "ALREADY_ANSWERED", _("Already answered")


class Outcome(models.TextChoices):
    RESOLVED = "RESOLVED", _("Settled")
    EXPLAINED = "EXPLAINED", _("Explained")
    PLANNED = "PLANNED", _("Planned (village budget)")
    REFERRED = "REFERRED", _("Passed on to an agency")
    NOT_ACTIONABLE = "NOT_ACTIONABLE", _("Could not be acted on")


class Complainant(OfVillage):
    """Who complains: its own row, behind ``access.may_see_identity``. Name, address and phone are the SOP's three elements."""

    name = models.CharField(_("Name"), max_length=100)
    phone = models.CharField(_("Telephone"), max_length=20, blank=True)  # E.164
    hamlet = models.ForeignKey(Hamlet, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rw = models.CharField("RW", max_length=3, blank=True)
    rt = models.CharField("RT", max_length=3, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    email = models.EmailField(_("E-mail"), blank=True, default="", db_default="")  # lower case
    only_answers = models.BooleanField(default=False, db_default=False)  # asked to get no letters about each step
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["village", "name"], name="complainant_name"),
            models.Index(fields=["village", "phone"], name="complainant_phone", condition=~Q(phone="")),
        ]

    def __str__(self) -> str:
        return f"complainant {self.pk}"  # never the name: this ends in logs

    @property
    def address_line(self) -> str:
        parts = [self.address]
        if self.rt or self.rw:
            parts.append(f"RT {self.rt or '–'}/RW {self.rw or '–'}")
        if self.hamlet:
            parts.append(self.hamlet.name)
        return ", ".join(part for part in parts if part)

    @property
    def phone_shown(self) -> str:
        return phones.national(self.phone) if self.phone else ""

    @property
    def is_complete(self) -> bool:
        """The SOP's identity: a name, an address, a telephone that can be reached."""
        return bool(self.name and self.address_line and self.phone)


class Register(OfVillage):
    """The counter of one village and year: a locked row gives gapless numbers."""

    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "year"], name="register_once")]


class Complaint(OfVillage):
    """One entry of the complaint book."""

    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(_("Register number"), max_length=12)
    code_salt = models.BinaryField(max_length=16)
    code_digest = models.BinaryField(max_length=32, unique=True)

    state = models.CharField(_("State"), max_length=20, choices=State.choices, default=State.RECEIVED)
    channel = models.CharField(_("Channel"), max_length=12)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices, default=Kind.COMPLAINT)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    urgency = models.CharField(_("Urgency"), max_length=10, choices=Urgency.choices, default=Urgency.NORMAL)
    inspection = models.BooleanField(_("Needs an inspection"), default=False)

    complainant = models.ForeignKey(Complainant, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints")
    represents = models.CharField(_("On behalf of"), max_length=200, blank=True)
    identity_hidden = models.BooleanField(_("Identity hidden from those who answer"), default=False)
    confidential = models.BooleanField(_("Content hidden from the public"), default=False)

    subject = models.CharField(_("Subject"), max_length=140)
    text = models.TextField(_("What was said"))
    happened = models.CharField(_("Since when"), max_length=100, blank=True)
    who = models.CharField(_("Who is concerned"), max_length=200, blank=True)
    wish = models.CharField(_("What is hoped for"), max_length=300, blank=True)
    place = models.CharField(_("Place"), max_length=200, blank=True)
    hamlet = models.ForeignKey(Hamlet, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    rw = models.CharField("RW", max_length=3, blank=True)
    rt = models.CharField("RT", max_length=3, blank=True)
    outside_number = models.CharField(_("Number elsewhere (LAPOR!, LaporGub)"), max_length=60, blank=True)

    received_at = models.DateTimeField(_("Received"))
    received_by = models.CharField(_("Received by"), max_length=200, blank=True)
    updated_at = models.DateTimeField()
    clock_from = models.DateTimeField()  # the day the running clock counts from: of receipt, or of opening again
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    clock_days = models.PositiveSmallIntegerField(default=0)  # working days promised
    paused_days = models.PositiveSmallIntegerField(default=0)  # working days the clock stood still
    paused_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    responded_at = models.DateTimeField(_("Answered"), null=True, blank=True)
    on_time = models.BooleanField(_("Answered on time"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    # Working days from receipt, waiting included, as the calendar stood on that day; for the statistics.
    answer_days = models.PositiveSmallIntegerField(null=True, blank=True)  # to the first answer: stays when it is opened again
    solution_days = models.PositiveSmallIntegerField(null=True, blank=True)  # to its closing
    # Of the first of those it was distributed to last; stays when they give it back.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    outcome = models.CharField(_("Outcome"), max_length=16, choices=Outcome.choices, blank=True)
    decline_reason = models.CharField(_("Reason"), max_length=20, choices=DeclineReason.choices, blank=True)
    master = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    reopened = models.PositiveSmallIntegerField(default=0)
    planned_on = models.DateField(_("Asked again on"), null=True, blank=True)  # when what was planned should be there
    rating = models.PositiveSmallIntegerField(_("Satisfaction (1–4)"), null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["village", "year", "serial"], name="number_once"),
            models.UniqueConstraint(fields=["village", "number"], name="number_text_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("received_at")), name="ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False, state__in=sorted(ENDED))
                | (Q(ended_at__isnull=True) & ~Q(state__in=sorted(ENDED))),
                name="ended_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "-received_at", "-id"], name="complaint_newest"),
            models.Index(
                fields=["village", "-received_at", "-id"], name="complaint_open_newest", condition=Q(state__in=sorted(OPEN))
            ),
            models.Index(fields=["village", "due_at", "id"], name="complaint_open_due", condition=Q(state__in=sorted(OPEN))),
            models.Index(
                fields=["village", "state", "-received_at"], name="complaint_live_state", condition=~Q(state__in=sorted(ENDED))
            ),
            models.Index(fields=["village", "ended_at"], name="complaint_ended", condition=Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    # --- reading: the wall ---------------------------------------------------------------------------------------

    @classmethod
    def visible_to(cls, user: Any) -> models.QuerySet[Complaint]:
        """The complaints this person may know of, and no others: for pages, lists, counts, search, reports and mail."""
        return cls.objects.filter(access.wall(user))

    @classmethod
    def for_system(cls, reason: str) -> models.QuerySet[Complaint]:
        """All complaints, for code that acts for nobody (worker, public counts). ``reason`` says why, for the reader."""
        if not reason:
            raise ValueError("say why the wall is passed")
        return cls.objects.all()

    @classmethod
    def by_code(cls, typed: str) -> Complaint | None:
        """The complaint whose public code was typed, in the same time whether or not there is one."""
        code = tokens.clean_code(typed)
        return cls.objects.filter(code_digest=tokens.code_digest(settings.SECRET_KEY, code)).first()

    # --- what it says of itself -----------------------------------------------------------------------------------

    @property
    def code(self) -> str:
        """The public code (12 characters) that opens the tracking page."""
        return tokens.public_code(settings.SECRET_KEY, bytes(self.code_salt))

    @property
    def is_anonymous(self) -> bool:
        """Nobody knows who complains (a slip without a name), unlike ``identity_hidden``."""
        return self.complainant_id is None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_overdue(self) -> bool:
        """Its day has passed while its clock ran; one that waits for the complainant or an agency is not late."""
        return self.is_open and not self.is_paused and self.due_at is not None and self.due_at < timezone.now()

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def place_line(self) -> str:
        parts = [self.place]
        if self.rt or self.rw:
            parts.append(f"RT {self.rt or '–'}/RW {self.rw or '–'}")
        if self.hamlet:
            parts.append(self.hamlet.name)
        return ", ".join(part for part in parts if part)

    def printed_number(self, village: Village) -> str:
        month = village.local(self.received_at).month
        return letter_numbers.printed(
            village.number_pattern, year=self.year, serial=self.serial, month=month, village=village.code
        )
