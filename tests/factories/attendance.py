"""A past of visits to learn from, written straight into the table: people with habits, booked up to months ahead."""

from __future__ import annotations

import datetime as dt
import random

from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Unit
from medguild.operations.attendance.models import NoShowModel
from medguild.operations.attendance.rules import Stage
from medguild.operations.attendance.training import train_model
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.patients.identity.models import Patient
from tests.factories.scheduling import Schedule, make_patient
from tests.factories.world import HOUSE, Office, World

DAY = dt.timedelta(days=1)


def live(
    plan: Schedule, *, visits: int = 900, days: int = 240, people: int = 60, miss: float = 1.0, seed: int = 7
) -> None:
    """Visits of the last `days` days at the plan's office; every fourth person often misses, `miss` times as often."""
    rng = random.Random(seed)
    crowd = [make_patient(plan.office) for _ in range(people)]
    end = now().replace(hour=12, minute=0, second=0, microsecond=0) - DAY
    rows = []
    for place in range(visits):
        number = rng.randrange(people)
        start = end - dt.timedelta(days=days * (1 - place / visits))
        lead = rng.choice((0.1, 2, 5, 12, 25, 60))
        chance = miss * (0.45 if number % 4 == 0 else 0.08) * (0.3 if lead < 1 else 0.8 + lead / 60)
        missed = rng.random() < chance
        rows.append(
            visit(
                plan.office, crowd[number], plan, start, lead,
                AppointmentStatus.NO_SHOW if missed else AppointmentStatus.FULFILLED,
            )
        )  # fmt: skip
    Appointment.objects.bulk_create(rows)


def visit(
    office: Office, patient: Patient, plan: Schedule, start: dt.datetime, lead: float, status: AppointmentStatus
) -> Appointment:
    return Appointment(
        patient=patient, clinician=office.clinician, unit=office.site.unit, entity=office.entity, visit_type=plan.kind,
        start=start, end=start + dt.timedelta(minutes=20), status=status, booked_at=start - dt.timedelta(days=lead),
    )  # fmt: skip


def trained(world: World, plan: Schedule, *, unit: Unit | None = None, stage: Stage = Stage.BOOKING) -> NoShowModel:
    """A model of the group, learned from `live`."""
    return train_model(unit=unit or world.enterprise, by=HOUSE, stage=stage)
