"""Several at once, each with a connection of its own: started together, or one behind another's lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from medguild.foundation.kernel.errors import Refusal

_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
_DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()"


def all_at_once(acts: list[Callable[[], object]]) -> list[str]:
    """Run each act in a thread with a connection of its own, started together; `done`, or the code of the refusal."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=120)
            act()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def until_waiting(number: int = 1) -> None:
    """Come back as soon as so many connections of this database wait for a lock."""
    for _ in range(1_200):
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot()")
            cursor.execute(_WAITING)
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.05)
    raise AssertionError("they never waited")


def deadlocks() -> int:
    """How many deadlocks this database has seen. The connections that were in one have been closed, and so counted."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_force_next_flush()")
        cursor.execute("select pg_stat_clear_snapshot()")
        cursor.execute(_DEADLOCKS)
        counted: int = cursor.fetchone()[0]
    return counted
