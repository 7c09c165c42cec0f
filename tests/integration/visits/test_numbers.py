from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import now
from medguild.operations.visits import flow
from medguild.operations.visits.numbers import flow_numbers, visits_between
from medguild.operations.visits.rules import VisitStatus
from medguild.operations.visits.subjects import view_visits
from tests.factories.visits import MINUTE, make_visit, make_walk_in
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db


def test_numbers_of_a_day(world: World) -> None:
    start = now() - dt.timedelta(hours=3)
    seen = make_visit(world, at=start, to=VisitStatus.LEFT, gap=10)
    quick = make_walk_in(world, at=start + 30 * MINUTE)
    quick = flow.room_patient(visit=quick, by=HOUSE, at=quick.since + 3 * MINUTE)
    quick = flow.undo_step(visit=quick, by=HOUSE, at=quick.since + MINUTE)
    flow.room_patient(visit=quick, by=HOUSE, at=start + 50 * MINUTE)
    gone = make_walk_in(world, at=start)
    flow.leave_without_being_seen(visit=gone, by=HOUSE, at=start + 90 * MINUTE)
    found = flow_numbers(visits_between(world.actor(Role.PRACTICE_MANAGER), start=start, end=now()))
    assert found.visits == 3
    assert found.outcomes == {
        VisitStatus.LEFT: 1,
        VisitStatus.ROOMED: 1,
        VisitStatus.LEFT_WITHOUT_BEING_SEEN: 1,
    }
    assert (found.cycle_visits, found.cycle_mean) == (1, 40)
    # Five minutes early and roomed after ten: the wait counts from the planned time.
    planned = seen.appointment
    assert planned is not None
    waited = int((start + 10 * MINUTE - planned.start).total_seconds() // 60)
    assert found.wait_visits == 2
    assert found.wait_mean == (waited + 20) / 2


def test_numbers_without_visits_are_unknown(world: World) -> None:
    found = flow_numbers(visits_between(HOUSE, start=now(), end=now()))
    assert (found.visits, found.cycle_mean, found.wait_median) == (0, None, None)


def test_numbers_are_cut_by_site_clinician_and_scope(world: World) -> None:
    start = now() - dt.timedelta(hours=1)
    visit = make_visit(world, at=start)
    make_visit(world, world.second, at=start)
    span = {"start": start, "end": now()}
    assert visits_between(HOUSE, **span).count() == 2
    assert list(visits_between(HOUSE, sites=[world.main.site.unit_id], **span)) == [visit]
    assert list(visits_between(HOUSE, clinicians=[world.main.clinician.pk], **span)) == [visit]
    assert list(visits_between(world.actor(Role.BILLER), **span)) == [visit]
    assert visits_between(world.actor(Role.BILLER, world.member_a.entity), **span).count() == 0


def test_a_visit_as_the_subject_of_work(world: World) -> None:
    visit = make_visit(world)
    views = view_visits(world.actor(Role.BILLER), [visit.pk])
    assert visit.patient.label() in views[visit.pk].label
    assert views[visit.pk].patient_id == visit.patient_id
    assert view_visits(world.actor(Role.BILLER, world.second.entity), [visit.pk]) == {}
