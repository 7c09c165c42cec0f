"""Who may open the pages of calendars to subscribe to."""

from __future__ import annotations

from typing import Any

from medguild.foundation.access.rules import Role
from medguild.operations.feeds.models import CalendarFeed
from medguild.operations.feeds.services import make_feed
from tests.factories.visits import clinician_actor
from tests.factories.world import World
from tests.url_tables import Row


def made(world: World) -> tuple[CalendarFeed, str]:
    if "feeds.feed" not in world.kept:
        actor = clinician_actor(world)
        world.kept["feeds.feed"] = make_feed(device="telephone", by=actor, clinician=world.main.clinician)
    found: tuple[CalendarFeed, str] = world.kept["feeds.feed"]
    return found


def feed(world: World) -> dict[str, Any]:
    return {"feed_id": made(world)[0].pk}


URLS = {
    "feeds:mine": Row(Role.CLINICIAN, other="own", query=lambda world: {} if made(world) else {}),
    "feeds:revoke": Row(Role.CLINICIAN, wrong=Role.FRONT_DESK, method="post", kwargs=feed),
    "feeds:calendar": Row(None, kwargs=lambda world: {"secret": made(world)[1]}),
}
