"""Which value holds where, in one query, and for how long it is remembered."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.standards import ports
from medguild.foundation.standards.deviations import approve_deviation, propose_deviation
from medguild.foundation.standards.models import StandardSetting
from medguild.foundation.standards.ports import Standard, declare_standard
from medguild.foundation.standards.resolution import (
    StandardContext,
    found_for,
    found_for_units,
    remembered,
    resolve,
    resolve_all,
)
from medguild.foundation.standards.rules import Bounds, Dimension, Kind, Level, Mode, Value
from medguild.foundation.standards.services import clear_standard, mark_process, set_standard
from tests.factories.world import HOUSE, World

KEY = "test.visit_minutes"
TODAY = dt.datetime.now(dt.UTC).date()
LONG_AGO = dt.date(2024, 1, 1)


@pytest.fixture(autouse=True)
def _declared() -> Iterator[None]:
    declare_standard(
        Standard(
            key=KEY,
            label="Minutes of a visit",
            kind=Kind.INTEGER,
            default=20,
            mode=Mode.BOUNDED,
            levels=(Level.STATE, Level.PRACTICE, Level.SPECIALTY, Level.SITE, Level.CLINICIAN, Level.PAYER),
            bounds=Bounds(least=10, most=60),
        )
    )
    yield
    ports.standards._entries.pop(KEY)


def put(unit: Unit, value: Value, start: dt.date = LONG_AGO, **more: object) -> StandardSetting:
    return set_standard(key=KEY, unit=unit, value=value, by=HOUSE, start=start, **more)  # type: ignore[arg-type]


def at(unit: Unit | None, **more: object) -> Value:
    return resolve(KEY, StandardContext(unit_id=unit.pk if unit else None, **more)).value  # type: ignore[arg-type]


def test_the_default_holds_until_somebody_sets_a_value(world: World) -> None:
    found = resolve(KEY, StandardContext(unit_id=world.main.site.unit_id))
    assert (found.value, found.level) == (20, None)


def test_values_come_down_the_tree_and_the_nearest_wins(world: World) -> None:
    put(world.enterprise, 25)
    put(world.main.practice, 30)
    assert at(world.main.site_unit) == 30
    assert at(world.second.site_unit) == 25
    assert at(None) == 25
    found = resolve(KEY, StandardContext(unit_id=world.main.site_unit.pk))
    assert (found.level, found.unit_id) == (Level.PRACTICE, world.main.practice.pk)


def test_specialty_and_state_are_those_of_the_site_unless_given(world: World) -> None:
    put(world.enterprise, 45, dimension=Dimension.SPECIALTY, target="cardiology")
    put(world.enterprise, 50, dimension=Dimension.STATE, target="OR")
    assert at(world.second.site_unit) == 45
    assert at(world.main.site_unit) == 50
    assert at(world.main.site_unit, state="WA") == 20
    assert at(world.main.site_unit, specialty="cardiology") == 45


def test_clinician_and_payer_count_only_when_named(world: World) -> None:
    clinician = world.main.clinician
    put(world.main.entity, 15, dimension=Dimension.CLINICIAN, target=str(clinician.pk))
    put(world.main.entity, 12, dimension=Dimension.PAYER, target=str(world.second.clinician.pk))
    assert at(world.main.site_unit) == 20
    assert at(world.main.site_unit, clinician_id=clinician.pk) == 15
    assert at(world.main.site_unit, clinician_id=clinician.pk, payer_id=world.second.clinician.pk) == 12
    assert at(world.second.site_unit, clinician_id=clinician.pk) == 20


def test_the_day_of_the_service_decides(world: World) -> None:
    put(world.main.practice, 30, start=dt.date(2024, 1, 1))
    put(world.main.practice, 40, start=dt.date(2024, 7, 1))
    assert at(world.main.site_unit, on=dt.date(2023, 12, 31)) == 20
    assert at(world.main.site_unit, on=dt.date(2024, 6, 30)) == 30
    assert at(world.main.site_unit, on=dt.date(2024, 7, 1)) == 40


def test_a_value_set_before_a_later_one_ends_where_that_begins(world: World) -> None:
    put(world.main.practice, 40, start=dt.date(2024, 7, 1))
    earlier = put(world.main.practice, 30, start=dt.date(2024, 1, 1))
    assert earlier.period.upper == dt.date(2024, 7, 1)
    put(world.main.practice, 35, start=dt.date(2024, 7, 1))
    assert at(world.main.site_unit, on=dt.date(2024, 8, 1)) == 35


def test_clearing_gives_way_to_the_more_general_value(world: World) -> None:
    put(world.enterprise, 25)
    setting = put(world.main.practice, 30)
    clear_standard(setting_id=setting.pk, by=HOUSE, on=TODAY)
    assert at(world.main.site_unit) == 25
    assert at(world.main.site_unit, on=dt.date(2024, 2, 1)) == 30
    with pytest.raises(Refusal):
        clear_standard(setting_id=setting.pk, by=HOUSE, on=TODAY)
    today = put(world.main.site_unit, 33, start=TODAY)
    clear_standard(setting_id=today.pk, by=HOUSE)
    assert at(world.main.site_unit) == 25
    with pytest.raises(NotVisible):
        clear_standard(setting_id=today.pk, by=HOUSE)


def test_values_outside_limits_levels_kind_and_rights_are_refused(world: World) -> None:
    with pytest.raises(Refusal) as outside:
        put(world.main.practice, 61)
    assert outside.value.code == "outside_limits"
    with pytest.raises(Refusal) as level:
        put(world.main.entity, 30)
    assert level.value.code == "deviation_needed"
    with pytest.raises(Refusal) as kind:
        put(world.main.practice, "thirty")
    assert kind.value.code == "wrong_kind"
    with pytest.raises(Refusal) as unknown:
        set_standard(key="nobody.knows", unit=world.enterprise, value=1, by=HOUSE)
    assert unknown.value.code == "unknown_standard"
    with pytest.raises(Refusal):
        put(world.main.practice, 30, end=dt.date(2023, 1, 1))
    with pytest.raises(NotAllowed):
        set_standard(key=KEY, unit=world.second.practice, value=30, by=world.actor(Role.PRACTICE_MANAGER))
    with pytest.raises(NotAllowed):
        set_standard(key=KEY, unit=world.main.practice, value=30, by=world.actor(Role.FRONT_DESK))


def test_a_mark_tightens_at_once(world: World) -> None:
    put(world.enterprise, 25)
    put(world.main.practice, 30)
    later = TODAY + dt.timedelta(days=365)
    mark_process(key=KEY, mode=Mode.STANDARD, reason="one length for the whole group", review_on=later, by=HOUSE)
    assert at(world.main.site_unit) == 25
    with pytest.raises(Refusal) as refused:
        put(world.main.practice, 30, start=TODAY)
    assert refused.value.code == "deviation_needed"
    with pytest.raises(Refusal) as loose:
        mark_process(key=KEY, mode=Mode.LOCAL, reason="everybody as they like", review_on=dt.date(2999, 1, 1), by=HOUSE)
    assert loose.value.code == "too_loose"
    mark_process(key=KEY, mode=Mode.BOUNDED, reason="inside limits after all", review_on=dt.date(2999, 1, 1), by=HOUSE)
    assert at(world.main.site_unit) == 30
    with pytest.raises(Refusal):
        mark_process(key=KEY, mode=Mode.BOUNDED, reason="short", review_on=dt.date(2999, 1, 1), by=HOUSE)
    with pytest.raises(Refusal):
        mark_process(key=KEY, mode=Mode.BOUNDED, reason="a good long reason", review_on=LONG_AGO, by=HOUSE)


def test_a_stored_value_of_another_kind_is_passed_over(world: World) -> None:
    setting = put(world.main.practice, 30)
    StandardSetting.objects.unscoped("test").filter(pk=setting.pk).update(value="thirty")
    assert at(world.main.site_unit) == 20


def test_all_keys_of_a_context_in_one_query(world: World) -> None:
    put(world.main.practice, 30)
    context = StandardContext(unit_id=world.main.site_unit.pk)
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        remembered(),
    ):
        everything = resolve_all(context)
        assert resolve(KEY, context).value == 30
        assert everything[KEY].value == 30
    assert len(queries) == 1


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """The signals of a request also close connections, which the test still needs."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_kept_connection")
def test_a_request_remembers_but_a_job_does_not(world: World) -> None:
    context = StandardContext(unit_id=world.main.site_unit.pk)
    with CaptureQueriesContext(connection) as queries:
        resolve(KEY, context)
        resolve(KEY, context)
    assert len(queries) == 2
    request_started.send(sender=None)
    with CaptureQueriesContext(connection) as queries:
        resolve(KEY, context)
        resolve(KEY, context)
    assert len(queries) == 1
    put(world.main.practice, 30)
    assert resolve(KEY, context).value == 30
    request_finished.send(sender=None)
    with CaptureQueriesContext(connection) as queries:
        resolve(KEY, context)
        resolve(KEY, context)
    assert len(queries) == 2


def test_an_approved_deviation_holds_in_its_period_only(world: World) -> None:
    asker, approver = world.actor(Role.PRACTICE_MANAGER), world.actor(Role.PHYSICIAN_OWNER)
    end = TODAY + dt.timedelta(days=30)
    deviation = propose_deviation(
        key=KEY, unit=world.main.practice, value=90, reason="new clinicians are being trained here", start=TODAY,
        end=end, by=asker,
    )  # fmt: skip
    assert at(world.main.site_unit) == 20
    approve_deviation(deviation_id=deviation.pk, by=approver)
    found = resolve(KEY, StandardContext(unit_id=world.main.site_unit.pk))
    assert (found.value, found.deviation_id) == (90, deviation.pk)
    assert at(world.main.site_unit, on=end) == 20
    assert at(world.second.site_unit) == 20


def test_many_units_asked_at_once_are_told_what_each_is_told_alone(world: World) -> None:
    """Whatever is set where: by unit, state and specialty, with a deviation and a mark, now and in times gone by."""
    units = [
        world.enterprise, world.main.entity, world.main.practice, world.main.site_unit, world.second.site_unit,
        world.member_a.site_unit,
    ]  # fmt: skip
    rng = random.Random(17)
    for value in range(11, 45):
        unit = rng.choice(units)
        dimension, target = rng.choice(
            [(Dimension.UNIT, ""), (Dimension.STATE, "OR"), (Dimension.SPECIALTY, "cardiology"),
             (Dimension.CLINICIAN, str(world.main.clinician.pk))]
        )  # fmt: skip
        with suppress(Refusal):
            put(unit, value, start=LONG_AGO + dt.timedelta(days=30 * value), dimension=dimension, target=target)
    ids = [unit.pk for unit in units]
    with CaptureQueriesContext(connection) as queries:
        together = found_for_units([*ids, ids[0]])
    assert len(queries) == 1
    alone = {pk: found_for(StandardContext(unit_id=pk)) for pk in ids}
    told, said = (
        {pk: {key: found.resolve(one) for key, one in ports.standards.items()} for pk, found in asked.items()}
        for asked in (together, alone)
    )
    assert told == said
    assert len({one[KEY].value for one in told.values()}) > 2, "the settings differ by place"
    later = TODAY + dt.timedelta(days=365)
    mark_process(key=KEY, mode=Mode.STANDARD, reason="one length for the whole group", review_on=later, by=HOUSE)
    together = found_for_units(ids)
    assert {pk: found.marks for pk, found in together.items()} == dict.fromkeys(ids, {KEY: Mode.STANDARD})
    with remembered(), CaptureQueriesContext(connection) as queries:
        found_for(StandardContext(unit_id=ids[0]))
        found_for_units(ids)
        assert found_for_units(ids[:2]).keys() == set(ids[:2])
        found_for(StandardContext(unit_id=ids[3]))
    assert len(queries) == 2, "who was asked before is not asked again"
    assert found_for_units([]) == {}
