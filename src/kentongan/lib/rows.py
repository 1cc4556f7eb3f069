"""A new row with one prepared statement, where Django's ``save`` would write the same statement anew each time."""

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def insert(row: Model) -> None:
    """Insert a row that is not there yet, and give it its id. No signals, no defaults of the database: the columns as ``save`` fills them."""
    sql, fields = _statement(type(row), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


@cache
def _statement(model: type[Model], vendor: str) -> tuple[str, tuple["Field[Any, Any]", ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id", fields  # noqa: S608 - names of our own tables
