"""The day of the report: asked for once, or sent by itself, on the day or the next one the office is there; the head hears of it."""

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kentongan.channels.models import Mailbox, OutgoingMessage
from kentongan.complaints import actions, sent_reports
from kentongan.complaints.models import ReportNotice, SentReport
from kentongan.jobs.models import Job
from kentongan.reports.report import duties, sending
from kentongan.reports.report.period import Period
from kentongan.village.models import Leave, Membership, User
from kentongan.village.roles import Role
from kentongan.web.context import unread
from tests import letters
from tests.cast import Cast
from tests.channels.email.official import body, got, morning, wants, work
from tests.mailserver import Smtp

DAY = datetime(2041, 11, 5, 1, tzinfo=UTC)  # 08.00 WIB on the day; later than the database's own clock
KEY = "2041-10"


@pytest.fixture
def october(cast: Cast) -> Cast:
    with time_machine.travel(datetime(2041, 10, 10, 3, tzinfo=UTC), tick=False):
        actions.receive(_entry(), village=cast.village, by=None)
    return cast


def _entry() -> actions.Entry:
    return actions.Entry(text="Jalan berlubang.", channel="phone", received_at=timezone.now())


def on(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        duties.reports_due.call()
        work()


def told(kind: str = "desk") -> list[tuple[str, str, bool]]:
    """Who was told of which period, and whether it was sent."""
    rows = OutgoingMessage.objects.filter(report__isnull=False, channel=kind).select_related("to", "report").order_by("pk")
    return [(row.to.username, row.report.period, bool(row.report.report_id)) for row in rows if row.to and row.report]


def test_on_the_day_the_officer_is_told_once(october: Cast, client_of: type[Client]) -> None:
    on(DAY - timedelta(days=1))
    assert told() == []
    for hours in (0, 1, 24, 24 * 10):
        on(DAY + timedelta(hours=hours))
    assert told() == [("sari", KEY, False)]
    sari = client_of(october.sari)
    assert "Bulan Oktober 2041" in sari.get(reverse("desk:notices")).content.decode()
    notice = OutgoingMessage.objects.get(report__isnull=False)
    with time_machine.travel(DAY):
        assert unread(october.sari) >= 1
        answer = client_of(october.sari).post(reverse("desk:open_notice", args=[notice.pk]))
    assert answer["Location"] == reverse("book:report", args=[KEY])
    assert client_of(october.harun).post(reverse("desk:open_notice", args=[notice.pk])).status_code == 404
    assert not SentReport.objects.exists()


def test_two_workers_claim_it_once(october: Cast) -> None:
    first, second = (sent_reports.claim(october.village, KEY, "Bulan Oktober 2041") for _ in range(2))
    assert first is not None
    assert second is None
    sent_reports.tell(first)
    sent_reports.tell(first)
    work()
    assert Job.objects.filter(unique_key=f"report:{first.pk}").count() <= 1
    assert told() == [("sari", KEY, False)]


def test_an_office_that_was_shut_makes_up_for_it(october: Cast) -> None:
    on(DAY)
    on(datetime(2042, 2, 20, 1, tzinfo=UTC))
    assert [key for _who, key, _sent in told()] == [KEY, "2041-11", "2041-12", "2041-Q4", "2041-S2", "2041", "2042-01"]


@pytest.mark.parametrize(("day", "today", "periods"), [
    (5, date(2041, 11, 4), []),  # October's is not due, and before October there was no book
    (5, date(2041, 11, 5), ["2041-10"]),
    (28, date(2041, 11, 28), ["2041-10"]),
    (1, date(2042, 1, 1), ["2041-12", "2041-Q4", "2041-S2", "2041"]),
])  # fmt: skip
def test_what_is_due(october: Cast, day: int, today: date, periods: list[str]) -> None:
    october.village.report_day = day
    assert [period.key for period in duties.due(october.village, today)] == periods


def test_a_village_without_a_book_is_not_asked(cast: Cast) -> None:
    on(DAY)
    assert not ReportNotice.objects.exists()


def test_what_was_sent_before_is_not_asked_for_and_the_head_is_told(october: Cast, client_of: type[Client]) -> None:
    with time_machine.travel(DAY - timedelta(days=3), tick=False):
        report = sending.send(october.sari, october.village, Period.of(KEY), advice=["Satu."], now=timezone.now())
        work()
    on(DAY)
    assert told() == [("harun", KEY, True)]
    page = client_of(october.harun).get(reverse("desk:notices")).content.decode()
    assert report.number in page
    notice = OutgoingMessage.objects.get(report__isnull=False)
    answer = client_of(october.harun).post(reverse("desk:open_notice", args=[notice.pk]))
    assert answer["Location"] == reverse("book:reports")


def test_who_is_shut_out_of_it_is_told_nothing(october: Cast, client_of: type[Client]) -> None:
    with time_machine.travel(DAY, tick=False):
        report = sending.send(october.sari, october.village, Period.of(KEY), advice=["Satu."], now=timezone.now())
        work()
        actions.name(report.complaints.get(), officials=[october.harun], by=october.sari)
        assert unread(User.objects.get(pk=october.harun.pk)) == 0
    page = client_of(User.objects.get(pk=october.harun.pk)).get(reverse("desk:notices")).content.decode()
    assert report.number not in page


def by_itself(cast: Cast) -> None:
    cast.village.report_by_itself = True
    cast.village.save()


def test_switched_on_it_is_sent_by_itself_once(october: Cast, client_of: type[Client]) -> None:
    by_itself(october)
    for hours in (0, 1, 24):
        on(DAY + timedelta(hours=hours))
    report = SentReport.objects.get()
    assert (report.period, report.by, report.by_itself) == (KEY, october.sari, True)
    assert told() == [("harun", KEY, True), ("sari", KEY, True)]
    page = client_of(october.sari).get(reverse("book:reports")).content.decode()
    assert "sent by itself" in page or "otomatis" in page


def test_it_is_signed_by_the_secretary_where_there_is_no_officer(october: Cast) -> None:
    by_itself(october)
    Membership.objects.filter(role=Role.OFFICER).update(until=date(2041, 10, 31))
    on(DAY)
    assert SentReport.objects.get().by == october.lastri


def test_without_either_the_head_is_asked(october: Cast) -> None:
    by_itself(october)
    Membership.objects.filter(role__in=[Role.OFFICER, Role.SECRETARY]).update(until=date(2041, 10, 31))
    on(DAY)
    assert told() == [("harun", KEY, False)]


def test_what_the_head_may_not_see_is_not_in_what_is_sent_by_itself(october: Cast) -> None:
    by_itself(october)
    with time_machine.travel(datetime(2041, 10, 12, 3, tzinfo=UTC), tick=False):
        hidden = actions.receive(_entry(), village=october.village, by=None)
        actions.name(hidden, officials=[october.harun], by=october.sari)
    on(DAY)
    assert hidden not in SentReport.objects.get().complaints.all()
    assert SentReport.objects.get().complaints.count() == 1


def test_who_stands_in_for_the_officer_is_asked_too(october: Cast) -> None:
    Leave.objects.create(
        village=october.village, user=october.sari, stand_in=october.lastri, since=date(2041, 11, 1), until=date(2041, 11, 9)
    )
    on(DAY)
    assert told() == [("sari", KEY, False), ("lastri", KEY, False)]


# --- by mail -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def box(october: Cast) -> Mailbox:
    return letters.mailbox(october.village, smtp_security="NONE", smtp_login=False)


def at_server(box: Mailbox, smtp: Smtp) -> None:
    box.smtp_port = smtp.port
    box.save()


def about_reports(smtp: Smtp, who: User) -> list[EmailMessage]:
    return [made for made in got(smtp, who) if "Laporan" in str(made["Subject"])]


@pytest.mark.django_db(transaction=True)
def test_the_letters_name_period_number_and_page_and_nobody(october: Cast, box: Mailbox) -> None:
    wants(october.sari)
    wants(october.harun)
    with Smtp() as smtp:
        at_server(box, smtp)
        on(DAY)
        with time_machine.travel(DAY + timedelta(hours=1), tick=False):
            report = sending.send(october.sari, october.village, Period.of(KEY), advice=["Budi."], now=timezone.now())
            work()
        [ready], [sent] = about_reports(smtp, october.sari), about_reports(smtp, october.harun)
    assert "Laporan Bulan Oktober 2041: siap dibaca dan ditandatangani" in body(ready)
    assert f"Laporan Bulan Oktober 2041 ({report.number}): sudah dikirim" in body(sent).replace("\n", " ")
    assert "Budi" not in body(sent)
    assert "Jalan berlubang" not in body(sent)


@pytest.mark.django_db(transaction=True)
def test_who_wants_one_letter_in_the_morning_finds_it_there(october: Cast, box: Mailbox) -> None:
    wants(october.sari, digest=True)
    with Smtp() as smtp:
        at_server(box, smtp)
        on(DAY)
        with time_machine.travel(DAY + timedelta(hours=23), tick=False):
            morning()
        [listed] = got(smtp, october.sari)
    assert "- Laporan Bulan Oktober 2041: siap dibaca" in body(listed)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shut_out", [True, False])
def test_nothing_goes_to_a_mailbox_shared_with_one_who_is_shut_out(october: Cast, box: Mailbox, shut_out: bool) -> None:
    wants(october.harun)
    october.joko.email = october.harun.email
    october.joko.save()
    with Smtp() as smtp:
        at_server(box, smtp)
        with time_machine.travel(DAY, tick=False):
            report = sending.send(october.sari, october.village, Period.of(KEY), advice=["Satu."], now=timezone.now())
            if shut_out:
                actions.name(report.complaints.get(), officials=[october.joko], by=october.sari)
            work()
        assert bool(about_reports(smtp, october.harun)) is not shut_out
    assert told() == [("harun", KEY, True)]
