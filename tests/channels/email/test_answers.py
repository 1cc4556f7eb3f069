"""Answers of calendar programs to our invitations: written down at the meeting when an invited person gives them, and nothing else, whoever writes."""

import time
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from django.test import Client

from kentongan.channels import calendar
from kentongan.channels.email.letter import read
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.actions import meetings as deeds
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Event, Invitee, Meeting
from kentongan.village.models import User
from tests import letters, make, meet
from tests.cast import Cast

BAYU = "bayu@example.com"
states = IncomingMessage.State
FORGED = (
    b"Authentication-Results: mx.kuripan.example; dmarc=fail header.from=example.com\r\n"
    b"Received: from mx.example.com by mx.kuripan.example; Wed, 25 Nov 2026 08:30:00 +0700\r\n"
)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    letters.mailbox(cast.village)
    made = meet.called(cast, make.complaint(cast, State.VERIFIED), plan=meet.plan(cast.village, meet.today(cast.village, 9, 2)))
    letters.goes_out(cast.village)
    return made


def ics(uid: str, answer: str = "ACCEPTED", *, attendee: str = BAYU, sequence: int | str = 0, **changes: str) -> str:
    """As programs write it (RFC 5546 §4.2.2)."""
    lines = [
        "BEGIN:VCALENDAR", "PRODID:-//Example//Kalender//ID", "VERSION:2.0", f"METHOD:{changes.get('method', 'REPLY')}",
        "BEGIN:VEVENT", f"UID:{uid}", f"SEQUENCE:{sequence}", "DTSTAMP:20261125T010203Z", "DTSTART:20261127T020000Z",
        f"ATTENDEE;PARTSTAT={answer};CN=Bayu:mailto:{attendee}", f"ORGANIZER:mailto:{letters.DESK}", "REQUEST-STATUS:2.0;Success",
        "END:VEVENT", *changes.get("more", "").splitlines(), "END:VCALENDAR",
    ]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"


def answering(
    content: str | bytes, *, sender: str = BAYU, text: str = "Bayu menerima undangan ini.", style: str = "gmail", **headers: str
) -> bytes:
    """The letter: ``gmail``, with the file once more attached; ``outlook``, without words; ``alone``, nothing but the file; ``attached``."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Bayu <{sender}>", letters.DESK, "Accepted: Rapat pembahasan pengaduan"
    made["Message-ID"] = make_msgid(domain="example.com")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    raw = content.encode() if isinstance(content, str) else content
    if style == "alone":
        made.set_content(raw, maintype="text", subtype="calendar", params={"method": "REPLY", "charset": "utf-8"})
        return made.as_bytes()
    made.set_content("" if style == "outlook" else text)
    if style == "attached":
        made.add_attachment(raw, maintype="text", subtype="calendar", filename="balasan.ics")
        return made.as_bytes()
    made.add_alternative(raw, maintype="text", subtype="calendar", params={"method": "REPLY", "charset": "utf-8"})
    if style == "gmail":
        made.add_attachment(raw, maintype="application", subtype="ics", filename="invite.ics")
    return made.as_bytes()


def reply_of(meeting: Meeting, email: str = BAYU) -> str:
    return str(Invitee.objects.get(meeting=meeting, email=email).reply)


def everything() -> tuple[int, int, int]:
    return Complaint.for_system("test").count(), Event.for_system("test").count(), OutgoingMessage.objects.count()


@pytest.mark.parametrize("style", ["gmail", "outlook", "alone", "attached"])
@pytest.mark.parametrize("answer", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_who_was_invited_answers_and_nothing_else_happens(cast: Cast, meeting: Meeting, style: str, answer: str) -> None:
    before = everything()
    message = letters.arrives(cast.village, answering(ics(meeting.uid, answer), style=style))
    assert reply_of(meeting) == answer
    assert (message.state, message.complaint) == (states.AUTOMATIC, meeting.complaints.get())
    letters.goes_out(cast.village)
    assert everything() == before


def test_the_last_answer_counts_and_others_stay_as_they_are(cast: Cast, meeting: Meeting) -> None:
    for answer in ("ACCEPTED", "DECLINED"):
        letters.arrives(cast.village, answering(ics(meeting.uid, answer, attendee="Bayu@Example.com")))
    assert reply_of(meeting) == "DECLINED"
    assert set(meeting.invitees.exclude(email=BAYU).values_list("reply", flat=True)) == {""}
    assert Invitee.Reply(reply_of(meeting)).label


def test_an_official_answers_from_his_own_address(cast: Cast, meeting: Meeting) -> None:
    cast.joko.email = "joko@example.com"
    cast.joko.save()
    letters.arrives(cast.village, answering(ics(meeting.uid, attendee="joko@example.com"), sender="joko@example.com"))
    assert Invitee.objects.get(meeting=meeting, user=cast.joko).reply == "ACCEPTED"
    assert reply_of(meeting) == ""


def test_the_complainant_who_answers_adds_nothing_to_his_complaint(cast: Cast) -> None:
    letters.mailbox(cast.village)
    message = letters.arrives(cast.village, letters.written(letters.COMPLETE))
    assert message.complaint is not None
    row = make.STEPS["verify"](cast, Complaint.for_system("test").get())
    called = meet.called(cast, row, with_complainants=True, plan=meet.plan(cast.village, meet.today(cast.village, 9, 2)))
    invitation = next(
        letter
        for letter in letters.goes_out(cast.village)
        if letter.address == "karto@example.com" and letter.kind == "invitation"
    )
    before = everything()
    raw = answering(
        ics(called.uid, "DECLINED", attendee="karto@example.com"), sender="karto@example.com", In_Reply_To=invitation.message_id
    )
    assert letters.arrives(cast.village, raw).state == states.AUTOMATIC
    assert reply_of(called, "karto@example.com") == "DECLINED"
    assert everything() == before


@pytest.mark.parametrize("who", ["stranger", "for another", "unknown", "another village", "forged"])
def test_what_is_not_his_to_answer_is_kept_and_changes_nothing(cast: Cast, meeting: Meeting, who: str) -> None:
    Mailbox.objects.update(receiver="mx.kuripan.example")
    before = everything()
    sender = "maling@example.com" if who == "stranger" else BAYU
    uid = "5f0c@nowhere" if who == "unknown" else meeting.uid
    village = cast.neighbour if who == "another village" else cast.village
    attendee = "joko@example.com" if who == "for another" else BAYU
    raw = answering(ics(uid, attendee=attendee), sender=sender)
    if who == "forged":
        raw = FORGED + raw
    message = letters.arrives(village, raw)
    assert message.state == states.AUTOMATIC
    assert bytes(message.raw.content) == raw
    letters.goes_out(cast.village)
    assert everything() == before
    assert set(meeting.invitees.values_list("reply", flat=True)) == {""}


def test_it_is_no_complaint_whatever_words_it_carries_and_the_officer_finds_it(
    cast: Cast, meeting: Meeting, client_of: Callable[[User | None], Client]
) -> None:
    before = everything()
    raw = answering(ics("tidak-ada"), sender="warga@example.com", text=letters.TEXT)
    message = letters.arrives(cast.village, raw)
    assert (message.state, message.complaint) == (states.AUTOMATIC, None)
    assert "mushola" in client_of(cast.sari).get("/meja/pesan/?otomatis").content.decode()
    about_her = letters.arrives(
        cast.village, answering(ics("tidak-ada"), sender="warga@example.com", text="Petugas pengaduan minta uang kepada saya.")
    )
    assert (about_her.state, about_her.text) == (states.DISCARDED, ""), "not in her sight"
    assert everything() == before


def test_an_answer_to_what_was_moved_or_called_off_since_is_none(cast: Cast, meeting: Meeting) -> None:
    letters.arrives(cast.village, answering(ics(meeting.uid)))
    later = meet.today(cast.village, 13, 3)
    ends = later + timedelta(hours=1)
    deeds.change(meeting, starts_at=later, ends_at=ends, place="Rumah RT", agenda="", by=cast.sari)
    assert reply_of(meeting) == "", "he accepted another day"
    letters.arrives(cast.village, answering(ics(meeting.uid, "DECLINED", sequence=0)))
    assert reply_of(meeting) == ""
    letters.arrives(cast.village, answering(ics(meeting.uid, "TENTATIVE", sequence=1)))
    assert reply_of(meeting) == "TENTATIVE"
    deeds.cancel(Meeting.objects.get(pk=meeting.pk), reason="Batal.", by=cast.sari)
    letters.arrives(cast.village, answering(ics(meeting.uid, "ACCEPTED", sequence=2)))
    assert reply_of(meeting) == "TENTATIVE"


def test_an_official_shut_out_since_answers_nothing(cast: Cast, meeting: Meeting) -> None:
    cast.joko.email = "joko@example.com"
    cast.joko.save()
    actions.name(meeting.complaints.get(), officials=[cast.joko], by=cast.sari)
    letters.arrives(cast.village, answering(ics(meeting.uid, attendee="joko@example.com"), sender="joko@example.com"))
    assert set(meeting.invitees.values_list("reply", flat=True)) == {""}


EVERY_SECOND = (
    "BEGIN:VTIMEZONE\r\nTZID:Asia/Jakarta\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
    "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
HOSTILE: dict[str, Callable[[str], str | bytes]] = {
    "two events": lambda uid: ics(
        uid, more=f"BEGIN:VEVENT\r\nUID:{uid}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:{BAYU}\r\nEND:VEVENT"
    ),
    "no event": lambda uid: "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
    "two who answer": lambda uid: ics(uid).replace("ORGANIZER", f"ATTENDEE;PARTSTAT=DECLINED:mailto:{BAYU}\r\nORGANIZER"),
    "nobody": lambda uid: ics(uid).replace("ATTENDEE", "X-ATTENDEE"),
    "no uid": lambda uid: ics(uid).replace("UID:", "X-UID:"),
    "an answer nobody knows": lambda uid: ics(uid, "NEEDS-ACTION"),
    "a number that is none": lambda uid: ics(uid, sequence="banyak"),
    "not a calendar": lambda uid: "Saya datang.\r\nMETHOD:REPLY\r\n",
    "bytes": lambda uid: bytes(range(256)) * 20,
    "nul": lambda uid: ics(f"{uid}\0"),
    "cut": lambda uid: ics(uid)[: ics(uid).index("END:VEVENT")],
    "huge": lambda uid: ics(uid, more="\r\n".join(f"X-A{n}:{'a' * 60}" for n in range(80_000))),
    "deep": lambda uid: ics(uid, more="BEGIN:VEVENT\r\n" * 3000 + "END:VEVENT\r\n" * 3000),
    "many parameters": lambda uid: ics(uid).replace("ATTENDEE;", "ATTENDEE;" + "".join(f"X{n}=a;" for n in range(6000))),
    "one long quotation": lambda uid: ics(uid).replace("CN=Bayu", 'CN="' + 'a;:,"' * 12_000),
    "a clock for every second": lambda uid: ics(uid).replace("BEGIN:VEVENT", f"{EVERY_SECOND}BEGIN:VEVENT", 1),
    "folded without end": lambda uid: ics(uid).replace("CN=Bayu", "CN=Bayu" + "\r\n a" * 15_000),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_no_program_would_write_is_a_machines_letter_soon_read(cast: Cast, meeting: Meeting, kind: str) -> None:
    raw = answering(HOSTILE[kind](meeting.uid), style="outlook")
    began = time.process_time()
    found = read(raw)
    assert time.process_time() - began < 2
    assert found.reply is not None
    assert (found.automatic, found.quiet) == ("calendar", True)
    before = everything()
    assert letters.arrives(cast.village, raw).state == states.AUTOMATIC
    assert everything() == before
    if kind == "a clock for every second":
        assert reply_of(meeting) == "ACCEPTED", "whose clock it is does not matter"
    elif kind not in {"folded without end", "many parameters"}:  # odd, and may still be an answer
        assert (found.reply, reply_of(meeting)) == (calendar.Reply(), "")


@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH", "COUNTER", "CANCEL"])
def test_other_calendar_files_are_attachments_of_what_people_write(cast: Cast, meeting: Meeting, method: str) -> None:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Karto <karto@example.com>", letters.DESK, "Jalan rusak"
    made.set_content(letters.TEXT)
    made.add_attachment(ics(meeting.uid, method=method).encode(), maintype="text", subtype="calendar", filename="rapat.ics")
    assert letters.arrives(cast.village, made.as_bytes()).state == states.ACCEPTED


def test_an_answer_inside_a_letter_attached_is_not_the_senders(cast: Cast, meeting: Meeting) -> None:
    from email import message_from_bytes, policy

    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Bayu <{BAYU}>", letters.DESK, "Jalan rusak"
    made.set_content(letters.TEXT)
    made.add_attachment(message_from_bytes(answering(ics(meeting.uid)), policy=policy.default))
    assert letters.arrives(cast.village, made.as_bytes()).state != states.AUTOMATIC
    assert reply_of(meeting) == ""


def test_invitations_ask_for_an_answer(meeting: Meeting) -> None:
    appointment = calendar.Appointment("u", 0, meeting.starts_at, meeting.ends_at, "Asia/Jakarta", "Balai", "Rapat", meeting.at)  # type: ignore[arg-type]
    content = calendar.written(appointment, method="REQUEST", organizer=letters.DESK, name="Desa", attendee=BAYU)
    assert b"RSVP=TRUE" in content.replace(b"\r\n ", b"")


# --- an invitation that did not arrive ---------------------------------------------------------------------------------


def test_an_invitation_that_came_back_is_called_one_everywhere(
    cast: Cast, meeting: Meeting, client_of: Callable[[User | None], Client]
) -> None:
    from pypdf import PdfReader

    from kentongan.channels.email import returned, words

    [letter] = [row for row in letters.goes_out(cast.village) if row.kind == "invitation"]
    cast.lastri.email, cast.lastri.by_mail = "lastri@example.com", True
    cast.lastri.save()
    cast.sari.email, cast.sari.by_mail = "sari@example.com", True
    cast.sari.save()
    returned.fail(letter, "BOUNCED", "recipient_refused")
    event = meeting.complaints.get().events.get(kind="undelivered")
    said = str(words.sentence(event))
    assert said != str(words.KINDS["undelivered"].sentence)
    notice = next(row for row in letters.goes_out(cast.village) if row.kind == "notice" and row.event == event)
    client = client_of(cast.sari)
    for page in (f"/meja/{meeting.complaints.get().number}/", "/meja/pemberitahuan/"):
        assert said in client.get(page).content.decode()
    from django.utils import translation

    with translation.override("id"):
        assert str(words.sentence(event)) in notice.text
    assert "Bayu" not in notice.text
    paper = client.get(f"/meja/surat/{letter.pk}/cetak.pdf")
    import io

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "Aipda Bayu Pratama" in text
    assert "Karto" not in text
