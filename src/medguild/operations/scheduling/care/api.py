"""What the API adds to the refusal of a clinician who may not see the patient: who may, with their first free times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.api_schemas import BookingIn
from medguild.operations.scheduling.care.alternatives import Others, others_who_may
from medguild.operations.scheduling.errors import ClinicianMayNot, PatientStateNeeded
from medguild.operations.scheduling.slot_rules import iso_starts
from medguild.patients.identity.selectors import patient as visible_patient

MOST_OTHERS = 6


def telling_others(run: Callable[[], HttpResponse], actor: Actor, body: BookingIn) -> Callable[[], HttpResponse]:
    """The same booking; a refusal because of the clinician says `alternatives` beside its code and reason."""

    def told() -> HttpResponse:
        try:
            return run()
        except PatientStateNeeded:
            raise
        except ClinicianMayNot as refusal:
            refusal.more = {"alternatives": _shown(_others(actor, body))}
            raise

    return told


def _others(actor: Actor, body: BookingIn) -> Others:
    return others_who_may(
        actor=actor, visit_type=selectors.visit_type(actor, body.visit_type), site=selectors.site(actor, body.site),
        instead_of=Clinician.objects.get(pk=body.clinician), start=body.start,
        patient=visible_patient(actor, body.patient), mode=body.mode or "", patient_state=body.patient_state,
    )  # fmt: skip


def _shown(others: Others) -> list[dict[str, object]]:
    """The first free time of each: clinician, site, start, and the mode when it is another than was asked for."""
    found: list[dict[str, object]] = []
    for opening in others.found.openings[:MOST_OTHERS]:
        clinician: UUID = opening.session.clinician_id
        found.append(
            {
                "clinician": clinician,
                "site": opening.session.unit_id,
                "start": dt.datetime.fromisoformat(iso_starts(opening)[0]),
                "minutes": opening.session.minutes,
                "mode": others.wanted.mode,
            }
        )
    return found
