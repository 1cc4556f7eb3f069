"""Errors of the network and of mail servers, each as one key of ``troubles.TROUBLES``.

What a server says is read for its codes and never kept: it quotes addresses, and sometimes what was sent to it.
"""

import errno
import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError

from kentongan.channels.email.troubles import CannotConnect

LASTING = frozenset(
    """
    host_missing password_missing secret_unreadable authority not_tls no_starttls tls_needed certificate certificate_name
    password token no_login login_needed folder sender_refused recipient_refused relay size rejected
    """.split()
)
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
_MAIL_ERRORS = (imaplib.IMAP4.error, ImapToolsError, smtplib.SMTPException, ssl.SSLError, ConnectionError, TimeoutError)
# OpenSSL's verify codes (x509_vfy.h)
_CERTIFICATES = {9: "clock", 10: "certificate_expired", 62: "certificate_name", 64: "certificate_name"}
# OpenSSL's reasons for plain text where an encrypted greeting should come
_PLAIN_TEXT = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST", "UNEXPECTED_MESSAGE"}
_ENHANCED = re.compile(rb"^([245])\.(\d{1,3})\.(\d{1,3})\b")  # RFC 3463


def cannot(key: str) -> CannotConnect:
    """The failure with this key; whether it lasts until somebody changes something is the key's own."""
    return CannotConnect(key, permanent=key in LASTING)


@contextmanager
def on_the_way() -> Iterator[None]:
    """Every failure of name, line and encryption as its key; what a mail server answers passes."""
    try:
        yield
    except smtplib.SMTPException:
        raise
    except (OSError, UnicodeError, OverflowError) as error:
        key = _network_key(error)
    else:
        return
    raise cannot(key) from None


@contextmanager
def in_keys() -> Iterator[None]:
    """Every failure of a conversation as its key; errors of other things pass."""
    try:
        yield
    except CannotConnect:
        raise
    except _MAIL_ERRORS as error:
        found = _spoken(error)
    except OSError as error:
        if error.errno not in _UNREACHABLE:
            raise
        found = cannot("offline")
    else:
        return
    raise found from None


def _spoken(error: imaplib.IMAP4.error | ImapToolsError | OSError) -> CannotConnect:
    if isinstance(error, OSError):
        return classify_smtp(error)
    if isinstance(error, MailboxFolderSelectError):
        return cannot("busy" if is_busy(str(error).upper()) else "folder")
    return cannot("disconnected" if isinstance(error, imaplib.IMAP4.abort) else "busy")


def _network_key(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, "certificate")
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "disconnected"
    if isinstance(error, ssl.SSLError):
        return "not_tls" if error.reason in _PLAIN_TEXT else "tls"
    if isinstance(error, socket.gaierror):
        return "no_address" if error.errno in {socket.EAI_NONAME, socket.EAI_NODATA} else "offline"
    if isinstance(error, UnicodeError):  # no name of the internet looks like that
        return "no_address"
    if isinstance(error, ConnectionRefusedError | OverflowError):
        return "refused"
    if isinstance(error, TimeoutError):
        return "timeout"
    return "offline" if isinstance(error, OSError) and error.errno in _UNREACHABLE else "disconnected"


def classify_smtp(error: smtplib.SMTPException | OSError) -> CannotConnect:
    """What an error after ``smtp()`` means: of the sender's address, a recipient's, the letter, or the line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()), (0, b""))
        return _refusal(code, said, "recipient_refused")
    if isinstance(error, smtplib.SMTPResponseException):
        otherwise = "sender_refused" if isinstance(error, smtplib.SMTPSenderRefused) else "rejected"
        return _refusal(error.smtp_code, error.smtp_error, otherwise)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return cannot("timeout" if isinstance(error.__context__, TimeoutError) else "disconnected")
    if isinstance(error, smtplib.SMTPNotSupportedError):  # letters beyond ASCII in an address
        return cannot("recipient_refused")
    if isinstance(error, smtplib.SMTPException):
        return cannot("rejected")
    return cannot(_network_key(error))


def _refusal(code: int, said: bytes | str, otherwise: str) -> CannotConnect:
    """``otherwise``: the key of a lasting refusal that says nothing more. Servers differ; a code that lasts never counts as busy."""
    words = said if isinstance(said, bytes) else said.encode("utf-8", "replace")
    found = _ENHANCED.match(words)
    subject = (int(found[2]), int(found[3])) if found else (0, 0)
    key = _refusal_key(code, subject, words.lower(), otherwise)
    return CannotConnect(key, permanent=code >= 500 and key != "limit")


def _refusal_key(code: int, subject: tuple[int, int], words: bytes, otherwise: str) -> str:
    to_person = otherwise == "recipient_refused"
    if code in {530, 538}:
        return "tls_needed" if b"starttls" in words else "login_needed"
    if subject == (4, 5) or b"sending quota" in words or b"sending limit" in words or b"rate limit" in words:
        return "limit"
    if subject == (2, 2) or (code in {452, 552} and (b"quota" in words or b"mailbox full" in words)):
        return "quota" if otherwise == "sender_refused" else "recipient_full"
    if subject in {(3, 4), (2, 3)} or (code == 552 and subject == (0, 0)):
        return "recipient_full" if to_person else "size"
    if code < 500:
        return "busy" if code else "disconnected"
    if b"relay" in words:
        return "relay"
    if subject in {(1, 7), (1, 8), (7, 60)} or b"sender address rejected" in words:
        return "sender_refused"
    if to_person and subject[0] == 7:  # a rule of the server, not the address
        return "rejected"
    return "recipient_refused" if subject in {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (4, 4)} else otherwise


def is_busy(said: str) -> bool:
    """By the codes of RFC 5530, which Gmail does not use when it has too many visitors."""
    return any(code in said for code in ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "TOO MANY"))
