"""Who may open pages of an own record: its person, whoever acts for them, and staff who let them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from medguild.foundation.access.models import Grant
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_user
from medguild.foundation.kernel.clock import now
from medguild.operations.chart.models import Note
from medguild.operations.feeds.services import make_feed
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import Freed, offer_freed
from medguild.patients.identity.models import Patient
from tests.factories.patients import make_patient
from tests.factories.scheduling import schedule, visit_type, wall
from tests.factories.visits import make_signed_note, make_visit
from tests.factories.waitlist import wait_for
from tests.factories.world import World
from tests.url_tables import Row


def patient(world: World) -> Patient:
    if "portal.patient" not in world.kept:
        world.kept["portal.patient"] = make_patient(world, family_name="Larkwing")
    found: Patient = world.kept["portal.patient"]
    return found


def note(world: World) -> Note:
    if "portal.note" not in world.kept:
        world.kept["portal.note"] = make_signed_note(world, make_visit(world, patient=patient(world)))
    found: Note = world.kept["portal.note"]
    return found


def own(world: World) -> UUID:
    return patient(world).pk


def one(world: World) -> Mapping[str, Any]:
    return {"patient_id": own(world)}


def visit(world: World) -> Mapping[str, Any]:
    return {"patient_id": own(world), "note_id": note(world).pk}


def grant(world: World) -> Mapping[str, Any]:
    user = world.user(Role.PROXY, patient_id=own(world))
    return {"patient_id": own(world), "grant_id": Grant.objects.get(user=user).pk}


def family(world: World) -> str:
    return patient(world).family_name


def calendar(world: World) -> Mapping[str, Any]:
    if "portal.feed" not in world.kept:
        user = world.user(Role.PATIENT, patient_id=own(world))
        world.kept["portal.feed"] = make_feed(device="phone", by=actor_of_user(user), patient=patient(world))[0]
    return {"patient_id": own(world), "feed_id": world.kept["portal.feed"].pk}


def to_come(world: World) -> Mapping[str, Any]:
    if "portal.visit" not in world.kept:
        world.kept["portal.visit"] = schedule(world).book(patient=patient(world))
    return {"patient_id": own(world), "appointment_id": world.kept["portal.visit"].pk}


def offered(world: World) -> Mapping[str, Any]:
    if "portal.offer" not in world.kept:
        plan = schedule(world)
        wait_for(plan, patient(world))
        freed = Freed(plan.clinician.pk, plan.site.unit_id, wall(plan.monday, 9), wall(plan.monday, 9, 20))
        (world.kept["portal.offer"],) = offer_freed(freed=freed)
    SlotOffer.objects.unscoped("test").update(offered_at=now(), sends_at=now())
    return {"patient_id": own(world), "offer_id": world.kept["portal.offer"].pk}


def waits(world: World) -> Mapping[str, Any]:
    if "portal.entry" not in world.kept:
        world.kept["portal.entry"] = wait_for(schedule(world), patient(world), visit_type=visit_type("checkup"))
    return {"patient_id": own(world), "entry_id": world.kept["portal.entry"].pk}


URLS = {
    "portal:waiting": Row(Role.PROXY, wrong=Role.NURSE, record=own, kwargs=one, shows=family),
    "portal:wishes": Row(Role.PATIENT, wrong=Role.SCHEDULER, record=own, kwargs=waits, shows=family),
    "portal:leave": Row(Role.PROXY, wrong=Role.SCHEDULER, record=own, kwargs=waits, method="post"),
    "portal:earlier": Row(Role.PATIENT, wrong=Role.SCHEDULER, record=own, kwargs=to_come, method="post"),
    "portal:book": Row(Role.PATIENT, wrong=Role.SCHEDULER, record=own, kwargs=one, shows=family),
    "portal:confirm": Row(Role.PROXY, wrong=Role.SCHEDULER, record=own, kwargs=one),
    "portal:messages": Row(Role.PROXY, wrong=Role.FRONT_DESK, record=own, kwargs=one, shows=family),
    "portal:appointment": Row(Role.PROXY, wrong=Role.NURSE, record=own, kwargs=to_come),
    "portal:offer": Row(Role.PATIENT, wrong=Role.NURSE, record=own, kwargs=offered),
    "portal:home": Row(Role.PATIENT, wrong=Role.ADMINISTRATOR, record=own, other="own"),
    "portal:record": Row(Role.PROXY, wrong=Role.CLINICIAN, record=own, kwargs=one, shows=family),
    "portal:visit": Row(Role.PATIENT, wrong=Role.NURSE, record=own, kwargs=visit, shows=family),
    "portal:calendar": Row(Role.PATIENT, wrong=Role.NURSE, record=own, kwargs=one, shows=family),
    "portal:end_calendar": Row(Role.PATIENT, wrong=Role.NURSE, record=own, kwargs=calendar, method="post"),
    "portal:questions": Row(Role.PROXY, wrong=Role.NURSE, record=own, kwargs=one, shows=family),
    "portal:access": Row(Role.FRONT_DESK, wrong=Role.CODER, kwargs=one, shows=family),
    "portal:give": Row(Role.FRONT_DESK, wrong=Role.CLINICIAN, kwargs=one, shows=family),
    "portal:renew": Row(Role.FRONT_DESK, wrong=Role.BILLER, kwargs=grant),
    "portal:end": Row(Role.FRONT_DESK, wrong=Role.BILLER, kwargs=grant, method="post"),
}
