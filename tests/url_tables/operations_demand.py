"""Numbers of access."""

from __future__ import annotations

from medguild.foundation.access.rules import Role
from tests.url_tables import Row

MANAGER = Role.PRACTICE_MANAGER
URLS = {
    "demand:access": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:samples": Row(MANAGER, wrong=Role.BILLER, other="own"),
    "demand:visits": Row(MANAGER, wrong=Role.HR, other="own"),
}
