"""Registering a patient with everything that the desk asks for, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.selectors import entity_of
from medguild.patients.accounts.rules import Guarantor, GuarantorRelation, needs_other_guarantor
from medguild.patients.accounts.services import open_account
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.consent.services import record_consent
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.person import Details
from medguild.patients.identity.services import register_patient

AddCoverage = Callable[[Patient], object]


@dataclass(frozen=True, slots=True)
class Registration:
    """What the desk has written down. `add_coverage` is called with the new patient when a card was shown."""

    details: Details
    unit_id: UUID
    relation: GuarantorRelation = GuarantorRelation.SELF
    guarantor: Guarantor | None = None
    consents: Mapping[ConsentKind, Decision] = field(default_factory=dict)
    add_coverage: AddCoverage | None = None
    not_duplicate_of: Collection[UUID] = ()


@transaction.atomic
def register(*, given: Registration, by: Actor, at: dt.datetime | None = None) -> Patient:
    """Register the patient, open the account, add coverage and consents; all or nothing.

    Raises what each part raises, and Refusal (`guarantor_needed`) for a minor who would owe.
    """
    moment = at or now()
    _refuse_owing_minor(given, day_of(moment))
    patient = register_patient(
        details=given.details, unit_id=given.unit_id, not_duplicate_of=given.not_duplicate_of, by=by, at=moment
    )
    entity = entity_of(given.unit_id, on=day_of(moment))
    if entity is not None:
        open_account(
            patient=patient,
            entity_id=entity.pk,
            relation=given.relation,
            guarantor=given.guarantor,
            by=by,
            at=moment,
        )
    if given.add_coverage is not None:
        given.add_coverage(patient)
    for kind, decision in given.consents.items():
        record_consent(patient=patient, kind=kind, decision=decision, by=by, at=moment)
    return patient


def _refuse_owing_minor(given: Registration, today: dt.date) -> None:
    if given.relation is GuarantorRelation.SELF and needs_other_guarantor(given.details.birth_date, today):
        raise Refusal(
            _("A child does not pay: say which parent or guardian does."), code="guarantor_needed", field="relation"
        )
