"""Reference data: for everybody signed in."""

from __future__ import annotations

from medguild.foundation.access.rules import Role
from tests.url_tables import Row

URLS = {
    "codesets:index": Row(Role.FRONT_DESK, other="own"),
    "codesets:search": Row(
        Role.CODER, other="own", kwargs=lambda world: {"system": "carc"}, query=lambda world: {"q": "co-pay"}
    ),
}
