"""Events that the database itself refuses to change, and the search index. The one place where the two databases differ."""

from typing import Any

from django.db import migrations

SQLITE_LOCK = (
    "CREATE TRIGGER event_never_changed BEFORE UPDATE ON complaints_event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
    "CREATE TRIGGER event_never_deleted BEFORE DELETE ON complaints_event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END",
    # REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER event_never_replaced BEFORE INSERT ON complaints_event WHEN EXISTS (SELECT 1 FROM complaints_event WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END",
)
SQLITE_UNLOCK = tuple(f"DROP TRIGGER IF EXISTS event_never_{what}" for what in ("changed", "deleted", "replaced"))
POSTGRES_LOCK = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'events are never changed or deleted' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER event_never_changed BEFORE UPDATE OR DELETE ON complaints_event FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER event_never_emptied BEFORE TRUNCATE ON complaints_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)
POSTGRES_UNLOCK = (
    "DROP TRIGGER IF EXISTS event_never_changed ON complaints_event",
    "DROP TRIGGER IF EXISTS event_never_emptied ON complaints_event",
)


def run(schema_editor: Any, sqlite: tuple[str, ...], postgres: tuple[str, ...]) -> None:
    for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgres:
        schema_editor.execute(statement)


def lock_events(apps: Any, schema_editor: Any) -> None:
    run(schema_editor, SQLITE_LOCK, POSTGRES_LOCK)


def unlock_events(apps: Any, schema_editor: Any) -> None:
    run(schema_editor, SQLITE_UNLOCK, POSTGRES_UNLOCK)


def create_index(apps: Any, schema_editor: Any) -> None:
    sqlite = ("CREATE VIRTUAL TABLE complaints_words USING fts5(words, tokenize = 'unicode61')",)
    postgres = (
        "CREATE TABLE complaints_words (complaint_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX complaints_words_gin ON complaints_words USING gin (words) WITH (fastupdate = off)",
    )
    run(schema_editor, sqlite, postgres)


def drop_index(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE complaints_words")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_initial")]
    operations = [migrations.RunPython(lock_events, unlock_events), migrations.RunPython(create_index, drop_index)]
