"""Series and days that want the same rooms of sessions in opposite order: nobody waits in a circle, all are booked."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest

from medguild.foundation.kernel.ids import new_id
from medguild.operations.itineraries import campuses
from medguild.operations.itineraries import services as days
from medguild.operations.itineraries.rules import Place
from medguild.operations.itineraries.services import Chosen, book_day
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.templating import add_session
from medguild.operations.series import lines
from medguild.operations.series.lines import Choice, Take
from medguild.operations.series.services import NewSeries, make_series
from tests.factories.scheduling import Schedule, add_room, block, make_patient, schedule, wall
from tests.factories.series import visiting, weekly
from tests.factories.world import HOUSE, START, World
from tests.support_races import all_at_once, deadlocks

_HOUR = 60


@pytest.fixture
def plan(transactional_log: None) -> Schedule:
    return schedule(World())


def meet_after_the_first(monkeypatch: pytest.MonkeyPatch, where: ModuleType) -> None:
    """Two who book several visits wait for each other after the first: without one order for all, each then has what
    the other wants. Where one has to wait for the whole of the other, it goes on alone."""
    book, barrier, seen = where.book_appointment, threading.Barrier(2), threading.local()

    def booked(**given: Any) -> Appointment:
        made: Appointment = book(**given)
        if not getattr(seen, "once", False):
            seen.once = True
            with suppress(threading.BrokenBarrierError):
                barrier.wait(timeout=2)
        return made

    monkeypatch.setattr(where, "book_appointment", booked)


def together(acts: Sequence[Callable[[], object]], visits: int) -> None:
    before = deadlocks()
    assert all_at_once(list(acts)) == ["done"] * len(acts)
    assert Appointment.objects.unscoped("test").filter(status="booked").count() == visits
    assert deadlocks() == before


def crossing(plan: Schedule) -> tuple[Any, Any]:
    """Two clinicians who change rooms: on Mondays in one, on Tuesdays in the other's."""
    rooms = [plan.office.room, add_room(plan.office)]
    colleague = World().clinician(plan.site.unit)
    for weekday in (0, 1):
        plan.add(weekday=weekday, room=rooms[weekday])
        plan.add(colleague, weekday=weekday, room=rooms[1 - weekday])
    return plan.clinician, colleague


def test_series_that_cross_in_the_rooms_of_their_sessions(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    both = crossing(plan)
    meet_after_the_first(monkeypatch, lines)

    def maker(clinician: Any) -> Callable[[], object]:
        who = visiting(plan, patient=make_patient(plan.office), clinician=clinician)
        new = NewSeries(who, weekly(plan, weekdays=(0, 1), times=4), new_id())
        return lambda: make_series(new=new, choices={}, by=HOUSE)

    together([maker(one) for one in both], visits=8)


def test_series_that_cross_in_times_chosen_far_from_the_rule(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another time was chosen for the second visit, weeks away, where the template names another room."""
    rooms = [plan.office.room, add_room(plan.office)]
    colleague = World().clinician(plan.site.unit)
    far = plan.monday + dt.timedelta(weeks=6)
    for clinician, (near_room, far_room) in ((plan.clinician, rooms), (colleague, rooms[::-1])):
        add_session(
            clinician=clinician, site=plan.site, block=block(plan.kind, room=near_room), start=START, end=far, by=HOUSE
        )
        plan.add(clinician, start=far, room=far_room)
    meet_after_the_first(monkeypatch, lines)

    def maker(clinician: Any) -> Callable[[], object]:
        who = visiting(plan, patient=make_patient(plan.office), clinician=clinician)
        new = NewSeries(who, weekly(plan, times=2), new_id())
        return lambda: make_series(new=new, choices={2: Choice(Take.OTHER_TIME, wall(far, 9))}, by=HOUSE)

    together([maker(plan.clinician), maker(colleague)], visits=4)


def test_days_that_cross_in_the_rooms_of_their_sessions(plan: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    rooms = [plan.office.room, add_room(plan.office)]
    campus = campuses.found_campus(name="Harbor campus", by=HOUSE)
    campuses.place_site(campus=campus, unit=plan.site.unit, at=Place(0, 0), start=START, by=HOUSE)
    meet_after_the_first(monkeypatch, days)

    def booker(first: int) -> Callable[[], object]:
        """At nine in one room, at eleven in the other."""
        chosen = []
        for number, hour in enumerate((9, 11)):
            who = world.clinician(plan.site.unit)
            plan.add(who, room=rooms[(first + number) % 2], start_minute=hour * _HOUR, end_minute=hour * _HOUR + _HOUR)
            chosen.append(Chosen(plan.kind, who, plan.site, wall(plan.monday, hour)))
        person = make_patient(plan.office)
        return lambda: book_day(itinerary_id=new_id(), patient=person, campus=campus, chosen=chosen, by=HOUSE)

    together([booker(0), booker(1)], visits=4)
