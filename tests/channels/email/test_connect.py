"""Real connections to real servers, and every way they can fail: the key that names it, and nothing of what the server said."""

import smtplib
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
from tests.mailserver import PASSWORD, USER, Certificate, Dovecot, Smtp, Talker, certificate
from tests.product import free_port

Security = Mailbox.Security
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


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("trusted"))


@pytest.fixture(scope="module")
def dovecot(trusted: Certificate) -> Iterator[Dovecot]:
    people = {USER: PASSWORD, "aneh@sukamaju.example": "sändi “aneh” \\ ✓", "kutip@sukamaju.example": 'a"b\\c d'}
    with Dovecot(people, certificate=trusted, oauth=True) as running:
        yield running


@pytest.fixture
def _trust(trusted: Certificate, settings: Settings) -> None:
    settings.MAIL_CA = str(trusted.path)


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "TIMEOUT", 0.5)


# --- incoming --------------------------------------------------------------------------------------------------------


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


# --- outgoing --------------------------------------------------------------------------------------------------------


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


def test_every_key_has_its_words() -> None:
    for key, trouble in TROUBLES.items():
        assert len(key) <= 24, "the column is no wider"
        assert str(trouble.title).endswith(".")
        assert str(trouble.advice)
