"""Booking under load: what PostgreSQL asks to try again is tried again once, and nothing else is hidden."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from medguild.operations.scheduling.errors import SlotTaken
from medguild.operations.scheduling.protocol import GUARD, guarded_transaction

DEADLOCK, SERIALIZATION, OUT_OF_MEMORY = "40P01", "40001", "53200"


def fail(code: str, constraint: str = "") -> None:
    """A real error of the database, by its code."""
    named = f", constraint = '{constraint}'" if constraint else ""
    with connection.cursor() as cursor:
        cursor.execute(f"do $$ begin raise exception 'told to' using errcode = '{code}'{named}; end $$")


def failing(times: int, code: str) -> tuple[list[int], Callable[[], str]]:
    """A booking that fails so many times before it succeeds; the list counts its runs."""
    runs: list[int] = []

    def run() -> str:
        runs.append(len(runs))
        if len(runs) <= times:
            fail(code)
        return "booked"

    return runs, run


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", [DEADLOCK, SERIALIZATION])
def test_a_deadlock_is_tried_once_more(code: str) -> None:
    runs, run = failing(1, code)
    assert guarded_transaction(run) == "booked"
    assert len(runs) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("code", "times"), [(DEADLOCK, 2), (OUT_OF_MEMORY, 1)], ids=["twice", "another error"])
def test_the_user_is_told_when_trying_again_does_not_help(code: str, times: int) -> None:
    runs, run = failing(times, code)
    with pytest.raises(OperationalError):
        guarded_transaction(run)
    assert len(runs) == times


@pytest.mark.django_db
def test_inside_another_transaction_nothing_is_tried_again() -> None:
    runs, run = failing(1, DEADLOCK)
    with pytest.raises(OperationalError):
        guarded_transaction(run)
    assert len(runs) == 1


@pytest.mark.django_db
def test_the_guard_says_that_the_time_is_taken_and_other_constraints_stay_errors() -> None:
    with pytest.raises(SlotTaken) as taken:
        guarded_transaction(lambda: fail("23P01", GUARD))
    assert taken.value.code == "slot_taken"
    with pytest.raises(IntegrityError), transaction.atomic():
        guarded_transaction(lambda: fail("23505", "another_constraint"))
