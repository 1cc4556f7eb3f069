"""Loading the demo, all or nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kentongan.channels import notify
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import standard_texts
from kentongan.demo import people, survey, village
from kentongan.demo.book import Book
from kentongan.village.models import Village

READ_WITHIN = timedelta(days=2)  # the officials of the demo read their notices


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
        standard_texts.add_first(place)
        officials = people.build(place, today, password)
        complaints = Book(place, officials, now).play()
        survey.fill(place, officials, now)
    while notify.dispatch_pending():
        continue
    read = OutgoingMessage.objects.filter(village=place, event__at__lt=now - READ_WITHIN)
    read.update(read_at=now)
    return Loaded(place, password, complaints)
