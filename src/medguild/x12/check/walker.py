"""Follows the segments of a transaction through its guide and says what stands wrong, too often or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medguild.x12.check.elements import ElementCheck
from medguild.x12.check.external import ExternalCheck
from medguild.x12.errors import IssueLog
from medguild.x12.guides.model import Guide, LoopUse, SegmentUse
from medguild.x12.tokens import Segment


class _Frame:
    """An open loop: how often each child came, and the group that reading has reached."""

    __slots__ = ("counts", "group", "loop")

    def __init__(self, loop: LoopUse) -> None:
        self.loop = loop
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
        depth, at = found
        self._enter(depth, at, segment)
        if name == "SE":
            self._close(0)

    def _find(self, segment: Segment, name: str, *, ahead: bool) -> tuple[int, int] | None:
        """Innermost open loop that has a place for the segment, and the child's index."""
        stack = self._stack
        for depth in range(len(stack) - 1, -1, -1):
            frame = stack[depth]
            places = frame.loop.by_name.get(name)
            if not places:
                continue
            children = frame.loop.children
            for at in places:
                child = children[at]
                if at and (child.group >= frame.group) == ahead and self._matches(segment, child):
                    return depth, at
        return None

    def _matches(self, segment: Segment, child: LoopUse | SegmentUse) -> bool:
        use = child if isinstance(child, SegmentUse) else child.trigger
        if not use.qualifiers:
            return True
        text = segment[use.index] if use.index < len(segment) else ""
        if use.component_index:
            text = text.split(self._component)[use.component_index - 1]
        return text in use.qualifiers

    def _enter(self, depth: int, at: int, segment: Segment) -> None:
        self._close(depth + 1)
        frame = self._stack[depth]
        child = frame.loop.children[at]
        if child.group > frame.group:
            self._missing(frame, frame.group, child.group)
            frame.group = child.group
        frame.counts[at] += 1
        if frame.counts[at] == child.limit + 1:
            self._repeat(child, segment)
        if isinstance(child, LoopUse):
            self._stack.append(_Frame(child))
            use, loop = child.trigger, child.name
            self.opened = loop
        else:
            use, loop = child, frame.loop.name
        self.depth = depth
        self._check(segment, use, loop)

    def _check(self, segment: Segment, use: SegmentUse, loop: str) -> None:
        position = self._position
        if loop == "ST":
            loop = "HEADER"
        self._elements.check(segment, use, position, loop)
        self._external.check(segment, position, loop)

    def _misplaced(self, segment: Segment, name: str) -> None:
        position = self._position
        label = name + (f"*{segment[1][:3]}" if len(segment) > 1 and name in ("NM1", "REF", "DTP", "AMT") else "")
        found = self._find(segment, name, ahead=False)
        if found is None:
            where = self._stack[-1].loop.name
            text = f"{label} is not used here (near loop {where})."
            self._log.add("segment.place", text, position=position, segment=name, loop=where)
            return
        depth, at = found
        frame = self._stack[depth]
        child = frame.loop.children[at]
        text = f"{label} stands too late; it belongs further up in loop {frame.loop.name}."
        self._log.add("segment.place", text, position=position, segment=name, loop=frame.loop.name)
        frame.counts[at] += 1
        self.depth, self.late = depth, True
        if isinstance(child, LoopUse):
            self._close(depth + 1)
            self._stack.append(_Frame(child))
            self.opened = child.name

    def _repeat(self, child: LoopUse | SegmentUse, segment: Segment) -> None:
        is_loop = isinstance(child, LoopUse)
        what = f"Loop {child.label}" if is_loop else child.label
        text = f"{what} may stand here only {child.limit} time{'s' if child.limit > 1 else ''}."
        loop = child.label if is_loop else self._stack[-1].loop.name
        rule = "loop.repeat" if is_loop else "segment.repeat"
        self._log.add(rule, text, position=self._position, segment=segment[0], loop=loop)

    def _missing(self, frame: _Frame, first: int, last: int) -> None:
        """Required children of the groups first to last - 1 that did not come."""
        for at in frame.loop.required_places:
            child = frame.loop.children[at]
            if not frame.counts[at] and first <= child.group < last:
                is_loop = isinstance(child, LoopUse)
                name = child.trigger.name if isinstance(child, LoopUse) else child.name
                what = f"Loop {child.label} ({child.trigger.label})" if isinstance(child, LoopUse) else child.label
                text = f"{what} is required in loop {frame.loop.name} but missing before this segment."
                rule = "loop.missing" if is_loop else "segment.missing"
                loop = child.label if is_loop else frame.loop.name
                self._log.add(rule, text, position=self._position, segment=name, loop=loop)

    def _close(self, depth: int) -> None:
        """Leaves every loop from depth on."""
        while len(self._stack) > depth:
            frame = self._stack.pop()
            self._missing(frame, frame.group, len(frame.counts) + 1)


def _names(loop: LoopUse) -> frozenset[str]:
    names: set[str] = set()
    for child in loop.children:
        if isinstance(child, LoopUse):
            names |= _names(child)
        else:
            names.add(child.name)
    return frozenset(names)
