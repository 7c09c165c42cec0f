"""The 278 as records: a request for authorization or referral, and the answer to it, in one shape.

Rejections and decisions are empty in a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from medguild.x12.bind import fields as at
from medguild.x12.records.common import Address, Contact, Dated, Party, Reference
from medguild.x12.records.review_segments import (
    AdmissionCodes,
    AmbulanceTransport,
    Attachment,
    Condition,
    DentalService,
    HomeHealth,
    InstitutionalService,
    OxygenTherapy,
    ProfessionalService,
    ReviewDiagnoses,
    ReviewRequest,
    SpinalManipulation,
    Tooth,
)
from medguild.x12.records.shared import DeliveryLimit, Demographics, Header, Message, ProviderRole, Rejection, Trace

CERTIFIED, PARTLY_CERTIFIED, NOT_CERTIFIED, PENDED, MODIFIED = "A1", "A2", "A3", "A4", "A6"


@dataclass(frozen=True, slots=True)
class Decision:
    """HCR: A1 certified, A2 in part, A3 not, A4 pended, A6 modified, CT contact the payer; its number; why."""

    SEGMENT: ClassVar = "HCR"
    action: str = at.code(1)
    authorization: str = at.code(2, 50)
    reason: str = at.code(3, 30)
    second_opinion: str = at.code(4)

    @property
    def certified(self) -> bool:
        return self.action in (CERTIFIED, PARTLY_CERTIFIED, MODIFIED)


@dataclass(frozen=True, slots=True)
class InsuredRelation:
    """INS: insured (Y or N), relationship, employment status, birth sequence."""

    SEGMENT: ClassVar = "INS"
    insured: str = at.code(1)
    relationship: str = at.code(2)
    employment: str = at.code(8)
    birth_sequence: str = at.code(17)


@dataclass(frozen=True, slots=True)
class ReviewProvider:
    """Loop 2010B (who asks), 2010EA (provider of the event) or 2010F (provider of a service)."""

    LOOP: ClassVar = ("2010B", "2010EA", "2010F")
    party: Party | None = at.segment(Party)
    references: tuple[Reference, ...] = at.segments(Reference)
    address: Address | None = at.segment(Address)
    contact: Contact | None = at.segment(Contact)
    rejections: tuple[Rejection, ...] = at.segments(Rejection)
    role: ProviderRole | None = at.segment(ProviderRole)


@dataclass(frozen=True, slots=True)
class TransportStop:
    """Loop 2010EB: a place of a patient transport."""

    LOOP: ClassVar = ("2010EB",)
    party: Party | None = at.segment(Party)
    address: Address | None = at.segment(Address)


@dataclass(frozen=True, slots=True)
class ReviewService:
    """Loop 2000F: one service that is asked for or decided on."""

    LOOP: ClassVar = ("2000F",)
    HL: ClassVar = "SS"
    traces: tuple[Trace, ...] = at.segments(Trace)
    rejections: tuple[Rejection, ...] = at.segments(Rejection)
    request: ReviewRequest | None = at.segment(ReviewRequest)
    decision: Decision | None = at.segment(Decision)
    references: tuple[Reference, ...] = at.segments(Reference)
    dates: tuple[Dated, ...] = at.segments(Dated)
    diagnoses: ReviewDiagnoses | None = at.segment(ReviewDiagnoses)
    professional: ProfessionalService | None = at.segment(ProfessionalService)
    institutional: InstitutionalService | None = at.segment(InstitutionalService)
    dental: DentalService | None = at.segment(DentalService)
    teeth: tuple[Tooth, ...] = at.segments(Tooth)
    delivery: DeliveryLimit | None = at.segment(DeliveryLimit)
    attachments: tuple[Attachment, ...] = at.segments(Attachment)
    message: Message | None = at.segment(Message)
    providers: tuple[ReviewProvider, ...] = at.loops(ReviewProvider)


@dataclass(frozen=True, slots=True)
class ReviewEvent:
    """Loop 2000E: the admission, referral or course of treatment that is asked for."""

    LOOP: ClassVar = ("2000E",)
    HL: ClassVar = "EV"
    traces: tuple[Trace, ...] = at.segments(Trace)
    rejections: tuple[Rejection, ...] = at.segments(Rejection)
    request: ReviewRequest | None = at.segment(ReviewRequest)
    decision: Decision | None = at.segment(Decision)
    references: tuple[Reference, ...] = at.segments(Reference)
    dates: tuple[Dated, ...] = at.segments(Dated)
    diagnoses: ReviewDiagnoses | None = at.segment(ReviewDiagnoses)
    delivery: DeliveryLimit | None = at.segment(DeliveryLimit)
    conditions: tuple[Condition, ...] = at.segments(Condition)
    admission: AdmissionCodes | None = at.segment(AdmissionCodes)
    transport: AmbulanceTransport | None = at.segment(AmbulanceTransport)
    spinal: SpinalManipulation | None = at.segment(SpinalManipulation)
    oxygen: OxygenTherapy | None = at.segment(OxygenTherapy)
    home_health: HomeHealth | None = at.segment(HomeHealth)
    attachments: tuple[Attachment, ...] = at.segments(Attachment)
    message: Message | None = at.segment(Message)
    providers: tuple[ReviewProvider, ...] = at.loops(ReviewProvider)
    stops: tuple[TransportStop, ...] = at.loops(TransportStop)
    services: tuple[ReviewService, ...] = at.loops(ReviewService)


@dataclass(frozen=True, slots=True)
class ReviewPerson:
    """Loop 2010C or 2010D."""

    LOOP: ClassVar = ("2010C", "2010D")
    party: Party | None = at.segment(Party)
    references: tuple[Reference, ...] = at.segments(Reference)
    address: Address | None = at.segment(Address)
    rejections: tuple[Rejection, ...] = at.segments(Rejection)
    demographics: Demographics | None = at.segment(Demographics)
    relation: InsuredRelation | None = at.segment(InsuredRelation)


@dataclass(frozen=True, slots=True)
class Dependent:
    """Loop 2000D: a patient who is not the subscriber."""

    LOOP: ClassVar = ("2000D",)
    HL: ClassVar = "23"
    person: ReviewPerson | None = at.loop(ReviewPerson)
    events: tuple[ReviewEvent, ...] = at.loops(ReviewEvent)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Loop 2000C. events are the subscriber's own."""

    LOOP: ClassVar = ("2000C",)
    HL: ClassVar = "22"
    person: ReviewPerson | None = at.loop(ReviewPerson)
    dependent: Dependent | None = at.loop(Dependent)
    events: tuple[ReviewEvent, ...] = at.loops(ReviewEvent)


@dataclass(frozen=True, slots=True)
class Requester:
    """Loop 2000B: who asks."""

    LOOP: ClassVar = ("2000B",)
    HL: ClassVar = "21"
    names: tuple[ReviewProvider, ...] = at.loops(ReviewProvider)
    subscriber: Subscriber | None = at.loop(Subscriber)


@dataclass(frozen=True, slots=True)
class ReviewerName:
    """Loop 2010A."""

    LOOP: ClassVar = ("2010A",)
    party: Party | None = at.segment(Party)
    contact: Contact | None = at.segment(Contact)
    rejections: tuple[Rejection, ...] = at.segments(Rejection)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Loop 2000A: the organisation that decides."""

    LOOP: ClassVar = ("2000A",)
    HL: ClassVar = "20"
    rejections: tuple[Rejection, ...] = at.segments(Rejection)
    name: ReviewerName | None = at.loop(ReviewerName)
    requester: Requester | None = at.loop(Requester)


@dataclass(frozen=True, slots=True)
class ServicesReview:
    """A whole 278, request or response (BHT02 13 or 11)."""

    LOOP: ClassVar = ("ST",)
    header: Header | None = at.segment(Header)
    reviewer: Reviewer | None = at.loop(Reviewer)

    @property
    def is_response(self) -> bool:
        return self.header is not None and self.header.purpose == "11"

    @property
    def events(self) -> Iterator[ReviewEvent]:
        """The events of the patient, whether subscriber or dependant."""
        subscriber = self.reviewer and self.reviewer.requester and self.reviewer.requester.subscriber
        if subscriber:
            yield from subscriber.events
            if subscriber.dependent:
                yield from subscriber.dependent.events
