"""Conversations at the desk: who reads them, and what becomes of what was said."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from kentongan import worker
from kentongan.channels import notify
from kentongan.channels.base import Contact
from kentongan.channels.meta.troubles import TROUBLES
from kentongan.channels.models import ChatAccount, ChatMessage, Conversation
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import Membership, User
from tests import make, meta
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]
LAMP = "Lampu jalan di RT 03 mati sejak seminggu, gelap sekali."


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    """Siti has greeted on WhatsApp and said what is wrong."""
    meta.account(cast, "whatsapp")
    meta.came(meta.whatsapp(meta.written("w1", "Assalamualaikum"), meta.written("w2", LAMP, at=meta.AT + 60)), channel="whatsapp")
    return Conversation.objects.get()


@pytest.fixture
def fresh(cast: Cast, chat: Conversation) -> Conversation:
    """The same, written just now."""
    Conversation.objects.update(window_at=timezone.now() - timedelta(minutes=5))
    return chat


def page(client: Client, name: str, *arguments: Any) -> str:
    return client.get(reverse(f"desk:{name}", args=arguments)).content.decode()


def form_of(client: Client, chat: Conversation) -> dict[str, Any]:
    form = client.get(reverse("desk:new"), {"percakapan": chat.pk}).context["form"]
    return {
        name: "" if form[name].value() is None else form[name].value()
        for name in form.fields
        if name not in {"files", "named", "identity_hidden", "confidential"}
    }


def enter(client: Client, chat: Conversation, **changes: Any) -> Any:
    values = form_of(client, chat)
    values["received_day"], values["received_time"] = (
        values["received_day"].isoformat(),
        values["received_time"].strftime("%H:%M"),
    )
    return client.post(reverse("desk:new"), values | changes)


def test_a_conversation_waits_at_the_desk_until_somebody_deals_with_it(
    cast: Cast, client_of: ClientOf, chat: Conversation
) -> None:
    sari = client_of(cast.sari)
    assert "Siti" in page(sari, "chats")
    assert LAMP in page(sari, "chats")
    assert re.search(r'/meja/pesan/"[^>]*>.*?badge quiet">1<', page(sari, "list"))
    assert sari.post(reverse("desk:chat_done", args=[chat.pk]), {"until": ChatMessage.objects.latest("pk").pk}).status_code == 302
    assert "Siti" not in page(sari, "chats")
    assert "Siti" in sari.get(reverse("desk:chats"), {"semua": ""}).content.decode()


def test_what_came_meanwhile_still_waits(cast: Cast, client_of: ClientOf, chat: Conversation) -> None:
    read = ChatMessage.objects.latest("pk").pk
    meta.came(meta.whatsapp(meta.written("w3", "Satu lagi, Bu", at=meta.AT + 90)), channel="whatsapp")
    client_of(cast.sari).post(reverse("desk:chat_done", args=[chat.pk]), {"until": read})
    chat.refresh_from_db()
    assert chat.waits


def test_it_becomes_a_complaint_with_its_words_its_channel_and_who_wrote(
    cast: Cast, client_of: ClientOf, chat: Conversation
) -> None:
    sari = client_of(cast.sari)
    answer = enter(sari, chat)
    complaint = Complaint.for_system("test").get()
    assert answer.headers["Location"] == reverse("desk:receipt", args=[complaint.number])
    assert (complaint.channel, complaint.text) == ("whatsapp", f"Assalamualaikum\n{LAMP}")
    assert complaint.complainant is not None
    assert (complaint.complainant.name, complaint.complainant.phone) == ("Siti", "+6281234567890")
    chat.refresh_from_db()
    assert (chat.complaint, chat.waits) == (complaint, False)
    assert set(ChatMessage.objects.values_list("complaint", flat=True)) == {complaint.pk}


def test_sent_twice_it_is_one_complaint(cast: Cast, client_of: ClientOf, chat: Conversation) -> None:
    sari = client_of(cast.sari)
    token = form_of(sari, chat)["token"]
    assert [enter(sari, chat, token=token).status_code for _ in range(1)] == [302]
    again = form_of(sari, chat) | {"token": token, "text": LAMP, "received_day": "", "received_time": ""}
    assert sari.post(reverse("desk:new"), again).status_code == 302
    assert Complaint.for_system("test").count() == 1


def test_what_is_said_later_joins_the_open_complaint_by_one_click(cast: Cast, client_of: ClientOf, chat: Conversation) -> None:
    sari = client_of(cast.sari)
    enter(sari, chat)
    meta.came(meta.whatsapp(meta.written("w3", "Tiangnya juga miring, Bu.", at=meta.AT + 90)), channel="whatsapp")
    complaint = Complaint.for_system("test").get()
    body = page(sari, "chat", chat.pk)
    assert f'value="{complaint.pk}"' in body
    until = int(re.findall(r'name="until" value="(\d+)"', body)[0])
    for _ in range(2):
        assert (
            sari.post(reverse("desk:chat_join", args=[chat.pk]), {"complaint": complaint.pk, "until": until}).status_code == 302
        )
    added = complaint.events.get(kind="added")
    assert (added.data["text"], added.via) == ("Tiangnya juga miring, Bu.", "whatsapp")
    chat.refresh_from_db()
    assert not chat.waits


def test_a_complaint_of_the_same_number_is_offered_and_no_other(cast: Cast, client_of: ClientOf, chat: Conversation) -> None:
    same = make.received(cast, sender=Contact("Siti Aminah", "+6281234567890"))
    ended = make.complaint(cast, State.WITHDRAWN, sender=Contact("Siti Aminah", "+6281234567890"))
    other = make.received(cast)
    hidden = make.received(cast, sender=Contact("Siti Aminah", "+6281234567890"), named=(cast.sari.pk,))
    sari = client_of(cast.sari)
    found = [
        complaint
        for complaint in (same, ended, other, hidden)
        if f'name="complaint" value="{complaint.pk}"' in page(sari, "chat", chat.pk)
    ]
    assert found == [same]
    for wrong in (ended, other, hidden):
        sari.post(reverse("desk:chat_join", args=[chat.pk]), {"complaint": wrong.pk, "until": 10**9})
        assert not wrong.events.filter(kind="added").exists()


def test_a_conversation_about_the_officer_is_read_by_who_stands_in(cast: Cast, client_of: ClientOf, chat: Conversation) -> None:
    meta.came(meta.whatsapp(meta.written("w3", "Bu Sari Wulandari minta uang 50 ribu.", at=meta.AT + 90)), channel="whatsapp")
    sari, lastri = client_of(cast.sari), client_of(cast.lastri)
    assert sari.get(reverse("desk:chat", args=[chat.pk])).status_code == 404
    assert "Siti" not in sari.get(reverse("desk:chats"), {"semua": ""}).content.decode()
    assert "50 ribu" in page(lastri, "chat", chat.pk)
    meta.came(meta.whatsapp(meta.written("w4", "Uangnya sudah saya bayar kemarin.", at=meta.AT + 99)), channel="whatsapp")
    complaint = Complaint.for_system("test").get()
    assert (
        complaint.events.get(kind="added").data["text"] == "Uangnya sudah saya bayar kemarin."
    )  # nobody at the inbox would see it
    assert client_of(cast.joko).get(reverse("desk:chat", args=[chat.pk])).status_code == 404


def test_words_of_a_hidden_complaint_stay_hidden_when_the_talk_goes_on_elsewhere(
    cast: Cast, client_of: ClientOf, chat: Conversation
) -> None:
    meta.came(meta.whatsapp(meta.written("w3", "Bu Sari Wulandari minta uang 50 ribu.", at=meta.AT + 90)), channel="whatsapp")
    first = Complaint.for_system("test").get()
    second = make.received(cast, sender=Contact("Siti", "+6281234567890"))
    ChatMessage.objects.filter(external_id="w1").update(complaint=None)
    Conversation.objects.update(complaint=second)
    body = page(client_of(cast.sari), "chat", chat.pk)
    assert "Assalamualaikum" in body
    assert "50 ribu" not in body
    assert first.number not in body


def test_when_nobody_is_officer_the_secretary_reads(cast: Cast, client_of: ClientOf, chat: Conversation) -> None:
    Membership.objects.filter(user=cast.sari).delete()
    assert "Siti" in page(client_of(cast.lastri), "chats")


def test_what_was_taken_back_is_not_shown_and_not_entered(cast: Cast, client_of: ClientOf) -> None:
    meta.account(cast)
    meta.came(meta.instagram(meta.direct("m1", LAMP), meta.direct("m2", "Nomor KTP saya 3301", at=meta.AT + 5)))
    meta.came(meta.instagram(meta.direct("m2", is_deleted=True, at=meta.AT + 9)))
    chat = Conversation.objects.get()
    sari = client_of(cast.sari)
    assert "3301" not in page(sari, "chat", chat.pk) + page(sari, "chats")
    assert form_of(sari, chat)["text"] == LAMP


def test_the_form_of_a_conversation_is_for_who_may_read_it(cast: Cast, client_of: ClientOf, chat: Conversation) -> None:
    other = client_of(cast.rini)
    assert other.get(reverse("desk:new"), {"percakapan": chat.pk}).status_code == 404
    assert other.get(reverse("desk:new"), {"percakapan": "x"}).status_code == 404
    values = {"text": LAMP, "channel": "whatsapp", "chat": chat.pk, "until": 10**9, "token": "t"}
    assert other.post(reverse("desk:new"), values).status_code == 422  # no such door for her
    assert not Complaint.for_system("test").exists()


# --- answering -------------------------------------------------------------------------------------------------------


def reply(client: Client, chat: Conversation, text: str = "Terima kasih, besok kami periksa.", **changes: Any) -> Any:
    form = client.get(reverse("desk:chat", args=[chat.pk])).context["form"]
    values = {"text": text, "token": form["token"].value(), "until": form["until"].value()} | changes
    return client.post(reverse("desk:chat_reply", args=[chat.pk]), values)


def test_the_answer_is_written_from_the_same_screen_and_the_talk_is_dealt_with(
    cast: Cast, client_of: ClientOf, fresh: Conversation
) -> None:
    sari = client_of(cast.sari)
    assert re.search(r"\b23\b", page(sari, "chat", fresh.pk))
    assert reply(sari, fresh, token="t").status_code == 302
    assert reply(sari, fresh, token="t").status_code == 302
    row = ChatMessage.objects.get(ours=True)
    assert (row.text, row.state, row.by) == ("Terima kasih, besok kami periksa.", "WAITING", cast.sari.standing.label)
    fresh.refresh_from_db()
    assert not fresh.waits
    assert "Terima kasih, besok" in page(sari, "chat", fresh.pk)


def test_when_the_time_ran_out_it_is_said_and_the_answer_waits(cast: Cast, client_of: ClientOf, fresh: Conversation) -> None:
    Conversation.objects.update(window_at=timezone.now() - timedelta(hours=30))
    sari = client_of(cast.sari)
    assert "note wait" in page(sari, "chat", fresh.pk)
    assert reply(sari, fresh).status_code == 302
    worker.run(once=True)
    assert ChatMessage.objects.get(ours=True).state == "SHUT"


@pytest.mark.parametrize("changes", [{"text": " "}, {"text": "x" * 9000}, {"token": ""}, {"until": "x"}, {"token": "x" * 80}])
def test_an_answer_that_cannot_be_sent_is_refused_in_words(
    cast: Cast, client_of: ClientOf, fresh: Conversation, changes: dict[str, str]
) -> None:
    assert reply(client_of(cast.sari), fresh, **changes).status_code == 422
    assert not ChatMessage.objects.filter(ours=True).exists()


def test_an_answer_belongs_behind_the_wall_of_its_complaint(cast: Cast, client_of: ClientOf, fresh: Conversation) -> None:
    meta.came(
        meta.whatsapp(meta.written("w9", "Bu Sari Wulandari minta uang 50 ribu.", at=int(timezone.now().timestamp()))),
        channel="whatsapp",
    )
    assert reply(client_of(cast.lastri), fresh, "Baik, kami periksa.").status_code == 302
    assert ChatMessage.objects.exclude(by="").get().complaint == Complaint.for_system("test").get()
    answer = client_of(cast.sari).post(reverse("desk:chat_reply", args=[fresh.pk]), {"text": "x", "token": "t", "until": 0})
    assert answer.status_code == 404


def test_without_an_account_in_use_nothing_can_be_sent(cast: Cast, client_of: ClientOf, fresh: Conversation) -> None:
    ChatAccount.objects.update(active=False)
    body = page(client_of(cast.sari), "chat", fresh.pk)
    assert reverse("desk:chat_reply", args=[fresh.pk]) not in body


def test_a_comment_is_shown_and_not_answered_here(cast: Cast, client_of: ClientOf) -> None:
    meta.account(cast)
    value = {"id": "c1", "from": {"id": "77777", "username": "budi"}, "text": "Kapan diperbaiki?", "media": {"id": "1"}}
    meta.came(meta.instagram({"field": "comments", "value": value}, kind="changes"))
    chat, sari = Conversation.objects.get(), client_of(cast.sari)
    assert "Kapan diperbaiki?" in page(sari, "chat", chat.pk)
    assert reply(sari, chat).status_code == 422


# --- what becomes of the complaint is told there -----------------------------------------------------------------------


def test_the_number_and_the_answer_go_back_by_the_channel_it_came_by(
    cast: Cast, client_of: ClientOf, fresh: Conversation
) -> None:
    sari = client_of(cast.sari)
    enter(sari, fresh)
    complaint = Complaint.for_system("test").get()
    notify.dispatch_pending()
    told = ChatMessage.objects.get(ours=True)
    assert complaint.printed_number(cast.village) in told.text
    assert (told.state, told.complaint) == ("WAITING", complaint)
    for step in make.PATHS[State.RESPONDED]:
        complaint = make.STEPS[step](cast, complaint)
    notify.dispatch_pending()
    assert "Lubang sudah ditambal." in ChatMessage.objects.filter(ours=True).latest("pk").text
    assert reverse("desk:chat", args=[fresh.pk]) in page(sari, "complaint", complaint.number)
    assert reverse("desk:chat", args=[fresh.pk]) not in page(client_of(cast.joko), "complaint", complaint.number)


def test_an_answer_that_waits_is_said_on_the_complaints_page(cast: Cast, client_of: ClientOf, fresh: Conversation) -> None:
    sari = client_of(cast.sari)
    enter(sari, fresh)
    Conversation.objects.update(window_at=timezone.now() - timedelta(hours=30))
    worker.run(once=True)
    assert ChatMessage.objects.get(ours=True).state == "SHUT"
    number = Complaint.for_system("test").get().number
    assert escape(str(TROUBLES["window"].title)) in page(sari, "complaint", number)


def test_nothing_is_told_of_one_complaint_behind_the_wall_of_another(
    cast: Cast, client_of: ClientOf, fresh: Conversation
) -> None:
    sari = client_of(cast.sari)
    enter(sari, fresh)
    first = Complaint.for_system("test").get()
    Conversation.objects.update(complaint=make.received(cast))
    notify.dispatch_pending()
    assert set(ChatMessage.objects.filter(ours=True).values_list("complaint", flat=True)) == {first.pk}


def test_of_a_complaint_kept_from_its_reader_not_even_the_list_tells(
    cast: Cast, client_of: ClientOf, fresh: Conversation
) -> None:
    meta.came(meta.whatsapp(meta.written("w3", "Bu Sari Wulandari minta uang.", at=meta.AT + 90)), channel="whatsapp")
    hidden = Complaint.for_system("test").get()
    second = make.received(cast, sender=Contact("Siti", "+6281234567890"), channel="whatsapp")
    Conversation.objects.update(complaint=second)
    fresh.refresh_from_db()
    before = fresh.last_at
    actions.message(hidden, text="Kami periksa diam-diam.", by=cast.lastri)
    worker.run(once=True)
    fresh.refresh_from_db()
    assert ChatMessage.objects.filter(text__contains="diam-diam", complaint=hidden).exists()
    sari = client_of(cast.sari)
    seen = sari.get(reverse("desk:chats"), {"semua": ""}).content.decode() + page(sari, "chat", fresh.pk)
    assert "Siti" in seen
    assert not [word for word in ("diam-diam", "minta uang", hidden.number) if word in seen]
    assert fresh.last_at == before
    Conversation.objects.update(complaint=hidden)
    assert reverse("desk:chat", args=[fresh.pk]) not in page(sari, "complaint", second.number)
