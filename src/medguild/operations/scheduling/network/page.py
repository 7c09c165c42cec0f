"""What pages tell of the network of the patient's plan before a visit is booked or moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.forms import NetworkForm
from medguild.operations.scheduling.models import Hold, VisitType
from medguild.operations.scheduling.network.check import NetworkCheck, billing_entity, check_network
from medguild.operations.scheduling.network.remote import remote_doubts
from medguild.operations.scheduling.network.rules import NetworkStanding
from medguild.operations.scheduling.network.words import STANDINGS, TONES, plan_asks, reasons, to_be_told
from medguild.operations.scheduling.search.addresses import search_address
from medguild.operations.scheduling.words import Text
from medguild.patients.identity.models import Patient
from medguild.payers.networks.selectors import Place


@dataclass(frozen=True, slots=True)
class Told:
    """The answer of the network in words; `words` are read to the patient when the visit is not in network."""

    check: NetworkCheck
    place: Place
    standing: Text
    tone: str
    words: str
    reasons: Sequence[tuple[Text, Text]]
    asks: Sequence[Text]

    @property
    def must_be_asked(self) -> bool:
        return self.check.standing is NetworkStanding.OUT

    @property
    def doubtful(self) -> bool:
        return self.check.standing in (NetworkStanding.OUT, NetworkStanding.UNKNOWN)


def told_of_hold(hold: Hold, patient: Patient) -> Told:
    return told_of_time(hold.visit_type, hold.clinician, hold.unit.site, hold.start, patient)


def told_of_time(
    visit_type: VisitType,
    clinician: Clinician,
    site: Site,
    start: dt.datetime,
    patient: Patient,
    *,
    names_plan: bool = True,
) -> Told:
    """What is told of a time with a clinician at a site; without `names_plan` on a page that a link opens."""
    day = local_date(start, site.time_zone)
    entity_id = billing_entity(clinician_id=clinician.pk, site=site, start=start)
    place = Place(entity_id, site.unit_id, clinician.pk)
    check = check_network(
        patient_id=patient.pk, visit_type_id=visit_type.pk, patient_kind=visit_type.patient_kind, place=place, on=day
    )
    return Told(
        check, place, STANDINGS[check.standing], TONES[check.standing],
        to_be_told(check, clinician=clinician.label(), on=day, names_plan=names_plan), reasons(check),
        [
            *plan_asks(check, specialty=clinician.specialty),
            *(remote_doubts(visit_type, patient.pk, on=day) if names_plan else []),
        ],
    )  # fmt: skip


def network_form(request: HttpRequest, told: Told | None, *, declines: bool = True) -> NetworkForm | None:
    """The form for the answer, where one is needed; empty until the page with it was sent. Where nothing is done about
    a patient who wants somebody else, `declines` is false."""
    if told is None or not told.must_be_asked:
        return None
    return NetworkForm(request.POST if "network_channel" in request.POST else None, declines=declines)


def in_network_url(patient: Patient, hold: Hold) -> str:
    """Others of the specialty who are in network."""
    return search_address(
        specialty=hold.clinician.specialty, patient_id=patient.pk, visit_type=str(hold.visit_type_id),
        start=local_date(hold.start, hold.unit.site.time_zone).isoformat(), days="28", in_network="on",
    )  # fmt: skip
