"""A session gets another room: its visits to come go there where it is free; who stays behind is named."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from medguild.foundation.access.rules import Role
from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Resource
from medguild.foundation.work.models import UnownedNeed
from medguild.operations.scheduling.errors import SlotTaken
from medguild.operations.scheduling.models import Allocation, Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.room_work import ROOM_WANTED
from medguild.operations.scheduling.rooming import in_other_rooms, look_again, want_rooms
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import move_appointment
from medguild.operations.scheduling.templating import end_session, revise_session
from medguild.operations.templates.applying import apply_version
from medguild.operations.templates.drafting import blocks_of, write_version
from medguild.operations.templates.previewing import preview_version
from tests.factories.scheduling import Schedule, add_room, block, schedule, wall
from tests.factories.templates import begin, rewrite
from tests.factories.world import HOUSE, World

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def plan(world: World) -> Schedule:
    """Monday mornings in Room 1."""
    made = schedule(world)
    made.__dict__["session"] = made.add(room=made.office.room)
    return made


@pytest.fixture
def other(plan: Schedule) -> Resource:
    return add_room(plan.office, "Room 2")


def where(visit: Appointment) -> tuple[str, list[str]]:
    """The room on the visit, and the rooms that it takes."""
    found = Appointment.objects.unscoped("test").select_related("room").get(pk=visit.pk)
    held = Allocation.objects.unscoped("test").filter(appointment=visit, active=True).values("resource_id")
    rooms = Resource.objects.unscoped("test").filter(pk__in=held, kind="room")
    return found.room.name if found.room else "", list(rooms.values_list("name", flat=True))


def to(plan: Schedule, room: Resource, start: dt.date | None = None):  # type: ignore[no-untyped-def]
    return revise_session(session=plan.session, block=block(plan.kind, room=room), start=start or plan.monday, by=HOUSE)


def test_visits_to_come_go_to_the_new_room_with_their_session(plan: Schedule, other: Resource, world: World) -> None:
    before = plan.book(9)
    visits = [plan.book(patient=plan.another(), start=wall(plan.monday + WEEK, hour)) for hour in (9, 10)]
    revised = to(plan, other, plan.monday + WEEK)
    assert where(before) == ("Room 1", ["Room 1"])
    assert [where(one) for one in visits] == [("Room 2", ["Room 2"])] * 2
    assert list(in_other_rooms(HOUSE, [revised.pk])) == []
    told = Event.objects.unscoped("test").filter(type="appointment.room_changed")
    assert set(told.values_list("subject_id", flat=True)) == {one.pk for one in visits}
    colleague = world.clinician(plan.site.unit)
    plan.add(colleague, room=other)
    with pytest.raises(SlotTaken):  # the new room is guarded
        plan.book(clinician=colleague, patient=plan.another(), start=wall(plan.monday + WEEK, 9))
    neighbour = world.clinician(plan.site.unit)
    plan.add(neighbour, room=plan.office.room)  # and the old one is free
    assert plan.book(clinician=neighbour, patient=plan.another(), start=wall(plan.monday + WEEK, 9))


def test_where_the_new_room_is_taken_a_visit_keeps_its_own_and_is_named(
    plan: Schedule, other: Resource, world: World, client: Client
) -> None:
    colleague = world.clinician(plan.site.unit)
    plan.add(colleague, room=other)
    plan.book(9, 40, clinician=colleague, patient=plan.another())
    stays, goes = plan.book(9, 40), plan.book(10, patient=plan.another())
    client.force_login(world.user(Role.PRACTICE_MANAGER))
    data = {
        "start": plan.monday, "weekday": "0", "starts": "09:00", "ends": "12:00", "every_weeks": 1, "step_minutes": 20,
        "capacity": 1, "overbook_limit": 1, "room": str(other.pk), f"minutes_{plan.kind.pk}": 20,
    }  # fmt: skip
    answer = client.post(reverse("scheduling:revise_session", args=[plan.session.pk]), data, follow=True)
    assert answer.status_code == 200
    assert "1 visit is not in the room of its session" in answer.content.decode()
    assert where(stays) == ("Room 1", ["Room 1"])
    assert where(goes) == ("Room 2", ["Room 2"])
    session = Appointment.objects.unscoped("test").get(pk=stays.pk).session
    assert session.room_id == other.pk  # it belongs to the session as it is now
    page = client.get(reverse("scheduling:revise_session", args=[session.pk])).content.decode()
    assert reverse("scheduling:show", args=[stays.pk]) in page
    assert reverse("scheduling:show", args=[goes.pk]) not in page


def test_a_room_that_was_asked_for_is_kept(plan: Schedule, other: Resource) -> None:
    asked = plan.book(9, room=add_room(plan.office, "Room 3"))
    to(plan, other)
    assert where(asked) == ("Room 3", ["Room 3"])


def test_visits_that_the_session_no_longer_holds_stay_where_they_are(plan: Schedule, other: Resource) -> None:
    late = plan.book(11, 40)
    revise_session(
        session=plan.session, block=block(plan.kind, room=other, end_minute=11 * 60), start=plan.monday, by=HOUSE
    )
    assert where(late) == ("Room 1", ["Room 1"])


def test_group_visits_share_the_new_room_as_far_as_it_has_places(plan: Schedule, other: Resource) -> None:
    Resource.objects.unscoped("test").filter(pk__in=[plan.office.room.pk, other.pk]).update(capacity=2)
    plan.office.room.refresh_from_db()
    tuesday = plan.monday + dt.timedelta(days=1)
    plan.__dict__["session"] = plan.add(weekday=1, capacity=3, room=plan.office.room)
    both = [plan.book(start=wall(tuesday, 9), patient=plan.another()) for _ in range(2)]
    Resource.objects.unscoped("test").filter(pk=other.pk).update(capacity=1)
    revise_session(
        session=plan.session, block=block(plan.kind, weekday=1, capacity=3, room=other), start=plan.monday, by=HOUSE
    )
    assert sorted(where(one) for one in both) == [("Room 1", ["Room 1"]), ("Room 2", ["Room 2"])]


def test_a_version_takes_its_visits_to_the_new_room_as_well(plan: Schedule, other: Resource, world: World) -> None:
    colleague = world.clinician(plan.site.unit)
    plan.add(colleague, room=other)
    plan.book(9, 40, clinician=colleague, patient=plan.another())
    stays, goes = plan.book(9, 40), plan.book(10, patient=plan.another())
    by = world.actor(Role.PRACTICE_MANAGER)
    version = rewrite(begin(plan, by), by, room_id=other.pk)
    version = apply_version(version=preview_version(version=version, by=by), by=by)
    assert where(stays) == ("Room 1", ["Room 1"])
    assert where(goes) == ("Room 2", ["Room 2"])
    sessions = version.blocks.unscoped("test").values("session_id")
    assert [one.pk for one in in_other_rooms(by, sessions)] == [stays.pk]


# --- a first room ---------------------------------------------------------------------------------------------------


@pytest.fixture
def bare(world: World) -> Schedule:
    """Monday mornings without a room."""
    made = schedule(world)
    _ = made.session
    return made


def wanted_rooms() -> list[UnownedNeed]:
    return list(UnownedNeed.objects.unscoped("test").filter(work_type=ROOM_WANTED, settled_at__isnull=True))


def test_a_first_room_is_taken_by_the_visits_that_are_booked(bare: Schedule, world: World) -> None:
    visit = bare.book(9)
    assert where(visit) == ("", [])
    room = add_room(bare.office, "Room 2")
    to(bare, room)
    assert where(visit) == ("Room 2", ["Room 2"])
    assert wanted_rooms() == []
    colleague = world.clinician(bare.site.unit)
    bare.add(colleague, room=room)
    with pytest.raises(SlotTaken):
        bare.book(9, clinician=colleague, patient=bare.another())


def test_where_a_first_room_is_taken_somebody_has_work(bare: Schedule, world: World) -> None:
    room = add_room(bare.office, "Room 2")
    colleague = world.clinician(bare.site.unit)
    bare.add(colleague, room=room)
    other = bare.book(9, clinician=colleague, patient=bare.another())
    stays, goes = bare.book(9), bare.book(10, patient=bare.another())
    revised = to(bare, room)
    assert (where(stays), where(goes)) == (("", []), ("Room 2", ["Room 2"]))
    [need] = wanted_rooms()
    assert (need.subject_id, "1 visit is not in the room" in need.summary) == (revised.pk, True)
    assert where(other) == ("Room 2", ["Room 2"])


def test_a_visit_by_video_needs_no_room(bare: Schedule) -> None:
    bare.kind.modes = ["in_person", "video"]
    bare.kind.save()
    by_video = bare.book(9, mode="video", patient_state="OR")
    to(bare, add_room(bare.office, "Room 2"))
    assert where(by_video) == ("", [])
    assert wanted_rooms() == []


def test_a_version_gives_a_first_room_as_well(bare: Schedule, world: World) -> None:
    visit, by = bare.book(9), world.actor(Role.PRACTICE_MANAGER)
    room = add_room(bare.office, "Room 2")
    version = rewrite(begin(bare, by), by, room_id=room.pk)
    apply_version(version=preview_version(version=version, by=by), by=by)
    assert where(visit) == ("Room 2", ["Room 2"])


def crowded(bare: Schedule, world: World) -> tuple[Resource, Appointment]:
    """Room 2, which a colleague has taken for the time of a visit of the second week."""
    room, colleague = add_room(bare.office, "Room 2"), world.clinician(bare.site.unit)
    bare.add(colleague, room=room)
    at = wall(bare.monday + WEEK, 9)
    bare.book(clinician=colleague, patient=bare.another(), start=at)
    return room, bare.book(start=at)


def test_the_work_ends_when_the_next_room_takes_the_visits(bare: Schedule, world: World) -> None:
    room, visit = crowded(bare, world)
    revised = to(bare, room)
    assert [need.subject_id for need in wanted_rooms()] == [revised.pk]
    third = add_room(bare.office, "Room 3")
    revise_session(session=revised, block=block(bare.kind, room=third), start=bare.monday + WEEK, by=HOUSE)
    assert where(visit) == ("Room 3", ["Room 3"])
    assert wanted_rooms() == []


def test_a_version_ends_the_work_about_the_sessions_before(bare: Schedule, world: World) -> None:
    room, visit = crowded(bare, world)
    revised, by = to(bare, room), world.actor(Role.PRACTICE_MANAGER)
    assert [need.subject_id for need in wanted_rooms()] == [revised.pk]
    version = rewrite(begin(bare, by, bare.monday + WEEK), by, room_id=add_room(bare.office, "Room 3").pk)
    apply_version(version=preview_version(version=version, by=by), by=by)
    assert where(visit) == ("Room 3", ["Room 3"])
    assert wanted_rooms() == []


def test_the_work_ends_when_its_visits_have_moved_away(bare: Schedule, world: World) -> None:
    room, visit = crowded(bare, world)
    to(bare, room)
    move_appointment(appointment=visit, start=wall(bare.monday + WEEK, 11), by=HOUSE)
    dispatch_pending()
    assert wanted_rooms() == []


def test_the_work_ends_with_the_last_visit_and_begins_anew_in_the_same_session(bare: Schedule, world: World) -> None:
    room, visit = crowded(bare, world)
    revised = to(bare, room)
    cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
    dispatch_pending()
    assert wanted_rooms() == []
    Appointment.objects.unscoped("test").filter(pk=visit.pk).update(
        status="booked", cancel_reason="", cancelled_at=None
    )
    want_rooms([revised], by=HOUSE, at=now())
    assert [need.subject_id for need in wanted_rooms()] == [revised.pk]


def test_the_work_ends_with_the_session(bare: Schedule, world: World) -> None:
    room, _visit = crowded(bare, world)
    end_session(session=to(bare, room), on=bare.monday + WEEK, by=HOUSE)
    dispatch_pending()
    assert wanted_rooms() == []


def test_the_work_ends_when_its_visits_are_over(bare: Schedule, world: World) -> None:
    room, visit = crowded(bare, world)
    to(bare, room)
    look_again(by=HOUSE, at=visit.start + WEEK)
    assert wanted_rooms() == []


def test_the_work_names_those_who_are_left_in_the_language_of_the_house(bare: Schedule, world: World) -> None:
    room, colleague = add_room(bare.office, "Room 2"), world.clinician(bare.site.unit)
    bare.add(colleague, room=room)
    bare.book(9, 40, clinician=colleague, patient=bare.another())
    bare.book(10, clinician=colleague, patient=bare.another())
    _stays, leaves = bare.book(9, 40), bare.book(10, patient=bare.another())
    with translation.override("es"):
        to(bare, room)
    assert "2 visits are not in the room" in wanted_rooms()[0].summary
    move_appointment(appointment=leaves, start=wall(bare.monday, 11), by=HOUSE)
    dispatch_pending()
    [need] = wanted_rooms()
    assert "1 visit is not in the room" in need.summary
    assert "9:40" in need.summary


def test_all_rooms_of_a_version_are_locked_at_once(plan: Schedule, other: Resource, world: World) -> None:
    third, by = add_room(plan.office, "Room 3"), world.actor(Role.PRACTICE_MANAGER)
    plan.add(weekday=1)
    plan.book(9)
    plan.book(start=wall(plan.monday + dt.timedelta(days=1), 9), patient=plan.another())
    version = begin(plan, by)
    rooms = {0: other.pk, 1: third.pk}
    blocks = [replace(one, room_id=rooms[one.weekday]) for one in blocks_of(version)]
    version = preview_version(version=write_version(version=version, blocks=blocks, by=by), by=by)
    with CaptureQueriesContext(connection) as asked:
        apply_version(version=version, by=by)
    keys = {str(int.from_bytes(room.pk.bytes[8:], signed=True)) for room in (plan.office.room, other, third)}
    locks = [one["sql"] for one in asked.captured_queries if "pg_advisory_xact_lock(key)" in one["sql"]]
    first = next(sql for sql in locks if any(key in sql for key in keys))
    assert all(key in first for key in keys)
