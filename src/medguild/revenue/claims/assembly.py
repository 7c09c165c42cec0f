"""Reads what a claim needs from below and puts it in two shapes: facts for the edits, and a record for the 837P."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from medguild.foundation.codesets.rules import System
from medguild.foundation.codesets.selectors import check as check_code
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import BillingIdentity
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.rules import RANK_CODE, RELATION_CODE, Rank, SubscriberRelation
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.sex import X12_SEX, Sex
from medguild.revenue.claims.edits import ClaimFacts, LineFacts, PersonFacts
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.x12.records import claim as x12
from medguild.x12.records.common import Address, Contact, Dated, Party, Procedure, Reference

_WHOLE = "a claim is put together whole, whoever prepares it"
SELF = "18"


def lines_of(claim: Claim) -> list[ClaimLine]:
    """Lines with their charges, in order."""
    rows = ClaimLine.objects.unscoped(_WHOLE).filter(claim=claim).select_related("charge__referring__person")
    return list(rows.order_by("number"))


def facts_of(claim: Claim, lines: Iterable[ClaimLine], *, today: dt.date) -> ClaimFacts:
    """What the edits look at."""
    coverage, identity, day = claim.coverage, claim.billing_identity, claim.service_from
    held = list(lines)
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
        place_of_service=_site(claim.site_id).place_of_service,
        diagnoses=tuple(claim.diagnoses),
        bad_diagnoses=tuple(code for code in claim.diagnoses if check_code(System.ICD10CM, code, day).ok is False),
        lines=tuple(_line_facts(claim, line) for line in held),
        today=today,
    )


def _holds(coverage: Coverage, day: dt.date) -> bool:
    upper = coverage.period.upper
    return bool(coverage.period.lower <= day and (upper is None or day < upper))


def _site(unit_id: UUID) -> Site:
    return Site.objects.get(unit_id=unit_id)


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


def _line_facts(claim: Claim, line: ClaimLine) -> LineFacts:
    return LineFacts(
        number=line.number, code=line.code, modifiers=tuple(line.modifiers), units=line.units, amount=line.amount,
        pointers=tuple(line.pointers), service_date=line.service_date, duplicate_of=_duplicate(claim, line),
    )  # fmt: skip


def _duplicate(claim: Claim, line: ClaimLine) -> str:
    """The number of another live claim with the same service of the same day by the same clinician."""
    others = ClaimLine.objects.unscoped("a duplicate counts whoever prepared it").filter(
        claim__patient_id=claim.patient_id, claim__rendering_id=claim.rendering_id, claim__entity_id=claim.entity_id,
        code=line.code, modifiers=line.modifiers, service_date=line.service_date, live=True,
    )  # fmt: skip
    replaced = [claim.pk, claim.replaces_id] if claim.replaces_id else [claim.pk]
    other = others.exclude(claim_id__in=replaced).select_related("claim").first()
    return other.claim.number if other else ""


def record_of(claim: Claim, lines: Iterable[ClaimLine]) -> x12.Claim:
    """The claim as the 837P says it."""
    held = list(lines)
    coverage, site = claim.coverage, _site(claim.site_id)
    is_self = coverage.relation == SubscriberRelation.SELF
    return x12.Claim(
        control=claim.number,
        charge_cents=claim.charge,
        billing=billing_provider(claim.billing_identity),
        subscriber=_subscriber(claim, is_self=is_self),
        patient=None if is_self else _patient(claim.patient, coverage),
        place_of_service=site.place_of_service,
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
