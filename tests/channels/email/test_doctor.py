"""Broken set-ups, each against real servers: the doctor names what is wrong and says what to do, on the command line and on the page."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override
from pytest_django import Settings

from kentongan.__main__ import main
from kentongan.channels.email import connect, doctor
from kentongan.channels.email.troubles import TROUBLES
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage, RawLetter
from tests.cast import Cast
from tests.mailserver import PASSWORD, USER, Certificate, Dovecot, Smtp, Talker, certificate
from tests.product import free_port

Security = Mailbox.Security
State = OutgoingMessage.State


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("trusted"))


@pytest.fixture(scope="module")
def dovecot(trusted: Certificate) -> Iterator[Dovecot]:
    with Dovecot(certificate=trusted, quota=20, oauth=True) as running:
        yield running


@pytest.fixture
def smtp(trusted: Certificate) -> Iterator[Smtp]:
    with Smtp({USER: PASSWORD}, certificate=trusted, tls=True) as running:
        yield running


@pytest.fixture
def mailbox(cast: Cast, dovecot: Dovecot, smtp: Smtp, trusted: Certificate, settings: Settings) -> Mailbox:
    """One that works, over encrypted lines."""
    settings.MAIL_CA = str(trusted.path)
    made = Mailbox(
        village=cast.village,
        address=USER,
        active=True,
        imap_host="127.0.0.1",
        imap_port=dovecot.tls_port,
        smtp_host="127.0.0.1",
        smtp_port=smtp.port,
        smtp_security=Security.TLS,
        checked_at=timezone.now(),
    )
    made.password = PASSWORD
    made.save()
    return made


def faults(mailbox: Mailbox) -> list[str]:
    return [finding.key for finding in doctor.examine(mailbox) if not finding.well]


def said_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["doctor", "mail"]) == 1
    return capsys.readouterr().out


def test_a_sound_mailbox(mailbox: Mailbox, cast: Cast, smtp: Smtp, capsys: pytest.CaptureFixture[str]) -> None:
    assert faults(mailbox) == []
    assert smtp.letters == [], "the doctor sends nothing"
    assert main(["doctor", "mail"]) == 0
    said = capsys.readouterr().out
    for line in (
        "ok    Sukamaju: Incoming: 127.0.0.1 accepts the login.",
        "ok    Sukamaju: Incoming: The folder INBOX holds 0 letters.",
        "ok    Sukamaju: Incoming: The server tells of new letters at once.",
        "ok    Sukamaju: Incoming: 0 % of the room in the mailbox is used.",
        "ok    Sukamaju: Outgoing: Letters from desa@sukamaju.example are accepted.",
        "ok    Sukamaju: No letter is stuck.",
        "ok    Sidamulya: No mailbox is set up.",
    ):
        assert line in said


Break = Callable[[Mailbox, Dovecot, Smtp], Any]


def change(**fields: Any) -> Break:
    def broken(mailbox: Mailbox, _dovecot: Dovecot, _smtp: Smtp) -> None:
        for name, value in fields.items():
            setattr(mailbox, name, value)

    return broken


def behave(**how: Any) -> Break:
    def broken(_mailbox: Mailbox, _dovecot: Dovecot, smtp: Smtp) -> None:
        vars(smtp).update(how)

    return broken


def plain_port(mailbox: Mailbox, dovecot: Dovecot, _smtp: Smtp) -> None:
    mailbox.imap_port = dovecot.port


def starttls_on_a_tls_port(mailbox: Mailbox, _dovecot: Dovecot, _smtp: Smtp) -> None:
    mailbox.imap_security = Security.STARTTLS


def swapped(mailbox: Mailbox, dovecot: Dovecot, smtp: Smtp) -> None:
    mailbox.imap_port, mailbox.smtp_port = smtp.port, dovecot.tls_port


def sealed_elsewhere(mailbox: Mailbox, _dovecot: Dovecot, _smtp: Smtp) -> None:
    mailbox.secret = mailbox.secret[:-1] + bytes([mailbox.secret[-1] ^ 1])


def old_token(mailbox: Mailbox, dovecot: Dovecot, _smtp: Smtp) -> None:
    mailbox.auth = Mailbox.Auth.OAUTH2
    mailbox.password = dovecot.token(lasts=-timedelta(minutes=1))


SETUPS: dict[str, tuple[Break, list[str]]] = {
    "no name of a server": (change(imap_host="", smtp_host=""), ["host_missing", "host_missing"]),
    "a name that is none": (change(imap_host="imap..example"), ["no_address"]),
    "a port nobody listens at": (change(imap_port=free_port()), ["refused"]),
    "TLS asked of a plain port": (plain_port, ["not_tls"]),
    "STARTTLS asked of a TLS port": (starttls_on_a_tls_port, ["silent"]),
    "incoming and outgoing swapped": (swapped, ["greeting", "greeting"]),
    "no password": (change(password=""), ["password_missing", "password_missing"]),
    "a wrong password": (change(password="salah"), ["password", "password"]),
    "a password sealed elsewhere": (sealed_elsewhere, ["secret_unreadable", "secret_unreadable"]),
    "an old token": (old_token, ["token", "no_login"]),
    "no such folder": (change(imap_folder="Pengaduan"), ["folder"]),
    "an address that is not of the account": (behave(not_ours={USER}), ["sender_refused"]),
    "an address that does not exist": (behave(refused={USER}), ["recipient_refused"]),
    "a server that does not send for us": (behave(relays=False), ["relay"]),
    "a server that puts off": (behave(busy=9), ["busy"]),
    "nothing fetched for hours": (change(checked_at=timezone.now() - timedelta(hours=3)), [""]),
    "nothing fetched ever": (change(checked_at=None, since=timezone.now() - timedelta(hours=2)), [""]),
    "trouble at the last fetching": (change(trouble="disconnected"), ["disconnected"]),
}


@pytest.mark.parametrize("name", SETUPS)
def test_broken_set_ups_are_explained(
    name: str,
    mailbox: Mailbox,
    dovecot: Dovecot,
    smtp: Smtp,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(connect, "TIMEOUT", 1.0)
    breaks, keys = SETUPS[name]
    breaks(mailbox, dovecot, smtp)
    mailbox.save()
    assert faults(mailbox) == keys
    said = said_on_the_command_line(capsys)
    with override("en"):
        for key in filter(None, keys):
            assert f"{TROUBLES[key].title} {TROUBLES[key].advice}" in said
            assert said.count(str(TROUBLES[key].advice)) == 1
    assert PASSWORD not in said
    assert "FAULT Sukamaju: " in said


def test_a_folder_that_is_not_there_names_those_that_are(mailbox: Mailbox, dovecot: Dovecot) -> None:
    dovecot.make_folder(USER, "Arsip")
    mailbox.imap_folder = "Pengaduan"
    [finding] = [finding for finding in doctor.examine(mailbox) if not finding.well]
    assert "Arsip" in str(finding.advice)
    assert "INBOX" in str(finding.advice)


def test_a_certificate_nobody_vouches_for(mailbox: Mailbox, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.MAIL_CA = ""
    assert faults(mailbox) == ["certificate", "certificate"]
    assert "The certificate of the server is not trusted." in said_on_the_command_line(capsys)


def test_a_certificate_that_has_expired(
    mailbox: Mailbox, tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    old = certificate(tmp_path, since=-timedelta(days=9), until=-timedelta(days=1))
    settings.MAIL_CA = str(old.path)
    with Dovecot(certificate=old) as imap, Smtp(certificate=old, tls=True) as smtp:
        mailbox.imap_port, mailbox.smtp_port = imap.tls_port, smtp.port
        mailbox.save()
        assert faults(mailbox) == ["certificate_expired", "certificate_expired"]
        assert "renew the certificate" in said_on_the_command_line(capsys)


def test_a_full_mailbox(mailbox: Mailbox, dovecot: Dovecot, capsys: pytest.CaptureFixture[str]) -> None:
    letter = dovecot.deliver(USER, b"Subject: besar\r\n\r\n" + b"x" * 19_800)
    try:
        assert faults(mailbox) == ["quota"]
        assert "The mailbox is full. New letters are sent back" in said_on_the_command_line(capsys)
    finally:
        for path in letter.parent.parent.glob(f"*/{letter.name}*"):
            path.unlink()


def test_a_server_without_idle_is_asked_by_the_clock(mailbox: Mailbox) -> None:
    answers = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 QUOTA\r\n%s OK done\r\n",
        b"LOGIN": b"%s OK done\r\n",
        b"EXAMINE": b"* 3 EXISTS\r\n%s OK done\r\n",
        b"STATUS": b"* STATUS INBOX (MESSAGES 3)\r\n%s OK done\r\n",
        b"GETQUOTAROOT": b"%s NO not for you\r\n",
        b"LOGOUT": b"* BYE\r\n%s OK done\r\n",
    }
    with Talker(b"* OK ready\r\n", answers) as talker, override("en"):
        mailbox.imap_port, mailbox.imap_security = talker.port, Security.NONE
        told = [str(finding.title) for finding in doctor.examine(mailbox)]
    assert told[:3] == [
        "Incoming: 127.0.0.1 accepts the login.",
        "Incoming: The folder INBOX holds 3 letters.",
        "Incoming: The server does not tell of new letters; it is asked every few minutes.",
    ]
    assert told[3].startswith("Outgoing:"), "how full it is, this server does not tell"


def test_both_sides_are_tried_whatever_the_first_says(mailbox: Mailbox) -> None:
    mailbox.imap_port = free_port()
    with override("en"):
        titles = [str(finding.title) for finding in doctor.examine(mailbox)]
    assert sum(title.startswith("Incoming:") for title in titles) == 1
    assert sum(title.startswith("Outgoing:") for title in titles) == 2


def test_letters_that_are_stuck_are_counted(mailbox: Mailbox) -> None:
    now = timezone.now()
    for number, (state, age) in enumerate(
        [(State.WAITING, 2), (State.WAITING, 0), (State.FAILED, 1), (State.UNSURE, 1), (State.FAILED, 24 * 30), (State.SENT, 1)]
    ):
        OutgoingMessage.objects.create(
            village=mailbox.village,
            channel="email",
            address=f"warga{number}@warga.example",
            state=state,
            created_at=now - timedelta(hours=age),
        )
    with override("en"):
        told = [str(finding.title) for finding in doctor.examine(mailbox) if not finding.well]
    assert told == [
        "1 letter waits for more than an hour.",
        "2 letters of the last seven days failed, were held back or may not have gone out.",
    ]


def test_a_mailbox_not_in_use_is_tried_all_the_same(mailbox: Mailbox) -> None:
    mailbox.active, mailbox.checked_at = False, None
    assert faults(mailbox) == []
    mailbox.password = "salah"
    assert faults(mailbox) == ["password", "password"]


def test_a_mailbox_just_set_up_is_fetched_soon(mailbox: Mailbox) -> None:
    mailbox.checked_at = None
    assert faults(mailbox) == []


def test_letters_handed_over_need_no_server_for_incoming_ones(mailbox: Mailbox) -> None:
    mailbox.imap_host, mailbox.checked_at = "", None
    assert faults(mailbox) == ["host_missing"]
    message = IncomingMessage.objects.create(
        village=mailbox.village, channel="email", external_id="<1@warga.example>", state="NEW", received_at=timezone.now()
    )
    RawLetter.objects.create(village=mailbox.village, message=message, content=b"Subject: x", source="pipe")
    assert faults(mailbox) == []


def test_a_database_that_is_gone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(Mailbox.objects, "all", gone)
    assert "FAULT The database does not answer." in said_on_the_command_line(capsys)


def test_the_settings_page_says_the_same(mailbox: Mailbox, cast: Cast, client_of: Callable[[Any], Client]) -> None:
    form = {
        "active": "on",
        "address": USER,
        "auth": "PASSWORD",
        "imap_host": "127.0.0.1",
        "imap_port": mailbox.imap_port,
        "imap_security": "TLS",
        "imap_folder": "Pengaduan",
        "smtp_host": "127.0.0.1",
        "smtp_port": mailbox.smtp_port,
        "smtp_security": "TLS",
        "smtp_login": "on",
        "intake": "BOOK",
        "password": "salah",
        "test": "1",
    }
    page = client_of(cast.tono).post(reverse("office:mail"), form).content.decode()
    with override("id"):
        assert page.count(escape(str(TROUBLES["password"].title))) == 2
        assert escape(str(TROUBLES["password"].advice)) in page
    form["password"] = PASSWORD
    page = client_of(cast.tono).post(reverse("office:mail"), form).content.decode()
    with override("id"):
        assert escape(str(TROUBLES["folder"].title)) in page
    assert "INBOX" in page
    assert PASSWORD not in page
