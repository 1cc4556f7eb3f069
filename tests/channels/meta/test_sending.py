"""What goes out to Meta and what is fetched from there, against Meta's simulator on loopback."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from kentongan import worker
from kentongan.channels import duties
from kentongan.channels.meta import graph, joining, sending, tasks
from kentongan.channels.meta.simulator import Simulator
from kentongan.channels.models import ChatAccount, ChatMessage, Conversation
from kentongan.complaints.models import Attachment
from kentongan.jobs.models import Job
from tests import make, meta
from tests.cast import Cast

LAMP = "Lampu jalan di RT 03 mati sejak seminggu, gelap sekali."


def simulator(cast: Cast, channel: str) -> Iterator[Simulator]:
    person = meta.SITI if channel == "instagram" else meta.SITI_PHONE
    account = meta.account(cast, channel)
    with Simulator(meta.TOKEN, meta.SECRET, account.account_id, channel) as made:
        made.profiles[person] = {"name": "Siti Aminah", "username": "siti.aminah"}
        account.base_url = made.url
        account.save()
        yield made


@pytest.fixture
def instagram(cast: Cast) -> Iterator[Simulator]:
    yield from simulator(cast, "instagram")


@pytest.fixture
def whatsapp(cast: Cast) -> Iterator[Simulator]:
    yield from simulator(cast, "whatsapp")


def says(simulated: Simulator, text: str = LAMP, **parts: Any) -> Conversation:
    """Siti writes, and the worker does what there is to do."""
    person = meta.SITI if simulated.channel == "instagram" else meta.SITI_PHONE
    content, headers = simulated.signed(simulated.message(person, text, **parts))
    assert meta.call(content, simulated.channel, HTTP_X_HUB_SIGNATURE_256=headers["X-Hub-Signature-256"]).status_code == 200
    worker.run(once=True)
    return Conversation.objects.get()


def answers(chat: Conversation, text: str = "Terima kasih, kami periksa.", token: str = "t1") -> list[ChatMessage]:
    sending.write(chat, text, token=token, by="Sari")
    worker.run(once=True)
    return list(ChatMessage.objects.filter(ours=True).order_by("pk"))


def now() -> None:
    """Jobs that wait for another try are due."""
    Job.objects.filter(state="READY").update(run_after=timezone.now())
    worker.run(once=True)


def grows_old(chat: Conversation, simulated: Simulator, hours: float) -> None:
    simulated.ahead += hours * 3600
    Conversation.objects.filter(pk=chat.pk).update(window_at=timezone.now() - timedelta(hours=hours))


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


def test_an_answer_goes_out_by_the_channel_it_came_by(instagram: Simulator) -> None:
    (row,) = answers(says(instagram))
    assert instagram.sent[0]["recipient"] == {"id": meta.SITI}
    assert instagram.sent[0]["message"] == {"text": "Terima kasih, kami periksa."}
    assert (row.state, row.external_id) == ("SENT", instagram.sent[0]["id"])


def test_on_whatsapp_its_way_is_followed_to_the_eyes_of_the_reader(whatsapp: Simulator) -> None:
    (row,) = answers(says(whatsapp))
    assert (whatsapp.sent[0]["to"], whatsapp.sent[0]["text"]) == (meta.SITI_PHONE, {"body": "Terima kasih, kami periksa."})
    meta.came(whatsapp.status(row.external_id, meta.SITI_PHONE, "read"), channel="whatsapp")
    meta.came(whatsapp.status(row.external_id, meta.SITI_PHONE, "delivered"), channel="whatsapp")
    row.refresh_from_db()
    assert row.state == "READ"


def test_a_state_and_an_echo_told_before_the_answer_meet_it(instagram: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = says(instagram)
    monkeypatch.setattr(graph, "post", lambda *_args: {"recipient_id": meta.SITI, "message_id": "early"})
    echo = {
        "sender": {"id": meta.IGID},
        "recipient": {"id": meta.SITI},
        "message": {"mid": "early", "text": "Baik", "is_echo": True},
    }
    sending.write(chat, "Baik", token="t")
    meta.came(instagram.event(echo))
    assert [(row.external_id, row.state) for row in ChatMessage.objects.filter(ours=True)] == [("early", "SENT")]


def test_the_same_form_twice_is_one_answer(instagram: Simulator) -> None:
    chat = says(instagram)
    assert sending.write(chat, "Baik", token="t")
    assert not sending.write(chat, "Baik", token="t")
    worker.run(once=True)
    assert len(instagram.sent) == 1


@pytest.mark.parametrize(("channel", "most"), [("instagram", 1000), ("whatsapp", 4096)])
def test_a_long_answer_goes_in_pieces_none_too_long_and_no_word_lost(channel: str, most: int) -> None:
    for text in ("kata ❤ panjang " * 700, "ä" * 9000, "a" * most, "❤" * 2500):
        pieces = sending.parts(text, channel)
        size = max(len(piece.encode()) if channel == "instagram" else len(piece) for piece in pieces)
        assert size <= most
        assert "".join("".join(pieces).split()) == "".join(text.split())
        assert not any("\ufffd" in piece for piece in pieces)


@pytest.mark.parametrize("channel", ["instagram", "whatsapp"])
def test_after_a_day_the_answer_waits_and_leaves_when_the_resident_writes_again(
    request: pytest.FixtureRequest, channel: str
) -> None:
    simulated: Simulator = request.getfixturevalue(channel)
    chat = says(simulated)
    grows_old(chat, simulated, 25)
    (row,) = answers(chat)
    assert (row.state, row.reason, simulated.sent) == ("SHUT", "window", [])
    says(simulated, "Bagaimana, Pak?")
    row.refresh_from_db()
    assert (row.state, len(simulated.sent)) == ("SENT", 1)


def test_meta_shuts_the_window_earlier_than_we_think(instagram: Simulator) -> None:
    chat = says(instagram)
    instagram.ahead += 25 * 3600
    (row,) = answers(chat)
    assert (row.state, row.reason) == ("SHUT", "window")


def test_whatsapp_says_later_that_it_was_too_late(whatsapp: Simulator) -> None:
    (row,) = answers(says(whatsapp))
    meta.came(whatsapp.status(row.external_id, meta.SITI_PHONE, "failed", 131047), channel="whatsapp")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("SHUT", "window")


def test_with_human_agent_there_are_seven_days(instagram: Simulator) -> None:
    ChatAccount.objects.update(human_agent=True)
    chat = says(instagram)
    grows_old(chat, instagram, 50)
    instagram.human_agent = True
    (row,) = answers(chat)
    assert (row.state, instagram.sent[0]["tag"]) == ("SENT", "HUMAN_AGENT")


def test_the_longer_time_is_for_what_a_person_wrote_alone(instagram: Simulator) -> None:
    """Meta: the tag is for human agents, not for what goes out by itself."""
    ChatAccount.objects.update(human_agent=True)
    chat = says(instagram)
    grows_old(chat, instagram, 50)
    instagram.human_agent = True
    sending.write(chat, "Tercatat dengan nomor 001.", token="event-1")
    worker.run(once=True)
    assert (chat.messages.get(form_token="event-1:0").state, instagram.sent) == ("SHUT", [])


def test_human_agent_without_approval_is_switched_off_and_said(instagram: Simulator) -> None:
    ChatAccount.objects.update(human_agent=True)
    chat = says(instagram)
    grows_old(chat, instagram, 50)
    (row,) = answers(chat)
    account = ChatAccount.objects.get()
    assert (row.state, account.human_agent, account.trouble) == ("SHUT", False, "human_agent")


@pytest.mark.parametrize("fault", ["limit", "busy", "token"])
def test_what_passes_is_tried_again_and_goes_out_once(instagram: Simulator, fault: str) -> None:
    chat = says(instagram)
    instagram.faults = [fault]
    (row,) = answers(chat)
    assert (row.state, row.reason) == ("WAITING", fault)
    assert ChatAccount.objects.get().trouble == ("token" if fault == "token" else "")
    now()
    row.refresh_from_db()
    assert (row.state, row.reason, len(instagram.sent)) == ("SENT", "", 1)
    assert ChatAccount.objects.get().trouble == ""


@pytest.mark.parametrize(("fault", "reason"), [("unreachable", "unreachable"), ("parameter", "refused")])
def test_what_stays_so_is_said(instagram: Simulator, fault: str, reason: str) -> None:
    chat = says(instagram)
    instagram.faults = [fault]
    (row,) = answers(chat)
    assert (row.state, row.reason) == ("FAILED", reason)


def test_a_line_that_breaks_leaves_it_unsure_and_it_is_not_sent_again(instagram: Simulator) -> None:
    chat = says(instagram)
    instagram.faults = ["hang_up"]
    (row,) = answers(chat)
    now()
    row.refresh_from_db()
    assert (row.state, len(instagram.sent)) == ("UNSURE", 1)


def test_without_a_line_it_waits(instagram: Simulator) -> None:
    chat = says(instagram)
    ChatAccount.objects.update(base_url="http://127.0.0.1:1")
    (row,) = answers(chat)
    assert (row.state, row.reason) == ("WAITING", "offline")


def test_a_crash_while_sending_leaves_it_unsure(instagram: Simulator) -> None:
    chat = says(instagram)
    sending.write(chat, "Baik", token="t")
    ChatMessage.objects.filter(ours=True).update(state="SENDING")
    worker.run(once=True)
    assert (ChatMessage.objects.get(ours=True).state, instagram.sent) == ("UNSURE", [])


def test_a_greeting_gets_a_friendly_question_once_and_no_number(cast: Cast, instagram: Simulator) -> None:
    chat = says(instagram, "Assalamualaikum")
    assert "Apa yang ingin Bapak/Ibu laporkan" in instagram.sent[0]["message"]["text"]
    assert not chat.waits
    says(instagram, "", is_unsupported=True)
    assert len(instagram.sent) == 1
    assert says(instagram, LAMP).waits


def test_what_has_an_object_is_left_to_the_officer(instagram: Simulator) -> None:
    assert says(instagram, LAMP).waits
    assert instagram.sent == []


def test_the_name_is_looked_up_and_nothing_waits_for_it(instagram: Simulator) -> None:
    assert says(instagram).name == "Siti Aminah"
    instagram.profiles.clear()
    content = meta.instagram(meta.direct("m9", LAMP, sender="777"))
    meta.came(content)
    assert (Conversation.objects.get(outside_id="777").name, Job.dead().count()) == ("", 0)


def test_a_photo_is_fetched_at_once_cleaned_and_goes_along(cast: Cast, whatsapp: Simulator) -> None:
    whatsapp.files["990"] = picture()
    chat = says(whatsapp, image={"caption": "Ini fotonya", "id": "990"})
    row = ChatMessage.objects.get()
    file = Attachment.objects.get()
    assert (row.media, file.form_token, file.mime, file.complaint) == ([], joining.token(row), "image/jpeg", None)
    Attachment.objects.update(at=timezone.now() - timedelta(days=30))
    duties.drop_staged_files.func()
    complaint = make.received(cast)
    joining.belong(chat, [row], complaint)
    assert complaint.attachments.count() == 1


def test_a_photo_that_comes_after_its_complaint_is_added_there(cast: Cast, whatsapp: Simulator) -> None:
    chat = says(whatsapp, image={"id": "990"})
    assert ChatMessage.objects.get().reason == "refused"
    whatsapp.files["990"] = picture()
    complaint = make.received(cast)
    joining.belong(chat, list(chat.messages.all()), complaint)
    ChatMessage.objects.update(media=[{"kind": "image", "id": "990"}])
    tasks.fetch_media.func(ChatMessage.objects.get().pk)
    assert complaint.attachments.count() == 1


@pytest.mark.parametrize(
    ("content", "reason"), [(b"not a picture at all", "media_kind"), (b"\xff\xd8\xff\xe0broken", "media"), (b"x" * (10 * 1024 * 1024 + 1), "media_large")]
)  # fmt: skip
def test_what_cannot_be_kept_is_said_on_the_message(whatsapp: Simulator, content: bytes, reason: str) -> None:
    whatsapp.files["990"] = content
    says(whatsapp, document={"id": "990", "filename": "x.exe"})
    assert (ChatMessage.objects.get().reason, Attachment.objects.count()) == (reason, 0)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://127.0.0.1:1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "file:///etc/passwd",
        "https://10.0.0.1/",
        "https://x y/",
        "https://",
        "https://[",
        "ftp://lookaside.fbsbx.com/",
    ],
)
def test_nothing_inside_the_office_is_fetched(instagram: Simulator, url: str) -> None:
    with pytest.raises(graph.CannotReach) as refused:
        graph.file(ChatAccount.objects.get(), url, 1000)
    assert refused.value.key in {"media", "offline"}
    says(instagram, "foto", attachments=[{"type": "image", "payload": {"url": url}}])
    assert Attachment.objects.count() == 0


def test_a_redirect_to_the_inside_is_not_followed(instagram: Simulator) -> None:
    with Simulator("other", "other", "1") as inside:
        inside.files["secret"] = picture()
        instagram.redirects["1"] = f"{inside.url}/file/secret"
        with pytest.raises(graph.CannotReach):
            graph.file(ChatAccount.objects.get(), f"{instagram.url}/redirect/1", 10_000)
        assert inside.asked == []


def test_no_secret_and_no_word_is_logged(instagram: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    instagram.faults = ["token", "limit"]
    answers(says(instagram))
    now()
    assert not [word for word in (meta.TOKEN, meta.SECRET, meta.SITI, "Lampu", "periksa") if word in caplog.text]


def test_the_token_is_renewed_long_before_it_runs_out(instagram: Simulator) -> None:
    for age, renewed in ((10, False), (45, True)):
        ChatAccount.objects.update(token_at=timezone.now() - timedelta(days=age))
        before = instagram.token
        tasks.renew_tokens.func()
        assert (instagram.token != before) is renewed
        assert ChatAccount.objects.get().access_token == instagram.token
    assert answers(says(instagram))[0].state == "SENT"


def test_a_token_that_ran_out_is_said_and_stays_until_another_is_typed(instagram: Simulator) -> None:
    ChatAccount.objects.update(token_at=timezone.now() - timedelta(days=70))
    instagram.token = "another"
    tasks.renew_tokens.func()
    account = ChatAccount.objects.get()
    assert (account.trouble, account.access_token) == ("token", meta.TOKEN)
