"""The coverage card of the patient's page, and who may read pictures of cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from medguild.foundation.documents.ports import register_subject
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.permissions import CoverageRight
from medguild.patients.coverage.selectors import coverages_of
from medguild.patients.coverage.words import LINES, RANKS, RELATIONS
from medguild.patients.identity.models import Patient
from medguild.patients.identity.ports import PatientSlot, slots
from medguild.patients.identity.selectors import aliases_of

_RANKS, _RELATIONS = dict(RANKS), dict(RELATIONS)


def _card(actor: Actor, patient: Patient) -> Mapping[str, Any]:
    day = today()
    rows = coverages_of(actor, aliases_of(patient))
    told = [
        {
            "coverage": row,
            "rank": _RANKS[row.rank],
            "line": LINES[row.line] if row.line != "health" else "",
            "relation": _RELATIONS[row.relation] if row.relation != "self" else "",
            "in_force": row.period.lower <= day and (row.period.upper is None or day < row.period.upper),
        }
        for row in rows
    ]
    return {
        "current": [one for one in told if one["in_force"]],
        "other": [one for one in told if not one["in_force"]],
        "may_manage": actor.may(CoverageRight.MANAGE),
    }


def _readable(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    return set(Coverage.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))


slots.register(
    "coverage", PatientSlot(template="coverage/_card.html", context=_card, right=CoverageRight.READ, order=40)
)
register_subject("coverage", _readable)
