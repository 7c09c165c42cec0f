"""Others who may: told with every refusal because of a licence, a privilege or a network."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.search.searching import Found, Wanted, search_times
from medguild.patients.identity.models import Patient

LOOK_AHEAD = dt.timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Others:
    """The first free times of others, and what was looked for to find them (perhaps by video, perhaps elsewhere)."""

    found: Found
    wanted: Wanted


def others_who_may(
    *,
    actor: Actor,
    visit_type: VisitType,
    instead_of: Clinician,
    site: Site,
    start: dt.datetime,
    patient: Patient | None,
    mode: str = "",
    patient_state: str = "",
    in_network: bool = False,
    at: dt.datetime | None = None,
) -> Others:
    """The first free time of each other clinician of the specialty: at the site; if there is none, elsewhere; if there
    is none, by video. Within four weeks of the day that was wished.
    """
    day = local_date(start, site.time_zone)
    near = Wanted(
        visit_type=visit_type, start=day, end=day + LOOK_AHEAD, patient=patient, units=[site.unit_id],
        without=[instead_of.pk], specialty=instead_of.specialty, mode=mode, patient_state=patient_state,
        in_network=in_network, first_only=True,
    )  # fmt: skip
    wider: list[Wanted] = [near, replace(near, units=None)]
    if Mode.VIDEO in visit_type.modes and mode != Mode.VIDEO:
        wider.append(replace(near, units=None, mode=Mode.VIDEO))
    for wanted in wider:
        found = search_times(actor=actor, wanted=wanted, at=at)
        if found.openings:
            return Others(found, wanted)
    return Others(Found(), near)
