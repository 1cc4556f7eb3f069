"""Whether letters can come in and go out, looked at step by step: for the settings page and ``kentongan doctor mail``."""

import imaplib
import re
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from imap_tools import BaseMailBox
from imap_tools.utils import encode_folder

from kentongan.channels.email import connect
from kentongan.channels.email.troubles import TROUBLES, CannotConnect
from kentongan.channels.models import Mailbox, OutgoingMessage, RawLetter
from kentongan.village.models import Village

FULL = 95  # % of the mailbox's room
SILENT = timedelta(hours=1)  # without fetching, when a mailbox in use should have been asked many times
LOOK_BACK = timedelta(days=7)  # for letters that did not go out
_MOST_FOLDERS = 12
_QUOTA = re.compile(rb"\b(?:STORAGE|MESSAGE) (\d+) (\d+)")
_State = OutgoingMessage.State


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``key``: of ``troubles.TROUBLES`` where it is one of those."""

    well: bool
    title: Promise | str
    advice: Promise | str = ""
    key: str = ""


def examine(mailbox: Mailbox) -> list[Finding]:
    """Connects to both servers; sends nothing. May take as long as slow servers do. The same advice is given once."""
    incoming = list(_branch(_("Incoming"), _incoming, mailbox))
    advised = {finding.key for finding in incoming if not finding.well}
    outgoing = [
        replace(finding, advice="") if not finding.well and finding.key in advised else finding
        for finding in _branch(_("Outgoing"), _outgoing, mailbox)
    ]
    return [*incoming, *outgoing, *_lately(mailbox)]


def examination() -> Iterator[tuple[bool, str]]:
    """Each thing looked at in every village: whether it is well, and a sentence that says what to do when not."""
    try:
        mailboxes = {mailbox.village_id: mailbox for mailbox in Mailbox.objects.all()}
        villages = list(Village.objects.all())
    except DatabaseError:
        yield False, _("The database does not answer. Run: kentongan doctor")
        return
    for village in villages:
        mailbox = mailboxes.get(village.pk)
        if mailbox is None:
            yield True, f"{village.name}: " + _("No mailbox is set up.")
            continue
        for finding in examine(mailbox):
            yield finding.well, f"{village.name}: {finding.title} {finding.advice}".strip()


def _branch(name: str, steps: Callable[[Mailbox], Iterator[Finding]], mailbox: Mailbox) -> Iterator[Finding]:
    """The findings up to the first failure, and that one in words."""
    try:
        for finding in steps(mailbox):
            yield Finding(finding.well, f"{name}: {finding.title}", finding.advice, finding.key)
    except CannotConnect as cannot:
        trouble = TROUBLES[cannot.key]
        yield Finding(False, f"{name}: {trouble.title}", trouble.advice, cannot.key)


def _incoming(mailbox: Mailbox) -> Iterator[Finding]:
    if _handed_over(mailbox):
        yield Finding(True, _("The village's own mail server hands the letters over."))
        return
    with connect.imap(mailbox) as box:
        yield Finding(True, _("%(server)s accepts the login.") % {"server": mailbox.imap_host})
        try:
            connect.select(box, mailbox)
        except CannotConnect as cannot:
            if cannot.key != "folder":
                raise
            yield Finding(False, TROUBLES["folder"].title, f"{TROUBLES['folder'].advice} {_folders(box)}".strip(), "folder")
            return
        held = box.folder.status(options=["MESSAGES"])["MESSAGES"]
        counted = ngettext("%(n)s letter", "%(n)s letters", held) % {"n": held}
        yield Finding(True, _("The folder %(folder)s holds %(letters)s.") % {"folder": mailbox.imap_folder, "letters": counted})
        if "IDLE" in box.client.capabilities:
            yield Finding(True, _("The server tells of new letters at once."))
        else:
            yield Finding(True, _("The server does not tell of new letters; it is asked every few minutes."))
        yield from _room(box, mailbox)


def _handed_over(mailbox: Mailbox) -> bool:
    """Whether letters come by ``kentongan mail`` instead of IMAP: some did."""
    return not mailbox.imap_host and RawLetter.objects.filter(village=mailbox.village_id, source__in=["maildir", "pipe"]).exists()


def _folders(box: BaseMailBox) -> str:
    names = [folder.name for folder in box.folder.list()][:_MOST_FOLDERS]
    return _("The server has: %(folders)s.") % {"folders": ", ".join(names)} if names else ""


def _room(box: BaseMailBox, mailbox: Mailbox) -> Iterator[Finding]:
    """How full the mailbox is, where the server says so (RFC 9208)."""
    if not any(word.split("=")[0] == "QUOTA" for word in box.client.capabilities):
        return
    try:
        _kind, (_roots, quotas) = box.client.getquotaroot(encode_folder(mailbox.imap_folder).decode())
    except imaplib.IMAP4.error:  # said to be offered, and refused: nothing an operator could change
        return
    told = _QUOTA.findall(b" ".join(part for part in quotas if isinstance(part, bytes)))
    shares = [int(used) * 100 // int(most) for used, most in told if int(most)]
    if not shares:
        return
    if max(shares) >= FULL:
        yield Finding(False, TROUBLES["quota"].title, TROUBLES["quota"].advice, "quota")
    else:
        yield Finding(True, _("%(share)s %% of the room in the mailbox is used.") % {"share": max(shares)})


def _outgoing(mailbox: Mailbox) -> Iterator[Finding]:
    with connect.smtp(mailbox) as server:
        if mailbox.smtp_login:
            yield Finding(True, _("%(server)s accepts the login.") % {"server": mailbox.smtp_host})
        else:
            yield Finding(True, _("%(server)s answers; no login is used.") % {"server": mailbox.smtp_host})
        code, said = server.mail(mailbox.address)
        if code != 250:
            raise connect.classify_smtp(smtplib.SMTPSenderRefused(code, said, mailbox.address))
        code, said = server.rcpt(mailbox.address)
        if code not in {250, 251}:
            raise connect.classify_smtp(smtplib.SMTPRecipientsRefused({mailbox.address: (code, said)}))
        server.rset()
        yield Finding(True, _("Letters from %(address)s are accepted.") % {"address": mailbox.address})


def _lately(mailbox: Mailbox) -> Iterator[Finding]:
    if not mailbox.active:
        yield Finding(True, _("The mailbox is not in use: no letters are fetched or sent."))
        return
    if mailbox.imap_host:
        yield _last_fetched(mailbox)
    rows = OutgoingMessage.objects.filter(village=mailbox.village_id).exclude(address="")
    now = timezone.now()
    late = rows.filter(state=_State.WAITING, created_at__lt=now - SILENT).count()
    if late:
        said = ngettext("%(n)s letter waits for more than an hour.", "%(n)s letters wait for more than an hour.", late) % {
            "n": late
        }
        yield Finding(False, said, _("They go out by themselves once what stands above is put right."))
    lost = rows.filter(state__in=[_State.FAILED, _State.UNSURE, _State.HELD], created_at__gt=now - LOOK_BACK).count()
    if lost:
        said = ngettext(
            "%(n)s letter of the last seven days failed, was held back or may not have gone out.",
            "%(n)s letters of the last seven days failed, were held back or may not have gone out.",
            lost,
        ) % {"n": lost}
        yield Finding(False, said, _("Each stands at its complaint, with the reason. Reach these people another way."))
    if not late and not lost:
        yield Finding(True, _("No letter is stuck."))


def _last_fetched(mailbox: Mailbox) -> Finding:
    if mailbox.checked_at is None and mailbox.since > timezone.now() - SILENT:
        return Finding(True, _("Letters are fetched for the first time within minutes."))
    if mailbox.checked_at is None:
        return Finding(False, _("Letters were never fetched."), _("Is kentongan serve running? Run kentongan doctor to see."))
    said = _("Letters were last fetched %(time)s ago.") % {"time": timesince(mailbox.checked_at)}
    if mailbox.checked_at < timezone.now() - SILENT:
        return Finding(False, said, _("Is kentongan serve running? Run kentongan doctor to see."))
    if mailbox.trouble in TROUBLES:
        return Finding(False, f"{said} {TROUBLES[mailbox.trouble].title}", TROUBLES[mailbox.trouble].advice, mailbox.trouble)
    return Finding(True, said)
