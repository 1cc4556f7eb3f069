"""Letters to officials: that something waits at the desk. Never who, never what: a letter is read over shoulders.

Each chooses it for himself, at once or as one letter in the morning; nothing goes out in the village's quiet hours.
"""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone, translation

from kentongan.channels.email import outbox
from kentongan.channels.models import Mailbox, OutgoingMessage
from kentongan.complaints.events import KINDS
from kentongan.complaints.models import Complaint, Event
from kentongan.jobs.backend import task
from kentongan.village.models import User, Village

MOST_LINES = 40


def notice(event: Event, user: User) -> OutgoingMessage | None:
    """The letter that tells an official of an event at once, not yet saved; ``None`` when he wants none, or none can be sent."""
    if not (user.by_mail and user.email) or user.digest:
        return None
    mailbox = Mailbox.objects.filter(village=event.village_id, active=True).first()
    if mailbox is None:
        return None
    village = event.complaint.village
    values = outbox.of_village(village) | {
        "nama": user.name,
        "nomor": event.complaint.number,
        "isi": said(event),
        "tautan": link(village, reverse("desk:complaint", args=[event.complaint.number])),
    }
    letter = outbox.letter_to(mailbox, user.email.lower(), "notice", village, values)
    letter.event, letter.complaint, letter.to = event, event.complaint, user
    return letter


def said(event: Event) -> str:
    """What happened, in Indonesian, as the timeline says it."""
    with translation.override("id"):
        return str(KINDS[event.kind].sentence)


def link(village: Village, path: str) -> str:
    """The page on the site, where the installation knows its address."""
    site = outbox.site(village)
    return f"{site}{path}" if site else ""


def awake(village: Village, now: datetime) -> datetime | None:
    """When a letter to an official may go out: ``None`` for at once, else the end of the quiet hours."""
    local = village.local(now)
    begin, end = village.quiet_from, village.quiet_until
    over_midnight = begin > end
    quiet = local.time() >= begin or local.time() < end if over_midnight else begin <= local.time() < end
    if not quiet:
        return None
    morning = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)


@task()
def morning_digest() -> None:
    """One letter to each who wants one: what has been waiting unread since yesterday morning, as far as he may see it."""
    since = timezone.now() - timedelta(days=1)
    for mailbox in Mailbox.objects.filter(active=True).select_related("village"):
        readers = User.objects.filter(by_mail=True, digest=True, is_active=True, memberships__village=mailbox.village).exclude(
            email=""
        )
        for user in readers.distinct():
            _digest(mailbox, user, since)


def _digest(mailbox: Mailbox, user: User, since: datetime) -> None:
    unread = OutgoingMessage.objects.filter(to=user, channel="desk", read_at=None, created_at__gt=since, village=mailbox.village)
    unread = unread.filter(complaint__in=Complaint.visible_to(user)).select_related("event", "complaint").order_by("pk")
    lines = [f"- {row.complaint.number}: {said(row.event)}" for row in unread[:MOST_LINES] if row.complaint and row.event]
    if not lines:
        return
    values = outbox.of_village(mailbox.village) | {
        "nama": user.name,
        "isi": "\n".join(lines),
        "tautan": link(mailbox.village, reverse("desk:list")),
    }
    letter = outbox.letter_to(mailbox, user.email.lower(), "digest", mailbox.village, values)
    letter.to = user
    letter.save()
    outbox.post(letter)
