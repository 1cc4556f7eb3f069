"""Random people press random buttons. Whatever they do, the book stays whole and the wall stands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from kentongan.complaints import actions, ledger
from kentongan.complaints.access import Circle
from kentongan.complaints.lifecycle import ENDED, STEPS, NotAllowed, NotYours, State
from kentongan.complaints.models import Complaint, Event, LetterNumber, Meeting, Response, Tally
from kentongan.village.models import User
from kentongan.village.roles import Role
from tests import make, meet
from tests.cast import Cast

PEOPLE = ("officer", "secretary", "head", "responder", "liaison", "council", "admin", "no_post", "neighbour", "complainant")
TEXTS = (
    make.TEXT,
    "Pak Kades pakai mobil siaga.",
    "petugas pengaduan sering tidak ada",
    "Kasi Kesejahteraan dan Bu Sekdes minta uang",
)

Press = Callable[[Cast, Complaint, User | None, int], Any]
VERBS: dict[str, Press] = {
    "ask": lambda c, m, by, n: actions.ask(m, text="Di mana?", by=by),
    "complete": lambda c, m, by, n: actions.complete(m, text="Di RT 003.", by=by),
    "verify": lambda c, m, by, n: actions.verify(
        m,
        category=(c.road, c.aid, c.levy)[n % 3],
        kind="COMPLAINT",
        urgency="NORMAL",
        concerned=[c.joko] if n == 5 else [],
        by=by,
    ),
    "assign": lambda c, m, by, n: actions.assign(m, to=[(c.joko, c.wati, c.lastri)[n % 3]], instruction="Cek.", by=by),
    "reassign": lambda c, m, by, n: actions.reassign(m, to=[(c.wati, c.joko)[n % 2]], instruction="Ganti.", by=by),
    "start": lambda c, m, by, n: actions.start(m, by=by),
    "accept": lambda c, m, by, n: actions.accept(m, by=by),
    "hand_over": lambda c, m, by, n: actions.hand_over(
        m, to=(c.wati, c.joko, c.lastri)[n % 3], text="Lebih tahu." * (n % 2), by=by
    ),
    "give_back": lambda c, m, by, n: actions.give_back(m, text="Bukan bagian saya.", by=by),
    "answer_part": lambda c, m, by, n: actions.answer_part(m, text="Bagian saya selesai.", by=by),
    "add_task": lambda c, m, by, n: actions.add_task(m, what=["Cek lapangan"], who=(c.joko, None, c.sari)[n % 3], by=by),
    "finish_task": lambda c, m, by, n: actions.finish_task(m, task=open_task(m), by=by),
    "visit": lambda c, m, by, n: actions.visit(m, at=m.received_at, place="RT 003", text="Dilihat.", by=by),
    "convene": lambda c, m, by, n: actions.convene([m], plan=meet.plan(c.village), guests=meet.GUESTS, by=by),
    "record_minutes": lambda c, m, by, n: actions.record_minutes(meeting := meeting_of(c, m), record=meet.record(meeting), by=by),
    "refer": lambda c, m, by, n: actions.refer(m, agency=c.agency, text="Mohon.", by=by),
    "chase": lambda c, m, by, n: actions.chase(m, text="Sampai mana?", new_link=n == 2, by=by),
    "ask_about_plan": lambda c, m, by, n: actions.ask_about_plan(m, by=by),
    "record_referral_answer": lambda c, m, by, n: actions.record_referral_answer(m, text="Ya.", by=by),
    "respond": lambda c, m, by, n: actions.respond(m, deliveries=[actions.Delivered("Pengadu", "phone", n != 0)], by=by),
    "deliver": lambda c, m, by, n: actions.deliver(m, delivered=actions.Delivered("RT", "board"), by=by),
    "undelivered": lambda c, m, by, n: actions.undelivered(m, what="responded", reason="bounced", by=by),
    "close": lambda c, m, by, n: actions.close(m, by=by),
    "decline": lambda c, m, by, n: actions.decline(m, reason="NO_OBJECT", text="Tidak jelas.", by=by),
    "merge": lambda c, m, by, n: actions.merge(m, master=Complaint.for_system("test").order_by("pk")[0], by=by),
    "withdraw": lambda c, m, by, n: actions.withdraw(m, text="Batal.", by=by),
    "reopen": lambda c, m, by, n: actions.reopen(m, text="Lagi.", by=by),
    "appeal": lambda c, m, by, n: actions.appeal(m, text="Belum.", by=by),
    "note": lambda c, m, by, n: actions.note(m, text="Catatan.", by=by),
    "attach": lambda c, m, by, n: actions.attach(m, files=[], by=by),
    "message": lambda c, m, by, n: actions.message(m, text="Pesan.", by=by),
    "add": lambda c, m, by, n: actions.add(m, text="Tambahan.", by=by),
    "follow_up": lambda c, m, by, n: actions.follow_up(m, text="Dicek.", by=by),
    "draft_response": lambda c, m, by, n: actions.draft_response(m, text="Sudah.", outcome="RESOLVED", by=by),
    "approve_response": lambda c, m, by, n: actions.approve_response(m, by=by),
    "return_response": lambda c, m, by, n: actions.return_response(m, text="Ulangi.", by=by),
    "reclassify": lambda c, m, by, n: actions.reclassify(m, category=c.aid, kind="ASPIRATION", urgency="LOW", by=by),
    "extend_deadline": lambda c, m, by, n: actions.extend_deadline(m, days=n, text="Hujan.", by=by),
    "split": lambda c, m, by, n: actions.split(m, text=TEXTS[n % 4], subject="Soal lain", by=by),
    "name": lambda c, m, by, n: actions.name(m, officials=[(c.harun, c.lastri, c.sari, c.joko, c.nining, c.wati)[n]], by=by),
    "recuse": lambda c, m, by, n: actions.recuse(m, by=by),
    "take_archive": lambda c, m, by, n: actions.take_archive(m, audience=("office", "complainant")[n % 2], by=by),
    "number_letter": lambda c, m, by, n: actions.number_letter(m, letter=("answer", "completion", "referral")[n % 3], by=by),
    "cancel_number": lambda c, m, by, n: actions.cancel_number(number_of(m), reason="Salah alamat.", by=by),
    "rate": lambda c, m, by, n: actions.rate(m, score=1 + n % 4, by=by),
}


def open_task(made: Complaint) -> int:
    """The id of a task that waits, or of none."""
    return made.tasks.filter(done_at__isnull=True).values_list("pk", flat=True).first() or 0


def number_of(made: Complaint) -> LetterNumber:
    """A number of a letter of it that nobody cancelled yet."""
    own = {"village": made.village, "kind": "answer", "series": "referral", "complaint": made, "cancelled_at": None}
    found = LetterNumber.objects.filter(**own).first()
    return found or LetterNumber.objects.create(**own, year=2026, number="490/001", at=made.received_at)


def meeting_of(cast: Cast, made: Complaint) -> Meeting:
    """A meeting of today whose minutes are still to be written."""
    found = made.meetings.filter(state=Meeting.State.FIXED).first()
    if found is None:
        begins = meet.today(cast.village)
        found = Meeting.objects.create(
            village=cast.village,
            state=Meeting.State.FIXED,
            place="Balai desa",
            uid=str(uuid4()),
            starts_at=begins,
            ends_at=begins,
        )
        found.complaints.add(made)
        found.invitees.create(village=cast.village, name="Ketua RT 003/RW 001")
    return found


NEEDS_A_PERSON = {"recuse", "split", "merge"}  # no call without ``by`` can be written for these
BY_ITSELF = {verb for verb, step in STEPS.items() if step.by_itself} - {"ask"}  # without ``by``; ``ask`` must say so


def test_the_walk_knows_every_step() -> None:
    assert VERBS.keys() | {"receive"} == STEPS.keys()


def may_not(made: Complaint, verb: str, by: User | None) -> type[Exception] | None:
    """Which refusal the rules call for, in their order; ``None`` when the step may be taken as far as they go."""
    if by is not None and not Complaint.visible_to(by).filter(pk=made.pk).exists():
        return Complaint.DoesNotExist
    if not (Circle(made).may(by, verb) if by else STEPS[verb].complainant or verb in BY_ITSELF):
        return NotYours
    return None if made.state in STEPS[verb].sources else NotAllowed


def press(cast: Cast, made: Complaint, verb: str, who: str, n: int) -> bool:
    """Press one button, as the rules foresee; returns whether the step was taken."""
    by = None if who == "complainant" else cast.everyone[who]
    if by is None and verb in NEEDS_A_PERSON:
        return False
    expected = may_not(made, verb, by)
    before, events = made.state, Event.for_system("test").count()
    known = set(Complaint.for_system("test").values_list("pk", flat=True))
    refused: Exception | None = None
    try:
        VERBS[verb](cast, made, by, n)
    except (Complaint.DoesNotExist, NotYours, NotAllowed) as refusal:
        refused = refusal
    made.refresh_from_db()
    if refused:
        assert (made.state, Event.for_system("test").count()) == (before, events), "a refused step leaves no trace"
        assert expected is None or verb == "merge" or isinstance(refused, expected), (verb, who, before, refused)
        return False
    assert expected is None, (verb, who, before, "was allowed")
    assert made.state == (STEPS[verb].target or before)
    parts = set(Complaint.for_system("test").values_list("pk", flat=True)) - known
    assert Event.for_system("test").count() == events + 1 + len(parts), "one event a step"
    latest = made.events.latest("id")
    assert (latest.state, latest.by) == (made.state, by)
    return True


def check(cast: Cast, made: Complaint) -> None:
    assert list(ledger.faults()) == []
    assert sum(Tally.objects.values_list("n", flat=True)) == Complaint.for_system("test").count()
    assert not Tally.objects.filter(n__lt=0).exists()
    assert (made.ended_at is not None) == (made.state in ENDED)
    assert (made.due_at is None) == (made.state in ENDED)
    assert made.is_paused == (made.state in {State.AWAITING_COMPLAINANT, State.REFERRED}) or made.state in ENDED
    assert (made.master is not None) == (made.state == State.MERGED)
    check_wall(cast, made)
    assert not Response.objects.exclude(stage="WAITING").exclude(waiting_for="").exists()


def check_wall(cast: Cast, made: Complaint) -> None:
    out = {row.user for row in made.shut_out.all()}
    for user in filter(None, cast.everyone.values()):
        if Complaint.visible_to(user).filter(pk=made.pk).exists():
            assert user not in out
            assert user not in {cast.rini, cast.ucup}
            if user == cast.joko and not {cast.sari, cast.lastri, cast.harun} <= out:
                tasks = made.tasks.filter(who=user, done_at__isnull=True)
                assert made.assignments.filter(responder=user, ended_at__isnull=True).exists() or tasks.exists()
    circle = Circle(made)
    assert all(circle.holders(verb) for verb, step in STEPS.items() if step.roles)
    for user in circle.acting(Role.OFFICER) + circle.acting(Role.HEAD) + circle.acting(Role.SECRETARY):
        assert Complaint.visible_to(user).filter(pk=made.pk).exists(), (user, out)


ONWARD = {"verify", "assign", "start", "draft_response", "approve_response", "respond", "close", "refer"}


@dataclass(frozen=True)
class Button:
    """One press: on which complaint, which verb, by whom. ``sane``: a verb that leaves from there, by one whose step it is."""

    which: int
    sane: bool
    verb: int
    who: int
    n: int

    def press(self, cast: Cast) -> None:
        rows = list(Complaint.for_system("test").order_by("-pk")[:4])
        made = rows[self.which % len(rows)]
        verbs = sorted(verb for verb in VERBS if not self.sane or (made.state in STEPS[verb].sources and STEPS[verb].roles))
        verbs += [verb for verb in verbs if verb in ONWARD]  # offered twice, or few walks would come to an answer
        verb = verbs[self.verb % len(verbs)]
        who = PEOPLE[self.who % len(PEOPLE)]
        if self.sane:
            holders = Circle(made).holders(verb)
            names = {user: name for name, user in cast.everyone.items()}
            who = names[holders[self.who % len(holders)]]
        if press(cast, made, verb, who, self.n):
            event(f"took {verb}")
            check(cast, made)


buttons = st.builds(
    Button,
    st.integers(0, 3),
    st.sampled_from([True, True, True, False]),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 5),
)
states = st.sampled_from([State.RECEIVED, State.VERIFIED, State.IN_PROGRESS, State.RESPONDED, State.CLOSED])


@settings(
    max_examples=16, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
@given(
    text=st.sampled_from(TEXTS),
    state=states,
    walk=st.lists(buttons, min_size=12, max_size=24),
    approvers=st.sampled_from([[], ["HEAD"], ["SECRETARY", "HEAD"]]),
)
def test_whatever_is_pressed_the_book_stays_whole(
    cast: Cast, text: str, state: State, walk: list[Button], approvers: list[str]
) -> None:
    with transaction.atomic():
        make.complaint(cast, state)
        make.received(cast, text)
        cast.village.approvers = approvers
        cast.village.save()
        for button in walk:
            button.press(cast)
        for made in Complaint.for_system("test"):
            check(cast, made)
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", ["officer", "secretary", "head", "responder", "council", "neighbour", "complainant"])
@pytest.mark.parametrize("state", sorted(State))
def test_every_button_in_every_state_for_everybody(cast: Cast, state: State, who: str) -> None:
    """Not random: the whole table, one press each, from the same starting point."""
    made = make.complaint(cast, state)
    for verb in VERBS:
        with transaction.atomic():
            press(cast, Complaint.for_system("test").get(pk=made.pk), verb, who, 1)
            transaction.set_rollback(True)
