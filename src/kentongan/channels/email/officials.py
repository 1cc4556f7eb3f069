"""Letters to officials: that something waits at the desk. Never who, never what: a letter is read over shoulders.

Each chooses it for himself, at once or as one letter in the morning; nothing goes out in the village's quiet hours. Whether he
may know of it is asked twice: when the letter is written, and when it goes.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from kentongan.channels.email import outbox, words
from kentongan.channels.models import Mailbox, OutgoingMessage
from kentongan.complaints import sent_reports
from kentongan.complaints.models import Complaint, Event, ReportNotice, ShutOut
from kentongan.jobs import engine
from kentongan.jobs.backend import task
from kentongan.village.models import User, Village

MOST_LINES = 40
WRITE = "kentongan.channels.email.officials.write_digests"
A_DAY = timedelta(days=1)
LONGEST_GAP = timedelta(days=7)  # mornings without a worker that the next letter still makes good


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
    letter.event, letter.complaint = event, event.complaint
    return _for(user, letter)


def _for(user: User, letter: OutgoingMessage) -> OutgoingMessage:
    letter.to = user
    letter.read_at = letter.created_at  # only what lies on the desk waits to be read
    return letter


def said(event: Event) -> str:
    """What happened, in Indonesian, as the timeline says it."""
    with translation.override("id"):
        return str(words.sentence(event))


def title(notice: ReportNotice) -> str:
    """``Laporan Bulan Oktober 2026``, with its number when it was sent."""
    number = f" ({notice.report.number})" if notice.report else ""
    return f"Laporan {notice.name}{number}"


def said_of_report(notice: ReportNotice) -> str:
    return "sudah dikirim kepada Kepala Desa" if notice.report_id else "siap dibaca dan ditandatangani"


def may_be_told(notice: ReportNotice, user: User) -> bool:
    """Whether a letter about a report may go to his address: he may know, and nobody who reads there is shut out of what it counts."""
    counted = Complaint.for_system("who is shut out of a report").filter(pk__in=_kept_from(user.email))
    if notice.report and counted.filter(pk__in=notice.report.complaints.values("pk")).exists():
        return False
    return sent_reports.notices_for(user).filter(pk=notice.pk).exists()


def link(village: Village, path: str) -> str:
    """The page on the site, where the installation knows its address."""
    site = village.site
    return f"{site}{path}" if site else ""


def awake(village: Village, now: datetime) -> datetime | None:
    """When a letter to an official may go out: ``None`` for at once, else the end of the quiet hours. Begin and end alike: no such hours."""
    local = village.local(now)
    begin, end = village.quiet_from, village.quiet_until
    over_midnight = begin > end
    quiet = local.time() >= begin or local.time() < end if over_midnight else begin <= local.time() < end
    if not quiet:
        return None
    morning = datetime.combine(local.date(), end, local.tzinfo)
    return morning if morning > local else morning + A_DAY


def may_go(letter: OutgoingMessage) -> bool:
    """Whether a written letter to an official may go out as things stand now: he still wants it there, and the wall lets him know.

    A morning's list is written anew: what he has read since, or may no longer see, stands in it no more.
    """
    user = letter.to
    if user is None or not (user.is_active and user.by_mail and user.email.lower() == letter.address):
        return False
    if letter.report:
        return may_be_told(letter.report, user)
    if letter.complaint_id is None:
        return _written_anew(letter, user)
    return Complaint.visible_to(user).filter(pk=letter.complaint_id).exclude(pk__in=_kept_from(letter.address)).exists()


def _kept_from(address: str) -> Any:
    """The complaints that somebody who reads letters at this address is shut out of: people share mailboxes."""
    return ShutOut.objects.filter(user__email__iexact=address).values("complaint")


# --- one letter in the morning -----------------------------------------------------------------------------------------


@task()
def morning_digest() -> None:
    """Have the morning's letters written, a village a job: where one fails, the others get theirs."""
    for mailbox in Mailbox.objects.filter(active=True).order_by("pk").values_list("pk", flat=True):
        engine.put(WRITE, [mailbox], unique_key=f"digest:{mailbox}")


@task()
def write_digests(mailbox: int) -> None:
    """One letter to each of a village who wants one: what is new and unread, as far as he may see it. Done twice, it is written once."""
    with transaction.atomic():
        box = Mailbox.objects.select_for_update(of=("self",)).select_related("village").filter(pk=mailbox, active=True).first()
        if box is None:
            return
        readers = User.objects.filter(by_mail=True, digest=True, is_active=True, memberships__village=box.village)
        for user in readers.exclude(email="").order_by("pk").distinct():
            _digest(box, user, timezone.now())


def _digest(mailbox: Mailbox, user: User, now: datetime) -> None:
    village = mailbox.village
    last = _digests(user, village).first()
    if last and village.local(last.created_at).date() == village.local(now).date():
        return
    lines = _lines(user, village, user.email, since=_since(last, now), until=now)
    if lines:
        letter = _for(user, outbox.letter_to(mailbox, user.email.lower(), "digest", village, _values(user, village, lines)))
        letter.created_at = now
        letter.save()
        outbox.post(letter)


def _digests(user: User, village: Village) -> QuerySet[OutgoingMessage]:
    return OutgoingMessage.objects.filter(to=user, village=village, kind="digest").order_by("-pk")


def _since(last: OutgoingMessage | None, now: datetime) -> datetime:
    return last.created_at if last and last.created_at > now - LONGEST_GAP else now - A_DAY


def _lines(user: User, village: Village, address: str, *, since: datetime, until: datetime) -> list[str]:
    unread = OutgoingMessage.objects.filter(to=user, village=village, channel="desk", read_at=None, event__isnull=False)
    unread = unread.filter(created_at__gt=since, created_at__lte=until, complaint__in=Complaint.visible_to(user))
    unread = unread.exclude(complaint__in=_kept_from(address)).select_related("event", "complaint").order_by("pk")
    lines = [f"- {row.complaint.number}: {said(row.event)}" for row in unread[:MOST_LINES] if row.complaint and row.event]
    more = unread.count() - MOST_LINES if len(lines) == MOST_LINES else 0
    lines = [*_report_lines(user, since=since, until=until), *lines]
    return [*lines, f"- dan {more} lainnya"] if more else lines


def _report_lines(user: User, *, since: datetime, until: datetime) -> list[str]:
    unread = OutgoingMessage.objects.filter(to=user, channel="desk", read_at=None, report__in=sent_reports.notices_for(user))
    found = unread.filter(created_at__gt=since, created_at__lte=until).select_related("report__report").order_by("pk")
    notices = [row.report for row in found if row.report and may_be_told(row.report, user)]
    return [f"- {title(notice)}: {said_of_report(notice)}" for notice in notices]


def _values(user: User, village: Village, lines: list[str]) -> dict[str, str]:
    values = {"nama": user.name, "isi": "\n".join(lines), "tautan": link(village, reverse("desk:list"))}
    return outbox.of_village(village) | values


def _written_anew(letter: OutgoingMessage, user: User) -> bool:
    """Fill in what is still to be told; False when that is nothing."""
    village = letter.village
    since = _since(_digests(user, village).filter(pk__lt=letter.pk).first(), letter.created_at)
    lines = _lines(user, village, letter.address, since=since, until=letter.created_at)
    letter.text = words.filled(words.of(village, "digest")[1], _values(user, village, lines))
    letter.save(update_fields=["text"])
    return bool(lines)
