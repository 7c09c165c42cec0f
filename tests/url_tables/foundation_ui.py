"""Pages of the design system: for everybody signed in."""

from __future__ import annotations

from medguild.foundation.access.rules import Role
from tests.url_tables import Row

URLS = {
    "ui:palette": Row(Role.FRONT_DESK, other="own"),
    "ui:gallery": Row(Role.FRONT_DESK, other="own"),
    "ui:gallery_board": Row(Role.FRONT_DESK, other="own", method="post"),
    "ui:gallery_toast": Row(Role.FRONT_DESK, other="own", method="post"),
}
