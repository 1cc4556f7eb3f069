"""Numbers of outgoing letters, each once, and what the public may check of a paper."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from kentongan.complaints.models.book import Complaint
from kentongan.complaints.models.meetings import Meeting
from kentongan.village.models import OfVillage, User


class Kept(models.QuerySet["LetterNumber"]):
    """A number once given stays in the register."""

    def delete(self) -> NoReturn:
        raise TypeError("letter numbers are never deleted")


class LetterNumber(OfVillage):
    """One number of the register of outgoing letters (*buku agenda surat keluar*): given once, cancelled at most, never given again.

    It belongs to a complaint, to a meeting, or to the report of a period. ``serial`` is empty where an older number could not be read.
    """

    kind = models.CharField(max_length=12)
    series = models.CharField(max_length=12)  # kinds of one classification code are counted together
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField(null=True)
    number = models.CharField(max_length=60)  # as printed
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="+")
    period = models.CharField(max_length=7, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=200, blank=True)  # name and post on that day
    cancelled_why = models.TextField(blank=True)

    objects = Kept.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["village", "series", "year", "serial"], name="letter_number_once")]
        indexes = [
            models.Index(fields=["village", "year", "-id"], name="letter_number_newest"),
            models.Index(fields=["village", "number"], name="letter_number_printed"),
        ]

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("letter numbers are never deleted")


class PaperCheck(OfVillage):
    """The random code on a paper by which anybody may ask whether the village gave it out: of a numbered letter, or of a receipt."""

    code = models.CharField(max_length=16, unique=True)
    letter = models.OneToOneField(LetterNumber, on_delete=models.PROTECT, null=True, related_name="check_code")
    receipt = models.OneToOneField(Complaint, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class PrintedVersion(OfVillage):
    """What a paper said when it was printed, as a digest; a paper printed again unchanged is the same version."""

    check_code = models.ForeignKey(PaperCheck, on_delete=models.PROTECT, related_name="versions")
    digest = models.CharField(max_length=16)  # hexadecimal digits
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["check_code", "digest"], name="printed_version_once")]
