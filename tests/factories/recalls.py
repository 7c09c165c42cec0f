"""People who are due for a visit, in tests."""

from __future__ import annotations

from typing import Any

from medguild.operations.recalls.models import Recall
from medguild.operations.recalls.services import make_recall
from medguild.patients.identity.models import Patient
from tests.factories.scheduling import Schedule
from tests.factories.world import HOUSE


def due(plan: Schedule, patient: Patient | None = None, **changes: Any) -> Recall:
    """Due for the plan's kind of visit at its site on its Monday."""
    _ = plan.session
    given: dict[str, Any] = {"visit_type": plan.kind, "site": plan.site, "due_on": plan.monday, "by": HOUSE}
    return make_recall(patient=patient or plan.another(), **(given | changes))
