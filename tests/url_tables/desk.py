"""The Today page: everybody signed in has one."""

from __future__ import annotations

from medguild.foundation.access.rules import Role
from tests.url_tables import Row

URLS = {"today:home": Row(Role.FRONT_DESK, wrong=None, other="own")}
