"""Whether a visit is in network of the patient's plan, what the plan asks, and what the visit costs without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.money import Cents
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.selectors import entity_of
from medguild.operations.scheduling.calendar_sql import Where, load_sessions
from medguild.operations.scheduling.care.models import VisitTypeTerms
from medguild.operations.scheduling.errors import OutsideTemplate
from medguild.operations.scheduling.facts import Facts
from medguild.operations.scheduling.network.rules import NetworkStanding
from medguild.operations.scheduling.rules import PatientKind
from medguild.operations.scheduling.slot_rules import Blocks, Unfit, session_for
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.rules import Rank
from medguild.patients.coverage.selectors import coverages_on
from medguild.patients.identity.selectors import alias_ids
from medguild.payers.networks.rules import Answer, PlanRules
from medguild.payers.networks.selectors import Participation, Place, participation, plan_rules
from medguild.payers.payers.models import Plan
from medguild.payers.payers.rules import PayerKind
from medguild.payers.pricing.selectors import charge_for

_STANDINGS = {
    Answer.IN: NetworkStanding.IN,
    Answer.OUT: NetworkStanding.OUT,
    Answer.UNKNOWN: NetworkStanding.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class NetworkCheck:
    """The answer for one visit. Without a plan on file there is neither participation nor rules.

    `price` is the entity's list price in cents of the service that stands for this kind of visit, None where nobody
    has said which, or it has no price.
    """

    standing: NetworkStanding
    plan: Plan | None = None
    participation: Participation | None = None
    rules: PlanRules | None = None
    price: Cents | None = None
    price_code: str = ""


def standing_of(facts: Facts, entity_id: UUID) -> NetworkStanding:
    """The standing of a visit under the entity that bills it: from the facts where they say it, else by the rules."""
    if facts.plan_standing is None:
        return NetworkStanding.NO_PLAN
    if facts.plan_standing:
        return NetworkStanding(facts.plan_standing)
    if facts.network_entities and entity_id in facts.network_entities:
        return NetworkStanding.IN
    if facts.plan_id is None:
        return NetworkStanding.UNKNOWN
    plan = Plan.objects.get(pk=facts.plan_id)
    place = Place(entity_id, facts.unit_id, facts.clinician_id)
    found = participation(plan=plan, place=place, on=facts.day, new_patient=_is_new(facts.patient_kind))
    return _STANDINGS[found.answer]


def check_network(
    *, patient_id: UUID, visit_type_id: UUID, patient_kind: str, place: Place, on: dt.date
) -> NetworkCheck:
    """The whole answer for a visit, to be shown; the caller has checked that the patient is visible."""
    coverage = primary_coverage(alias_ids(patient_id), on=on)
    if coverage is None:
        return NetworkCheck(NetworkStanding.NO_PLAN)
    code, price = list_price(entity_id=place.entity_id, visit_type_id=visit_type_id, on=on)
    if coverage.plan is None:
        return NetworkCheck(NetworkStanding.UNKNOWN, price=price, price_code=code)
    found = participation(plan=coverage.plan, place=place, on=on, new_patient=_is_new(patient_kind))
    return NetworkCheck(_STANDINGS[found.answer], coverage.plan, found, plan_rules(coverage.plan, on=on), price, code)


def billing_entity(*, clinician_id: UUID, site: Site, start: dt.datetime) -> UUID:
    """Who would bill a visit: the entity of the session that holds its start, else the one over the site."""
    day = local_date(start, site.time_zone)
    sessions = load_sessions(
        visit_type_id=None, start=day, end=day + dt.timedelta(days=1),
        where=Where(clinicians=[clinician_id], units=[site.unit_id]),
    )  # fmt: skip
    held = session_for(sessions, Blocks(), day=day, start=int(start.timestamp()) // 60, minutes=1)
    if not isinstance(held, Unfit):
        return held.entity_id
    entity = entity_of(site.unit_id, on=day)
    if entity is None:
        raise OutsideTemplate(_("The site belongs to no entity on this day. Choose another day."), code="site_not_open")
    return entity.pk


def primary_coverage(patient_ids: Iterable[UUID], *, on: dt.date) -> Coverage | None:
    """The policy that answers first for a person, given by all ids; none when they pay for themselves."""
    for coverage in coverages_on(patient_ids, on):
        if coverage.rank == Rank.PRIMARY:
            return None if coverage.payer.kind == PayerKind.SELF_PAY else coverage
    return None


def list_price(*, entity_id: UUID, visit_type_id: UUID, on: dt.date) -> tuple[str, Cents | None]:
    """The service that stands for a kind of visit, and what the entity charges for it; empty and None if not known."""
    terms = VisitTypeTerms.objects.filter(visit_type_id=visit_type_id).first()
    if terms is None or not terms.service_code:
        return "", None
    return terms.service_code, charge_for(entity_id, terms.service_code, on=on)


def _is_new(patient_kind: str) -> bool:
    return patient_kind == PatientKind.NEW
