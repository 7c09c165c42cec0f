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
from tests.url_tables.operations_scheduling import key, patient, plan


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


def new_series(world: World) -> dict[str, Any]:
    made = plan(world)
    rule = {"every": "week", "first": str(made.monday), "time": "10:00", "times": 2}
    return {
        "patient": str(made.patient.pk), "clinician": str(made.clinician.pk), "visit_type": str(made.kind.pk),
        "site": str(made.site.unit_id), "rule": rule,
    }  # fmt: skip


def series_key(world: World) -> dict[str, Any]:
    return {"series_id": series(world)["series_id"]}


def one_bump(world: World) -> str:
    return str(bumped(world).pk)


def new_day(world: World) -> dict[str, Any]:
    here = campus(world)
    wanted = {"patient": str(here.plan.patient.pk), "campus": str(here.campus.pk)}
    visit = {"visit_type": str(here.plan.kind.pk), "clinician": str(here.plan.clinician.pk)}
    visit |= {"site": str(here.plan.site.unit_id), "start": wall(here.plan.monday, 9).isoformat()}
    return {**wanted, "visits": [visit], "start": str(here.plan.monday)}


_READ: dict[str, Any] = {"right": Role.BILLER, "wrong": Role.HR}
_BOOK: dict[str, Any] = {"right": Role.SCHEDULER, "wrong": Role.BILLER}

URLS = {
    "GET /api/v1/series": Row(**_READ, other="own", shows=lambda world: str(series(world)["series_id"])),
    "POST /api/v1/series/preview": Row(**_BOOK, data=new_series),
    "POST /api/v1/series": Row(**_BOOK, data=new_series, headers=key),
    "GET /api/v1/series/{series_id}": Row(**_READ, kwargs=series_key),
    "POST /api/v1/series/{series_id}/preview": Row(**_BOOK, kwargs=series_key, data=lambda _: {"which": "all"}),
    "POST /api/v1/series/{series_id}/edit": Row(
        **_BOOK, kwargs=series_key, data=lambda _: {"which": "all", "rule": {"time": "10:00"}}, headers=key
    ),
    "POST /api/v1/series/{series_id}/end": Row(
        **_BOOK, kwargs=series_key, data=lambda _: {"reason": "patient_request"}, headers=key
    ),
    "GET /api/v1/bumps": Row(**_READ, other="own", shows=one_bump),
    "POST /api/v1/bumps": Row(
        **_BOOK, headers=key,
        data=lambda world: {"appointment": str(member(world).pk), "reason": "Clinician on leave"},
    ),
    "GET /api/v1/bumps/{bump_id}": Row(**_READ, kwargs=bump_id),
    "GET /api/v1/bumps/{bump_id}/times": Row(**_BOOK, kwargs=bump_id),
    "POST /api/v1/bumps/{bump_id}/contacts": Row(
        **_BOOK, kwargs=bump_id, data=lambda _: {"outcome": "reached"}, headers=key
    ),
    "POST /api/v1/bumps/{bump_id}/move": Row(
        **_BOOK, kwargs=bump_id, data=lambda world: {"start": wall(plan(world).monday, 10).isoformat()}, headers=key
    ),
    "POST /api/v1/bumps/{bump_id}/cancel": Row(**_BOOK, kwargs=bump_id, data=lambda _: {}, headers=key),
    "POST /api/v1/bumps/{bump_id}/keep": Row(**_BOOK, kwargs=bump_id, data=lambda _: {}, headers=key),
    "GET /api/v1/campuses": Row(**_READ, other="own"),
    "GET /api/v1/itineraries": Row(**_READ, other="own", shows=lambda world: str(day(world)["itinerary_id"])),
    "POST /api/v1/itineraries/search": Row(**_BOOK, data=new_day),
    "POST /api/v1/itineraries": Row(**_BOOK, data=new_day, headers=key),
    "GET /api/v1/itineraries/{itinerary_id}": Row(**_READ, kwargs=day),
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
