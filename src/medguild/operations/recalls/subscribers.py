"""Recalls hear what becomes of visits: one that is booked settles what was due, one that took place makes the next."""

from __future__ import annotations

from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.operations.recalls.booking import visit_booked, visit_given_up
from medguild.operations.recalls.ruling import apply_rules
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import CANCELLED, FULFILLED, NO_SHOW, REINSTATED
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.services import BOOKED

HOUSE = Actor.job("recalls.visits")


def _visit(event: EventRecord) -> Appointment | None:
    rows = Appointment.objects.unscoped("recalls follow what becomes of visits")
    rows = rows.select_related("unit__site", "patient", "visit_type", "clinician")
    found: Appointment | None = rows.filter(pk=event.subject.id).first() if event.subject.id else None
    return found


@subscribe(BOOKED, REINSTATED, name="recalls.visit_booked")
def settle_what_was_due(event: EventRecord) -> None:
    visit = _visit(event)
    if visit is not None and visit.holds_time:
        visit_booked(visit, by=HOUSE, at=now())


@subscribe(CANCELLED, NO_SHOW, name="recalls.visit_given_up")
def due_again(event: EventRecord) -> None:
    visit = _visit(event)
    if visit is not None:
        visit_given_up(visit, by=HOUSE, at=now())


@subscribe(FULFILLED, name="recalls.visit_took_place")
def make_the_next_due(event: EventRecord) -> None:
    visit = _visit(event)
    if visit is not None and visit.status == AppointmentStatus.FULFILLED:
        apply_rules(visit, by=HOUSE)
