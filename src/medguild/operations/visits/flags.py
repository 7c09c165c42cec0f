"""Flags on cards and in lists, gathered from their sources in one go; and those that this room knows itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.rules import PatientKind
from medguild.operations.visits.ports import Flag, FlagTone, VisitRef, flag_sources
from medguild.patients.identity.models import Patient

NEW_PATIENT = Flag("new_patient", _("New patient"), icon="user-plus")
INTERPRETER = Flag("interpreter", _("Interpreter"), FlagTone.WARN, icon="language")
OVERBOOKED = Flag("overbooked", _("Overbooked"), icon="clock-exclamation")
CHECK_IN_OPEN = Flag("check_in_open", _("Check-in open"), FlagTone.WARN, icon="checklist")
WALK_IN = Flag("walk_in", _("Walk-in"), icon="door-enter")


def flags_for(actor: Actor, refs: Sequence[VisitRef]) -> dict[VisitRef, list[Flag]]:
    """Flags of all sources whose right the actor holds; each source is asked once."""
    found: dict[VisitRef, list[Flag]] = {ref: [] for ref in refs}
    if not refs:
        return found
    for source in flag_sources:
        if source.right and not actor.may(source.right):
            continue
        answers: Mapping[VisitRef, Sequence[Flag]] = source.read(actor, refs)
        for ref, flags in answers.items():
            found[ref].extend(flags)
    return found


def own_flags(patient: Patient, appointment: Appointment | None) -> list[Flag]:
    """What the rows on the page say already."""
    flags = [INTERPRETER] if patient.interpreter_needed else []
    if appointment is None:
        return [*flags, WALK_IN]
    if appointment.visit_type.patient_kind == PatientKind.NEW:
        flags.append(NEW_PATIENT)
    if appointment.overbooked:
        flags.append(OVERBOOKED)
    return flags
