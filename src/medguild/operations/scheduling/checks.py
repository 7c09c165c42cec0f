"""What is refused before anything is locked: rights, the past, the licence, another group's patient."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.selectors import may_practise
from medguild.operations.scheduling.errors import NotLicensed, OtherGroup, OverbookRefused
from medguild.operations.scheduling.facts import Facts
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.placing import Wish
from medguild.operations.scheduling.rules import SHORTEST_OVERBOOK_REASON
from medguild.patients.identity.permissions import PatientsRight


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


def refuse_before_locks(wish: Wish) -> None:
    """All checks that need no lock, cheapest first."""
    facts = wish.facts
    refuse_invisible(wish.by, facts.unit_id, SchedulingRight.BOOK)
    _refuse_overbooking(wish)
    if wish.start.second or wish.start.microsecond:
        raise Refusal(_("A visit starts at a whole minute."), code="start_not_whole", field="start")
    if not facts.active:
        raise Refusal(_("This kind of visit is no longer used. Choose another."), code="visit_type_retired")
    # Today's times may lie behind: somebody who walked in is booked after the fact.
    if facts.day < local_date(wish.at, facts.zone):
        raise Refusal(_("This day is over. Choose a day from today on."), code="in_the_past", field="start")
    if wish.for_patient:
        _refuse_patient(facts, wish.by)
    _refuse_unlicensed(facts)


def _refuse_patient(facts: Facts, by: Actor) -> None:
    scope = by.scope(PatientsRight.READ)
    if not (scope.everything or facts.patient_circle in scope.circles or facts.patient_id in scope.patients):
        raise NotVisible
    if facts.patient_circle != facts.circle_id:
        raise OtherGroup(_("This patient is registered with another group. Register them at this site first."))
    if facts.deceased:
        raise Refusal(_("This patient has died."), code="patient_deceased", field="patient")


def _refuse_unlicensed(facts: Facts) -> None:
    if facts.licensed:
        return
    verdict = may_practise(Clinician(pk=facts.clinician_id), facts.state, facts.day)
    clinician = Clinician.objects.select_related("person").get(pk=facts.clinician_id)
    raise NotLicensed(
        _("%(clinician)s may not practise in %(state)s on this day: %(reason)s Choose another clinician.")
        % {"clinician": clinician.label(), "state": facts.state, "reason": verdict.reason},
        field="clinician",
    )


def _refuse_overbooking(wish: Wish) -> None:
    if not wish.overbook_reason:
        return
    if not covers(wish.by, SchedulingRight.OVERBOOK, wish.facts.unit_id):
        raise NotAllowed(_("Your role may not overbook. Choose a free time, or ask somebody who may."))
    if len(wish.overbook_reason) < SHORTEST_OVERBOOK_REASON:
        raise OverbookRefused(
            _("Write in a few words why this time must be overbooked."), code="reason_needed", field="overbook_reason"
        )
