"""A worker that looks after a mailbox and is killed at its n-th step: ``python -m tests.channels.email.crash <database> <mailbox>``.

Reads one number a line. For each it forks, and the child does everything there is to do with letters (fetch, understand, tell, send)
until its n-th step, where it dies by ``kill -9``. A step is the moment before and after every commit, every command to the
IMAP server and every line to the SMTP server. Answers each line with "killed" or "done".
"""

import imaplib
import os
import signal
import smtplib
import sys
from collections.abc import Callable
from typing import Any

_steps = {"left": 0}


def _step() -> None:
    _steps["left"] -= 1
    if _steps["left"] == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def _stepping(method: Callable[..., Any]) -> Callable[..., Any]:
    def stepped(*args: Any, **kwargs: Any) -> Any:
        _step()
        result = method(*args, **kwargs)
        _step()
        return result

    return stepped


def _instrument() -> None:
    from django.db import connections

    kind: Any = type(connections["default"])
    kind._commit = _stepping(kind._commit)
    imaplib.IMAP4._command = _stepping(imaplib.IMAP4._command)  # type: ignore[attr-defined]
    smtplib.SMTP.putcmd = _stepping(smtplib.SMTP.putcmd)  # type: ignore[method-assign]
    smtplib.SMTP.send = _stepping(smtplib.SMTP.send)  # type: ignore[method-assign]
    smtplib.SMTP.getreply = _stepping(smtplib.SMTP.getreply)  # type: ignore[method-assign]


def everything(mailbox: int) -> None:
    """All there is to do with letters, as the worker does it."""
    from kentongan.channels import notify
    from kentongan.channels.email import tasks
    from kentongan.channels.models import OutgoingMessage

    tasks.fetch.call(mailbox)
    while notify.dispatch_pending():
        continue
    states = OutgoingMessage.State
    for pk in OutgoingMessage.objects.filter(channel="email", state__in=[states.WAITING, states.SENDING]).values_list(
        "pk", flat=True
    ):
        tasks.send.call(pk)


def main(database: str, mailbox: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kentongan.settings")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    import kentongan.channels.email.tasks  # noqa: F401 - loaded once, before the forks

    _instrument()
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _steps["left"] = int(line)
            everything(mailbox)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
