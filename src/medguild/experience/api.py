"""The API of the wing: gathers the routers of its rooms."""

from __future__ import annotations

from ninja import Router

from medguild.experience.feedback.api import router as feedback
from medguild.experience.outreach.api import router as outreach

router = Router()
router.add_router("", feedback)
router.add_router("", outreach)
