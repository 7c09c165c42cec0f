"""The wing's part of the API: one router, gathered from its rooms."""

from __future__ import annotations

from ninja import Router

from medguild.operations.calls.api import router as calls_router
from medguild.operations.scheduling.api import router as scheduling_router
from medguild.operations.waitlist.api import router as waitlist_router

router = Router()
router.add_router("", scheduling_router)
router.add_router("", calls_router)
router.add_router("", waitlist_router)
