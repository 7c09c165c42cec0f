"""The 999 and the TA1 as records: what a receiver says of a file before anybody looks at its claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from medguild.x12.bind import fields as at
from medguild.x12.tokens import Segment

ACCEPTED, WITH_ERRORS, PARTLY, REJECTED = "A", "E", "P", "R"
_TA1_ELEMENTS = 6


@dataclass(frozen=True, slots=True)
class GroupReference:
    """AK1: the group that is acknowledged, by its GS01, GS06 and GS08."""

    SEGMENT: ClassVar = "AK1"
    function: str = at.code(1)
    control: str = at.code(2)
    guide: str = at.code(3)


@dataclass(frozen=True, slots=True)
class SetReference:
    """AK2: one transaction of that group, by its ST01, ST02 and ST03."""

    SEGMENT: ClassVar = "AK2"
    set_id: str = at.code(1)
    control: str = at.code(2)
    guide: str = at.code(3)


@dataclass(frozen=True, slots=True)
class ContextName:
    """CTX01: what names the place, and its value ("CLM01" with the claim number)."""

    name: str = at.code(1)
    value: str = at.code(2)


@dataclass(frozen=True, slots=True)
class ElementPlace:
    """IK401 and CTX05: number of the element, of its component, of its repetition."""

    element: str = at.code(1)
    component: str = at.code(2)
    repetition: str = at.code(3)


@dataclass(frozen=True, slots=True)
class ElementReferences:
    """CTX06: data element numbers."""

    element: str = at.code(1)
    component: str = at.code(2)


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """CTX: where an error belongs, for example the claim."""

    SEGMENT: ClassVar = "CTX"
    name: ContextName | None = at.composite(1, ContextName)
    segment: str = at.code(2)
    position: str = at.code(3)
    loop: str = at.code(4)
    place: ElementPlace | None = at.composite(5, ElementPlace)
    references: ElementReferences | None = at.composite(6, ElementReferences)


@dataclass(frozen=True, slots=True)
class SegmentNote:
    """IK3: segment, its position in the transaction (ST is 1), its loop, what is wrong."""

    SEGMENT: ClassVar = "IK3"
    segment: str = at.code(1)
    position: str = at.code(2)
    loop: str = at.code(3)
    error: str = at.code(4)


@dataclass(frozen=True, slots=True)
class ElementNote:
    """IK4: element, what is wrong with it, and what stood there if the sender of the 999 repeats it."""

    SEGMENT: ClassVar = "IK4"
    place: ElementPlace | None = at.composite(1, ElementPlace)
    reference: str = at.code(2)
    error: str = at.code(3)
    found: str = at.text(4, 99)


@dataclass(frozen=True, slots=True)
class ElementError:
    """Loop 2110."""

    LOOP: ClassVar = ("2110",)
    note: ElementNote | None = at.segment(ElementNote)
    contexts: tuple[ErrorContext, ...] = at.segments(ErrorContext)


@dataclass(frozen=True, slots=True)
class SegmentError:
    """Loop 2100."""

    LOOP: ClassVar = ("2100",)
    note: SegmentNote | None = at.segment(SegmentNote)
    contexts: tuple[ErrorContext, ...] = at.segments(ErrorContext)
    elements: tuple[ElementError, ...] = at.loops(ElementError)

    @property
    def claim(self) -> str:
        """The claim number (CLM01) that the error is in, or empty."""
        names = (context.name for context in self.contexts)
        return next((name.value for name in names if name and name.name == "CLM01"), "")


@dataclass(frozen=True, slots=True)
class SetVerdict:
    """IK5: A accepted, E accepted with errors, R, M, W, X rejected; then up to five error codes."""

    SEGMENT: ClassVar = "IK5"
    code: str = at.code(1)
    error1: str = at.code(2)
    error2: str = at.code(3)
    error3: str = at.code(4)
    error4: str = at.code(5)
    error5: str = at.code(6)

    @property
    def accepted(self) -> bool:
        return self.code in (ACCEPTED, WITH_ERRORS)


@dataclass(frozen=True, slots=True)
class SetResponse:
    """Loop 2000: what is said of one transaction."""

    LOOP: ClassVar = ("2000",)
    reference: SetReference | None = at.segment(SetReference)
    errors: tuple[SegmentError, ...] = at.loops(SegmentError)
    verdict: SetVerdict | None = at.segment(SetVerdict)


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """AK9: A accepted, E with errors, P partly, R rejected; sets included, received, accepted; error codes."""

    SEGMENT: ClassVar = "AK9"
    code: str = at.code(1)
    included: str = at.code(2)
    received: str = at.code(3)
    accepted: str = at.code(4)
    error1: str = at.code(5)
    error2: str = at.code(6)
    error3: str = at.code(7)
    error4: str = at.code(8)
    error5: str = at.code(9)


@dataclass(frozen=True, slots=True)
class Acknowledgment:
    """A whole 999."""

    LOOP: ClassVar = ("ST",)
    group: GroupReference | None = at.segment(GroupReference)
    responses: tuple[SetResponse, ...] = at.loops(SetResponse)
    verdict: GroupVerdict | None = at.segment(GroupVerdict)


@dataclass(frozen=True, slots=True)
class InterchangeAcknowledgment:
    """TA1: control number, date and time of the interchange, A, E or R, and a note code ("000" is no error)."""

    control: str
    date: str
    time: str
    code: str
    note: str

    @property
    def accepted(self) -> bool:
        return self.code != REJECTED

    @classmethod
    def read(cls, ta1: Segment) -> InterchangeAcknowledgment:
        """From a TA1 segment as the envelope keeps it; missing elements are empty."""
        return cls(*(ta1 + [""] * _TA1_ELEMENTS)[1:_TA1_ELEMENTS])

    def elements(self) -> tuple[str, ...]:
        return ("TA1", self.control, self.date, self.time, self.code, self.note)
