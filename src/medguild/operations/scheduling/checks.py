"""What is refused before anything is locked: rights, the past, another group's patient, who may not see the patient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.verdict import Verdict
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.care.verdicts import STATE_UNKNOWN, care_of, may_see
from medguild.operations.scheduling.errors import (
    NotLicensed,
    NotPrivileged,
    OtherGroup,
    OverbookRefused,
    PatientStateNeeded,
)
from medguild.operations.scheduling.facts import Facts
from medguild.operations.scheduling.kinds.checks import refuse_bad_length, refuse_reserved, refuse_wrong_patient
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.placing import Wish
from medguild.operations.scheduling.rules import SHORTEST_OVERBOOK_REASON
from medguild.patients.identity.permissions import PatientsRight

_PRIVILEGE_LACKS = {"no_privilege", "privilege_expired", "privilege_suspended"}


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
    refuse_by_visit_type(wish)
    if wish.for_patient:
        refuse_who_may_not_see(facts)


def _refuse_patient(facts: Facts, by: Actor) -> None:
    scope = by.scope(PatientsRight.READ)
    if not (scope.everything or facts.patient_circle in scope.circles or facts.patient_id in scope.patients):
        raise NotVisible
    if facts.patient_circle != facts.circle_id:
        raise OtherGroup(_("This patient is registered with another group. Register them at this site first."))
    if facts.deceased:
        raise Refusal(_("This patient has died."), code="patient_deceased", field="patient")


def refuse_by_visit_type(wish: Wish) -> None:
    """Who may book this kind of visit, and for which patients: the place for what a kind of visit itself asks.

    Called for bookings, moves and holds alike (`wish.for_patient` is false for a hold), after the patient was checked
    and before the clinician is. Raises KindReserved, NotForPatient, TooShort.
    """
    if wish.facts.booked_by:
        refuse_reserved(wish.facts, by=wish.by, origin=wish.origin)
    refuse_bad_length(wish.facts, wish.minutes)
    if wish.for_patient:
        refuse_wrong_patient(wish.facts)


def refuse_who_may_not_see(facts: Facts) -> None:
    """Refuse a clinician who may not see the patient on the day: no licence where the patient is, or no privilege.

    A licence of the state is the quick yes; all else is asked of credentialing. Raises NotLicensed, NotPrivileged,
    PatientStateNeeded.
    """
    if facts.licensed and facts.privilege_id is None:
        return
    _refuse(facts, may_see(facts.clinician_id, care_of(facts)))


def refuse_who_may_not_see_in_any(facts: Facts, modes: Iterable[str]) -> None:
    """The same for a hold, which may become a visit in one of several modes: refuse when none of them is allowed.

    Where a remote visit's state is not known yet, the booking decides.
    """
    verdict = None
    for mode in modes:
        care = care_of(replace(facts, mode=mode))
        if not care.state and facts.patient_id is None:
            return
        verdict = may_see(facts.clinician_id, care)
        if verdict.ok:
            return
    if verdict is not None:
        _refuse(facts, verdict)


def _refuse(facts: Facts, verdict: Verdict) -> None:
    if verdict.ok:
        return
    if verdict.code == STATE_UNKNOWN:
        raise PatientStateNeeded(
            _("Say in which state the patient will be during this visit; who may see them depends on it."),
            field="patient_state",
        )
    clinician = Clinician.objects.select_related("person").get(pk=facts.clinician_id)
    told = {"clinician": clinician.label(), "state": facts.care_state, "reason": verdict.reason}
    if verdict.code in _PRIVILEGE_LACKS:
        raise NotPrivileged(
            _("%(clinician)s may not do this kind of visit here on this day: %(reason)s Choose another clinician.")
            % told,
            field="clinician",
        )
    raise NotLicensed(
        _("%(clinician)s may not practise in %(state)s on this day: %(reason)s Choose another clinician.") % told,
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
