"""Rows by the thousand, past the ORM: the same tables and defaults, COPY on PostgreSQL, ``executemany`` on SQLite."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models


def _converter(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    if isinstance(field, models.JSONField):
        return json.dumps
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value
    return None


class Table:
    """Rows of one model waiting to be written; columns not named take the model's default."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self.model = model
        fields = model._meta.concrete_fields
        own = {field.attname: field for field in fields}
        self._given = [own[column] for column in columns]
        left = [field for field in fields if field.attname not in columns and not field.primary_key]
        self._names = [field.column for field in (*self._given, *left)]
        self._rest = tuple(self._prepared(field, field.get_default()) for field in left)
        self._convert = [(place, convert) for place, field in enumerate(self._given) if (convert := _converter(field))]
        self._rows: list[tuple[Any, ...]] = []

    @staticmethod
    def _prepared(field: "models.Field[Any, Any]", value: Any) -> Any:
        convert = _converter(field)
        return convert(value) if convert and value is not None else value

    def add(self, *values: Any) -> None:
        """One row, in the order of ``columns``."""
        row = list(values)
        for place, convert in self._convert:
            if row[place] is not None:
                row[place] = convert(row[place])
        self._rows.append((*row, *self._rest))

    def write(self) -> None:
        """Send what waits."""
        bulk(self.model._meta.db_table, self._names, self._rows)
        self._rows = []


def bulk(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert ``rows`` the fastest way the database knows."""
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})", rows)


def settle(tables: list[type[models.Model]]) -> None:
    """Sequences beyond the rows that were written, and fresh planner statistics."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
