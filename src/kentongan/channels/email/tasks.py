"""What the worker does for letters, as durable jobs: look after the mailboxes, understand what came, send what waits."""

import smtplib
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kentongan.channels.email import compose, connect, imap, invitations, officials, outbox, returned, understand, words
from kentongan.channels.email.failures import LASTING
from kentongan.channels.email.outbox import ATTEMPTS
from kentongan.channels.email.troubles import CannotConnect
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage
from kentongan.jobs import JobError, engine
from kentongan.jobs.backend import task
from kentongan.jobs.models import Job

states = OutgoingMessage.State
AFTER_DATA = 600.0  # s a server may take to accept a letter (RFC 5321 §4.5.3.2.6)
REST = timedelta(minutes=30)  # between tries where only other settings can help
OF_THE_LETTER = frozenset({"recipient_refused", "recipient_full", "size", "rejected"})  # trying the same letter again is no use
FETCH = "kentongan.channels.email.tasks.fetch"


@task()
def look_after_mailboxes() -> None:
    """Put the fetching of each village's letters into the queue, and take up what was stored and not yet understood."""
    for box in Mailbox.objects.filter(active=True).exclude(imap_host=""):
        lasting = box.trouble in LASTING and box.checked_at and timezone.now() - box.checked_at < REST
        if not lasting:  # a provider locks out who knocks too often; new settings clear the trouble
            ask_for(box.pk)
    if IncomingMessage.objects.filter(state=IncomingMessage.State.NEW).exists():
        understand_new.using(unique_key="letters").enqueue()


def ask_for(mailbox: int) -> Job:
    """Have one mailbox looked after; asked twice, it happens once."""
    return engine.put(FETCH, [mailbox], unique_key=f"mailbox:{mailbox}", max_attempts=1)


@task(atomic=False, max_attempts=1)
def fetch(mailbox: int) -> None:
    """Fetch what is new in one mailbox and understand it. What is wrong is written on the mailbox; the next round tries again."""
    box = Mailbox.objects.filter(pk=mailbox, active=True).first()
    if box is None:
        return
    trouble = ""
    try:
        imap.fetch(box)
    except CannotConnect as error:
        trouble = error.key
    Mailbox.objects.filter(pk=mailbox).update(checked_at=timezone.now(), trouble=trouble)
    understand_all()


@task(atomic=False)
def understand_new() -> None:
    """Understand every letter that is stored and new."""
    understand_all()


def understand_all() -> None:
    while understand.pending():
        continue


@task(atomic=False, max_attempts=ATTEMPTS)
def send(letter: int) -> None:
    """Send one letter, at most once: from the moment the server may have it until it says so, it is SENDING, and a crash then leaves it UNSURE."""
    row = (
        OutgoingMessage.objects.select_related("village", "complaint", "incoming", "event", "to", "report__report")
        .filter(pk=letter)
        .first()
    )
    if row is None or row.state not in {states.WAITING, states.SENDING}:
        return
    if row.state == states.SENDING:
        _over(row, states.UNSURE, "unsure")
        return
    if _withheld(row):
        row.delete()  # nothing was told, and nothing is kept that could tell it
        return
    if outbox.put_off(row):
        return
    mailbox = Mailbox.objects.select_related("village").filter(village=row.village_id).first()
    try:
        if mailbox is None or not mailbox.active:
            raise CannotConnect("host_missing")
        _rest(mailbox)
        _hand_over(row, mailbox)
    except CannotConnect as error:
        _not_sent(row, error, mailbox)
    except (ValueError, UnicodeError):  # no letter can be addressed to that
        _over(row, states.FAILED, "recipient_refused")


def _withheld(row: OutgoingMessage) -> bool:
    """Whether its reader may no longer know of it, or no longer wants it there."""
    if row.kind in words.TO_INVITED:
        return not invitations.still_asked(row)
    if row.kind in words.TO_AGENCIES:
        return not outbox.still_referred(row)
    return row.to_id is not None and not officials.may_go(row)


def _rest(mailbox: Mailbox) -> None:
    """Knock at a server that refused the settings only now and then. Raises ``CannotConnect``."""
    key = cache.get(_resting(mailbox))
    if key:
        raise CannotConnect(key, permanent=True)


def _resting(mailbox: Mailbox) -> str:
    return f"smtp-rests:{mailbox.pk}:{mailbox.smtp_host}:{mailbox.smtp_port}:{hash(bytes(mailbox.secret))}"


def _hand_over(row: OutgoingMessage, mailbox: Mailbox) -> None:
    """Raises ``CannotConnect`` when the server surely has not taken it."""
    content = compose.mime(row, mailbox).as_bytes(policy=compose.WIRE)
    with connect.smtp(mailbox) as server:
        try:
            _envelope(server, mailbox.address, row.address)
            if not _claim(row):
                return
            if server.sock:
                server.sock.settimeout(AFTER_DATA)
            code, said = server.data(content)
        except smtplib.SMTPServerDisconnected as error:
            if row.state == states.SENDING:  # it may have it, and may not
                _over(row, states.UNSURE, "unsure")
                return
            raise connect.classify_smtp(error) from error
        except (smtplib.SMTPException, OSError) as error:
            if row.state == states.SENDING and not isinstance(error, smtplib.SMTPResponseException):
                _over(row, states.UNSURE, "unsure")
                return
            raise connect.classify_smtp(error) from error
        if code != 250:
            raise connect.classify_smtp(smtplib.SMTPDataError(code, said))
    OutgoingMessage.objects.filter(pk=row.pk).update(state=states.SENT, sent_at=timezone.now(), reason="")


def _envelope(server: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Say from whom and to whom. Raises what ``smtplib`` raises for a refusal."""
    code, said = server.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, sender)
    code, said = server.rcpt(recipient)
    if code not in {250, 251}:
        raise smtplib.SMTPRecipientsRefused({recipient: (code, said)})


def _claim(row: OutgoingMessage) -> bool:
    """Write down, for good, that from now on the server may have it."""
    claimed = OutgoingMessage.objects.filter(pk=row.pk, state=states.WAITING).update(state=states.SENDING)
    row.state = states.SENDING if claimed else row.state
    return bool(claimed)


def _not_sent(row: OutgoingMessage, error: CannotConnect, mailbox: Mailbox | None) -> None:
    """Try again later, or give up and tell the officer. What keeps the village from sending at all is no fault of the address."""
    own = Q(unique_key=f"letter:{row.pk}") | Q(unique_key__startswith=f"letter:{row.pk}:")
    attempts = Job.objects.filter(own).order_by("-pk").values_list("attempts", flat=True).first()
    if (error.key in OF_THE_LETTER and error.permanent) or (attempts or 0) >= ATTEMPTS:
        _over(row, states.FAILED, error.key)
        return
    if mailbox and error.permanent:
        cache.set(_resting(mailbox), error.key, REST.total_seconds())
    OutgoingMessage.objects.filter(pk=row.pk).update(state=states.WAITING, reason=error.key)
    raise JobError(error.key) from error


def _over(row: OutgoingMessage, state: str, reason: str) -> None:
    with transaction.atomic():
        returned.fail(row, state, reason)
