"""Reference data: for everybody signed in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.codesets.rules import CodeRow, System
from medguild.foundation.codesets.services import load_edition
from tests.factories.world import HOUSE, World
from tests.url_tables import Row


def _edition(world: World) -> dict[str, Any]:
    """A small edition."""
    made = load_edition(
        system=System.TAXONOMY, version="url table", rows=[CodeRow("X1", "One")], start=dt.date(2026, 1, 1),
        source="test", checksum="x", by=HOUSE,
    )  # fmt: skip
    return {"edition_id": made.pk}


URLS = {
    "codesets:load": Row(Role.ADMINISTRATOR, wrong=Role.FRONT_DESK, other="own"),
    "codesets:edition": Row(Role.FRONT_DESK, other="own", kwargs=_edition),
    "codesets:withdraw": Row(Role.ADMINISTRATOR, wrong=Role.FRONT_DESK, other="own", method="post", kwargs=_edition),
    "codesets:index": Row(Role.FRONT_DESK, other="own"),
    "codesets:search": Row(
        Role.CODER, other="own", kwargs=lambda world: {"system": "carc"}, query=lambda world: {"q": "co-pay"}
    ),
}
