"""Complaints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.experience.feedback.models import Complaint
from medguild.foundation.access.rules import Role
from tests.factories.feedback import make_complaint
from tests.factories.patients import make_patient
from tests.factories.world import World
from tests.url_tables import Row


def _complaint(world: World) -> Complaint:
    if "complaint" not in world.kept:
        world.kept["complaint"] = make_complaint(world, patient=make_patient(world, family_name="Quibbleton"))
    complaint: Complaint = world.kept["complaint"]
    return complaint


def _complaint_id(world: World) -> Mapping[str, Any]:
    return {"complaint_id": _complaint(world).pk}


def _patient_id(world: World) -> Mapping[str, Any]:
    return {"patient_id": _complaint(world).patient_id}


MANAGER = Role.PRACTICE_MANAGER
DESK = Role.FRONT_DESK
URLS = {
    "feedback:list": Row(
        MANAGER, wrong=DESK, other="own", shows=lambda world: "Quibbleton" if _complaint(world) else ""
    ),
    "feedback:ratings": Row(MANAGER, wrong=DESK, other="own"),
    "GET /api/v1/ratings": Row(MANAGER, wrong=DESK, other="own"),
    "feedback:show": Row(MANAGER, wrong=DESK, kwargs=_complaint_id),
    "feedback:resolve": Row(MANAGER, wrong=DESK, kwargs=_complaint_id, method="post"),
    "feedback:receive": Row(DESK, wrong=Role.CODER, other="own"),
    "feedback:receive_for": Row(DESK, wrong=Role.CODER, kwargs=_patient_id),
}
