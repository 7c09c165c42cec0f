"""Who may open the pages of series, bump list, days with several visits, group visits."""

from __future__ import annotations

from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.ids import new_id
from medguild.operations.bumps.models import Bump
from medguild.operations.bumps.services import bump
from medguild.operations.itineraries.models import Itinerary
from medguild.operations.itineraries.services import Chosen, book_day
from medguild.operations.scheduling.models import Appointment, Session
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.series.models import Series
from tests.factories.itineraries import Grounds, grounds
from tests.factories.scheduling import wall
from tests.factories.series import booked_series
from tests.factories.world import HOUSE, World
from tests.url_tables import Row
from tests.url_tables.operations_scheduling import patient, plan


def series(world: World) -> dict[str, Any]:
    if "series" not in world.kept:
        world.kept["series"] = booked_series(plan(world), times=2)
    found: Series = world.kept["series"]
    return {"series_id": found.pk}


def numbered(world: World) -> dict[str, Any]:
    return {**series(world), "number": 1}


def bumped(world: World) -> Bump:
    if "bump" not in world.kept:
        (world.kept["bump"],) = bump(appointments=[plan(world).book(9)], reason="Clinician on leave", by=HOUSE)
    found: Bump = world.kept["bump"]
    return found


def bump_id(world: World) -> dict[str, Any]:
    return {"bump_id": bumped(world).pk}


def campus(world: World) -> Grounds:
    if "grounds" not in world.kept:
        world.kept["grounds"] = grounds(world)
    found: Grounds = world.kept["grounds"]
    return found


def day(world: World) -> dict[str, Any]:
    if "day" not in world.kept:
        here = campus(world)
        world.kept["day"] = book_day(
            itinerary_id=new_id(), patient=here.plan.patient, campus=here.campus, by=HOUSE,
            chosen=[Chosen(here.plan.kind, here.plan.clinician, here.plan.site, wall(here.plan.monday, 9))],
        )  # fmt: skip
    found: Itinerary = world.kept["day"]
    return {"itinerary_id": found.pk}


def group(world: World) -> dict[str, Any]:
    """The schedule's session takes four."""
    made = plan(world)
    Session.objects.unscoped("test").filter(pk=made.session.pk).update(capacity=4)
    return {"session_id": made.session.pk, "day": made.monday}


def member(world: World) -> Appointment:
    if "member" not in world.kept:
        world.kept["member"] = plan(world).book(9)
    found: Appointment = world.kept["member"]
    return found


def late(world: World) -> dict[str, Any]:
    """A visit that was cancelled two hours before."""
    if "late" not in world.kept:
        visit = plan(world).book(9)
        at = visit.start.replace(hour=visit.start.hour - 2)
        cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=HOUSE, at=at)
        world.kept["late"] = visit
    return {"appointment_id": world.kept["late"].pk}


URLS = {
    "scheduling:waive": Row(Role.PRACTICE_MANAGER, wrong=Role.FRONT_DESK, method="post", kwargs=late),
    "series:new": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=patient),
    "series:show": Row(Role.BILLER, wrong=Role.HR, kwargs=series),
    "series:edit": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=numbered),
    "series:end": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=numbered),
    "bumps:list": Row(
        Role.SCHEDULER, wrong=Role.HR, other="own", shows=lambda world: bumped(world).patient.family_name
    ),
    "bumps:show": Row(Role.BILLER, wrong=Role.HR, kwargs=bump_id),
    "bumps:contact": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=bump_id),
    "bumps:move": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=bump_id),
    "bumps:cancel": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=bump_id),
    "bumps:keep": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=bump_id),
    "bumps:add": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=lambda world: {"appointment_id": member(world).pk}),
    "itineraries:find": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=patient),
    "itineraries:book": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=patient),
    "itineraries:show": Row(Role.BILLER, wrong=Role.HR, kwargs=day),
    "itineraries:campuses": Row(Role.PRACTICE_MANAGER, wrong=Role.SCHEDULER, other="own"),
    "itineraries:campus": Row(
        Role.PRACTICE_MANAGER, wrong=Role.SCHEDULER, other="own",
        kwargs=lambda world: {"campus_id": campus(world).campus.pk},
    ),
    "groups:list": Row(Role.BILLER, wrong=Role.HR, other="own"),
    "groups:show": Row(Role.BILLER, wrong=Role.HR, kwargs=group),
    "groups:add": Row(
        Role.SCHEDULER, wrong=Role.BILLER, kwargs=lambda world: {**group(world), "patient_id": plan(world).patient.pk}
    ),
    "groups:remove": Row(
        Role.SCHEDULER, wrong=Role.BILLER, method="post",
        kwargs=lambda world: {**group(world), "appointment_id": member(world).pk},
    ),
}  # fmt: skip
