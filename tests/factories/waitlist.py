"""People who wait for a time, in tests."""

from __future__ import annotations

from typing import Any

from medguild.foundation.kernel.clock import now
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.showing import today_at
from medguild.operations.waitlist.models import WaitlistEntry
from medguild.operations.waitlist.services import Wanted, add_to_waitlist
from medguild.patients.identity.models import Patient
from tests.factories.scheduling import Schedule
from tests.factories.world import HOUSE


def wait_for(
    plan: Schedule, patient: Patient | None = None, *, instead_of: Appointment | None = None, **wanted: Any
) -> WaitlistEntry:
    """An entry for the plan's kind of visit at its site, from today on."""
    clinician = wanted.pop("clinician", None)
    at = wanted.pop("at", now())
    _ = plan.session
    return add_to_waitlist(
        patient=patient or plan.another(), visit_type=plan.kind, site=plan.site, clinician=clinician,
        wanted=Wanted(**({"earliest": today_at(plan.site)} | wanted)), instead_of=instead_of, by=HOUSE, at=at,
    )  # fmt: skip
