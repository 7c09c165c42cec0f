"""Complaints for tests."""

from __future__ import annotations

from typing import Any

from medguild.experience.feedback.models import Complaint
from medguild.experience.feedback.rules import Category, Channel, Severity
from medguild.experience.feedback.services import receive_complaint
from tests.factories.world import HOUSE, World


def make_complaint(world: World, **given: Any) -> Complaint:
    values: dict[str, Any] = {
        "site": world.main.site, "channel": Channel.PHONE, "category": Category.WAITING, "severity": Severity.MODERATE,
        "text": "I waited for an hour.", "by": HOUSE,
    }  # fmt: skip
    return receive_complaint(**(values | given))
