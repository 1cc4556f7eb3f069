"""Telling of periodic reports: the desk that one is ready to be signed, the head that one was sent. On the desk, and by mail to who wants it.

A letter names the period, the number and the page, nothing else; who may not open a report is not told of it.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.channels.email import officials, outbox
from kentongan.channels.models import Mailbox, OutgoingMessage
from kentongan.complaints import sent_reports
from kentongan.complaints.models import ReportNotice
from kentongan.jobs.backend import task
from kentongan.village import leave
from kentongan.village.models import User
from kentongan.village.roles import Role

READY, SENT = _("A report is ready to be read and signed"), _("A report was sent to the village head")


def sentence(notice: ReportNotice) -> Promise | str:
    """What happened, for officials."""
    return SENT if notice.report_id else READY


@task()
def tell(notice: int) -> None:
    """Write the notices, and the letters to who wants them at once. Done twice, it is written once."""
    row = ReportNotice.objects.select_related("village", "report").get(pk=notice)
    if OutgoingMessage.objects.filter(report=row).exists():
        return
    people = _audience(row)
    states = OutgoingMessage.State
    on_the_desk = [
        OutgoingMessage(village=row.village, report=row, channel="desk", to=user, state=states.SENT) for user in people
    ]
    letters = [letter for letter in (_letter(row, user) for user in people) if letter]
    once = {letter.address: letter for letter in reversed(letters)}
    for message in OutgoingMessage.objects.bulk_create([*on_the_desk, *once.values()]):
        outbox.post(message)


def _audience(notice: ReportNotice) -> list[User]:
    """The head, not where he sent it; before it is sent the officer or who stands in for him; each followed by who acts for him while he is away.

    In whose name it was sent by itself hears of it too.
    """
    village, report = notice.village, notice.report
    roles = (Role.HEAD,) if report else (Role.OFFICER, Role.SECRETARY, Role.HEAD)
    stands_in = dict(leave.today(village.pk))
    ids = [pk for user in sent_reports.holders(village, *roles) for pk in (user.pk, stands_in.get(user.pk))]
    if report and report.by_itself:
        ids.append(report.by_id)
    elif report:
        ids = [pk for pk in ids if pk != report.by_id]
    people = User.objects.in_bulk([pk for pk in ids if pk])
    return [people[pk] for pk in dict.fromkeys(ids) if pk in people and _concerns(notice, people[pk])]


def _concerns(notice: ReportNotice, user: User) -> bool:
    """Whether he may be told, and there is still something to do: a report he sees was sent already is not asked for."""
    if not sent_reports.notices_for(user).filter(pk=notice.pk).exists():
        return False
    return bool(notice.report_id) or not sent_reports.reports_for(user).filter(period=notice.period).exists()


def _letter(notice: ReportNotice, user: User) -> OutgoingMessage | None:
    """The letter to an official, not yet saved; ``None`` when he wants none at once, or none can be sent."""
    mailbox = Mailbox.objects.filter(village=notice.village, active=True).first()
    if mailbox is None or not (user.by_mail and user.email) or user.digest:
        return None
    if not officials.may_be_told(notice, user):
        return None
    values = outbox.of_village(notice.village) | {
        "nama": user.name,
        "nomor": officials.title(notice),
        "isi": officials.said_of_report(notice),
        "tautan": officials.link(notice.village, path(notice)),
    }
    letter = outbox.letter_to(mailbox, user.email.lower(), "notice", notice.village, values)
    letter.report, letter.to, letter.read_at = notice, user, letter.created_at  # only what lies on the desk waits to be read
    return letter


def path(notice: ReportNotice) -> str:
    """The page that shows it: the report to be signed, or those that were sent."""
    return reverse("book:reports") if notice.report_id else reverse("book:report", args=[notice.period])
