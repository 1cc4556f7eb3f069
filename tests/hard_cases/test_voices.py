"""Hard cases H7–H13, H19 and H24: how people write and speak, and what the desk makes of it."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.test import Client
from pypdf import PdfReader

from kentongan.channels import intake
from kentongan.channels.base import Contact
from kentongan.channels.models import IncomingMessage
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.complaints.search import matching
from kentongan.lib.files import cleaned
from kentongan.village.models import Agency, User
from tests import make
from tests.cast import Cast
from tests.hard_cases import texts
from tests.lib.test_files import picture
from tests.web.public.test_file import typed

Clients = Callable[[User | None], Client]
VOICE = b"OggS\x00\x02" + bytes(22) + b"OpusHead" + bytes(64)


def found(cast: Cast, words: str) -> set[Complaint]:
    return set(matching(Complaint.visible_to(cast.sari), words))


def opened(row: Complaint) -> str:
    client = Client()
    client.post("/lacak/", {"code": row.code})
    return client.get("/lacak/pengaduan/").content.decode()


def test_two_matters_in_one_message_get_two_numbers_two_units_and_two_clocks(cast: Cast) -> None:
    """H7."""
    road = make.received(cast, texts.TWO_MATTERS)
    aid = actions.split(road, text="BLT ibu saya kok belum cair ya?", subject="BLT belum cair", by=cast.sari)
    actions.verify(road, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
    actions.verify(aid, category=cast.question, kind="INFORMATION", urgency="NORMAL", by=cast.sari)
    actions.assign(road, to=[cast.joko], instruction="Jalan.", by=cast.sari)
    actions.assign(aid, to=[cast.wati], instruction="BLT.", by=cast.sari)
    road, aid = (Complaint.for_system("test").get(pk=row.pk) for row in (road, aid))
    assert (road.number != aid.number, aid.split_from, aid.complainant) == (True, road, road.complainant)
    assert [row.unit for row in road.assignments.all()] != [row.unit for row in aid.assignments.all()]
    assert road.due_at is not None
    assert aid.due_at is not None
    assert aid.due_at < road.due_at, "a question is answered sooner than a complaint"
    assert road.text == texts.TWO_MATTERS, "what was said stays as it was said"


def test_a_road_in_banyumasan_is_found_as_a_road(cast: Cast, client: Client) -> None:
    """H8: entered without a complaint about the language, and found by the Indonesian words."""
    assert client.post("/adukan/", typed(cast, client, text=texts.ROAD_IN_BANYUMASAN)).status_code == 303
    (row,) = Complaint.for_system("test")
    assert row.text == texts.ROAD_IN_BANYUMASAN
    assert found(cast, "jalan rusak") == found(cast, "depan rumah") == found(cast, "dalan") == {row}
    assert actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari).category == cast.road


def test_water_in_banyumasan_is_an_emergency_and_pak_lurah_is_the_village_head(cast: Cast) -> None:
    """H9: the head is only spoken to; once the officer has read it, he sees it like any other."""
    row = make.received(cast, texts.WATER_IN_BANYUMASAN)
    assert found(cast, "air mati") == {row}
    assert not Complaint.visible_to(cast.harun).exists(), "shut out until somebody has read it"
    row = actions.verify(row, category=cast.aid, kind="COMPLAINT", urgency="EMERGENCY", by=cast.sari)
    assert Complaint.visible_to(cast.harun).get() == row
    assert row.urgency == "EMERGENCY"


def test_message_slang_is_kept_and_found_by_the_words_it_means(cast: Cast) -> None:
    """H10: the standard words stand beside the written ones. That a child was hurt the officer reads; no machine ranks it."""
    row = make.received(cast, texts.SLANG)
    assert row.text == texts.SLANG
    assert found(cast, "jalan rumah rusak parah") == found(cast, "kemarin anak") == {row}
    assert actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="HIGH", by=cast.sari).urgency == "HIGH"


def test_emoji_stay_byte_for_byte_from_the_form_to_the_page_and_the_printed_book(
    cast: Cast, client: Client, client_of: Clients
) -> None:
    """H11."""
    assert client.post("/adukan/", typed(cast, client, text=texts.EMOJI)).status_code == 303
    (row,) = Complaint.for_system("test")
    assert row.text.encode() == texts.EMOJI.encode()
    assert texts.EMOJI in opened(row)
    sari = client_of(cast.sari)
    assert texts.EMOJI in sari.get(f"/meja/{row.number}/").content.decode()
    book = sari.get("/buku/buku.pdf")
    assert book.status_code == 200
    content = b"".join(book.streaming_content) if book.streaming else book.content
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert printed.count("😡") >= 2
    assert printed.count("🙏") >= 2


def test_a_greeting_waits_for_a_person_and_takes_no_number(cast: Cast, client: Client) -> None:
    """H12: whoever wrote it is told what is missing, nothing is dropped, and the next complaint is number 1."""
    for text in ("test", "p", "assalamualaikum", "👍"):
        answer = client.post("/adukan/", typed(cast, client, text=text), follow=True)
        assert "belum mendapat nomor" in answer.content.decode()
        assert "apa yang terjadi, di mana, dan sejak kapan" in answer.content.decode()
        intake.accept(make.incoming(cast, text, channel="phone"), village=cast.village)
    assert not Complaint.for_system("test").exists()
    assert IncomingMessage.objects.filter(state="QUARANTINED", reason="NO_OBJECT").count() >= 4
    assert make.received(cast).serial == 1


def test_a_voice_note_is_written_down_by_the_officer_and_kept_with_it(cast: Cast) -> None:
    """H13."""
    note = actions.NewFile("suara.ogg", cleaned(VOICE))
    spoken = make.incoming(cast, "Kata pengadu: talud di belakang SD longsor.", channel="walk_in")
    row = intake.accept(replace(spoken, attachments=(note,)), village=cast.village, by=cast.sari).complaint
    assert row is not None
    assert row.attachments.get().mime == "audio/ogg"
    row = actions.ask(row, text="Apakah benar yang dimaksud talud belakang SD?", by=cast.sari)
    assert row.state == State.AWAITING_COMPLAINANT


def test_a_photo_without_words_waits_with_its_photo(cast: Cast) -> None:
    """H13: the web form asks for a sentence; by other doors it waits for the officer, who gives it its subject."""
    photo = actions.NewFile("IMG_1.jpg", cleaned(picture()))
    waiting = intake.accept(replace(make.incoming(cast, ""), attachments=(photo,)), village=cast.village).message
    assert waiting.reason == "NO_OBJECT"
    row = intake.release(waiting, by=cast.sari)
    row = actions.verify(
        row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", subject="Jembatan lapuk (foto)", by=cast.sari
    )
    assert row.attachments.count() == 1
    assert found(cast, "jembatan lapuk") == {row}


def test_who_cannot_write_or_hear_complains_at_the_counter_without_a_telephone(cast: Cast, client_of: Clients) -> None:
    """H19: the officer writes, reads it back, notes how they understood each other, and prints a slip to sign or thumb."""
    sari = client_of(cast.sari)
    entry = {
        "text": "Jalan ke makam gelap, lampu mati.",
        "channel": "walk_in",
        "name": "Mbah Suminah",
        "home": f"{cast.hamlet.pk}-001-003",
    }
    receipt = sari.post("/meja/baru/", entry)
    row = Complaint.for_system("test").get()
    assert receipt["Location"] == f"/meja/{row.number}/tanda-terima/"
    slip = sari.get(f"/meja/{row.number}/tanda-terima.pdf")
    assert slip.status_code == 200
    actions.note(row, text="Tuna rungu; dibacakan ulang lewat anaknya, cap jempol di lembar.", by=cast.sari)
    row = answered(cast, row, actions.Delivered("Mbah Suminah", "walk_in", note="Dibacakan di rumahnya."))
    assert row.state == State.RESPONDED


def answered(cast: Cast, row: Complaint, delivery: actions.Delivered) -> Complaint:
    actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
    actions.draft_response(row, text="Lampu diganti.", outcome="RESOLVED", by=cast.sari)
    actions.approve_response(row, by=cast.lastri)
    actions.approve_response(row, by=cast.harun)
    return actions.respond(row, deliveries=[delivery], by=cast.sari)


def test_a_complaint_meant_for_the_village_next_door_is_sent_on_and_never_seen_there_by_name_alone(cast: Cast) -> None:
    """H24: villages are told apart by code, not by name; the way is through the district, and the number stays here."""
    district = Agency.objects.create(village=cast.village, name="Kantor Kecamatan", above=True)
    row = make.received(cast, texts.WRONG_VILLAGE)
    row = actions.decline(row, reason="OUT_OF_SCOPE", text="Desa Sidamulya (33.01.02.2098).", agency=district, by=cast.sari)
    assert (row.village_id, row.decline_reason) == (cast.village.code, "OUT_OF_SCOPE")
    page = opened(row)
    assert "Desa Sidamulya (33.01.02.2098)." in page
    assert "Kantor Kecamatan" in page
    assert not Complaint.visible_to(cast.rini).exists()


def test_every_such_text_passes_the_front_door_without_a_word_lost(cast: Cast) -> None:
    """All of them, whoever they speak of; only the advertising waits for the officer."""
    everything: list[str] = [value for name, value in vars(texts).items() if name.isupper() and isinstance(value, str)]
    for text in everything:
        accepted: Any = intake.accept(make.incoming(cast, text, sender=Contact()), village=cast.village)
        kept = accepted.complaint.text if accepted.complaint else accepted.message.text
        assert kept == text
        assert (accepted.complaint is None) == (text == texts.SPAM)
