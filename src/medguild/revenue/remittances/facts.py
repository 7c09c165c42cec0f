"""What a remittance says of one claim, in the shape that posting takes; from the file or from stored rows. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medguild.foundation.kernel.money import Cents
from medguild.revenue.remittances.posting_rules import DENIED_CLAIM, REVERSAL
from medguild.x12.records.common import Adjustment
from medguild.x12.records.remittance import RemittanceClaim, ServicePayment


@dataclass(frozen=True, slots=True)
class ReasonSaid:
    group: str
    reason: str
    amount: Cents


@dataclass(frozen=True, slots=True)
class ServiceSaid:
    """A service line, or what the claim states beside its lines (then `code` is empty)."""

    charge: Cents
    paid: Cents
    reasons: tuple[ReasonSaid, ...] = ()
    control: str = ""
    code: str = ""
    modifiers: tuple[str, ...] = ()
    billed_code: str = ""
    billed_modifiers: tuple[str, ...] = ()
    service_date: dt.date | None = None
    remarks: tuple[str, ...] = ()

    @property
    def adjusted(self) -> Cents:
        return sum(one.amount for one in self.reasons)


@dataclass(frozen=True, slots=True)
class ClaimSaid:
    """One CLP with its services; their charges, payments and reasons add up to the claim's."""

    number: int
    patient_control: str
    payer_control: str
    status: str
    charge: Cents
    paid: Cents
    services: tuple[ServiceSaid, ...]
    patient_name: str = ""
    member_id: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def is_reversal(self) -> bool:
        return self.status == REVERSAL

    @property
    def is_denied(self) -> bool:
        return self.status == DENIED_CLAIM


def said_of(number: int, claim: RemittanceClaim) -> ClaimSaid:
    """The claim of a file. What its lines leave open of charge, payment and adjustments becomes a line of its own."""
    services = [_service(service) for service in claim.services]
    beside = ServiceSaid(
        charge=claim.charge_cents - sum(one.charge for one in services),
        paid=claim.paid_cents - sum(one.paid for one in services),
        reasons=_reasons(claim.adjustments),
        remarks=claim.remark_codes,
    )
    if beside.charge or beside.paid or beside.reasons or not services:
        services.append(beside)
    patient, subscriber = claim.patient, claim.subscriber
    return ClaimSaid(
        number, claim.patient_control, claim.payer_control, claim.status, claim.charge_cents, claim.paid_cents,
        tuple(services), patient.full_name if patient else "",
        (subscriber.id if subscriber and subscriber.id else patient.id if patient else ""), claim.remark_codes,
    )  # fmt: skip


def _service(service: ServicePayment) -> ServiceSaid:
    billed = service.billed
    return ServiceSaid(
        service.charge_cents, service.paid_cents, _reasons(service.adjustments), service.line_control,
        service.procedure.code, service.procedure.modifiers, billed.code if billed else "",
        billed.modifiers if billed else (), service.service_date, tuple(remark.code for remark in service.remarks),
    )  # fmt: skip


def _reasons(adjustments: tuple[Adjustment, ...]) -> tuple[ReasonSaid, ...]:
    """The same group and reason twice on a line is one amount; an amount of nothing says nothing."""
    sums: dict[tuple[str, str], Cents] = {}
    for one in adjustments:
        sums[one.group, one.reason] = sums.get((one.group, one.reason), 0) + one.amount_cents
    return tuple(ReasonSaid(group, reason, amount) for (group, reason), amount in sums.items() if amount)
