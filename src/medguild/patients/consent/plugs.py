"""The consent card of the patient's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.patients.consent.permissions import ConsentRight
from medguild.patients.consent.rules import ConsentKind
from medguild.patients.consent.selectors import current_consents
from medguild.patients.consent.words import CONSENT_KINDS
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import PatientSlot, Place, slots
from medguild.patients.identity.selectors import aliases_of


def _card(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    held = current_consents(actor, aliases_of(patient), now())
    return {
        "consents": [(kind, label, held.get(ConsentKind(kind))) for kind, label in CONSENT_KINDS],
        "may_record": actor.may(ConsentRight.RECORD),
    }


slots.register(
    "consent",
    PatientSlot(template="consent/_card.html", context=_card, right=ConsentRight.READ, order=60, place=Place.ASIDE),
)
