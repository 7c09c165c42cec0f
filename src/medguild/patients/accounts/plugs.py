"""The account card of the patient's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.kernel.actor import Actor
from medguild.patients.accounts.permissions import AccountsRight
from medguild.patients.accounts.selectors import accounts_of
from medguild.patients.accounts.words import ACCOUNT_KINDS, RELATIONS
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import PatientSlot, Place, slots

_KINDS, _RELATIONS = dict(ACCOUNT_KINDS), dict(RELATIONS)


def _card(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    members = [(member, _KINDS[member.kind], _RELATIONS[member.relation]) for member in accounts_of(actor, patient.pk)]
    return {"members": members, "may_manage": actor.may(AccountsRight.MANAGE)}


slots.register(
    "accounts",
    PatientSlot(template="accounts/_card.html", context=_card, right=AccountsRight.READ, order=50, place=Place.ASIDE),
)
