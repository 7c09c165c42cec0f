"""What pages show with a refusal: why, and the first free times of others who may, as buttons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.care.alternatives import others_who_may
from medguild.operations.scheduling.care.verdicts import Care, may_see
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.search.offers import Offer, by_day
from medguild.operations.scheduling.search.searching import Wanted, terms_of
from medguild.patients.identity.models import Patient

MOST_OTHERS = 6


@dataclass(frozen=True, slots=True)
class Refused:
    """The clinician, the reason in words, and offers of others; what these post besides their time."""

    clinician: str
    reason: str
    offers: list[Offer]
    visit_type: VisitType
    mode: str = ""
    patient_state: str = ""


def others_page(
    *, actor: Actor, wanted: Wanted, clinician_id: UUID, site: Site, start: dt.datetime, reason: str,
    sites: Mapping[UUID, str],
) -> Refused:  # fmt: skip
    """Who else may, for a search that named a clinician who may not."""
    clinician = Clinician.objects.select_related("person").get(pk=clinician_id)
    others = others_who_may(
        actor=actor, visit_type=wanted.visit_type, instead_of=clinician, site=site, start=start,
        patient=wanted.patient, mode=wanted.mode, patient_state=wanted.patient_state,
        in_network=wanted.in_network,
    )  # fmt: skip
    found, asked = others.found, others.wanted
    first = replace(found, openings=found.openings[:MOST_OTHERS])
    offers = [offer for day in by_day(first.openings, first, asked, sites) for offer in day.offers]
    return Refused(clinician.label(), reason, offers, wanted.visit_type, asked.mode, asked.patient_state)


def others_for(
    *, actor: Actor, visit_type: VisitType, clinician: Clinician, site: Site, start: dt.datetime, reason: str,
    patient: Patient, sites: Mapping[UUID, str], mode: str = "", patient_state: str = "", in_network: bool = False,
) -> Refused:  # fmt: skip
    """The same for a visit that was about to be booked or moved."""
    day = local_date(start, site.time_zone)
    wanted = Wanted(
        visit_type=visit_type, start=day, end=day, patient=patient, mode=mode, patient_state=patient_state,
        in_network=in_network,
    )  # fmt: skip
    return others_page(
        actor=actor, wanted=wanted, clinician_id=clinician.pk, site=site, start=start, reason=reason, sites=sites
    )


def reason_for(wanted: Wanted, clinician_id: UUID, site: Site, day: dt.date) -> str:
    """Why a clinician may not see the patient on a day in the first of the modes asked for."""
    mode = wanted.mode or wanted.visit_type.modes[0]
    remote = mode != Mode.IN_PERSON
    home = wanted.patient_state or (wanted.patient.state if wanted.patient else site.state)
    terms = terms_of(wanted.visit_type)
    care = Care(home if remote else site.state, remote, day, site.unit_id, terms.privilege_id if terms else None)
    return may_see(clinician_id, care).reason
