"""A real IMAP server for tests: Dovecot on loopback, in a process group and a folder of its own."""

import base64
import grp
import hashlib
import hmac
import itertools
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.certificates import DAY, Certificate
from tests.product import free_port

USER, PASSWORD = "desa@sukamaju.example", "kunci-surat-9"
_OAUTH_FILE = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
"""


class Dovecot:
    """``with Dovecot() as imap``: users and their plain passwords, Maildirs, IDLE; ``imap.port`` and, with a certificate, ``imap.tls_port``.

    ``quota``: kilobytes for each user. ``only_encrypted``: no login over a plain line (visible from ``127.0.0.2`` only, since
    Dovecot holds a connection from a machine to itself for safe). ``oauth``: ``token()`` makes access tokens it takes.
    Runs as the user of the tests; as root, its parts run as the users of the Debian package and the mail belongs to ``nobody``.
    """

    def __init__(
        self,
        users: Mapping[str, str] | None = None,
        *,
        certificate: Certificate | None = None,
        quota: int = 0,
        only_encrypted: bool = False,
        oauth: bool = False,
        most_connections: int = 50,
        listen: str = "127.0.0.1",
    ) -> None:
        self.users = dict(users or {USER: PASSWORD})
        self.port, self.tls_port = free_port(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="kd-", dir="/tmp"))  # sockets have short names only
        self._key = os.urandom(32)
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._config(certificate, quota, only_encrypted, oauth, most_connections, listen)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start, or start again after ``kill``; returns when it answers."""
        command = [_program(), "-F", "-c", str(self.folder / "dovecot.conf")]
        with (self.folder / "said.log").open("ab") as said:
            self._process = subprocess.Popen(command, start_new_session=True, umask=0o022, stdout=said, stderr=said)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 5) as line:
                    if line.recv(4) == b"* OK":
                        return
            except OSError:
                time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"Dovecot does not answer:\n{self.log()}")

    def kill(self) -> None:
        """``kill -9`` to all of it at once; the mail stays."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def log(self) -> str:
        paths = (self.folder / name for name in ("said.log", "dovecot.log"))
        return "".join(path.read_text(encoding="utf-8", errors="replace") for path in paths if path.exists())

    # --- what is in the mailboxes ---

    def deliver(
        self, user: str, content: bytes, folder: str = "INBOX", *, seen: bool = False, at: datetime | None = None
    ) -> Path:
        """A new letter, as a mail server delivers it: written beside, then moved in. ``at``: when it arrived."""
        maildir = self._maildir(user, folder)
        name = f"{time.time_ns() // 1000}.M{next(self._numbers)}.tests"
        written = maildir / "tmp" / name
        written.write_bytes(content)
        self._give(written)
        if at is not None:
            os.utime(written, (at.timestamp(), at.timestamp()))
        return written.rename(maildir / "cur" / f"{name}:2,S" if seen else maildir / "new" / name)

    def names(self, user: str = USER, folder: str = "INBOX") -> list[str]:
        """The file names of the letters that are there, whose ends show their marks (``:2,S`` read, ``:2,T`` deleted)."""
        maildir = self._maildir(user, folder)
        return sorted(path.name for part in ("new", "cur") for path in (maildir / part).iterdir())

    def make_folder(self, user: str, name: str) -> None:
        self._maildir(user, name)

    def change_uidvalidity(self, user: str = USER, folder: str = "INBOX") -> None:
        """As after a move of the mailbox to another machine: the server counts anew."""
        maildir = self._maildir(user, folder)
        kept = maildir / "dovecot-uidlist"
        assert kept.exists(), "nobody has looked into this folder yet"
        found = re.search(r"V(\d+)", kept.read_text(encoding="utf-8").splitlines()[0])
        assert found
        for path in maildir.iterdir():
            if path.name.startswith(("dovecot-uidlist", "dovecot.index")):
                path.unlink()
        kept.write_text(f"3 V{int(found[1]) + 1000} N1\n", encoding="utf-8")
        self._give(kept)

    def token(self, user: str = USER, *, lasts: timedelta = timedelta(hours=1)) -> str:
        """An OAuth2 access token (a JWT signed with HMAC) this server takes."""
        now = datetime.now(UTC)
        parts = (
            {"alg": "HS256", "typ": "JWT"},
            {"sub": user, "iat": int((now - DAY).timestamp()), "exp": int((now + lasts).timestamp())},
        )
        signed = b".".join(_base64(json.dumps(part).encode()) for part in parts)
        return (signed + b"." + _base64(hmac.digest(self._key, signed, hashlib.sha256))).decode()

    # --- its folder ---

    def _config(
        self, certificate: Certificate | None, quota: int, only_encrypted: bool, oauth: bool, most_connections: int, listen: str
    ) -> None:
        root = os.geteuid() == 0
        self._owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        for name in ("run", "mail", "keys/default/HS256"):
            (self.folder / name).mkdir(parents=True)
        self._give(self.folder / "mail")
        (self.folder / "users").write_text(
            "".join(f"{user}:{{PLAIN}}{key}\n" for user, key in self.users.items()), encoding="utf-8"
        )
        (self.folder / "keys/default/HS256/default").write_bytes(base64.b64encode(self._key))
        (self.folder / "oauth2.conf").write_text(_OAUTH_FILE.format(folder=self.folder), encoding="utf-8")
        me = self._owner.pw_name
        text = _filled(
            (Path(__file__).parent / f"dovecot-{_version()}.conf").read_text(encoding="utf-8"),
            {"tls": certificate, "quota": quota, "oauth": oauth},
            folder=self.folder,
            listen=listen,
            ssl=("required" if only_encrypted else "yes") if certificate else "no",
            certificate=certificate and certificate.path,
            key=certificate and certificate.key,
            only_encrypted="yes" if only_encrypted else "no",
            also_plain="no" if only_encrypted else "yes",
            more_mechanisms="xoauth2" if oauth else "",
            internal="dovecot" if root else me,
            internal_group="dovecot" if root else grp.getgrgid(os.getegid()).gr_name,
            login="dovenull" if root else me,
            most_connections=most_connections,
            quota=quota,
            uid=self._owner.pw_uid,
            gid=self._owner.pw_gid,
            port=self.port,
            tls_port=self.tls_port if certificate else 0,
        )
        (self.folder / "dovecot.conf").write_text(text, encoding="utf-8")
        for path in (self.folder, *self.folder.rglob("*")):  # whatever the umask: its parts run as other users
            path.chmod(0o755 if path.is_dir() else 0o644)

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def _maildir(self, user: str, folder: str) -> Path:
        """The folder of the mailbox (Maildir++), made where it is missing."""
        home = self.folder / "mail" / user
        top = home / "Maildir"
        place = top if folder == "INBOX" else top / f".{folder}"
        for path in (home, top, place, *(place / part for part in ("tmp", "new", "cur"))):
            if not path.exists():
                path.mkdir(mode=0o700)
                self._give(path)
        if folder != "INBOX" and not (place / "maildirfolder").exists():
            (place / "maildirfolder").touch()
            self._give(place / "maildirfolder")
        return place


def _program() -> str:
    found = shutil.which("dovecot") or "/usr/sbin/dovecot"
    assert Path(found).exists(), "Dovecot is needed: apt install dovecot-imapd"
    return found


@cache
def _version() -> str:
    """``2.3`` or ``2.4``, whose settings are written differently."""
    said = subprocess.run([_program(), "--version"], capture_output=True, text=True, check=True).stdout
    return "2.3" if said.startswith("2.3.") else "2.4"


def _filled(text: str, wanted: Mapping[str, object], **values: object) -> str:
    lines = []
    for line in text.splitlines():
        mark = re.match(r"\[(\w+)\] ", line)
        if mark is None or wanted[mark[1]]:
            lines.append(line[mark.end() :] if mark else line)
    return re.sub(r"@(\w+)@", lambda word: str(values[word[1]]), "\n".join(lines[1:])) + "\n"


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
