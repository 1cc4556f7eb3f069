"""Connections to the village's mail server: encrypted, its certificate checked, logged in. Every failure is a ``CannotConnect``."""

import base64
import imaplib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from imap_tools import BaseMailBox
from imap_tools.errors import UnexpectedCommandStatusError

from kentongan.channels.email.failures import cannot, classify_smtp, in_keys, is_busy, on_the_way
from kentongan.channels.models import Mailbox
from kentongan.lib import sealed

__all__ = ["classify_smtp", "imap", "select", "smtp"]

TIMEOUT = 20.0  # s for each answer of a server
_HELO = "[127.0.0.1]"  # the name of an office PC means nothing to a server, and looking it up can take long


# --- incoming --------------------------------------------------------------------------------------------------------


class _Plain(imaplib.IMAP4):
    """Tells the way to the server apart from what is said there."""

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        with on_the_way():
            super().open(host, port, timeout)


class _Encrypted(imaplib.IMAP4_SSL):
    """The same, encrypted from the beginning."""

    def open(self, host: str = "", port: int | None = 993, timeout: float | None = None) -> None:
        with on_the_way():
            super().open(host, port, timeout)


class _Box(BaseMailBox):
    def __init__(self, client: imaplib.IMAP4) -> None:
        self._reached = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._reached


@contextmanager
def imap(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """Logged in, no folder selected yet; ``client.capabilities`` are those after the login. Raises ``CannotConnect``.

    Errors of the server inside the block come out as ``CannotConnect`` too.
    """
    password = _complete(mailbox, mailbox.imap_host, login=True)
    with in_keys():
        client = _reach_imap(mailbox)
        try:
            if mailbox.imap_security == Mailbox.Security.STARTTLS:
                _encrypt_imap(client)
            box = _Box(client)
            _log_in_to_imap(client, box, mailbox, password)
            yield box
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()
        finally:
            with suppress(OSError):
                client.shutdown()


def select(box: BaseMailBox, mailbox: Mailbox) -> None:
    """Select the village's folder without changing a mark in it (EXAMINE). Raises ``CannotConnect``."""
    with in_keys():
        box.folder.set(mailbox.imap_folder, readonly=True)


def _reach_imap(mailbox: Mailbox) -> imaplib.IMAP4:
    try:
        if mailbox.imap_security == Mailbox.Security.TLS:
            return _Encrypted(mailbox.imap_host, mailbox.imap_port, ssl_context=_context(), timeout=TIMEOUT)
        return _Plain(mailbox.imap_host, mailbox.imap_port, TIMEOUT)
    except TimeoutError:
        key = _silence(mailbox.imap_security)
    except imaplib.IMAP4.error as error:
        said = str(error)
        key = "disconnected" if "EOF" in said else "busy" if "BYE" in said else "greeting"
    raise cannot(key)


def _encrypt_imap(client: imaplib.IMAP4) -> None:
    if "STARTTLS" not in client.capabilities:
        raise cannot("no_starttls")
    context = _context()
    with on_the_way():
        client.starttls(context)


def _log_in_to_imap(client: imaplib.IMAP4, box: BaseMailBox, mailbox: Mailbox, password: str) -> None:
    if "LOGINDISABLED" in client.capabilities:
        raise cannot("tls_needed")
    token = mailbox.auth == Mailbox.Auth.OAUTH2
    if token and "AUTH=XOAUTH2" not in client.capabilities:
        raise cannot("no_login")
    try:
        if token:
            first = _xoauth2(mailbox.login, password)
            # a second question quotes what is wrong with the token and wants an empty answer
            client.authenticate("XOAUTH2", lambda question: b"" if question else first)
        elif (mailbox.login + password).isascii():
            box.login(mailbox.login, password, initial_folder=None)
        else:
            box.login_utf8(mailbox.login, password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnexpectedCommandStatusError) as error:
        key = _why_no_login(str(error).upper(), token)
    else:
        _kind, offered = client.capability()
        client.capabilities = tuple(bytes(offered[-1] or b"").decode("ascii", "replace").upper().split())
        return
    raise cannot(key)


def _why_no_login(said: str, token: bool) -> str:
    if is_busy(said):
        return "busy"
    if "[PRIVACYREQUIRED]" in said:
        return "tls_needed"
    return "token" if token else "password"


# --- outgoing --------------------------------------------------------------------------------------------------------


@contextmanager
def smtp(mailbox: Mailbox) -> Iterator[smtplib.SMTP]:
    """Greeted, encrypted, and logged in where the mailbox says so. Raises ``CannotConnect``.

    Errors of the server inside the block come out as ``CannotConnect`` too.
    """
    password = _complete(mailbox, mailbox.smtp_host, login=mailbox.smtp_login)
    with in_keys():
        server = _reach_smtp(mailbox)
        try:
            server.ehlo_or_helo_if_needed()
            if mailbox.smtp_security == Mailbox.Security.STARTTLS:
                _encrypt_smtp(server)
            if mailbox.smtp_login:
                _log_in_to_smtp(server, mailbox, password)
            yield server
            with suppress(OSError):
                server.quit()
        finally:
            server.close()


def _reach_smtp(mailbox: Mailbox) -> smtplib.SMTP:
    host, port = mailbox.smtp_host, mailbox.smtp_port
    try:
        with on_the_way():
            if mailbox.smtp_security == Mailbox.Security.TLS:
                return smtplib.SMTP_SSL(host, port, _HELO, timeout=TIMEOUT, context=_context())
            return smtplib.SMTP(host, port, _HELO, timeout=TIMEOUT)
    except smtplib.SMTPServerDisconnected as error:
        key = _silence(mailbox.smtp_security) if isinstance(error.__context__, TimeoutError) else "disconnected"
    except smtplib.SMTPResponseException as error:
        key = "busy" if 400 <= error.smtp_code < 500 else "rejected" if error.smtp_code > 500 else "greeting"
    raise cannot(key)


def _encrypt_smtp(server: smtplib.SMTP) -> None:
    if not server.has_extn("starttls"):
        raise cannot("no_starttls")
    context = _context()
    try:
        with on_the_way():
            server.starttls(context=context)
            server.ehlo()
            return
    except smtplib.SMTPResponseException:
        key = "no_starttls"
    raise cannot(key)


def _log_in_to_smtp(server: smtplib.SMTP, mailbox: Mailbox, password: str) -> None:
    ways = server.esmtp_features.get("auth", "").upper().split()
    plain_line = mailbox.smtp_security == Mailbox.Security.NONE
    token = mailbox.auth == Mailbox.Auth.OAUTH2
    if not ways or (token and "XOAUTH2" not in ways):
        raise cannot("tls_needed" if not ways and plain_line and server.has_extn("starttls") else "no_login")
    try:
        if token:
            _say(server, "XOAUTH2", _xoauth2(mailbox.login, password))
        elif "PLAIN" in ways:
            _say(server, "PLAIN", b"\0" + mailbox.login.encode() + b"\0" + password.encode())
        else:
            server.login(mailbox.login, password)
        return
    except smtplib.SMTPNotSupportedError:
        key = "no_login"
    except UnicodeEncodeError:  # the older ways to log in know ASCII only
        key = "password"
    except smtplib.SMTPResponseException as error:
        key = _why_no_smtp_login(error.smtp_code, token)
    raise cannot(key)


def _say(server: smtplib.SMTP, way: str, first: bytes) -> None:
    """One AUTH command with its first answer; a question after it wants an empty one. Raises ``SMTPAuthenticationError``."""
    code, _said = server.docmd("AUTH", f"{way} {base64.b64encode(first).decode()}")
    if code == 334:
        code, _said = server.docmd("")
    if code not in {235, 503}:  # 503: logged in already
        raise smtplib.SMTPAuthenticationError(code, b"")


def _why_no_smtp_login(code: int, token: bool) -> str:
    if code in {530, 538}:
        return "tls_needed"
    if code == 504:
        return "no_login"
    if 400 <= code < 500:
        return "busy"
    return "token" if token else "password"


# --- both ------------------------------------------------------------------------------------------------------------


def _complete(mailbox: Mailbox, host: str, *, login: bool) -> str:
    """The password, where one is needed. Raises ``CannotConnect`` when the settings are not complete."""
    if not host:
        raise cannot("host_missing")
    if not login:
        return ""
    try:
        password = mailbox.password
    except sealed.CannotOpen:
        password, key = "", "secret_unreadable"
    else:
        key = "password_missing"
    if not password:
        raise cannot(key)
    return password


def _silence(security: str) -> str:
    """What it means when a server that is reached does not greet: it may wait for encryption to begin."""
    return "timeout" if security == Mailbox.Security.TLS else "silent"


def _xoauth2(user: str, token: str) -> bytes:
    """https://developers.google.com/workspace/gmail/imap/xoauth2-protocol"""
    return f"user={user}\1auth=Bearer {token}\1\1".encode()


def _context() -> ssl.SSLContext:
    """What the system trusts, and the office's own authority beside it. Raises ``CannotConnect``."""
    context = ssl.create_default_context()
    if settings.MAIL_CA:
        try:
            context.load_verify_locations(cafile=settings.MAIL_CA)
        except OSError:
            raise cannot("authority") from None
    return context
