"""Somebody is away: the stand-in sees and does what he does, as far as the wall lets the stand-in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import access, actions
from kentongan.complaints.access import Circle
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import Leave, User
from kentongan.village.roles import Role
from kentongan.web.desk import rows as lines
from tests import make
from tests.cast import Cast
from tests.channels.test_notify import tell, told
from tests.meet import called

pytestmark = pytest.mark.django_db


def away(cast: Cast, who: User, stand_in: User, *, since: int = 0, until: int = 3) -> Leave:
    today = timezone.localdate()
    made = Leave.objects.create(
        village=cast.village, user=who, stand_in=stand_in, since=today + timedelta(since), until=today + timedelta(until)
    )
    for user in (who, stand_in):
        user.__dict__.pop("standing", None)
    return made


def test_the_stand_in_of_a_responder_sees_and_does_his_work_and_is_told(cast: Cast) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    assert not Complaint.visible_to(cast.wati).filter(pk=row.pk).exists()
    away(cast, cast.joko, cast.wati)
    assert Complaint.visible_to(cast.wati).filter(pk=row.pk).exists()
    actions.start(row, by=cast.wati)
    assert row.events.get(kind="started").by_label.startswith("Wati Suryani"), "in his own name"
    tell()
    assert told(row, "assigned") == {"joko", "wati"}


def test_the_stand_in_of_the_officer_has_the_whole_desk(cast: Cast) -> None:
    away(cast, cast.sari, cast.joko)
    row = make.received(cast)
    assert Role.OFFICER in cast.joko.standing.roles
    assert {user.username for user in Circle(row).acting(Role.OFFICER)} == {"sari", "joko"}
    actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=cast.joko)
    tell()
    assert told(row, "received") == {"sari", "joko"}


def test_nobody_lends_what_he_may_not_do_himself(cast: Cast) -> None:
    away(cast, cast.sari, cast.joko)
    about_sari = make.received(cast, "Petugas pengaduan meminta uang.")
    assert {user.username for user in Circle(about_sari).acting(Role.OFFICER)} == {"lastri"}
    about_joko = make.received(cast, "Kasi Kesejahteraan meminta uang.", named=(cast.joko.pk,))
    assert not Complaint.visible_to(cast.joko).filter(pk=about_joko.pk).exists()
    assert {user.username for user in Circle(about_joko).acting(Role.OFFICER)} == {"sari"}
    tell()
    assert not OutgoingMessage.objects.filter(complaint__in=[about_joko], to=cast.joko).exists()


def test_the_keys_of_the_office_are_lent_to_nobody(cast: Cast) -> None:
    away(cast, cast.tono, cast.joko)
    assert Role.ADMIN not in cast.joko.standing.roles


@pytest.mark.parametrize(("since", "until"), [(1, 5), (-5, -1)])
def test_before_and_after_it_counts_for_nothing(cast: Cast, since: int, until: int) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    away(cast, cast.joko, cast.wati, since=since, until=until)
    assert not Complaint.visible_to(cast.wati).filter(pk=row.pk).exists()


def test_nobody_who_is_shut_out_sends_another_in(cast: Cast) -> None:
    about_sari = make.received(cast, "Petugas pengaduan meminta uang.", named=(cast.sari.pk,))
    other = make.received(cast)
    away(cast, cast.sari, cast.joko)
    seen = set(Complaint.visible_to(cast.joko).values_list("pk", flat=True))
    assert other.pk in seen
    assert about_sari.pk not in seen
    away(cast, cast.lastri, cast.joko)
    assert Complaint.visible_to(cast.joko).filter(pk=about_sari.pk).exists(), "the secretary may, and lends it"


def test_what_is_distributed_to_one_shut_out_is_not_lent(cast: Cast) -> None:
    row = make.complaint(cast, State.ASSIGNED)
    away(cast, cast.joko, cast.wati)
    actions.name(row, officials=[cast.joko], by=cast.sari)
    assert not Complaint.visible_to(cast.wati).filter(pk=row.pk).exists()


def test_a_hidden_identity_is_lent_by_an_officer_who_may_know_it_and_by_no_other(cast: Cast) -> None:
    about_sari = make.received(cast, named=(cast.sari.pk,), identity_hidden=True)
    other = make.received(cast, identity_hidden=True)
    for row, by in ((about_sari, cast.lastri), (other, cast.sari)):
        actions.verify(row, category=cast.road, kind="COMPLAINT", urgency="NORMAL", by=by)
        actions.assign(row, to=[cast.joko], instruction="Mohon dicek.", by=by)
    assert not Complaint.visible_to(cast.joko).filter(access.with_identity(cast.joko)).exists()
    away(cast, cast.sari, cast.joko)
    seen = Complaint.visible_to(cast.joko)
    assert {row.pk for row in seen} == {about_sari.pk, other.pk}, "both are distributed to him"
    assert {row.pk for row in seen.filter(access.with_identity(cast.joko))} == {other.pk}
    assert [lines.who(row, cast.joko) == "Karto Wiryo" for row in (about_sari, other)] == [False, True]
    assert [access.may_see_identity(cast.joko, row) for row in (about_sari, other)] == [False, True]


def test_the_stand_in_of_somebody_invited_is_told_of_the_meeting(cast: Cast) -> None:
    row = make.complaint(cast, State.IN_PROGRESS)
    away(cast, cast.joko, cast.wati)
    called(cast, row)
    tell()
    assert {"joko", "wati"} <= told(row, "convened")
