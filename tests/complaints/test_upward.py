"""The way upward: what goes to an agency and what stays, asking again, answers by link and by mail, plans whose month has come."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from kentongan import worker
from kentongan.channels.email import compose
from kentongan.channels.models import IncomingMessage, OutgoingMessage
from kentongan.complaints import actions, duties, plans, referrals, reminders
from kentongan.complaints.lifecycle import NotAllowed, NotYours, State
from kentongan.complaints.models import Complaint, Event, Outcome, Referral
from kentongan.village.models import Agency, User
from tests import letters, make
from tests.cast import Cast, build
from tests.channels.test_notify import tell, told

SAID = "Saya Karto Wiryo, Jalan Melati 4. Kabel listrik putus di depan rumah, hubungi 0851-4118-2163 atau karto@example.com."


def sent(cast: Cast, text: str = SAID, *, by_mail: bool = False, **how: object) -> Referral:
    """A complaint that was just referred."""
    if by_mail:
        cast.agency.email = "layanan@pupr.example"
        cast.agency.save()
    row = make.complaint(cast, State.VERIFIED, text)
    actions.refer(row, agency=cast.agency, text="Mohon diperbaiki.", by=cast.sari, **how)  # type: ignore[arg-type]
    return Referral.objects.select_related("agency", "complaint__complainant").get(complaint=row)


def test_a_referral_has_a_letter_number_a_day_and_a_link(cast: Cast) -> None:
    first, second = sent(cast), sent(cast, "Jalan kabupaten berlubang besar di dekat pasar.", due_on=date(2031, 5, 6))
    assert first.letter_number.startswith("490/001/")
    assert second.letter_number.startswith("490/002/")
    assert first.due_on is not None
    assert first.due_on > timezone.localdate() + timedelta(days=cast.agency.answers_in)
    assert second.due_on == date(2031, 5, 6)
    code = referrals.code_of(first)
    assert len(code) == 26
    assert referrals.by_code(code.lower(), cast.village) == first
    assert referrals.by_code(code, cast.neighbour) is None
    assert code.encode() not in bytes(first.token_digest or b"")


def test_without_consent_nothing_in_the_text_tells_who_complains(cast: Cast) -> None:
    text = referrals.text_for(sent(cast))
    for told_off in ("Karto", "Melati", "0851", "karto@"):
        assert told_off not in text
    assert "Kabel listrik putus" in text
    assert referrals.text_for(sent(cast, SAID + " ", with_identity=True)) == SAID


def test_a_hidden_identity_stays_whatever_is_ticked(cast: Cast) -> None:
    row = make.complaint(cast, State.VERIFIED, SAID, identity_hidden=True)
    actions.refer(row, agency=cast.agency, text="Mohon.", by=cast.sari, with_identity=True)
    referral = Referral.objects.get(complaint=row)
    assert not referral.with_identity
    assert "tidak kami sertakan" in referrals.who(referral)


def test_asked_again_it_is_counted_and_a_new_link_closes_the_old_one(cast: Cast) -> None:
    referral = sent(cast)
    row, old = referral.complaint, referrals.code_of(referral)
    actions.chase(row, text="Mohon jawaban.", by=cast.sari)
    assert referrals.by_code(old, cast.village) is not None
    actions.chase(row, text="Mohon jawaban lagi.", by=cast.sari, new_link=True, outside_number="PLN-77")
    referral.refresh_from_db()
    assert (referral.chased, referral.outside_number) == (2, "PLN-77")
    assert referrals.by_code(old, cast.village) is None
    assert referrals.by_code(referrals.code_of(referral), cast.village) == referral
    with pytest.raises(NotYours):
        actions.chase(row, text="Saya.", by=cast.lastri)
    tell()
    assert told(row, "chased") == set(), "the one who asked is not told"


def test_an_answer_ends_the_link_and_there_is_nothing_left_to_chase(cast: Cast) -> None:
    referral = sent(cast)
    row, code = referral.complaint, referrals.code_of(referral)
    actions.record_referral_answer(row, text="Besok diperbaiki.", referral=referral, by=None, via="link")
    assert referrals.by_code(code, cast.village) is None
    with pytest.raises(NotAllowed):
        actions.record_referral_answer(row, text="Lagi.", referral=referral, by=None, via="link")
    with pytest.raises(NotAllowed):
        actions.chase(row, text="Mohon.", by=cast.sari)


def test_a_link_runs_out_after_sixty_days_and_the_next_chase_renews_it(cast: Cast) -> None:
    referral = sent(cast)
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=False):
        assert referrals.by_code(referrals.code_of(referral), cast.village) is None
        actions.chase(referral.complaint, text="Mohon.", by=cast.sari)
        referral.refresh_from_db()
        assert referrals.by_code(referrals.code_of(referral), cast.village) == referral


@pytest.mark.parametrize("waits", [0, 1])
def test_whether_the_clock_waits_is_the_villages_to_say(cast: Cast, waits: int) -> None:
    cast.village.clocks = cast.village.clocks | {referrals.CLOCK_WAITS: waits}
    cast.village.save()
    row = Complaint.for_system("test").get(pk=sent(cast).complaint_id)
    assert row.is_paused == bool(waits)
    assert actions.start(row, by=cast.sari).state == State.IN_PROGRESS


# --- by mail -------------------------------------------------------------------------------------------------------------


def to_agency() -> list[OutgoingMessage]:
    return list(OutgoingMessage.objects.filter(channel="email", address="layanan@pupr.example").order_by("pk"))


def test_the_agency_gets_a_letter_with_its_code_and_no_name(cast: Cast) -> None:
    box = letters.mailbox(cast.village)
    referral = sent(cast, by_mail=True)
    actions.chase(referral.complaint, text="Sudah sampai mana?", by=cast.sari)
    letters.goes_out(cast.village)
    first, again = to_agency()
    assert (first.kind, again.kind) == ("referral", "chase")
    assert "Mohon diperbaiki." in first.text
    assert referral.letter_number in first.text
    assert "Identitas pengadu tidak kami sertakan." in first.text
    assert referrals.code_of(referral)[:4] in first.text
    assert referral.complaint.code[:4] not in first.text
    assert "Sudah sampai mana?" in again.text
    for letter in (first, again):
        whole = compose.mime(letter, box).as_string()
        assert "Karto" not in whole
        assert "karto@" not in whole


def test_with_consent_the_letter_says_who_complains(cast: Cast) -> None:
    letters.mailbox(cast.village)
    sent(cast, by_mail=True, with_identity=True)
    letters.goes_out(cast.village)
    assert "Karto Wiryo" in to_agency()[0].text


def test_the_agencys_reply_is_its_answer(cast: Cast) -> None:
    letters.mailbox(cast.village)
    referral = sent(cast, by_mail=True)
    letters.goes_out(cast.village)
    raw = letters.written("Regu kami datang besok.", sender="PUPR <Layanan@pupr.example>", answers=to_agency()[0])
    came = letters.arrives(cast.village, raw)
    referral.refresh_from_db()
    assert (came.state, came.complaint) == (IncomingMessage.State.JOINED, referral.complaint)
    assert "Regu kami datang besok." in referral.answer
    event = Event.for_system("test").get(complaint=referral.complaint, kind="referral_answered")
    assert (event.via, event.by) == ("email", None)
    second = letters.written("Satu hal lagi.", sender="layanan@pupr.example", answers=to_agency()[0])
    assert letters.arrives(cast.village, second).state == IncomingMessage.State.QUARANTINED, "the officer reads what comes later"


def test_a_letter_that_did_not_reach_the_agency_is_no_failed_answer(cast: Cast) -> None:
    row = sent(cast).complaint
    actions.undelivered(row, what="referral", reason="refused")
    assert not row.deliveries.exists()


# --- plans ---------------------------------------------------------------------------------------------------------------


def planned(cast: Cast, year: int, month: int) -> Complaint:
    row = make.complaint(cast, State.IN_PROGRESS)
    actions.draft_response(
        row, text="Direncanakan.", outcome="PLANNED", planned_for=plans.written("APBDes", year, month), by=cast.joko
    )
    actions.approve_response(row, by=cast.lastri)
    actions.approve_response(row, by=cast.harun)
    return actions.respond(row, deliveries=[actions.Delivered("Pengadu", "phone")], by=cast.sari)


def test_what_is_planned_needs_its_month(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    for words in ("", "tahun depan", "APBDes 2027", "Dana 2027, Juni"):
        with pytest.raises(ValueError, match="which month"):
            actions.draft_response(row, text="Nanti.", outcome="PLANNED", planned_for=words, by=cast.joko)
    assert plans.parts("RKPDes 2027, Juni") == ("RKPDes", 2027, 6)


def test_when_the_month_comes_the_village_is_asked_once(cast: Cast) -> None:
    year = timezone.localdate().year + 1
    row = planned(cast, year, 6)
    assert row.planned_on == date(year, 6, 1)
    duties.ask_about_plans.func()
    assert not row.events.filter(kind="plan_due").exists()
    with time_machine.travel(timezone.now() + timedelta(days=600), tick=False):
        actions.close(row, by=None)
        duties.ask_about_plans.func()
        duties.ask_about_plans.func()
        assert row.events.filter(kind="plan_due").count() == 1
        tell()
        assert told(row, "plan_due") == {"sari", "harun"}
        with pytest.raises(NotAllowed):
            actions.ask_about_plan(row)


def test_what_was_settled_after_all_is_not_asked_about(cast: Cast) -> None:
    row = planned(cast, timezone.localdate().year - 1, 1)
    actions.close(row, by=cast.sari, outcome=Outcome.RESOLVED)
    duties.ask_about_plans.func()
    assert not row.events.filter(kind="plan_due").exists()
    assert actions.reopen(row, text="Belum.", by=cast.sari).planned_on is None


@pytest.mark.django_db(transaction=True)
def test_the_worker_asks_in_the_morning_and_the_head_finds_it_on_his_page() -> None:
    cast = build()
    row, later = (planned(cast, timezone.localdate().year + 1, month) for month in (6, 11))
    worker.run(once=True)  # a duty never seen before only starts to count
    noon = timezone.make_aware(datetime(timezone.localdate().year + 1, 6, 1, 12))
    with time_machine.travel(noon, tick=False):
        worker.run(once=True)
        worker.run(once=True)
        assert told(row, "plan_due") == {"sari", "harun"}
        assert not later.events.filter(kind="plan_due").exists()
        head = Client()
        head.force_login(cast.harun)
        shown = head.get("/meja/").content.decode().partition('id="planned"')[2].partition("</section>")[0]
        assert shown.index(row.number) < shown.index('class="flag"') < shown.index(later.number)
        assert shown.count('class="flag"') == 1
        assert row.number in head.get("/meja/pemberitahuan/").content.decode()


def test_a_plan_about_the_head_is_asked_of_the_council_and_stands_on_no_page_of_his(cast: Cast) -> None:
    row = planned(cast, timezone.localdate().year - 1, 1)
    actions.name(row, officials=[cast.harun], by=cast.sari)
    duties.ask_about_plans.func()
    tell()
    assert told(row, "plan_due") == {"sari", "nining"}
    head = Client()
    head.force_login(cast.harun)
    assert row.number not in head.get("/meja/").content.decode()


def test_only_the_agency_that_has_it_now_is_late_and_asked_again(cast: Cast, client_of: Callable[[User | None], Client]) -> None:
    """Two referrals, the first taken back without an answer."""
    row, over = make.complaint(cast, State.REFERRED), timezone.localdate() - timedelta(days=3)
    actions.start(row, by=cast.sari)
    second = Agency.objects.create(village=cast.village, name="PLN ULP Cilacap")
    actions.refer(row, agency=second, text="Mohon.", by=cast.sari)
    row.referrals.exclude(agency=second).update(due_on=over)
    reminders.sweep()
    assert not row.events.filter(kind="agency_late").exists()
    board = client_of(cast.sari).get("/meja/papan/").content.decode()
    assert "PLN ULP Cilacap" in board
    assert cast.agency.name not in board
    row.referrals.update(due_on=over)
    reminders.sweep()
    assert [event.data["agency"] for event in row.events.filter(kind="agency_late")] == [second.name]
    actions.record_referral_answer(row, text="Sudah.", by=cast.sari)
    with pytest.raises(NotAllowed):
        actions.chase(row, text="Mohon jawaban.", by=cast.sari)
