"""What every test may ask for: the cast, and a browser's client for each of them."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, TransactionTestCase

from kentongan.channels import notify
from kentongan.village.models import User
from tests.cast import Cast, build


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks no database need not be asked twice: the PostgreSQL run leaves it to the other."""
    if connection.vendor == "sqlite":
        return
    pure = [item for item in items if item.get_closest_marker("pure")]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if not item.get_closest_marker("pure")]


_guard = import_module("kentongan.complaints.migrations.0003_events_and_search")
_flush = TransactionTestCase._fixture_teardown


def _flush_with_events_unlocked(case: Any) -> None:
    """Emptying the tables between tests is the one moment events may go: the triggers are lifted and set again."""
    with connection.schema_editor() as editor:
        _guard.unlock_events(None, editor)
    _flush(case)
    with connection.schema_editor() as editor:
        editor.execute("DELETE FROM complaints_words")
        _guard.lock_events(None, editor)


TransactionTestCase._fixture_teardown = _flush_with_events_unlocked  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    """No test inherits what another kept in memory."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    notify._settled["id"] = 0


@pytest.fixture
def cast(db: None) -> Cast:
    """The village of the tests and its people."""
    return build()


@pytest.fixture
def client_of() -> Callable[[User | None], Client]:
    """A client signed in as somebody (``None``: nobody)."""

    def make(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return make
