"""Wanted against offered: the worked example, what was wanted in vain, and searches that lead to nobody."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.foundation.standards.resolution import remembered
from medguild.operations.demand.matching import match
from medguild.operations.demand.matching_rules import Mismatch, ranked
from medguild.operations.demand.models import SlotSearch
from medguild.operations.demand.searches import KEPT_FOR, forget_searches, keep_search
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import AbsenceKind, CancelReason, Origin
from medguild.operations.scheduling.search.noting import Searched, tell_searched
from medguild.operations.scheduling.templating import record_absence
from tests.factories.calls import make_call
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World
from tests.support_queries import queries_at_most

pytestmark = pytest.mark.django_db
_DAY = dt.timedelta(days=1)


def _week(plan: Schedule) -> dict[str, dt.date]:
    return {"start": plan.monday, "end": plan.monday + 7 * _DAY}


def _cell(cells: list[Mismatch], band: int) -> Mismatch:
    return next(cell for cell in cells if cell.place == (0, band))


def test_a_morning_that_is_wanted_more_than_offered_is_ranked_first(world: World) -> None:
    plan = schedule(world)
    _ = plan.session  # Mondays 9 to 12: one hour in the band from 8, two in the band from 10
    plan.book(9, 0)
    plan.book(9, 20, patient=plan.another())
    gone = plan.book(9, 40, patient=plan.another())
    cancel_appointment(appointment=gone, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    for _number in range(4):
        wait_for(plan, earliest=plan.monday, weekdays=[0], from_minute=8 * 60, to_minute=10 * 60)
    search = {"visit_type_id": plan.kind.pk, "unit_id": plan.site.unit_id, "from_minute": 480, "to_minute": 600}
    for _number in range(2):  # twice the same wish
        keep_search(Searched(HOUSE, start=plan.monday, end=plan.monday + _DAY, found=0, **search))
    found = match(HOUSE, **_week(plan), sites=[plan.site])
    assert (found.booked, found.waiting, found.searched, found.weeks) == (2, 4, 1, 1.0)
    early, late = _cell(found.cells, 4), _cell(found.cells, 5)
    assert (early.wanted, early.offered, early.minutes) == (7.0, 3.0, 20)
    assert (late.wanted, late.offered) == (0.0, 6.0)
    assert ranked(found.cells) == [early]


def test_closed_days_and_absences_offer_nothing(world: World) -> None:
    plan = schedule(world)
    _ = plan.session
    two = {"start": plan.monday, "end": plan.monday + 14 * _DAY}
    assert _cell(match(HOUSE, **two, sites=[plan.site]).cells, 5).offered == 6.0
    record_absence(
        clinician=plan.clinician, start=wall(plan.monday, 0), end=wall(plan.monday + _DAY, 0),
        kind=AbsenceKind.VACATION, by=HOUSE,
    )  # fmt: skip
    assert _cell(match(HOUSE, **two, sites=[plan.site]).cells, 5).offered == 3.0


def test_lost_calls_about_appointments_stand_beside(world: World) -> None:
    make_call(world, talk=None, wait=60, reason="appointment")
    make_call(world, talk=None, wait=60, reason="billing")
    make_call(world, reason="appointment")
    today = now().date()
    found = match(HOUSE, start=today - 3 * _DAY, end=today + 2 * _DAY, sites=[world.main.site])
    assert found.lost_calls == 1
    manager = world.actor(Role.PRACTICE_MANAGER)
    assert match(manager, start=today - 3 * _DAY, end=today + 2 * _DAY, sites=[world.main.site]).lost_calls == 1


def test_the_number_of_queries_does_not_grow_with_the_rows(world: World) -> None:
    plan = schedule(world)
    for slot in range(6):
        plan.book(9 + slot // 3, slot % 3 * 20, patient=plan.another())
    with remembered(), queries_at_most(9):
        match(HOUSE, **_week(plan), sites=[plan.site])


def test_a_search_is_kept_without_who_and_for_whom(world: World) -> None:
    plan = schedule(world)
    actor = world.actor(Role.SCHEDULER)
    asked = {"visit_type_id": plan.kind.pk, "start": plan.monday, "end": plan.monday + 7 * _DAY}
    wisher = plan.patient.pk
    with queries_at_most(1):
        tell_searched(Searched(actor, **asked, found=0, patient_id=wisher))
    tell_searched(Searched(actor, **asked, found=5, patient_id=plan.patient.pk, door=Origin.PORTAL))
    tell_searched(Searched(actor, **asked, found=0, patient_id=plan.another().pk))
    rows = list(SlotSearch.objects.order_by("found"))
    assert [row.found for row in rows] == [0, 5]  # the first wish was met in the end
    kept = " ".join(str(value) for row in rows for value in row.__dict__.values())
    assert str(plan.patient.pk) not in kept
    assert str(actor.id) not in kept
    tell_searched(Searched(actor, plan.kind.pk, plan.monday, plan.monday, found=0))
    assert SlotSearch.objects.count() == 2
    assert forget_searches(at=now() + KEPT_FOR + _DAY) == 2


def test_bad_searches_are_refused_by_the_database(world: World) -> None:
    plan = schedule(world)
    good = {
        "visit_type": plan.kind, "first_day": plan.monday, "end_day": plan.monday + _DAY, "found": 0, "door": "staff",
        "asker": "x", "searched_at": now(),
    }  # fmt: skip
    for constraint, change in (
        ("slot_search_days_in_order", {"end_day": plan.monday}),
        ("slot_search_hours_in_order", {"from_minute": 600, "to_minute": 600}),
        ("slot_search_door_known", {"door": "window"}),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            SlotSearch.objects.create(**(good | change))
    SlotSearch.objects.create(**good)
    with pytest.raises(IntegrityError, match="slot_search_once"), transaction.atomic():
        SlotSearch.objects.create(**good)
