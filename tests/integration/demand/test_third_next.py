"""Third next available: the worked example, per site, samples that stay, and the calendar put together later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.endings import close_day
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.demand.models import ThirdNextSample
from medguild.operations.demand.third_next import (
    mean_days,
    reconstruct_samples,
    samples,
    take_samples,
    third_next,
    third_next_by_kind,
    trend,
)
from medguild.operations.scheduling.calendar_sql import load_taken
from medguild.operations.scheduling.held_models import HeldBlock
from medguild.operations.scheduling.held_rules import Purpose
from medguild.operations.scheduling.kinds.visit_types import Needed, Terms, record_visit_type
from medguild.operations.scheduling.numbers import third_next_available
from medguild.operations.scheduling.rules import AbsenceKind
from medguild.operations.scheduling.slot_rules import Taken
from medguild.operations.scheduling.templating import add_session, record_absence
from tests.factories.needs import capability, needy, thing
from tests.factories.scheduling import block, schedule, wall
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
_DAY = dt.timedelta(days=1)


def test_days_are_calendar_days_to_the_third_time_apart(world: World) -> None:
    plan = schedule(world)
    _ = plan.session  # Mondays 9 to 12, nine times of 20 minutes
    friday = wall(plan.monday - 3 * _DAY, 8)
    asked = {"visit_type_id": plan.kind.pk, "sites": [plan.site]}
    assert [one.days for one in third_next(**asked, at=friday)] == [3]
    assert [one.days for one in third_next(**asked, at=wall(plan.monday, 8))] == [0]
    # Two times are left on the Monday: the third is a week later.
    assert [one.days for one in third_next(**asked, at=wall(plan.monday, 11, 20))] == [7]
    (whole,) = third_next_available(
        actor=HOUSE, visit_type_id=plan.kind.pk, clinicians=[plan.clinician.pk], on=plan.monday - 3 * _DAY, at=friday
    )
    assert whole.days == 3


def test_a_full_day_is_passed_over_and_an_ended_template_has_none(world: World) -> None:
    plan = schedule(world)
    for slot in range(7):
        plan.book(9 + slot // 3, slot % 3 * 20, patient=plan.another())
    friday = wall(plan.monday - 3 * _DAY, 8)
    asked = {"visit_type_id": plan.kind.pk, "sites": [plan.site], "at": friday}
    assert [one.days for one in third_next(**asked)] == [10]
    later = plan.monday + 7 * _DAY
    plan.session.period = type(plan.session.period)(plan.session.period.lower, later)
    plan.session.save()
    found = third_next(**asked)
    assert [one.days for one in found] == [None]
    assert mean_days(found) is None


def test_a_clinician_of_two_sites_has_two_numbers(world: World) -> None:
    plan = schedule(world)
    _ = plan.session
    other = world.second.site
    add_session(clinician=plan.clinician, site=other, block=block(plan.kind, weekday=3), start=plan.monday, by=HOUSE)
    found = third_next(visit_type_id=plan.kind.pk, sites=[plan.site, other], at=wall(plan.monday - 3 * _DAY, 8))
    assert {one.unit_id: one.days for one in found} == {plan.site.unit_id: 3, other.unit_id: 6}
    assert mean_days(found) == 4.5


def test_samples_are_kept_once_a_day_and_make_the_trend(world: World) -> None:
    plan = schedule(world)
    _ = plan.session
    friday = wall(plan.monday - 3 * _DAY, 8)
    assert take_samples(by=HOUSE, at=friday) == 1
    take_samples(by=HOUSE, at=friday)
    take_samples(by=HOUSE, at=friday + 7 * _DAY)
    manager = world.actor(Role.PRACTICE_MANAGER)
    rows = samples(manager, since=plan.monday - 30 * _DAY, sites=[plan.site], visit_type_id=plan.kind.pk)
    assert [(point.day, point.days, point.none) for point in trend(rows)] == [
        (plan.monday - 3 * _DAY, 3.0, 0), (plan.monday + 4 * _DAY, 3.0, 0),
    ]  # fmt: skip
    foreign = world.actor(Role.PRACTICE_MANAGER, world.member_a.entity)
    assert not samples(foreign, since=plan.monday - 30 * _DAY).exists()
    with pytest.raises(IntegrityError, match="third_next_sample_once"), transaction.atomic():
        ThirdNextSample.objects.create(
            day=plan.monday - 3 * _DAY, unit=plan.site.unit, visit_type=plan.kind, clinician=plan.clinician
        )


def test_the_calendar_of_a_day_gone_by_counts_what_was_booked_by_then(world: World) -> None:
    plan = schedule(world)
    friday = wall(plan.monday - 3 * _DAY, 8)
    for slot in range(7):
        booked = plan.book(9 + slot // 3, slot % 3 * 20, patient=plan.another())
        booked.booked_at = friday - _DAY if slot < 6 else friday + _DAY
        booked.save()
    reconstruct_samples(at=friday, by=HOUSE)
    (row,) = samples(HOUSE, since=plan.monday - 30 * _DAY)
    # The seventh was not booked yet on that Friday: three times were left.
    assert (row.days, row.reconstructed) == (3, True)


def test_a_calendar_put_together_for_now_says_what_the_one_of_now_says(world: World) -> None:
    """With padding, a device that all share, held parts, a closed day and a visit squeezed in."""
    plan = schedule(world)
    scanner = capability(ResourceKind.EQUIPMENT, "scanner")
    thing(plan.site.unit, scanner, "Scanner")
    scan = needy("scan", {scanner: Needed()}, minutes=40)
    record_visit_type(
        visit_type=scan, owner=scan.owner, code=scan.code, name=scan.name, minutes=40, by=HOUSE,
        terms=Terms(prep_minutes=10, clean_up_minutes=10, pads_clinician=True),
    )  # fmt: skip
    session = plan.session = plan.add(visit_types={plan.kind.pk: 20, scan.pk: 40})
    HeldBlock.objects.create(
        session=session, start_minute=11 * 60, end_minute=12 * 60, purpose=Purpose.SAME_DAY, release_days=0
    )
    other = world.clinician(plan.site.unit)
    plan.add(clinician=other, weekday=2, visit_types={plan.kind.pk: 20, scan.pk: 40})
    for hour, minute in ((9, 0), (9, 20), (9, 40), (10, 40)):
        plan.book(hour, minute, patient=plan.another())
    plan.book(10, 0, patient=plan.another(), overbook_reason="asked for", visit_type=scan)
    close_day(unit=plan.site.unit, day=plan.monday + 2 * _DAY, reason="Holiday", by=HOUSE)
    at = wall(plan.monday - _DAY, 8)
    take_samples(by=HOUSE, at=at)
    fields = ("unit_id", "clinician_id", "visit_type__code", "days")
    told = sorted(samples(HOUSE, since=plan.monday - 7 * _DAY).values_list(*fields), key=str)
    samples(HOUSE, since=plan.monday - 7 * _DAY).delete()
    reconstruct_samples(at=at, by=HOUSE)
    again = sorted(samples(HOUSE, since=plan.monday - 7 * _DAY).values_list(*fields), key=str)
    assert again == told
    days = {(clinician, code): count for _, clinician, code, count in told}
    # Monday has no third time of 20 minutes clear of what is booked and held; of 40 with ten before and after there
    # are two a week outside the held hour.
    assert days[plan.clinician.pk, plan.kind.code] == 8
    assert days[plan.clinician.pk, scan.code] == 15
    assert days[other.pk, plan.kind.code] == 10, "their Wednesday is closed"


def test_only_who_has_no_third_time_soon_is_looked_at_further_ahead(world: World) -> None:
    plan = schedule(world)
    _ = plan.session
    away = world.clinician(plan.site.unit)
    plan.add(clinician=away, weekday=2)
    friday = wall(plan.monday - 3 * _DAY, 8)
    record_absence(clinician=away, start=friday, end=friday + 30 * _DAY, kind=AbsenceKind.VACATION, by=HOUSE)
    asked: list[tuple[int, set[UUID]]] = []

    def load(
        resources: Collection[UUID], *, start: dt.datetime, end: dt.datetime, at: dt.datetime
    ) -> Mapping[UUID, Taken]:
        asked.append(((end - start).days, set(resources)))
        return load_taken(resources, start=start, end=end, at=at)

    (found,) = third_next_by_kind(visit_type_ids=[plan.kind.pk], sites=[plan.site], at=friday, load=load).values()
    assert {one.clinician_id: one.days for one in found} == {plan.clinician.pk: 3, away.pk: 33}
    (soon, both), (later, one) = asked
    assert soon < 20 < later < 70
    assert one == {away.resource_id} < both
