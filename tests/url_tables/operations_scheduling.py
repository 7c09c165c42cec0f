"""Who may open which page and operation of the schedule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.scheduling.holding import hold_slot
from medguild.operations.scheduling.kinds.visit_types import record_visit_type, set_length
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.needs.availability import take_out
from medguild.operations.scheduling.needs.models import StaffShift
from medguild.operations.scheduling.rules import AbsenceKind
from medguild.operations.scheduling.templating import cancel_session_day, record_absence
from tests.factories.needs import capability, helper
from tests.factories.scheduling import Schedule, coming, schedule, wall
from tests.factories.world import HOUSE, World
from tests.url_tables import Row


def plan(world: World) -> Schedule:
    """One schedule for all rows; it is never booked full."""
    if "schedule" not in world.kept:
        made = schedule(world)
        _ = made.session, made.patient
        world.kept["schedule"] = made
    found: Schedule = world.kept["schedule"]
    return found


def booked(world: World) -> Appointment:
    if "scheduled" not in world.kept:
        world.kept["scheduled"] = plan(world).book(11, 40)
    found: Appointment = world.kept["scheduled"]
    return found


def appointment(world: World) -> Mapping[str, Any]:
    return {"appointment_id": booked(world).pk}


def patient(world: World) -> Mapping[str, Any]:
    return {"patient_id": plan(world).patient.pk}


def held(world: World) -> Mapping[str, Any]:
    """A hold of the scheduler of the main entity."""
    made = plan(world)
    if "hold" not in world.kept:
        world.kept["hold"] = hold_slot(
            clinician=made.clinician, visit_type=made.kind, site=made.site, start=wall(made.monday, 10),
            by=world.actor(Role.SCHEDULER),
        )  # fmt: skip
    return {"patient_id": made.patient.pk, "hold_id": world.kept["hold"].pk}


def site(world: World) -> Mapping[str, Any]:
    return {"site_id": plan(world).site.unit_id}


def session(world: World) -> Mapping[str, Any]:
    return {"session_id": plan(world).session.pk}


def overbooking(world: World) -> Mapping[str, Any]:
    made = plan(world)
    return {
        "patient_id": made.patient.pk, "visit_type_id": made.kind.pk, "clinician_id": made.clinician.pk,
        "site_id": made.site.unit_id,
    }  # fmt: skip


def pressed(world: World) -> Mapping[str, Any]:
    made = plan(world)
    return {
        "clinician": made.clinician.pk, "site": made.site.unit_id, "visit_type": made.kind.pk,
        "start": wall(made.monday, 9).isoformat(),
    }  # fmt: skip


def exception(world: World) -> Mapping[str, Any]:
    """A Monday far away is cancelled."""
    made = plan(world)
    if "exception" not in world.kept:
        world.kept["exception"] = cancel_session_day(
            session=made.session, day=coming(0, weeks=60), reason="training", by=HOUSE
        )
    return {"exception_id": world.kept["exception"].pk}


def absence(world: World) -> Mapping[str, Any]:
    made = plan(world)
    if "absence" not in world.kept:
        day = coming(0, weeks=80)
        world.kept["absence"] = record_absence(
            clinician=made.clinician, start=wall(day, 9), end=wall(day, 10), kind=AbsenceKind.SICK, by=HOUSE
        )
    return {"absence_id": world.kept["absence"].pk}


def search(world: World) -> Mapping[str, Any]:
    made = plan(world)
    return {"visit_type": made.kind.pk, "start": made.monday, "days": 7}


def window(world: World) -> Mapping[str, Any]:
    made = plan(world)
    return {"visit_type": made.kind.pk, "start": made.monday, "end": made.monday + dt.timedelta(days=7)}


def booking(world: World) -> Mapping[str, Any]:
    made = plan(world)
    return {
        "patient": str(made.patient.pk), "clinician": str(made.clinician.pk), "visit_type": str(made.kind.pk),
        "site": str(made.site.unit_id), "start": wall(made.monday, 9).isoformat(),
    }  # fmt: skip


def wish(world: World) -> Mapping[str, Any]:
    return {name: value for name, value in booking(world).items() if name != "patient"}


def key(world: World) -> Mapping[str, Any]:
    return {"Idempotency-Key": "url-table"}


def name_of_patient(world: World) -> str:
    return plan(world).patient.family_name


def own_kind(world: World) -> dict[str, Any]:
    """A kind of visit that the main office owns."""
    if "scheduling.own_kind" not in world.kept:
        world.kept["scheduling.own_kind"] = record_visit_type(
            owner=world.main.entity, code="own", name="Own", minutes=20, by=HOUSE
        )
    return {"visit_type_id": world.kept["scheduling.own_kind"].pk}


def length(world: World) -> dict[str, Any]:
    if "scheduling.length" not in world.kept:
        own_kind(world)
        kind = world.kept["scheduling.own_kind"]
        world.kept["scheduling.length"] = set_length(visit_type=kind, minutes=30, specialty="cardiology", by=HOUSE)
    return {"length_id": world.kept["scheduling.length"].pk}


def shift(world: World) -> dict[str, Any]:
    if "scheduling.shift" not in world.kept:
        made = plan(world)
        helper(made, capability(ResourceKind.STAFF, "helper"), "Hal")
        world.kept["scheduling.shift"] = StaffShift.objects.unscoped("test").filter(unit=made.site.unit).first()
    return {"shift_id": world.kept["scheduling.shift"].pk}


def outage(world: World) -> dict[str, Any]:
    if "scheduling.outage" not in world.kept:
        made = plan(world)
        world.kept["scheduling.outage"] = take_out(
            resource=world.main.room, start=wall(made.monday, 6), end=wall(made.monday, 7), reason="Floor", by=HOUSE
        )
    return {"outage_id": world.kept["scheduling.outage"].pk}


_LOOK = {"right": Role.FRONT_DESK, "wrong": Role.HR}
_BOOK = {"right": Role.SCHEDULER, "wrong": Role.BILLER}
_KEEP = {"right": Role.PRACTICE_MANAGER, "wrong": Role.SCHEDULER}

URLS: dict[str, Row] = {
    "scheduling:find": Row(**_LOOK, query=search, other="own", shows=lambda world: plan(world).clinician.label()),
    "scheduling:hold": Row(**_BOOK, kwargs=patient, method="post", data=pressed),
    "scheduling:book": Row(**_BOOK, kwargs=held, shows=name_of_patient),
    "scheduling:release": Row(**_BOOK, kwargs=held, method="post", other="own"),
    "scheduling:overbook": Row(right=Role.SCHEDULER, wrong=Role.NURSE, kwargs=overbooking, shows=name_of_patient),
    "scheduling:list": Row(
        **_LOOK, query=lambda world: {"sort": "start"} if booked(world) else {}, shows=name_of_patient, other="own"
    ),
    "scheduling:day": Row(**_LOOK, other="own"),
    "scheduling:day_of": Row(
        **_LOOK, kwargs=site, query=lambda world: {"day": booked(world).start.date()}, shows=name_of_patient
    ),
    "scheduling:week_of": Row(
        **_LOOK, kwargs=site, query=lambda world: {"day": booked(world).start.date()}, shows=name_of_patient
    ),
    "scheduling:list_of": Row(
        **_LOOK, kwargs=site, query=lambda world: {"day": booked(world).start.date()}, shows=name_of_patient
    ),
    "scheduling:show": Row(**_LOOK, kwargs=appointment, shows=name_of_patient),
    "scheduling:cancel": Row(**_BOOK, kwargs=appointment, method="post", data=lambda world: {"reason": "patient_ill"}),
    "scheduling:no_show": Row(**_BOOK, kwargs=appointment, method="post"),
    "scheduling:reinstate": Row(**_BOOK, kwargs=appointment, method="post"),
    "scheduling:move": Row(**_BOOK, kwargs=appointment, query=pressed, shows=name_of_patient),
    "scheduling:lacking": Row(**_LOOK, other="own"),
    "scheduling:network_answer": Row(**_BOOK, kwargs=appointment, shows=name_of_patient),
    "scheduling:templates": Row(**_LOOK, other="own"),
    "scheduling:templates_of": Row(**_LOOK, kwargs=site, shows=lambda world: plan(world).clinician.label()),
    "scheduling:add_session": Row(**_KEEP, kwargs=site),
    "scheduling:revise_session": Row(**_KEEP, kwargs=session),
    "scheduling:end_session": Row(**_KEEP, kwargs=session),
    "scheduling:cancel_session": Row(**_KEEP, kwargs=session),
    "scheduling:restore_session": Row(**_KEEP, kwargs=exception, method="post"),
    "scheduling:add_absence": Row(**_KEEP, kwargs=site),
    "scheduling:remove_absence": Row(**_KEEP, kwargs=absence, method="post"),
    "scheduling:visit_types": Row(**_LOOK, other="own"),
    "scheduling:add_visit_type": Row(**_KEEP, other="own"),
    "scheduling:change_visit_type": Row(**_KEEP, kwargs=own_kind),
    "scheduling:add_length": Row(**_KEEP, kwargs=own_kind),
    "scheduling:end_length": Row(**_KEEP, kwargs=length, method="post"),
    "scheduling:add_shift": Row(**_KEEP, kwargs=site),
    "scheduling:end_shift": Row(**_KEEP, kwargs=shift),
    "scheduling:take_out": Row(**_KEEP, kwargs=site),
    "scheduling:bring_back": Row(**_KEEP, kwargs=outage, method="post"),
    "scheduling:visit_type_terms": Row(**_KEEP, kwargs=own_kind),
    "GET /api/v1/slots": Row(**_LOOK, query=window, other="own", shows=lambda world: str(plan(world).clinician.pk)),
    "POST /api/v1/appointments": Row(**_BOOK, data=booking, headers=key),
    "GET /api/v1/slots/search": Row(
        **_LOOK, query=window, other="own", shows=lambda world: str(plan(world).clinician.pk)
    ),
    "POST /api/v1/holds": Row(**_BOOK, data=wish, headers=key),
    "POST /api/v1/holds/{hold_id}/release": Row(
        **_BOOK,
        kwargs=lambda world: {"hold_id": held(world)["hold_id"]},
        data=lambda world: {},
        headers=key,
        other="own",
    ),
    "POST /api/v1/appointments/{appointment_id}/move": Row(
        **_BOOK,
        kwargs=appointment,
        headers=key,
        data=lambda world: {"start": wall(plan(world).monday, 11).isoformat()},
    ),
    "GET /api/v1/appointments/{appointment_id}": Row(**_LOOK, kwargs=appointment),
    "POST /api/v1/appointments/{appointment_id}/cancel": Row(
        **_BOOK, kwargs=appointment, data=lambda world: {"reason": "patient_ill"}, headers=key
    ),
}
