"""Who may open the pages of the waiting list."""

from __future__ import annotations

from typing import Any

from medguild.foundation.access.rules import Role
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.rules import CancelReason
from medguild.operations.waitlist.links import token_of
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import Freed, offer_freed
from tests.factories.scheduling import wall
from tests.factories.waitlist import wait_for
from tests.factories.world import HOUSE, World
from tests.url_tables import Row
from tests.url_tables.operations_scheduling import key, patient, plan


def offered(world: World) -> SlotOffer:
    if "waitlist.offer" not in world.kept:
        made = plan(world)
        wait_for(made)
        start, end = wall(made.monday, 9), wall(made.monday, 9, 20)
        (world.kept["waitlist.offer"],) = offer_freed(
            freed=Freed(made.clinician.pk, made.site.unit_id, start, end)
        )  # fmt: skip
    found: SlotOffer = world.kept["waitlist.offer"]
    return found


def entry(world: World) -> dict[str, Any]:
    return {"entry_id": offered(world).entry_id}


def came_free(world: World) -> Appointment:
    if "waitlist.freed" not in world.kept:
        visit = plan(world).book(10)
        cancel_appointment(appointment=visit, reason=CancelReason.PATIENT_REQUEST, by=HOUSE)
        world.kept["waitlist.freed"] = visit
    found: Appointment = world.kept["waitlist.freed"]
    return found


def wanted(world: World) -> dict[str, Any]:
    made = plan(world)
    return {
        "patient": str(made.patient.pk), "visit_type": str(made.kind.pk), "site": str(made.site.unit_id),
        "earliest": str(made.monday),
    }  # fmt: skip


URLS = {
    "waitlist:list": Row(
        Role.FRONT_DESK, wrong=Role.HR, other="own", shows=lambda world: offered(world).entry.patient.family_name
    ),
    "waitlist:freed": Row(
        Role.FRONT_DESK, wrong=Role.HR, other="own", shows=lambda world: came_free(world).clinician.person.family_name
    ),
    "waitlist:offer_freed": Row(
        Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=lambda world: {"source": came_free(world).pk}
    ),
    "waitlist:add": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=patient),
    "waitlist:show": Row(Role.BILLER, wrong=Role.HR, kwargs=entry),
    "waitlist:change": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=entry),
    "waitlist:withdraw": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=entry),
    "waitlist:answer": Row(
        Role.SCHEDULER,
        wrong=Role.BILLER,
        method="post",
        kwargs=lambda world: {"offer_id": offered(world).pk},
    ),
    "GET /api/v1/waitlist": Row(
        Role.FRONT_DESK, wrong=Role.HR, other="own", shows=lambda world: str(offered(world).entry_id)
    ),
    "POST /api/v1/waitlist": Row(Role.SCHEDULER, wrong=Role.BILLER, data=wanted, headers=key),
    "GET /api/v1/waitlist/{entry_id}": Row(Role.BILLER, wrong=Role.HR, kwargs=entry),
    "POST /api/v1/waitlist/{entry_id}/wishes": Row(
        Role.SCHEDULER,
        wrong=Role.BILLER,
        kwargs=entry,
        data=lambda world: {"earliest": str(plan(world).monday)},
        headers=key,
    ),
    "POST /api/v1/waitlist/{entry_id}/withdraw": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=entry, headers=key),
    "POST /api/v1/waitlist/offers/{offer_id}/accept": Row(
        Role.SCHEDULER, wrong=Role.BILLER, kwargs=lambda world: {"offer_id": offered(world).pk}, headers=key
    ),
    "POST /api/v1/waitlist/offers/{offer_id}/decline": Row(
        Role.SCHEDULER, wrong=Role.BILLER, kwargs=lambda world: {"offer_id": offered(world).pk}, headers=key
    ),
    "waitlist:offer": Row(None, kwargs=lambda world: {"token": token_of(offered(world).pk)}),
}
