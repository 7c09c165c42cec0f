"""Who may have files read, and who decides about bad ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from medguild.exchange.files.services import keep_file
from medguild.foundation.access.rules import Role
from medguild.x12 import inspect_stream
from tests.factories.world import HOUSE, World
from tests.support_exchange import BROKEN, stream_of
from tests.url_tables import Row


def _kept(world: World) -> UUID:
    if "quarantined" not in world.kept:
        report = inspect_stream(stream_of(BROKEN), "broken.835")
        row, _fresh = keep_file(content=BROKEN, filename="broken.835", report=report, unit=world.main.entity, by=HOUSE)
        world.kept["quarantined"] = row.pk
    return world.kept["quarantined"]  # type: ignore[no-any-return]


def _one(world: World) -> Mapping[str, Any]:
    return {"file_id": _kept(world)}


def _files(world: World) -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("x.835", BROKEN)}


BILLER, WRONG = Role.BILLER, Role.FRONT_DESK
URLS = {
    "edi:inspect": Row(BILLER, WRONG, other="own"),
    **{
        f"edi:{name}": Row(BILLER, WRONG, method="post", other="own", kwargs=lambda world: {"which": 0}, data=_files)
        for name in ("answer", "report", "compare")
    },
    "edi:quarantine": Row(BILLER, WRONG, other="own", shows=lambda world: str(_kept(world))),
    "edi:file": Row(BILLER, WRONG, kwargs=_one),
    "edi:file_report": Row(BILLER, WRONG, kwargs=_one),
    "edi:file_answer": Row(BILLER, WRONG, method="post", kwargs=_one),
    # those who only read files decide nothing
    "edi:look_again": Row(BILLER, Role.AUDITOR, method="post", kwargs=_one),
    "edi:import_now": Row(BILLER, Role.AUDITOR, method="post", kwargs=_one),
    "edi:discard": Row(
        BILLER, Role.AUDITOR, method="post", kwargs=_one, data=lambda world: {"reason": "Sent again by the payer"}
    ),
}
