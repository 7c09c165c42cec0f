"""Segments that the sets with hierarchical levels share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from medguild.x12.bind import fields as at
from medguild.x12.records.common import Party


@dataclass(frozen=True, slots=True)
class Header:
    """BHT. structure and purpose are codes of the guide; time is hours and minutes as they stand in the file."""

    SEGMENT: ClassVar = "BHT"
    structure: str = at.code(1)
    purpose: str = at.code(2)
    reference: str = at.code(3, 50)
    created: date | None = at.day(4)
    time: str = at.code(5)
    kind: str = at.code(6)


@dataclass(frozen=True, slots=True)
class Trace:
    """TRN. kind is 1 for the sender's own trace number, 2 for one that is sent back."""

    SEGMENT: ClassVar = "TRN"
    kind: str = at.code(1)
    number: str = at.code(2, 50)
    originator: str = at.code(3)
    additional: str = at.code(4, 50)


@dataclass(frozen=True, slots=True)
class PartyLoop:
    """A loop 2100 that holds a name and nothing else."""

    LOOP: ClassVar = ("2100A", "2100B", "2100C", "2100D", "2100E")
    party: Party | None = at.segment(Party)


@dataclass(frozen=True, slots=True)
class Demographics:
    """DMG."""

    SEGMENT: ClassVar = "DMG"
    form: str = at.code(1)
    birth_date: date | None = at.day(2)
    sex: str = at.code(3)


@dataclass(frozen=True, slots=True)
class ProcedureCode:
    """The composite of SVC01 and SV101."""

    qualifier: str = at.code(1)
    code: str = at.code(2, 48)
    modifier1: str = at.code(3)
    modifier2: str = at.code(4)
    modifier3: str = at.code(5)
    modifier4: str = at.code(6)
    description: str = at.text(7, 80)


@dataclass(frozen=True, slots=True)
class Rejection:
    """AAA: valid is N when the request itself was wrong; reason and what to do next are codes."""

    SEGMENT: ClassVar = "AAA"
    valid: str = at.code(1)
    reason: str = at.code(3)
    follow_up: str = at.code(4)


@dataclass(frozen=True, slots=True)
class ProviderRole:
    """PRV: role, qualifier, and the taxonomy or number."""

    SEGMENT: ClassVar = "PRV"
    role: str = at.code(1)
    qualifier: str = at.code(2)
    value: str = at.code(3, 50)


@dataclass(frozen=True, slots=True)
class Relationship:
    """INS: is this the insured person (Y or N), how related, and which of a multiple birth."""

    SEGMENT: ClassVar = "INS"
    insured: str = at.code(1)
    relationship: str = at.code(2)
    maintenance: str = at.code(3)
    maintenance_reason: str = at.code(4)
    birth_sequence: str = at.code(17)


@dataclass(frozen=True, slots=True)
class CodedDiagnosis:
    """One composite of HI."""

    qualifier: str = at.code(1)
    code: str = at.code(2, 30)


@dataclass(frozen=True, slots=True)
class Diagnoses:
    """HI with up to eight diagnoses."""

    SEGMENT: ClassVar = "HI"
    codes: tuple[CodedDiagnosis, ...] = at.run(1, 8, CodedDiagnosis)


@dataclass(frozen=True, slots=True)
class DiagnosisPointers:
    """Up to four numbers of diagnoses in HI."""

    first: str = at.code(1)
    second: str = at.code(2)
    third: str = at.code(3)
    fourth: str = at.code(4)


@dataclass(frozen=True, slots=True)
class CodedProcedure:
    """The composite of EQ02, EB13 and the services of a 278: a procedure, or a range of them when last is set."""

    qualifier: str = at.code(1)
    code: str = at.code(2, 48)
    modifier1: str = at.code(3)
    modifier2: str = at.code(4)
    modifier3: str = at.code(5)
    modifier4: str = at.code(6)
    description: str = at.text(7, 80)
    last: str = at.code(8, 48)


@dataclass(frozen=True, slots=True)
class StatusCode:
    """One composite of STC: category (A accepted or not, P pending, F final, ...), status, entity it is about."""

    category: str = at.code(1)
    status: str = at.code(2)
    entity: str = at.code(3)
    code_list: str = at.code(4)


@dataclass(frozen=True, slots=True)
class Status:
    """STC: up to three codes, when, what was done (U rejected, WQ accepted), charge and payment for the payer."""

    SEGMENT: ClassVar = "STC"
    code: StatusCode | None = at.composite(1, StatusCode)
    as_of: date | None = at.day(2)
    action: str = at.code(3)
    charge_cents: int | None = at.cents(4)
    paid_cents: int | None = at.cents(5)
    final_date: date | None = at.day(6)
    payment_date: date | None = at.day(8)
    check_number: str = at.code(9)
    second: StatusCode | None = at.composite(10, StatusCode)
    third: StatusCode | None = at.composite(11, StatusCode)
    text: str = at.text(12, 264)

    @property
    def codes(self) -> tuple[StatusCode, ...]:
        return tuple(one for one in (self.code, self.second, self.third) if one)


@dataclass(frozen=True, slots=True)
class BilledService:
    """SVC of a status: what was billed, what was paid."""

    SEGMENT: ClassVar = "SVC"
    procedure: ProcedureCode | None = at.composite(1, ProcedureCode)
    charge_cents: int | None = at.cents(2)
    paid_cents: int | None = at.cents(3)
    revenue_code: str = at.code(4)
    units: Decimal | None = at.number(7)


@dataclass(frozen=True, slots=True)
class DeliveryLimit:
    """HSD: how much of a service in which time."""

    SEGMENT: ClassVar = "HSD"
    qualifier: str = at.code(1)
    quantity: Decimal | None = at.number(2)
    measure: str = at.code(3)
    modulus: Decimal | None = at.number(4)
    period: str = at.code(5)
    periods: str = at.code(6)
    frequency: str = at.code(7)
    pattern: str = at.code(8)


@dataclass(frozen=True, slots=True)
class Message:
    """MSG: free text of the payer."""

    SEGMENT: ClassVar = "MSG"
    text: str = at.text(1, 264)
