"""What a hostile reader of the e-mail channel tried, and must not get."""

import time
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kentongan.channels import identity, intake
from kentongan.channels.base import Contact
from kentongan.channels.email import imap, store, tasks, understand, watch
from kentongan.channels.email.letter import read
from kentongan.channels.email.troubles import CannotConnect
from kentongan.channels.models import IncomingMessage, Mailbox, OutgoingMessage, RawLetter
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.jobs import JobError
from kentongan.jobs.models import Job
from kentongan.village.models import User
from tests import letters, make
from tests.cast import Cast
from tests.mailserver import PASSWORD, USER, Dovecot, Smtp

pytestmark = pytest.mark.django_db
states, reasons = IncomingMessage.State, IncomingMessage.Reason
ABOUT_SARI = "Petugas pengaduan meminta uang dua puluh ribu untuk surat pengantar."


@pytest.fixture
def village(cast: Cast) -> Cast:
    letters.mailbox(cast.village)
    return cast


@pytest.mark.parametrize(
    "text",
    [
        "Alamat saya RT 1" + " " * 20_000 + "x",
        "RT " + "0" * 20_000,
        "dusun" + " " * 20_000 + "x",
        "0" * 20_000,
        "nama:" + " no." * 5_000,
    ],
)
def test_no_text_takes_long_to_be_searched_for_who_writes(village: Cast, text: str) -> None:
    begun = time.process_time()
    identity.read(text, Contact(), village.village.pk, asked=True)
    assert time.process_time() - begun < 1


def test_no_line_takes_long_to_be_told_from_a_quotation() -> None:
    raw = b"From: a@example.com\nSubject: x\n\nJalan rusak parah sekali.\n--\n\xe2\x80\xb9" + b"@" * 150_000 + b"\n"
    begun = time.process_time()
    read(raw)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw.replace(b"karto@example.com", b"k@" + b"a" * 260 + b".example"),
        lambda raw: raw.replace(b"MIME-Version", b"Content-Disposition: attachment; filename*=utf-7''%2B2AA-.docx\nMIME-Version"),
        lambda raw: raw.replace(b"Subject: Jalan rusak", b"Subject: " + b"x" * 4000),
        lambda raw: raw.replace(b"Karto Wiryo", b"K" * 4000),
        lambda raw: raw.replace(b"Jalan", b"Ja\x00lan"),
    ],
)
def test_no_letter_stops_the_ones_behind_it(
    village: Cast, spoil: Callable[[bytes], bytes], client_of: Callable[[User], Client]
) -> None:
    for raw in (
        spoil(letters.written(letters.COMPLETE)),
        letters.written("Lampu di gang mati sejak Senin malam.", sender="b@example.com"),
    ):
        store.keep(village.village.pk, raw, source="pipe", arrived=timezone.now())
    understand.pending()
    assert not IncomingMessage.objects.filter(state=states.NEW).exists()
    assert Complaint.for_system("test").filter(text__startswith="Lampu").exists()
    assert client_of(village.sari).get("/meja/pesan/").status_code == 200


def declined_about_sari(village: Cast) -> tuple[Complaint, OutgoingMessage]:
    row = letters.arrives(village.village, letters.written(f"{ABOUT_SARI}\n{letters.COMPLETE}")).complaint
    assert row is not None
    actions.decline(row, reason="NO_EVIDENCE", text="Mohon sebutkan kapan.", by=village.lastri)
    return row, letters.goes_out(village.village)[-1]


def test_a_reply_about_the_officer_never_waits_on_her_own_table(village: Cast, client_of: Callable[[User], Client]) -> None:
    row, last = declined_about_sari(village)
    for sender in (letters.KARTO, "Orang Lain <lain@example.com>"):
        message = letters.arrives(
            village.village, letters.written("Hari Senin lalu, sekitar jam sembilan pagi.", sender=sender, answers=last)
        )
        assert message.state == states.ACCEPTED
        new = Complaint.for_system("test").get(pk=message.complaint_id)
        assert new.pk != row.pk
        assert not Complaint.visible_to(village.sari).filter(pk=new.pk).exists()
        assert Complaint.visible_to(village.lastri).filter(pk=new.pk).exists()
    assert "Hari Senin lalu" not in client_of(village.sari).get("/meja/pesan/").content.decode()


def test_no_raw_letter_is_opened_by_counting(village: Cast, client_of: Callable[[User], Client]) -> None:
    _row, last = declined_about_sari(village)
    report = letters.written(
        f"Returned: {last.text}\nMessage-ID: {last.message_id}", sender="MAILER-DAEMON@example.com", subject="failure notice"
    )
    letters.arrives(village.village, report)
    letters.arrives(village.village, letters.written("Saya sedang cuti.", answers=last, Auto_Submitted="auto-replied"))
    store.keep(village.village.pk, letters.written("Belum dibaca siapa pun di sini."), source="pipe", arrived=timezone.now())
    sari = client_of(village.sari)
    for pk in RawLetter.objects.values_list("pk", flat=True):
        assert sari.get(f"/meja/pesan/{pk}/asli.eml").status_code == 404, IncomingMessage.objects.get(pk=pk).state
    assert last.text.split()[5] not in sari.get("/meja/pesan/?otomatis").content.decode()


def test_what_waits_no_more_is_judged_no_more_and_tells_nothing(village: Cast, client_of: Callable[[User], Client]) -> None:
    row, _last = declined_about_sari(village)
    accepted = IncomingMessage.objects.get(complaint=row)
    new = store.keep(village.village.pk, letters.written(), source="pipe", arrived=timezone.now())
    assert new is not None
    sari = client_of(village.sari)
    for message in (accepted, new):
        for what in ("release", "join", "discard"):
            answer = sari.post(f"/meja/pesan/{message.pk}/", {"do": what, "number": row.number}, follow=True)
            assert row.number not in answer.content.decode()
        assert IncomingMessage.objects.get(pk=message.pk).state == message.state
    with pytest.raises(Complaint.DoesNotExist):
        intake.release(accepted, by=village.sari)


def test_who_is_spoken_of_in_what_is_folded_away_is_shut_out_too(village: Cast) -> None:
    text = "Mohon ditindaklanjuti pengaduan tetangga saya ini.\n\n-- \nBu Sari Wulandari minta uang setiap kali"
    row = letters.arrives(village.village, letters.written(text)).complaint
    assert row is not None
    assert "Sari" not in row.text
    assert not Complaint.visible_to(village.sari).filter(pk=row.pk).exists()


def test_a_forged_sender_waits_and_the_one_in_whose_name_it_came_gets_no_letter(village: Cast) -> None:
    Mailbox.objects.update(receiver="mx.desa.example")
    forged = {"Authentication_Results": "mx.desa.example; dmarc=fail header.from=example.com"}
    message = letters.arrives(village.village, b"Received: from x\n" + letters.written(letters.COMPLETE, **forged))
    assert (message.state, message.reason) == (states.QUARANTINED, reasons.FORGED)
    assert letters.goes_out(village.village) == []


def test_a_machine_that_speaks_of_the_officer_gets_no_receipt(village: Cast) -> None:
    message = letters.arrives(village.village, letters.written(ABOUT_SARI, sender="noreply@example.com"))
    assert message.state == states.ACCEPTED
    assert letters.goes_out(village.village) == []


def test_whoever_asks_not_to_be_named_is_hidden_and_words_beside_stop_are_kept(village: Cast) -> None:
    row = letters.arrives(village.village, letters.written(f"Tolong rahasiakan nama saya.\n{letters.COMPLETE}")).complaint
    assert row is not None
    assert row.identity_hidden
    [receipt] = letters.goes_out(village.village)
    said = letters.arrives(
        village.village, letters.written("Saya diancam tadi malam.", subject="stop", In_Reply_To=receipt.message_id)
    )
    assert said.state == states.JOINED
    assert "diancam" in row.events.get(kind="added").data["text"]


def test_an_instruction_among_offices_goes_into_no_letter(village: Cast) -> None:
    from kentongan.channels.models import LetterText

    LetterText.objects.create(village=village.village, kind="assigned", subject="Pengaduan {nomor}", body="Diteruskan. {isi}")
    row = letters.arrives(village.village, letters.written(letters.COMPLETE)).complaint
    assert row is not None
    row = make.STEPS["verify"](village, row)
    actions.assign(row, to=[village.joko], instruction="Hati-hati, orangnya suka marah.", by=village.sari)
    assert all("suka marah" not in letter.text for letter in letters.goes_out(village.village))


def test_files_are_called_by_what_they_are(village: Cast) -> None:
    made = message_from_bytes(letters.written(letters.COMPLETE), policy=policy.default)
    made.add_attachment(b"%PDF-1.4\n<script>alert(1)</script>", maintype="application", subtype="hta", filename="surat.hta")
    row = letters.arrives(village.village, made.as_bytes()).complaint
    assert row is not None
    assert [file.name for file in row.attachments.all()] == ["surat.pdf"]


def test_a_subject_of_a_person_who_is_not_there_is_not_lost_among_machines(village: Cast) -> None:
    for subject in ("Tidak di kantor", "Sedang tidak di kantor: Pak Carik", "Sedang cuti", "auto: parkir liar"):
        message = letters.arrives(
            village.village, letters.written("Loket kosong sejak pagi, warga menunggu lama sekali.", subject=subject)
        )
        assert message.state != states.AUTOMATIC, subject


def test_an_address_no_letter_can_go_to_is_told_at_once(village: Cast) -> None:
    letters.arrives(village.village, letters.written(letters.COMPLETE))
    [letter] = letters.goes_out(village.village)
    with Smtp() as smtp:
        Mailbox.objects.update(smtp_port=smtp.port, smtp_security="NONE", smtp_login=False)
        for address in ("a..b@example.com", "kartö@example.com", "karto@exämple.id"):
            OutgoingMessage.objects.filter(pk=letter.pk).update(address=address, state="WAITING", reason="")
            tasks.send.call(letter.pk)
            row = OutgoingMessage.objects.get(pk=letter.pk)
            assert (row.state, row.reason) == ("FAILED", "recipient_refused"), address


def test_a_mailbox_switched_off_keeps_its_letters_waiting(village: Cast) -> None:
    letters.arrives(village.village, letters.written(letters.COMPLETE))
    [letter] = letters.goes_out(village.village)
    Mailbox.objects.update(active=False)
    with pytest.raises(JobError):
        tasks.send.call(letter.pk)
    assert OutgoingMessage.objects.get(pk=letter.pk).state == "WAITING"


def test_a_server_that_refuses_the_settings_is_left_alone_for_a_while(village: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    letters.arrives(village.village, letters.written(letters.COMPLETE))
    [letter] = letters.goes_out(village.village)
    knocks = []

    def refuse(_mailbox: Mailbox) -> object:
        knocks.append(1)
        raise CannotConnect("password", permanent=True)

    monkeypatch.setattr(tasks.connect, "smtp", refuse)
    for _ in range(4):
        with pytest.raises(JobError):
            tasks.send.call(letter.pk)
    assert len(knocks) == 1
    cache.clear()
    Mailbox.objects.update(trouble="password", checked_at=timezone.now())
    tasks.look_after_mailboxes.call()
    assert not Job.objects.filter(task=tasks.FETCH).exists()
    Mailbox.objects.update(checked_at=timezone.now() - timedelta(hours=1))
    tasks.look_after_mailboxes.call()
    assert Job.objects.filter(task=tasks.FETCH).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_watch_calls_at_once_for_a_new_letter_and_does_not_hammer(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr(watch, "LOOK_EVERY", 0.2)
    monkeypatch.setattr(watch, "SLICE", 0.2)
    monkeypatch.setattr(watch, "HEARTBEAT", 0.5)
    monkeypatch.setattr(watch, "PAUSE", 30.0)
    with Dovecot() as server:
        box = letters.mailbox(cast.village, user=USER, password=PASSWORD, imap_port=server.port, imap_security="NONE")
        stop = threading.Event()
        watching = watch.Watch(stop)
        watching.start()
        try:
            until = time.monotonic() + 10
            while not Job.objects.exists() and time.monotonic() < until:
                time.sleep(0.1)
            Job.objects.all().delete()
            server.deliver(USER, letters.written())
            while not Job.objects.exists() and time.monotonic() < until:
                time.sleep(0.1)
            assert Job.objects.filter(task=tasks.FETCH, unique_key=f"mailbox:{box.pk}").exists()
            Mailbox.objects.update(imap_port=1)
            while box.pk not in watching._failed and time.monotonic() < until + 10:
                time.sleep(0.1)
            assert watching._failed[box.pk][0] > time.monotonic() + 20, "a server that is not there is tried again later"
        finally:
            stop.set()
            watching.join()


@pytest.mark.django_db
def test_one_letter_the_server_will_not_give_is_shown_and_holds_up_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with Dovecot() as server:
        for n in range(3):
            server.deliver(USER, letters.written(f"Lampu nomor {n} di gang mati sejak Senin malam."))
        box = letters.mailbox(
            cast.village,
            user=USER,
            password=PASSWORD,
            imap_port=server.port,
            imap_security="NONE",
            since=timezone.now() - timedelta(hours=1),
        )
        real = imap._contents

        def one_is_lost(client: object, uids: list[int], what: str) -> dict[int, bytes]:
            return {uid: content for uid, content in real(client, uids, what).items() if uid != 2}

        monkeypatch.setattr(imap, "_contents", one_is_lost)
        assert imap.fetch(box) == 3
    assert IncomingMessage.objects.filter(state=states.NEW).count() == 2
    assert IncomingMessage.objects.filter(reason=reasons.BROKEN, state=states.QUARANTINED).count() == 1
    assert Complaint.for_system("test").filter(state=State.RECEIVED).count() == 0
