"""W6: letters from a Maildir and over IMAP, each beside its floor; then what became of every one of them.

``python -m bench.mail maildir|imap N`` prints one JSON line. Of N letters 15 % answer a receipt of ours, 5 % are broken in turn
(unknown charset, cut multipart, undeclared bytes, broken base64, no sender), 5 % are automatic, the others new, one in ten of them with a picture.
"""

import imaplib
import io
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import django

from bench import words

DESK, USER, PASSWORD = "desa@bench.example", "desa@bench.example", "bench-5531"
BROKEN: tuple[Callable[[bytes], bytes], ...] = (
    lambda raw: raw.replace(b'charset="utf-8"', b'charset="x-tidak-ada"'),
    lambda raw: (
        raw.replace(b"Content-Type: text/plain", b'Content-Type: multipart/mixed; boundary="b"\nX-Was: text/plain', 1)
        + b"\n--b\n"
    ),
    lambda raw: raw.replace(b"Subject: ", b"Subject: \xe9\xff\xfe "),
    lambda raw: raw.replace(b"Content-Transfer-Encoding: 7bit", b"Content-Transfer-Encoding: base64"),
    lambda raw: raw.replace(b"From: ", b"X-From: ", 1),
)


@dataclass(frozen=True)
class Letter:
    """One letter of the work, and the complaint it must end at (0: none is known before)."""

    raw: bytes
    kind: str
    complaint: int = 0


def _picture() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((220, 160), 60).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def _written(chance: random.Random, serial: int, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = f"{words.name(chance)} <warga{serial}@bench.example>"
    made["To"], made["Subject"] = DESK, f"Pengaduan warga {serial}"
    made["Date"] = "Wed, 25 Nov 2026 08:30:00 +0700"
    made["Message-ID"] = f"<{serial}.{chance.getrandbits(48)}@bench.example>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(f"{words.complaint(chance, serial)}\n\nHP {words.phone(chance)}, alamat RT 003 RW 001 Dusun Krajan\n")
    return made


def first_letters(chance: random.Random, n: int) -> list[tuple[int, str, str]]:
    """Bring ``n`` complaints in by letter and write their receipts: (complaint, its writer, the receipt's Message-ID). Not measured."""
    from django.utils import timezone

    from kentongan.channels import notify
    from kentongan.channels.email import store, understand
    from kentongan.channels.models import OutgoingMessage
    from kentongan.village.models import Village

    village = Village.objects.get()
    for serial in range(n):
        store.keep(village.pk, _written(chance, serial).as_bytes(), source="maildir", arrived=timezone.now())
    while understand.pending():
        continue
    while notify.dispatch_pending():
        continue
    sent = OutgoingMessage.objects.filter(kind="received").values_list("complaint", "address", "message_id")
    return [(complaint or 0, address, mark) for complaint, address, mark in sent]


def work(chance: random.Random, n: int, known: list[tuple[int, str, str]]) -> list[Letter]:
    """The letters, in a mixed order."""
    picture, found = _picture(), []
    for serial in range(1000, 1000 + n):
        share = (serial - 1000) % 20
        if share < 3:
            complaint, address, mark = known[serial % len(known)]
            made = _written(chance, serial, In_Reply_To=mark)
            made.replace_header("From", f"<{address}>")
            found.append(Letter(made.as_bytes(), "reply", complaint))
        elif share == 3:
            found.append(Letter(BROKEN[serial // 20 % len(BROKEN)](_written(chance, serial).as_bytes()), "broken"))
        elif share == 4:
            found.append(Letter(_written(chance, serial, Auto_Submitted="auto-replied").as_bytes(), "automatic"))
        else:
            made = _written(chance, serial)
            if serial % 10 == 5:
                made.add_attachment(picture, maintype="image", subtype="jpeg", filename="foto.jpg")
            found.append(Letter(made.as_bytes(), "new"))
    chance.shuffle(found)
    return found


# --- the floors --------------------------------------------------------------------------------------------------------


def _table() -> None:
    from django.db import connection

    key, blob = ("bigserial", "bytea") if connection.vendor == "postgresql" else ("integer", "blob")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS bench_mail (id {key} PRIMARY KEY, sender text, subject text, body text, raw {blob})"
        )


def _insert(sender: str, subject: str, body: str, raw: bytes) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_mail (sender, subject, body, raw) VALUES (%s, %s, %s, %s)", [sender, subject, body, raw]
        )


def floor_maildir(folder: Path) -> None:
    """Read, parse, insert, commit, move: each by itself."""
    for path in sorted((folder / "new").iterdir()):
        raw = path.read_bytes()
        made = message_from_bytes(raw, policy=policy.default)
        try:
            body = made.get_body(("plain", "html"))  # type: ignore[attr-defined]
            text = body.get_content() if body else ""
            _insert(str(made["From"]), str(made["Subject"]).encode("utf-8", "replace").decode(), text, raw)
        except (LookupError, ValueError, UnicodeError):
            _insert("", "", "", raw)  # where the best peer stops
        os.replace(path, folder / "cur" / f"{path.name}:2,S")


def floor_imap(port: int) -> None:
    """Fetch and store: each by itself, nothing understood."""
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login(USER, PASSWORD)
    client.select("INBOX", readonly=True)
    for uid in client.uid("SEARCH", "ALL")[1][0].split():
        _insert("", "", "", client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1][0][1])
    client.logout()


# --- the product -------------------------------------------------------------------------------------------------------


def product_maildir(folder: Path) -> None:
    from kentongan.channels.email import maildir, tasks
    from kentongan.village.models import Village

    maildir.take(folder, Village.objects.get().pk)
    tasks.understand_all()


def product_imap(port: int) -> None:
    from kentongan.channels.email import tasks
    from kentongan.channels.models import Mailbox

    box = Mailbox.objects.get()
    box.imap_port = port
    box.save()
    tasks.fetch.call(box.pk)
    trouble = Mailbox.objects.get().trouble
    if trouble:
        raise SystemExit(f"the mailbox has trouble: {trouble}")


def accounts(letters: list[Letter]) -> dict[str, int]:
    """What became of the letters: how many of each kind, how many are missing, how many answers missed their complaint."""
    from kentongan.channels.email import store
    from kentongan.channels.models import IncomingMessage

    found: dict[str, int] = {"missing": 0, "astray": 0, "unread": 0, "answered": 0}
    for letter in letters:
        row = IncomingMessage.objects.filter(external_id=store.mark(letter.raw)).first()
        if row is None:
            found["missing"] += 1
            continue
        found[row.state.lower()] = found.get(row.state.lower(), 0) + 1
        found["unread"] += row.state == IncomingMessage.State.NEW
        found["astray"] += letter.kind == "reply" and row.complaint_id != letter.complaint
        found["answered"] += letter.kind == "automatic" and row.state != IncomingMessage.State.AUTOMATIC
    return found


@contextmanager
def folder_of(letters: list[Letter]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kentongan-bench-mail-") as name:
        for part in ("new", "cur", "tmp"):
            (Path(name) / part).mkdir()
        for n, letter in enumerate(letters):
            (Path(name) / "new" / f"{n:06d}.bench").write_bytes(letter.raw)
        yield Path(name)


@contextmanager
def server_of(letters: list[Letter]) -> Iterator[int]:
    from tests.dovecot import Dovecot

    with Dovecot(users={USER: PASSWORD}) as running:
        for letter in letters:
            running.deliver(USER, letter.raw)
        yield running.port


def measure(way: str, n: int) -> dict[str, Any]:
    """One pass of floor and product over the same letters: rates, their ratio, what became of the letters, and how memory grew (MB)."""
    from django.utils import timezone

    from kentongan.channels.models import Mailbox
    from kentongan.village.models import Village

    chance = random.Random(f"letters by {way}")  # the same in each run, and others than by the other way
    village = Village.objects.get()
    Mailbox.objects.all().delete()
    box = Mailbox(village=village, active=True, address=DESK, user=USER, imap_host="127.0.0.1", imap_security="NONE")
    box.since = timezone.now() - timedelta(hours=1)
    box.password = PASSWORD
    box.save()
    letters = work(chance, n, first_letters(chance, max(20, n // 5)))
    _table()
    spent: dict[str, float] = {}
    steps: dict[str, Callable[[Any], None]]
    steps = (
        {"floor": floor_maildir, "product": product_maildir}
        if way == "maildir"
        else {"floor": floor_imap, "product": product_imap}
    )
    memory = 0.0
    for system, step in steps.items():
        with folder_of(letters) if way == "maildir" else server_of(letters) as place:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            begun = time.perf_counter()
            step(place)
            spent[system] = time.perf_counter() - begun
            memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    rates = {system: n / seconds for system, seconds in spent.items()}
    ratio = rates["product"] / rates["floor"]
    return {"work": "W6", "way": way, "letters": n, **rates, "ratio": ratio, "memory": memory, **accounts(letters)}


def main() -> None:
    way, n = sys.argv[1], int(sys.argv[2])
    django.setup()
    print(json.dumps(measure(way, n)))


if __name__ == "__main__":
    main()
