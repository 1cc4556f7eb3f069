"""Who we are: the village, its places, its people and their posts, its categories, its calendar, the agencies around it."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.village.roles import Role

OFFICE_HOURS = {"0": "07:30-15:30", "1": "07:30-15:30", "2": "07:30-15:30", "3": "07:30-15:30", "4": "07:30-11:30"}
# Working days unless the key says otherwise; sources in docs/clocks.md (PermenPAN-RB practice 3/5/14/60, reply window 10).
CLOCKS = {
    "verify": 3, "information": 5, "aspiration": 14, "complaint": 14, "inspection": 60, "reply": 10, "complete": 10,
    "law_answer": 14, "law_complete": 30, "law_settle": 60,  # calendar days: Law 25/2009 art. 44 and 50
    "late_liaison": 1, "late_secretary": 3, "late_head": 5,  # working days late until each is told
}  # fmt: skip
LAST_REPORT_DAY = 28  # every month has it


def default_hours() -> dict[str, str]:
    return dict(OFFICE_HOURS)


def default_clocks() -> dict[str, int]:
    return dict(CLOCKS)


def default_approvers() -> list[str]:
    return [Role.SECRETARY, Role.HEAD]


class Village(models.Model):
    """One village, keyed by its Kemendagri code (``33.01.02.2014``): names repeat, codes do not."""

    code = models.CharField(
        _("Kemendagri code"),
        primary_key=True,
        max_length=13,
        validators=[RegexValidator(r"^\d\d\.\d\d\.\d\d\.[123]\d{3}$", _("Write the code like 33.01.02.2014."))],
    )
    name = models.CharField(_("Village"), max_length=80)
    district_name = models.CharField(_("District (kecamatan)"), max_length=80)
    regency_name = models.CharField(_("Regency (kabupaten)"), max_length=80)
    province_name = models.CharField(_("Province"), max_length=80)
    host = models.CharField(_("Host name"), max_length=120, blank=True)
    address = models.CharField(_("Office address"), max_length=200, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=5, blank=True)
    phone = models.CharField(_("Telephone"), max_length=20, blank=True)
    whatsapp = models.CharField("WhatsApp", max_length=20, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    website = models.CharField(_("Web site"), max_length=120, blank=True)
    instagram = models.CharField("Instagram", max_length=60, blank=True)
    zone = models.CharField(
        _("Time zone"),
        max_length=20,
        default="Asia/Jakarta",
        choices=[("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")],
    )
    hours = models.JSONField(_("Office hours"), default=default_hours, help_text=_("Weekday (0 = Monday) to opening hours."))
    clocks = models.JSONField(_("Clocks in working days"), default=default_clocks)
    approvers = models.JSONField(_("Who approves an answer, in order"), default=default_approvers, blank=True)
    number_pattern = models.CharField(_("Printed register number"), max_length=60, default="{serial3}/PGD/{year}")
    letter_pattern = models.CharField(
        _("Printed letter number"), max_length=60, default="{kind}/{serial3}/{village}/{roman}/{year}"
    )
    quiet_from = models.TimeField(_("No messages from"), default=time(20))
    quiet_until = models.TimeField(_("No messages until"), default=time(6))
    report_day = models.PositiveSmallIntegerField(
        _("Day of the month on which the report of the month before is due"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(LAST_REPORT_DAY)],
    )
    report_by_itself = models.BooleanField(_("Send it by itself when nobody has sent it by then"), default=False)
    joint_leave_counts_as_off = models.BooleanField(_("Joint leave days are days off"), default=True)

    def __str__(self) -> str:
        return self.name

    def clock(self, key: str) -> int:
        return int(self.clocks.get(key, CLOCKS[key]))

    @property
    def zone_label(self) -> str:
        return str(self.get_zone_display())

    @property
    def site(self) -> str:
        """Our address as people outside reach it, without a slash at the end; "" where nobody said."""
        return settings.ADDRESS or (f"https://{self.host}" if self.host else "")

    def local(self, moment: datetime) -> datetime:
        """``moment`` on the village's own clock, whoever asks and wherever."""
        return moment.astimezone(ZoneInfo(self.zone))

    def opening(self) -> dict[int, tuple[time, time]]:
        """Opening and closing time per weekday (0 = Monday)."""
        spans = {}
        for weekday, span in self.hours.items():
            opens, closes = span.split("-")
            spans[int(weekday)] = (time.fromisoformat(opens), time.fromisoformat(closes))
        return spans

    def opening_runs(self) -> list[tuple[int, int, str]]:
        """The same with equal days together: first weekday, last weekday, ``07.30–15.30 WIB``."""
        runs: list[tuple[int, int, str]] = []
        for weekday, (opens, closes) in sorted(self.opening().items()):
            span = f"{opens:%H.%M}–{closes:%H.%M} {self.zone_label}"
            if runs and runs[-1][1] == weekday - 1 and runs[-1][2] == span:
                runs[-1] = (runs[-1][0], weekday, span)
            else:
                runs.append((weekday, weekday, span))
        return runs


class OfVillage(models.Model):
    """Every other table carries its village, first in its indexes."""

    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class Hamlet(OfVillage):
    name = models.CharField(_("Hamlet (dusun)"), max_length=60)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["village", "name"], name="hamlet_once")]

    def __str__(self) -> str:
        return self.name


class Neighbourhood(OfVillage):
    """One RT of one RW of a hamlet; both are text of three digits, leading zeros kept."""

    hamlet = models.ForeignKey(Hamlet, on_delete=models.CASCADE, related_name="neighbourhoods")
    rw = models.CharField("RW", max_length=3)
    rt = models.CharField("RT", max_length=3)

    class Meta:
        ordering = ["hamlet__order", "rw", "rt"]
        constraints = [models.UniqueConstraint(fields=["village", "hamlet", "rw", "rt"], name="rt_once")]

    def __str__(self) -> str:
        return f"RT {self.rt}/RW {self.rw}"


class Unit(OfVillage):
    name = models.CharField(_("Unit"), max_length=80)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["village", "name"], name="unit_once")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who may log in. Posts and roles are memberships: one person, many roles, each with its term."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("Name"), max_length=100)
    phone = models.CharField(_("Telephone"), max_length=20, blank=True)
    must_change_password = models.BooleanField(default=False)
    by_mail = models.BooleanField(_("Also tell me by e-mail"), default=False)
    digest = models.BooleanField(_("One e-mail in the morning instead of many"), default=False)

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def standing(self) -> Standing:
        """The roles held today, read once per request."""
        away = Leave.current().filter(stand_in=self).values("user")
        held = Membership.current().filter(Q(user=self) | Q(user__in=away))
        return Standing(self, list(held.select_related("village").order_by("village_id", "id")))


class Membership(OfVillage):
    """A post and a role from one day to another. Ended, never edited away: old complaints keep the old name and post."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("Role"), max_length=12, choices=Role.choices)
    post = models.CharField(_("Post"), max_length=80, help_text=_("For example: Kasi Kesejahteraan"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    hamlet = models.ForeignKey(Hamlet, on_delete=models.PROTECT, null=True, blank=True, related_name="heads")
    since = models.DateField(_("From"))
    until = models.DateField(_("Until"), null=True, blank=True)
    acting = models.BooleanField(_("Acting (Plt.)"), default=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["village", "role"], name="membership_role")]

    def __str__(self) -> str:
        return f"{self.user} — {self.post}"

    @property
    def title(self) -> str:
        """The post as papers and events write it: ``Plt. Kepala Desa`` of who only acts in it."""
        return f"Plt. {self.post}" if self.acting else self.post

    @classmethod
    def current(cls, day: date | None = None) -> models.QuerySet[Membership]:
        """Memberships in their term on ``day`` (today) of people who may log in."""
        day = day or timezone.localdate()
        return cls.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day, user__is_active=True)


class Leave(OfVillage):
    """An official is away; the stand-in may do what he does, as far as the wall lets the stand-in."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="leaves")
    stand_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateField(_("From"))
    until = models.DateField(_("Until"))

    class Meta:
        ordering = ["-since"]
        indexes = [models.Index(fields=["village", "until"], name="leave_until")]

    @classmethod
    def current(cls, day: date | None = None) -> models.QuerySet[Leave]:
        day = day or timezone.localdate()
        return cls.objects.filter(since__lte=day, until__gte=day)


class Standing:
    """Where a signed-in person stands: one village at a time, with all roles held there, or taken over while others are away.

    ``acts_for``: the ids of the person and of those for whom he stands in. ``lent``: the memberships of the latter.
    ``powers``: both, as (user id, role).
    """

    def __init__(self, user: User, memberships: list[Membership]) -> None:
        """``memberships``: the person's own, and those of people who are away today and named him; the keys of the office are lent to nobody."""
        own = [m for m in memberships if m.user_id == user.pk]
        self.user = user
        self.village_id = own[0].village_id if own else None
        self.memberships = [m for m in own if m.village_id == self.village_id]
        self.lent = [m for m in memberships if m.user_id != user.pk and m.village_id == self.village_id and m.role != Role.ADMIN]
        self.roles = frozenset(Role(m.role) for m in [*self.memberships, *self.lent])
        self.acts_for = frozenset({user.pk, *(m.user_id for m in self.lent)})
        self.powers = frozenset((m.user_id, m.role) for m in [*self.memberships, *self.lent])

    @property
    def post(self) -> str:
        return self.memberships[0].post if self.memberships else ""

    @property
    def label(self) -> str:
        """``Sari Wulandari — Petugas Pengelola Pengaduan``: how a person is written into events and papers, for good."""
        return f"{self.user} — {self.memberships[0].title}" if self.post else str(self.user)

    def is_(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


class Kind(models.TextChoices):
    COMPLAINT = "COMPLAINT", _("Complaint")
    ASPIRATION = "ASPIRATION", _("Aspiration")
    INFORMATION = "INFORMATION", _("Request for information")


class Category(OfVillage):
    """Two levels; the lower one carries the unit that usually answers and the usual kind."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("Category"), max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices, default=Kind.COMPLAINT)
    inspection = models.BooleanField(_("Needs an inspection (abuse of office, levies, funds)"), default=False)
    clock_days = models.PositiveSmallIntegerField(
        _("Working days to answer"), null=True, blank=True, help_text=_("Empty: the clock of its kind.")
    )
    extension_days = models.PositiveSmallIntegerField(
        _("May be extended once, by at most"), null=True, blank=True, help_text=_("Working days. Empty: as often as needed.")
    )
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    active = models.BooleanField(_("In use"), default=True)

    class Meta:
        ordering = ["order", "name"]
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(fields=["village", "parent", "name"], name="category_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        return f"{self.parent.name} › {self.name}" if self.parent else self.name


class Holiday(OfVillage):
    """A day off. Seeded from the ``holidays`` package, which knows no late decree: the office may add and remove days."""

    class Kind(models.TextChoices):
        PUBLIC = "PUBLIC", _("Public holiday")
        JOINT_LEAVE = "JOINT_LEAVE", _("Joint leave")
        LOCAL = "LOCAL", _("Local day off")

    day = models.DateField(_("Day"))
    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices, default=Kind.LOCAL)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["village", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class Agency(OfVillage):
    """An office above or outside: where what is not the village's to decide is sent."""

    name = models.CharField(_("Agency"), max_length=120)
    handles = models.CharField(_("What it decides"), max_length=200, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    email = models.EmailField(_("E-mail"), blank=True, default="")
    answers_in = models.PositiveSmallIntegerField(_("Answers within (working days)"), default=14)
    above = models.BooleanField(_("Stands above the village"), default=False)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"
        constraints = [models.UniqueConstraint(fields=["village", "name"], name="agency_once")]

    def __str__(self) -> str:
        return self.name


class Arms(OfVillage):
    """The arms printed in the letterhead: a small PNG, painted anew from what was uploaded."""

    picture = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village"], name="arms_once")]


class PaperWording(OfVillage):
    """A fixed sentence of a paper in the village's own words; ``reports/wording.py`` knows the papers, their parts and the usual words."""

    paper = models.CharField(max_length=20)
    part = models.CharField(max_length=20)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "paper", "part"], name="wording_once")]


class LetterRule(OfVillage):
    """How a village signs, copies and numbers one kind of letter; empty means as usual."""

    class Signs(models.TextChoices):
        HEAD = "HEAD", _("The village head")
        SECRETARY = "SECRETARY", _("The secretary, a.n. Kepala Desa")
        UNDER = "UNDER", _("Another post, a.n. Kepala Desa, u.b.")
        OFFICER = "OFFICER", _("The complaint officer, a.n. Kepala Desa")

    kind = models.CharField(max_length=20)
    signs = models.CharField(_("Who signs"), max_length=12, choices=Signs.choices, default=Signs.HEAD)
    post = models.CharField(_("Post that signs u.b."), max_length=80, blank=True)
    copies = models.TextField(_("Copies to (tembusan)"), blank=True)
    code = models.CharField(_("Classification code"), max_length=12, blank=True)
    pattern = models.CharField(_("Printed number of this kind"), max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "kind"], name="letter_rule_once")]

    @classmethod
    def of(cls, village: Village | str, kind: str) -> LetterRule:
        """The rule of a kind; one that says nothing where the village has none. ``village``: or its code."""
        key = village if isinstance(village, str) else village.pk
        return cls.objects.filter(village=key, kind=kind).first() or cls(village_id=key, kind=kind)
