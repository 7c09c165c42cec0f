"""From the tree of a transaction to its records, as their bindings say."""

from __future__ import annotations

from typing import Any

from medguild.x12.bind.fields import ElementBinding, Kind, LoopBinding, SegmentBinding, bindings
from medguild.x12.bind.tree import Node, Placed
from medguild.x12.read.elements import (
    PAD,
    Context,
    read_address,
    read_amount,
    read_contact,
    read_dtp,
    read_party,
    read_quantity,
    read_reference,
)
from medguild.x12.records.common import Address, Amount, Contact, Dated, Party, Quantity, Reference
from medguild.x12.tokens import Segment

SHARED = {Party: "NM1", Reference: "REF", Contact: "PER", Dated: "DTP", Amount: "AMT", Quantity: "QTY", Address: "N3"}
STRUCTURE = frozenset(("ST", "SE", "HL", "LS", "LE"))  # written anew from the records, so not kept in them


def segment_name(record: type) -> str:
    return SHARED.get(record) or str(record.SEGMENT)  # type: ignore[attr-defined]


def read_loop(context: Context, record: type, node: Node) -> Any:
    """The record of a loop and all below it. What no field takes goes to the log, so nothing is lost in silence."""
    waiting = [placed for placed in node.segments if placed[1][0] not in STRUCTURE]
    children = list(node.children)
    values: dict[str, Any] = {}
    for name, binding in bindings(record):
        if isinstance(binding, SegmentBinding):
            values[name] = _segments(context, binding, waiting, node.loop)
        elif isinstance(binding, LoopBinding):
            values[name] = _loops(context, binding, children)
    for position, segment in waiting:
        text = f"{segment[0]} has no place here; it was skipped."
        context.lost("segment.place", segment, position, node.loop, text)
    return record(**values)


def _loops(context: Context, binding: LoopBinding, children: list[Node]) -> Any:
    wanted = binding.record.LOOP  # type: ignore[attr-defined]
    found = [node for node in children if node.loop in wanted]
    for node in found:
        children.remove(node)
    records = tuple(read_loop(context, binding.record, node) for node in found)
    return records if binding.many else (records[0] if records else None)


def _segments(context: Context, binding: SegmentBinding, waiting: list[Placed], loop: str) -> Any:
    if binding.record is Address:
        return _address(waiting)
    name = segment_name(binding.record)
    taken = []
    for placed in waiting:
        segment = placed[1]
        if segment[0] == name and (not binding.only or (segment + PAD)[1] in binding.only):
            taken.append(placed)
            if not binding.many:
                break
    for placed in taken:
        waiting.remove(placed)
    records = tuple(read_segment(context, binding.record, placed, loop) for placed in taken)
    return records if binding.many else (records[0] if records else None)


def _address(waiting: list[Placed]) -> Address | None:
    """N3 and N4 belong together, though either may be missing."""
    lines = next((p for p in waiting if p[1][0] == "N3"), None)
    place = next((p for p in waiting if p[1][0] == "N4"), None)
    for found in (lines, place):
        if found:
            waiting.remove(found)
    if lines is None and place is None:
        return None
    return read_address(lines[1] if lines else [], place[1] if place else [])


def read_segment(context: Context, record: type, placed: Placed, loop: str) -> Any:
    position, segment = placed
    if record is Party:
        return read_party(segment)
    if record is Reference:
        return read_reference(context, segment)
    if record is Contact:
        return read_contact(segment)
    if record is Dated:
        return read_dtp(context, segment, position, loop)
    if record is Amount:
        return read_amount(context, segment, position, loop)
    if record is Quantity:
        return read_quantity(context, segment, position, loop)
    return record(**{name: _element(context, binding, segment, position, loop) for name, binding in bindings(record)})


def _element(context: Context, binding: ElementBinding, segment: Segment, position: int, loop: str) -> Any:
    index, kind = binding.index, binding.kind
    text = segment[index] if index < len(segment) else ""
    if kind is Kind.CENTS:
        return context.cents(segment, index, position, loop) if text else None
    if kind is Kind.NUMBER:
        return context.quantity(segment, index, position, loop)
    if kind is Kind.DAY:
        return context.day(segment, index, position, loop)
    if kind is Kind.REPEATS:
        return tuple(text.split(context.repetition) if context.repetition else [text]) if text else ()
    if kind is Kind.COMPOSITE:
        return _composite(context, binding, text, position, loop)
    if kind is Kind.RUN:
        parts = segment[index : binding.last + 1]
        return tuple(_composite(context, binding, part, position, loop) for part in parts if part)
    return text


def _composite(context: Context, binding: ElementBinding, text: str, position: int, loop: str) -> Any:
    """Components are numbered from 1, as elements are."""
    if not text or binding.record is None:
        return None
    parts = ["", *text.split(context.component)]
    return binding.record(
        **{name: _element(context, inner, parts, position, loop) for name, inner in bindings(binding.record)}
    )
