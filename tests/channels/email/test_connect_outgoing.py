"""Letters handed to real servers, and every way that can fail."""

import smtplib
from typing import Any

import pytest

from kentongan.channels.email import connect
from kentongan.channels.email.troubles import CannotConnect
from kentongan.channels.models import Mailbox
from tests.channels.email.connected import LETTER, mailbox, outgoing_fails
from tests.mailserver import PASSWORD, USER, Certificate, Smtp, Talker
from tests.product import free_port

Security = Mailbox.Security


def send(box: Mailbox, to: str = "karto@warga.example") -> None:
    with connect.smtp(box) as server:
        server.sendmail(box.address, [to], LETTER)


@pytest.mark.usefixtures("_trust")
@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("password", [PASSWORD, "sändi ✓"])
def test_a_letter_goes_out_however_the_line_is_encrypted(trusted: Certificate, security: Security, password: str) -> None:
    offered = None if security == Security.NONE else trusted
    with Smtp({USER: password}, certificate=offered, tls=security == Security.TLS) as smtp:
        send(mailbox(smtp_port=smtp.port, smtp_security=security, smtp_login=True, password=password))
        assert smtp.letters == [LETTER]
        assert smtp.recipients == ["karto@warga.example"]


def test_a_letter_goes_out_with_a_token() -> None:
    with Smtp(tokens={USER: "kunci"}) as smtp:
        token = {"smtp_port": smtp.port, "smtp_login": True, "auth": Mailbox.Auth.OAUTH2}
        send(mailbox(**token, password="kunci"))
        assert len(smtp.letters) == 1
        assert outgoing_fails(**token, password="basi").key == "token"


def test_a_server_of_the_office_needs_no_login() -> None:
    with Smtp() as smtp:
        send(mailbox(smtp_port=smtp.port, password=""))
        assert len(smtp.letters) == 1


@pytest.mark.usefixtures("_trust")
def test_what_is_wrong_with_the_outgoing_side(trusted: Certificate) -> None:
    login = {"smtp_login": True}
    with (
        Smtp({USER: PASSWORD}) as plain,
        Smtp() as open_to_all,
        Smtp(certificate=trusted, only_encrypted=True) as strict,
        Smtp({USER: PASSWORD}, certificate=trusted, tls=True) as tls,
    ):
        found = {
            "host_missing": outgoing_fails(smtp_host=""),
            "password_missing": outgoing_fails(**login, password=""),
            "refused": outgoing_fails(smtp_port=free_port()),
            "password": outgoing_fails(smtp_port=plain.port, **login, password="salah"),
            "no_login": outgoing_fails(smtp_port=open_to_all.port, **login),
            "no_starttls": outgoing_fails(smtp_port=plain.port, smtp_security=Security.STARTTLS),
            "not_tls": outgoing_fails(smtp_port=plain.port, smtp_security=Security.TLS),
            "tls_needed": outgoing_fails(smtp_port=strict.port, **login),
        }
        assert {key: error.key for key, error in found.items()} == {key: key for key in found}
        assert outgoing_fails(smtp_port=plain.port, **login, auth=Mailbox.Auth.OAUTH2).key == "no_login"
        with connect.smtp(mailbox(smtp_port=tls.port, smtp_security=Security.TLS)) as server:
            assert server.mail(USER)[0] == 530, "whoever does not log in sends nothing"


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize(
    ("key", "talker"),
    [
        ("greeting", Talker(b"* OK IMAP4rev1 ready\r\n")),
        ("busy", Talker(b"421 4.3.2 too busy\r\n")),
        ("rejected", Talker(b"554 5.7.1 no service for you\r\n")),
        ("disconnected", Talker(hang_up=True)),
        ("silent", Talker()),
        ("timeout", Talker(b"220 ready\r\n")),
        ("rejected", Talker(b"220 ready\r\n", {b"ehlo": b"550 no\r\n", b"helo": b"550 no\r\n"})),
        ("busy", Talker(b"220 ready\r\n", {b"ehlo": b"250-x\r\n250 AUTH PLAIN\r\n", b"AUTH": b"454 4.7.0 later\r\n"})),
        ("tls_needed", Talker(b"220 ready\r\n", {b"ehlo": b"250-x\r\n250 AUTH PLAIN\r\n", b"AUTH": b"538 5.7.11 encrypt\r\n"})),
        ("password", Talker(b"220 ready\r\n", {b"ehlo": b"250-x\r\n250 AUTH LOGIN\r\n", b"AUTH": b"535 5.7.8 no\r\n"})),
    ],
    ids=["imap", "busy", "blocked", "hangs-up", "silent", "falls-silent", "no-ehlo", "auth-later", "auth-open", "auth-login"],
)
def test_what_answers_instead_of_a_server_for_letters(key: str, talker: Talker) -> None:
    with talker:
        assert outgoing_fails(smtp_port=talker.port, smtp_login=True).key == key


@pytest.mark.parametrize(
    ("error", "key", "permanent"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.1 no such user")}), "recipient_refused", True),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"unknown")}), "recipient_refused", True),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"4.7.1 greylisted")}), "busy", False),
        (smtplib.SMTPRecipientsRefused({"a": (552, b"5.2.2 over quota")}), "recipient_full", True),
        (smtplib.SMTPRecipientsRefused({"a": (452, b"4.2.2 over quota")}), "recipient_full", False),
        (smtplib.SMTPRecipientsRefused({"a": (554, b"5.7.1 <a>: Relay access denied")}), "relay", True),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.7.1 blocked using a list")}), "rejected", True),
        (smtplib.SMTPRecipientsRefused({"a": (553, b"5.7.1 Sender address rejected: not owned")}), "sender_refused", True),
        (smtplib.SMTPRecipientsRefused({"a": (530, b"5.7.0 Authentication required")}), "login_needed", True),
        (smtplib.SMTPSenderRefused(530, b"5.7.0 Must issue a STARTTLS command first", "a"), "tls_needed", True),
        (smtplib.SMTPSenderRefused(553, b"no", "a"), "sender_refused", True),
        (smtplib.SMTPSenderRefused(552, b"5.3.4 message size exceeds limit", "a"), "size", True),
        (smtplib.SMTPSenderRefused(452, b"4.2.2 mailbox full", "a"), "quota", False),
        (smtplib.SMTPSenderRefused(452, b"4.3.1 out of space", "a"), "busy", False),
        (smtplib.SMTPDataError(552, b"too big"), "size", True),
        (smtplib.SMTPDataError(550, b"5.4.5 Daily user sending quota exceeded"), "limit", False),
        (smtplib.SMTPDataError(554, b"5.7.1 looks like spam"), "rejected", True),
        (smtplib.SMTPDataError(550, b"5.1.1 no such user"), "recipient_refused", True),
        (smtplib.SMTPDataError(421, b"later"), "busy", False),
        (smtplib.SMTPDataError(-1, b""), "busy", False),
        (smtplib.SMTPServerDisconnected("gone"), "disconnected", False),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), "recipient_refused", True),
        (smtplib.SMTPException("odd"), "rejected", True),
        (ConnectionResetError(), "disconnected", False),
        (TimeoutError(), "timeout", False),
    ],
)
def test_what_a_server_says_to_a_letter(error: OSError, key: str, permanent: bool) -> None:
    found = connect.classify_smtp(error)
    assert (found.key, found.permanent) == (key, permanent)


@pytest.mark.parametrize(
    ("behaviour", "key"),
    [
        ({"refused": {"karto@warga.example"}}, "recipient_refused"),
        ({"not_ours": {USER}}, "sender_refused"),
        ({"relays": False}, "relay"),
        ({"busy": 1}, "busy"),
        ({"full": True}, "recipient_full"),
        ({"drop": "before"}, "disconnected"),
        ({"drop": "after"}, "disconnected"),
    ],
)
def test_a_real_server_refuses_a_letter(behaviour: dict[str, Any], key: str) -> None:
    with Smtp() as smtp:
        vars(smtp).update(behaviour)
        with pytest.raises(CannotConnect, match=key):
            send(mailbox(smtp_port=smtp.port))
        assert len(smtp.letters) == (1 if behaviour.get("drop") == "after" else 0)


def test_a_letter_too_large_for_the_server() -> None:
    with Smtp(size=20) as smtp, pytest.raises(CannotConnect, match="size"):
        send(mailbox(smtp_port=smtp.port))
