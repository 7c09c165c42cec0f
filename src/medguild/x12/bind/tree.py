"""A transaction as a tree of loops, built while the guide is followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medguild.x12.check.walker import Walker
from medguild.x12.tokens import Segment

Placed = tuple[int, Segment]  # position in the transaction, segment


class Node:
    """An open or finished loop. position is that of the segment that opened it; told is a mark for who explains it."""

    __slots__ = ("children", "loop", "parent", "segments", "told")

    def __init__(self, loop: str, parent: Node | None, opener: Placed) -> None:
        self.loop = loop
        self.parent = parent
        self.segments: list[Placed] = [opener]
        self.children: list[Node] = []
        self.told = False

    @property
    def position(self) -> int:
        return self.segments[0][0]


def grow(segments: Iterable[Segment], walker: Walker, units: frozenset[str] = frozenset()) -> Iterator[Node]:
    """Yields each finished loop named in `units`, taken off its parent, and at the end the root (loop ``ST``).

    Segments that the guide has no place for are left out; the walker has reported them.
    """
    stack: list[Node] = []
    position = 0
    for segment in walker.follow(segments):
        position += 1
        if not stack:
            stack.append(Node("ST", None, (position, segment)))
            continue
        if walker.depth < 0:
            continue
        if walker.late and not walker.opened:
            stack[walker.depth].segments.append((position, segment))
            continue
        while len(stack) > walker.depth + 1:
            yield from _finish(stack.pop(), units)
        if walker.opened:
            stack.append(Node(walker.opened, stack[-1], (position, segment)))
        else:
            stack[-1].segments.append((position, segment))
    while len(stack) > 1:
        yield from _finish(stack.pop(), units)
    yield from stack


def _finish(node: Node, units: frozenset[str]) -> Iterator[Node]:
    if node.loop in units:
        yield node
    elif node.parent is not None:
        node.parent.children.append(node)
