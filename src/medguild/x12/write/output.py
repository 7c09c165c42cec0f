"""Segments, groups and interchanges as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import BinaryIO, Protocol

from medguild.x12.amounts import x12_amount, x12_quantity
from medguild.x12.errors import Unwritable
from medguild.x12.read.elements import NEUTRAL
from medguild.x12.records.common import (
    Address,
    Adjustment,
    Amount,
    Contact,
    Dated,
    Party,
    Procedure,
    Quantity,
    Reference,
)
from medguild.x12.tokens import Delimiters
from medguild.x12.write.text import Charset

INTERCHANGE, GROUP, TRANSACTION = "interchange", "group", "transaction"
CAS_REASONS = 6


class ControlNumbers(Protocol):
    """Where control numbers come from. A durable sequence per kind: "interchange", "group", "transaction"."""

    def next(self, kind: str) -> int: ...


class CountingNumbers:
    """Control numbers that start anew with each object; for tests, demos and one-off files."""

    def __init__(self, start: int = 1) -> None:
        self._next = dict.fromkeys((INTERCHANGE, GROUP, TRANSACTION), start)

    def next(self, kind: str) -> int:
        number = self._next[kind]
        self._next[kind] += 1
        return number


@dataclass(frozen=True, slots=True)
class Envelope:
    """What ISA and GS say. usage is P (production) or T (test); group ids default to the interchange ids.

    extended allows lower case letters and more marks in text; newline is written after every terminator.
    """

    sender_id: str
    receiver_id: str
    created: datetime
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    group_sender: str = ""
    group_receiver: str = ""
    usage: str = "P"
    acknowledgment: bool = False
    delimiters: Delimiters = field(default_factory=Delimiters)
    extended: bool = False
    newline: str = ""


@dataclass(frozen=True, slots=True)
class WrittenTransaction:
    """claims are the claim control numbers in the order written; reference is BHT03 or TRN02."""

    control: str
    reference: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenFile:
    interchange: str
    group: str
    transactions: tuple[WrittenTransaction, ...]


class SegmentWriter:
    """Collects the segments of one transaction."""

    def __init__(self, envelope: Envelope) -> None:
        delimiters = envelope.delimiters
        self.charset = Charset(delimiters, extended=envelope.extended)
        self._segments: list[str] = []
        self._add = self._segments.append
        self._element = delimiters.element
        self._component = delimiters.component
        self._segment = delimiters.segment
        self._repetition = delimiters.repetition
        self._inner = [mark for mark in (delimiters.component, delimiters.repetition) if mark]
        self._meant = 0  # separators inside the elements of the segment to come
        self._inside: dict[int, int] = {}  # the same of segments that have some, by place
        self._composites: dict[tuple[str, ...], tuple[str, int]] = {}
        self._days: dict[tuple[str, str, date], str] = {}
        plain = self.charset.plain
        self._edged = self.charset.edged
        self._plain_party = plain("NM1", 3, 1, 60, 35, 25, 10, 10, 2, 80, 2)
        self._plain_street = plain("N3", 55, 55)
        self._plain_town = plain("N4", 30, 2, 15, 3, 2, 30, 3)
        self._plain_reference = plain("REF", 3, 50)

    def put(self, *elements: str) -> None:
        """One segment: name and elements, which must be safe already; empty ones at the end are left out.

        Raises Unwritable when an element holds the element separator; of the others `segments` tells.
        """
        separator = self._element
        text = separator.join(elements)
        if text.count(separator) != len(elements) - 1:
            raise _delimiter_in(elements[0])
        if self._meant:
            self._inside[len(self._segments)] = self._meant
            self._meant = 0
        self._add(text.rstrip(separator))

    def segments(self) -> list[str]:
        """All that was put. Raises Unwritable when an element holds a delimiter: more of them stand there than meant.

        They are counted over all segments at once, and one by one only to say where it is.
        """
        text = "".join(self._segments)
        if self._segment in text or sum(map(text.count, self._inner)) != sum(self._inside.values()):
            raise _delimiter_in(self._spoilt().partition(self._element)[0])
        return self._segments

    def _spoilt(self) -> str:
        for at, segment in enumerate(self._segments):
            if self._segment in segment or sum(map(segment.count, self._inner)) != self._inside.get(at, 0):
                return segment
        raise AssertionError("the counts of all segments are the count of the whole")

    def composite(self, *components: str) -> str:
        """An element of several parts; `put` is to write it at once. Empty parts at the end are left out.

        The same codes come again and again, so they are joined once.
        """
        found = self._composites.get(components)
        if found is None:
            text = self._component.join(components)
            kept = text.rstrip(self._component)
            meant = len(components) - 1 - (len(text) - len(kept)) if components else 0
            found = self._composites[components] = kept, meant
        self._meant += found[1]
        return found[0]

    def repeated(self, values: Iterable[str]) -> str:
        """A repeated element. Raises Unwritable when these delimiters have no repetition separator."""
        values = tuple(values)
        if len(values) > 1 and not self._repetition:
            raise Unwritable("A repeated element needs a repetition separator; choose other delimiters.")
        self._meant += max(len(values) - 1, 0)
        return self._repetition.join(values)

    def raw(self, segment: Iterable[str]) -> None:
        """A segment kept verbatim by the reader, which marks component separators neutrally."""
        self.put(*(self.composite(*e.split(NEUTRAL)) if NEUTRAL in e else e for e in segment))

    # segments that many loops share

    def party(self, party: Party) -> None:
        text = self._element.join((
            "NM1", party.role, party.kind, party.last, party.first, party.middle, party.prefix, party.suffix,
            party.id_qualifier if party.id else "", party.id, party.relationship,
        ))  # fmt: skip
        if self._plain_party(text) and not (" " in text and self._edged(text)):
            self._add(text.rstrip(self._element))
            return
        name = self.charset.name
        self.put(
            "NM1",
            party.role,
            party.kind,
            name(party.last, 60, "A name"),
            name(party.first, 35, "A first name"),
            self.charset.text(party.middle, 25),
            self.charset.text(party.prefix, 10),
            self.charset.text(party.suffix, 10),
            party.id_qualifier if party.id else "",
            self.charset.identifier(party.id, 80, "An identifier"),
            party.relationship,
        )

    def address(self, address: Address | None) -> None:
        if address is None:
            return
        separator, fold = self._element, self.charset.text
        if address.line1:
            text = separator.join(("N3", address.line1, address.line2))
            if self._plain_street(text) and not (" " in text and self._edged(text)):
                self._add(text.rstrip(separator))
            else:
                self.put("N3", fold(address.line1, 55), fold(address.line2, 55))
        if address.city:
            places = (address.state, address.postal_code, address.country, "", "", address.subdivision)
            text = separator.join(("N4", address.city, *places))
            if self._plain_town(text) and not (" " in text and self._edged(text)):
                self._add(text.rstrip(separator))
            else:
                self.put("N4", fold(address.city, 30), *places)

    def references(self, references: Iterable[Reference]) -> None:
        for reference in references:
            text = f"REF{self._element}{reference.qualifier}{self._element}{reference.value}"
            plain = self._plain_reference(text) and not (reference.description or reference.payer_id)
            if plain and not (" " in text and self._edged(text)):
                self._add(text.rstrip(self._element))
                continue
            value = self.charset.identifier(reference.value, 50, f"Reference {reference.qualifier}")
            description = self.charset.text(reference.description, 80)
            other = self.composite("2U", reference.payer_id) if reference.payer_id else ""
            self.put("REF", reference.qualifier, value, description, other)

    def contacts(self, contacts: Iterable[Contact]) -> None:
        for contact in contacts:
            numbers = [part for pair in contact.numbers[:3] for part in (pair[0], self.charset.address(pair[1], 256))]
            self.put("PER", contact.function, self.charset.text(contact.name, 60), *numbers)

    def date(self, name: str, qualifier: str, form: str, value: date) -> None:
        """DTP or DTM with one day. A file holds few different ones, so each is made once."""
        segment = self._days.get((name, qualifier, value))
        if segment is None:
            self.put(name, qualifier, *([form] if form else []), day(value))
            self._days[name, qualifier, value] = self._segments[-1]
            return
        self._add(segment)

    def number(self, name: str, number: int) -> None:
        """A segment that only counts, such as LX."""
        self._add(f"{name}{self._element}{number}")

    def dates(self, dates: Iterable[Dated]) -> None:
        """DTP segments (837)."""
        for dated in dates:
            if dated.form or dated.start is None:
                self.put("DTP", dated.qualifier, dated.form, dated.text)
            elif dated.end is None:
                self.date("DTP", dated.qualifier, "D8", dated.start)
            else:
                self.put("DTP", dated.qualifier, "RD8", f"{day(dated.start)}-{day(dated.end)}")

    def amounts(self, amounts: Iterable[Amount]) -> None:
        for amount in amounts:
            self.put("AMT", amount.qualifier, x12_amount(amount.amount_cents))

    def quantities(self, quantities: Iterable[Quantity]) -> None:
        for quantity in quantities:
            self.put("QTY", quantity.qualifier, x12_quantity(quantity.value))

    def adjustments(self, adjustments: Sequence[Adjustment], *, one_per_group: bool) -> None:
        """CAS segments. one_per_group (837): all reasons of a group in one segment, as payers expect."""
        for run in self._runs(adjustments, one_per_group=one_per_group) if len(adjustments) > 1 else (adjustments,):
            elements: list[str] = []
            for adjustment in run:
                quantity = "" if adjustment.quantity is None else x12_quantity(adjustment.quantity)
                elements += adjustment.reason, x12_amount(adjustment.amount_cents), quantity
            if elements:
                self.put("CAS", run[0].group, *elements)

    def _runs(self, adjustments: Sequence[Adjustment], *, one_per_group: bool) -> Iterable[Sequence[Adjustment]]:
        """What goes into a segment each. Raises Unwritable for more reasons of a group than one segment holds."""
        runs: list[list[Adjustment]] = []
        if one_per_group:
            groups: dict[str, list[Adjustment]] = {}
            for adjustment in adjustments:
                groups.setdefault(adjustment.group, []).append(adjustment)
            if any(len(run) > CAS_REASONS for run in groups.values()):
                raise Unwritable(
                    f"More than {CAS_REASONS} reasons stand under one adjustment group; add some up, or put those "
                    "of the claim onto its lines."
                )
            return groups.values()
        for adjustment in adjustments:
            if runs and runs[-1][0].group == adjustment.group and len(runs[-1]) < CAS_REASONS:
                runs[-1].append(adjustment)
            else:
                runs.append([adjustment])
        return runs

    def procedure(self, procedure: Procedure) -> str:
        """The composite of SV101, SVC01, SVD03. Raises Unwritable without a code."""
        if not procedure.code:
            raise Unwritable("A service line has no procedure code.")
        if not procedure.description:
            return self.composite(procedure.qualifier, procedure.code, *procedure.modifiers[:4])
        modifiers = (*procedure.modifiers, "", "", "", "")[:4]
        description = self.charset.text(procedure.description, 80)
        return self.composite(procedure.qualifier, procedure.code, *modifiers, description)


def _delimiter_in(name: str) -> Unwritable:
    return Unwritable(f"An element of {name} holds a delimiter; choose other delimiters or correct the data.")


class InterchangeWriter:
    """Writes one interchange with one group; transactions go in between."""

    def __init__(self, out: BinaryIO, envelope: Envelope, controls: ControlNumbers) -> None:
        self.envelope = envelope
        self.interchange = self.group = ""
        self.transactions: list[WrittenTransaction] = []
        self._out = out
        self._controls = controls

    @contextmanager
    def open(self, function: str, guide: str, *, acknowledgments: Iterable[Sequence[str]] = ()) -> Iterator[None]:
        """acknowledgments are TA1 segments, which stand before the group; without a function there is no group."""
        marks = self.envelope.delimiters
        notes = [marks.element.join(note) for note in acknowledgments]
        self.interchange = f"{self._controls.next(INTERCHANGE) % 1_000_000_000:09d}"
        self.group = str(self._controls.next(GROUP) % 1_000_000_000) if function else ""
        self._write([self._isa(), *notes, *([self._gs(function, guide)] if function else [])])
        yield
        if not self.transactions and not notes:
            raise Unwritable("There is nothing to write: an X12 file needs at least one transaction.")
        trailer = marks.element.join(("GE", str(len(self.transactions)), self.group))
        end = marks.element.join(("IEA", "1" if function else "0", self.interchange))
        self._write([*([trailer] if function else []), end])

    def _isa(self) -> str:
        envelope = self.envelope
        marks = envelope.delimiters
        charset = Charset(marks, extended=envelope.extended)
        sender = charset.identifier(envelope.sender_id, 15, "The sender id")
        receiver = charset.identifier(envelope.receiver_id, 15, "The receiver id")
        return marks.element.join((
            "ISA", "00", " " * 10, "00", " " * 10, envelope.sender_qualifier, sender.ljust(15),
            envelope.receiver_qualifier, receiver.ljust(15), f"{envelope.created:%y%m%d}", f"{envelope.created:%H%M}",
            marks.repetition or "^", "00501", self.interchange, "1" if envelope.acknowledgment else "0",
            envelope.usage, marks.component,
        ))  # fmt: skip

    def _gs(self, function: str, guide: str) -> str:
        envelope = self.envelope
        charset = Charset(envelope.delimiters, extended=envelope.extended)
        sender = charset.identifier(envelope.group_sender or envelope.sender_id, 15, "The group sender id")
        receiver = charset.identifier(envelope.group_receiver or envelope.receiver_id, 15, "The group receiver id")
        return envelope.delimiters.element.join((
            "GS", function, sender, receiver, f"{envelope.created:%Y%m%d}", f"{envelope.created:%H%M}",
            self.group, "X", guide,
        ))  # fmt: skip

    def control(self) -> str:
        return f"{self._controls.next(TRANSACTION) % 1_000_000_000:04d}"

    def add(self, written: WrittenTransaction, writer: SegmentWriter) -> None:
        """writer holds ST and what follows; SE is added here."""
        element = self.envelope.delimiters.element
        segments = writer.segments()
        trailer = element.join(("SE", str(len(segments) + 1), written.control))
        self._write([*segments, trailer])
        self.transactions.append(written)

    def file(self) -> WrittenFile:
        return WrittenFile(self.interchange, self.group, tuple(self.transactions))

    def _write(self, segments: list[str]) -> None:
        end = self.envelope.delimiters.segment + self.envelope.newline
        try:
            content = (end.join(segments) + end).encode("ascii")
        except UnicodeEncodeError as foreign:
            at = foreign.object.count(end, 0, foreign.start)
            name = segments[at].partition(self.envelope.delimiters.element)[0]
            text = f"{name} holds a letter that X12 does not have. Correct the data."
            raise Unwritable(text) from None
        self._out.write(content)


@lru_cache(maxsize=4096)
def day(value: date | None) -> str:
    return f"{value.year:04d}{value.month:02d}{value.day:02d}" if value else ""
