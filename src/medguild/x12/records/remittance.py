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

    name: str = ""  # N102
    id_qualifier: str = ""  # N103
    id: str = ""  # N104
    address: Address | None = None  # N3, N4
    references: tuple[Reference, ...] = ()  # REF
    contacts: tuple[Contact, ...] = ()  # PER

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

    control: str = ""  # ST02
    handling: str = "I"  # BPR01
    payment_cents: int = 0  # BPR02
    credit_debit: str = "C"  # BPR03
    method: str = "CHK"  # BPR04
    payment_date: date | None = None  # BPR16
    bank: tuple[str, ...] = ()  # BPR05 to BPR15
    trace_number: str = ""  # TRN02
    trace_payer_id: str = ""  # TRN03
    trace_supplement: str = ""  # TRN04
    receiver_id: str = ""  # REF*EV
    version_id: str = ""  # REF*F2
    production_date: date | None = None  # DTM*405
    payer: RemittanceParty = field(default_factory=RemittanceParty)  # 1000A N1*PR
    payee: RemittanceParty = field(default_factory=RemittanceParty)  # 1000B N1*PE

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

    procedure: Procedure  # SVC01
    charge_cents: int  # SVC02
    paid_cents: int  # SVC03
    revenue_code: str = ""  # SVC04
    units_paid: Decimal | None = None  # SVC05
    billed: Procedure | None = None  # SVC06
    units_billed: Decimal | None = None  # SVC07
    dates: tuple[Dated, ...] = ()  # DTM
    adjustments: tuple[Adjustment, ...] = ()  # CAS
    references: tuple[Reference, ...] = ()  # REF
    amounts: tuple[Amount, ...] = ()  # AMT
    quantities: tuple[Quantity, ...] = ()  # QTY
    remarks: tuple[Remark, ...] = ()  # LQ
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

    patient_control: str  # CLP01
    status: str  # CLP02
    charge_cents: int  # CLP03
    paid_cents: int  # CLP04
    patient_responsibility_cents: int | None = None  # CLP05
    filing_indicator: str = ""  # CLP06
    payer_control: str = ""  # CLP07
    facility_code: str = ""  # CLP08
    frequency: str = ""  # CLP09
    drg: str = ""  # CLP11
    drg_weight: str = ""  # CLP12
    discharge_fraction: str = ""  # CLP13
    header_number: str = ""  # 2000 LX01
    adjustments: tuple[Adjustment, ...] = ()  # CAS
    parties: tuple[Party, ...] = ()  # NM1
    inpatient: tuple[str, ...] = ()  # MIA
    outpatient: tuple[str, ...] = ()  # MOA
    references: tuple[Reference, ...] = ()  # REF
    dates: tuple[Dated, ...] = ()  # DTM
    contacts: tuple[Contact, ...] = ()  # PER
    amounts: tuple[Amount, ...] = ()  # AMT
    quantities: tuple[Quantity, ...] = ()  # QTY
    services: tuple[ServicePayment, ...] = ()  # 2110 SVC
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

    provider_id: str  # PLB01
    fiscal_period_end: date | None  # PLB02
    reason: str  # PLB03-1
    reference: str  # PLB03-2
    amount_cents: int  # PLB04
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ProviderSummary:
    """Totals under an LX (TS3 and TS2), as sent; the payer's statistics, never part of a balance."""

    header_number: str  # LX01
    ts3: tuple[str, ...] = ()  # TS3
    ts2: tuple[str, ...] = ()  # TS2


@dataclass(frozen=True, slots=True)
class Remittance:
    """A whole 835 transaction in memory."""

    header: RemittanceHeader
    claims: tuple[RemittanceClaim, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    summaries: tuple[ProviderSummary, ...] = ()
