"""Work whose clock runs in open hours: the hours, days and closures of its place, in its own time zone."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.local_time import zone_of_unit
from medguild.foundation.organization.models import Closure
from medguild.foundation.standards.services import set_standard
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.escalation import escalate_overdue
from medguild.foundation.work.ports import subject_kinds, work_types
from medguild.foundation.work.presets import CLOSES, INBOX, PAYMENT
from medguild.foundation.work.rules import Escalation
from medguild.foundation.work.services import open_item
from tests.factories.world import HOUSE, START, World

WEST = ZoneInfo("America/Los_Angeles")
FRIDAY = dt.datetime(2026, 11, 20, 12, tzinfo=WEST)


@pytest.fixture
def site(world: World) -> UUID:
    for work_type in (PAYMENT, INBOX):
        assign_duty(
            work_type=work_type, unit=world.main.entity, role=Role.BILLER, backup_role=Role.FRONT_DESK, start=START,
            by=HOUSE,
        )  # fmt: skip
    return world.main.site_unit.pk


def test_a_day_is_a_working_day_of_the_place(world: World, site: UUID) -> None:
    asked = open_item(work_type=PAYMENT, unit_id=site, by=HOUSE, at=FRIDAY)
    assert asked.due_at == dt.datetime(2026, 11, 23, 12, tzinfo=WEST)
    Closure.objects.create(unit=world.main.practice, day=dt.date(2026, 11, 23), reason="Move")
    assert open_item(work_type=PAYMENT, unit_id=site, by=HOUSE, at=FRIDAY).due_at.astimezone(WEST).day == 24


def test_what_cannot_wait_runs_around_the_clock(site: UUID) -> None:
    late = FRIDAY.replace(hour=22)
    assert open_item(work_type=INBOX, unit_id=site, by=HOUSE, at=late).due_at == late + dt.timedelta(hours=4)


def test_hours_are_a_standard_of_the_place_and_escalation_keeps_them(world: World, site: UUID) -> None:
    set_standard(key=CLOSES, unit=world.main.site_unit, value=13, by=HOUSE, start=START)
    item = open_item(work_type=PAYMENT, unit_id=site, by=HOUSE, at=FRIDAY)
    escalate_overdue(by=HOUSE, at=item.due_at)
    item.refresh_from_db()
    assert item.escalation == Escalation.BACKUP
    assert item.escalates_at == dt.datetime(2026, 11, 24, 11, tzinfo=WEST)


def test_the_zone_is_that_of_the_nearest_site(world: World, site: UUID) -> None:
    assert zone_of_unit(site, on=FRIDAY.date()) == WEST
    assert zone_of_unit(world.main.entity.pk, on=FRIDAY.date()) == WEST
    assert zone_of_unit(world.ipa.pk, on=FRIDAY.date()).key in ("UTC", "America/Los_Angeles")


def test_whatever_work_is_about_has_a_name() -> None:
    wanted = {kind for _, declared in work_types.items() for kind in declared.subject_types}
    assert wanted - {key for key, _ in subject_kinds.items()} == set()
