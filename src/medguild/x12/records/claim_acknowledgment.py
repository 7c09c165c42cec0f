"""The 277CA as records: which claims of a batch a payer or clearinghouse took in, and which not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from medguild.x12.bind import fields as at
from medguild.x12.records.common import Amount, Dated, Quantity, Reference
from medguild.x12.records.shared import BilledService, Header, PartyLoop, Status, Trace

ACCEPTED_CATEGORIES = frozenset(("A0", "A1", "A2", "A5"))

PatientName = PartyLoop
ProviderName = PartyLoop
ReceiverName = PartyLoop
SourceName = PartyLoop


@dataclass(frozen=True, slots=True)
class ServiceLineVerdict:
    """Loop 2220D: what is wrong with one line."""

    LOOP: ClassVar = ("2220D",)
    service: BilledService | None = at.segment(BilledService)
    statuses: tuple[Status, ...] = at.segments(Status)
    references: tuple[Reference, ...] = at.segments(Reference)
    date: Dated | None = at.segment(Dated)


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """Loop 2200D: one claim. trace is our claim number (CLM01); REF*1K the payer's own number of the claim."""

    LOOP: ClassVar = ("2200D",)
    trace: Trace | None = at.segment(Trace)
    statuses: tuple[Status, ...] = at.segments(Status)
    references: tuple[Reference, ...] = at.segments(Reference)
    date: Dated | None = at.segment(Dated)
    lines: tuple[ServiceLineVerdict, ...] = at.loops(ServiceLineVerdict)

    @property
    def claim(self) -> str:
        return self.trace.number if self.trace else ""

    @property
    def payer_control(self) -> str:
        return next((r.value for r in self.references if r.qualifier == "1K"), "")

    @property
    def accepted(self) -> bool:
        """True when every status of the claim is one of acceptance."""
        codes = [status.code.category for status in self.statuses if status.code]
        return bool(codes) and all(code in ACCEPTED_CATEGORIES for code in codes)

    @property
    def charge_cents(self) -> int:
        return next((s.charge_cents for s in self.statuses if s.charge_cents is not None), 0)


@dataclass(frozen=True, slots=True)
class PatientLevel:
    """Loop 2000D."""

    LOOP: ClassVar = ("2000D",)
    HL: ClassVar = "PT"
    CHILDREN: ClassVar = False
    name: PatientName | None = at.loop(PatientName)
    claims: tuple[ClaimVerdict, ...] = at.loops(ClaimVerdict)


@dataclass(frozen=True, slots=True)
class LevelVerdict:
    """Loop 2200B or 2200C: a status of the batch or of a provider, with totals (QTY 90, AA, QA, QC; AMT YU, YY)."""

    LOOP: ClassVar = ("2200B", "2200C")
    trace: Trace | None = at.segment(Trace)
    statuses: tuple[Status, ...] = at.segments(Status)
    references: tuple[Reference, ...] = at.segments(Reference)
    quantities: tuple[Quantity, ...] = at.segments(Quantity)
    amounts: tuple[Amount, ...] = at.segments(Amount)


@dataclass(frozen=True, slots=True)
class BillingProviderLevel:
    """Loop 2000C."""

    LOOP: ClassVar = ("2000C",)
    HL: ClassVar = "19"
    names: tuple[ProviderName, ...] = at.loops(ProviderName)
    verdict: LevelVerdict | None = at.loop(LevelVerdict)
    patients: tuple[PatientLevel, ...] = at.loops(PatientLevel)


@dataclass(frozen=True, slots=True)
class InformationReceiver:
    """Loop 2000B: who sent the claims. The trace of its verdict is our batch number (BHT03)."""

    LOOP: ClassVar = ("2000B",)
    HL: ClassVar = "21"
    name: ReceiverName | None = at.loop(ReceiverName)
    verdict: LevelVerdict | None = at.loop(LevelVerdict)
    providers: tuple[BillingProviderLevel, ...] = at.loops(BillingProviderLevel)


@dataclass(frozen=True, slots=True)
class Transmission:
    """Loop 2200A: when the batch came in (DTP*050) and was looked at (DTP*009)."""

    LOOP: ClassVar = ("2200A",)
    trace: Trace | None = at.segment(Trace)
    dates: tuple[Dated, ...] = at.segments(Dated)


@dataclass(frozen=True, slots=True)
class InformationSource:
    """Loop 2000A: who acknowledges."""

    LOOP: ClassVar = ("2000A",)
    HL: ClassVar = "20"
    name: SourceName | None = at.loop(SourceName)
    transmissions: tuple[Transmission, ...] = at.loops(Transmission)
    receivers: tuple[InformationReceiver, ...] = at.loops(InformationReceiver)


@dataclass(frozen=True, slots=True)
class ClaimAcknowledgment:
    """A whole 277CA."""

    LOOP: ClassVar = ("ST",)
    header: Header | None = at.segment(Header)
    sources: tuple[InformationSource, ...] = at.loops(InformationSource)

    @property
    def claims(self) -> Iterator[ClaimVerdict]:
        for source in self.sources:
            for receiver in source.receivers:
                for provider in receiver.providers:
                    for patient in provider.patients:
                        yield from patient.claims
