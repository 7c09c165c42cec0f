"""Registering patients and keeping their details right."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.selectors import circle_of_unit
from medguild.patients.identity.errors import ChangedMeanwhile, PossibleDuplicate, WrongPatientDetails
from medguild.patients.identity.events import REGISTERED, UPDATED, subject_of
from medguild.patients.identity.models import Patient
from medguild.patients.identity.numbering import take_numbers
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.rules.person import Details, WrongDetails, search_columns, tidied, traits
from medguild.patients.identity.selectors import possible_duplicates

_COLUMNS = tuple(field.name for field in dataclasses.fields(Details))


@transaction.atomic
def register_patient(
    *,
    details: Details,
    unit_id: UUID,
    by: Actor,
    not_duplicate_of: Collection[UUID] = (),
    at: dt.datetime | None = None,
) -> Patient:
    """Register a person at a unit; the record belongs to the sharing circle of the unit's entity.

    Raises NotAllowed, WrongPatientDetails, and PossibleDuplicate unless every visible candidate is named in
    `not_duplicate_of`. Taking the number first makes registrations of a circle wait for each other, so that the same
    person registered twice at once is noticed.
    """
    moment = at or now()
    circle_id = circle_for(unit_id, by, day_of(moment))
    clean = clean_details(details, today=day_of(moment))
    (number,) = take_numbers(circle_id)
    found = possible_duplicates(by, circle_id, traits(clean), leave_out=not_duplicate_of)
    if found.candidates or found.hidden:
        raise PossibleDuplicate(found.candidates, hidden=found.hidden and not found.candidates)
    patient = Patient.objects.create(
        circle_id=circle_id, home_unit_id=unit_id, mrn=number, registered_at=moment, **columns_of(clean)
    )
    record(
        REGISTERED,
        subject=subject_of(patient),
        by=by,
        patient_id=patient.pk,
        unit_id=unit_id,
        occurred_at=moment,
        data={"confirmed_not": sorted(str(other) for other in not_duplicate_of)},
    )
    return patient


def circle_for(unit_id: UUID, by: Actor, day: dt.date, *, right: str = PatientsRight.REGISTER) -> UUID:
    """The sharing circle into which the actor may register at a unit. Raises NotAllowed, Refusal (`no_circle`)."""
    scope = by.scope(right)
    if not scope.everything and unit_id not in scope.units:
        raise NotAllowed(_("You may not register patients at this place."), field="unit")
    circle_id = circle_of_unit(unit_id, on=day)
    if circle_id is None:
        raise Refusal(_("This place belongs to no sharing circle yet; ask an administrator."), code="no_circle")
    return circle_id


@transaction.atomic
def update_demographics(
    *, patient: Patient, details: Details, by: Actor, revision: int | None = None, at: dt.datetime | None = None
) -> Patient:
    """Replace the details. With `revision` (as read) a change by somebody else in between is not overwritten.

    A changed family name is kept among the earlier ones. Raises NotVisible, WrongPatientDetails, ChangedMeanwhile.
    """
    moment = at or now()
    held: Patient | None = (
        Patient.objects.visible_to(by, PatientsRight.UPDATE).select_for_update().filter(pk=patient.pk).first()
    )
    if held is None:
        raise NotVisible
    if revision is not None and revision != held.revision:
        raise ChangedMeanwhile
    clean = _keeping_earlier_name(held, clean_details(details, today=day_of(moment)))
    wanted = columns_of(clean)
    changed = [name for name, value in wanted.items() if getattr(held, name) != value]
    if not changed:
        return held
    for name in changed:
        setattr(held, name, wanted[name])
    held.revision += 1
    held.save(update_fields=[*changed, "revision"])
    record(
        UPDATED,
        subject=subject_of(held),
        by=by,
        patient_id=held.pk,
        unit_id=held.home_unit_id,
        occurred_at=moment,
        data={"fields": sorted(name for name in changed if name in _COLUMNS)},
    )
    return held


def _keeping_earlier_name(held: Patient, clean: Details) -> Details:
    earlier = search_columns(clean)["previous_keys"]
    if held.family_key in {search_columns(clean)["family_key"], *earlier}:
        return clean
    return dataclasses.replace(clean, previous_names=(*clean.previous_names, held.family_name))


def details_of(patient: Patient) -> Details:
    """The details as kept; the start of a form or of a change of one field."""
    values: dict[str, Any] = {name: getattr(patient, name) for name in _COLUMNS}
    values["previous_names"] = tuple(values["previous_names"])
    return Details(**values)


def clean_details(details: Details, *, today: dt.date) -> Details:
    """Tidied details. Raises WrongPatientDetails."""
    try:
        return tidied(details, today=today)
    except WrongDetails as error:
        raise WrongPatientDetails(error.problems) from None


def columns_of(details: Details) -> Mapping[str, Any]:
    """Column values of tidied details, with what searches compare."""
    values: dict[str, Any] = {name: getattr(details, name) for name in _COLUMNS}
    values["previous_names"] = list(details.previous_names)
    return {**values, **search_columns(details)}
