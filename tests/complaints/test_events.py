"""What happened, happened: in Python and in the database itself."""

import pytest
from django.db import DatabaseError, connection, transaction

from kentongan.complaints import actions
from kentongan.complaints.events import KINDS
from kentongan.complaints.models import Event
from tests import make
from tests.cast import Cast

only_on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")


def test_an_event_is_neither_saved_again_nor_deleted(cast: Cast) -> None:
    event = make.received(cast).events.get()
    event.kind = "closed"
    with pytest.raises(TypeError, match="never changed"):
        event.save()
    with pytest.raises(TypeError, match="never deleted"):
        event.delete()


def test_nor_are_many(cast: Cast) -> None:
    events = Event.for_system("test").filter(complaint=make.received(cast))
    with pytest.raises(TypeError, match="never changed"):
        events.update(kind="closed")
    with pytest.raises(TypeError, match="never deleted"):
        events.delete()
    with pytest.raises(TypeError, match="never changed"):
        events.bulk_update([], ["kind"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE complaints_event SET kind = 'closed'",
        "UPDATE complaints_event SET data = '{}'",
        "DELETE FROM complaints_event",
        pytest.param("TRUNCATE complaints_event CASCADE", marks=only_on_postgresql),
    ],
)
def test_the_database_refuses_whoever_tries(cast: Cast, statement: str) -> None:
    made = make.received(cast)
    connection.check_constraints()  # what PostgreSQL still has to check would be its reason to refuse
    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert made.events.get().kind == "received"


def test_deleting_a_complaint_with_its_history_is_refused(cast: Cast) -> None:
    made = make.received(cast)
    with pytest.raises(DatabaseError):
        made.delete()
    assert made.events.count() == 1


def test_an_event_says_who_as_he_was_called_that_day(cast: Cast) -> None:
    made = make.received(cast, by=cast.sari)
    cast.sari.name = "Sari Lestari"
    cast.sari.save()
    membership = cast.sari.memberships.get()
    membership.post = "Kaur Umum"
    membership.save()
    assert made.events.get().by_label == "Sari Wulandari — Petugas Pengelola Pengaduan"


def test_every_kind_that_is_written_is_declared(cast: Cast) -> None:
    made = make.complaint(cast, "CLOSED")
    kinds = set(made.events.values_list("kind", flat=True))
    assert kinds <= KINDS.keys()
    assert {
        "received",
        "verified",
        "assigned",
        "started",
        "response_drafted",
        "response_approved",
        "responded",
        "closed",
    } == kinds


def test_the_complainants_own_steps_bear_no_officials_name(cast: Cast) -> None:
    made = actions.add(make.received(cast), text="Tambahan foto.", by=None)
    event = made.events.last()
    assert event is not None
    assert (event.by_id, event.by_label, event.via) == (None, "", "web")
