"""What becomes of a letter: a complaint, part of one, something for the officer, or nothing; always exactly one of them."""

import pytest

from kentongan.channels import intake
from kentongan.channels.email import store, threads, understand
from kentongan.channels.models import IncomingMessage, OutgoingMessage, RawLetter
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.lib.files import MAX_FILES
from tests import letters, make
from tests.cast import Cast

states, reasons = IncomingMessage.State, IncomingMessage.Reason


def complaint_of(message: IncomingMessage) -> Complaint:
    assert message.complaint_id, (message.state, message.reason)
    return Complaint.for_system("test").select_related("complainant").get(pk=message.complaint_id)


@pytest.fixture
def village(cast: Cast) -> Cast:
    letters.mailbox(cast.village)
    return cast


def test_a_complete_letter_becomes_a_complaint_with_everything_it_says(village: Cast) -> None:
    message = letters.arrives(village.village, letters.written(letters.COMPLETE))
    made = complaint_of(message)
    assert (message.state, made.state, made.channel) == (states.ACCEPTED, State.RECEIVED, "email")
    assert made.subject == "Jalan rusak"
    assert letters.TEXT in made.text
    person = made.complainant
    assert person is not None
    assert (person.name, person.email, person.phone) == ("Karto Wiryo", "karto@example.com", "+6285141182163")
    assert person.is_complete


def test_what_is_missing_is_asked_once_in_the_receipt_and_the_answer_completes_it(village: Cast) -> None:
    first = complaint_of(letters.arrives(village.village, letters.written()))
    assert first.state == State.AWAITING_COMPLAINANT
    [receipt] = letters.goes_out(village.village)
    assert receipt.kind == "received"
    assert first.printed_number(village.village) in receipt.subject
    assert "nomor HP" in receipt.text
    assert "alamat" in receipt.text
    answer = letters.arrives(village.village, letters.written("RT 003 RW 001, HP 0851-4118-2163. Terima kasih.", answers=receipt))
    again = complaint_of(answer)
    assert (answer.state, again.pk, again.state) == (states.JOINED, first.pk, State.RECEIVED)
    assert again.complainant is not None
    assert again.complainant.phone == "+6285141182163"
    assert again.complainant.email == "karto@example.com"
    assert len(letters.goes_out(village.village)) == 1, "nobody is asked twice by a machine"


def test_after_the_answer_an_objection_opens_it_again_and_thanks_do_not(village: Cast) -> None:
    for words, state in (
        ("Terima kasih banyak Pak, sudah bagus sekali.", State.RESPONDED),
        ("Belum beres, masih berlubang.", State.VERIFIED),
    ):
        row = complaint_of(letters.arrives(village.village, letters.written(f"{words}\n{letters.COMPLETE}")))
        for step in ("verify", "assign", "start", "answer"):
            row = make.STEPS[step](village, row)
        answer = next(
            letter for letter in letters.goes_out(village.village) if letter.kind == "responded" and letter.complaint_id == row.pk
        )
        assert "Lubang sudah ditambal." in answer.text
        reply = letters.arrives(village.village, letters.written(words, answers=answer))
        assert (reply.state, complaint_of(reply).state) == (states.JOINED, state)


def test_a_stranger_who_answers_or_quotes_a_number_never_joins(village: Cast) -> None:
    first = complaint_of(letters.arrives(village.village, letters.written(letters.COMPLETE)))
    [receipt] = letters.goes_out(village.village)
    for raw in (
        letters.written("Saya juga mengalami jalan berlubang itu.", sender="Ucup <ucup@example.com>", answers=receipt),
        letters.written(
            "Jalan ini masih berlubang parah.", sender="Ucup <ucup@example.com>", subject=f"Pengaduan {first.number}"
        ),
    ):
        message = letters.arrives(village.village, raw)
        assert (message.state, message.reason, message.complaint_id, message.hint_id) == (
            states.QUARANTINED, reasons.STRANGER, None, first.pk,
        )  # fmt: skip
    assert first.events.filter(kind="added").count() == 0


def test_the_marked_address_finds_the_complaint_without_references_and_a_forged_mark_does_not(village: Cast) -> None:
    box = village.village
    first = complaint_of(letters.arrives(box, letters.written(letters.COMPLETE)))
    from kentongan.channels.models import Mailbox

    mailbox = Mailbox.objects.get(village=box)
    mailbox.plus = True
    marked = threads.reply_address(mailbox, first)
    joined = letters.arrives(box, letters.written("Tambahan: lubangnya makin dalam.", to=marked))
    assert (joined.state, joined.complaint_id) == (states.JOINED, first.pk)
    forged = marked.replace(f"+k{first.pk}-", f"+k{first.pk + 1}-")
    assert letters.arrives(box, letters.written("Tambahan: lampu juga mati semua.", to=forged)).complaint_id != first.pk


def test_a_letter_to_an_ended_complaint_waits_for_the_officer(village: Cast) -> None:
    row = complaint_of(letters.arrives(village.village, letters.written(letters.COMPLETE)))
    actions.decline(row, reason="OUT_OF_SCOPE", text="Hubungi PLN 123.", by=village.sari)
    last = letters.goes_out(village.village)[-1]
    assert last.kind == "declined"
    message = letters.arrives(village.village, letters.written("Tapi jalan ini jalan desa, Pak.", answers=last))
    assert (message.state, message.reason, message.hint_id) == (states.QUARANTINED, reasons.ENDED, row.pk)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<warga.example.com>"},
        {"Return_Path": "<>", "sender": "MAILER-DAEMON@example.com", "subject": "Undelivered Mail Returned to Sender"},
        {"subject": "Automatic reply: Jalan rusak"},
        {"sender": letters.DESK},
    ],
)
def test_machines_are_not_answered_and_move_nothing(village: Cast, headers: dict[str, str]) -> None:
    first = complaint_of(letters.arrives(village.village, letters.written(letters.COMPLETE)))
    [receipt] = letters.goes_out(village.village)
    message = letters.arrives(
        village.village,
        letters.written("Saya sedang di luar kantor sampai Senin.", answers=None if "subject" in headers else receipt, **headers),
    )
    assert message.state == states.AUTOMATIC
    assert len(letters.goes_out(village.village)) == 1
    first.refresh_from_db()
    assert (first.state, first.events.count()) == (State.RECEIVED, 1)


def test_a_greeting_takes_no_number_and_is_asked_what_it_is_about_once(village: Cast) -> None:
    message = letters.arrives(village.village, letters.written("assalamualaikum", subject="halo"))
    assert (message.state, message.reason) == (states.QUARANTINED, reasons.NO_OBJECT)
    [asked] = letters.goes_out(village.village)
    assert (asked.kind, asked.address, asked.complaint_id) == ("no_object", "karto@example.com", None)
    letters.arrives(village.village, letters.written("halo", subject="p"))
    assert len(letters.goes_out(village.village)) == 1


def test_a_village_may_have_the_officer_look_at_every_letter_first(village: Cast) -> None:
    from kentongan.channels.models import Mailbox

    Mailbox.objects.update(intake=Mailbox.Intake.INBOX)
    message = letters.arrives(village.village, letters.written(letters.COMPLETE))
    assert (message.state, message.reason) == (states.QUARANTINED, reasons.LETTER)
    made = intake.release(message, by=village.sari)
    assert made.text.startswith(letters.TEXT)
    assert made.complainant is not None
    assert made.complainant.email == "karto@example.com"
    assert [letter.kind for letter in letters.goes_out(village.village)] == ["received"]


def test_what_speaks_of_the_officer_goes_past_her_into_the_book(village: Cast) -> None:
    from kentongan.channels.models import Mailbox

    Mailbox.objects.update(intake=Mailbox.Intake.INBOX)
    message = letters.arrives(village.village, letters.written("Petugas pengaduan tidak pernah mencatat laporan saya."))
    made = complaint_of(message)
    assert not Complaint.visible_to(village.sari).filter(pk=made.pk).exists()


def test_the_officer_joins_a_waiting_letter_with_its_complaint(village: Cast) -> None:
    row = make.complaint(village)
    message = letters.arrives(
        village.village, letters.written("Jalan di depan mushola makin parah.", subject=f"Pengaduan {row.number}")
    )
    intake.join(message, row, by=village.sari)
    assert "makin parah" in row.events.get(kind="added").data["text"]
    with pytest.raises(IncomingMessage.DoesNotExist):
        intake.join(message, row, by=village.sari)


def test_attachments_follow_the_rules_of_uploads_and_the_letter_keeps_the_rest(village: Cast) -> None:
    import io
    from email import message_from_bytes, policy

    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG", exif=Image.Exif())
    made = message_from_bytes(letters.written(letters.COMPLETE), policy=policy.default)
    made.add_attachment(picture.getvalue(), maintype="image", subtype="jpeg", filename="jalan.jpg")
    made.add_attachment(b"MZ\x90\x00 not for us", maintype="application", subtype="octet-stream", filename="virus.exe")
    for n in range(MAX_FILES + 2):
        made.add_attachment(picture.getvalue(), maintype="image", subtype="jpeg", filename=f"{n}.jpg")
    message = letters.arrives(village.village, made.as_bytes())
    row = complaint_of(message)
    assert row.attachments.count() == MAX_FILES
    assert "virus.exe" in RawLetter.objects.get(message=message).refused
    assert len(RawLetter.objects.get(message=message).refused) == 4


def test_the_same_letter_by_two_ways_is_one_and_one_message_id_on_two_letters_is_two(village: Cast) -> None:
    raw = letters.written(letters.COMPLETE)
    letters.arrives(village.village, raw)
    traced = (
        b"Received: from mx.example.com by imap.example.com; Wed, 25 Nov 2026 08:30:00 +0700\r\nDelivered-To: x@example.com\r\n"
        + raw
    )
    from django.utils import timezone

    assert store.keep(village.village.pk, traced, source="imap", arrived=timezone.now()) is None
    other = raw.replace(b"mushola", b"masjid")
    assert store.keep(village.village.pk, other, source="imap", arrived=timezone.now()) is not None
    understand.pending()
    assert Complaint.for_system("test").count() == 2


def test_a_letter_that_says_stop_ends_the_letters_about_steps_and_no_others(village: Cast) -> None:
    row = complaint_of(letters.arrives(village.village, letters.written(letters.COMPLETE)))
    [receipt] = letters.goes_out(village.village)
    stopped = letters.arrives(village.village, letters.written("", subject="berhenti", In_Reply_To=receipt.message_id))
    assert stopped.state == states.AUTOMATIC
    for step in ("verify", "assign", "start", "answer"):
        row = make.STEPS[step](village, row)
    assert [letter.kind for letter in letters.goes_out(village.village)] == ["received", "responded"]


def test_what_cannot_be_understood_waits_with_its_bytes(village: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(understand, "_settle", broken)
    raw = letters.written(letters.COMPLETE)
    message = letters.arrives(village.village, raw)
    assert (message.state, message.reason) == (states.QUARANTINED, reasons.BROKEN)
    assert bytes(message.raw.content) == raw
    assert OutgoingMessage.objects.count() == 0


def test_an_address_line_that_is_told_apart_is_not_said_twice(village: Cast) -> None:
    for line, address, rt in (
        ("Alamat: RT 003 RW 001 Dusun Karanganyar", "", "003"),
        ("Alamat: Jalan Melati 4 RT 003 RW 001", "Jalan Melati 4 RT 003 RW 001", "003"),
        ("Alamat saya: Perumahan Asri blok C", "Perumahan Asri blok C", ""),
    ):
        person = complaint_of(letters.arrives(village.village, letters.written(f"{letters.TEXT}\n{line}"))).complainant
        assert person is not None
        assert (person.address, person.rt) == (address, rt)


def test_the_receipt_promises_the_check_and_gives_longer_for_what_is_missing(village: Cast) -> None:
    from kentongan.channels.email import outbox
    from kentongan.complaints import clocks, deadlines

    made = complaint_of(letters.arrives(village.village, letters.written()))
    [receipt] = letters.goes_out(village.village)
    checked = deadlines.due(made.received_at, village.village.clock("verify"), clocks.calendar_of(village.village))
    assert outbox._day(checked, village.village) in receipt.text
    assert made.due_at is not None
    assert outbox._day(made.due_at, village.village) in receipt.text
