"""Visits of the past, with the times of their steps, by COPY."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from medguild.demo import plan
from medguild.demo.copying import copy_into, copy_rows, id_at
from medguild.demo.group import Group
from medguild.demo.people import EVENT_COLUMNS
from medguild.demo.schedule import Booked
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.visits.models import Visit

_VISIT = (
    "id", "patient_id", "appointment_id", "site_id", "entity_id", "clinician_id", "mode", "reason", "status",
    "arrived_at", "checked_in_at", "since", "previous_status", "previous_since", "ended_at", "revision",
)  # fmt: skip
REASONS = {
    "follow-up": ("Blood pressure", "Diabetes follow-up", "Back pain", "Medication review", "Asthma follow-up"),
    "new": ("New patient", "Wants a family doctor", "Second opinion"),
    "physical": ("Yearly check-up",),
    "acute": ("Cough and fever", "Sore throat", "Ear pain", "Rash", "Stomach pain", "Twisted ankle"),
    "echo": ("Heart ultrasound",),
}
_STEPS = ("visit.arrived", "visit.roomed", "visit.with_clinician", "visit.ready", "visit.checked_out")
_STATUSES = ("arrived", "roomed", "with_clinician", "ready_to_leave", "left")


@dataclass(slots=True)
class Seen:
    """A visit of the past, as the money step needs it."""

    id: UUID
    booked: Booked
    arrived_at: dt.datetime
    left_at: dt.datetime
    times: tuple[dt.datetime, ...]
    reason: str


def build_visits(group: Group, size: plan.Size, today: dt.date) -> None:
    """One visit for each appointment that was kept."""
    rng = random.Random(plan.SEED + 4)
    kept = (booked for booked in group.appointments if booked.status is AppointmentStatus.FULFILLED)
    group.visits = [_seen(booked, rng) for booked in kept]
    copy_rows(Visit, _VISIT, (_visit_row(group, seen) for seen in group.visits))
    copy_into("foundation_event", EVENT_COLUMNS, _events(group, rng))


def _seen(booked: Booked, rng: random.Random) -> Seen:
    """Arrival around the planned time; waits grow where the template is overbooked."""
    early = rng.gauss(7, 8)
    wait = rng.expovariate(1 / (16 if booked.overbooked else 9))
    minutes = (
        0.0,
        wait + max(0.0, early),
        rng.uniform(3, 12),
        booked.minutes * rng.uniform(0.6, 1.1),
        rng.uniform(2, 7),
    )
    moment = booked.start - dt.timedelta(minutes=early)
    times = []
    for spent in minutes:
        moment += dt.timedelta(minutes=spent)
        times.append(moment.replace(microsecond=0))
    reason = rng.choice(REASONS[booked.visit_type.code])
    return Seen(id_at(rng, times[0]), booked, times[0], times[-1], tuple(times), reason)


def _visit_row(group: Group, seen: Seen) -> tuple[Any, ...]:
    booked = seen.booked
    return (
        seen.id, booked.patient.id, booked.id, group.units[booked.site].pk, booked.session.entity_id,
        booked.clinician.pk, "in_person", seen.reason, "left", seen.arrived_at, seen.arrived_at, seen.left_at,
        "ready_to_leave", seen.times[3], seen.left_at, 5,
    )  # fmt: skip


def _events(group: Group, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for seen in group.visits:
        booked, unit_id = seen.booked, group.units[seen.booked.site].pk
        always = {
            "appointment_id": booked.id, "clinician_id": booked.clinician.pk, "entity_id": booked.session.entity_id,
            "site_id": unit_id,
        }  # fmt: skip
        for place, (name, at) in enumerate(zip(_STEPS, seen.times, strict=True)):
            moved = {"to": _STATUSES[place], "from": _STATUSES[max(0, place - 1)]}
            yield (
                id_at(rng, max(at, group.log_begins)), 1, name, at, at, "job", "demo", "visit", seen.id,
                f"Visit of {seen.arrived_at:%Y-%m-%d}", unit_id, booked.patient.id,
                orjson.dumps({**always, **moved}, default=str).decode(),
            )  # fmt: skip
