"""The 277 as records: a payer's answer to the question how claims stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from medguild.x12.bind import fields as at
from medguild.x12.records.common import Contact, Dated, Party, Reference
from medguild.x12.records.shared import BilledService, Header, PartyLoop, Status, Trace

DependentName = PartyLoop
SubscriberName = PartyLoop
ProviderName = PartyLoop
ReceiverName = PartyLoop


@dataclass(frozen=True, slots=True)
class ServiceLineStatus:
    """Loop 2220D or 2220E."""

    LOOP: ClassVar = ("2220D", "2220E")
    service: BilledService | None = at.segment(BilledService)
    statuses: tuple[Status, ...] = at.segments(Status)
    reference: Reference | None = at.segment(Reference)
    date: Dated | None = at.segment(Dated)


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """Loop 2200D or 2200E: one claim. trace is that of the request, REF*1K the payer's claim number."""

    LOOP: ClassVar = ("2200D", "2200E")
    trace: Trace | None = at.segment(Trace)
    statuses: tuple[Status, ...] = at.segments(Status)
    references: tuple[Reference, ...] = at.segments(Reference)
    date: Dated | None = at.segment(Dated)
    lines: tuple[ServiceLineStatus, ...] = at.loops(ServiceLineStatus)

    @property
    def payer_control(self) -> str:
        return next((r.value for r in self.references if r.qualifier == "1K"), "")


@dataclass(frozen=True, slots=True)
class Dependent:
    """Loop 2000E: a patient who is not the subscriber."""

    LOOP: ClassVar = ("2000E",)
    HL: ClassVar = "23"
    CHILDREN: ClassVar = False
    name: DependentName | None = at.loop(DependentName)
    claims: tuple[ClaimStatus, ...] = at.loops(ClaimStatus)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Loop 2000D."""

    LOOP: ClassVar = ("2000D",)
    HL: ClassVar = "22"
    name: SubscriberName | None = at.loop(SubscriberName)
    claims: tuple[ClaimStatus, ...] = at.loops(ClaimStatus)
    dependents: tuple[Dependent, ...] = at.loops(Dependent)


@dataclass(frozen=True, slots=True)
class LevelStatus:
    """Loop 2200B or 2200C: a status of the request or of a provider as a whole."""

    LOOP: ClassVar = ("2200B", "2200C")
    trace: Trace | None = at.segment(Trace)
    statuses: tuple[Status, ...] = at.segments(Status)


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """Loop 2000C."""

    LOOP: ClassVar = ("2000C",)
    HL: ClassVar = "19"
    names: tuple[ProviderName, ...] = at.loops(ProviderName)
    status: LevelStatus | None = at.loop(LevelStatus)
    subscribers: tuple[Subscriber, ...] = at.loops(Subscriber)


@dataclass(frozen=True, slots=True)
class InformationReceiver:
    """Loop 2000B: who asked."""

    LOOP: ClassVar = ("2000B",)
    HL: ClassVar = "21"
    name: ReceiverName | None = at.loop(ReceiverName)
    status: LevelStatus | None = at.loop(LevelStatus)
    providers: tuple[ServiceProvider, ...] = at.loops(ServiceProvider)


@dataclass(frozen=True, slots=True)
class PayerName:
    """Loop 2100A."""

    LOOP: ClassVar = ("2100A",)
    party: Party | None = at.segment(Party)
    contact: Contact | None = at.segment(Contact)


@dataclass(frozen=True, slots=True)
class InformationSource:
    """Loop 2000A: the payer that answers."""

    LOOP: ClassVar = ("2000A",)
    HL: ClassVar = "20"
    name: PayerName | None = at.loop(PayerName)
    receivers: tuple[InformationReceiver, ...] = at.loops(InformationReceiver)


@dataclass(frozen=True, slots=True)
class ClaimStatusResponse:
    """A whole 277."""

    LOOP: ClassVar = ("ST",)
    header: Header | None = at.segment(Header)
    sources: tuple[InformationSource, ...] = at.loops(InformationSource)

    @property
    def claims(self) -> Iterator[ClaimStatus]:
        """Every claim, whether a subscriber's or a dependant's."""
        for source in self.sources:
            for receiver in source.receivers:
                for provider in receiver.providers:
                    for subscriber in provider.subscribers:
                        yield from subscriber.claims
                        for dependent in subscriber.dependents:
                            yield from dependent.claims
