"""Who sees what. The wall is a filter: what it hides is not there, in no list and no count."""

from datetime import date
from itertools import combinations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from kentongan.channels import notify
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.access import Circle, holders, with_identity
from kentongan.complaints.lifecycle import STEPS, NotAllowed, NotYours, State
from kentongan.complaints.models import Complaint, ShutOut
from kentongan.village.models import Leave, Membership, User
from kentongan.village.roles import Role
from tests import make, meet
from tests.cast import Cast, person


def sees(user: User | None, made: Complaint) -> bool:
    """Asked of a person freshly read, as each request does."""
    who = User.objects.get(pk=user.pk) if user else AnonymousUser()
    return Complaint.visible_to(who).filter(pk=made.pk).exists()


def who_sees(cast: Cast, made: Complaint) -> set[str]:
    return {name for name, user in cast.everyone.items() if sees(user, made)}


def test_the_desk_sees_its_book_and_nobody_else_does(cast: Cast) -> None:
    assert who_sees(cast, make.received(cast)) == {"officer", "secretary", "head"}


def test_who_answers_sees_what_is_distributed_to_him_alone(cast: Cast) -> None:
    made, other = make.complaint(cast, State.ASSIGNED), make.complaint(cast, State.VERIFIED)
    assert who_sees(cast, made) == {"officer", "secretary", "head", "responder"}
    assert not sees(cast.joko, other)
    assert Complaint.visible_to(cast.joko).count() == 1


@pytest.mark.parametrize("who", ["joko", "wati", "nining"])
def test_who_is_given_a_task_sees_it_as_long_as_the_task_is_open(cast: Cast, who: str) -> None:
    user, made, other = getattr(cast, who), make.complaint(cast, State.VERIFIED), make.complaint(cast, State.VERIFIED)
    actions.add_task(made, what=["Ukur lubang", "Foto"], who=user, by=cast.sari)
    assert sees(user, made)
    assert not sees(user, other)
    assert Complaint.visible_to(user).count() == 1
    for task in made.tasks.all():
        assert sees(user, made)
        actions.finish_task(made, task=task.pk, by=user)
    assert not sees(user, made)


def test_a_task_is_given_to_nobody_whom_the_wall_shuts_out_and_opens_it_to_nobody(cast: Cast) -> None:
    made = make.received(cast, named=(cast.wati.pk,))
    made = actions.verify(made, category=cast.road, kind="COMPLAINT", urgency="NORMAL", concerned=[cast.wati], by=cast.sari)
    with pytest.raises(NotYours):
        actions.add_task(made, what=["Cek."], who=cast.wati, by=cast.sari)
    actions.add_task(made, what=["Cek."], who=cast.joko, by=cast.sari)
    assert sees(cast.joko, made)
    actions.name(made, officials=[cast.joko], by=cast.sari)
    assert not sees(cast.joko, made)
    assert made.tasks.get().done_at is None


def test_a_task_without_a_name_or_in_another_village_opens_nothing(cast: Cast) -> None:
    made = make.complaint(cast, State.VERIFIED)
    actions.add_task(made, what=["Siapa saja."], by=cast.sari)
    assert who_sees(cast, made) == {"officer", "secretary", "head"}
    actions.add_task(made, what=["Cek."], who=cast.joko, by=cast.sari)
    Membership.objects.filter(user=cast.joko).update(village=cast.neighbour)
    assert not sees(cast.joko, made)


def test_who_stands_in_sees_the_tasks_of_whom_he_stands_in_for(cast: Cast) -> None:
    made, today = make.complaint(cast, State.VERIFIED), timezone.localdate()
    actions.add_task(made, what=["Cek."], who=cast.joko, by=cast.sari)
    assert not sees(cast.wati, made)
    Leave.objects.create(village=cast.village, user=cast.joko, stand_in=cast.wati, since=today, until=today)
    assert sees(cast.wati, made)


@pytest.mark.parametrize("accused", [False, True])
def test_who_stands_in_for_the_council_sees_what_she_may_see(cast: Cast, accused: bool) -> None:
    """Whoever is shut out of a complaint sends nobody in."""
    made, today = make.received(cast, named=(cast.harun.pk, *([cast.nining.pk] if accused else []))), timezone.localdate()
    Leave.objects.create(village=cast.village, user=cast.nining, stand_in=cast.joko, since=today, until=today)
    assert sees(cast.joko, made) is not accused


@pytest.mark.parametrize("accused", [False, True])
def test_who_stands_in_for_the_last_one_left_sees_it_only_with_her(cast: Cast, accused: bool) -> None:
    desk, today = [cast.sari, cast.lastri, cast.harun], timezone.localdate()
    Membership.objects.filter(user=cast.nining).delete()
    made = make.received(cast, named=tuple(user.pk for user in (desk + [cast.wati] * accused)))
    Leave.objects.create(village=cast.village, user=cast.wati, stand_in=cast.joko, since=today, until=today)
    Membership.objects.filter(user=cast.joko).update(role=Role.ADMIN)
    Membership.objects.filter(user=cast.wati, role=Role.RESPONDER).delete()
    dewi = person(cast.village, "dewi", "Dewi Anggraini", (Role.RESPONDER, "Kasi Pemerintahan"))
    assert sees(dewi, made) is accused
    assert sees(cast.joko, made) is not accused


def test_who_stands_in_for_an_officer_shut_out_learns_no_hidden_name(cast: Cast) -> None:
    hers, other = (make.complaint(cast, State.ASSIGNED, identity_hidden=True) for _ in range(2))
    today = timezone.localdate()
    actions.recuse(hers, by=cast.sari)
    Leave.objects.create(village=cast.village, user=cast.sari, stand_in=cast.joko, since=today, until=today)
    joko = User.objects.get(pk=cast.joko.pk)
    known = Complaint.visible_to(joko).filter(with_identity(joko))
    assert sees(joko, hers)
    assert not Circle(hers).may_see_identity(joko)
    assert list(known) == [other]


def test_a_decision_of_a_meeting_opens_its_complaint_to_who_carries_it_out(cast: Cast) -> None:
    made, other = make.complaint(cast, State.IN_PROGRESS), make.complaint(cast, State.IN_PROGRESS)
    held = meet.called(cast, made, other)
    decision = actions.Decision("Pasang patok.", timezone.localdate(), who=cast.wati, complaint=other)
    actions.record_minutes(held, record=meet.record(held, decision), by=cast.sari)
    assert sees(cast.wati, other)
    assert not sees(cast.wati, made)


def test_a_hidden_identity_stays_hidden_from_who_has_a_task(cast: Cast) -> None:
    hidden, plain = (make.complaint(cast, State.VERIFIED, identity_hidden=how) for how in (True, False))
    for made in (hidden, plain):
        actions.add_task(made, what=["Cek."], who=cast.joko, by=cast.sari)
    assert not Circle(hidden).may_see_identity(cast.joko)
    assert Circle(plain).may_see_identity(cast.joko)  # as for everybody who answers


def test_a_neighbour_village_is_another_world(cast: Cast) -> None:
    made = make.received(cast)
    assert not sees(cast.rini, made)
    assert Complaint.visible_to(cast.rini).count() == 0


def test_who_moved_to_the_neighbour_village_took_nothing_along(cast: Cast) -> None:
    made = make.complaint(cast, State.ASSIGNED)
    Membership.objects.filter(user=cast.joko).update(until=date(2026, 1, 1))
    Membership.objects.create(village=cast.neighbour, user=cast.joko, role=Role.RESPONDER, post="Kasi", since=date(2026, 1, 2))
    assert made.assignments.filter(responder=cast.joko, ended_at__isnull=True).exists()
    assert not sees(cast.joko, made)


def test_a_superuser_is_not_above_it(cast: Cast) -> None:
    cast.ucup.is_superuser = cast.ucup.is_staff = True
    cast.ucup.save()
    cast.tono.is_superuser = True
    cast.tono.save()
    made = make.received(cast, named=(cast.sari.pk,))
    cast.sari.is_superuser = True
    cast.sari.save()
    assert not any(sees(user, made) for user in (cast.ucup, cast.tono, cast.sari))


@pytest.mark.parametrize("change", ["expired", "not yet", "switched off"])
def test_without_a_post_today_nothing_is_seen(cast: Cast, change: str) -> None:
    made = make.complaint(cast, State.ASSIGNED)
    for user in (cast.sari, cast.joko):
        if change == "expired":
            Membership.objects.filter(user=user).update(until=date(2026, 1, 1))
        elif change == "not yet":
            Membership.objects.filter(user=user).update(since=date(2090, 1, 1))
        else:
            User.objects.filter(pk=user.pk).update(is_active=False)
        assert not sees(user, made)


# --- conflicts of interest ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "secretary", "head"])
def test_who_is_named_never_sees_it(cast: Cast, who: str) -> None:
    user = cast.everyone[who]
    assert user is not None
    made = make.received(cast, named=(user.pk,))
    assert who not in who_sees(cast, made)
    assert who_sees(cast, made) & {"officer", "secretary", "head"}
    assert Complaint.visible_to(user).count() == 0


def test_who_has_it_on_his_table_and_is_named_later_sees_it_no_more(cast: Cast) -> None:
    made = make.complaint(cast, State.IN_PROGRESS)
    actions.name(made, officials=[cast.joko], by=cast.sari)
    assert not sees(cast.joko, made)
    assert not made.assignments.filter(ended_at__isnull=True).exists()


def test_who_is_only_mentioned_sees_it_again_once_the_officer_has_read_it(cast: Cast) -> None:
    made = make.received(cast, "Pipa bocor di depan rumah, cepetan ya Pak Lurah.")
    assert not sees(cast.harun, made)
    assert made.shut_out.get().why == ShutOut.Why.MENTIONED
    actions.verify(made, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.sari)
    assert sees(cast.harun, made)


def test_who_is_concerned_stays_out_when_the_officer_says_so(cast: Cast) -> None:
    made = make.received(cast, "Pak Kades memakai mobil siaga, Bu Sekdes tahu.")
    assert who_sees(cast, made) == {"officer", "council"}
    actions.verify(made, category=cast.levy, kind="COMPLAINT", urgency="HIGH", concerned=[cast.harun], by=cast.sari)
    assert who_sees(cast, made) == {"officer", "secretary", "council"}


def test_the_officer_himself_mentioned_the_secretary_reads_it(cast: Cast) -> None:
    made = make.received(cast, "Yang nerima laporan ini saja sering tidak catat laporan saya.")
    assert not sees(cast.sari, made)
    assert Circle(made).acting(Role.OFFICER) == [cast.lastri]
    actions.verify(made, category=cast.levy, kind="COMPLAINT", urgency="NORMAL", concerned=[cast.sari], by=cast.lastri)
    assert not sees(cast.sari, made)


def test_who_steps_aside_sees_nothing_of_it_from_then_on(cast: Cast) -> None:
    made = make.complaint(cast, State.VERIFIED)
    actions.recuse(made, by=cast.lastri)
    assert not sees(cast.lastri, made)
    assert sees(cast.sari, made)


def test_the_council_sees_what_the_head_is_shut_out_of_and_nothing_else(cast: Cast) -> None:
    about_head = make.received(cast, named=(cast.harun.pk,))
    about_secretary = make.received(cast, named=(cast.lastri.pk,))
    assert sees(cast.nining, about_head)
    assert not sees(cast.nining, about_secretary)
    assert Complaint.visible_to(cast.nining).count() == 1


def test_a_named_officer_cannot_bring_it_back_by_merging_or_splitting(cast: Cast) -> None:
    about_her = make.received(cast, named=(cast.sari.pk,))
    for attempt in (
        lambda: actions.merge(about_her, master=make.received(cast), by=cast.sari),
        lambda: actions.split(about_her, text="x", subject="x", by=cast.sari),
        lambda: actions.decline(about_her, reason="NO_OBJECT", text="x", by=cast.sari),
        lambda: actions.note(about_her, text="x", by=cast.sari),
    ):
        with pytest.raises(Complaint.DoesNotExist):
            attempt()


def test_the_last_one_left_cannot_step_aside(cast: Cast) -> None:
    made = make.received(cast)
    for user in (cast.tono, cast.joko, cast.wati, cast.nining, cast.harun, cast.lastri):
        ShutOut.objects.create(village=cast.village, complaint=made, user=user, why=ShutOut.Why.NAMED)
    with pytest.raises(NotAllowed):
        actions.recuse(made, by=cast.sari)
    assert sees(cast.sari, made)


# --- stand-ins ----------------------------------------------------------------------------------------------------------


def members(cast: Cast) -> list[User]:
    return [cast.sari, cast.lastri, cast.harun, cast.joko, cast.wati, cast.nining, cast.tono]


def test_somebody_may_always_take_every_step_and_sees_what_he_takes_it_on(cast: Cast) -> None:
    """Every subset of shut-out people that leaves somebody: 127 of them."""
    made = make.received(cast)
    people = members(cast)
    for n in range(len(people)):
        for out in combinations(people, n):
            ShutOut.objects.filter(complaint=made).delete()
            ShutOut.objects.bulk_create(
                ShutOut(village=cast.village, complaint=made, user=user, why=ShutOut.Why.NAMED) for user in out
            )
            circle = Circle(made)
            names = [user.username for user in out]
            assert all(circle.holders(verb) for verb in (name for name, step in STEPS.items() if step.roles)), names
            assert not any(
                set(circle.holders(verb)) & set(out) for verb in (name for name, step in STEPS.items() if step.roles)
            ), names
            assert all(sees(user, made) for user in circle.acting(Role.OFFICER)), names
            assert all(sees(user, made) for user in {*circle.acting(Role.SECRETARY), *circle.acting(Role.HEAD)}), names
            assert not any(sees(user, made) for user in out), names


@pytest.mark.parametrize(
    ("out", "instead"),
    [
        (("sari",), "lastri"),
        (("sari", "lastri"), "harun"),
        (("sari", "lastri", "harun"), "nining"),
        (("sari", "lastri", "harun", "nining"), "wati"),
        (("sari", "lastri", "harun", "nining", "wati"), "joko"),
        (("sari", "lastri", "harun", "nining", "wati", "joko"), "tono"),
    ],
)
def test_stand_ins_come_in_their_order_and_can_really_act(cast: Cast, out: tuple[str, ...], instead: str) -> None:
    made = make.received(cast, named=tuple(getattr(cast, name).pk for name in out))
    stand_in = getattr(cast, instead)
    assert holders("verify", made) == [stand_in]
    assert sees(stand_in, made)
    made = actions.verify(made, category=cast.levy, kind="COMPLAINT", urgency="HIGH", by=stand_in)
    assert made.state == State.VERIFIED


def test_a_second_officer_takes_over_before_anybody_else(cast: Cast) -> None:
    dewi = person(cast.village, "dewi", "Dewi Anggraini", (Role.OFFICER, "Petugas Pengganti"))
    made = make.received(cast, named=(cast.sari.pk,))
    assert Circle(made).acting(Role.OFFICER) == [dewi]


def test_naming_everybody_loses_no_complaint(cast: Cast) -> None:
    made = make.received(cast, named=tuple(user.pk for user in members(cast)))
    assert holders("verify", made) == [cast.nining], "about all of them: the council takes it up"
    assert {user for user in members(cast) if sees(user, made)} == {cast.nining}


def test_naming_everybody_where_there_is_no_council_shuts_out_nobody(cast: Cast) -> None:
    Membership.objects.filter(user=cast.nining).delete()
    made = make.received(cast, named=tuple(user.pk for user in members(cast)))
    assert holders("verify", made) == [cast.sari]


def test_a_text_that_speaks_of_everybody_shuts_out_nobody_for_it(cast: Cast) -> None:
    Membership.objects.filter(village=cast.village).exclude(user__in=[cast.harun, cast.sari]).update(until=date(2026, 1, 1))
    made = make.received(cast, "Kades dan petugas pengaduan sama saja, jalan tetap rusak.")
    assert {user for user in (cast.harun, cast.sari) if sees(user, made)}


def test_naming_people_of_another_village_or_without_a_post_does_nothing(cast: Cast) -> None:
    made = make.received(cast, named=(cast.rini.pk, cast.ucup.pk, 10**6))
    assert made.shut_out.count() == 0


def test_new_words_that_speak_of_the_responder_are_kept_from_him_until_the_officer_has_judged(cast: Cast) -> None:
    complaint = make.complaint(cast, State.IN_PROGRESS)
    actions.add(complaint, text="Pak Joko minta uang rokok kepada saya.", by=None)
    assert not Complaint.visible_to(cast.joko).filter(pk=complaint.pk).exists()
    notify.dispatch_pending()
    told = OutgoingMessage.objects.filter(event__kind="added").values_list("to__username", flat=True)
    assert list(told) == ["sari"]
    actions.name(complaint, officials=[], by=cast.sari)
    assert Complaint.visible_to(cast.joko).filter(pk=complaint.pk).exists()
    actions.add(complaint, text="Pak Joko minta uang lagi.", by=None)
    actions.name(complaint, officials=[cast.joko], by=cast.sari)
    assert not Complaint.visible_to(cast.joko).filter(pk=complaint.pk).exists()
    assert not complaint.assignments.filter(ended_at=None).exists()


def test_an_objection_that_speaks_of_the_head_is_kept_from_him_until_the_officer_has_judged(cast: Cast) -> None:
    complaint = make.complaint(cast, State.RESPONDED)
    actions.appeal(complaint, text="Ini ulah Pak Kades sendiri.", by=None)
    assert not Complaint.visible_to(cast.harun).filter(pk=complaint.pk).exists()
    actions.name(complaint, officials=[], by=cast.sari)
    assert Complaint.visible_to(cast.harun).filter(pk=complaint.pk).exists()
