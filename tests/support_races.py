"""Several at once, each with a connection of its own: started together, or one behind another's lock; and what must
hold afterwards."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import connection, transaction

from medguild.foundation.kernel.errors import Refusal
from medguild.operations.scheduling.protocol import lock_resources

_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
_TWICE = """
    select count(*) from operations_allocation a join operations_allocation b on a.id < b.id
       and a.resource_id = b.resource_id and a.lane = b.lane and a.during && b.during and a.active and b.active
"""
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


def queued_behind(resources: Iterable[UUID], acts: list[Callable[[], object]]) -> list[object]:
    """Run the acts in threads that meet at the lock of these resources, each behind the one before; what they gave, or
    the error they raised, in the order in which they ended."""
    answers: list[object] = []

    def run(act: Callable[[], object]) -> None:
        try:
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    with transaction.atomic():
        lock_resources(resources)
        for number, thread in enumerate(threads, start=1):
            thread.start()
            until_waiting(number)
    for thread in threads:
        thread.join()
    return answers


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


def no_double_booking() -> None:
    """No lane of any resource is taken twice at one moment."""
    with connection.cursor() as cursor:
        cursor.execute(_TWICE)
        assert cursor.fetchone()[0] == 0
