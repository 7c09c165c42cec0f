"""Reads what posting needs to know: who pays, who is paid, which claims are answered, what reasons mean."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from django.db.models import Min

from medguild.foundation.codesets.bundled import BUNDLES, read_bundle
from medguild.foundation.codesets.rules import System
from medguild.foundation.codesets.selectors import edition_on, lookup_many
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ledger.models import AccountingPeriod
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.people import BillingIdentity
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import entity_of
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.rules import RANK_ORDER, Line
from medguild.payers.payers.models import Payer
from medguild.payers.payers.rules import PayerKind
from medguild.payers.payers.selectors import payer_by_number
from medguild.revenue.claims.adjudication import lines_by_claim, lock_claims
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.remittances.models import RemittanceClaim
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.posting_rules import Adjudication, Reason
from medguild.revenue.remittances.rules import ClaimState
from medguild.x12.records.remittance import RemittanceHeader

_POSTING = "money is posted where it belongs, whoever imports it"


def payer_of(header: RemittanceHeader) -> Payer | None:
    """Who pays: by TRN03, the ids of loop 1000A, or the name."""
    numbers = (header.trace_payer_id, header.payer.id, header.payer.reference("2U"))
    for number in filter(None, numbers):
        found = payer_by_number(number)
        if found is not None:
            return found
    named = list(Payer.objects.filter(name__iexact=header.payer.name)[:2]) if header.payer.name else []
    return named[0] if len(named) == 1 else None


def payee_entity(header: RemittanceHeader, on: dt.date) -> UUID | None:
    """The one entity that bills under the payee's NPI, else under its tax number."""
    payee = header.payee
    for column, value in (("group_npi", payee.npi), ("tin", payee.tax_id.replace("-", ""))):
        if not value:
            continue
        rows = BillingIdentity.objects.unscoped(_POSTING).filter(**{column: value})
        entities = set(rows.filter(period__contains=on).values_list("entity_id", flat=True)) or set(
            rows.values_list("entity_id", flat=True)
        )
        if len(entities) == 1:
            return entities.pop()
    return None


def receiving_entity(by: Actor, unit_id: UUID | None, on: dt.date) -> Unit | None:
    """Who holds a payment whose payee is unknown: the entity of the unit given, of the actor's own unit, the only one
    where the actor posts, or for the house itself the entity with the oldest books."""
    for place in (unit_id, by.home):
        entity = entity_of(place, on=on) if place else None
        if entity is not None:
            return entity
    scope = by.scope(RemittancesRight.POST)
    entities = Unit.objects.filter(kind=UnitKind.ENTITY)
    if not scope.everything:
        return entities.filter(pk__in=scope.units).order_by("pk").first()
    books = AccountingPeriod.objects.unscoped(_POSTING).values("entity_id").annotate(first=Min("month"))
    oldest = books.order_by("first", "entity_id").values_list("entity_id", flat=True).first()
    return (entities.filter(pk=oldest) if oldest else entities.order_by("pk")).first()


@lru_cache(maxsize=1)
def _bundled_reasons() -> dict[str, Reason]:
    bundle = next(one for one in BUNDLES if one.system is System.CARC)
    return {row.code: _reason(row.code, row.attributes) for row in read_bundle(bundle)}


def _reason(code: str, attributes: object) -> Reason:
    said = attributes if isinstance(attributes, dict) else {}
    return Reason(code, said.get("denial_category", "other"), said.get("counts_as_denial") in ("Y", "depends"))


def reasons_on(codes: Collection[str], on: dt.date) -> dict[str, Reason]:
    """What adjustment reasons mean on a day; where no edition is loaded, the list that comes with the house answers."""
    if edition_on(System.CARC, on) is None:
        return {code: _bundled_reasons()[code] for code in codes if code in _bundled_reasons()}
    return {code: _reason(code, found.attributes) for code, found in lookup_many(System.CARC, codes, on).items()}


@dataclass(slots=True)
class Known:
    """All that is known of the claims of one remittance, read at once."""

    on: dt.date
    payer: Payer | None
    capitated: bool
    reasons: dict[str, Reason]
    claims: dict[str, Claim] = field(default_factory=dict)
    lines: dict[UUID, list[ClaimLine]] = field(default_factory=dict)
    history: dict[UUID, list[Adjudication]] = field(default_factory=dict)
    coverages: dict[UUID, list[Coverage]] = field(default_factory=dict)

    def claim(self, number: str) -> Claim | None:
        return self.claims.get(number.strip().upper())

    def payers_of(self, claim: Claim) -> list[UUID]:
        """Payers that cover the patient on the first day of service, in the order in which they pay."""
        day = claim.service_from
        rows = {
            row.pk: row
            for patient_id in (claim.patient_id, claim.coverage.patient_id)
            for row in self.coverages.get(patient_id, ())
            if row.period.lower <= day and (row.period.upper is None or day < row.period.upper)
        }
        ordered = sorted(rows.values(), key=lambda row: RANK_ORDER[row.rank])
        return [row.payer_id for row in ordered if row.payer.kind != PayerKind.SELF_PAY]


def known_for(
    numbers: Collection[str], reasons: Collection[str], *, payer: Payer | None, capitated: bool, on: dt.date
) -> Known:
    """Lock the claims with these numbers, and read what surrounds them."""
    claims = lock_claims(numbers) if numbers else {}
    known = Known(on, payer, capitated, reasons_on(reasons, on), claims)
    if not claims:
        return known
    ids = [claim.pk for claim in claims.values()]
    known.lines = lines_by_claim(ids)
    known.history = history_of(ids)
    known.coverages = _coverages(claims.values())
    return known


def history_of(claim_ids: Collection[UUID]) -> dict[UUID, list[Adjudication]]:
    """What remittances said of claims before, oldest first."""
    found: dict[UUID, list[Adjudication]] = defaultdict(list)
    rows = RemittanceClaim.objects.unscoped(_POSTING).filter(claim_id__in=list(claim_ids), state=ClaimState.APPLIED)
    for row in rows.order_by("applied_at", "remittance_id", "number"):
        if row.claim_id is not None:
            found[row.claim_id].append(adjudication_of(row))
    return dict(found)


def adjudication_of(row: RemittanceClaim) -> Adjudication:
    return Adjudication(row.claim_status, row.payer_control, row.charge, row.paid, row.patient_share, row.denied)


def _coverages(claims: Iterable[Claim]) -> dict[UUID, list[Coverage]]:
    patients = {patient for claim in claims for patient in (claim.patient_id, claim.coverage.patient_id)}
    rows = Coverage.objects.unscoped("the next payer follows whoever posts")
    found: dict[UUID, list[Coverage]] = defaultdict(list)
    for row in rows.filter(patient_id__in=patients, line=Line.HEALTH).select_related("payer"):
        found[row.patient_id].append(row)
    return dict(found)
