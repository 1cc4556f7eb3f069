"""Real mail servers for tests, on loopback: ``Dovecot`` (IMAP), ``Smtp`` (aiosmtpd in a thread), and ``Talker``, which is none."""

# ruff: noqa: N802 - aiosmtpd finds its hooks by these names

import base64
import socketserver
import ssl
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Literal, Self

from aiosmtpd import smtp
from aiosmtpd.controller import Controller

from tests.certificates import Certificate, certificate
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.product import free_port

__all__ = ["PASSWORD", "USER", "Certificate", "Dovecot", "Smtp", "Talker", "certificate"]


class _Protocol(smtp.SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.drop == "before":
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Listener(Controller):
    def factory(self) -> smtp.SMTP:
        made = _Protocol(self.handler, **self.SMTP_kwargs)
        made._auth_require_tls = not (self.handler.users or self.handler.tokens)  # set here, it warns nobody
        return made


class Smtp:
    """``with Smtp() as smtp``: takes letters into ``smtp.letters`` at ``smtp.port``. How it behaves may be changed at any moment.

    ``users`` and ``tokens`` (of users, for XOAUTH2): who may log in; with either, a login is needed. ``certificate``: offers
    STARTTLS; ``tls``: speaks TLS from the beginning; ``only_encrypted``: wants STARTTLS before anything else.
    ``drop``: hangs up ``before`` or ``after`` it has taken the letter; ``busy``: so many recipients put off (450).
    """

    def __init__(
        self,
        users: Mapping[str, str] | None = None,
        *,
        tokens: Mapping[str, str] | None = None,
        certificate: Certificate | None = None,
        tls: bool = False,
        only_encrypted: bool = False,
        size: int = 0,
    ) -> None:
        self.users, self.tokens = dict(users or {}), dict(tokens or {})
        self.letters: list[bytes] = []
        self.recipients: list[str] = []
        self.refused: set[str] = set()  # 550
        self.not_ours: set[str] = set()  # senders, 553
        self.relays, self.full, self.busy = True, False, 0
        self.drop: Literal["", "before", "after"] = ""
        self.port = free_port()
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.path, certificate.key)
        login = bool(self.users or self.tokens)
        self._listener = _Listener(
            self,
            hostname="127.0.0.1",
            port=self.port,
            ready_timeout=20,
            ssl_context=context if tls else None,
            tls_context=None if tls else context,
            require_starttls=only_encrypted,
            data_size_limit=size or 33_554_432,
            authenticator=self._authenticate,
            auth_required=login,
            auth_exclude_mechanism=[] if self.tokens else ["XOAUTH2"],
        )

    def __enter__(self) -> Self:
        self._listener.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.stop()

    def _authenticate(self, server: Any, session: Any, envelope: Any, way: str, told: Any) -> smtp.AuthResult:
        return smtp.AuthResult(success=self.users.get(told.login.decode()) == told.password.decode(), handled=False)

    async def auth_XOAUTH2(self, server: Any, words: list[str]) -> smtp.AuthResult:
        told = dict(part.split("=", 1) for part in base64.b64decode(words[1]).decode().split("\1") if part)
        right = self.tokens.get(told["user"])
        if right is not None and told["auth"] == f"Bearer {right}":
            return smtp.AuthResult(success=True)
        await server.challenge_auth('{"status":"401"}')
        return smtp.AuthResult(success=False, handled=False)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.not_ours:
            return f"553 5.7.1 <{address}>: Sender address rejected: not owned by user"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.busy > 0:
            self.busy -= 1
            return "450 4.7.1 Greylisted, try again later"
        if address in self.refused:
            return f"550 5.1.1 <{address}>: Recipient address rejected: no such user"
        if not self.relays:
            return f"554 5.7.1 <{address}>: Relay access denied"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.full:
            return "552 5.2.2 The mailbox of the recipient is full"
        self.letters.append(bytes(envelope.content))
        self.recipients += envelope.rcpt_tos
        if self.drop == "after":
            server.transport.abort()
        return "250 OK"


# --- what is no mail server ------------------------------------------------------------------------------------------


class Talker:
    """Says one thing to everyone who comes, then ``answers`` by the beginning of what is said to it, and is silent to the rest."""

    def __init__(self, greeting: bytes = b"", answers: Mapping[bytes, bytes] | None = None, *, hang_up: bool = False) -> None:
        self.greeting, self.answers, self.hang_up = greeting, dict(answers or {}), hang_up
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler(), bind_and_activate=True)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        talker = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(talker.greeting)
                if talker.hang_up:
                    return
                try:
                    while line := self.rfile.readline():
                        self.wfile.write(talker.answer(line))
                except OSError:
                    return

        return Handler

    def answer(self, line: bytes) -> bytes:
        """``%s`` in an answer: the tag of an IMAP command."""
        tag, _space, rest = line.partition(b" ")
        for begins, said in self.answers.items():
            if line.startswith(begins) or rest.startswith(begins):
                return said.replace(b"%s", tag)
        return b""
