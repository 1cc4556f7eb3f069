"""The yearly satisfaction survey, and what the village did to make its complaint desk known."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import skm
from kentongan.village.models import OfVillage


class SurveyElement(OfVillage):
    """What is asked about: the ministry's nine to begin with, the village's own to put in order and into words."""

    name = models.CharField(_("Element"), max_length=80)
    question = models.CharField(_("Question"), max_length=300)
    answer_1 = models.CharField(_("Answer 1 (worst)"), max_length=60)
    answer_2 = models.CharField(_("Answer 2"), max_length=60)
    answer_3 = models.CharField(_("Answer 3"), max_length=60)
    answer_4 = models.CharField(_("Answer 4 (best)"), max_length=60)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["village", "name"], name="survey_element_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def answers(self) -> list[str]:
        return [self.answer_1, self.answer_2, self.answer_3, self.answer_4]


class Survey(OfVillage):
    """One year's survey about one service. Its questions are kept with it; closed, its result and papers are what they were."""

    year = models.PositiveSmallIntegerField(_("Year"))
    service = models.CharField(_("Service"), max_length=80, default=skm.SERVICE)
    opens_on = models.DateField(_("Open from"))
    closes_on = models.DateField(_("Open until"))
    population = models.PositiveIntegerField(_("How many people used the service in the year"), null=True, blank=True)
    elements = models.JSONField(default=list)  # [{"key": "U1", "name", "question", "answers": [four]}], as they were asked
    follow_up = models.JSONField(default=dict, blank=True)  # element key → {"what", "who", "when"}
    at = models.DateTimeField(default=timezone.now)
    by_label = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    index = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)  # as closed
    respondents = models.PositiveIntegerField(default=0)  # as closed
    data = models.JSONField(default=dict, blank=True)  # all the report says, as closed
    a4 = models.FileField(upload_to="surveys", blank=True)
    a4_digest = models.CharField(max_length=64, blank=True)
    f4 = models.FileField(upload_to="surveys", blank=True)
    f4_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-year", "service"]
        constraints = [models.UniqueConstraint(fields=["village", "year", "service"], name="survey_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.year}"

    def is_open(self, day: date) -> bool:
        """Whether answers are taken on ``day``."""
        return self.closed_at is None and self.opens_on <= day <= self.closes_on

    @property
    def is_kept(self) -> bool:
        """Whether its report was made for good."""
        return bool(self.a4_digest and self.f4_digest)

    @property
    def keys(self) -> list[str]:
        return [element["key"] for element in self.elements]

    @property
    def band(self) -> skm.Band | None:
        return skm.band_of(self.index) if self.index is not None else None


class SurveyAnswer(OfVillage):
    """What one person answered. Nobody knows who: no name, no address, no hour."""

    class Age(models.TextChoices):
        CHILD = "-16", _("up to 16")
        YOUNG = "17-25", _("17 to 25")
        MIDDLE = "26-40", _("26 to 40")
        OLDER = "41-60", _("41 to 60")
        OLD = "61+", _("61 and older")

    class Sex(models.TextChoices):
        MALE = "L", _("Male")
        FEMALE = "P", _("Female")

    class Education(models.TextChoices):
        NONE = "-", _("No school certificate")
        SD = "SD", _("Primary school (SD)")
        SMP = "SMP", _("Junior high school (SMP)")
        SMA = "SMA", _("Senior high school (SMA/SMK)")
        D3 = "D3", _("Diploma (D1–D3)")
        S1 = "S1", _("University (S1/D4 and higher)")

    class Occupation(models.TextChoices):
        FARMER = "TANI", _("Farmer or fisher")
        LABOURER = "BURUH", _("Labourer")
        TRADER = "DAGANG", _("Trader or own business")
        EMPLOYEE = "SWASTA", _("Employee")
        STATE = "ASN", _("State official, army or police")
        HOUSE = "RT", _("Housekeeping")
        PUPIL = "PELAJAR", _("Pupil or student")
        OTHER = "LAIN", _("Something else")

    class Via(models.TextChoices):
        WEB = "web", _("Web form")
        PAPER = "paper", _("Paper form")

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    scores = models.JSONField()  # element key → 1 to 4; what was not answered is not there
    age = models.CharField(_("Age"), max_length=8, choices=Age.choices, blank=True)
    sex = models.CharField(_("Sex"), max_length=8, choices=Sex.choices, blank=True)
    education = models.CharField(_("Highest education"), max_length=8, choices=Education.choices, blank=True)
    occupation = models.CharField(_("Occupation"), max_length=8, choices=Occupation.choices, blank=True)
    suggestion = models.TextField(_("Suggestion"), blank=True)
    via = models.CharField(max_length=8, choices=Via.choices)
    on = models.DateField()
    token = models.CharField(max_length=64)  # of the form: sent twice it is one answer

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["survey", "token"], name="survey_answer_once")]


class Publicity(OfVillage):
    """One time the village told people how to complain (sosialisasi): when, where, what, with a photo where there is one."""

    on = models.DateField(_("Day"))
    place = models.CharField(_("Place"), max_length=120)
    what = models.CharField(_("What was told, and how"), max_length=300)
    people = models.PositiveIntegerField(_("How many were there"), null=True, blank=True)
    photo = models.FileField(upload_to="publicity", blank=True)
    at = models.DateTimeField(default=timezone.now)
    by_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["village", "-on"], name="publicity_newest")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("what was done is not written anew")
        super().save(*args, **kwargs)
