"""Pages of the design system: for everybody signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.ui.saved_filters import save_filter
from tests.factories.world import World
from tests.url_tables import Row


def saving(world: World) -> Mapping[str, Any]:
    return {"path": "/organization/people/", "query": "q=1", "name": "Mine"}


def sought(world: World) -> Mapping[str, Any]:
    return {"_path": "/visits/", "_sought": "q", "q": "Ruiz"}


def kept(world: World) -> Mapping[str, Any]:
    """A filter of the right role's own."""
    actor = world.actor(Role.FRONT_DESK)
    return {"filter_id": save_filter(path="/organization/people/", query="q=1", name="Kept", by=actor).pk}


URLS = {
    "ui:save_filter": Row(Role.FRONT_DESK, other="own", method="post", data=saving),
    "ui:seek": Row(Role.FRONT_DESK, other="own", method="post", data=sought),
    "ui:forget_filter": Row(Role.FRONT_DESK, method="post", kwargs=kept),
    "ui:palette": Row(Role.FRONT_DESK, other="own"),
    "ui:gallery": Row(Role.FRONT_DESK, other="own"),
    "ui:gallery_board": Row(Role.FRONT_DESK, other="own", method="post"),
    "ui:gallery_toast": Row(Role.FRONT_DESK, other="own", method="post"),
}
