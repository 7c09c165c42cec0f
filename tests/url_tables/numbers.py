"""Numbers of the revenue cycle."""

from __future__ import annotations

from medguild.foundation.access.rules import Role
from tests.url_tables import Row

URLS = {
    "numbers:overview": Row(Role.REVENUE_DIRECTOR, Role.FRONT_DESK, other="own"),
    "numbers:rows": Row(Role.REVENUE_DIRECTOR, Role.FRONT_DESK, other="own", kwargs=lambda world: {"key": "lag"}),
}
