"""What a visit gave back is taken again with it, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from medguild.foundation.events.dispatch import dispatch_pending
from medguild.foundation.events.models import Event
from medguild.foundation.organization.equipping import equip
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.scheduling import outcomes
from medguild.operations.scheduling.errors import SlotTaken
from medguild.operations.scheduling.kinds.visit_types import Needed
from medguild.operations.scheduling.models import Allocation, Appointment
from medguild.operations.scheduling.needs.availability import add_shift
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.scheduling.services import book_appointment
from medguild.patients.identity.linking import link_patients
from tests.factories.needs import capability, helper, needy, thing
from tests.factories.scheduling import Schedule, schedule, wall
from tests.factories.world import HOUSE, START, World


def book(plan: Schedule, hour: int, minute: int = 0, **changes: Any) -> Appointment:
    """Book on the Monday, in whatever session there is."""
    given: dict[str, Any] = {
        "patient": plan.another(), "clinician": plan.clinician, "site": plan.site, "visit_type": plan.kind, "by": HOUSE,
        "start": wall(plan.monday, hour, minute),
    }  # fmt: skip
    return book_appointment(**(given | changes))


def taken(visit: Appointment) -> set[Any]:
    rows = Allocation.objects.unscoped("test").filter(appointment=visit, active=True)
    return set(rows.values_list("resource_id", flat=True))


def test_a_clinician_who_helped_a_group_is_not_taken_again_beside_another_visit(world: World) -> None:
    plan = schedule(world)
    skill = capability(ResourceKind.STAFF, "educator")
    kind = needy("class", {skill: Needed()}, minutes=60)
    plan.add(visit_types={kind.pk: 60}, capacity=2, step_minutes=60)
    other = world.clinician(plan.site.unit)
    equip(resource=other.resource, capability=skill, by=HOUSE, start=START)
    add_shift(
        resource=other.resource, site=plan.site, weekday=0, start_minute=480, end_minute=1080, start=START, by=HOUSE
    )
    plan.add(other, visit_types={plan.kind.pk: 60}, step_minutes=60)
    both = [book(plan, 9, visit_type=kind) for _ in range(2)]
    assert all(other.resource_id in taken(one) for one in both)
    late = wall(plan.monday, 10)
    for one in both:
        outcomes.mark_no_show(appointment=one, by=HOUSE, at=late)
    book(plan, 9, clinician=other)
    for one in Appointment.objects.unscoped("test").filter(pk__in=[one.pk for one in both]):
        with pytest.raises(SlotTaken):
            outcomes.mark_arrived(appointment=one, by=HOUSE, at=late)


def test_a_screen_that_has_not_seen_the_no_show_takes_nothing_again_beside_another_visit(world: World) -> None:
    """What counts is what stands when the locks are held, not what the screen showed when its button was pressed."""
    plan = schedule(world)
    skill = capability(ResourceKind.STAFF, "educator")
    helper(plan, skill, "Eva")
    kind = needy("class", {skill: Needed()}, minutes=60)
    plan.add(visit_types={kind.pk: 60}, capacity=2, step_minutes=60)
    other = world.clinician(plan.site.unit)
    plan.add(other, visit_types={kind.pk: 60}, step_minutes=60)
    seen = [book(plan, 9, visit_type=kind) for _ in range(2)]
    late = wall(plan.monday, 10)
    for one in seen:
        outcomes.mark_no_show(appointment=one, by=HOUSE, at=late)
    given = book(plan, 9, visit_type=kind, clinician=other)
    for one in seen:
        assert one.status == "booked"
        with pytest.raises(SlotTaken):
            outcomes.mark_arrived(appointment=one, by=HOUSE, at=late)
    outcomes.cancel_appointment(appointment=given, reason=CancelReason.PATIENT_REQUEST, by=HOUSE, at=late)
    assert outcomes.mark_arrived(appointment=seen[0], by=HOUSE, at=late).status == "arrived"
    assert taken(seen[0]) > {plan.clinician.resource_id}


def test_an_overbooked_visit_is_taken_again(world: World) -> None:
    plan = schedule(world)
    plan.add(visit_types={plan.kind.pk: 40}, step_minutes=20, overbook_limit=1)
    book(plan, 9)
    squeezed = book(plan, 9, 20, overbook_reason="cannot wait")
    assert squeezed.overbooked
    outcomes.mark_no_show(appointment=squeezed, by=HOUSE, at=squeezed.start)
    read = Appointment.objects.unscoped("test").get(pk=squeezed.pk)
    outcomes.mark_arrived(appointment=read, by=HOUSE, at=squeezed.start)
    assert plan.clinician.resource_id in taken(squeezed)


def test_one_calendar_for_linked_records_leaves_devices_to_the_visit(world: World) -> None:
    plan = schedule(world)
    scanner = capability(ResourceKind.EQUIPMENT, "echo-scanner")
    device = thing(plan.site.unit, scanner, "Scanner")
    kind = needy("echo", {scanner: Needed()}, minutes=40)
    plan.add(visit_types={kind.pk: 40})
    visit = book(plan, 9, visit_type=kind)
    survivor = plan.another()
    link_patients(survivor=survivor, duplicate=visit.patient, reason="the same person", by=HOUSE)
    dispatch_pending()
    assert taken(visit) == {plan.clinician.resource_id, survivor.pk, device.pk}
    assert not Event.objects.unscoped("test").filter(type="appointment.overlaps").exists()


def test_who_stays_longer_than_the_group_does_not_take_its_staff_from_others(world: World) -> None:
    plan = schedule(world)
    skill = capability(ResourceKind.STAFF, "educator")
    eva = helper(plan, skill, "Eva")
    kind = needy("class", {skill: Needed()}, minutes=60)
    plan.add(visit_types={kind.pk: 60}, capacity=4, step_minutes=60)
    other = world.clinician(plan.site.unit)
    plan.add(other, visit_types={kind.pk: 60}, step_minutes=60)
    book(plan, 9, visit_type=kind)
    assert eva.pk in taken(book(plan, 10, visit_type=kind, clinician=other))
    with pytest.raises(SlotTaken, match="Eva"):
        book(plan, 9, visit_type=kind, minutes=90)
    assert eva.pk in taken(book(plan, 9, visit_type=kind))
