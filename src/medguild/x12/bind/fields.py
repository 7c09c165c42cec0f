"""Records that say themselves where they stand in a transaction.

A segment record names its segment and, per field, its element; a loop record names its loop and, per field, the segment
or loop that it holds. Fields stand in the order of the guide, so one declaration reads and writes
(the module is imported as `at`):

    @dataclass(frozen=True, slots=True)
    class Rejection:
        SEGMENT: ClassVar = "AAA"
        valid: str = at.code(1)
        reason: str = at.code(3)

    @dataclass(frozen=True, slots=True)
    class InformationSource:
        LOOP: ClassVar = ("2000A",)
        HL: ClassVar = "20"
        rejections: tuple[Rejection, ...] = at.segments(Rejection)
        party: Party | None = at.segment(Party)
        receivers: tuple[InformationReceiver, ...] = at.loops(InformationReceiver)
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any


class Kind(Enum):
    """How an element becomes a value."""

    CODE = "code"
    TEXT = "text"
    CENTS = "cents"
    NUMBER = "number"
    DAY = "day"
    REPEATS = "repeats"
    COMPOSITE = "composite"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class ElementBinding:
    """One element of a segment, or one component of a composite; last is set for a run of equal elements."""

    index: int
    kind: Kind
    limit: int = 0
    record: type | None = None
    last: int = 0


@dataclass(frozen=True, slots=True)
class SegmentBinding:
    """Segments of one loop, told apart by their first element when several records share a name."""

    record: type
    many: bool
    only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LoopBinding:
    """Loops inside of a loop. bracket is the number that LS and LE carry around them, if any."""

    record: type
    many: bool
    bracket: str = ""


Binding = ElementBinding | SegmentBinding | LoopBinding
_KEY = "x12"


def _empty(kind: Kind) -> Any:
    if kind in (Kind.CODE, Kind.TEXT):
        return ""
    return () if kind in (Kind.REPEATS, Kind.RUN) else None


def _element(binding: ElementBinding) -> Any:
    return field(default=_empty(binding.kind), metadata={_KEY: binding})


def code(index: int, limit: int = 80) -> Any:
    """An identifier or code: written unchanged, or refused."""
    return _element(ElementBinding(index, Kind.CODE, limit))


def text(index: int, limit: int) -> Any:
    """A name or free text: folded into the character set and cut to limit."""
    return _element(ElementBinding(index, Kind.TEXT, limit))


def cents(index: int) -> Any:
    """An amount as ``int`` cents, or None."""
    return _element(ElementBinding(index, Kind.CENTS))


def number(index: int) -> Any:
    """A quantity or percentage as ``Decimal``, or None."""
    return _element(ElementBinding(index, Kind.NUMBER))


def day(index: int) -> Any:
    """A date (year, month, day) as ``date``, or None."""
    return _element(ElementBinding(index, Kind.DAY))


def repeats(index: int) -> Any:
    """A repeated element as a tuple of codes."""
    return _element(ElementBinding(index, Kind.REPEATS))


def composite(index: int, record: type) -> Any:
    """A composite element as a record whose fields are its components, or None."""
    return _element(ElementBinding(index, Kind.COMPOSITE, record=record))


def run(first: int, last: int, record: type) -> Any:
    """Equal composites in the elements first to last, as a tuple (HI)."""
    return _element(ElementBinding(first, Kind.RUN, record=record, last=last))


def segment(record: type, *, only: tuple[str, ...] = ()) -> Any:
    """At most one segment of this kind."""
    return field(default=None, metadata={_KEY: SegmentBinding(record, many=False, only=frozenset(only))})


def segments(record: type, *, only: tuple[str, ...] = ()) -> Any:
    """All segments of this kind, in their order."""
    return field(default=(), metadata={_KEY: SegmentBinding(record, many=True, only=frozenset(only))})


def loop(record: type, *, bracket: str = "") -> Any:
    """At most one loop."""
    return field(default=None, metadata={_KEY: LoopBinding(record, many=False, bracket=bracket)})


def loops(record: type, *, bracket: str = "") -> Any:
    """All loops of this kind, in their order."""
    return field(default=(), metadata={_KEY: LoopBinding(record, many=True, bracket=bracket)})


_BINDINGS: dict[type, tuple[tuple[str, Any], ...]] = {}


def bindings(record: type) -> tuple[tuple[str, Any], ...]:
    """Field names of a record with their bindings; fields without a binding are left out."""
    known = _BINDINGS.get(record)
    if known is None:
        known = tuple((f.name, f.metadata[_KEY]) for f in fields(record) if _KEY in f.metadata)
        _BINDINGS[record] = known
    return known
