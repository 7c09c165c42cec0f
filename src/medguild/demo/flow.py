"""Visits of the past, with the times of their steps, by COPY."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
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
    days: dict[tuple[UUID, dt.date], list[Booked]] = defaultdict(list)
    for booked in group.appointments:
        if booked.status is AppointmentStatus.FULFILLED:
            days[booked.clinician.pk, booked.start.date()].append(booked)
    group.visits = [seen for day in days.values() for seen in _day(day, rng)]
    copy_rows(Visit, _VISIT, (_visit_row(group, seen) for seen in group.visits))
    copy_into("foundation_event", EVENT_COLUMNS, _events(group, rng))


def _day(booked: list[Booked], rng: random.Random) -> Iterator[Seen]:
    """The visits of a clinician's day in their turn: who is squeezed in makes those after wait."""
    free_at: dt.datetime | None = None
    for one in sorted(booked, key=lambda one: (one.start, one.lane)):
        seen = _seen(one, free_at, rng)
        free_at = seen.times[3] + dt.timedelta(minutes=rng.uniform(0, 2))
        yield seen


def _seen(booked: Booked, free_at: dt.datetime | None, rng: random.Random) -> Seen:
    """Most come some minutes before their time and are ready at it; about every third visit begins late."""
    arrived = booked.start - dt.timedelta(minutes=rng.gauss(13, 6))
    roomed = arrived + dt.timedelta(minutes=1 + rng.expovariate(1 / 5))
    ready = roomed + dt.timedelta(minutes=rng.uniform(1, 5))
    begun = max(ready, booked.start - dt.timedelta(minutes=rng.uniform(0, 4)), free_at or ready)
    ended = begun + dt.timedelta(minutes=booked.minutes * rng.uniform(0.6, 1.1))
    left = ended + dt.timedelta(minutes=rng.uniform(2, 7))
    times = tuple(moment.replace(microsecond=0) for moment in (arrived, roomed, begun, ended, left))
    reason = rng.choice(REASONS[booked.visit_type.code])
    return Seen(id_at(rng, times[0]), booked, times[0], times[-1], times, reason)


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
