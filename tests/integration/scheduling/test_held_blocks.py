"""Held parts: kept from the search and from bookings until their release, open to their purpose and for a reason."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.errors import TimeHeld
from medguild.operations.scheduling.held import release_words
from medguild.operations.scheduling.held_models import HeldBlock, HeldUse
from medguild.operations.scheduling.held_rules import Purpose
from medguild.operations.scheduling.rules import PatientKind
from medguild.operations.scheduling.selectors import find_slots
from medguild.operations.scheduling.services import move_appointment
from tests.factories.scheduling import Schedule, schedule, visit_type, wall
from tests.factories.world import World

DAY = dt.timedelta(days=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    return schedule(world, world.actor(Role.SCHEDULER))


def hold(plan: Schedule, **changes: object) -> HeldBlock:
    """Ten to eleven is held, until the day before unless changed."""
    fields: dict[str, object] = {
        "session": plan.session, "start_minute": 600, "end_minute": 660, "purpose": Purpose.SAME_DAY,
        "visit_types": [], "release_days": 1, "release_hours": None,
    }  # fmt: skip
    return HeldBlock.objects.create(**(fields | changes))


def hours(plan: Schedule, at: dt.datetime | None = None, kind: object = None) -> list[str]:
    found = find_slots(
        actor=plan.by, visit_type_id=(kind or plan.kind).pk, start=plan.monday, end=plan.monday + DAY,  # type: ignore[attr-defined]
        at=at or wall(plan.monday - 7 * DAY, 8),
    )  # fmt: skip
    return [
        dt.datetime.fromtimestamp(minute * 60, wall(plan.monday, 9).tzinfo).strftime("%H:%M")
        for opening in found
        for minute in opening.starts
    ]


def test_a_held_part_is_not_offered_until_its_release(plan: Schedule) -> None:
    hold(plan)
    before = wall(plan.monday - DAY, 0) - dt.timedelta(minutes=1)
    assert hours(plan, before) == ["09:00", "09:20", "09:40", "11:00", "11:20", "11:40"]
    assert "10:00" in hours(plan, wall(plan.monday - DAY, 0))
    with pytest.raises(TimeHeld, match="same-day"):
        plan.book(10, at=before)
    with pytest.raises(TimeHeld):
        plan.book(9, 50, at=before)  # reaches into it
    assert plan.book(10, at=wall(plan.monday - DAY, 0)).session_id == plan.session.pk


def test_hours_count_to_the_part_itself(plan: Schedule) -> None:
    hold(plan, release_days=None, release_hours=3)
    assert "10:00" not in hours(plan, wall(plan.monday, 6, 59))
    assert "10:00" in hours(plan, wall(plan.monday, 7))


def test_who_it_is_held_for_books_it_at_any_time(plan: Schedule) -> None:
    plan.session = plan.add(
        weekday=0, visit_types={plan.kind.pk: 20, (new := visit_type("new", 20, patient_kind=PatientKind.NEW)).pk: 20}
    )
    part = hold(plan, purpose=Purpose.NEW_PATIENTS)
    assert "10:00" in hours(plan, kind=new)
    assert "10:00" not in hours(plan)
    HeldBlock.objects.unscoped("test").filter(pk=part.pk).update(purpose=Purpose.KINDS, visit_types=[plan.kind.pk])
    assert "10:00" in hours(plan)
    assert "10:00" not in hours(plan, kind=new)


def test_a_reason_opens_it_and_is_kept(plan: Schedule) -> None:
    hold(plan)
    at = wall(plan.monday - 7 * DAY, 8)
    booked = plan.book(10, at=at, overbook_reason="asked for by the clinician")
    assert not booked.overbooked
    use = HeldUse.objects.unscoped("test").get(appointment=booked)
    assert (use.purpose, use.reason) == ("same_day", "asked for by the clinician")
    move_appointment(appointment=booked, start=wall(plan.monday, 9), by=plan.by, at=at)
    with pytest.raises(TimeHeld):
        move_appointment(
            appointment=plan.book(11, patient=plan.another()), start=wall(plan.monday, 10), by=plan.by, at=at
        )


def test_releases_in_words() -> None:
    assert [release_words(0, None), release_words(2, None), release_words(None, 1)] == [
        "released on the day itself", "released 2 days before", "released 1 hour before",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("held_block_purpose_known", {"purpose": "whatever"}),
        ("held_block_ends_after_start", {"end_minute": 600}),
        ("held_block_release_one", {"release_hours": 4}),
        ("held_block_release_one", {"release_days": None}),
        ("held_block_kinds_where_meant", {"purpose": Purpose.KINDS}),
    ],
)
def test_a_broken_part_is_refused_by_the_database(plan: Schedule, name: str, changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        hold(plan, **changes)


@pytest.mark.parametrize(
    ("name", "changes"), [("held_use_purpose_known", {"purpose": "x"}), ("held_use_has_reason", {"reason": ""})]
)
def test_a_use_has_a_purpose_and_a_reason(plan: Schedule, name: str, changes: dict[str, object]) -> None:
    fields = {"appointment": plan.book(), "purpose": "urgent", "reason": "asked", "used_at": wall(plan.monday, 9)}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        HeldUse.objects.create(**(fields | changes))
