"""A letter as the mail system carries it: text and HTML, and the headers that keep it in its thread and machines from answering it."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils import timezone

from kentongan.channels.email import invitations, threads, words
from kentongan.channels.email.outbox import BY_HAND
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage, RawLetter

_ID = re.compile(r"<[^<>\s]{3,250}>")
_FACE = re.compile(r"([^:]{1,30}): (https?://\S+\?nilai=[1-4]#\S+)")  # as ``outbox`` writes them
MOST_REFERENCES = 10
# Headers are folded late: a Message-ID longer than a short line would be written as an encoded word, which no program knows again.
WIRE = SMTP.clone(max_line_length=400)


def mime(letter: OutgoingMessage, mailbox: Mailbox) -> EmailMessage:
    """The letter with its headers: RFC 5322 threads, RFC 3834 Auto-Submitted, RFC 2369 List-Unsubscribe for what one may do without."""
    made = EmailMessage(policy=SMTP)
    name = mailbox.sender_name or f"Desk Pengaduan Desa {mailbox.village.name}"
    made["From"] = Address(name, addr_spec=mailbox.address)
    made["To"] = Address(addr_spec=letter.address)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(timezone.localtime())
    made["Message-ID"] = letter.message_id
    if letter.complaint and letter.kind not in words.TO_INVITED | words.TO_OFFICIALS:
        made["Reply-To"] = threads.reply_address(mailbox, letter.complaint)
    _thread(made, letter)
    _machines(made, letter, mailbox)
    made.set_content(letter.text + "\n", cte="quoted-printable")
    paragraphs = [_with_faces(paragraph) for paragraph in letter.text.split("\n\n")]
    html = render_to_string("email/letter.html", {"letter": letter, "village": mailbox.village, "paragraphs": paragraphs})
    made.add_alternative(html, subtype="html", cte="quoted-printable")
    _calendar(made, letter, mailbox)
    return made


def _with_faces(paragraph: str) -> tuple[str, list[tuple[str, str]]]:
    """The words of a paragraph, and apart from them the answers to choose from: (word, address)."""
    lines = [(line, _FACE.fullmatch(line)) for line in paragraph.split("\n")]
    return "\n".join(line for line, face in lines if not face), [(face[1], face[2]) for _line, face in lines if face]


def _calendar(made: EmailMessage, letter: OutgoingMessage, mailbox: Mailbox) -> None:
    """What calendars read by themselves (RFC 6047 §2.4), and the same as a file for programs that do not."""
    file = invitations.file_with(letter, mailbox)
    if file is None:
        return
    made.add_alternative(file.content.decode(), subtype="calendar", params={"method": file.method}, cte="base64")
    made.add_attachment(file.content, maintype="application", subtype="ics", filename="rapat.ics")


def _thread(made: EmailMessage, letter: OutgoingMessage) -> None:
    """In-Reply-To: the newest letter of the other side; References: it and ours before."""
    answered = _last_received(letter)
    ours = []
    if letter.complaint:
        before = OutgoingMessage.objects.filter(complaint=letter.complaint, address=letter.address, pk__lt=letter.pk)
        ours = list(before.order_by("-pk").values_list("message_id", flat=True)[:MOST_REFERENCES])
    references = [*reversed(ours), *([answered] if answered else [])]
    if answered or ours:
        made["In-Reply-To"] = answered or ours[0]
    if references:
        made["References"] = " ".join(references)


def _last_received(letter: OutgoingMessage) -> str:
    if letter.kind in words.TO_AGENCIES | words.TO_INVITED | words.TO_OFFICIALS:
        return ""  # the letters of this complaint are the complainant's; even their Message-ID tells who
    if letter.incoming:
        raw = RawLetter.objects.filter(message=letter.incoming).first()
    else:
        came = IncomingMessage.objects.filter(complaint=letter.complaint, channel="email").order_by("pk")
        raw = RawLetter.objects.filter(message__in=came).order_by("-pk").first()
    if raw is None:
        return ""
    head = bytes(raw.content)[:65_536]
    found = _ID.search(str(BytesHeaderParser().parsebytes(head).get("Message-ID", "")))
    return found[0] if found and found[0].isascii() else ""


def _machines(made: EmailMessage, letter: OutgoingMessage, mailbox: Mailbox) -> None:
    """What tells other machines to keep quiet; a letter that a person wrote bears none of it."""
    if letter.kind in BY_HAND:
        return
    answers = letter.kind in {"received", "no_object", "appealed"}
    made["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    # a letter without mark or thread would not be matched
    if letter.complaint and mailbox.plus and words.DEFAULTS[letter.kind].step:
        to = threads.reply_address(mailbox, letter.complaint)
        made["List-Unsubscribe"] = f"<mailto:{quote(to, safe='@+')}?subject=berhenti>"
