"""The periodic purge of holds that have run out meets bookings at work with the same rows: it waits for nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction

from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.calendar_sql import look_and_tidy
from medguild.operations.scheduling.holding import hold_slot, purge_expired_holds
from medguild.operations.scheduling.models import Allocation, Hold
from medguild.operations.scheduling.protocol import lock_resources
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.world import HOUSE, World
from tests.support_races import all_at_once, deadlocks


@pytest.fixture
def plan(transactional_log: None) -> Schedule:
    """A clinician with a room: each hold takes two resources."""
    made = schedule(World())
    made.session = made.add(start_minute=6 * 60, end_minute=20 * 60, room=made.office.room)
    return made


def held(plan: Schedule, hour: int, *, at: dt.datetime | None = None) -> Hold:
    return hold_slot(
        clinician=plan.clinician, visit_type=plan.kind, site=plan.site, start=wall(plan.monday, hour), by=HOUSE, at=at
    )


def beside(act: Callable[[], int]) -> int:
    """The act on a connection of its own that does not wait for anybody's rows."""

    def run() -> int:
        try:
            with connection.cursor() as cursor:
                cursor.execute("set lock_timeout = '10ms'")
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def left() -> tuple[int, int]:
    return Hold.objects.unscoped("test").count(), Allocation.objects.unscoped("test").filter(hold__isnull=False).count()


def test_the_purge_leaves_what_a_booking_is_tidying(plan: Schedule) -> None:
    """The booking has removed the room's part and goes on to the clinician's: the purge keeps out of its way."""
    old = held(plan, 9, at=now() - dt.timedelta(hours=1))
    other = held(plan, 15, at=now() - dt.timedelta(hours=1))
    start, end = wall(plan.monday, 6), wall(plan.monday, 12)
    rows = Allocation.objects.unscoped("test").filter(hold=old)
    with transaction.atomic():
        rows.filter(resource_id=plan.office.room.pk).delete()  # as the look of a booking in this room does
        assert beside(purge_expired_holds) == 1  # the other hold is gone, this one is somebody's
        assert not Hold.objects.unscoped("test").filter(pk=other.pk).exists()
        lock_resources([plan.clinician.resource_id])
        look_and_tidy([plan.clinician.resource_id], start=start, end=end, at=now())
    assert left() == (1, 0)
    assert purge_expired_holds() == 1
    assert left() == (0, 0)


def test_the_purge_does_not_take_a_hold_from_under_its_booking(plan: Schedule) -> None:
    """Used in its last second: the booking has taken the allocations, next it removes the hold."""
    kept = held(plan, 9)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from operations_allocation where hold_id = %s", [kept.pk])
        assert beside(lambda: purge_expired_holds(at=kept.expires_at)) == 0
        cursor.execute("delete from operations_hold where id = %s", [kept.pk])
        assert cursor.rowcount == 1
    assert left() == (0, 0)


def test_purges_and_bookings_at_once(plan: Schedule) -> None:
    """Rounds of bookings over holds that have run out, with purges among them: all are booked, nobody in a circle."""
    before = deadlocks()
    for hour in (9, 10, 11):
        held(plan, hour, at=now() - dt.timedelta(hours=1))
        bookers: list[Callable[[], object]] = [
            partial(plan.book, hour, minute, patient=plan.another()) for minute in (0, 20, 40)
        ]
        assert all_at_once([*bookers, purge_expired_holds, purge_expired_holds]) == ["done"] * 5
    purge_expired_holds()
    assert left() == (0, 0)
    assert deadlocks() == before
