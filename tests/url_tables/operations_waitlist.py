"""Who may open the pages of the waiting list."""

from __future__ import annotations

from typing import Any

from medguild.foundation.access.rules import Role
from medguild.operations.waitlist.links import token_of
from medguild.operations.waitlist.models import SlotOffer
from medguild.operations.waitlist.offering import Freed, offer_freed
from tests.factories.scheduling import wall
from tests.factories.waitlist import wait_for
from tests.factories.world import World
from tests.url_tables import Row
from tests.url_tables.operations_scheduling import patient, plan


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


URLS = {
    "waitlist:list": Row(
        Role.FRONT_DESK, wrong=Role.HR, other="own", shows=lambda world: offered(world).entry.patient.family_name
    ),
    "waitlist:add": Row(Role.SCHEDULER, wrong=Role.BILLER, kwargs=patient),
    "waitlist:show": Row(Role.BILLER, wrong=Role.HR, kwargs=entry),
    "waitlist:withdraw": Row(Role.SCHEDULER, wrong=Role.BILLER, method="post", kwargs=entry),
    "waitlist:answer": Row(
        Role.SCHEDULER,
        wrong=Role.BILLER,
        method="post",
        kwargs=lambda world: {"offer_id": offered(world).pk},
    ),
    "waitlist:offer": Row(None, kwargs=lambda world: {"token": token_of(offered(world).pk)}),
}
