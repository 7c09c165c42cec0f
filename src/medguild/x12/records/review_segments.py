"""Segments of the 278: what is asked for, for whom, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from medguild.x12.bind import fields as at
from medguild.x12.records.shared import CodedProcedure, DiagnosisPointers


@dataclass(frozen=True, slots=True)
class FacilityType:
    """UM04: place code and the list it is from (A type of bill, B place of service)."""

    code: str = at.code(1)
    qualifier: str = at.code(2)


@dataclass(frozen=True, slots=True)
class RelatedCauses:
    """UM05: accident causes, with state and country."""

    cause1: str = at.code(1)
    cause2: str = at.code(2)
    cause3: str = at.code(3)
    state: str = at.code(4)
    country: str = at.code(5)


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """UM: category (AR admission, HS services, SC specialty care), certification type (I initial, R renewal, ...)."""

    SEGMENT: ClassVar = "UM"
    category: str = at.code(1)
    certification: str = at.code(2)
    service_type: str = at.code(3)
    facility: FacilityType | None = at.composite(4, FacilityType)
    causes: RelatedCauses | None = at.composite(5, RelatedCauses)
    level_of_service: str = at.code(6)
    health_status: str = at.code(7)
    prognosis: str = at.code(8)
    release: str = at.code(9)
    delay_reason: str = at.code(10)


@dataclass(frozen=True, slots=True)
class DatedDiagnosis:
    """One composite of HI: list, code, and when it was found."""

    qualifier: str = at.code(1)
    code: str = at.code(2, 30)
    date_form: str = at.code(3)
    date: str = at.code(4, 35)


@dataclass(frozen=True, slots=True)
class ReviewDiagnoses:
    """HI."""

    SEGMENT: ClassVar = "HI"
    codes: tuple[DatedDiagnosis, ...] = at.run(1, 12, DatedDiagnosis)


@dataclass(frozen=True, slots=True)
class Condition:
    """CRC: a category, yes or no, and up to five conditions."""

    SEGMENT: ClassVar = "CRC"
    category: str = at.code(1)
    applies: str = at.code(2)
    code1: str = at.code(3)
    code2: str = at.code(4)
    code3: str = at.code(5)
    code4: str = at.code(6)
    code5: str = at.code(7)


@dataclass(frozen=True, slots=True)
class AdmissionCodes:
    """CL1: type and source of admission, patient status, nursing home status."""

    SEGMENT: ClassVar = "CL1"
    kind: str = at.code(1)
    source: str = at.code(2)
    patient_status: str = at.code(3)
    nursing_home: str = at.code(4)


@dataclass(frozen=True, slots=True)
class AmbulanceTransport:
    """CR1."""

    SEGMENT: ClassVar = "CR1"
    weight_unit: str = at.code(1)
    weight: Decimal | None = at.number(2)
    kind: str = at.code(3)
    reason: str = at.code(4)
    distance_unit: str = at.code(5)
    distance: Decimal | None = at.number(6)
    origin: str = at.text(7, 55)
    destination: str = at.text(8, 55)
    round_trip: str = at.text(9, 80)
    stretcher: str = at.text(10, 80)


@dataclass(frozen=True, slots=True)
class SpinalManipulation:
    """CR2."""

    SEGMENT: ClassVar = "CR2"
    number: str = at.code(1)
    count: Decimal | None = at.number(2)
    from_level: str = at.code(3)
    to_level: str = at.code(4)
    period: str = at.code(5)
    periods: Decimal | None = at.number(6)
    monthly: Decimal | None = at.number(7)
    condition: str = at.code(8)
    complication: str = at.code(9)
    description: str = at.text(10, 80)
    more_description: str = at.text(11, 80)
    x_ray: str = at.code(12)


@dataclass(frozen=True, slots=True)
class OxygenTherapy:
    """CR5."""

    SEGMENT: ClassVar = "CR5"
    certification: str = at.code(1)
    months: Decimal | None = at.number(2)
    equipment: str = at.code(3)
    second_equipment: str = at.code(4)
    reason: str = at.text(5, 80)
    flow: Decimal | None = at.number(6)
    daily_use: Decimal | None = at.number(7)
    hourly_use: Decimal | None = at.number(8)
    physician_order: str = at.text(9, 80)
    blood_gas: Decimal | None = at.number(10)
    saturation: Decimal | None = at.number(11)
    test_condition: str = at.code(12)
    finding1: str = at.code(13)
    finding2: str = at.code(14)
    finding3: str = at.code(15)
    portable_flow: Decimal | None = at.number(16)
    delivery: str = at.code(17)
    more_equipment: str = at.code(18)


@dataclass(frozen=True, slots=True)
class HomeHealth:
    """CR6: a course of home health care."""

    SEGMENT: ClassVar = "CR6"
    prognosis: str = at.code(1)
    start: date | None = at.day(2)
    period_form: str = at.code(3)
    period: str = at.code(4, 35)
    onset: date | None = at.day(5)
    skilled_nursing: str = at.code(6)
    medicare: str = at.code(7)
    certification: str = at.code(8)
    surgery: date | None = at.day(9)
    surgery_qualifier: str = at.code(10)
    surgery_code: str = at.code(11, 30)
    physician_order: date | None = at.day(12)
    last_visit: date | None = at.day(13)
    physician_contact: date | None = at.day(14)
    last_admission_form: str = at.code(15)
    last_admission: str = at.code(16, 35)
    last_facility: str = at.code(17)
    diagnosis1: date | None = at.day(18)
    diagnosis2: date | None = at.day(19)
    diagnosis3: date | None = at.day(20)
    diagnosis4: date | None = at.day(21)


@dataclass(frozen=True, slots=True)
class Attachment:
    """PWK: what is sent along, how, and its number."""

    SEGMENT: ClassVar = "PWK"
    kind: str = at.code(1)
    transmission: str = at.code(2)
    qualifier: str = at.code(5)
    number: str = at.code(6)
    description: str = at.text(7, 80)


@dataclass(frozen=True, slots=True)
class ProfessionalService:
    """SV1."""

    SEGMENT: ClassVar = "SV1"
    procedure: CodedProcedure | None = at.composite(1, CodedProcedure)
    charge_cents: int | None = at.cents(2)
    unit: str = at.code(3)
    quantity: Decimal | None = at.number(4)
    diagnoses: DiagnosisPointers | None = at.composite(7, DiagnosisPointers)
    epsdt: str = at.code(11)
    level_of_care: str = at.code(20)


@dataclass(frozen=True, slots=True)
class InstitutionalService:
    """SV2."""

    SEGMENT: ClassVar = "SV2"
    revenue_code: str = at.code(1, 48)
    procedure: CodedProcedure | None = at.composite(2, CodedProcedure)
    charge_cents: int | None = at.cents(3)
    unit: str = at.code(4)
    quantity: Decimal | None = at.number(5)
    rate: Decimal | None = at.number(6)
    nursing_home: str = at.code(9)
    level_of_care: str = at.code(10)


@dataclass(frozen=True, slots=True)
class OralCavity:
    """SV304: up to five areas of the mouth."""

    area1: str = at.code(1)
    area2: str = at.code(2)
    area3: str = at.code(3)
    area4: str = at.code(4)
    area5: str = at.code(5)


@dataclass(frozen=True, slots=True)
class DentalService:
    """SV3."""

    SEGMENT: ClassVar = "SV3"
    procedure: CodedProcedure | None = at.composite(1, CodedProcedure)
    charge_cents: int | None = at.cents(2)
    cavity: OralCavity | None = at.composite(4, OralCavity)
    prosthesis: str = at.code(5)
    quantity: Decimal | None = at.number(6)
    description: str = at.text(7, 80)


@dataclass(frozen=True, slots=True)
class Tooth:
    """TOO: a tooth and its surfaces."""

    SEGMENT: ClassVar = "TOO"
    qualifier: str = at.code(1)
    number: str = at.code(2, 30)
    surfaces: OralCavity | None = at.composite(3, OralCavity)
