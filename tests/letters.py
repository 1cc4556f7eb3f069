"""Letters for tests: written here, brought in as the product brings them in, and those that went out."""

from email.message import EmailMessage
from email.utils import make_msgid

from django.utils import timezone

from kentongan.channels.email import store, understand
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage
from kentongan.village.models import Village
from tests.channels.test_notify import tell

DESK = "desa@kuripan.example"
KARTO = "Karto Wiryo <karto@example.com>"
TEXT = "Jalan di depan mushola berlubang besar sejak dua minggu. Anak saya jatuh dari sepeda."
COMPLETE = f"{TEXT}\n\nAlamat: RT 003 RW 001 Dusun Krajan\nHP: 0851-4118-2163"


def mailbox(village: Village, **settings: object) -> Mailbox:
    """The village's mailbox, in use; nothing listens at its servers unless ``settings`` say where."""
    values = {"active": True, "address": DESK, "imap_host": "127.0.0.1", "smtp_host": "127.0.0.1", **settings}
    password = str(values.pop("password", "rahasia"))
    box = Mailbox(village=village, **values)
    box.password = password
    box.save()
    return box


def written(
    text: str = TEXT,
    *,
    sender: str = KARTO,
    to: str = DESK,
    subject: str = "Jalan rusak",
    answers: OutgoingMessage | None = None,
    **headers: str,
) -> bytes:
    """A letter as a mail program writes it. ``answers``: a letter of ours that is being replied to; ``X_Name``: header X-Name."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, f"Re: {answers.subject}" if answers else subject
    made["Date"] = timezone.localtime()
    made["Message-ID"] = make_msgid(domain="example.com")
    if answers:
        made["In-Reply-To"] = made["References"] = answers.message_id
        quoted = "\n".join(f"> {line}" for line in answers.text.splitlines())
        text = f"{text}\n\nPada Rab, 25 Nov 2026 pukul 08.30 Desk Pengaduan <{DESK}> menulis:\n{quoted}"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def arrives(village: Village, raw: bytes) -> IncomingMessage:
    """Store a letter and understand it, as the worker does."""
    message = store.keep(village.pk, raw, source="pipe", arrived=timezone.now())
    assert message is not None, "the same letter twice"
    understand.pending()
    return IncomingMessage.objects.get(pk=message.pk)


def goes_out(village: Village) -> list[OutgoingMessage]:
    """Tell of every event, and return all letters written so far, the oldest first."""
    tell()
    return list(OutgoingMessage.objects.filter(village=village, channel="email").order_by("pk"))
