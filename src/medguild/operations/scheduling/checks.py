"""What is refused before anything is locked: rights, the past, the licence, another group's patient."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.selectors import circle_of_unit, may_practise
from medguild.operations.scheduling.errors import NotLicensed, OtherGroup, OverbookRefused
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.placing import Wish
from medguild.operations.scheduling.rules import SHORTEST_OVERBOOK_REASON
from medguild.patients.identity.models import Patient


def covers(actor: Actor, right: str, unit_id: UUID) -> bool:
    """Whether the actor holds the right on the unit."""
    scope = actor.scope(right)
    return scope.everything or unit_id in scope.units


def refuse_invisible(actor: Actor, unit_id: UUID, right: str) -> None:
    """Refuse an act at a unit: not there for who may not see it, not allowed for who may only look."""
    if covers(actor, right, unit_id):
        return
    if right != SchedulingRight.READ and covers(actor, SchedulingRight.READ, unit_id):
        raise NotAllowed(_("Your role may look at this schedule but not change it in this way."))
    raise NotVisible


def refuse_before_locks(wish: Wish, patient: Patient | None) -> None:
    """All checks that need no lock, cheapest first."""
    refuse_invisible(wish.by, wish.site.unit_id, SchedulingRight.BOOK)
    _refuse_overbooking(wish)
    if wish.start.second or wish.start.microsecond:
        raise Refusal(_("A visit starts at a whole minute."), code="start_not_whole", field="start")
    if not wish.visit_type.active:
        raise Refusal(_("This kind of visit is no longer used. Choose another."), code="visit_type_retired")
    _refuse_past(wish.day, wish.at, wish.site.time_zone)
    if patient is not None:
        _refuse_patient(patient, wish)
    verdict = may_practise(wish.clinician, wish.site.state, wish.day)
    if not verdict:
        raise NotLicensed(
            _("%(clinician)s may not practise in %(state)s on this day: %(reason)s Choose another clinician.")
            % {"clinician": wish.clinician.label(), "state": wish.site.state, "reason": verdict.reason},
            field="clinician",
        )


def _refuse_patient(patient: Patient, wish: Wish) -> None:
    if patient.circle_id != circle_of_unit(wish.site.unit_id, on=wish.day):
        raise OtherGroup(_("This patient is registered with another group. Register them at this site first."))
    if patient.deceased_on is not None:
        raise Refusal(_("This patient has died."), code="patient_deceased", field="patient")


def _refuse_overbooking(wish: Wish) -> None:
    if not wish.overbook_reason:
        return
    if not covers(wish.by, SchedulingRight.OVERBOOK, wish.site.unit_id):
        raise NotAllowed(_("Your role may not overbook. Choose a free time, or ask somebody who may."))
    if len(wish.overbook_reason) < SHORTEST_OVERBOOK_REASON:
        raise OverbookRefused(
            _("Write in a few words why this time must be overbooked."), code="reason_needed", field="overbook_reason"
        )


def _refuse_past(day: dt.date, at: dt.datetime, zone: str) -> None:
    """Today's times may lie behind: somebody who walked in is booked after the fact."""
    if day < local_date(at, zone):
        raise Refusal(_("This day is over. Choose a day from today on."), code="in_the_past", field="start")
