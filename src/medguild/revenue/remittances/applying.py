"""Puts what a payer said of one claim against the claim: effects, places and postings. Reads and writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.kernel.money import Cents
from medguild.foundation.ledger.rules import Line
from medguild.revenue.claims.adjudication import ANSWERABLE, choose_line
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.remittances.context import Known
from medguild.revenue.remittances.facts import ClaimSaid, ServiceSaid
from medguild.revenue.remittances.posting_rules import (
    CROSSED_OVER,
    DENIED_CLAIM,
    Adjudication,
    Adjusted,
    Circumstances,
    Effect,
    Payment,
    Place,
    adjusted,
    in_force,
    is_protected,
    settle,
    spread,
)
from medguild.revenue.remittances.rules import Unmatched


def why_unmatched(claim: Claim | None, entity_id: UUID) -> Unmatched | None:
    """Why money for this claim must wait; None where it may be posted to the claim."""
    if claim is None:
        return Unmatched.NO_CLAIM
    if claim.entity_id != entity_id:
        return Unmatched.OTHER_ENTITY
    return None if claim.status in ANSWERABLE else Unmatched.NOT_SENT


@dataclass(frozen=True, slots=True)
class AppliedLine:
    """A service with its effects and the line of the claim it is for; `claim_line` is None where none was found, or
    where the amounts stand for the whole claim."""

    said: ServiceSaid
    payment: Payment
    claim_line: ClaimLine | None

    @property
    def is_lost(self) -> bool:
        return bool(self.said.code) and self.claim_line is None


@dataclass(frozen=True, slots=True)
class Applied:
    """A claim of a remittance put against our claim."""

    said: ClaimSaid
    claim: Claim
    lines: tuple[AppliedLine, ...]
    postings: tuple[Line, ...]
    next_payer_id: UUID | None

    def total(self, name: str) -> Cents:
        return sum(getattr(line.payment, name) for line in self.lines)

    def moved(self, *effects: Effect) -> Cents:
        return sum(line.payment.total(*effects) for line in self.lines)

    @property
    def adjudication(self) -> Adjudication:
        said = self.said
        return Adjudication(
            said.status, said.payer_control, said.charge, said.paid, self.total("patient_share"), self.total("denied")
        )

    @property
    def refusals(self) -> Iterator[tuple[int, Adjusted]]:
        """Refused amounts with the place of their line; amounts that a reversal takes back are none."""
        for at, line in enumerate(self.lines):
            for one in line.payment.adjustments:
                if one.denial and one.amount > 0:
                    yield at, one

    @property
    def refused_by_category(self) -> dict[str, list[Adjusted]]:
        found: dict[str, list[Adjusted]] = defaultdict(list)
        for _, one in self.refusals:
            found[one.category].append(one)
        return dict(found)

    @property
    def needs_next_payer(self) -> bool:
        """Whether we must send the claim on: something is left to a payer to whom this one has not sent it."""
        return self.moved(Effect.NEXT_PAYER) > 0 and self.said.status not in CROSSED_OVER


def apply(said: ClaimSaid, claim: Claim, known: Known) -> Applied:
    """Decide effects and postings of one claim. `known` holds the claim's lines, history and coverages."""
    payer_id, next_payer_id = _payers(claim, known)
    ours = known.lines.get(claim.pk, [])
    circumstances = _Circumstances(said, claim, known, next_payer_id)
    applied: list[AppliedLine] = []
    postings: list[Line] = []
    for service in said.services:
        payment = circumstances.payment(service)
        line = _line_for(service, ours)
        applied.append(AppliedLine(service, payment, line))
        for held, part in _shares(service, payment, line, ours):
            postings += settle(_place(claim, held, service, payer_id, next_payer_id), part)
    return Applied(said, claim, tuple(applied), tuple(postings), next_payer_id)


def _payers(claim: Claim, known: Known) -> tuple[UUID, UUID | None]:
    """Whose receivable is settled, and who pays next: by the order of the patient's coverages."""
    order = known.payers_of(claim)
    payer_id = known.payer.pk if known.payer is not None and known.payer.pk in order else claim.payer_id
    after = order[order.index(payer_id) + 1 :] if payer_id in order else []
    return payer_id, next((one for one in after if one != payer_id), None)


class _Circumstances:
    """What decides about the amounts of one claim beside their codes."""

    def __init__(self, said: ClaimSaid, claim: Claim, known: Known, next_payer_id: UUID | None) -> None:
        self._said, self._known, self._claim = said, known, claim
        self._next_payer = next_payer_id is not None
        self._denied = said.is_denied or (said.is_reversal and self._reverses_denial())

    def _reverses_denial(self) -> bool:
        """A reversal takes back what was posted; of a denied claim nothing was written off."""
        standing = in_force(self._known.history.get(self._claim.pk, ()))
        same = [one for one in standing if one.control == self._said.payer_control] or standing
        return bool(same) and same[-1].status == DENIED_CLAIM

    def payment(self, service: ServiceSaid) -> Payment:
        remarks = (*self._said.remarks, *service.remarks)
        reasons = [one.reason for one in service.reasons]
        at = Circumstances(
            denied_claim=self._denied,
            capitated=self._known.capitated,
            next_payer=self._next_payer,
            protected=is_protected(reasons, remarks),
        )
        return Payment(
            service.charge,
            service.paid,
            tuple(
                adjusted(one.group, one.reason, one.amount, self._known.reasons.get(one.reason), at)
                for one in service.reasons
            ),
        )


def _line_for(service: ServiceSaid, ours: list[ClaimLine]) -> ClaimLine | None:
    if not service.code:
        return ours[0] if len(ours) == 1 else None
    procedures = [(service.code, service.modifiers), (service.billed_code, service.billed_modifiers)]
    return choose_line(ours, control=service.control, procedures=procedures, charge=service.charge)


def _shares(
    service: ServiceSaid, payment: Payment, line: ClaimLine | None, ours: list[ClaimLine]
) -> list[tuple[ClaimLine | None, Payment]]:
    """Amounts of the whole claim are shared over its lines by charge; a service that is not ours stays on the claim."""
    if line is not None or service.code or not ours:
        return [(line, payment)]
    return list(zip(ours, spread(payment, [one.amount for one in ours]), strict=True))


def _place(
    claim: Claim, line: ClaimLine | None, service: ServiceSaid, payer_id: UUID, next_payer_id: UUID | None
) -> Place:
    return Place(
        entity_id=claim.entity_id,
        payer_id=payer_id,
        site_id=claim.site_id,
        clinician_id=claim.rendering_id,
        patient_id=claim.patient_id,
        account_id=claim.account_id,
        claim_line_id=line.pk if line else None,
        service_date=line.service_date if line else service.service_date or claim.service_from,
        next_payer_id=next_payer_id,
    )
