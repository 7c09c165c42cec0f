"""Where a finding on a whole claim belongs: the segment to correct or, when it is missing, the one that opens its loop.

Records do not keep the position of every segment, so this looks into the segments that a claim was read from. It is
asked only when there is something to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from medguild.x12.guides.model import LoopUse, SegmentUse
from medguild.x12.guides.tables import TABLES
from medguild.x12.tokens import Segment

Block = Sequence[Segment]
_ELEMENT = re.compile(r"([A-Z]+[0-9]??)(?:[0-9]{2}(?:-[0-9]+)?)?")
_LEVELS = {"A": "20", "B": "22", "C": "23"}  # loops 2000A and 2010A* hang under HL03 20, and so on


def segment_of(element: str) -> str:
    """NM109 -> NM1, SV101-7 -> SV1, CLM05 -> CLM, CR1 -> CR1. Raises ValueError for anything else."""
    found = _ELEMENT.fullmatch(element)
    if not found:
        raise ValueError(f"{element} is no element")
    return found[1]


@lru_cache(maxsize=8)
def _openers(kind: str) -> dict[str, SegmentUse]:
    found: dict[str, SegmentUse] = {}
    waiting = [TABLES[kind].root]
    while waiting:
        for child in waiting.pop().children:
            if isinstance(child, LoopUse):
                found.setdefault(child.name, child.trigger)
                waiting.append(child)
    return found


@dataclass(frozen=True, slots=True)
class Claimed:
    """The segments of one claim from CLM on, and of the levels above it: HL03 -> position of HL and its segments."""

    kind: str
    start: int
    block: Block
    levels: Mapping[str, tuple[int, Block]] = field(default_factory=dict)

    def find(self, loop: str, segment: str, qualifier: str = "", *, line: int = 0, payer: int = 0) -> int:
        """Position of the segment. line is the position of its LX, payer counts the loops 2320 from 0."""
        if loop[:3] in ("200", "201"):
            start, block = self.levels.get(_LEVELS.get(loop[4:5], ""), (self.start, self.block))
            return start + self._within(block, 0, len(block), loop, segment, qualifier)
        begin, end = self._part(loop, line, payer)
        return self.start + self._within(self.block, begin, end, loop, segment, qualifier)

    def _part(self, loop: str, line: int, payer: int) -> tuple[int, int]:
        block = self.block
        if line and line >= self.start:
            begin = line - self.start
            return begin, _next(block, begin + 1, ("LX",))
        first_line = _next(block, 1, ("LX",))
        begin = _next(block, 1, ("SBR", "LX"))
        if loop[:3] not in ("232", "233") or begin == first_line:
            return 0, begin
        for _ in range(payer):
            begin = _next(block, begin + 1, ("SBR", "LX"))
        return begin, _next(block, begin + 1, ("SBR", "LX"))

    def _within(self, block: Block, begin: int, end: int, loop: str, segment: str, qualifier: str) -> int:
        """Index of the segment, of its loop's first one, or begin."""
        opener = _openers(self.kind).get(loop)
        if opener:
            begin, end = _opened(block, begin, end, opener)
        for at in range(begin, end):
            if block[at][0] == segment and (not qualifier or block[at][1:2] == [qualifier]):
                return at
        return begin


def _next(block: Block, begin: int, names: tuple[str, ...]) -> int:
    return next((at for at in range(begin, len(block)) if block[at][0] in names), len(block))


def _opened(block: Block, begin: int, end: int, opener: SegmentUse) -> tuple[int, int]:
    """From the segment that opens the loop to the next one of its name; nothing when it is not there."""
    for at in range(begin, end):
        if block[at][0] == opener.name and (not opener.qualifiers or "".join(block[at][1:2]) in opener.qualifiers):
            if at == begin:
                return begin, end
            return at, min(end, _next(block, at + 1, (opener.name,)))
    return begin, end if block[begin : begin + 1] and block[begin][0] == opener.name else begin
