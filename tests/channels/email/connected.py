"""A mailbox for real connections on loopback, and what it takes to see them fail."""

from typing import Any

import pytest

from kentongan.channels.email import connect
from kentongan.channels.email.troubles import CannotConnect
from kentongan.channels.models import Mailbox
from tests.mailserver import PASSWORD, USER

HERE = "127.0.0.1"
LETTER = b"From: Karto <karto@warga.example>\r\nSubject: Jalan\r\n\r\nBerlubang.\r\n"


def mailbox(**changes: Any) -> Mailbox:
    """A mailbox on loopback without encryption; ``password`` is sealed."""
    servers = {f"{kind}_{what}": value for kind in ("imap", "smtp") for what, value in (("host", HERE), ("security", "NONE"))}
    password = changes.pop("password", PASSWORD)
    made = Mailbox(**{"village_id": "33.01.02.2099", "address": USER, "smtp_login": False, **servers, **changes})
    made.password = password
    return made


def incoming_fails(**settings: Any) -> CannotConnect:
    with pytest.raises(CannotConnect) as caught, connect.imap(box := mailbox(**settings)) as opened:
        connect.select(opened, box)
    return caught.value


def outgoing_fails(**settings: Any) -> CannotConnect:
    with pytest.raises(CannotConnect) as caught, connect.smtp(mailbox(**settings)):
        pass
    return caught.value
