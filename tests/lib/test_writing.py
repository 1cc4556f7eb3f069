"""Rows written by hand are the rows Django would write, and writers of one process take turns."""

import threading
from unittest import mock

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from kentongan.complaints.models import Complainant, Register
from kentongan.lib import rows
from tests.cast import Cast


def test_an_inserted_row_is_the_row_that_save_writes(cast: Cast) -> None:
    pair = [
        Complainant(village=cast.village, name="Karto 😀", phone="+6281200000001", hamlet=cast.hamlet, rw="001", address='"; --')
        for _ in range(2)
    ]
    rows.insert(pair[0])
    pair[1].save()
    kept = [Complainant.objects.filter(pk=row.pk).values().get() for row in pair]
    for row in kept:
        del row["id"], row["created_at"]
    assert kept[0] == kept[1]
    pair[0].name = "Karto"
    pair[0].save()
    assert Complainant.objects.get(pk=pair[0].pk).name == "Karto"


def test_what_a_table_refuses_is_refused_together_too(cast: Cast) -> None:
    def twice() -> None:
        with transaction.atomic(), rows.together():
            rows.insert(Register(village=cast.village, year=2026))
            rows.insert(Register(village=cast.village, year=2026))

    with pytest.raises(IntegrityError):
        twice()
    assert not Register.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_threads_write_in_turn() -> None:
    wrong: list[Exception] = []

    def write(number: int) -> None:
        try:
            for _ in range(20):
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("UPDATE complaints_register SET last = last + 1")
        except OperationalError as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite has one writer at a time")
def test_whoever_waits_too_long_for_his_turn_is_told() -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            held.set()
            release.wait(10)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    with mock.patch.dict(connection.settings_dict["OPTIONS"], timeout=0.05), pytest.raises(OperationalError, match="locked"):
        transaction.atomic().__enter__()
    release.set()
    holder.join(10)
    with transaction.atomic():
        assert not Register.objects.exists()
