"""Letters that go out: what they look like on the wire, what happens when the server says no, and that none goes out twice."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from kentongan.channels.email import outbox, tasks
from kentongan.channels.models import Mailbox, OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Delivery
from kentongan.jobs import JobError
from kentongan.jobs.models import Job
from tests import letters, make
from tests.cast import Cast
from tests.channels.test_notify import told
from tests.mailserver import Smtp

pytestmark = pytest.mark.django_db(transaction=True)
states = OutgoingMessage.State


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with Smtp() as running:
        yield running


@pytest.fixture
def box(cast: Cast, smtp: Smtp) -> Mailbox:
    return letters.mailbox(cast.village, smtp_port=smtp.port, smtp_security="NONE", smtp_login=False, plus=True)


def receipt_for(cast: Cast) -> OutgoingMessage:
    letters.arrives(cast.village, letters.written(letters.COMPLETE))
    return letters.goes_out(cast.village)[-1]


def sent(smtp: Smtp, at: int = -1) -> EmailMessage:
    found = message_from_bytes(smtp.letters[at], policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def row(letter: OutgoingMessage) -> OutgoingMessage:
    return OutgoingMessage.objects.get(pk=letter.pk)


def test_a_receipt_is_a_letter_machines_leave_alone_in_its_thread(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    raw = letters.written(letters.COMPLETE)
    letters.arrives(cast.village, raw)
    letter = letters.goes_out(cast.village)[-1]
    tasks.send.call(letter.pk)
    made = sent(smtp)
    assert made["Message-ID"] == letter.message_id
    assert made["In-Reply-To"] == message_from_bytes(raw)["Message-ID"]
    assert made["Auto-Submitted"] == "auto-replied"
    assert str(made["Reply-To"]).startswith("desa+k")
    assert made["To"] == "karto@example.com"
    assert row(letter).state == states.SENT
    plain, html = (made.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert letter.text.splitlines()[0] in plain.get_content()
    assert "<img" not in html.get_content()


def test_an_answer_a_person_wrote_is_no_machines_letter_and_its_words_are_escaped(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    letters.arrives(cast.village, letters.written(letters.COMPLETE))
    made = Complaint.for_system("test").get()
    actions.message(make.STEPS["verify"](cast, made), text="Ukuran lubang < 1 m? <script>alert(1)</script>", by=cast.sari)
    message = next(letter for letter in letters.goes_out(cast.village) if letter.kind == "messaged")
    tasks.send.call(message.pk)
    wire = sent(smtp)
    assert wire["Auto-Submitted"] is None
    assert wire["List-Unsubscribe"] is None
    html = wire.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


def test_letters_about_steps_can_be_ended_with_one_letter(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    letters.arrives(cast.village, letters.written(letters.COMPLETE))
    make.STEPS["verify"](cast, Complaint.for_system("test").get())
    step = letters.goes_out(cast.village)[-1]
    assert step.kind == "verified"
    tasks.send.call(step.pk)
    assert str(sent(smtp)["List-Unsubscribe"]).endswith("?subject=berhenti>")


def test_no_name_stands_in_a_subject_and_a_line_break_makes_no_header(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    raw = letters.written(letters.COMPLETE, subject="Jalan =?utf-8?q?rusak=0D=0ABcc=3A_x=40example=2Ecom?=")
    letters.arrives(cast.village, raw)
    letter = letters.goes_out(cast.village)[-1]
    tasks.send.call(letter.pk)
    assert sent(smtp)["Bcc"] is None
    assert "Karto" not in str(sent(smtp)["Subject"])
    assert smtp.recipients == ["karto@example.com"]


def test_a_server_that_puts_off_is_tried_again_and_a_refused_address_is_told_to_the_officer(
    cast: Cast, box: Mailbox, smtp: Smtp
) -> None:
    letter = receipt_for(cast)
    smtp.busy = 1
    with pytest.raises(JobError):
        tasks.send.call(letter.pk)
    assert (row(letter).state, row(letter).reason) == (states.WAITING, "busy")
    smtp.refused = {"karto@example.com"}
    tasks.send.call(letter.pk)
    assert (row(letter).state, row(letter).reason) == (states.FAILED, "recipient_refused")
    letters.goes_out(cast.village)
    assert letter.complaint is not None
    assert "sari" in told(letter.complaint, "undelivered")
    smtp.refused = set()
    assert outbox.again(row(letter))
    tasks.send.call(letter.pk)
    assert row(letter).state == states.SENT
    assert len(smtp.letters) == 1


def test_a_line_that_breaks_before_the_letter_is_tried_again_and_after_it_never_by_itself(
    cast: Cast, box: Mailbox, smtp: Smtp
) -> None:
    first = receipt_for(cast)
    smtp.drop = "after"
    tasks.send.call(first.pk)
    assert row(first).state == states.UNSURE
    assert len(smtp.letters) == 1
    tasks.send.call(first.pk)
    assert len(smtp.letters) == 1, "what may have arrived is not sent again by itself"
    smtp.drop = ""
    assert outbox.again(row(first))
    tasks.send.call(first.pk)
    assert [sent(smtp, at)["Message-ID"] for at in (0, 1)] == [first.message_id] * 2


def test_a_worker_killed_while_the_server_had_the_letter_leaves_it_unsure(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    letter = receipt_for(cast)
    OutgoingMessage.objects.filter(pk=letter.pk).update(state=states.SENDING)
    tasks.send.call(letter.pk)
    assert row(letter).state == states.UNSURE
    assert smtp.letters == []


def test_a_village_without_a_line_keeps_its_letters_waiting(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    letter = receipt_for(cast)
    Mailbox.objects.update(smtp_port=1)
    with pytest.raises(JobError, match="refused"):
        tasks.send.call(letter.pk)
    assert row(letter).state == states.WAITING


def test_each_event_is_written_to_each_person_once_and_its_job_waits(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    letter = receipt_for(cast)
    assert len(letters.goes_out(cast.village)) == 1
    assert Job.objects.filter(unique_key=f"letter:{letter.pk}").count() == 1


def test_an_answer_that_came_back_is_a_delivery_that_reached_nobody(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    letters.arrives(cast.village, letters.written(letters.COMPLETE))
    made = Complaint.for_system("test").get()
    for step in ("verify", "assign", "start", "answer"):
        made = make.STEPS[step](cast, made)
    answer = next(letter for letter in letters.goes_out(cast.village) if letter.kind == "responded")
    tasks.send.call(answer.pk)
    report = (
        "From: MAILER-DAEMON@example.com\r\nTo: desa@kuripan.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.com\r\n\r\n"
        "Final-Recipient: rfc822; karto@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {answer.message_id}\r\n--b--\r\n"
    )
    letters.arrives(cast.village, report.encode())
    assert row(answer).state == states.BOUNCED
    assert Delivery.objects.filter(complaint=made, how="email", result=Delivery.Result.NOT_REACHED).count() == 1
    assert Complaint.for_system("test").get().state == State.RESPONDED
    letters.arrives(cast.village, report.replace("I'm sorry", "Again").encode())
    assert Delivery.objects.filter(complaint=made, how="email").count() == 1


def test_a_forged_report_about_a_letter_nobody_wrote_changes_nothing(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    letter = receipt_for(cast)
    tasks.send.call(letter.pk)
    letters.arrives(
        cast.village,
        letters.written(
            "Message-ID: <kentongan.geheim@kuripan.example> Status: 5.1.1",
            sender="MAILER-DAEMON@example.com",
            subject="failure notice",
        ),
    )
    assert row(letter).state == states.SENT


def test_no_line_is_too_long_and_no_message_id_is_broken(cast: Cast, box: Mailbox, smtp: Smtp) -> None:
    Mailbox.objects.update(address=f"desa@{'panjang.' * 12}example")
    letter = receipt_for(cast)
    tasks.send.call(letter.pk)
    head, _, body = smtp.letters[-1].partition(b"\r\n\r\n")
    assert len(letter.message_id) > 100
    assert letter.message_id.encode() in head
    assert max(len(line) for line in body.split(b"\r\n")) <= 78
    assert max(len(line) for line in head.split(b"\r\n")) <= 998
