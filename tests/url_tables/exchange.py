"""Who may have files read."""

from __future__ import annotations

from medguild.foundation.access.rules import Role
from tests.url_tables import Row

URLS = {"edi:inspect": Row(Role.BILLER, wrong=Role.FRONT_DESK, other="own")}
