"""Real connections to real servers, and every way they can fail: the key that names it, and nothing of what the server said. Outgoing: its neighbour."""

import socket
import ssl
import traceback
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from kentongan.channels.email import connect
from kentongan.channels.email.troubles import TROUBLES, CannotConnect
from kentongan.channels.models import Mailbox
from kentongan.lib import sealed
from tests.channels.email.connected import LETTER, incoming_fails, mailbox, outgoing_fails
from tests.mailserver import PASSWORD, USER, Certificate, Dovecot, Smtp, Talker, certificate
from tests.product import free_port

Security = Mailbox.Security


@pytest.fixture(scope="module")
def dovecot(trusted: Certificate) -> Iterator[Dovecot]:
    people = {USER: PASSWORD, "aneh@sukamaju.example": "sändi “aneh” \\ ✓", "kutip@sukamaju.example": 'a"b\\c d'}
    with Dovecot(people, certificate=trusted, oauth=True) as running:
        yield running


@pytest.mark.usefixtures("_trust")
@pytest.mark.parametrize("security", list(Security))
def test_letters_are_reached_however_the_line_is_encrypted(dovecot: Dovecot, security: Security) -> None:
    port = dovecot.tls_port if security == Security.TLS else dovecot.port
    with connect.imap(mailbox(imap_port=port, imap_security=security)) as box:
        assert {"IDLE", "UIDPLUS"} <= set(box.client.capabilities), "those after the login"
        assert isinstance(box.client.sock, ssl.SSLSocket) == (security != Security.NONE)


def test_looking_into_the_folder_changes_nothing(dovecot: Dovecot) -> None:
    dovecot.deliver(USER, LETTER)
    settings = mailbox(imap_port=dovecot.port)
    with connect.imap(settings) as box:
        connect.select(box, settings)
        assert box.folder.status(options=["MESSAGES", "UIDVALIDITY"])["MESSAGES"] == 1
        _kind, found = box.client.uid("FETCH", "1:*", "(UID BODY[])")
        assert LETTER in found[0]
    assert dovecot.names()[0].partition(":")[2] in {"", "2,"}, "not even marked as read"


@pytest.mark.parametrize("user", ["aneh@sukamaju.example", "kutip@sukamaju.example"])
def test_passwords_with_any_letters_in_them(dovecot: Dovecot, user: str) -> None:
    with connect.imap(mailbox(imap_port=dovecot.port, address=user, password=dovecot.users[user])) as box:
        assert box.client.state == "AUTH"


def test_a_folder_with_a_name_of_its_own(dovecot: Dovecot) -> None:
    dovecot.make_folder(USER, "Pengaduan &AOk-t&AOk-")  # "Pengaduan été" as it is stored
    settings = mailbox(imap_port=dovecot.port, imap_folder="Pengaduan été")
    with connect.imap(settings) as box:
        connect.select(box, settings)
        assert box.folder.status(options=["MESSAGES"])["MESSAGES"] == 0


def test_a_token_opens_the_mailbox(dovecot: Dovecot) -> None:
    token = {"auth": Mailbox.Auth.OAUTH2, "imap_port": dovecot.port}
    with connect.imap(mailbox(**token, password=dovecot.token())) as box:
        assert box.client.state == "AUTH"
    assert incoming_fails(**token, password=dovecot.token(lasts=-timedelta(hours=1))).key == "token"
    assert incoming_fails(**token, password="geheim").key == "token"


def test_a_server_without_tokens_says_so() -> None:
    with Dovecot() as plain:
        assert incoming_fails(imap_port=plain.port, auth=Mailbox.Auth.OAUTH2).key == "no_login"
        assert incoming_fails(imap_port=plain.port, imap_security=Security.STARTTLS).key == "no_starttls"


@pytest.mark.usefixtures("_trust")
def test_what_is_wrong_with_the_incoming_side(dovecot: Dovecot) -> None:
    tls = {"imap_port": dovecot.tls_port, "imap_security": Security.TLS}
    found = {
        "host_missing": incoming_fails(imap_host=""),
        "password_missing": incoming_fails(password=""),
        "refused": incoming_fails(imap_port=free_port()),
        "no_address": incoming_fails(imap_host="imap..example"),
        "not_tls": incoming_fails(imap_port=dovecot.port, imap_security=Security.TLS),
        "password": incoming_fails(**tls, password="salah"),
        "folder": incoming_fails(**tls, imap_folder="Tidak ada"),
    }
    assert {key: error.key for key, error in found.items()} == {key: key for key in found}
    assert incoming_fails(**tls, password="sälah").key == "password"
    assert incoming_fails(**tls, address="lain@sukamaju.example").key == "password"
    assert found["password"].permanent
    assert not found["refused"].permanent


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
def test_a_password_never_travels_in_the_open_where_the_server_forbids_it(trusted: Certificate) -> None:
    with Dovecot(certificate=trusted, only_encrypted=True, listen="127.0.0.1, 127.0.0.2") as strict:
        assert incoming_fails(imap_host="127.0.0.2", imap_port=strict.port).key == "tls_needed"
        assert "method=" not in strict.log()


def test_a_password_sealed_with_another_key(settings: Settings) -> None:
    made = mailbox()
    settings.SECRET_KEY = "another" * 8
    with pytest.raises(CannotConnect, match="secret_unreadable"), connect.imap(made):
        pass
    with pytest.raises(sealed.CannotOpen):
        _ = made.password


@pytest.mark.parametrize(
    ("key", "names", "since", "until"),
    [
        ("certificate", ["127.0.0.1"], -1, 1),
        ("certificate_expired", ["127.0.0.1"], -9, -1),
        ("clock", ["127.0.0.1"], 1, 9),
        ("certificate_name", ["mail.sukamaju.example"], -1, 1),
    ],
)
def test_certificates_that_prove_nothing(
    tmp_path: Path, settings: Settings, key: str, names: list[str], since: int, until: int
) -> None:
    bad = certificate(tmp_path, *names, since=timedelta(days=since), until=timedelta(days=until))
    settings.MAIL_CA = "" if key == "certificate" else str(bad.path)
    with Dovecot(certificate=bad) as imap, Smtp(certificate=bad, tls=True) as smtp:
        assert incoming_fails(imap_port=imap.tls_port, imap_security=Security.TLS).key == key
        assert incoming_fails(imap_port=imap.port, imap_security=Security.STARTTLS).key == key
        assert outgoing_fails(smtp_port=smtp.port, smtp_security=Security.TLS).key == key


def test_an_authority_that_cannot_be_read(dovecot: Dovecot, settings: Settings, tmp_path: Path) -> None:
    for wrong in (tmp_path / "missing.pem", tmp_path):
        settings.MAIL_CA = str(wrong)
        assert incoming_fails(imap_port=dovecot.tls_port, imap_security=Security.TLS).key == "authority"


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize(
    ("key", "talker"),
    [
        ("greeting", Talker(b"220 smtp.example ESMTP\r\n")),
        ("greeting", Talker(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        ("busy", Talker(b"* BYE Too many connections\r\n")),
        ("disconnected", Talker(hang_up=True)),
        ("silent", Talker()),
        ("timeout", Talker(b"* OK ready\r\n", {b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%s OK done\r\n"})),
        (
            "busy",
            Talker(
                b"* OK ready\r\n",
                {b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%s OK done\r\n", b"LOGIN": b"%s NO [UNAVAILABLE] later\r\n"},
            ),
        ),
    ],
    ids=["smtp", "http", "full", "hangs-up", "silent", "falls-silent", "unavailable"],
)
def test_what_answers_instead_of_a_mail_server(key: str, talker: Talker) -> None:
    with talker:
        assert incoming_fails(imap_port=talker.port).key == key


@pytest.mark.usefixtures("_hasty")
def test_silence_where_encryption_should_begin() -> None:
    with Talker() as silent:
        assert incoming_fails(imap_port=silent.port, imap_security=Security.TLS).key == "timeout"
        assert outgoing_fails(smtp_port=silent.port, smtp_security=Security.TLS).key == "timeout"


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("no_address", socket.gaierror(socket.EAI_NONAME, "Name or service not known")),
        ("offline", socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")),
        ("offline", OSError(101, "Network is unreachable")),
        ("timeout", TimeoutError("timed out")),
    ],
)
def test_no_way_to_the_server(monkeypatch: pytest.MonkeyPatch, key: str, error: OSError) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(socket, "create_connection", fails)
    for security in (Security.TLS, Security.NONE):
        assert incoming_fails(imap_host="imap.sukamaju.example", imap_security=security).key == key
        assert outgoing_fails(smtp_host="smtp.sukamaju.example", smtp_security=security).key == key


def test_a_server_that_dies_in_the_middle() -> None:
    def listing() -> None:
        with connect.imap(mailbox(imap_port=dying.port)) as box:
            dying.kill()
            box.folder.list()

    with Dovecot() as dying, pytest.raises(CannotConnect, match="disconnected"):
        listing()


def test_errors_of_other_things_pass(dovecot: Dovecot) -> None:
    for error in (ValueError("a bug"), FileNotFoundError("a file")):
        with pytest.raises(type(error)), connect.imap(mailbox(imap_port=dovecot.port)):
            raise error


def test_nothing_the_server_said_is_kept() -> None:
    said = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%s OK done\r\n", b"LOGIN": b"%s NO rahasia karto@warga.example\r\n"}
    with Talker(b"* OK ready\r\n", said) as talker:
        error = incoming_fails(imap_port=talker.port)
    assert error.key == "password"
    told = "".join(traceback.format_exception(error))
    assert "rahasia" not in told
    assert PASSWORD not in told


def test_every_key_has_its_words() -> None:
    for key, trouble in TROUBLES.items():
        assert len(key) <= 24, "the column is no wider"
        assert str(trouble.title).endswith(".")
        assert str(trouble.advice)
