"""Pages of the design system: any signed-in user, and nothing in them belongs to a unit."""

from __future__ import annotations

from medguild.foundation.access.rules import Role
from tests.url_tables import Row

URLS = {
    "ui:palette": Row(Role.FRONT_DESK, other="own"),
    "ui:gallery": Row(Role.FRONT_DESK, other="own"),
    "ui:gallery_board": Row(Role.FRONT_DESK, other="own"),
    "ui:gallery_toast": Row(Role.FRONT_DESK, other="own", method="post", data=lambda world: {"tone": "ok"}),
}
