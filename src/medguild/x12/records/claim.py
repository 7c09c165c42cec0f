"""The 837 as records, professional and institutional.

A `Claim` carries its billing provider, subscriber and patient, so it can stand alone; in an 837I it is `institutional`.

Segments that have no field of their own (ambulance, oxygen, paperwork, ...) are kept verbatim in `other`, as tuples of
name and elements, so that nothing of a claim is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from medguild.x12.records.common import (
    Address,
    Adjustment,
    Amount,
    Contact,
    Dated,
    Party,
    Procedure,
    Reference,
    Remark,
)

ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"
RawSegment = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider in a role: NM1, PRV, N3/N4, REF, PER (loops 2310 and 2420)."""

    party: Party
    taxonomy: str = ""
    address: Address | None = None
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def npi(self) -> str:
        return self.party.npi


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """Loops 2000A, 2010AA, 2010AB, 2010AC. tax_id_qualifier is EI (employer) or SY (social security)."""

    party: Party
    address: Address | None = None
    tax_id: str = ""
    tax_id_qualifier: str = "EI"
    taxonomy: str = ""
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()
    pay_to: Address | None = None
    currency: str = ""
    pay_to_plan: Provider | None = None

    @property
    def npi(self) -> str:
        return self.party.npi


@dataclass(frozen=True, slots=True)
class Payer:
    """Loop 2010BB or 2330B."""

    party: Party
    address: Address | None = None
    references: tuple[Reference, ...] = ()

    @property
    def id(self) -> str:
        return self.party.id


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Loops 2000B, 2010BA, 2010BB. relationship is SBR02: "18" when the subscriber is the patient, else empty.

    pat holds the elements of a PAT segment (death, weight, pregnancy) when the subscriber is the patient.
    """

    party: Party
    payer: Payer
    sequence: str = "P"
    relationship: str = ""
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_indicator: str = ""
    address: Address | None = None
    birth_date: date | None = None
    sex: str = ""
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()
    pat: RawSegment = ()

    @property
    def member_id(self) -> str:
        return self.party.id


@dataclass(frozen=True, slots=True)
class Patient:
    """Loops 2000C and 2010CA: a patient who is not the subscriber. pat holds PAT02 and what follows."""

    party: Party
    relationship: str = "19"
    address: Address | None = None
    birth_date: date | None = None
    sex: str = ""
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()
    pat: RawSegment = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One composite of HI. qualifier ABK or ABF (ICD-10-CM), BK or BF (ICD-9-CM)."""

    qualifier: str
    code: str


@dataclass(frozen=True, slots=True)
class InstitutionalCode:
    """One composite of HI in an 837I: list, code, and the date, amount or presence on admission that goes with it.

    Lists: ABK, ABF diagnoses; ABJ admitting; APR reason for visit; ABN external cause; DR DRG; BBR, BBQ procedures;
    BI occurrence spans; BH occurrences; BE values; BG conditions; TC treatment.
    """

    qualifier: str
    code: str
    date_form: str = ""
    date: str = ""
    amount_cents: int | None = None
    present_on_admission: str = ""


@dataclass(frozen=True, slots=True)
class Institutional:
    """What only an 837I has: CL1 (type and source of admission, patient status), and its codes, one tuple per HI."""

    admission_type: str = ""
    admission_source: str = ""
    patient_status: str = ""
    codes: tuple[tuple[InstitutionalCode, ...], ...] = ()

    def listed(self, *qualifiers: str) -> tuple[InstitutionalCode, ...]:
        """The codes of these lists, in their order."""
        return tuple(code for segment in self.codes for code in segment if code.qualifier in qualifiers)


@dataclass(frozen=True, slots=True)
class LineAdjudication:
    """Loop 2430: what another payer did with this line."""

    payer_id: str
    paid_cents: int
    procedure: Procedure
    units: Decimal | None = None
    bundled_line: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    paid_on: date | None = None
    amounts: tuple[Amount, ...] = ()
    revenue_code: str = ""


@dataclass(frozen=True, slots=True)
class Drug:
    """Loop 2410: LIN, CTP, REF (prescription number)."""

    qualifier: str
    code: str
    quantity: Decimal | None = None
    unit: str = ""
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """NTE: ADD additional information, CER, DCP, DGN, TPO."""

    qualifier: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """Loop 2440: LQ and its FRM segments."""

    list: Remark
    answers: tuple[RawSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """Loop 2400. number is LX01; pointers are 1-based indexes into the claim's diagnoses. position is that of LX.

    In an 837I the revenue code (SV201) says what was done; the procedure may be empty.
    """

    number: str
    procedure: Procedure
    charge_cents: int
    unit: str = "UN"
    quantity: Decimal | None = None
    place_of_service: str = ""
    pointers: tuple[int, ...] = ()
    emergency: str = ""
    epsdt: str = ""
    family_planning: str = ""
    copay_exempt: str = ""
    dates: tuple[Dated, ...] = ()
    references: tuple[Reference, ...] = ()
    amounts: tuple[Amount, ...] = ()
    notes: tuple[Note, ...] = ()
    drug: Drug | None = None
    providers: tuple[Provider, ...] = ()
    adjudications: tuple[LineAdjudication, ...] = ()
    forms: tuple[Form, ...] = ()
    other: tuple[RawSegment, ...] = ()
    position: int = field(default=0, compare=False)
    revenue_code: str = ""
    noncovered_cents: int | None = None

    @property
    def service_date(self) -> date | None:
        return next((d.start for d in self.dates if d.qualifier == "472"), None)

    @property
    def line_control(self) -> str:
        """REF*6R, which the payer returns in its remittance."""
        return next((r.value for r in self.references if r.qualifier == "6R"), "")


@dataclass(frozen=True, slots=True)
class OtherPayer:
    """Loop 2320 with 2330A to 2330G: another payer of the same claim. oi holds the elements of OI.

    paid_cents is AMT*D, payer_control is REF*F8 of loop 2330B, paid_on its DTP*573.
    """

    subscriber: Party
    payer: Payer
    sequence: str = "P"
    relationship: str = "18"
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_indicator: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    amounts: tuple[Amount, ...] = ()
    oi: RawSegment = ("", "", "Y", "", "", "Y")
    outpatient: tuple[str, ...] = ()
    subscriber_address: Address | None = None
    subscriber_references: tuple[Reference, ...] = ()
    paid_on: date | None = None
    providers: tuple[Provider, ...] = ()
    inpatient: tuple[str, ...] = ()

    @property
    def paid_cents(self) -> int | None:
        return next((a.amount_cents for a in self.amounts if a.qualifier == "D"), None)

    @property
    def payer_control(self) -> str:
        return next((r.value for r in self.payer.references if r.qualifier == "F8"), "")


@dataclass(frozen=True, slots=True)
class Claim:
    """Loop 2300 with the providers of 2310, other payers and lines. patient is None when the subscriber is the patient.

    related_causes are CLM11-1 to -3, accident_state CLM11-4, accident_country CLM11-5. position is that of CLM.
    """

    control: str
    charge_cents: int
    billing: BillingProvider
    subscriber: Subscriber
    patient: Patient | None = None
    place_of_service: str = "11"
    facility_qualifier: str = "B"
    frequency: str = ORIGINAL
    provider_signature: str = "Y"
    accepts_assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"
    patient_signature: str = ""
    related_causes: tuple[str, ...] = ()
    accident_state: str = ""
    accident_country: str = ""
    special_program: str = ""
    delay_reason: str = ""
    dates: tuple[Dated, ...] = ()
    patient_paid_cents: int | None = None
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    anesthesia: tuple[Diagnosis, ...] = ()
    conditions: tuple[Diagnosis, ...] = ()
    providers: tuple[Provider, ...] = ()
    other_payers: tuple[OtherPayer, ...] = ()
    lines: tuple[ServiceLine, ...] = ()
    other: tuple[RawSegment, ...] = ()
    position: int = field(default=0, compare=False)
    institutional: Institutional | None = None

    def reference(self, qualifier: str) -> str:
        return next((r.value for r in self.references if r.qualifier == qualifier), "")

    def provider(self, role: str) -> Provider | None:
        """82 rendering, DN referring, P3 primary care, DQ supervising, 77 service facility, PW and 45 ambulance."""
        return next((p for p in self.providers if p.party.role == role), None)

    @property
    def payer_control(self) -> str:
        """REF*F8: the payer's number of the claim that this one replaces or voids."""
        return self.reference("F8")

    @property
    def prior_authorization(self) -> str:
        return self.reference("G1")

    @property
    def rendering(self) -> Provider | None:
        return self.provider("82")

    @property
    def patient_party(self) -> Party:
        return self.patient.party if self.patient else self.subscriber.party


@dataclass(frozen=True, slots=True)
class ClaimHeader:
    """ST to the end of loop 1000B. reference is BHT03, kind BHT06 (CH chargeable, RP reporting)."""

    control: str = ""
    reference: str = ""
    purpose: str = "00"
    created: datetime | None = None
    kind: str = "CH"
    submitter: Party = field(default_factory=lambda: Party("41", "2"))
    contacts: tuple[Contact, ...] = ()
    receiver: Party = field(default_factory=lambda: Party("40", "2"))


@dataclass(frozen=True, slots=True)
class ClaimTransaction:
    """A whole 837P transaction in memory."""

    header: ClaimHeader
    claims: tuple[Claim, ...] = ()
