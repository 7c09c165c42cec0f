"""Reads what a claim needs from below and puts it in two shapes: facts for the edits, and a record for the 837P."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from medguild.foundation.codesets.rules import System
from medguild.foundation.codesets.selectors import check_many as check_codes
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import BillingIdentity
from medguild.operations.visits.rules import PatientPlace
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.rules import RANK_CODE, RELATION_CODE, Rank, SubscriberRelation
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.sex import X12_SEX, Sex
from medguild.payers.remote.rules import no_room
from medguild.revenue.claims.edits import ClaimFacts, LineFacts, PersonFacts, RemoteFacts
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.claims.remote import RemoteVisit, remote_visits
from medguild.x12.records import claim as x12
from medguild.x12.records.common import Address, Contact, Dated, Party, Procedure, Reference

_WHOLE = "a claim is put together whole, whoever prepares it"
SELF = "18"
Service = tuple[UUID, UUID, UUID, str, tuple[str, ...], dt.date]  # patient, clinician, entity, what was done and when


def lines_of(claim: Claim) -> list[ClaimLine]:
    """Lines with their charges, in order."""
    rows = ClaimLine.objects.unscoped(_WHOLE).filter(claim=claim).select_related("charge__referring__person")
    return list(rows.order_by("number"))


@dataclass(frozen=True, slots=True)
class Answers:
    """What single claims do not hold, asked at once for many: sites, lines, refused diagnoses, services of others,
    remote visits."""

    sites: Mapping[UUID, Site]
    lines: Mapping[UUID, list[ClaimLine]]
    refused: Collection[tuple[str, dt.date]]
    billed: Mapping[Service, list[ClaimLine]]
    remote: Mapping[UUID, RemoteVisit]

    def place_of(self, claim: Claim) -> str:
        """Place of service: what the payer asks of the remote visit, else the site's."""
        return claim.place_of_service or self.sites[claim.site_id].place_of_service


def answers_for(claims: Collection[Claim]) -> Answers:
    """Relations are to be loaded with the claims (`with_relations`); queries grow with days of service, not claims."""
    lines: dict[UUID, list[ClaimLine]] = {claim.pk: [] for claim in claims}
    rows = (
        ClaimLine.objects.unscoped(_WHOLE)
        .filter(claim__in=lines)
        .select_related("charge__referring__person", "charge__visit")
    )
    for line in rows.order_by("claim_id", "number"):
        lines[line.claim_id].append(line)
    sites = Site.objects.filter(unit__in={claim.site_id for claim in claims}).select_related("unit")
    return Answers(
        {site.unit_id: site for site in sites}, lines, _refused(claims), _billed(claims, lines),
        remote_visits(claims, lines),
    )  # fmt: skip


def with_relations(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """All that a claim's facts and its record in the 837P look at, in the same query."""
    return claims.select_related(
        "coverage__payer", "coverage__plan", "payer", "patient", "billing_identity", "rendering__person", "replaces"
    )


def facts_of(claim: Claim, answers: Answers, *, today: dt.date) -> ClaimFacts:
    """What the edits look at."""
    coverage, identity, day = claim.coverage, claim.billing_identity, claim.service_from
    held, remote = answers.lines[claim.pk], answers.remote.get(claim.pk)
    return ClaimFacts(
        frequency=claim.frequency,
        original_payer_control=claim.replaces.payer_control if claim.replaces else "",
        member_id=coverage.member_id,
        subscriber=subscriber_facts(claim.patient, coverage),
        patient=patient_facts(claim.patient),
        patient_is_subscriber=coverage.relation == SubscriberRelation.SELF,
        coverage_holds=_holds(coverage, claim.service_from) and _holds(coverage, claim.service_to),
        payer_id=claim.payer.payer_id,
        billing_npi=identity.group_npi,
        billing_tin=identity.tin,
        billing_postal_code=identity.postal_code,
        billing_taxonomy=identity.taxonomy,
        rendering_npi=claim.rendering.npi,
        referring_npi=referring_of(held)[1],
        place_of_service=answers.place_of(claim),
        remote=_remote_facts(claim, held, remote) if remote else None,
        diagnoses=tuple(claim.diagnoses),
        bad_diagnoses=tuple(code for code in claim.diagnoses if (code, day) in answers.refused),
        lines=tuple(_line_facts(claim, line, answers.billed) for line in held),
        today=today,
    )


def _remote_facts(claim: Claim, lines: Iterable[ClaimLine], visit: RemoteVisit) -> RemoteFacts:
    """A place that a biller wrote by hand stands for the rule that is not on file; without a place nobody has coded the
    claim since there is a rule, and it goes to be checked before it may be sent."""
    if visit.terms is None or (visit.terms.covered and not claim.place_of_service):
        return RemoteFacts(paid=True if claim.place_of_service else None)
    terms = visit.terms
    said = terms.place(at_home=visit.place is PatientPlace.HOME) if visit.place else ""
    coded = claim.place_of_service in (terms.place_at_home, terms.place_elsewhere)
    return RemoteFacts(
        terms.covered,
        home_assumed=visit.place is None and claim.place_of_service == terms.place_at_home,
        place_differs=coded and said not in ("", claim.place_of_service),
        full_lines=tuple(line.number for line in lines if no_room(line.modifiers, terms.modifiers)),
    )


def _holds(coverage: Coverage, day: dt.date) -> bool:
    upper = coverage.period.upper
    return bool(coverage.period.lower <= day and (upper is None or day < upper))


def patient_facts(patient: Patient) -> PersonFacts:
    return PersonFacts(
        patient.family_name, patient.given_name, patient.birth_date, X12_SEX[Sex(patient.sex)],
        patient.line1, patient.city, patient.state, patient.postal_code,
    )  # fmt: skip


def subscriber_facts(patient: Patient, coverage: Coverage) -> PersonFacts:
    if coverage.relation == SubscriberRelation.SELF:
        return patient_facts(patient)
    return PersonFacts(
        coverage.subscriber_family_name, coverage.subscriber_given_name, coverage.subscriber_birth_date,
        X12_SEX[Sex(coverage.subscriber_sex or Sex.UNKNOWN)], coverage.subscriber_line1, coverage.subscriber_city,
        coverage.subscriber_state, coverage.subscriber_postal_code,
    )  # fmt: skip


def referring_of(lines: Iterable[ClaimLine]) -> tuple[str, str, str]:
    """Family name (or whole name), NPI, given name of the first referring clinician named; empty when none is."""
    for line in lines:
        charge = line.charge
        if charge.referring is not None:
            person = charge.referring.person
            return person.family_name, charge.referring.npi, person.given_name
        if charge.referring_npi:
            given, _, family = charge.referring_name.rpartition(" ")
            return family, charge.referring_npi, given
    return "", "", ""


def _line_facts(claim: Claim, line: ClaimLine, billed: Mapping[Service, list[ClaimLine]]) -> LineFacts:
    return LineFacts(
        number=line.number, code=line.code, modifiers=tuple(line.modifiers), units=line.units, amount=line.amount,
        pointers=tuple(line.pointers), service_date=line.service_date, duplicate_of=_duplicate(claim, line, billed),
    )  # fmt: skip


def _refused(claims: Iterable[Claim]) -> set[tuple[str, dt.date]]:
    """Diagnoses that the code set of the day of service refuses; a question per day."""
    asked: dict[dt.date, set[str]] = {}
    for claim in claims:
        asked.setdefault(claim.service_from, set()).update(claim.diagnoses)
    return {
        (code, day)
        for day, codes in asked.items()
        for code, verdict in check_codes(System.ICD10CM, codes, day).items()
        if verdict.ok is False
    }


def _service(claim: Claim, line: ClaimLine) -> Service:
    whose = (claim.patient_id, claim.rendering_id, claim.entity_id)
    return (*whose, line.code, tuple(line.modifiers), line.service_date)


def _billed(claims: Iterable[Claim], lines: Mapping[UUID, list[ClaimLine]]) -> dict[Service, list[ClaimLine]]:
    """Live lines of these patients on these days, of all claims, by what was done."""
    patients = {claim.patient_id for claim in claims}
    days = {line.service_date for held in lines.values() for line in held}
    live = ClaimLine.objects.unscoped("a duplicate counts whoever prepared it").filter(
        claim__patient__in=patients, service_date__in=days, live=True
    )
    found: dict[Service, list[ClaimLine]] = {}
    for line in live.select_related("claim").order_by("pk"):
        found.setdefault(_service(line.claim, line), []).append(line)
    return found


def _duplicate(claim: Claim, line: ClaimLine, billed: Mapping[Service, list[ClaimLine]]) -> str:
    """The number of another live claim with the same service of the same day by the same clinician."""
    own = (claim.pk, claim.replaces_id)
    others = (other for other in billed.get(_service(claim, line), ()) if other.claim_id not in own)
    other = next(others, None)
    return other.claim.number if other else ""


def record_of(claim: Claim, answers: Answers) -> x12.Claim:
    """The claim as the 837P says it."""
    held, site = answers.lines[claim.pk], answers.sites[claim.site_id]
    coverage = claim.coverage
    is_self = coverage.relation == SubscriberRelation.SELF
    return x12.Claim(
        control=claim.number,
        charge_cents=claim.charge,
        billing=billing_provider(claim.billing_identity),
        subscriber=_subscriber(claim, is_self=is_self),
        patient=None if is_self else _patient(claim.patient, coverage),
        place_of_service=answers.place_of(claim),
        frequency=claim.frequency,
        references=_references(claim),
        diagnoses=tuple(
            x12.Diagnosis("ABK" if place == 0 else "ABF", code.replace(".", ""))
            for place, code in enumerate(claim.diagnoses)
        ),
        providers=_providers(claim, held, site),
        lines=tuple(_line(line) for line in held),
    )


def billing_provider(identity: BillingIdentity) -> x12.BillingProvider:
    pay_to = (
        Address(identity.pay_to_line1, "", identity.pay_to_city, identity.pay_to_state, identity.pay_to_postal_code)
        if identity.pay_to_line1
        else None
    )
    return x12.BillingProvider(
        party=Party("85", "2", last=identity.name, id_qualifier="XX", id=identity.group_npi),
        address=Address(identity.line1, "", identity.city, identity.state, identity.postal_code),
        tax_id=identity.tin,
        taxonomy=identity.taxonomy,
        contacts=(Contact("IC", identity.contact_name, (("TE", identity.contact_phone),)),),
        pay_to=pay_to,
    )


def _subscriber(claim: Claim, *, is_self: bool) -> x12.Subscriber:
    coverage, payer = claim.coverage, claim.payer
    facts = subscriber_facts(claim.patient, coverage)
    plan_indicator = coverage.plan.filing_indicator if coverage.plan else ""
    return x12.Subscriber(
        party=Party(
            "IL", "1", last=facts.family_name, first=facts.given_name, id_qualifier="MI", id=coverage.member_id
        ),
        payer=x12.Payer(
            Party("PR", "2", last=payer.name, id_qualifier="PI", id=payer.payer_id),
            Address(payer.line1, payer.line2, payer.city, payer.state, payer.postal_code) if payer.line1 else None,
        ),
        sequence=RANK_CODE[Rank(coverage.rank)],
        relationship=SELF if is_self else "",
        group_number=coverage.group_number,
        filing_indicator=plan_indicator or payer.filing_indicator,
        address=_address(facts) if is_self or facts.line1 else None,
        birth_date=facts.birth_date if is_self or facts.line1 else None,
        sex=facts.sex if is_self or facts.line1 else "",
    )


def _address(facts: PersonFacts) -> Address:
    return Address(facts.line1, "", facts.city, facts.state, facts.postal_code)


def _patient(patient: Patient, coverage: Coverage) -> x12.Patient:
    facts = patient_facts(patient)
    return x12.Patient(
        party=Party("QC", "1", last=facts.family_name, first=facts.given_name),
        relationship=RELATION_CODE[SubscriberRelation(coverage.relation)],
        address=_address(facts),
        birth_date=facts.birth_date,
        sex=facts.sex,
    )


def _references(claim: Claim) -> tuple[Reference, ...]:
    found = []
    if claim.prior_authorization:
        found.append(Reference("G1", claim.prior_authorization))
    if claim.replaces is not None and claim.replaces.payer_control:
        found.append(Reference("F8", claim.replaces.payer_control))
    return tuple(found)


def _providers(claim: Claim, lines: list[ClaimLine], site: Site) -> tuple[x12.Provider, ...]:
    """Referring, rendering and, where it is not the billing address, the place of service."""
    found = []
    family, npi, given = referring_of(lines)
    if npi:
        found.append(x12.Provider(Party("DN", "1", last=family, first=given, id_qualifier="XX", id=npi)))
    person = claim.rendering.person
    found.append(
        x12.Provider(
            Party(
                "82", "1", last=person.family_name, first=person.given_name, id_qualifier="XX", id=claim.rendering.npi
            ),
            taxonomy=claim.rendering.taxonomy,
        )
    )
    identity = claim.billing_identity
    if (site.line1, site.postal_code) != (identity.line1, identity.postal_code):
        found.append(
            x12.Provider(
                Party("77", "2", last=site.unit.name),
                address=Address(site.line1, site.line2, site.city, site.state, site.postal_code),
            )
        )
    return tuple(found)


def _line(line: ClaimLine) -> x12.ServiceLine:
    return x12.ServiceLine(
        number=str(line.number),
        procedure=Procedure("HC", line.code, tuple(line.modifiers)),
        charge_cents=line.amount,
        unit="UN",
        quantity=Decimal(line.units),
        pointers=tuple(line.pointers),
        dates=(Dated("472", line.service_date),),
        references=(Reference("6R", line.control),),
    )
