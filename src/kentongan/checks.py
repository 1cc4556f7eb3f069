"""Mistakes of an installation, explained in words: at start (``django.core.checks``) and on request (``kentongan doctor``)."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, connection
from django.utils import timezone

LOW_DISK = 500_000_000  # bytes


@register()
def installation(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What can be said without a database."""
    found: list[CheckMessage] = []
    if not settings.DATA.is_dir():
        found.append(
            Error(
                f"The data directory {settings.DATA} does not exist.",
                hint="Create it, or set KENTONGAN_DATA.",
                id="kentongan.E001",
            )
        )
    if len(settings.SECRET_KEY) < 32:
        found.append(
            Error(
                "The secret key is shorter than 32 characters.",
                hint="Remove KENTONGAN_SECRET_KEY: one is made.",
                id="kentongan.E002",
            )
        )
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < (3, 35):
        found.append(Error(f"SQLite {sqlite3.sqlite_version} is too old.", hint="3.35 or newer is needed.", id="kentongan.E003"))
    public = [host for host in settings.ALLOWED_HOSTS if host not in {"localhost", "127.0.0.1", "[::1]", "testserver"}]
    if public and not settings.HTTPS and not settings.DEBUG:
        found.append(
            Warning(
                f"{', '.join(public)} is served without HTTPS: names and codes travel in the open.",
                hint="Put a proxy with a certificate in front and set KENTONGAN_HTTPS=1.",
                id="kentongan.W001",
            )
        )
    return found


def examination() -> Iterator[tuple[bool, str]]:
    """Each thing looked at: whether it is well, and a sentence that says what to do when not."""
    from django.core.checks import run_checks

    for message in run_checks():
        yield False, f"{message.msg} {message.hint or ''}".strip()
    free = shutil.disk_usage(settings.DATA).free
    yield free > LOW_DISK, f"{free // 1_000_000} MB are free where the data is."
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield False, f"The database does not answer ({type(error).__name__}). Check KENTONGAN_DATABASE."
        return
    yield True, f"The database answers ({connection.vendor})."
    yield from _tables()


def _tables() -> Iterator[tuple[bool, str]]:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield False, f"{len(waiting)} changes of the tables are waiting. Run: kentongan migrate"
        return
    yield True, "The tables are up to date."
    yield from _village()
    from kentongan import worker

    yield (
        worker.is_alive(),
        "The worker was heard from within a minute." if worker.is_alive() else "The worker is silent. Run: kentongan serve",
    )


def _village() -> Iterator[tuple[bool, str]]:
    from kentongan.village.models import Holiday, Membership, Village
    from kentongan.village.roles import Role

    today = timezone.localdate()
    for village in Village.objects.all():
        for role in (Role.OFFICER, Role.HEAD):
            held = Membership.current().filter(village=village, role=role).exists()
            yield held, f"{village.name}: {role.label} " + ("has a holder." if held else "has none. Add one under Kantor.")
        until = today + timedelta(days=120)
        known = Holiday.objects.filter(village=village, day__year=until.year).exists()
        yield (
            known,
            f"{village.name}: days off of {until.year} " + ("are known." if known else "are missing. Add them under Kantor."),
        )
