"""Mass data by COPY, with all constraints on."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models


def id_at(rng: random.Random, moment: dt.datetime) -> UUID:
    """A version-7 id of a moment whose random bits come from the generator: the same seed gives the same ids."""
    # As `kernel.ids.first_id_at` has it; made in one go, because a large group asks for millions.
    first = int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62
    return UUID(int=first | rng.getrandbits(12) << 64 | rng.getrandbits(62))


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Stream rows into the model's table; `columns` are database columns. Returns how many were written."""
    written = copy_into(model._meta.db_table, columns, rows)
    check_now()
    return written


def check_now() -> None:
    """Ask the deferred constraints about all rows so far, so that what is wrong is told where it was written.

    Left until commit, the waiting checks slow each trigger that follows: PostgreSQL walks their list at the end of
    every subtransaction, and triggers begin one per row.
    """
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; set constraints all deferred")


def copy_into(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    written = 0
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
            written += 1
    return written
