"""Loading the demo, all or nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kentongan.channels import notify
from kentongan.demo import people, village
from kentongan.demo.book import Book
from kentongan.village.models import Village


@dataclass(frozen=True)
class Loaded:
    village: Village
    password: str
    complaints: int


def load(now: datetime | None = None) -> Loaded:
    """Make the demo village with its people and its year up to ``now``, and tell the officials of the last days."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    password = people.make_demo_password()
    with transaction.atomic():
        place = village.build(today)
        officials = people.build(place, today, password)
        complaints = Book(place, officials, now).play()
    while notify.dispatch_pending():
        continue
    return Loaded(place, password, complaints)
