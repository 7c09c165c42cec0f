"""Rows are written by a thread of its own, in their order and in the transaction of whoever thinks them up."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from psycopg.errors import UniqueViolation

from medguild.demo.copying import Numbers, copy_into, run, write, writing_behind

pytestmark = pytest.mark.django_db
TABLE = "create temporary table demo_written (number int primary key, by text) on commit drop"


class _Enough(Exception):
    pass


def _written() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select number from demo_written order by number")
        return [number for (number,) in cursor.fetchall()]


def test_a_question_waits_for_what_was_written_before() -> None:
    threads: list[int] = []
    with transaction.atomic(), writing_behind():
        run(TABLE)
        copy_into("demo_written", ("number", "by"), ((number, "copy") for number in range(25_000)))
        write(lambda: threads.append(threading.get_ident()))
        run("delete from demo_written where number >= %s", [24_000])
        assert _written() == list(range(24_000))
    assert threads != [threading.get_ident()]
    assert len(threads) == 1


def test_all_is_written_when_it_ends() -> None:
    run(TABLE)
    with writing_behind():
        copy_into("demo_written", ("number", "by"), ((number, "copy") for number in range(30_000)))
    assert len(_written()) == 30_000


def _twice(*, ask: bool) -> None:
    with transaction.atomic(), writing_behind():
        copy_into("demo_written", ("number", "by"), [(1, "once"), (1, "twice")])
        if ask:
            _written()


def _give_up() -> None:
    with transaction.atomic(), writing_behind():
        for number in range(100):
            run("insert into demo_written values (%s, 'run')", [number])
        raise _Enough


@pytest.mark.parametrize("ask", [True, False])
def test_what_goes_wrong_is_told_and_taken_back(ask: bool) -> None:
    run(TABLE)
    with pytest.raises(UniqueViolation):
        _twice(ask=ask)
    assert _written() == []


def test_who_gives_up_leaves_nothing() -> None:
    run(TABLE)
    with pytest.raises(_Enough):
        _give_up()
    assert _written() == []


def test_numbers_go_on_where_the_demo_ends() -> None:
    with connection.cursor() as cursor:
        numbers = Numbers("revenue_receipt_number")
        taken = [numbers.following() for _ in range(3)]
        numbers.keep()
        cursor.execute("select nextval('revenue_receipt_number')")
        assert [*taken, cursor.fetchone()[0]] == list(range(taken[0], taken[0] + 4))
