"""The 276 as records: who asks which payer about which claims of whom."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from medguild.x12.bind import fields as at
from medguild.x12.records.common import Amount, Dated, Reference
from medguild.x12.records.shared import Demographics, Header, PartyLoop, ProcedureCode, Trace

DependentName = PartyLoop
SubscriberName = PartyLoop
ProviderName = PartyLoop
ReceiverName = PartyLoop
PayerName = PartyLoop


@dataclass(frozen=True, slots=True)
class Service:
    """SVC: what was billed on the line that is asked about."""

    SEGMENT: ClassVar = "SVC"
    procedure: ProcedureCode | None = at.composite(1, ProcedureCode)
    charge_cents: int | None = at.cents(2)
    revenue_code: str = at.code(4)
    units: Decimal | None = at.number(7)


@dataclass(frozen=True, slots=True)
class ServiceLineInquiry:
    """Loop 2210D or 2210E."""

    LOOP: ClassVar = ("2210D", "2210E")
    service: Service | None = at.segment(Service)
    reference: Reference | None = at.segment(Reference)
    date: Dated | None = at.segment(Dated)


@dataclass(frozen=True, slots=True)
class ClaimInquiry:
    """Loop 2200D or 2200E: one claim. Trace comes back in the answer; REF*EJ is our patient control number."""

    LOOP: ClassVar = ("2200D", "2200E")
    trace: Trace | None = at.segment(Trace)
    references: tuple[Reference, ...] = at.segments(Reference)
    charge: Amount | None = at.segment(Amount)
    date: Dated | None = at.segment(Dated)
    lines: tuple[ServiceLineInquiry, ...] = at.loops(ServiceLineInquiry)


@dataclass(frozen=True, slots=True)
class Dependent:
    """Loop 2000E: a patient who is not the subscriber."""

    LOOP: ClassVar = ("2000E",)
    HL: ClassVar = "23"
    CHILDREN: ClassVar = False
    demographics: Demographics | None = at.segment(Demographics)
    name: DependentName | None = at.loop(DependentName)
    claims: tuple[ClaimInquiry, ...] = at.loops(ClaimInquiry)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Loop 2000D. claims are the subscriber's own; a dependant's stand below the dependant."""

    LOOP: ClassVar = ("2000D",)
    HL: ClassVar = "22"
    demographics: Demographics | None = at.segment(Demographics)
    name: SubscriberName | None = at.loop(SubscriberName)
    claims: tuple[ClaimInquiry, ...] = at.loops(ClaimInquiry)
    dependents: tuple[Dependent, ...] = at.loops(Dependent)


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """Loop 2000C."""

    LOOP: ClassVar = ("2000C",)
    HL: ClassVar = "19"
    names: tuple[ProviderName, ...] = at.loops(ProviderName)
    subscribers: tuple[Subscriber, ...] = at.loops(Subscriber)


@dataclass(frozen=True, slots=True)
class InformationReceiver:
    """Loop 2000B: who asks."""

    LOOP: ClassVar = ("2000B",)
    HL: ClassVar = "21"
    name: ReceiverName | None = at.loop(ReceiverName)
    providers: tuple[ServiceProvider, ...] = at.loops(ServiceProvider)


@dataclass(frozen=True, slots=True)
class InformationSource:
    """Loop 2000A: the payer that is asked."""

    LOOP: ClassVar = ("2000A",)
    HL: ClassVar = "20"
    name: PayerName | None = at.loop(PayerName)
    receivers: tuple[InformationReceiver, ...] = at.loops(InformationReceiver)


@dataclass(frozen=True, slots=True)
class ClaimStatusRequest:
    """A whole 276."""

    LOOP: ClassVar = ("ST",)
    header: Header | None = at.segment(Header)
    sources: tuple[InformationSource, ...] = at.loops(InformationSource)
