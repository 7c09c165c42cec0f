"""Sets whose records carry their bindings: nothing of a guide is forgotten, and what is written reads back the same."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from medguild.x12.bind.fields import ElementBinding, LoopBinding, SegmentBinding, bindings
from medguild.x12.bind.read import SHARED, segment_name
from medguild.x12.bind.sets import BOUND
from medguild.x12.bind.transactions import read_records, write_records
from medguild.x12.errors import Unwritable
from medguild.x12.guides.model import LoopUse, SegmentUse
from medguild.x12.inspect import inspect_stream
from medguild.x12.records.common import Address
from medguild.x12.write.output import CountingNumbers, Envelope
from tests.support import shared_data

STRUCTURE = {"ST", "SE", "HL", "LS", "LE"}
ENVELOPE = Envelope("SENDER", "RECEIVER", datetime(2026, 3, 1, 9, 30), extended=True)


def samples() -> list[Path]:
    folder = shared_data() / "x12"
    return sorted(p for p in folder.iterdir() if p.suffix.strip(".").upper() in {k.upper() for k in BOUND})


def record_classes(record: type) -> Iterator[type]:
    yield record
    for _, binding in bindings(record):
        if isinstance(binding, LoopBinding):
            yield from record_classes(binding.record)


def loops_of(guide: LoopUse) -> Iterator[LoopUse]:
    yield guide
    for child in guide.children:
        if isinstance(child, LoopUse):
            yield from loops_of(child)


def segment_records(record: type, use: SegmentUse) -> list[type]:
    """The segment records of a loop record that may take this segment of the guide."""
    found = []
    for _, binding in bindings(record):
        if not isinstance(binding, SegmentBinding):
            continue
        names = ("N3", "N4") if binding.record is Address else (segment_name(binding.record),)
        if use.name in names and (not binding.only or binding.only & use.qualifiers):
            found.append(binding.record)
    return found


@pytest.mark.parametrize("kind", sorted(BOUND))
def test_every_loop_segment_and_element_of_the_guide_has_a_field(kind: str) -> None:
    bound = BOUND[kind]
    guides = (bound.guide, *bound.by_purpose.values())
    homes: dict[str, list[type]] = {}
    for record in record_classes(bound.record):
        for name in record.LOOP:  # type: ignore[attr-defined]
            homes.setdefault(name, []).append(record)
    forgotten = []
    for loop in (found for guide in guides for found in loops_of(guide.root)):
        if loop.name not in homes:
            forgotten.append(loop.name)
            continue
        for child in loop.children:
            if isinstance(child, LoopUse) or child.name in STRUCTURE:
                continue
            takers = [taker for home in homes[loop.name] for taker in segment_records(home, child)]
            if not takers:
                forgotten.append(f"{loop.name} {child.label}")
            for taker in takers[:1]:
                forgotten += [f"{loop.name} {child.label} {n}" for n in unbound_elements(taker, child)]
    assert not forgotten


def unbound_elements(record: type, use: SegmentUse) -> list[int]:
    if record in SHARED:
        return []
    taken: set[int] = set()
    for _, binding in bindings(record):
        if isinstance(binding, ElementBinding):
            taken.update(range(binding.index, (binding.last or binding.index) + 1))
    return [element.number for element in use.elements or () if element.number not in taken]


@pytest.mark.parametrize("path", samples(), ids=lambda p: p.name)
def test_a_real_file_reads_writes_and_reads_the_same(path: Path) -> None:
    kind = next(k for k in BOUND if k.upper() == path.suffix.strip(".").upper())
    with path.open("rb") as stream:
        records = [record for _, record in read_records(stream, kind)]
    if not records:
        pytest.skip("no transaction of a supported version")
    first, second = io.BytesIO(), io.BytesIO()
    try:
        write_records(first, kind, records, ENVELOPE, CountingNumbers())
    except Unwritable as refused:
        pytest.skip(f"what came in may not be sent on: {refused}")
    again = [record for _, record in read_records(io.BytesIO(first.getvalue()), kind)]
    write_records(second, kind, again, ENVELOPE, CountingNumbers())
    assert second.getvalue() == first.getvalue()
    if not has_guide_errors(path.read_bytes()):
        assert again == records
        assert not has_guide_errors(first.getvalue())


def has_guide_errors(data: bytes) -> bool:
    report = inspect_stream(io.BytesIO(data), "")
    return any(issue.level <= 2 and issue.is_error for t in report.transactions for issue in t.issues)
