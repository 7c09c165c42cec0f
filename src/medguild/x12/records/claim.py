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

    party: Party  # NM1
    taxonomy: str = ""  # PRV03
    address: Address | None = None  # N3, N4
    references: tuple[Reference, ...] = ()  # REF
    contacts: tuple[Contact, ...] = ()  # PER

    @property
    def npi(self) -> str:
        return self.party.npi


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """Loops 2000A, 2010AA, 2010AB, 2010AC. tax_id_qualifier is EI (employer) or SY (social security)."""

    party: Party  # 2010AA NM1*85
    address: Address | None = None  # 2010AA N3, N4
    tax_id: str = ""  # 2010AA REF02
    tax_id_qualifier: str = "EI"  # 2010AA REF01
    taxonomy: str = ""  # 2000A PRV03
    references: tuple[Reference, ...] = ()  # 2010AA REF
    contacts: tuple[Contact, ...] = ()  # 2010AA PER
    pay_to: Address | None = None  # 2010AB N3, N4
    currency: str = ""  # 2000A CUR02
    pay_to_plan: Provider | None = None  # 2010AC NM1*PE

    @property
    def npi(self) -> str:
        return self.party.npi


@dataclass(frozen=True, slots=True)
class Payer:
    """Loop 2010BB or 2330B."""

    party: Party  # NM1*PR
    address: Address | None = None  # N3, N4
    references: tuple[Reference, ...] = ()  # REF

    @property
    def id(self) -> str:
        return self.party.id


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Loops 2000B, 2010BA, 2010BB. relationship is SBR02: "18" when the subscriber is the patient, else empty.

    pat holds the elements of a PAT segment (death, weight, pregnancy) when the subscriber is the patient.
    """

    party: Party  # 2010BA NM1*IL
    payer: Payer  # 2010BB NM1*PR
    sequence: str = "P"  # SBR01
    relationship: str = ""  # SBR02
    group_number: str = ""  # SBR03
    group_name: str = ""  # SBR04
    insurance_type: str = ""  # SBR05
    filing_indicator: str = ""  # SBR09
    address: Address | None = None  # 2010BA N3, N4
    birth_date: date | None = None  # 2010BA DMG02
    sex: str = ""  # 2010BA DMG03
    references: tuple[Reference, ...] = ()  # 2010BA REF
    contacts: tuple[Contact, ...] = ()  # 2010BA PER
    pat: RawSegment = ()  # 2000B PAT

    @property
    def member_id(self) -> str:
        return self.party.id


@dataclass(frozen=True, slots=True)
class Patient:
    """Loops 2000C and 2010CA: a patient who is not the subscriber. pat holds PAT02 and what follows."""

    party: Party  # 2010CA NM1*QC
    relationship: str = "19"  # 2000C PAT01
    address: Address | None = None  # 2010CA N3, N4
    birth_date: date | None = None  # 2010CA DMG02
    sex: str = ""  # 2010CA DMG03
    references: tuple[Reference, ...] = ()  # 2010CA REF
    contacts: tuple[Contact, ...] = ()  # 2010CA PER
    pat: RawSegment = ()  # 2000C PAT02 to PAT09


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One composite of HI. qualifier ABK or ABF (ICD-10-CM), BK or BF (ICD-9-CM)."""

    qualifier: str  # HI01-1
    code: str  # HI01-2


@dataclass(frozen=True, slots=True)
class InstitutionalCode:
    """One composite of HI in an 837I: list, code, and the date, amount or presence on admission that goes with it.

    Lists: ABK, ABF diagnoses; ABJ admitting; APR reason for visit; ABN external cause; DR DRG; BBR, BBQ procedures;
    BI occurrence spans; BH occurrences; BE values; BG conditions; TC treatment.
    """

    qualifier: str  # HI01-1
    code: str  # HI01-2
    date_form: str = ""  # HI01-3
    date: str = ""  # HI01-4
    amount_cents: int | None = None  # HI01-5
    present_on_admission: str = ""  # HI01-9


@dataclass(frozen=True, slots=True)
class Institutional:
    """What only an 837I has: CL1 (type and source of admission, patient status), and its codes, one tuple per HI."""

    admission_type: str = ""  # CL101
    admission_source: str = ""  # CL102
    patient_status: str = ""  # CL103
    codes: tuple[tuple[InstitutionalCode, ...], ...] = ()  # HI

    def listed(self, *qualifiers: str) -> tuple[InstitutionalCode, ...]:
        """The codes of these lists, in their order."""
        return tuple(code for segment in self.codes for code in segment if code.qualifier in qualifiers)


@dataclass(frozen=True, slots=True)
class LineAdjudication:
    """Loop 2430: what another payer did with this line."""

    payer_id: str  # SVD01
    paid_cents: int  # SVD02
    procedure: Procedure  # SVD03
    units: Decimal | None = None  # SVD05
    bundled_line: str = ""  # SVD06
    adjustments: tuple[Adjustment, ...] = ()  # CAS
    paid_on: date | None = None  # DTP*573
    amounts: tuple[Amount, ...] = ()  # AMT
    revenue_code: str = ""  # SVD04


@dataclass(frozen=True, slots=True)
class Drug:
    """Loop 2410: LIN, CTP, REF (prescription number)."""

    qualifier: str  # LIN02
    code: str  # LIN03
    quantity: Decimal | None = None  # CTP04
    unit: str = ""  # CTP05-1
    references: tuple[Reference, ...] = ()  # REF


@dataclass(frozen=True, slots=True)
class Note:
    """NTE: ADD additional information, CER, DCP, DGN, TPO."""

    qualifier: str  # NTE01
    text: str  # NTE02


@dataclass(frozen=True, slots=True)
class Form:
    """Loop 2440: LQ and its FRM segments."""

    list: Remark  # LQ
    answers: tuple[RawSegment, ...] = ()  # FRM


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """Loop 2400. number is LX01; pointers are 1-based indexes into the claim's diagnoses. position is that of LX.

    In an 837I the revenue code (SV201) says what was done; the procedure may be empty.
    """

    number: str  # LX01
    procedure: Procedure  # SV101 or SV202
    charge_cents: int  # SV102 or SV203
    unit: str = "UN"  # SV103 or SV204
    quantity: Decimal | None = None  # SV104 or SV205
    place_of_service: str = ""  # SV105
    pointers: tuple[int, ...] = ()  # SV107
    emergency: str = ""  # SV109
    epsdt: str = ""  # SV111
    family_planning: str = ""  # SV112
    copay_exempt: str = ""  # SV115
    dates: tuple[Dated, ...] = ()  # DTP
    references: tuple[Reference, ...] = ()  # REF
    amounts: tuple[Amount, ...] = ()  # AMT
    notes: tuple[Note, ...] = ()  # NTE
    drug: Drug | None = None  # 2410 LIN, CTP, REF
    providers: tuple[Provider, ...] = ()  # 2420 NM1
    adjudications: tuple[LineAdjudication, ...] = ()  # 2430 SVD
    forms: tuple[Form, ...] = ()  # 2440 LQ, FRM
    other: tuple[RawSegment, ...] = ()  # SV5, PWK, CR1, CR3, CRC, QTY, MEA, CN1, K3, PS1, HCP
    position: int = field(default=0, compare=False)
    revenue_code: str = ""  # SV201
    noncovered_cents: int | None = None  # SV207

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

    subscriber: Party  # 2330A NM1*IL
    payer: Payer  # 2330B NM1*PR
    sequence: str = "P"  # SBR01
    relationship: str = "18"  # SBR02
    group_number: str = ""  # SBR03
    group_name: str = ""  # SBR04
    insurance_type: str = ""  # SBR05
    filing_indicator: str = ""  # SBR09
    adjustments: tuple[Adjustment, ...] = ()  # CAS
    amounts: tuple[Amount, ...] = ()  # AMT
    oi: RawSegment = ("", "", "Y", "", "", "Y")  # OI
    outpatient: tuple[str, ...] = ()  # MOA
    subscriber_address: Address | None = None  # 2330A N3, N4
    subscriber_references: tuple[Reference, ...] = ()  # 2330A REF
    paid_on: date | None = None  # 2330B DTP*573
    providers: tuple[Provider, ...] = ()  # 2330C to 2330I NM1
    inpatient: tuple[str, ...] = ()  # MIA

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

    control: str  # CLM01
    charge_cents: int  # CLM02
    billing: BillingProvider  # 2000A
    subscriber: Subscriber  # 2000B
    patient: Patient | None = None  # 2000C
    place_of_service: str = "11"  # CLM05-1
    facility_qualifier: str = "B"  # CLM05-2
    frequency: str = ORIGINAL  # CLM05-3
    provider_signature: str = "Y"  # CLM06
    accepts_assignment: str = "A"  # CLM07
    benefits_assigned: str = "Y"  # CLM08
    release: str = "Y"  # CLM09
    patient_signature: str = ""  # CLM10
    related_causes: tuple[str, ...] = ()  # CLM11-1 to CLM11-3
    accident_state: str = ""  # CLM11-4
    accident_country: str = ""  # CLM11-5
    special_program: str = ""  # CLM12
    delay_reason: str = ""  # CLM20
    dates: tuple[Dated, ...] = ()  # DTP
    patient_paid_cents: int | None = None  # AMT*F5
    references: tuple[Reference, ...] = ()  # REF
    notes: tuple[Note, ...] = ()  # NTE
    diagnoses: tuple[Diagnosis, ...] = ()  # HI*ABK, HI*BK
    anesthesia: tuple[Diagnosis, ...] = ()  # HI*BP
    conditions: tuple[Diagnosis, ...] = ()  # HI*BG
    providers: tuple[Provider, ...] = ()  # 2310 NM1
    other_payers: tuple[OtherPayer, ...] = ()  # 2320 SBR
    lines: tuple[ServiceLine, ...] = ()  # 2400 LX
    other: tuple[RawSegment, ...] = ()  # PWK, CN1, AMT, K3, CR1, CR2, CRC, HCP
    position: int = field(default=0, compare=False)
    institutional: Institutional | None = None  # CL1 and HI of an 837I

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

    control: str = ""  # ST02
    reference: str = ""  # BHT03
    purpose: str = "00"  # BHT02
    created: datetime | None = None  # BHT04, BHT05
    kind: str = "CH"  # BHT06
    submitter: Party = field(default_factory=lambda: Party("41", "2"))  # 1000A NM1*41
    contacts: tuple[Contact, ...] = ()  # 1000A PER
    receiver: Party = field(default_factory=lambda: Party("40", "2"))  # 1000B NM1*40


@dataclass(frozen=True, slots=True)
class ClaimTransaction:
    """A whole 837P transaction in memory."""

    header: ClaimHeader
    claims: tuple[Claim, ...] = ()
