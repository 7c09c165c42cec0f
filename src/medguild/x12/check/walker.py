"""Follows the segments of a transaction through its guide and says what stands wrong, too often or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medguild.x12.check.elements import ElementCheck
from medguild.x12.check.external import CHECKS, ExternalCheck
from medguild.x12.errors import IssueLog
from medguild.x12.guides.model import Guide, LoopUse, Place
from medguild.x12.tokens import Segment


class _Frame:
    """An open loop: how often each child came, and the group that reading has reached."""

    __slots__ = ("choices", "counts", "group", "loop")

    def __init__(self, loop: LoopUse) -> None:
        self.loop = loop
        self.choices = loop.choices
        self.counts = [0] * len(loop.children)
        self.counts[0] = 1
        self.group = 0


class Walker:
    """One per transaction; `follow` passes the segments on unchanged.

    depth says how deep the loop lies that holds the segment just passed (0 is the transaction, -1: it has no place);
    opened is the name of the loop that this segment opened inside of it, or empty; late says that it stands too late
    there, while loops below may still be open.
    """

    def __init__(
        self, guide: Guide, log: IssueLog, component: str, repetition: str = "", *, alone: bool = False
    ) -> None:
        """alone: no typed reader stands behind, so unknown segments are reported here."""
        self.depth = 0
        self.opened = ""
        self.late = False
        self._alone = alone
        self._kind = guide.kind
        self._log = log
        self._component = component
        self._elements = ElementCheck(log, component, repetition)
        self._names = _names(guide.root)
        self._stack = [_Frame(guide.root)]
        self._external = ExternalCheck(log, guide.kind, component)
        self._position = 0

    def follow(self, segments: Iterable[Segment]) -> Iterator[Segment]:
        for segment in segments:
            self._position += 1
            self._step(segment)
            yield segment

    def _step(self, segment: Segment) -> None:
        name = segment[0]
        self.depth, self.opened, self.late = -1, "", False
        if name not in self._names:
            if self._alone:
                text = f"{name[:3]} is no segment of a {self._kind}. The file was damaged or mixed up."
                self._log.add("segment.unexpected", text, position=self._position, segment=name[:3])
            return
        if self._position == 1:
            root = self._stack[0].loop
            self._elements.check(segment, root.trigger, 1, "HEADER")
            return
        found = self._find(segment, name, ahead=True)
        if found is None:
            self._misplaced(segment, name)
            return
        self._enter(*found, segment)
        if name == "SE":
            self._close(0)

    def _find(self, segment: Segment, name: str, *, ahead: bool) -> tuple[int, Place] | None:
        """Innermost open loop that has a place for the segment, and that place."""
        stack = self._stack
        for depth in range(len(stack) - 1, -1, -1):
            frame = stack[depth]
            choice = frame.choices.get(name)
            if choice is None:
                continue
            code = segment[choice.index] if choice.index < len(segment) else ""
            if choice.component_index:
                code = code.split(self._component)[choice.component_index - 1]
            for place in choice.by_code.get(code, choice.otherwise):
                if (place.group >= frame.group) == ahead:
                    return depth, place
        return None

    def _enter(self, depth: int, place: Place, segment: Segment) -> None:
        stack = self._stack
        if len(stack) > depth + 1:
            self._close(depth + 1)
        frame = stack[depth]
        if place.group > frame.group:
            if frame.group <= frame.loop.needs_until:
                self._missing(frame, frame.group, place.group)
            frame.group = place.group
        count = frame.counts[place.at] = frame.counts[place.at] + 1
        if count == place.limit + 1:
            self._repeat(place, segment)
        self.depth = depth
        if place.loop is None:
            loop = frame.loop.name
            if loop == "ST":
                loop = "HEADER"
        else:
            stack.append(_Frame(place.loop))
            self.opened = loop = place.loop.name
        self._elements.check(segment, place.use, self._position, loop)
        if segment[0] in CHECKS:
            self._external.check(segment, self._position, loop)

    def _misplaced(self, segment: Segment, name: str) -> None:
        position = self._position
        label = name + (f"*{segment[1][:3]}" if len(segment) > 1 and name in ("NM1", "REF", "DTP", "AMT") else "")
        found = self._find(segment, name, ahead=False)
        if found is None:
            where = self._stack[-1].loop.name
            text = f"{label} is not used here (near loop {where})."
            self._log.add("segment.place", text, position=position, segment=name, loop=where)
            return
        depth, place = found
        frame = self._stack[depth]
        text = f"{label} stands too late; it belongs further up in loop {frame.loop.name}."
        self._log.add("segment.place", text, position=position, segment=name, loop=frame.loop.name)
        frame.counts[place.at] += 1
        self.depth, self.late = depth, True
        if place.loop:
            self._close(depth + 1)
            self._stack.append(_Frame(place.loop))
            self.opened = place.loop.name

    def _repeat(self, place: Place, segment: Segment) -> None:
        what = f"Loop {place.label}" if place.loop else place.label
        text = f"{what} may stand here only {place.limit} time{'s' if place.limit > 1 else ''}."
        loop = place.label if place.loop else self._stack[-1].loop.name
        rule = "loop.repeat" if place.loop else "segment.repeat"
        self._log.add(rule, text, position=self._position, segment=segment[0], loop=loop)

    def _missing(self, frame: _Frame, first: int, last: int) -> None:
        """Required children of the groups first to last - 1 that did not come."""
        for place in frame.loop.needed:
            if not frame.counts[place.at] and first <= place.group < last:
                what = f"Loop {place.label} ({place.use.label})" if place.loop else place.label
                text = f"{what} is required in loop {frame.loop.name} but missing before this segment."
                rule = "loop.missing" if place.loop else "segment.missing"
                loop = place.label if place.loop else frame.loop.name
                self._log.add(rule, text, position=self._position, segment=place.use.name, loop=loop)

    def _close(self, depth: int) -> None:
        """Leaves every loop from depth on."""
        while len(self._stack) > depth:
            frame = self._stack.pop()
            if frame.group <= frame.loop.needs_until:
                self._missing(frame, frame.group, len(frame.counts) + 1)


def _names(loop: LoopUse) -> frozenset[str]:
    names: set[str] = set()
    for child in loop.children:
        if isinstance(child, LoopUse):
            names |= _names(child)
        else:
            names.add(child.name)
    return frozenset(names)
