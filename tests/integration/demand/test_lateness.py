"""Clinic days from the steps of visits: kept with causes that sum, measured anew, shown visit by visit."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import local_date, now
from medguild.operations.demand.late_rules import Cause
from medguild.operations.demand.lateness import (
    clinic_day,
    clinic_days,
    late_numbers,
    learn_typical_times,
    measure_day,
    typical_times,
)
from medguild.operations.demand.models import ClinicDay, TypicalTime
from medguild.operations.visits import flow
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import VisitStatus
from tests.factories.scheduling import visit_type
from tests.factories.visits import MINUTE, make_appointment, make_visit, walk_through
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
_DAY = dt.timedelta(days=1)


def _morning(world: World, days_ago: int = 2) -> dt.datetime:
    moment = now() - days_ago * _DAY
    return moment.replace(hour=18, minute=0, second=0, microsecond=0)  # ten or eleven o'clock on the west coast


def _seen(world: World, start: dt.datetime, *, arrives: int, roomed: int, began: int, ended: int) -> Visit:
    """A visit booked for `start`, with the minutes after it at which each step was taken."""
    booked = make_appointment(world, start=start, at=start - _DAY)
    visit = make_visit(world, appointment=booked, at=start + arrives * MINUTE)
    visit = flow.room_patient(visit=visit, room=None, by=HOUSE, at=start + roomed * MINUTE)
    visit = flow.start_clinician(visit=visit, by=HOUSE, at=start + began * MINUTE)
    return walk_through(flow.ready_to_leave(visit=visit, by=HOUSE, at=start + ended * MINUTE), VisitStatus.LEFT, gap=2)


def test_a_day_is_kept_with_its_causes_and_measured_anew(world: World) -> None:
    start = _morning(world)
    _seen(world, start, arrives=6, roomed=10, began=12, ended=32)  # 6 by the patient, 4 for a room, 2 not known
    _seen(world, start + 20 * MINUTE, arrives=-10, roomed=0, began=12, ended=30)
    site, day = world.main.site, local_date(start, world.main.site.time_zone)
    assert measure_day(site=site, day=day) == 1
    assert measure_day(site=site, day=day) == 1
    manager = world.actor(Role.PRACTICE_MANAGER)
    (row,) = clinic_days(manager, start=day, end=day + _DAY, sites=[site])
    assert (row.visits, row.late_visits, row.late) == (2, 2, 24 * 60)
    assert (row.patient, row.staff, row.clinician_other) == (12 * 60, 8 * 60, 4 * 60)
    numbers = late_numbers(clinic_days(manager, start=day, end=day + _DAY))[()]
    assert numbers.minutes_a_visit == 12.0
    assert sum(numbers.delay.causes.values()) == numbers.delay.late
    foreign = world.actor(Role.PRACTICE_MANAGER, world.member_a.entity)
    assert not clinic_days(foreign, start=day, end=day + _DAY).exists()
    shown = clinic_day(manager, site=site, clinician_id=world.main.clinician.pk, day=day)
    assert [one.delay.late for one in shown] == [12 * 60, 12 * 60]
    assert clinic_day(world.actor(Role.BILLER), site=site, clinician_id=world.main.clinician.pk, day=day) == []


def test_what_is_usual_for_a_kind_lies_in_the_template(world: World) -> None:
    _ = world.circle
    kind = visit_type()
    month = now().date().replace(day=1)
    for number in range(5):
        start = dt.datetime.combine(month, dt.time(18), tzinfo=dt.UTC) - (number + 2) * _DAY
        _seen(world, start, arrives=-5, roomed=-2, began=0, ended=30)
    assert learn_typical_times(month=month) == 1
    typical = typical_times([world.main.clinician.pk], on=month)
    assert typical == {(world.main.clinician.pk, kind.pk): 30 * 60}
    assert typical_times([world.main.clinician.pk], on=month - _DAY) == {}
    learn_typical_times(month=month)
    assert TypicalTime.objects.unscoped("a count").count() == 1


def test_parts_that_do_not_sum_are_refused(world: World) -> None:
    _ = world.circle
    place = {"day": now().date(), "unit": world.main.site.unit, "clinician": world.main.clinician}
    with pytest.raises(IntegrityError, match="clinic_day_causes_sum_to_late"), transaction.atomic():
        ClinicDay.objects.create(**place, visits=1, late_visits=1, late=60, staff=59)
    with pytest.raises(IntegrityError, match="clinic_day_late_visits_of_visits"), transaction.atomic():
        ClinicDay.objects.create(**place, visits=1, late_visits=2, late=0)
    ClinicDay.objects.create(**place, visits=1, late_visits=1, late=60, staff=60)
    with pytest.raises(IntegrityError, match="clinic_day_once"), transaction.atomic():
        ClinicDay.objects.create(**place, visits=1, late_visits=0, late=0)
    kind = visit_type()
    typical = {"month": now().date(), "clinician": world.main.clinician, "visit_type": kind, "seconds": 60}
    with pytest.raises(IntegrityError, match="typical_time_from_visits"), transaction.atomic():
        TypicalTime.objects.create(**typical, visits=0)
    TypicalTime.objects.create(**typical, visits=1)
    with pytest.raises(IntegrityError, match="typical_time_once"), transaction.atomic():
        TypicalTime.objects.create(**typical, visits=1)


def test_causes_are_those_of_the_row() -> None:
    assert {cause.value for cause in Cause} <= {field.name for field in ClinicDay._meta.fields}
