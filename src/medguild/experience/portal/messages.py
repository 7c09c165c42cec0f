"""What people wish of messages: whether, how, in which language, when not. What they agree to is kept as consent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from medguild.experience.portal.selectors import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.patients.consent.models import Consent
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.consent.selectors import current_consents
from medguild.patients.consent.services import record_consent
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import alias_ids
from medguild.patients.identity.services import details_of, update_demographics
from medguild.patients.preferences.rules import USUAL, Channel, Reach
from medguild.patients.preferences.selectors import reach_of
from medguild.patients.preferences.services import set_contact_preference


@dataclass(frozen=True, slots=True)
class Wishes:
    """`agrees` is false for who refused messages, or wants none by any channel."""

    agrees: bool
    reach: Reach
    language: str


def consents(patient: Patient, *, by: Actor, at: dt.datetime) -> dict[ConsentKind, Consent]:
    """What holds now on a record that the caller found."""
    return current_consents(by.trusted(), alias_ids(patient.pk), at)


def wishes(patient: Patient, *, by: Actor, at: dt.datetime) -> Wishes:
    """What stands on a record that the caller found; who never said anything is written to as usual."""
    held, reach = consents(patient, by=by, at=at).get(ConsentKind.COMMUNICATION), reach_of(patient.pk)
    refused = held is not None and held.decision == Decision.REFUSED
    shown = reach if reach.channels else replace(reach, channels=USUAL)
    return Wishes(bool(reach.channels) and not refused, shown, patient.language)


@transaction.atomic
def set_wishes(
    *,
    patient: Patient,
    agrees: bool,
    channels: Sequence[Channel],
    language: str,
    by: Actor,
    quiet_from: int | None = None,
    quiet_to: int | None = None,
    at: dt.datetime | None = None,
) -> None:
    """Keep them, and a decision where it changes what held. Raises NotVisible, Refusal."""
    record(by, patient.pk)
    moment = at or now()
    trusted, before = by.trusted(), wishes(patient, by=by, at=moment)
    set_contact_preference(
        patient=patient, channels=channels if agrees else (), quiet_from=quiet_from, quiet_to=quiet_to, by=trusted
    )
    if agrees != before.agrees:  # a box that nobody touched is no decision
        record_consent(
            patient=patient, kind=ConsentKind.COMMUNICATION, signed_by=by.label, by=trusted, at=moment,
            decision=Decision.GIVEN if agrees else Decision.REFUSED,
        )  # fmt: skip
    if language != patient.language:  # what else stands on the record is neither checked nor written
        update_demographics(
            patient=patient, details=replace(details_of(patient), language=language), by=trusted, at=moment,
            revision=patient.revision,
        )  # fmt: skip
