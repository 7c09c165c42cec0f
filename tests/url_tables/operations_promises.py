"""Who may open the pages of promises."""

from __future__ import annotations

from typing import Any

from medguild.foundation.access.rules import Role
from medguild.operations.promises.models import Inquiry
from medguild.operations.promises.rules import Channel
from medguild.operations.promises.services import receive_inquiry
from tests.factories.world import HOUSE, World
from tests.url_tables import Row
from tests.url_tables.operations_scheduling import patient, plan

SENDER = "Dr. Quillfeather"


def received(world: World) -> Inquiry:
    if "promises.inquiry" not in world.kept:
        world.kept["promises.inquiry"] = receive_inquiry(
            site=plan(world).site, channel=Channel.FAX, text="Please send the letter.", sender=SENDER, by=HOUSE
        )
    found: Inquiry = world.kept["promises.inquiry"]
    return found


def inquiry(world: World) -> dict[str, Any]:
    return {"inquiry_id": received(world).pk}


URLS = {
    "promises:list": Row(Role.FRONT_DESK, wrong=Role.BILLER, other="own"),
    "promises:responses": Row(Role.FRONT_DESK, wrong=Role.BILLER, other="own"),
    "promises:add": Row(Role.NURSE, wrong=Role.AUDITOR, kwargs=patient),
    "promises:inquiries": Row(
        Role.FRONT_DESK, wrong=Role.BILLER, other="own", shows=lambda world: SENDER if received(world) else ""
    ),
    "promises:receive": Row(Role.FRONT_DESK, wrong=Role.AUDITOR, other="own"),
    "promises:inquiry": Row(Role.AUDITOR, wrong=Role.BILLER, kwargs=inquiry),
}
