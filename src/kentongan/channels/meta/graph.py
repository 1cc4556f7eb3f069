"""A small client of Meta's Graph API. Every failure is a ``CannotReach`` with a key of ``troubles.TROUBLES``; what Meta says is not kept.

Errors: https://developers.facebook.com/docs/graph-api/guides/error-handling and the pages of the two products.
"""

import http.client
import json
import socket
import ssl
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from kentongan.channels.models import ChatAccount
from kentongan.lib import sealed

TIMEOUT = 20.0  # s for each answer
MOST_ANSWER = 2 * 1024 * 1024  # bytes of an answer that is no file
HOPS = 3  # redirects on the way to a file
_OF_META = (".fbsbx.com", ".facebook.com", ".instagram.com", ".fbcdn.net", ".cdninstagram.com")
_WINDOW = {(10, 2534022), (10, 2018278), (131047, 0), (470, 0)}
_KEYS = {
    190: "token",
    **dict.fromkeys((4, 17, 32, 613, 80007, 130429, 131048, 131056), "limit"),
    **dict.fromkeys((551, 131026), "unreachable"),
    **dict.fromkeys((1, 2, 131000, 131016), "busy"),
    **dict.fromkeys((3, 10, 200, 131005), "permission"),
}
LATER = frozenset(
    {"limit", "busy", "offline", "token", "permission", "token_missing"}
)  # may work another time, or after a change
OF_THE_ACCOUNT = frozenset({"token", "permission", "token_missing"})


class CannotReach(Exception):
    """It did not work. ``key``: of ``troubles.TROUBLES``; ``unsure``: Meta may have done it all the same."""

    def __init__(self, key: str, *, unsure: bool = False) -> None:
        super().__init__(key)
        self.key = key
        self.unsure = unsure


def get(account: ChatAccount, path: str, **asked: str) -> dict[str, Any]:
    """Raises ``CannotReach``."""
    return _call(account, "GET", f"{path}?{urlencode(asked)}" if asked else path, None)


def post(account: ChatAccount, path: str, said: dict[str, Any]) -> dict[str, Any]:
    """Raises ``CannotReach``."""
    return _call(account, "POST", path, json.dumps(said).encode())


def key_of(code: int, subcode: int = 0, status: int = 400) -> str:
    """What an error of Meta's means here."""
    if (code, subcode) in _WINDOW or (code, 0) in _WINDOW - {(10, 0)}:
        return "window"
    if (code, subcode) == (100, 2018276):
        return "human_agent"
    return _KEYS.get(code, "busy" if status >= 500 else "limit" if status == 429 else "refused")


def _call(account: ChatAccount, method: str, path: str, body: bytes | None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {_token(account)}", "Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    return _said(f"{account.base_url}/{account.version}/{path}", method, headers, body)


def renewed(account: ChatAccount) -> str:
    """A new access token of Instagram's in place of one that is at least a day old and has not run out. Raises ``CannotReach``."""
    asked = urlencode({"grant_type": "ig_refresh_token", "access_token": _token(account)})  # the only way Meta takes it
    said = _said(f"{account.base_url}/refresh_access_token?{asked}", "GET", {"Accept": "application/json"}, None)
    token = said.get("access_token")
    if not isinstance(token, str) or not token:
        raise CannotReach("busy")
    return token


def _said(url: str, method: str, headers: dict[str, str], body: bytes | None) -> dict[str, Any]:
    """What Meta answers. Raises ``CannotReach``."""
    status, _headers, content = _ask(url, method, headers, body, MOST_ANSWER, inside=True)
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if status == 200 and isinstance(said, dict) and "error" not in said:
        return said
    error = said.get("error") if isinstance(said, dict) else None
    code, subcode = (_number(error.get(name)) if isinstance(error, dict) else 0 for name in ("code", "error_subcode"))
    if status == 200 and not code:  # it says yes in words nobody understands
        raise CannotReach("busy", unsure=True)
    raise CannotReach(key_of(code, subcode, status))


def _token(account: ChatAccount) -> str:
    try:
        token = account.access_token
    except sealed.CannotOpen:
        token = ""
    if not token:
        raise CannotReach("token_missing")
    return token


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def file(account: ChatAccount, url: str, most: int) -> bytes:
    """The bytes of a file Meta points to, at most ``most``. Our token goes to Meta alone, and nothing inside the office is asked.

    Raises ``CannotReach``.
    """
    for _hop in range(HOPS + 1):
        try:
            own, host = _is_base(account, url), urlsplit(url).hostname or ""
        except ValueError:
            break
        headers = {"Authorization": f"Bearer {_token(account)}"} if own or host.endswith(_OF_META) else {}
        status, found, content = _ask(url, "GET", headers, None, most, inside=own)
        if status == 200:
            return content
        if status >= 500 or status == 429:
            raise CannotReach("busy")
        if status not in {301, 302, 303, 307, 308}:
            break
        url = _target(url, found.get("location", ""))
    raise CannotReach("media")


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _is_base(account: ChatAccount, url: str) -> bool:
    wanted, given = urlsplit(account.base_url), urlsplit(url)
    return (wanted.scheme, wanted.netloc) == (given.scheme, given.netloc)


def _ask(
    url: str, method: str, headers: dict[str, str], body: bytes | None, most: int, *, inside: bool
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one answer; no redirect is followed. ``inside``: the address may lie in the office, as the settings say."""
    connection, path = _connected(url, inside)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read(most + 1)
    except (OSError, http.client.HTTPException) as error:
        raise CannotReach("offline", unsure=True) from error
    finally:
        connection.close()
    if len(content) > most:
        raise CannotReach("media_large")
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


def _connected(url: str, inside: bool) -> tuple[http.client.HTTPConnection, str]:
    """Connected to the very address that was looked at, so that a name cannot mean two things."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise CannotReach("media") from None
    if not host or not (parts.scheme == "https" or (inside and parts.scheme == "http")):
        raise CannotReach("media")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not target.isascii() or not target.isprintable() or " " in target:
        raise CannotReach("media")
    try:
        address = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
        if not inside and not ip_address(address.partition("%")[0]).is_global:
            raise CannotReach("media")
        line = socket.create_connection((address, port), TIMEOUT)
        if parts.scheme == "https":
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except (OSError, UnicodeError) as error:
        raise CannotReach("offline") from error
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    connection.sock = line
    return connection, target
