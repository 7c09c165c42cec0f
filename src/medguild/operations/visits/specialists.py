"""From a visit to a specialist of the group in one step: a button for each specialty opens its free times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.words import specialty_words
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.search.addresses import search_address
from medguild.operations.scheduling.selectors import specialties_with_sessions
from medguild.operations.visits.ports import Place, VisitPanel, VisitRef, visit_panels


def _panel(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    """Specialties other than the visit's own where the actor may book; who may not promises a referral instead."""
    own = Clinician.objects.values_list("specialty", flat=True).get(pk=ref.clinician_id)
    others = [one for one in specialties_with_sessions(actor, on=today()) if one and one != own]
    return {
        "specialties": [
            (specialty_words(one), search_address(specialty=one, patient_id=ref.patient_id)) for one in others
        ]
    }


for _place in (Place.VISIT, Place.CHECK_OUT):
    visit_panels.register(
        f"specialists_{_place}",
        VisitPanel(f"specialists_{_place}", _place, 55, "visits/_specialists.html", _panel, right=SchedulingRight.BOOK),
    )
