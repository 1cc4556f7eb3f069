"""Meta on this computer: the parts of its Graph API used here, and its webhook calls. For tests and for practice; never for real people.

It answers as Meta does, with a clock that can be moved, and signs what it sends over escaped bytes (``\\u00e4``, ``\\/``). The
product knows nothing of it: only the address of the interface in the settings is another.
"""

import hashlib
import hmac
import http.client
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

DAY = 24 * 3600
ERRORS = {  # name → HTTP status, code, subcode, message
    "token": (401, 190, 0, "Error validating access token: Session has expired"),
    "window_instagram": (403, 10, 2534022, "This message is sent outside of allowed window."),
    "window_whatsapp": (400, 131047, 0, "(#131047) Re-engagement message"),
    "human_agent": (400, 100, 2018276, "Human agent tag is not approved"),
    "limit": (429, 613, 0, "Calls to this api have exceeded the rate limit."),
    "unreachable": (400, 551, 0, "This person isn't available right now."),
    "parameter": (400, 100, 0, "(#100) Invalid parameter"),
    "busy": (500, 2, 0, "Service temporarily unavailable"),
}


@dataclass
class Simulator:
    """``with Simulator(...) as meta``: listens at ``meta.url``. How it behaves may be changed at any moment.

    ``product``: the address of Kentongan, where calls are sent. ``ahead``: seconds its clock is ahead. ``faults``: names of
    ``ERRORS`` for the next send calls, one each, and "hang_up": the line breaks after the message was taken.
    """

    token: str
    app_secret: str
    account_id: str
    channel: str = "instagram"
    product: str = ""
    port: int = 0
    human_agent: bool = False
    ahead: float = 0
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    profiles: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    spoke: dict[str, float] = field(default_factory=dict)  # person → when he last wrote, by its clock

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"meta": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def now(self) -> float:
        return time.time() + self.ahead

    # --- what it sends ------------------------------------------------------------------------------------------------

    def message(self, person: str, text: str = "", *, mid: str = "", **parts: Any) -> dict[str, Any]:
        """A message of a resident, as one call."""
        self.spoke[person] = self.now()
        key = mid or f"{'wamid.' if self.channel == 'whatsapp' else 'aWdfZA'}{secrets.token_urlsafe(18)}"
        if self.channel == "instagram":
            said = {"mid": key, **({"text": text} if text else {}), **parts}
            return self.event({"sender": {"id": person}, "recipient": {"id": self.account_id}, "message": said})
        kind = next(iter(parts), "text")
        part = parts.get(kind, {"body": text})
        row = {"from": person, "id": key, "timestamp": str(int(self.now())), "type": kind, kind: part}
        name = self.profiles.get(person, {}).get("name", "")
        return self.value({"contacts": [{"profile": {"name": name}, "wa_id": person}], "messages": [row]})

    def event(self, event: dict[str, Any], kind: str = "messaging") -> dict[str, Any]:
        """One Instagram event as a call; ``kind="standby"`` while another app has control."""
        stamp = int(self.now() * 1000)
        return {"object": "instagram", "entry": [{"id": self.account_id, "time": stamp, kind: [{"timestamp": stamp, **event}]}]}

    def value(self, value: dict[str, Any]) -> dict[str, Any]:
        """One WhatsApp value as a call."""
        about = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": self.account_id}}
        changes = [{"field": "messages", "value": about | value}]
        return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": changes}]}

    def status(self, wamid: str, person: str, state: str, code: int = 0) -> dict[str, Any]:
        errors = {"errors": [{"code": code, "title": "x"}]} if code else {}
        row = {"id": wamid, "status": state, "timestamp": str(int(self.now())), "recipient_id": person, **errors}
        return self.value({"statuses": [row]})

    def signed(self, said: Any, *, wrong: bool = False) -> tuple[bytes, dict[str, str]]:
        """The bytes of a call, as Meta escapes them, and its headers; ``wrong``: signed with another secret."""
        content = json.dumps(said, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode()
        secret = "another secret" if wrong else self.app_secret
        mark = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": f"sha256={mark}",
        }
        return content, headers

    def call(self, said: Any, *, wrong: bool = False, times: int = 1) -> int:
        """Send a call to the product, ``times`` over; the last HTTP status."""
        content, headers = self.signed(said, wrong=wrong)
        parts = urlsplit(self.product)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        status = 0
        for _time in range(times):
            line = kind(parts.netloc, timeout=20)
            line.request("POST", f"/hook/{self.channel}/", content, headers)
            status = line.getresponse().status
            line.close()
        return status

    # --- what it answers ----------------------------------------------------------------------------------------------

    def send(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        """A send call's status and answer; ``None``: the line breaks."""
        fault = self.faults.pop(0) if self.faults else ""
        person = str((said.get("recipient") or {}).get("id", "") if self.channel == "instagram" else said.get("to", ""))
        if fault in ERRORS:
            return refusal(fault)
        wrong = self._refused(said, person)
        if wrong:
            return refusal(wrong)
        key = f"{'wamid.' if self.channel == 'whatsapp' else 'aWdfZA'}{secrets.token_urlsafe(18)}"
        self.sent.append({**said, "id": key})
        if fault == "hang_up":
            return None
        if self.channel == "instagram":
            return 200, {"recipient_id": person, "message_id": key}
        contacts = [{"input": person, "wa_id": person}]
        return 200, {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": key}]}

    def _refused(self, said: dict[str, Any], person: str) -> str:
        age = self.now() - self.spoke.get(person, 0)
        if self.channel == "whatsapp":
            text = str((said.get("text") or {}).get("body", ""))
            fits = said.get("messaging_product") == "whatsapp" and 0 < len(text) <= 4096
            return "parameter" if not fits else "window_whatsapp" if age > DAY else ""
        text = str((said.get("message") or {}).get("text", ""))
        tagged = said.get("tag") == "HUMAN_AGENT"
        if not 0 < len(text.encode()) <= 1000 or not person:
            return "parameter"
        if tagged and not self.human_agent:
            return "human_agent"
        return "window_instagram" if age > (7 * DAY if tagged else DAY) else ""


def refusal(name: str) -> tuple[int, dict[str, Any]]:
    """An error as Meta words it."""
    status, code, subcode, message = ERRORS[name]
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1b2C3"}
    return status, {"error": error | ({"error_subcode": subcode} if subcode else {})}


def practising(channel: str, port: int, product: str) -> Simulator:
    """A simulator to play with, its secrets the same each time: they keep nothing."""
    account_id = "17841470026191358" if channel == "instagram" else "114896151713920"
    return Simulator("latihan-token", "latihan-rahasia", account_id, channel, product.rstrip("/"), port)


class _Handler(BaseHTTPRequestHandler):
    meta: Simulator

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: what people write is nobody's log."""

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        name = path.rpartition("/")[2]
        self.meta.asked.append(self.path)
        if path == "/" and self.meta.product:
            from kentongan.channels.meta import practice  # it plays with this module's simulator

            self._say(200, practice.page(self.meta), {"Content-Type": "text/html; charset=utf-8"})
        elif path.startswith("/redirect/"):
            self._say(302, b"", {"Location": self.meta.redirects.get(name, "/")})
        elif path.startswith("/file/"):
            content = self.meta.files.get(name)
            self._say(200 if content is not None else 404, content or b"")
        elif name == "refresh_access_token":
            self._renew(query.get("access_token", [""])[0])
        elif not self._known():
            self._json(*refusal("token"))
        elif "fields" in query:
            found = self.meta.profiles.get(name)
            self._json(200, {**found, "id": name}) if found else self._json(*refusal("parameter"))
        elif name in self.meta.files:
            self._json(200, {"messaging_product": "whatsapp", "id": name, "url": f"{self.meta.url}/file/{name}"})
        else:
            self._json(*refusal("parameter"))

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.meta.product and self.path in {"/say", "/fault", "/clock"}:
            from kentongan.channels.meta import practice

            typed = {name: values[-1] for name, values in parse_qs(content.decode("utf-8", "replace")).items()}
            happened = practice.done(self.meta, self.path[1:], typed)
            self._say(200, practice.page(self.meta, happened), {"Content-Type": "text/html; charset=utf-8"})
            return
        if not self._known():
            self._json(*refusal("token"))
            return
        if self.path.endswith("/subscribed_apps"):
            self._json(200, {"success": True})
            return
        try:
            said = json.loads(content)
        except ValueError:
            said = None
        answer = self.meta.send(said) if isinstance(said, dict) else refusal("parameter")
        if answer is None:
            self.close_connection = True
            self.connection.close()
            return
        self._json(*answer)

    def _renew(self, token: str) -> None:
        """From now on another token holds."""
        if token != self.meta.token:
            self._json(*refusal("token"))
            return
        self.meta.token = f"IGAA{secrets.token_urlsafe(24)}"
        self._json(200, {"access_token": self.meta.token, "token_type": "bearer", "expires_in": 60 * DAY})

    def _known(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {self.meta.token}"

    def _json(self, status: int, said: dict[str, Any]) -> None:
        self._say(status, json.dumps(said).encode(), {"Content-Type": "application/json"})

    def _say(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
