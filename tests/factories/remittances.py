"""An office that bills, its claims as sent, and what payers answer."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from medguild.foundation.organization.people import BillingIdentity
from medguild.revenue.claims.export import export_claims
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.remittances.importing import FileOutcome, import_remittances
from medguild.x12 import CountingNumbers, Envelope, write_remittances
from medguild.x12.records.common import Adjustment, Dated, Procedure, Reference, Remark
from medguild.x12.records.remittance import (
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceHeader,
    RemittanceParty,
    ServicePayment,
)
from tests.factories.revenue import Billing, ready_claim
from tests.factories.scheduling import day_here
from tests.factories.world import HOUSE, World

ENVELOPE = Envelope("CASCADE", "MEDGUILD", datetime(2026, 11, 2, 3, 4))


@dataclass
class Desk:
    """A billing office and the payer who answers it."""

    world: World
    billing: Billing
    count: int = 0
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def entity_id(self) -> Any:
        return self.billing.office.entity.pk

    def sent(self, *services: str, **given: Any) -> Claim:
        """A claim that was sent."""
        claim = ready_claim(self.world, self.billing, services=services or ("99213",), **given)
        export_claims(by=HOUSE, claim_ids=[claim.pk])
        return self.claim(claim)

    def claim(self, claim: Claim) -> Claim:
        """The claim as it stands now."""
        return Claim.objects.unscoped("the test looks").get(pk=claim.pk)

    def lines(self, claim: Claim) -> list[ClaimLine]:
        return list(ClaimLine.objects.unscoped("the test looks").filter(claim=claim).order_by("number"))

    def header(self, **given: Any) -> RemittanceHeader:
        identity = BillingIdentity.objects.unscoped("the test looks").get(entity_id=self.entity_id)
        self.count += 1
        payer = self.billing.plan.payer
        return replace(
            RemittanceHeader(
                method="ACH", payment_date=day_here(), trace_number=f"EFT{self.count:05d}",
                trace_payer_id=payer.payer_id, production_date=day_here(),
                payer=RemittanceParty(payer.name, "XV", payer.payer_id),
                payee=RemittanceParty(
                    identity.name, "XX", identity.group_npi, references=(Reference("TJ", identity.tin),)
                ),
            ),
            **given,
        )  # fmt: skip

    def remittance(self, *claims: RemittanceClaim, plb: Iterable[ProviderAdjustment] = (), **header: Any) -> Remittance:
        """A balanced payment of these claims."""
        others = tuple(plb)
        total = sum(one.paid_cents for one in claims) - sum(one.amount_cents for one in others)
        made = replace(self.header(**header), payment_cents=total, **({} if total else {"method": "NON"}))
        return Remittance(made, claims, others)

    def take(self, *remittances: Remittance, by: Any = HOUSE, **given: Any) -> FileOutcome:
        return import_remittances(content=as_file(*remittances), filename="era.835", by=by, **given)


def as_file(*remittances: Remittance, envelope: Envelope = ENVELOPE, start: int = 1, check: bool = False) -> bytes:
    out = io.BytesIO()
    write_remittances(out, remittances, envelope, CountingNumbers(start), check=check)
    return out.getvalue()


def service(line: ClaimLine, paid: int, *adjustments: tuple[str, str, int], **given: Any) -> ServicePayment:
    """What is paid on a line of ours; the rest as (group, reason, cents)."""
    remarks = tuple(Remark("HE", code) for code in given.pop("remarks", ()))
    known: dict[str, Any] = {
        "references": (Reference("6R", line.control),), "dates": (Dated("472", line.service_date),),
        "remarks": remarks,
    }  # fmt: skip
    return ServicePayment(
        Procedure("HC", line.code, tuple(line.modifiers)), line.amount, paid,
        adjustments=tuple(Adjustment(*one) for one in adjustments), **(known | given),
    )  # fmt: skip


def answer(number: str, *services: ServicePayment, status: str = "1", **given: Any) -> RemittanceClaim:
    """What a payer says of one claim."""
    known: dict[str, Any] = {
        "charge_cents": sum(one.charge_cents for one in services),
        "paid_cents": sum(one.paid_cents for one in services),
        "payer_control": f"ICN{number}", "filing_indicator": "12", "header_number": "1", "services": services,
    }  # fmt: skip
    return RemittanceClaim(number, status, **(known | given))


def reversed_answer(claim: RemittanceClaim) -> RemittanceClaim:
    """The same, taken back: every amount negated under its own group."""
    return replace(
        claim, status="22", charge_cents=-claim.charge_cents, paid_cents=-claim.paid_cents,
        adjustments=_negated(claim.adjustments),
        services=tuple(
            replace(
                one, charge_cents=-one.charge_cents, paid_cents=-one.paid_cents, adjustments=_negated(one.adjustments)
            )
            for one in claim.services
        ),
    )  # fmt: skip


def _negated(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(replace(one, amount_cents=-one.amount_cents) for one in adjustments)


PLB_END = date(2026, 12, 31)


def plb(reason: str, cents: int, reference: str = "") -> ProviderAdjustment:
    return ProviderAdjustment("1999999999", PLB_END, reason, reference, cents)
