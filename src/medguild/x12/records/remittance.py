"""The 835 as records: one `Remittance` per transaction, one `RemittanceClaim` per CLP, one `ServicePayment` per SVC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from medguild.x12.records.common import (
    Address,
    Adjustment,
    Amount,
    Contact,
    Dated,
    Party,
    Procedure,
    Quantity,
    Reference,
    Remark,
)

DENIED, REVERSED = "4", "22"


@dataclass(frozen=True, slots=True)
class RemittanceParty:
    """Loop 1000A (payer) or 1000B (payee)."""

    name: str = ""
    id_qualifier: str = ""
    id: str = ""
    address: Address | None = None
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def npi(self) -> str:
        return self.id if self.id_qualifier == "XX" else ""

    @property
    def tax_id(self) -> str:
        """Federal tax number: N104 under FI, else REF*TJ."""
        return self.id if self.id_qualifier == "FI" else self.reference("TJ")

    def reference(self, qualifier: str) -> str:
        return next((r.value for r in self.references if r.qualifier == qualifier), "")


@dataclass(frozen=True, slots=True)
class RemittanceHeader:
    """What stands before the first claim. trace_number is TRN02 (check or EFT number), trace_payer_id TRN03.

    bank is BPR05 to BPR15 as sent (format, sender's and receiver's bank and account).
    """

    control: str = ""
    handling: str = "I"
    payment_cents: int = 0
    credit_debit: str = "C"
    method: str = "CHK"
    payment_date: date | None = None
    bank: tuple[str, ...] = ()
    trace_number: str = ""
    trace_payer_id: str = ""
    trace_supplement: str = ""
    receiver_id: str = ""
    version_id: str = ""
    production_date: date | None = None
    payer: RemittanceParty = field(default_factory=RemittanceParty)
    payee: RemittanceParty = field(default_factory=RemittanceParty)

    @property
    def payer_id(self) -> str:
        """What identifies the payer over files: TRN03, else the id of loop 1000A."""
        return self.trace_payer_id or self.payer.id or self.payer.reference("2U")

    @property
    def key(self) -> tuple[str, str, str, int, date | None]:
        """The same remittance in any wrapping has the same key: payer, payee, trace number, amount, payment date."""
        return (self.payer_id, self.payee.id, self.trace_number, self.payment_cents, self.payment_date)


@dataclass(frozen=True, slots=True)
class ServicePayment:
    """SVC (loop 2110). billed is SVC06, the procedure as billed when the payer changed it; position is that of SVC."""

    procedure: Procedure
    charge_cents: int
    paid_cents: int
    revenue_code: str = ""
    units_paid: Decimal | None = None
    billed: Procedure | None = None
    units_billed: Decimal | None = None
    dates: tuple[Dated, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    references: tuple[Reference, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    remarks: tuple[Remark, ...] = ()
    position: int = field(default=0, compare=False)

    @property
    def line_control(self) -> str:
        """REF*6R: the line item control number sent in the claim."""
        return next((r.value for r in self.references if r.qualifier == "6R"), "")

    @property
    def service_date(self) -> date | None:
        return next((d.start for d in self.dates if d.qualifier in ("472", "150")), None)

    @property
    def adjusted_cents(self) -> int:
        return sum(a.amount_cents for a in self.adjustments)


@dataclass(frozen=True, slots=True)
class RemittanceClaim:
    """CLP (loop 2100). patient_control is CLP01, payer_control CLP07; header_number is the LX above it.

    patient_responsibility_cents is None when CLP05 is absent. inpatient and outpatient are the elements of MIA and MOA.
    """

    patient_control: str
    status: str
    charge_cents: int
    paid_cents: int
    patient_responsibility_cents: int | None = None
    filing_indicator: str = ""
    payer_control: str = ""
    facility_code: str = ""
    frequency: str = ""
    drg: str = ""
    drg_weight: str = ""
    discharge_fraction: str = ""
    header_number: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    parties: tuple[Party, ...] = ()
    inpatient: tuple[str, ...] = ()
    outpatient: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[Dated, ...] = ()
    contacts: tuple[Contact, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    services: tuple[ServicePayment, ...] = ()
    position: int = field(default=0, compare=False)

    def party(self, role: str) -> Party | None:
        """NM1 by role: QC patient, IL subscriber, 74 corrected patient, 82 rendering, TT crossover, PR, GB."""
        return next((p for p in self.parties if p.role == role), None)

    @property
    def patient(self) -> Party | None:
        return self.party("QC")

    @property
    def subscriber(self) -> Party | None:
        return self.party("IL")

    @property
    def rendering(self) -> Party | None:
        return self.party("82")

    @property
    def is_reversal(self) -> bool:
        return self.status == REVERSED

    @property
    def is_denial(self) -> bool:
        return self.status == DENIED

    @property
    def adjusted_cents(self) -> int:
        """All CAS of the claim and its lines."""
        return sum(a.amount_cents for a in self.adjustments) + sum(s.adjusted_cents for s in self.services)

    @property
    def remark_codes(self) -> tuple[str, ...]:
        """Claim level remark codes of MIA and MOA."""
        inpatient = [self.inpatient[i] for i in (4, 19, 20, 21, 22) if i < len(self.inpatient)]
        return tuple(code for code in (*inpatient, *self.outpatient[2:7]) if code)


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One pair of a PLB segment. A positive amount lowers the payment."""

    provider_id: str
    fiscal_period_end: date | None
    reason: str
    reference: str
    amount_cents: int
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ProviderSummary:
    """Totals under an LX (TS3 and TS2), as sent; the payer's statistics, never part of a balance."""

    header_number: str
    ts3: tuple[str, ...] = ()
    ts2: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remittance:
    """A whole 835 transaction in memory."""

    header: RemittanceHeader
    claims: tuple[RemittanceClaim, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    summaries: tuple[ProviderSummary, ...] = ()
