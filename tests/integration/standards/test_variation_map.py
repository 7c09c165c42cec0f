"""The map shows where practices differ, to those who may see them, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.standards import ports
from medguild.foundation.standards.deviations import approve_deviation
from medguild.foundation.standards.models import Deviation
from medguild.foundation.standards.ports import Outcome
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.rules import Dimension
from medguild.foundation.standards.selectors import outcome_columns, settings_visible, variation_map
from medguild.foundation.standards.services import set_standard
from tests.factories.world import HOUSE, World

KEY = "work.due.refill.request"


def test_differences_with_their_deviations_and_the_share_that_follows(
    world: World, propose: Callable[..., Deviation]
) -> None:
    world.second  # noqa: B018 - made here
    set_standard(key=KEY, unit=world.enterprise, value=dt.timedelta(hours=12), by=HOUSE)
    set_standard(
        key=KEY, unit=world.enterprise, value=dt.timedelta(hours=6), by=HOUSE, dimension=Dimension.SPECIALTY,
        target="cardiology",
    )  # fmt: skip
    deviation = propose(key=KEY, value=dt.timedelta(days=100))
    approve_deviation(deviation_id=deviation.pk, by=world.actor(Role.PHYSICIAN_OWNER))
    found = variation_map(world.actor(Role.PHYSICIAN_OWNER, world.enterprise), keys=[KEY])
    row = found.rows[0]
    cells = {cell.unit.pk: cell for cell in row.cells}
    here, there = cells[world.main.practice.pk], cells[world.second.practice.pk]
    assert row.group.value == dt.timedelta(hours=12)
    assert (here.resolved.value, here.deviation) == (dt.timedelta(days=100), deviation)
    assert (there.resolved.value, there.differs) == (dt.timedelta(hours=6), True)
    assert (row.adopted, row.varies) == ((0, 2), True)
    for office in (world.main, world.second):
        assert resolve(KEY, StandardContext(office.site.unit_id)).value == cells[office.practice.pk].resolved.value


def test_a_member_sees_its_own_practice_only_in_cells_and_counts(world: World) -> None:
    set_standard(key=KEY, unit=world.member_b.practice, value=dt.timedelta(hours=1), by=HOUSE)
    actor = world.actor(Role.PRACTICE_MANAGER, world.member_a.entity)
    found = variation_map(actor, keys=[KEY])
    assert [unit.pk for unit in found.units] == [world.member_a.practice.pk]
    assert found.rows[0].adopted == (1, 1)
    assert not settings_visible(actor, KEY).exists()
    set_standard(key=KEY, unit=world.enterprise, value=dt.timedelta(hours=2), by=HOUSE)
    assert settings_visible(actor, KEY).count() == 1


def test_the_number_of_queries_does_not_grow_with_practices_and_settings(world: World) -> None:
    actor = world.actor(Role.PHYSICIAN_OWNER, world.enterprise)
    world.main  # noqa: B018 - made here
    with CaptureQueriesContext(connection) as few:
        variation_map(actor)
    for name in ("Elm", "Fir", "Oak"):
        office = world.office(name)
        set_standard(key=KEY, unit=office.practice, value=dt.timedelta(hours=3), by=HOUSE)
    actor = world.actor(Role.MEDICAL_DIRECTOR, world.enterprise)
    with CaptureQueriesContext(connection) as many:
        assert len(variation_map(actor).units) == 5
    assert len(many) == len(few) <= 8


def test_outcomes_stand_beside_the_standards_they_speak_of(world: World) -> None:
    def read(units: Sequence[UUID], on: dt.date) -> Mapping[UUID, str]:
        return dict.fromkeys(units, "92 %")

    outcome = Outcome("test.closed_in_time", "Closed in time", (KEY,), read)
    ports.outcomes.register(outcome.key, outcome)
    try:
        columns = outcome_columns(KEY, [world.main.practice])
        assert columns[0].values[world.main.practice.pk] == "92 %"
        assert outcome_columns("work.handoff_due", [world.main.practice]) == []
    finally:
        ports.outcomes._entries.pop(outcome.key)
