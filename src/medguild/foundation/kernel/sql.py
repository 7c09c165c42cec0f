"""The two quick ways to the database: statements that stay planned, and many rows by COPY."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import JSONField, Model
from psycopg.types.json import Jsonb


class _PlannedCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **(options | {"prepare": True}))


def planned_cursor() -> CursorWrapper:
    """A cursor like `connection.cursor()` whose statements PostgreSQL plans once per connection, because planning a hot
    statement takes longer than running it.

    Parameters are bound by the server: each `%s` stands for one value whose type follows from the value or its place;
    write a cast (`%s::date`) where neither says it. Where queries are logged the cursor is the ordinary one, because
    prepared statements do not tell Django their text.
    """
    connection.ensure_connection()
    if connection.queries_logged:
        return connection.cursor()
    return CursorWrapper(_PlannedCursor(connection.connection), connection)


def copy_in(rows: Sequence[Model]) -> None:
    """Insert new rows of one model by COPY, many times as quick as INSERT; all constraints and triggers hold.

    For services that write hundreds of rows. Values go as they are: Python's defaults have been set, Django's
    conversions are not asked, except that a JSONField takes what JSON can say.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [(field.attname, isinstance(field, JSONField)) for field in meta.concrete_fields]
    columns = ", ".join(f'"{field.column}"' for field in meta.concrete_fields)
    statement = f'copy "{meta.db_table}" ({columns}) from stdin'
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = row.__dict__
            copy.write_row([Jsonb(values[name]) if is_json else values[name] for name, is_json in fields])
            row._state.adding = False
