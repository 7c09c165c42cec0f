"""The wing's part of the API: one router, gathered from its rooms."""

from __future__ import annotations

from ninja import Router

from medguild.operations.bumps.api import router as bumps_router
from medguild.operations.calls.api import router as calls_router
from medguild.operations.itineraries.api import router as itineraries_router
from medguild.operations.recalls.api import router as recalls_router
from medguild.operations.scheduling.api import router as scheduling_router
from medguild.operations.series.api import router as series_router
from medguild.operations.waitlist.api import router as waitlist_router

router = Router()
for _room in (
    scheduling_router, calls_router, waitlist_router, series_router, itineraries_router, bumps_router, recalls_router,
):  # fmt: skip
    router.add_router("", _room)
