"""The 271 as records: what a payer says of somebody's cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from medguild.x12.bind import fields as at
from medguild.x12.records.common import Address, Contact, Dated, Party, Reference
from medguild.x12.records.shared import (
    CodedProcedure,
    DeliveryLimit,
    Demographics,
    Diagnoses,
    DiagnosisPointers,
    Header,
    Message,
    ProviderRole,
    Rejection,
    Relationship,
    Trace,
)

ACTIVE = frozenset("12345")
COINSURANCE, COPAYMENT, DEDUCTIBLE, OUT_OF_POCKET = "A", "B", "C", "G"
CALENDAR_YEAR, REMAINING = "23", "29"


@dataclass(frozen=True, slots=True)
class Benefit:
    """EB. information says what the rest means: 1 active, 6 inactive, A coinsurance, B co-payment, C deductible, ...

    percent is a fraction of one (.2 is 20 percent). in_network is Y, N, W (both) or U.
    """

    SEGMENT: ClassVar = "EB"
    information: str = at.code(1)
    coverage_level: str = at.code(2)
    service_types: tuple[str, ...] = at.repeats(3)
    insurance_type: str = at.code(4)
    plan: str = at.text(5, 50)
    period: str = at.code(6)
    amount_cents: int | None = at.cents(7)
    percent: Decimal | None = at.number(8)
    quantity_qualifier: str = at.code(9)
    quantity: Decimal | None = at.number(10)
    authorization: str = at.code(11)
    in_network: str = at.code(12)
    procedure: CodedProcedure | None = at.composite(13, CodedProcedure)
    diagnoses: DiagnosisPointers | None = at.composite(14, DiagnosisPointers)

    @property
    def is_active(self) -> bool:
        return self.information in ACTIVE


@dataclass(frozen=True, slots=True)
class AdditionalInformation:
    """III: place of service or kind of injury that a benefit is limited to."""

    SEGMENT: ClassVar = "III"
    qualifier: str = at.code(1)
    code: str = at.code(2)
    category: str = at.code(3)
    text: str = at.text(4, 264)


@dataclass(frozen=True, slots=True)
class BenefitDetail:
    """Loop 2115C or 2115D."""

    LOOP: ClassVar = ("2115C", "2115D")
    information: AdditionalInformation | None = at.segment(AdditionalInformation)


@dataclass(frozen=True, slots=True)
class RelatedEntity:
    """Loop 2120C or 2120D: a provider, plan or payer that a benefit depends on."""

    LOOP: ClassVar = ("2120C", "2120D")
    party: Party | None = at.segment(Party)
    address: Address | None = at.segment(Address)
    contacts: tuple[Contact, ...] = at.segments(Contact)
    provider: ProviderRole | None = at.segment(ProviderRole)


@dataclass(frozen=True, slots=True)
class BenefitAnswer:
    """Loop 2110C or 2110D."""

    LOOP: ClassVar = ("2110C", "2110D")
    benefit: Benefit | None = at.segment(Benefit)
    limits: tuple[DeliveryLimit, ...] = at.segments(DeliveryLimit)
    references: tuple[Reference, ...] = at.segments(Reference)
    dates: tuple[Dated, ...] = at.segments(Dated)
    rejections: tuple[Rejection, ...] = at.segments(Rejection)
    messages: tuple[Message, ...] = at.segments(Message)
    details: tuple[BenefitDetail, ...] = at.loops(BenefitDetail)
    related: tuple[RelatedEntity, ...] = at.loops(RelatedEntity, bracket="2120")


@dataclass(frozen=True, slots=True)
class MilitaryService:
    """MPI."""

    SEGMENT: ClassVar = "MPI"
    status: str = at.code(1)
    employment: str = at.code(2)
    affiliation: str = at.code(3)
    description: str = at.text(4, 80)
    rank: str = at.code(5)
    form: str = at.code(6)
    period: str = at.code(7)


@dataclass(frozen=True, slots=True)
class InsuredPerson:
    """Loop 2100C or 2100D."""

    LOOP: ClassVar = ("2100C", "2100D")
    party: Party | None = at.segment(Party)
    references: tuple[Reference, ...] = at.segments(Reference)
    address: Address | None = at.segment(Address)
    rejections: tuple[Rejection, ...] = at.segments(Rejection)
    provider: ProviderRole | None = at.segment(ProviderRole)
    demographics: Demographics | None = at.segment(Demographics)
    relationship: Relationship | None = at.segment(Relationship)
    diagnoses: Diagnoses | None = at.segment(Diagnoses)
    dates: tuple[Dated, ...] = at.segments(Dated)
    military: MilitaryService | None = at.segment(MilitaryService)
    answers: tuple[BenefitAnswer, ...] = at.loops(BenefitAnswer)

    @property
    def benefits(self) -> Iterator[Benefit]:
        return (answer.benefit for answer in self.answers if answer.benefit)

    @property
    def is_active(self) -> bool:
        """Does any answer say that the cover is active?"""
        return any(benefit.is_active for benefit in self.benefits)


@dataclass(frozen=True, slots=True)
class Dependent:
    """Loop 2000D."""

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
    rejections: tuple[Rejection, ...] = at.segments(Rejection)
    provider: ProviderRole | None = at.segment(ProviderRole)


@dataclass(frozen=True, slots=True)
class InformationReceiver:
    """Loop 2000B: who asked."""

    LOOP: ClassVar = ("2000B",)
    HL: ClassVar = "21"
    name: ReceiverName | None = at.loop(ReceiverName)
    subscribers: tuple[Subscriber, ...] = at.loops(Subscriber)


@dataclass(frozen=True, slots=True)
class SourceName:
    """Loop 2100A."""

    LOOP: ClassVar = ("2100A",)
    party: Party | None = at.segment(Party)
    contacts: tuple[Contact, ...] = at.segments(Contact)
    rejections: tuple[Rejection, ...] = at.segments(Rejection)


@dataclass(frozen=True, slots=True)
class InformationSource:
    """Loop 2000A: the payer that answers."""

    LOOP: ClassVar = ("2000A",)
    HL: ClassVar = "20"
    rejections: tuple[Rejection, ...] = at.segments(Rejection)
    name: SourceName | None = at.loop(SourceName)
    receivers: tuple[InformationReceiver, ...] = at.loops(InformationReceiver)


@dataclass(frozen=True, slots=True)
class EligibilityResponse:
    """A whole 271."""

    LOOP: ClassVar = ("ST",)
    header: Header | None = at.segment(Header)
    sources: tuple[InformationSource, ...] = at.loops(InformationSource)

    @property
    def people(self) -> Iterator[InsuredPerson]:
        """Everybody that the answer speaks of, subscribers and dependants."""
        for source in self.sources:
            for receiver in source.receivers:
                for subscriber in receiver.subscribers:
                    people = (subscriber.person, *(dependent.person for dependent in subscriber.dependents))
                    yield from (person for person in people if person)
