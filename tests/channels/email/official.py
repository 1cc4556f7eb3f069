"""Letters to officials for tests: told at noon of a day by the worker's own jobs, taken by a real mail server."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.utils import timezone

from kentongan.channels.email import officials
from kentongan.channels.models import OutgoingMessage
from kentongan.jobs import engine
from kentongan.jobs.models import Job
from kentongan.village.models import User
from tests.channels.test_notify import tell
from tests.mailserver import Smtp

NOON = datetime(2040, 11, 28, 5, tzinfo=UTC)  # 12.00 WIB, 13.00 WITA, 14.00 WIT; later than the database's own clock
MORNING = datetime(2040, 11, 28, 23, 15, tzinfo=UTC)  # 06.15 WIB of the next day


def wants(user: User, address: str = "", *, digest: bool = False) -> None:
    user.email, user.by_mail, user.digest = address or f"{user.username}@example.com", True, digest
    user.save()


def work() -> None:
    """Tell of every event and do every job that is due by the clock of the test."""
    tell()
    while True:
        job = Job.objects.filter(state="READY", run_after__lte=timezone.now()).order_by("run_after", "pk").first()
        if job is None:
            return
        Job.objects.filter(pk=job.pk).update(state="RUNNING", fence=job.fence + 1, attempts=job.attempts + 1)
        engine.execute(Job.objects.get(pk=job.pk))
        tell()


def morning() -> None:
    officials.morning_digest.call()
    work()


def got(smtp: Smtp, who: User | str) -> list[EmailMessage]:
    """What the mail server took for somebody."""
    address = who if isinstance(who, str) else who.email
    found = [message_from_bytes(content, policy=policy.default) for content in smtp.letters]
    return [made for made in found if isinstance(made, EmailMessage) and made["To"] == address]


def body(made: EmailMessage) -> str:
    part = made.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def report(letter: OutgoingMessage) -> bytes:
    """What a mail server says of a letter that it could not deliver, with the letter itself."""
    return (
        "From: MAILER-DAEMON@example.com\r\nTo: desa@kuripan.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.com\r\n\r\n"
        f"Final-Recipient: rfc822; {letter.address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {letter.message_id}\r\nSubject: {letter.subject}\r\n\r\n"
        f"{letter.text}\r\n--b--\r\n"
    ).encode()
