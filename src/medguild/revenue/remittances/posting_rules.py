"""Where the money of a remittance goes. Pure; docs/algorithms/posting.md tells why.

A line of a remittance balances: charge = paid + adjustments. What was charged stands on INSURANCE_AR; paying and
adjusting take it off, each amount to where its pair of group and reason sends it (never the reason alone). What was
denied, or what nobody can place, stays and becomes work; nothing is written off because a payer said no.
Amounts are cents, positive where the balance falls; a reversal carries the same pairs negated and so takes them back.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from medguild.foundation.kernel.money import Cents, split
from medguild.foundation.ledger.rules import Chart, Line, credit, debit, without_zeros

DENIED_CLAIM, REVERSAL = "4", "22"
# CLP02 of a payer that forwards the claim to the next one by itself.
CROSSED_OVER = frozenset({"19", "20", "21"})
SECONDARY_STATUS = frozenset({"2", "3", "20", "21"})

PRIOR_PAYER_REASON = "23"
CAPITATION_REASON = "24"
REDUCTION_REASONS = frozenset({"253", "237", "223"})
WITHHOLD_REASONS = frozenset({"104", "245"})
INTEREST_REASONS = frozenset({"225"})
# A Qualified Medicare Beneficiary is never billed the cost share.
PROTECTED_REASONS = frozenset({"303"})
PROTECTED_REMARKS = frozenset({"N192", "N781", "N782", "N783"})

RECOUPMENT_PLB = frozenset({"WO", "WU", "FB", "72", "OB"})
INTEREST_PLB, CAPITATION_PLB, WITHHOLD_PLB = "L6", "CT", "E3"


class Effect(enum.StrEnum):
    """What becomes of an adjusted amount."""

    CONTRACTUAL = "contractual"
    REDUCTION = "reduction"
    WITHHOLD = "withhold"
    INTEREST = "interest"
    PATIENT = "patient"
    NEXT_PAYER = "next_payer"
    DENIED = "denied"
    PRIOR_PAYER = "prior_payer"
    PROTECTED = "protected"
    UNCLEAR = "unclear"


# Where an amount that leaves the payer's receivable goes; effects that are not here leave it standing.
TARGET: Mapping[Effect, Chart] = {
    Effect.CONTRACTUAL: Chart.CONTRACTUAL,
    Effect.REDUCTION: Chart.PAYER_REDUCTION,
    Effect.WITHHOLD: Chart.WITHHOLD,
    Effect.INTEREST: Chart.INTEREST,
    Effect.PATIENT: Chart.PATIENT_AR,
    Effect.NEXT_PAYER: Chart.INSURANCE_AR,
}
STAYS = frozenset(Effect) - TARGET.keys()
# These become work, because somebody must decide.
ASKS = frozenset({Effect.PROTECTED, Effect.UNCLEAR})


@dataclass(frozen=True, slots=True)
class Reason:
    """What the code set says of an adjustment reason: its category, and whether it counts as a denial."""

    code: str
    category: str
    denial: bool


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides beside the code: CLP02 says the claim was denied; the payer pays by capitation; a payer follows;
    remark codes protect the patient from being billed."""

    denied_claim: bool = False
    capitated: bool = False
    next_payer: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One reason of a CAS segment with what becomes of it."""

    group: str
    reason: str
    amount: Cents
    effect: Effect
    category: str = ""
    denial: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """A line (or what a claim states beside its lines): charge = paid + adjustments."""

    charge: Cents
    paid: Cents
    adjustments: tuple[Adjusted, ...] = ()

    @property
    def balanced(self) -> bool:
        return self.charge == self.paid + sum(one.amount for one in self.adjustments)

    def total(self, *effects: Effect) -> Cents:
        return sum(one.amount for one in self.adjustments if one.effect in effects)

    @property
    def patient_share(self) -> Cents:
        """What the plan leaves to patient or next payer: deductible, co-insurance, co-payment; refused services not."""
        shares = (Effect.PATIENT, Effect.NEXT_PAYER, Effect.PROTECTED)
        return sum(one.amount for one in self.adjustments if one.effect in shares and not one.denial)

    @property
    def denied(self) -> Cents:
        return sum(one.amount for one in self.adjustments if one.denial)

    @property
    def allowed(self) -> Cents:
        """Paid, patient share, and what was taken off after allowing (revenue cycle, identity 2)."""
        return self.paid + self.patient_share + self.total(Effect.REDUCTION, Effect.WITHHOLD)


def effect_of(group: str, reason: str, known: Reason | None, at: Circumstances) -> Effect:
    """What becomes of an amount adjusted under a group and reason; unclear where the code set does not know it."""
    if group == "PR":
        return _patient_effect(reason, at)
    if group in ("CO", "PI"):
        return _contract_effect(reason, known, at)
    if group == "OA":
        if reason == PRIOR_PAYER_REASON:
            return Effect.PRIOR_PAYER
        return Effect.DENIED if known is not None and known.denial else Effect.UNCLEAR
    return Effect.UNCLEAR


def _patient_effect(reason: str, at: Circumstances) -> Effect:
    if at.protected or reason in PROTECTED_REASONS:
        return Effect.PROTECTED
    return Effect.NEXT_PAYER if at.next_payer else Effect.PATIENT


def _contract_effect(reason: str, known: Reason | None, at: Circumstances) -> Effect:
    if reason == CAPITATION_REASON:
        return Effect.CONTRACTUAL if at.capitated else Effect.DENIED
    if at.denied_claim:
        return Effect.DENIED
    if known is None:
        return Effect.UNCLEAR
    if known.denial:
        return Effect.DENIED
    if reason in WITHHOLD_REASONS:
        return Effect.WITHHOLD
    if reason in INTEREST_REASONS:
        return Effect.INTEREST
    return Effect.REDUCTION if reason in REDUCTION_REASONS else Effect.CONTRACTUAL


def category_of(reason: str, known: Reason | None, effect: Effect) -> str:
    """The category of work: a code of Original Medicare's managed care denial means the wrong plan was billed."""
    if reason == CAPITATION_REASON and effect is Effect.DENIED:
        return "eligibility"
    return known.category if known is not None else "other"


def adjusted(group: str, reason: str, amount: Cents, known: Reason | None, at: Circumstances) -> Adjusted:
    """An adjustment with its effect. A refusal counts as a denial under any group, also where the patient owes it."""
    effect = effect_of(group, reason, known, at)
    refused = known is not None and known.denial and group != "CR" and reason != CAPITATION_REASON
    return Adjusted(
        group, reason, amount, effect, category_of(reason, known, effect), effect is Effect.DENIED or refused
    )


def is_protected(reasons: Iterable[str], remarks: Iterable[str]) -> bool:
    return not PROTECTED_REMARKS.isdisjoint(remarks) or not PROTECTED_REASONS.isdisjoint(reasons)


def spread(payment: Payment, weights: Sequence[Cents]) -> list[Payment]:
    """Share what a claim states as a whole over its lines by their charges; every amount is shared exactly."""
    shares = list(weights) if sum(weights) > 0 else [1] * len(weights)
    paid = split(payment.paid, shares)
    parts = [split(one.amount, shares) for one in payment.adjustments]
    found = []
    for at, cents in enumerate(paid):
        reasons = tuple(
            replace(one, amount=amounts[at]) for one, amounts in zip(payment.adjustments, parts, strict=True)
        )
        found.append(Payment(cents + sum(one.amount for one in reasons), cents, reasons))
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Whose receivable a payment settles: the dimensions of its postings. `next_payer_id` follows `payer_id`."""

    entity_id: UUID
    payer_id: UUID | None
    site_id: UUID | None = None
    clinician_id: UUID | None = None
    patient_id: UUID | None = None
    account_id: UUID | None = None
    claim_line_id: UUID | None = None
    service_date: dt.date | None = None
    next_payer_id: UUID | None = None

    def line(self, code: Chart, amount: Cents, *, payer_id: UUID | None) -> Line:
        return Line(
            self.entity_id, code, amount, site_id=self.site_id, clinician_id=self.clinician_id, payer_id=payer_id,
            patient_id=self.patient_id, account_id=self.account_id, claim_line_id=self.claim_line_id,
            service_date=self.service_date,
        )  # fmt: skip


def settle(place: Place, payment: Payment) -> list[Line]:
    """Postings of one line except the cash: what leaves the payer's receivable, and where each amount goes.

    They sum to minus what was paid.
    """
    lines = [place.line(Chart.INSURANCE_AR, -payment.paid, payer_id=place.payer_id)]
    for one in payment.adjustments:
        target = TARGET.get(one.effect)
        if target is None:
            continue
        lines.append(place.line(Chart.INSURANCE_AR, -one.amount, payer_id=place.payer_id))
        lines.append(place.line(target, one.amount, payer_id=_owner(place, one.effect)))
    return lines


def _owner(place: Place, effect: Effect) -> UUID | None:
    """The patient's debt names no payer; what goes to the next payer names that one."""
    if effect is Effect.PATIENT:
        return None
    return place.next_payer_id if effect is Effect.NEXT_PAYER else place.payer_id


def provider_adjustment_code(reason: str) -> Chart:
    """The account of a PLB amount; UNAPPLIED for what a person must place."""
    if reason == INTEREST_PLB:
        return Chart.INTEREST
    if reason == CAPITATION_PLB:
        return Chart.CAPITATION
    if reason == WITHHOLD_PLB:
        return Chart.WITHHOLD
    return Chart.RECOUPMENT if reason in RECOUPMENT_PLB else Chart.UNAPPLIED


def settle_provider_adjustment(entity_id: UUID, payer_id: UUID | None, reason: str, amount: Cents) -> Line:
    """A positive amount lowers the payment, so it is a debit: a recoupment paid, or interest (negative) earned."""
    return debit(entity_id, provider_adjustment_code(reason), amount, payer_id=payer_id)


def suspend(entity_id: UUID, payer_id: UUID | None, amount: Cents) -> Line:
    """Money received for a claim that is not found waits as received but not applied."""
    return credit(entity_id, Chart.UNAPPLIED, amount, payer_id=payer_id)


def cash(entity_id: UUID, payer_id: UUID | None, amount: Cents, code: Chart = Chart.UNDEPOSITED) -> Line:
    """The payment itself; from suspense (`code` UNAPPLIED) where it was received before its place was known."""
    return debit(entity_id, code, amount, payer_id=payer_id)


def together(lines: Iterable[Line]) -> list[Line]:
    """Lines with the same account and dimensions become one; lines of nothing fall away. Order is kept."""
    sums: dict[Line, Cents] = {}
    for line in lines:
        key = replace(line, amount=0)
        sums[key] = sums.get(key, 0) + line.amount
    return without_zeros(replace(key, amount=amount) for key, amount in sums.items())


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What one remittance said of a claim, in cents; `control` is CLP07, `charge` negative in a reversal."""

    status: str
    control: str
    charge: Cents
    paid: Cents
    patient_share: Cents
    denied: Cents

    @property
    def is_reversal(self) -> bool:
        return self.status == REVERSAL


def in_force(history: Iterable[Adjudication]) -> list[Adjudication]:
    """Adjudications that still stand, oldest first: a reversal takes back the last one of its control number, or the
    last one at all where the payer gave the reversal another number."""
    standing: list[Adjudication] = []
    for one in history:
        if not one.is_reversal:
            standing.append(one)
            continue
        same = [at for at, held in enumerate(standing) if held.control == one.control] or list(range(len(standing)))
        if same:
            standing.pop(same[-1])
    return standing


def amounts_in_force(history: Iterable[Adjudication]) -> tuple[Cents, Cents, Cents] | None:
    """Paid and patient share of all that stands, and what the last one denies; None where nothing stands."""
    standing = in_force(history)
    if not standing:
        return None
    return sum(one.paid for one in standing), sum(one.patient_share for one in standing), standing[-1].denied
