"""What Meta tells becomes conversations, whatever comes twice, late, in the wrong order or in no shape at all."""

import itertools
import sys
from typing import Any

import pytest
from django.db import DataError
from django.test import Client

from kentongan import worker
from kentongan.channels.meta import conversations, tasks
from kentongan.channels.models import ChatMessage, Conversation, HookCall, IncomingMessage
from kentongan.complaints import actions
from kentongan.complaints.models import Complaint, ShutOut
from kentongan.jobs.models import Job
from tests import make, meta
from tests.cast import Cast
from tests.web.office.test_chat import post

LAMP = "Lampu jalan di RT 03 mati sejak seminggu, gelap sekali."


@pytest.fixture
def instagram(cast: Cast) -> Any:
    return meta.account(cast)


@pytest.fixture
def whatsapp(cast: Cast) -> Any:
    return meta.account(cast, "whatsapp")


def said() -> list[tuple[str, str]]:
    return [(message.kind, message.text) for message in ChatMessage.objects.exclude(kind="")]


def test_a_message_becomes_a_conversation_and_no_complaint(cast: Cast, instagram: Any) -> None:
    meta.came(meta.instagram(meta.direct("m1", "Assalamualaikum")), meta.instagram(meta.direct("m2", LAMP, at=meta.AT + 60)))
    conversation = Conversation.objects.get()
    assert (conversation.outside_id, conversation.waits, conversation.complaint) == (meta.SITI, True, None)
    assert said() == [("text", "Assalamualaikum"), ("text", LAMP)]
    assert not IncomingMessage.objects.exists()
    assert not Job.dead().exists()


def test_whatsapp_tells_the_name_and_everything_it_can_carry(whatsapp: Any) -> None:
    meta.came(
        meta.whatsapp(
            meta.written("w1", LAMP),
            meta.written("w2", kind="image", caption="Ini fotonya", mime_type="image/jpeg", id="990"),
            meta.written("w3", kind="location", latitude=-7.5, longitude=109.1, name="Mushola"),
            meta.written("w4", kind="sticker", id="991"),
            meta.written("w5", kind="interactive", type="button_reply", button_reply={"id": "1", "title": "Ya"}),
            meta.written("w6", kind="document", filename="surat.pdf", id="992"),
            meta.written("w7", kind="hologram", x=1),
            {"from": meta.SITI_PHONE, "id": "w8", "timestamp": str(meta.AT), "type": "unsupported", "errors": [{"code": 131051}]},
        ),
        channel="whatsapp",
    )
    assert said() == [
        ("text", LAMP),
        ("image", "Ini fotonya"),
        ("location", "Mushola\n-7.5, 109.1"),
        ("sticker", ""),
        ("button", "Ya"),
        ("file", "surat.pdf"),
        ("unsupported", ""),
        ("unsupported", ""),
    ]
    assert Conversation.objects.get().name == "Siti"


def test_instagram_in_all_its_kinds(instagram: Any) -> None:
    picture = {"type": "image", "payload": {"url": "https://lookaside.fbsbx.com/x?a=1&b=2"}}
    meta.came(
        meta.instagram(
            meta.direct("m1", attachments=[picture, {"type": "video", "payload": {"url": "https://x/y"}}]),
            meta.direct("m2", "bagus", reply_to={"story": {"id": "1", "url": "https://x"}}),
            meta.direct("m3", is_unsupported=True),
            meta.direct("m4", attachments=[{"type": "ig_post", "payload": {"title": "Jalan rusak", "url": "https://x"}}]),
            {"sender": {"id": meta.SITI}, "recipient": {"id": meta.IGID}, "postback": {"mid": "m5", "title": "Mulai"}},
            {"sender": {"id": meta.SITI}, "recipient": {"id": meta.IGID}, "referral": {"ref": "x"}},
            {"sender": {"id": meta.SITI}, "recipient": {"id": meta.IGID}, "something_new": {"x": 1}},
        ),
        meta.instagram(
            {
                "field": "comments",
                "value": {"id": "c1", "from": {"id": "77", "username": "budi"}, "text": "Kapan?", "media": {"id": "1"}},
            },
            {"field": "story_insights", "value": {"x": 1}},
            kind="changes",
        ),
        meta.instagram(meta.direct("m6", "lewat aplikasi lain"), kind="standby"),
    )
    assert sorted(said()) == sorted(
        [
            ("image", ""), ("story", "bagus"), ("unsupported", ""), ("post", "Jalan rusak"),
            ("button", "Mulai"), ("comment", "Kapan?"), ("text", "lewat aplikasi lain"),
        ]
    )  # fmt: skip
    assert [one["kind"] for one in ChatMessage.objects.get(external_id="m1").media] == ["image", "video"]
    budi = Conversation.objects.get(handle="budi")
    assert (budi.window_at, budi.waits) == (None, True)  # a comment opens no window


def test_the_test_button_of_the_dashboard_is_seen(instagram: Any) -> None:
    value = {
        "sender": {"id": "12334"},
        "recipient": {"id": "23245"},
        "timestamp": "1527459824",
        "message": {"mid": "random_mid", "text": "random_text"},
    }
    meta.came({"object": "instagram", "entry": [{"id": "0", "time": 1, "changes": [{"field": "messages", "value": value}]}]})
    assert said() == [("text", "random_text")]


def test_whatever_the_order_and_however_often_the_end_is_the_same(cast: Cast) -> None:
    calls = (
        meta.instagram(meta.direct("m1", LAMP)),
        meta.instagram(meta.direct("m1", is_deleted=True, at=meta.AT + 9)),
        meta.instagram(
            {"sender": {"id": meta.SITI}, "recipient": {"id": meta.IGID}, "timestamp": (meta.AT + 5) * 1000,
             "reaction": {"mid": "m1", "action": "react", "reaction": "love", "emoji": "❤"}}
        ),
    )  # fmt: skip
    meta.account(cast)
    for order in itertools.permutations(calls):
        ChatMessage.objects.all().delete()
        HookCall.objects.all().delete()
        meta.came(*order, *order)
        row = ChatMessage.objects.get()
        assert (row.kind, row.text, row.reaction, row.ours, bool(row.unsent_at)) == ("text", LAMP, "❤", False, True)


def test_a_delivery_state_never_moves_backwards(cast: Cast, whatsapp: Any) -> None:
    for states in itertools.permutations(["sent", "delivered", "read"]):
        wamid = "wamid." + "".join(state[0] for state in states)
        meta.came(*(meta.whatsapp(statuses=[meta.status(wamid, state)]) for state in states), channel="whatsapp")
        assert ChatMessage.objects.get(external_id=wamid).state == "READ"
    meta.came(meta.whatsapp(statuses=[meta.status("wamid.sdr", "failed", code=131026)]), channel="whatsapp")
    assert ChatMessage.objects.get(external_id="wamid.sdr").state == "READ"


def test_what_was_answered_in_the_app_itself_stands_in_the_conversation(instagram: Any) -> None:
    echo = {
        "sender": {"id": meta.IGID},
        "recipient": {"id": meta.SITI},
        "timestamp": (meta.AT + 1) * 1000,
        "message": {"mid": "e1", "text": "Baik, Bu", "is_echo": True},
    }
    meta.came(meta.instagram(meta.direct("m1", LAMP)), meta.instagram(echo))
    meta.came(
        meta.instagram(
            {
                "sender": {"id": meta.SITI},
                "recipient": {"id": meta.IGID},
                "timestamp": (meta.AT + 2) * 1000,
                "read": {"mid": "e1"},
            }
        )
    )
    row = ChatMessage.objects.get(ours=True)
    assert (row.conversation, row.text, row.state) == (Conversation.objects.get(), "Baik, Bu", "READ")


def test_a_call_with_a_thousand_messages_is_read_whole(instagram: Any) -> None:
    meta.came(meta.instagram(*(meta.direct(f"m{n}", f"Pesan {n}", sender=str(10_000 + n % 7)) for n in range(1000))))
    assert (ChatMessage.objects.count(), Conversation.objects.count()) == (1000, 7)


def test_messages_for_another_account_are_kept_and_read_once_the_number_is_put_right(cast: Cast, instagram: Any) -> None:
    instagram.account_id = "999999"
    instagram.save()
    meta.came(meta.instagram(meta.direct("m1", LAMP)))
    instagram.refresh_from_db()
    assert (said(), instagram.trouble) == ([], "other_account")

    office = Client()
    office.force_login(cast.tono)
    assert post(office).status_code == 302  # the settings page puts it right
    worker.run(once=True)
    assert said() == [("text", LAMP)]


HOSTILE = [
    b"", b"{", b"null", b"7", b"[" * 100_000, b"\xff\xfe", {"entry": 7}, {"entry": [7, None, [], {"id": meta.IGID, "messaging": "x"}]},
    meta.instagram({"sender": "x", "recipient": [], "message": {"mid": "m"}}),
    meta.instagram(meta.direct("x" * 5000, "panjang")),
    meta.instagram({**meta.direct("m2", "waktu"), "timestamp": 10**400}),
    meta.instagram({**meta.direct("m3", "waktu"), "timestamp": "NaN"}),
    meta.instagram(meta.direct("m4", "\x00\ud800 nol")),
    meta.instagram(meta.direct("m5", "a" * 300_000)),
    meta.instagram(meta.direct("m6", attachments=[None, 7, {"type": []}, {"type": "image", "payload": "x"}])),
    meta.instagram({"field": "comments", "value": None}, kind="changes"),
]  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE)
def test_nothing_is_an_error_and_what_follows_is_read(instagram: Any, said: Any) -> None:
    meta.came(said, meta.instagram(meta.direct("after", LAMP, sender="555")))
    assert ChatMessage.objects.filter(text=LAMP).exists()
    assert HookCall.objects.exclude(state="NEW").count() == 2
    assert not Job.dead().exists()


def test_what_the_database_refuses_is_kept_and_what_follows_is_read(instagram: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    take = conversations.take

    def refused(fact: Any, *rest: Any) -> ChatMessage | None:
        if getattr(fact, "id", "") == "bad":
            raise DataError("out of range")
        return take(fact, *rest)

    monkeypatch.setattr(conversations, "take", refused)
    meta.came(meta.instagram(meta.direct("bad", "Tidak muat.")), meta.instagram(meta.direct("after", LAMP, sender="555")))
    assert said() == [("text", LAMP)]
    assert list(HookCall.objects.order_by("pk").values_list("state", flat=True)) == ["BROKEN", "READ"]


def test_a_call_and_what_follows_from_it_are_one(instagram: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed before the photo was asked for, it is read again: the link lives for minutes, and nobody else knows of it."""
    photo = {"type": "image", "payload": {"url": "https://lookaside.fbsbx.com/x"}}
    with monkeypatch.context() as killed:
        killed.setattr(tasks, "_have_fetched", lambda messages: sys.exit())
        meta.call(meta.instagram(meta.direct("m1", "", attachments=[photo])))
        with pytest.raises(SystemExit):
            tasks.read_new.func()
    assert HookCall.objects.get().state == "NEW"
    assert not ChatMessage.objects.exists()
    tasks.read_new.func()
    assert Job.objects.filter(task__endswith="fetch_media").count() == 1


def test_words_about_the_officer_do_not_wait_where_the_officer_reads(cast: Cast, instagram: Any) -> None:
    meta.came(
        meta.instagram(meta.direct("m1", "Halo min")),
        meta.instagram(meta.direct("m2", "Bu Sari Wulandari minta uang 50 ribu untuk surat.", at=meta.AT + 9)),
    )
    complaint = Complaint.for_system("test").get()
    assert (complaint.channel, complaint.text) == ("instagram", "Halo min\nBu Sari Wulandari minta uang 50 ribu untuk surat.")
    assert Conversation.objects.get().complaint == complaint
    assert not Complaint.visible_to(cast.sari).exists()
    assert ChatMessage.objects.filter(complaint=complaint, ours=False).count() == 2


def test_in_an_open_complaints_conversation_they_shut_out_whom_they_speak_of(cast: Cast, instagram: Any) -> None:
    complaint = make.received(cast)
    meta.came(meta.instagram(meta.direct("m1", "Halo")))
    Conversation.objects.update(complaint=complaint)
    meta.came(meta.instagram(meta.direct("m2", "Ternyata Bu Sari Wulandari yang minta uang.")))
    assert ShutOut.objects.filter(complaint=complaint, user=cast.sari).exists()
    actions.withdraw(complaint, text="Sudah.", by=None)
    meta.came(meta.instagram(meta.direct("m3", "Sari Wulandari masih minta uang terus.")))
    assert Conversation.objects.get().complaint != complaint
