"""The 270 as records: who asks which payer what about whose cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from medguild.x12.bind import fields as at
from medguild.x12.records.common import Address, Amount, Dated, Party, Reference
from medguild.x12.records.shared import (
    CodedProcedure,
    Demographics,
    Diagnoses,
    DiagnosisPointers,
    Header,
    PartyLoop,
    ProviderRole,
    Relationship,
    Trace,
)

SourceName = PartyLoop


@dataclass(frozen=True, slots=True)
class Question:
    """EQ: service types ("30" is the whole plan) or one procedure."""

    SEGMENT: ClassVar = "EQ"
    service_types: tuple[str, ...] = at.repeats(1)
    procedure: CodedProcedure | None = at.composite(2, CodedProcedure)
    coverage_level: str = at.code(3)
    diagnoses: DiagnosisPointers | None = at.composite(5, DiagnosisPointers)


@dataclass(frozen=True, slots=True)
class PlaceInquiry:
    """III: the place of service that is asked about."""

    SEGMENT: ClassVar = "III"
    qualifier: str = at.code(1)
    place_of_service: str = at.code(2)


@dataclass(frozen=True, slots=True)
class BenefitInquiry:
    """Loop 2110C or 2110D."""

    LOOP: ClassVar = ("2110C", "2110D")
    question: Question | None = at.segment(Question)
    amounts: tuple[Amount, ...] = at.segments(Amount)
    place: PlaceInquiry | None = at.segment(PlaceInquiry)
    authorization: Reference | None = at.segment(Reference)
    date: Dated | None = at.segment(Dated)


@dataclass(frozen=True, slots=True)
class InsuredPerson:
    """Loop 2100C or 2100D: whose cover is asked about, and the questions."""

    LOOP: ClassVar = ("2100C", "2100D")
    party: Party | None = at.segment(Party)
    references: tuple[Reference, ...] = at.segments(Reference)
    address: Address | None = at.segment(Address)
    provider: ProviderRole | None = at.segment(ProviderRole)
    demographics: Demographics | None = at.segment(Demographics)
    relationship: Relationship | None = at.segment(Relationship)
    diagnoses: Diagnoses | None = at.segment(Diagnoses)
    dates: tuple[Dated, ...] = at.segments(Dated)
    inquiries: tuple[BenefitInquiry, ...] = at.loops(BenefitInquiry)


@dataclass(frozen=True, slots=True)
class Dependent:
    """Loop 2000D: a patient who is not the subscriber."""

    LOOP: ClassVar = ("2000D",)
    HL: ClassVar = "23"
    traces: tuple[Trace, ...] = at.segments(Trace)
    person: InsuredPerson | None = at.loop(InsuredPerson)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Loop 2000C."""

    LOOP: ClassVar = ("2000C",)
    HL: ClassVar = "22"
    traces: tuple[Trace, ...] = at.segments(Trace)
    person: InsuredPerson | None = at.loop(InsuredPerson)
    dependents: tuple[Dependent, ...] = at.loops(Dependent)


@dataclass(frozen=True, slots=True)
class ReceiverName:
    """Loop 2100B."""

    LOOP: ClassVar = ("2100B",)
    party: Party | None = at.segment(Party)
    references: tuple[Reference, ...] = at.segments(Reference)
    address: Address | None = at.segment(Address)
    provider: ProviderRole | None = at.segment(ProviderRole)


@dataclass(frozen=True, slots=True)
class InformationReceiver:
    """Loop 2000B: who asks."""

    LOOP: ClassVar = ("2000B",)
    HL: ClassVar = "21"
    name: ReceiverName | None = at.loop(ReceiverName)
    subscribers: tuple[Subscriber, ...] = at.loops(Subscriber)


@dataclass(frozen=True, slots=True)
class InformationSource:
    """Loop 2000A: the payer that is asked."""

    LOOP: ClassVar = ("2000A",)
    HL: ClassVar = "20"
    name: SourceName | None = at.loop(SourceName)
    receivers: tuple[InformationReceiver, ...] = at.loops(InformationReceiver)


@dataclass(frozen=True, slots=True)
class EligibilityRequest:
    """A whole 270."""

    LOOP: ClassVar = ("ST",)
    header: Header | None = at.segment(Header)
    sources: tuple[InformationSource, ...] = at.loops(InformationSource)
