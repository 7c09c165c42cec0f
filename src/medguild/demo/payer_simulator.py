"""A payer for the demo: reads 837P files and answers with 835 files that balance, the same for the same seed.

It pays what the contracts allow, leaves patients their share, refuses some claims and lines for the reasons that payers
use most, adds money beside the claims, and now and then takes a payment back and corrects it. Reasons and shares are
our own guesses from published denial surveys; names of real payers and persons do not occur.
"""

from __future__ import annotations

import datetime as dt
import io
import random
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from medguild.foundation.organization.people import BillingIdentity
from medguild.payers.payers.selectors import payer_by_number
from medguild.payers.pricing.selectors import expected_allowed
from medguild.x12 import ControlNumbers, CountingNumbers, Envelope, claim_transactions, write_remittances
from medguild.x12.records.claim import VOID, Claim, ServiceLine
from medguild.x12.records.common import Address, Adjustment, Amount, Contact, Dated, Party, Procedure, Reference, Remark
from medguild.x12.records.remittance import (
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceHeader,
    RemittanceParty,
    ServicePayment,
)

CLAIM_DENIED, LINE_DENIED, TAKEN_BACK = 0.07, 0.05, 0.03
WITHOUT_CONTRACT = 60  # percent of the charge
# Group, reason, remark, weight: how often payers refuse for this reason, in percent of refusals.
DENIALS = (
    ("CO", "16", "N382", 20), ("OA", "18", "", 9), ("CO", "22", "", 7), ("CO", "27", "", 12), ("CO", "29", "", 5),
    ("CO", "50", "", 9), ("CO", "96", "", 7), ("CO", "97", "M15", 10), ("CO", "109", "", 5), ("CO", "197", "", 12),
    ("PR", "204", "", 4),
)  # fmt: skip
MEDICARE, MEDICAID = frozenset({"MB", "MA"}), frozenset({"MC"})
# CLP06 knows fewer codes than SBR09.
_REMITTANCE_INDICATORS = frozenset("12 13 14 15 16 17 AM CH DS HM LM MA MB MC OF TV VA WC ZZ".split())
_ADDRESS = Address("100 PAYER PLAZA", "", "SALEM", "OR", "973010100")
_CONTACT = Contact("BL", "PROVIDER SERVICES", (("TE", "5035550100"),))


Allowed = Callable[[Claim, ServiceLine], int | None]


@dataclass
class ContractPrices:
    """What the contracts of the house allow, looked up once per entity, payer and code."""

    _found: dict[tuple[str, ...], int | None] = field(default_factory=dict)
    _entities: dict[str, object] = field(default_factory=dict)

    def __call__(self, claim: Claim, line: ServiceLine) -> int | None:
        procedure = line.procedure
        key = (claim.billing.npi, claim.subscriber.payer.id, procedure.code, *procedure.modifiers)
        if key not in self._found:
            self._found[key] = self._look_up(claim, line)
        return self._found[key]

    def _look_up(self, claim: Claim, line: ServiceLine) -> int | None:
        payer = payer_by_number(claim.subscriber.payer.id)
        rows = BillingIdentity.objects.unscoped("a payer knows who bills").filter(group_npi=claim.billing.npi)
        entity_id = rows.values_list("entity_id", flat=True).first()
        if payer is None or entity_id is None:
            return None
        day = line.service_date or dt.date.min
        return expected_allowed(
            entity_id, payer.pk, line.procedure.code, day, modifiers=line.procedure.modifiers, charge=line.charge_cents
        )


def answer(
    content: bytes,
    *,
    seed: int,
    on: dt.date,
    controls: ControlNumbers | None = None,
    allowed: Allowed | None = None,
) -> list[bytes]:
    """Files that answer the claims of an 837P, paid on a day: one per payer, and a later one where it corrects itself.

    `allowed` prices a line in cents; by default the contracts of the house do.
    """
    numbers = controls or CountingNumbers()
    prices = allowed or ContractPrices()
    found: list[bytes] = []
    for (payer_id, npi), claims in sorted(_by_payer(content).items()):
        decided = [_Decision(claim, random.Random(f"{seed}:{claim.control}"), prices) for claim in claims]
        first = _remittance(claims[0], [one.said() for one in decided], f"{seed}:{payer_id}:{npi}", on)
        files = [with_others(first, random.Random(f"{seed}:{first.header.trace_number}"))]
        corrected = [part for one in decided if one.is_taken_back for part in one.corrected()]
        if corrected:
            files.append(_never_negative(_remittance(claims[0], corrected, f"{seed}:{payer_id}:{npi}:again", on)))
        found += [_written(one, claims[0], on, numbers) for one in files]
    return found


def _by_payer(content: bytes) -> dict[tuple[str, str], list[Claim]]:
    found: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for transaction in claim_transactions(io.BytesIO(content)):
        for claim in transaction:
            if claim.frequency != VOID:
                found[claim.subscriber.payer.id, claim.billing.npi].append(claim)
    return dict(found)


class _Decision:
    """What the payer decides about one claim; a random number generator of its own keeps it from its neighbours."""

    def __init__(self, claim: Claim, chance: random.Random, allowed: Allowed) -> None:
        self._claim, self._chance, self._allowed = claim, chance, allowed
        self._control = f"{chance.randrange(10**11):011d}"
        self._denied = chance.random() < CLAIM_DENIED
        self._share = chance.choices(("copay", "deductible", "coinsurance", "none"), (40, 15, 30, 15))[0]
        self._copay_left = chance.choice((1_500, 2_000, 2_500, 3_000, 4_000))
        self._services = self._decide()
        self.is_taken_back = not self._denied and chance.random() < TAKEN_BACK

    def _decide(self) -> tuple[ServicePayment, ...]:
        if self._denied:
            reason = self._refusal()
            return tuple(self._refused(line, reason) for line in self._claim.lines)
        several = len(self._claim.lines) > 1
        return tuple(
            self._refused(line, self._refusal())
            if several and self._chance.random() < LINE_DENIED
            else self._paid(line)
            for line in self._claim.lines
        )

    def _refusal(self) -> tuple[str, str, str, int]:
        return self._chance.choices(DENIALS, [weight for *_, weight in DENIALS])[0]

    def said(self) -> RemittanceClaim:
        return self._answer(self._services, "4" if self._denied else "1", self._control)

    def corrected(self) -> list[RemittanceClaim]:
        """The payment taken back, and paid again with one tenth less allowed."""
        less = tuple(_cut(service) for service in self._services)
        control = f"{self._chance.randrange(10**11):011d}"
        return [_reversed(self.said()), self._answer(less, "1", control)]

    def _answer(self, services: Sequence[ServicePayment], status: str, control: str) -> RemittanceClaim:
        claim = self._claim
        owed = sum(one.amount_cents for service in services for one in service.adjustments if one.group == "PR")
        patient, subscriber, indicator = claim.patient_party, claim.subscriber.party, claim.subscriber.filing_indicator
        return RemittanceClaim(
            claim.control[:20], status, sum(one.charge_cents for one in services),
            sum(one.paid_cents for one in services), patient_responsibility_cents=owed or None,
            filing_indicator=indicator if indicator in _REMITTANCE_INDICATORS else "12", payer_control=control,
            facility_code=claim.place_of_service, frequency=claim.frequency, header_number="1",
            parties=(
                Party("QC", "1", patient.last, patient.first, id_qualifier="MI", id=subscriber.id),
            ),
            services=tuple(services),
        )  # fmt: skip

    def _refused(self, line: ServiceLine, reason: tuple[str, str, str, int]) -> ServicePayment:
        group, code, remark, _weight = reason
        remarks = (Remark("HE", remark),) if remark else ()
        return self._service(line, 0, (Adjustment(group, code, line.charge_cents),), remarks=remarks)

    def _paid(self, line: ServiceLine) -> ServicePayment:
        """Allowed by contract, less the patient's share, less the federal cut where Medicare pays."""
        priced = self._allowed(self._claim, line)
        allowed = min(line.charge_cents, line.charge_cents * WITHOUT_CONTRACT // 100 if priced is None else priced)
        reasons = [Adjustment("CO", "45", line.charge_cents - allowed)]
        indicator = self._claim.subscriber.filing_indicator
        share = self._patient_share(allowed, indicator)
        reasons += share
        paid = allowed - sum(one.amount_cents for one in share)
        if indicator in MEDICARE:
            cut = (paid * 2 + 50) // 100
            reasons.append(Adjustment("CO", "253", cut))
            paid -= cut
        kept = tuple(one for one in reasons if one.amount_cents)
        return self._service(line, paid, kept, amounts=(Amount("B6", allowed),))

    def _patient_share(self, allowed: int, indicator: str) -> list[Adjustment]:
        if indicator in MEDICAID or self._share == "none":
            return []
        if indicator in MEDICARE or self._share == "coinsurance":
            return [Adjustment("PR", "2", allowed // 5)]
        if self._share == "copay":
            copay = min(self._copay_left, allowed)
            self._copay_left -= copay
            return [Adjustment("PR", "3", copay)]
        deductible = allowed * self._chance.choice((40, 70, 100)) // 100
        return [Adjustment("PR", "1", deductible), Adjustment("PR", "2", (allowed - deductible) // 5)]

    def _service(
        self,
        line: ServiceLine,
        paid: int,
        adjustments: tuple[Adjustment, ...],
        *,
        amounts: tuple[Amount, ...] = (),
        remarks: tuple[Remark, ...] = (),
    ) -> ServicePayment:
        control = (Reference("6R", line.line_control),) if line.line_control else ()
        day = line.service_date
        return ServicePayment(
            Procedure(line.procedure.qualifier, line.procedure.code, line.procedure.modifiers), line.charge_cents, paid,
            units_paid=line.quantity or Decimal(1), dates=(Dated("472", day),) if day else (),
            adjustments=adjustments, references=control, amounts=amounts, remarks=remarks,
        )  # fmt: skip


def _cut(service: ServicePayment) -> ServicePayment:
    """The same service with a tenth less paid."""
    less = service.paid_cents // 10
    if not less:
        return service
    reasons = {(one.group, one.reason): one.amount_cents for one in service.adjustments}
    reasons["CO", "45"] = reasons.get(("CO", "45"), 0) + less
    return replace(
        service,
        paid_cents=service.paid_cents - less,
        adjustments=tuple(Adjustment(group, reason, cents) for (group, reason), cents in reasons.items()),
        amounts=(),
    )


def _reversed(claim: RemittanceClaim) -> RemittanceClaim:
    """Every amount negated under its own group."""
    owed = claim.patient_responsibility_cents
    return replace(
        claim, status="22", charge_cents=-claim.charge_cents, paid_cents=-claim.paid_cents,
        patient_responsibility_cents=None if owed is None else -owed,
        services=tuple(
            replace(
                one, charge_cents=-one.charge_cents, paid_cents=-one.paid_cents, amounts=(),
                adjustments=tuple(replace(each, amount_cents=-each.amount_cents) for each in one.adjustments),
            )
            for one in claim.services
        ),
    )  # fmt: skip


def _remittance(sample: Claim, said: Iterable[RemittanceClaim], key: str, on: dt.date) -> Remittance:
    """A payment to the billing provider of a claim by its payer."""
    claims = tuple(said)
    payer, billing = sample.subscriber.payer, sample.billing
    print_of = zlib.crc32((key + "".join(f"{one.patient_control}{one.paid_cents}" for one in claims)).encode())
    originator = f"1{zlib.crc32(payer.id.encode()) % 10**9:09d}"
    header = RemittanceHeader(
        payment_date=on, production_date=on, trace_number=f"E{on:%y%m%d}{print_of % 10**9:09d}",
        trace_payer_id=originator,
        payer=RemittanceParty(payer.party.last, "XV", payer.id, _ADDRESS, contacts=(_CONTACT,)),
        payee=RemittanceParty(
            billing.party.last, "XX", billing.npi, billing.address, references=(Reference("TJ", billing.tax_id),)
        ),
    )  # fmt: skip
    return _balanced(Remittance(header, claims), ())


def _balanced(remittance: Remittance, others: Sequence[ProviderAdjustment]) -> Remittance:
    total = sum(one.paid_cents for one in remittance.claims) - sum(one.amount_cents for one in others)
    header = replace(remittance.header, payment_cents=total, method="CHK" if total else "NON")
    return replace(remittance, header=header, provider_adjustments=tuple(others))


def with_others(remittance: Remittance, chance: random.Random) -> Remittance:
    """Now and then interest for paying late, or an old overpayment taken back."""
    npi, paid = remittance.header.payee.id, remittance.header.payment_cents
    year_end = dt.date((remittance.header.payment_date or dt.date.min).year, 12, 31)
    others = []
    if paid and chance.random() < 0.25:
        others.append(ProviderAdjustment(npi, year_end, "L6", "", -max(1, paid * chance.randint(1, 8) // 1_000)))
    if paid > 20_000 and chance.random() < 0.15:
        others.append(ProviderAdjustment(npi, year_end, "WO", f"OLD{chance.randrange(10**6):06d}", paid // 20))
    return _balanced(remittance, others)


def _never_negative(remittance: Remittance) -> Remittance:
    """A payer that takes back more than it pays carries the rest forward (FB, by its own trace number)."""
    left = remittance.header.payment_cents
    if left >= 0:
        return remittance
    header = remittance.header
    year_end = dt.date((header.payment_date or dt.date.min).year, 12, 31)
    return _balanced(remittance, [ProviderAdjustment(header.payee.id, year_end, "FB", header.trace_number, left)])


def _written(remittance: Remittance, sample: Claim, on: dt.date, controls: ControlNumbers) -> bytes:
    out = io.BytesIO()
    created = dt.datetime.combine(on, dt.time(6))
    envelope = Envelope(sample.subscriber.payer.id[:15] or "PAYER", sample.billing.npi, created)
    write_remittances(out, [remittance], envelope, controls)
    return out.getvalue()
