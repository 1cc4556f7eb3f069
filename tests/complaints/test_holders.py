"""Thousands of random histories: whatever people and time do, somebody may act on a complaint, and never whom it accuses.

Histories grow as trees: those of one tree share their beginning, so that each is short work for the database. Each database
grows its own, with dice of its own: together five thousand, most of them on SQLite, which is the quicker of the two.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from kentongan.channels import notify
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.access import Circle
from kentongan.complaints.lifecycle import STEPS, NotAllowed, NotYours, State
from kentongan.complaints.models import Complaint, ShutOut
from kentongan.village.models import Leave, Membership, User
from tests import make
from tests.cast import Cast

HISTORIES = 3500 if connection.vendor == "sqlite" else 1500
BRANCHES = (2, 5, 10)  # of one tree; its trunk comes before
TREES = HISTORIES // (2 * 5 * 10)
PARTED = ("accept", "hand_over", "give_back", "answer_part")  # taken by who has a part
OFTEN = (*PARTED, "hand_over", "give_back", "assign", "reassign", "reassign", "reopen")
TRUNK = 4
ONWARD = ("verify", "complete", "assign", "reassign", "start", "draft_response", "approve_response", "respond", "close", "reopen")
# These may be missing among the steps that were taken; of the smaller share of PostgreSQL, any but the decisive ones.
RARE = {"ask", "complete", "appeal", "reopen", "return_response"}
DECISIVE = {"assign", "name", "recuse"}
TOLD = 50  # one in so many histories is also told to everybody who is to hear of it

Press = Callable[[random.Random, Complaint, User, list[User]], object]
TAKEN: dict[str, Press] = {
    "assign": lambda dice, row, by, all_: actions.assign(row, to=some(dice, row, by), instruction="Cek.", by=by),
    "reassign": lambda dice, row, by, all_: actions.reassign(row, to=some(dice, row, by), instruction="Ganti.", by=by),
    "accept": lambda dice, row, by, all_: actions.accept(row, by=by),
    "hand_over": lambda dice, row, by, all_: actions.hand_over(row, to=dice.choice(all_), text="Lebih tahu.", by=by),
    "give_back": lambda dice, row, by, all_: actions.give_back(row, text="Bukan bagian saya.", by=by),
    "start": lambda dice, row, by, all_: actions.start(row, by=by),
    "answer_part": lambda dice, row, by, all_: actions.answer_part(row, text="Selesai.", by=by),
    "draft_response": lambda dice, row, by, all_: actions.draft_response(row, text="Selesai.", outcome="RESOLVED", by=by),
    "approve_response": lambda dice, row, by, all_: actions.approve_response(row, by=by),
    "return_response": lambda dice, row, by, all_: actions.return_response(row, text="Ulangi.", by=by),
    "name": lambda dice, row, by, all_: actions.name(row, officials=dice.sample(all_, dice.choice((1, 1, 2))), by=by),
    "recuse": lambda dice, row, by, all_: actions.recuse(row, by=by),
    "ask": lambda dice, row, by, all_: actions.ask(row, text="Di mana?", by=by),
    "complete": lambda dice, row, by, all_: actions.complete(row, text="Di RT 003. Kata Pak Kades begitu.", by=by),
    "add": lambda dice, row, by, all_: actions.add(row, text=dice.choice(("Tambahan.", "Kasi Pelayanan juga tahu.")), by=by),
    "reopen": lambda dice, row, by, all_: actions.reopen(row, text="Lagi.", by=by),
    "appeal": lambda dice, row, by, all_: actions.appeal(row, text="Belum.", by=by),
}


def some(dice: random.Random, row: Complaint, by: User) -> list[User]:
    chosen = actions.candidates(row) or [by]
    return dice.sample(chosen, dice.randint(1, min(2, len(chosen))))


def goes_on_leave(dice: random.Random, cast: Cast) -> None:
    away, there = dice.sample(officials(cast), 2)
    today = timezone.localdate()
    Leave.objects.create(village=cast.village, user=away, stand_in=there, since=today, until=today + timedelta(days=3))


def comes_back(dice: random.Random, cast: Cast) -> None:
    Leave.objects.filter(village=cast.village).delete()


def term_ends(dice: random.Random, cast: Cast) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=dice.choice(officials(cast))).update(until=yesterday)


def is_elected(dice: random.Random, cast: Cast) -> None:
    Membership.objects.filter(user=dice.choice(officials(cast))).update(until=None)


def cannot_log_in(dice: random.Random, cast: Cast) -> None:
    User.objects.filter(pk=dice.choice(officials(cast)).pk).update(is_active=False)


WORLD = (goes_on_leave, goes_on_leave, comes_back, term_ends, is_elected, is_elected, cannot_log_in)


def officials(cast: Cast) -> list[User]:
    """Everyone of the village, read anew: what one may do is kept with the person while a request lasts."""
    return list(User.objects.filter(memberships__village=cast.village).distinct().order_by("pk"))


@dataclass
class Forest:
    """What grew: how many histories, which steps were taken in them, and the story being told."""

    cast: Cast
    dice: random.Random
    grown: int = 0
    taken: dict[str, int] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)

    def grow(self, made: Complaint, circle: Circle, branches: tuple[int, ...]) -> None:
        """Go on from here, where ``circle`` may act, in several ways, each taken back before the next."""
        if not branches:
            self.grown += 1
            if self.grown % TOLD == 0:
                self.tell(made)
            return
        for _ in range(branches[0]):
            with transaction.atomic():
                length = len(self.story)
                self.grow(made, self.happens(made, circle), branches[1:])
                del self.story[length:]
                transaction.set_rollback(True)
            made.refresh_from_db()

    def happens(self, made: Complaint, circle: Circle) -> Circle:
        """One thing, mostly a step by one who may take it, now and then by anybody, now and then of the world outside; who may act after it."""
        if self.dice.random() < 0.25:
            self.of_the_world()
        else:
            self.a_step(made, circle)
        made.refresh_from_db()
        return self.checked(made)

    def of_the_world(self) -> None:
        what = self.dice.choice(WORLD)
        what(self.dice, self.cast)
        cache.clear()
        self.story.append(what.__name__)

    def a_step(self, made: Complaint, circle: Circle) -> None:
        people = officials(self.cast)
        verb = self.dice.choice([verb for verb in (*TAKEN, *OFTEN) if made.state in STEPS[verb].sources])
        may = circle.holders(verb)
        if verb in PARTED:
            holders = made.assignments.filter(ended_at__isnull=True).values_list("responder_id", flat=True)
            may = [user for user in may if user.pk in holders] or may
        by = self.dice.choice(may if may and self.dice.random() < 0.9 else people)
        self.story.append(f"{verb} by {by.username}")
        try:
            TAKEN[verb](self.dice, made, User.objects.get(pk=by.pk), people)
        except (Complaint.DoesNotExist, NotYours, NotAllowed):
            self.story[-1] += " (refused)"
            return
        self.taken[verb] = self.taken.get(verb, 0) + 1

    def checked(self, made: Complaint) -> Circle:
        """Somebody who sees it may act, and is not one of those it accuses; only when nobody of the village is left, nobody may."""
        circle = Circle(made)
        out = {row.user_id for row in circle.shut_out}
        left = [user for users in circle.by_role.values() for user in users]
        assert not out & {user.pk for user in left}, self.story
        may = {user.pk for verb in ONWARD if made.state in STEPS[verb].sources for user in circle.holders(verb)}
        see = (Complaint.visible_to(user).filter(pk=made.pk).exists() for user in User.objects.filter(pk__in=may))
        assert any(see) or not left, f"nobody may act: {self.story}"
        for_good = {row.user_id for row in circle.shut_out if row.why != ShutOut.Why.MENTIONED}
        assert not made.assignments.filter(ended_at__isnull=True, responder__in=for_good).exists(), f"he has it: {self.story}"
        return circle

    def tell(self, made: Complaint) -> None:
        while notify.dispatch_pending():
            continue
        out = made.shut_out.values("user")
        assert not OutgoingMessage.objects.filter(complaint=made, to__in=out).exists(), f"the accused was told: {self.story}"


def test_somebody_may_always_act_and_it_is_never_whom_it_accuses(cast: Cast) -> None:
    forest = Forest(cast, random.Random(connection.vendor))
    starts = (State.VERIFIED, State.ASSIGNED, State.IN_PROGRESS, State.RESPONDED, State.RECEIVED)
    for tree in range(TREES):
        with transaction.atomic():
            made = make.complaint(cast, starts[tree % len(starts)])
            forest.story = [f"tree {tree}", made.state]
            circle = Circle(made)
            for _ in range(TRUNK):
                circle = forest.happens(made, circle)
            forest.grow(made, circle, BRANCHES)
            transaction.set_rollback(True)
        cache.clear()
    assert forest.grown == HISTORIES
    wanted = TAKEN.keys() - RARE if connection.vendor == "sqlite" else DECISIVE
    assert not wanted - forest.taken.keys(), forest.taken
