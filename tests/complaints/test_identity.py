"""Who complains: unknown, hidden, or known; three different things."""

import pytest

from kentongan.complaints import actions
from kentongan.complaints.access import may_see_identity, with_identity
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from tests import make
from tests.cast import Cast


def test_an_ordinary_complainant_is_known_to_who_works_on_it(cast: Cast) -> None:
    made = make.complaint(cast, State.ASSIGNED)
    assert all(may_see_identity(user, made) for user in (cast.sari, cast.lastri, cast.harun, cast.joko))
    assert not any(may_see_identity(user, made) for user in (cast.tono, cast.ucup, cast.rini))


def test_a_hidden_identity_is_for_the_officer_alone(cast: Cast) -> None:
    made = make.complaint(cast, State.ASSIGNED, identity_hidden=True)
    assert may_see_identity(cast.sari, made)
    assert not any(may_see_identity(user, made) for user in (cast.lastri, cast.harun, cast.joko, cast.nining, cast.tono))


def test_about_the_officer_the_stand_in_sees_a_hidden_identity_and_the_officer_does_not(cast: Cast) -> None:
    made = make.received(cast, identity_hidden=True, named=(cast.sari.pk,))
    assert may_see_identity(cast.lastri, made)
    assert not may_see_identity(cast.sari, made)
    assert not may_see_identity(cast.harun, made)


def test_an_unknown_complainant_is_not_a_hidden_one(cast: Cast) -> None:
    unknown = make.received(cast, sender=make.Contact(), channel="box", by=cast.sari)
    hidden = make.received(cast, identity_hidden=True)
    assert (unknown.is_anonymous, unknown.identity_hidden) == (True, False)
    assert (hidden.is_anonymous, hidden.identity_hidden) == (False, True)


@pytest.mark.parametrize("who", ["officer", "secretary", "head", "responder", "council", "public", "no_post"])
def test_lists_and_searches_match_a_hidden_name_for_the_officer_alone(cast: Cast, who: str) -> None:
    hidden, known = make.received(cast, identity_hidden=True), make.received(cast)
    user: User | None = cast.everyone[who]
    shown = set(Complaint.for_system("test").filter(with_identity(user), complainant__name="Karto Wiryo"))
    expected = {"officer": {hidden, known}, "public": set(), "no_post": set()}.get(who, {known})
    assert shown == expected


def test_a_complainant_is_never_written_by_name_into_a_log(cast: Cast) -> None:
    made = make.received(cast)
    assert made.complainant is not None
    assert "Karto" not in str(made.complainant)
    assert "Karto" not in repr(made.complainant)
    assert "Karto" not in repr(made)


def test_events_of_a_hidden_complainant_do_not_name_him(cast: Cast) -> None:
    made = make.complaint(cast, State.CLOSED, identity_hidden=True)
    made = actions.reopen(made, text="Dibuka kembali.", by=cast.sari)
    assert not [event for event in made.events.all() if "Karto" in f"{event.by_label}{event.data}"]


def test_the_public_code_opens_it_however_it_is_typed_and_nothing_else_does(cast: Cast) -> None:
    made = make.received(cast)
    assert Complaint.by_code(made.code) == made
    assert Complaint.by_code(f" {made.code[:4].lower()}-{made.code[4:8]} {made.code[8:]} ") == made
    for wrong in ("", made.number, made.code[:-1], "0" * 12, str(made.pk), "' OR 1=1 --"):
        assert Complaint.by_code(wrong) is None


def test_the_code_stands_nowhere_in_the_row(cast: Cast) -> None:
    made = make.received(cast)
    row = Complaint.for_system("test").filter(pk=made.pk).values_list().get()
    assert made.code not in " ".join(map(repr, row))
