"""Reads and writes the sets whose records carry their bindings: everything but claims and remittances.

for transaction, record in read_records(stream, "276"):
    ...                                       # findings are in transaction.issues
write_records(out, "276", [record], envelope, controls)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO

from medguild.x12.bind.levels import check_levels
from medguild.x12.bind.read import read_loop
from medguild.x12.bind.sets import BOUND, BoundSet
from medguild.x12.bind.tree import Node, grow
from medguild.x12.bind.write import RecordWriter
from medguild.x12.check.walker import Walker
from medguild.x12.envelope import EnvelopeReader, TransactionSet
from medguild.x12.errors import Unwritable
from medguild.x12.guides.registry import function_of
from medguild.x12.read.elements import Context
from medguild.x12.write.output import (
    ControlNumbers,
    Envelope,
    InterchangeWriter,
    SegmentWriter,
    WrittenFile,
    WrittenTransaction,
)

PURPOSE = 2  # BHT02


@dataclass(slots=True)
class RecordTransaction:
    """One transaction as a record. claims and services count the loops that stand for them in this set."""

    record: Any
    claims: int
    services: int


def read_transaction(transaction: TransactionSet) -> RecordTransaction:
    """The whole set in memory. Findings go to `transaction.issues`. Raises KeyError for a set without bindings."""
    bound = BOUND[transaction.kind]
    delimiters = transaction.interchange.delimiters
    start = list(islice(transaction, 2))  # ST and BHT
    purpose = start[1][2] if len(start) > 1 and len(start[1]) > PURPOSE else ""
    walker = Walker(
        bound.guide_of(purpose), transaction.issues, delimiters.component, delimiters.repetition, alone=True
    )
    (root,) = grow(chain(start, transaction), walker)
    context = Context(transaction.issues, delimiters.component, guided=True, repetition=delimiters.repetition)
    check_levels(context.log, root)
    return RecordTransaction(
        read_loop(context, bound.record, root), _count(root, bound.claims), _count(root, bound.services)
    )


def _count(node: Node, loops: frozenset[str]) -> int:
    return (node.loop in loops) + sum(_count(child, loops) for child in node.children)


def read_records(stream: BinaryIO, *kinds: str) -> Iterator[tuple[TransactionSet, Any]]:
    """Transactions of these kinds one by one; others and refused versions are passed over. Raises Unreadable."""
    for transaction in EnvelopeReader(stream):
        if transaction.kind in kinds and transaction.supported:
            yield transaction, read_transaction(transaction).record


def write_records(
    out: BinaryIO, kind: str, records: Iterable[Any], envelope: Envelope, controls: ControlNumbers
) -> WrittenFile:
    """One interchange, one group, one ST per record. Raises Unwritable; the stream is then to be thrown away."""
    bound = BOUND[kind]
    writer = InterchangeWriter(out, envelope, controls)
    with writer.open(function_of(kind), bound.guide.code):
        for record in records:
            control = writer.control()
            segments = SegmentWriter(envelope)
            segments.put("ST", bound.set_id, control, bound.guide.code)
            _fill(segments, bound, record)
            writer.add(WrittenTransaction(control, "", ()), segments)
    return writer.file()


def _fill(segments: SegmentWriter, bound: BoundSet, record: Any) -> None:
    if not isinstance(record, bound.record):
        raise Unwritable(f"A {bound.guide.kind} is written from {bound.record.__name__}, not {type(record).__name__}.")
    RecordWriter(segments).loop(record)
