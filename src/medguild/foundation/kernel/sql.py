"""Hot statements: PostgreSQL plans them once per connection, because planning takes longer than running them.

For SQL that every booking, search and read asks. Parameters are bound by the server, so each `%s` stands for one value
whose type follows from the value or its place; write a cast (`%s::date`) where neither says it.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


class _PlannedCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **(options | {"prepare": True}))


def planned_cursor() -> CursorWrapper:
    """A cursor like `connection.cursor()` whose statements stay prepared; use it as a context manager.

    Where queries are logged it is the ordinary one, because prepared statements do not tell Django their text.
    """
    connection.ensure_connection()
    if connection.queries_logged:
        return connection.cursor()
    return CursorWrapper(_PlannedCursor(connection.connection), connection)
