"""Where the log is complete: transactions of our database hold, those of other databases do not."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections, transaction

from medguild.foundation.events.horizon import horizon
from medguild.foundation.events.sealing import seal_batch
from tests.integration.events.support import everything, tell, until


@contextmanager
def session(database: str | None = None, **more: Any) -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own, to our test database or to another one of the server."""
    known = connection.get_connection_params()
    chosen = {key: known[key] for key in ("host", "port", "user", "password", "dbname") if known.get(key)}
    opened = psycopg.connect(**{**chosen, **({"dbname": database} if database else {}), **more})
    try:
        yield opened
    finally:
        opened.close()


def number(opened: psycopg.Connection[Any]) -> int:
    row = opened.execute("select pg_current_xact_id()::text").fetchone()
    assert row is not None
    return int(row[0])


def committed() -> UUID:
    with transaction.atomic():
        return tell()


@pytest.fixture
def neighbour(transactional_log: None) -> Iterator[str]:
    """Another database of the same server; whoever tests beside us has their own."""
    name = connection.ops.quote_name(f"{connection.settings_dict['NAME']}_neighbour")
    with connection.cursor() as cursor:
        cursor.execute(f"drop database if exists {name}")
        cursor.execute(f"create database {name}")
    yield name.strip('"')
    with connection.cursor() as cursor:
        cursor.execute(f"drop database {name} with (force)")


def test_a_long_transaction_of_another_database_holds_nothing_up(neighbour: str) -> None:
    with session(neighbour) as foreign:
        theirs = number(foreign)
        told = committed()
        until(lambda: int(horizon()) > theirs)
        seal = seal_batch()
        assert seal is not None
        assert seal.last_event_id == told


def test_a_long_transaction_of_our_database_holds(neighbour: str) -> None:
    with session() as ours, session(neighbour) as foreign:
        number(foreign)
        held = number(ours)
        committed()
        until(lambda: int(horizon()) == held)
        assert seal_batch() is None
        ours.rollback()
        until(lambda: seal_batch() is not None)


def test_a_transaction_prepared_in_another_database_is_known(neighbour: str) -> None:
    with session(neighbour) as foreign:
        row = foreign.execute("show max_prepared_transactions").fetchone()
        if row is None or row[0] == "0":
            pytest.skip("this server prepares no transactions")
        foreign.rollback()
        foreign.tpc_begin(foreign.xid(0, "held", "here"))
        theirs = number(foreign)
        foreign.tpc_prepare()
        until(lambda: int(horizon()) > theirs)
        foreign.tpc_rollback()


def test_an_ordinary_role_sees_enough(neighbour: str) -> None:
    """Another role's number and database are shown to everybody; nothing here needs a superuser."""
    with connection.cursor() as cursor:
        cursor.execute("drop role if exists medguild_plain_of_tests; create role medguild_plain_of_tests")
    try:
        with session(neighbour) as foreign, transaction.atomic(), connection.cursor() as cursor:
            theirs = number(foreign)
            cursor.execute("set local role medguild_plain_of_tests")
            until(lambda: int(horizon()) > theirs)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop role medguild_plain_of_tests")


def test_what_another_transaction_read_before_is_not_believed(neighbour: str) -> None:
    """The list of backends is kept for a transaction; the horizon must look again each time."""
    with transaction.atomic(), session() as ours, session(neighbour) as foreign:
        first = int(horizon())
        held = number(ours)
        number(foreign)
        assert first <= held
        assert int(horizon()) <= held


def test_our_own_transaction_counts_as_running(neighbour: str) -> None:
    with transaction.atomic():
        tell()
        with connection.cursor() as cursor:
            cursor.execute("select pg_current_xact_id()::text")
            own = int(cursor.fetchone()[0])
        assert int(horizon()) <= own


def test_no_event_appears_behind_the_horizon(neighbour: str) -> None:
    """Writers of both databases begin and end in any order; what is sealed is what was written, once, in order."""
    stop, told, failed = threading.Event(), list[UUID](), list[BaseException]()

    def write(seed: int) -> None:
        dice = random.Random(seed)
        try:
            for _ in range(40):
                with transaction.atomic():
                    event = tell()
                    time.sleep(dice.random() / 100)
                    if dice.random() < 0.2:
                        transaction.set_rollback(True)
                    else:
                        told.append(event)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failed.append(error)
        finally:
            connections.close_all()

    def disturb(seed: int) -> None:
        dice = random.Random(seed)
        with session(neighbour) as foreign:
            while not stop.is_set():
                number(foreign)
                time.sleep(dice.random() / 50)
                foreign.rollback()

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(6)]
    others = [threading.Thread(target=disturb, args=(seed,)) for seed in range(3)]
    for thread in [*others, *writers]:
        thread.start()
    sealed: list[UUID] = []
    while any(thread.is_alive() for thread in writers):
        sealed += _sealed_now()
    stop.set()
    for thread in [*others, *writers]:
        thread.join()
    while more := _sealed_now():
        sealed += more
    assert failed == []
    assert sorted(sealed) == sorted(told)
    assert everything().count() == len(told)


def _sealed_now() -> list[UUID]:
    seal = seal_batch(limit=7)
    return list(seal.event_ids) if seal else []
